"""Compute targets and workspaces."""

from collections.abc import Iterator, Mapping
from typing import Any

from portline.client.answers import Answer
from portline.client.assets import Overrides, Told, described
from portline.client.errors import PortlineError
from portline.client.http import Http, segment
from portline.client.uploads import Source

FIELDS = ("description", "labels", "cpu", "memory", "gpus", "max_steps")
# What a cluster of Azure ML is and a queue is not; `name` and `type` go without saying.
ELSEWHERE = frozenset({"size", "min_instances", "idle_time_before_scale_down", "tier", "location", "ssh_settings"})


class Compute:
    """Named queues that workers serve."""

    def __init__(self, http: Http, told: Told) -> None:
        self._http = http
        self._told = told

    def create_or_update(self, compute: Source, *, overrides: Overrides | None = None) -> Answer:
        """Make a target or change the one of that name. `max_instances` of a cluster is how many steps run at once."""
        _, content = described(compute, overrides)
        name = content.get("name")
        if not name:
            raise PortlineError("A compute target needs a `name`.", code="usage")
        fields = {key: content[key] for key in FIELDS if key in content}
        if content.get("max_instances") and "max_steps" not in fields:
            fields["max_steps"] = content["max_instances"]
        unused = sorted(key for key in content if key in ELSEWHERE)
        if unused:
            self._told(f"Not used here: {', '.join(unused)}. A worker brings its own machine.")
        try:
            self._http.get(f"compute/{segment(name)}/")
        except PortlineError as error:
            if error.status != 404:
                raise
            return Answer(self._http.post("compute/", {"name": name, **fields}))
        return Answer(self._http.patch(f"compute/{segment(name)}/", fields))

    def get(self, name: str) -> Answer:
        return Answer(self._http.get(f"compute/{segment(name)}/"))

    def list(self, *, max_results: int | None = None, archived: bool = False) -> Iterator[Answer]:
        return map(Answer, self._http.pages("compute/", {"archived": archived}, max_results))

    def update(self, name: str, **changes: Any) -> Answer:
        return Answer(self._http.patch(f"compute/{segment(name)}/", changes))

    def archive(self, name: str) -> None:
        """New jobs cannot choose it; what is queued for it still runs."""
        self._http.delete(f"compute/{segment(name)}/")

    # Azure deletes a cluster; here jobs that ran on it go on naming it.
    begin_delete = archive

    def restore(self, name: str) -> Answer:
        return Answer(self._http.post(f"compute/{segment(name)}/restore/"))


class Workspaces:
    """What a team shares; those that you are a member of."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def list(self) -> Iterator[Answer]:
        return (_named(row) for row in self._http.get("workspaces/", site=True))

    def get(self, name: str | None = None) -> Answer:
        """By its short name; the client's own without one. Raises PortlineError."""
        wanted = name or self._http.config.workspace
        for workspace in self.list():
            if workspace["name"] == wanted:
                return workspace
        raise PortlineError(f"You are a member of no workspace `{wanted}`.", status=404, code="not_found")

    def create(self, name: str, display_name: str = "") -> Answer:
        """`name` is the short one that addresses have."""
        return _named(self._http.post("workspaces/", {"name": display_name or name, "slug": name}, site=True))


def _named(row: Mapping[str, Any]) -> Answer:
    """The server calls the short name a slug; Azure's scripts ask for `name`."""
    rest = {key: value for key, value in row.items() if key not in ("slug", "name")}
    return Answer({"name": row["slug"], "display_name": row["name"], **rest})
