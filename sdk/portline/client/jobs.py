"""Jobs: pipelines that are submitted, looked at, followed, fetched."""

import json
import sys
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from portline.client import uploads
from portline.client.answers import Answer
from portline.client.assets import Overrides, Told, tell_of_upload
from portline.client.downloads import download
from portline.client.errors import Fault, PortlineError
from portline.client.following import ENDED, Update, follow, lines
from portline.client.http import Http, segment
from portline.client.uploads import Source

WEB = "Web View"


class Jobs:
    """The jobs of a workspace, each known by its name."""

    def __init__(self, http: Http, told: Told) -> None:
        self._http = http
        self._told = told

    def create_or_update(
        self,
        job: Source,
        *,
        name: str | None = None,
        display_name: str | None = None,
        experiment_name: str | None = None,
        compute: str | None = None,
        tags: Mapping[str, str] | None = None,
        inputs: Mapping[str, Any] | None = None,
        force_rerun: bool = False,
        overrides: Overrides | None = None,
    ) -> Answer:
        """Submit the job of a YAML file, with all that it names beside it; answers the job while it is queued.

        `overrides` is {place in the YAML: value}, as `--set` gives it; `inputs` are values of the pipeline's inputs.
        Raises PortlineError with every fault of all files.
        """
        changes = dict(overrides or {})
        if compute is not None:
            changes["settings.default_compute"] = compute
        for key, value in (tags or {}).items():
            changes[f"tags.{key}"] = value
        fields: dict[str, Any] = {
            "request_id": str(uuid.uuid4()),
            "name": name,
            "display_name": display_name,
            "experiment_name": experiment_name,
            "inputs": json.dumps(dict(inputs)) if inputs else None,
            "force_rerun": "true" if force_rerun else None,
        }
        return self._shown(self._upload("jobs/", job, changes, fields))

    def validate(self, job: Source, *, overrides: Overrides | None = None) -> Answer:
        """What is wrong with a job's files: {result, errors, warnings}, each error with its place. Nothing is run."""
        try:
            report = self._upload("pipelines/import/", job, dict(overrides or {}), {"dry_run": "true"})
        except PortlineError as error:
            if error.status != 422:
                raise
            found = error.faults or [Fault(error.sentence)]
            return Answer(result="Failed", errors=[_fault(fault) for fault in found], warnings=[])
        return Answer(result="Succeeded", errors=[], warnings=report.get("warnings") or [])

    def get(self, name: str) -> Answer:
        """A job, or with `job/node` one of its steps. Raises PortlineError."""
        job, slash, node = name.partition("/")
        if not slash:
            return self._shown(self._http.get(f"jobs/{segment(name)}/"))
        for step in self.steps(job):
            if step["name"] in (name, node):
                return step
        raise PortlineError(f"The job {job} has no step `{node}`.", status=404, code="not_found")

    def list(
        self,
        *,
        parent_job_name: str | None = None,
        max_results: int | None = None,
        tag: str | None = None,
        status: str | None = None,
        experiment_name: str | None = None,
        search: str | None = None,
        archived: bool | None = False,
    ) -> Iterator[Answer]:
        """Jobs, the newest first; of a parent its steps. `archived`: True for those alone, None for all."""
        if parent_job_name:
            return self.steps(parent_job_name, max_results)
        filters = {"tag": tag, "status": status, "experiment_name": experiment_name, "q": search}
        filters["archived"] = "all" if archived is None else "only" if archived else None
        return map(self._shown, self._http.pages("jobs/", filters, max_results))

    def steps(self, name: str, max_results: int | None = None) -> Iterator[Answer]:
        """The steps of a job; the name of each is `job/node`."""
        yield from map(Answer, self._http.pages(f"jobs/{segment(name)}/steps/", limit=max_results))

    def follow(self, name: str) -> Iterator[Update]:
        """What happens in a job as it happens: states of it and its steps, and what steps print; ends when it does."""
        return follow(self._http, name)

    def stream(self, name: str, out: TextIO | None = None) -> Answer:
        """Write steps and logs line by line until the job ends; answers it then. Raises PortlineError if it failed."""
        out = out or sys.stdout
        job = self.get(name)
        print(f"Job: {job['name']}\n{WEB}: {self.web_url(job)}\n", file=out, flush=True)
        for update in self.follow(job["name"]):
            for line in lines(update):
                print(line, file=out, flush=True)
        ended = self.get(name)
        if ended["status"] != "Completed":
            raise failure(ended)
        return ended

    def wait(self, name: str, interval: float = 1.0) -> Answer:
        """The job when it has ended, however it did."""
        while (job := self.get(name))["status"] not in ENDED:
            time.sleep(interval)
        return job

    def download(
        self,
        name: str,
        *,
        download_path: str | Path = ".",
        output_name: str | None = None,
        all: bool = False,
    ) -> Sequence[Path]:
        """Its logs and outputs below a folder; of `job/node` those of that step. Answers the files."""
        job, _, node = name.partition("/")
        params = {"output_name": output_name, "all": True if all else None, "step": node or None}
        return download(self._http, f"jobs/{segment(job)}/download/", Path(download_path), params)

    def cancel(self, name: str) -> Answer:
        """Ask for its end; steps that run are stopped."""
        return self._shown(self._http.post(f"jobs/{segment(name)}/cancel/"))

    begin_cancel = cancel

    def archive(self, name: str) -> Answer:
        """Lists leave it out from now on."""
        return self._shown(self._http.post(f"jobs/{segment(name)}/archive/"))

    def restore(self, name: str) -> Answer:
        return self._shown(self._http.post(f"jobs/{segment(name)}/restore/"))

    def update(self, name: str, **changes: Any) -> Answer:
        """Change `display_name`, `experiment_name`, `description` or `tags`."""
        return self._shown(self._http.patch(f"jobs/{segment(name)}/", changes))

    def yaml(self, name: str) -> str:
        """The job as YAML that Azure ML reads."""
        return str(self._http.get(f"jobs/{segment(name)}/yaml/")["text"])

    def web_url(self, job: Mapping[str, Any]) -> str:
        """The page that shows it."""
        config = self._http.config
        return f"{config.url}/w/{config.workspace}/runs/{job['id']}/"

    def _shown(self, job: Mapping[str, Any]) -> Answer:
        """With what scripts for Azure ML look for."""
        studio = {"type": "Studio", "endpoint": self.web_url(job)}
        by = job.get("submitted_by") or {}
        made = {"created_at": job["created_at"], "created_by": by.get("name")}
        return Answer({**job, "creation_context": made, "services": {"Studio": studio}})

    def _upload(self, path: str, job: Source, changes: dict[str, Any], fields: dict[str, Any]) -> Any:
        tree = uploads.tree_of(job)
        tell_of_upload(self._told, len(tree.files | set(tree.texts)), tree.size)
        given = {key: value for key, value in fields.items() if value is not None}
        if changes:
            given["set"] = json.dumps(changes)
        with tree.packed() as file:
            return self._http.post(path, data={"path": tree.path, **given}, files={"file": ("job.zip", file)})


def failure(job: Mapping[str, Any]) -> PortlineError:
    """A job that ended otherwise than it should."""
    why = f": {job['message']}" if job.get("message") else "."
    return PortlineError(f"The job {job['name']} ended as {job['status']}{why}", code="job_failed")


def _fault(fault: Fault) -> dict[str, Any]:
    place = ":".join(str(part) for part in (fault.file, fault.line, fault.column) if part)
    return {"message": fault.message, "location": place}
