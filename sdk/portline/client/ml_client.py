"""`MLClient`: a Portline server, as azure.ai.ml's client of that name shows a workspace."""

from collections.abc import Callable
from types import TracebackType
from typing import Any

from portline.client.answers import Answer
from portline.client.assets import Components, Data, Environments, Models
from portline.client.compute import Compute, Workspaces
from portline.client.config import Config, load
from portline.client.http import Http
from portline.client.jobs import Jobs
from portline.client.schedules import Schedules


class MLClient:
    """The workspace of a server: `jobs`, `components`, `data`, `environments`, `models`, `schedules`, `compute`.

    `credential` is an API token. Without it, and without `url` and `workspace_name`, they are those of the environment
    (PORTLINE_URL, PORTLINE_TOKEN, PORTLINE_WORKSPACE) or of `portline login`. `subscription_id` and
    `resource_group_name` are taken so that a program written for Azure need not be changed; nothing here has them.
    `told` gets a sentence about each upload; `timeout` is in seconds, and `tries` how often a request is sent at most
    while the server cannot be reached or is busy. Raises PortlineError, as everything below does.
    """

    def __init__(
        self,
        credential: str | None = None,
        subscription_id: str | None = None,
        resource_group_name: str | None = None,
        workspace_name: str | None = None,
        *,
        url: str | None = None,
        told: Callable[[str], None] = lambda sentence: None,
        timeout: float = 60,
        tries: int = 4,
    ) -> None:
        self.config: Config = load(url, credential, workspace_name)
        self.http = http = Http(self.config, timeout=timeout, tries=tries)
        self.jobs = Jobs(http, told)
        self.components = Components(http, told)
        self.data = Data(http, told)
        self.environments = Environments(http, told)
        self.models = Models(http, told)
        self.schedules = Schedules(http, told)
        self.compute = Compute(http, told)
        self.workspaces = Workspaces(http)

    @property
    def workspace_name(self) -> str:
        return self.config.workspace

    def me(self) -> Answer:
        """The account that the token acts for."""
        return Answer(self.http.get("me/", site=True))

    def close(self) -> None:
        """Give up the connections to the server."""
        self.http.close()

    def __enter__(self) -> "MLClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self.close()
