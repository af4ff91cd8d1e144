"""Schedules: jobs that are submitted at times."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from portline.client import uploads
from portline.client.answers import Answer
from portline.client.assets import Overrides, Told, tell_of_upload
from portline.client.http import Http, segment
from portline.client.uploads import Source


class Schedules:
    """The schedules of a workspace."""

    def __init__(self, http: Http, told: Told) -> None:
        self._http = http
        self._told = told

    def create_or_update(self, schedule: Source, *, overrides: Overrides | None = None) -> Answer:
        """Make the schedule of a YAML file, or change the one of its name, with the job that it names beside it."""
        tree = uploads.tree_of(schedule, "schedule.yml")
        tell_of_upload(self._told, len(tree.files | set(tree.texts)), tree.size)
        fields = {"path": tree.path} | ({"set": json.dumps(dict(overrides))} if overrides else {})
        with tree.packed() as file:
            return _shown(self._http.post("schedules/", data=fields, files={"file": ("schedule.zip", file)}))

    begin_create_or_update = create_or_update

    def get(self, name: str) -> Answer:
        return _shown(self._http.get(self._place(name)))

    def list(self, *, max_results: int | None = None, enabled: bool | None = None) -> Iterator[Answer]:
        """By name; `enabled` True or False for those alone."""
        return map(_shown, self._http.pages("schedules/", {"enabled": enabled}, max_results))

    def update(self, name: str, **changes: Any) -> Answer:
        return _shown(self._http.patch(self._place(name), changes))

    def enable(self, name: str) -> Answer:
        """Let it submit jobs again."""
        return _shown(self._http.post(f"{self._place(name)}enable/"))

    def disable(self, name: str) -> Answer:
        """It submits no jobs until it is enabled."""
        return _shown(self._http.post(f"{self._place(name)}disable/"))

    def trigger(self, name: str) -> Answer:
        """Submit its job now; answers the job."""
        return Answer(self._http.post(f"{self._place(name)}trigger/", once=True))

    def delete(self, name: str) -> None:
        """The jobs that it submitted stay."""
        self._http.delete(self._place(name))

    begin_enable, begin_disable, begin_delete = enable, disable, delete

    def _place(self, name: str) -> str:
        return f"schedules/{segment(name)}/"


def _shown(schedule: Mapping[str, Any]) -> Answer:
    """With what scripts for Azure ML look for."""
    return Answer({**schedule, "is_enabled": schedule["enabled"]})
