"""A schedule from Azure ML's YAML: made, or changed where its name is there already."""

from typing import Any

from registry.models import User, Workspace
from registry.spec.schedule import ScheduleSpec
from runner.models import Run, Schedule
from runner.services.scheduling import BadSchedule, schedule_create, schedule_update

OUR_KEY = "portline"
"""Below `properties`, where Azure ML keeps what it does not know: our own words for a schedule."""


def schedule_from_spec(*, workspace: Workspace, user: User | None, spec: ScheduleSpec) -> tuple[Schedule, bool]:
    """The schedule that a file describes; True where it is new. Raises BadSchedule."""
    asked = spec.create_job
    job = _job(workspace, asked.job)
    own = spec.properties.get(OUR_KEY)
    fields: dict[str, Any] = {
        "display_name": spec.display_name,
        "description": spec.description,
        "tags": spec.tags,
        "inputs": {name: _value(value) for name, value in asked.inputs.items()},
        "settings": _settings(asked.settings, asked.compute),
        "experiment_name": asked.experiment_name or job.experiment_name,
        "run_tags": {**job.tags, **asked.tags},
        **{name: own[name] for name in ("catch_up", "overlap") if isinstance(own, dict) and name in own},
    }
    trigger = spec.trigger.model_dump(exclude_none=True)
    there = Schedule.objects.filter(workspace=workspace, name=spec.name).first()
    if there is not None:
        return schedule_update(schedule=there, trigger=trigger, job=job, **fields), False
    made = schedule_create(workspace=workspace, user=user, name=spec.name, trigger=trigger, job=job, **fields)
    return made, True


def _job(workspace: Workspace, named: str) -> Run:
    if not named.startswith("azureml:"):
        raise BadSchedule(
            f"`create_job` names the file `{named}`, which did not come along. Create that job first "
            "(`portline job create -f`), and name it here as `azureml:NAME`.",
            "create_job",
        )
    name = named.removeprefix("azureml:")
    found = Run.objects.filter(workspace=workspace, name=name).select_related("pipeline").first()
    if found is None:
        raise BadSchedule(f"There is no job `{name}` in this workspace.", "create_job")
    return found


def _value(given: Any) -> Any:
    """An input's value: itself, or of a mapping such as `{type, path}` its path or value."""
    if isinstance(given, dict):
        return given.get("value", given.get("path"))
    return given


def _settings(settings: dict[str, Any], compute: str | None) -> dict[str, Any]:
    known = {name: settings[name] for name in ("continue_on_step_failure", "force_rerun") if name in settings}
    named = compute or settings.get("default_compute")
    return known | ({"compute": named.removeprefix("azureml:")} if isinstance(named, str) else {})
