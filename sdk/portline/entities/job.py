"""A pipeline job: a pipeline with values for its inputs, ready to be submitted."""

from collections.abc import Mapping
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.component import nearest
from portline.entities.definition import SETTINGS, Definition
from portline.entities.ports import Input, Output
from portline.entities.submitting import Submittable


class Settings:
    """How the whole pipeline is treated; what is None is left to the server."""

    def __init__(self, given: Mapping[str, Any] | None = None) -> None:
        self.default_compute: str | None = None
        self.default_datastore: str | None = None
        self.continue_on_step_failure: bool | None = None
        self.force_rerun: bool | None = None
        self.on_init: str | None = None
        self.on_finalize: str | None = None
        for key, value in (given or {}).items():
            setattr(self, key, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in SETTINGS:
            raise PortlineError(f"There is no setting `{name}`{nearest(name, SETTINGS)}", code="usage")
        object.__setattr__(self, name, value)

    def plain(self) -> dict[str, Any]:
        """Those that say something, as YAML has them."""
        return {key: getattr(self, key) for key in SETTINGS if getattr(self, key) is not None}


class JobInputs(dict[str, Any]):
    """Values of a pipeline's inputs by name, as attributes too."""

    def __init__(self, values: Mapping[str, Any], known: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._known = dict(known)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"there is no input `{name}`{nearest(name, self)}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "_known":
            object.__setattr__(self, name, value)
        else:
            self[name] = value

    def __setitem__(self, name: str, value: Any) -> None:
        if name not in self._known:
            raise PortlineError(f"The pipeline has no input `{name}`{nearest(name, self._known)}", code="usage")
        super().__setitem__(name, value)


class JobOutputs(JobInputs):
    """What becomes of a pipeline's outputs."""

    def __missing__(self, name: str) -> Output:
        if name not in self._known:
            raise KeyError(name)
        output = Output(type=self._known[name])
        super().__setitem__(name, output)
        return output


class PipelineJob(Submittable):
    """A pipeline that can be submitted with `client.jobs.create_or_update`. As text it is its YAML.

    What is set here counts for this job only: `inputs`, `outputs`, `settings`, `display_name`, `experiment_name`,
    `description`, `tags`, `compute`, `name`; and `labels` that machines must have, which is Portline's own.
    """

    type = "pipeline"

    def __init__(
        self,
        definition: Definition,
        inputs: Mapping[str, Any],
        *,
        settings: Mapping[str, Any] | None = None,
        experiment_name: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.definition = definition
        self.name: str | None = None
        self.display_name = definition.display_name or definition.name
        self.description = definition.description
        self.experiment_name = experiment_name
        self.tags: dict[str, str] = dict(tags or {})
        self.properties: dict[str, Any] = {}
        self.labels: dict[str, str] = {}
        self.identity: dict[str, Any] | None = None
        self.settings = Settings(settings)
        self.inputs = JobInputs(inputs, definition.inputs)
        self.outputs = JobOutputs({}, {name: output.type for name, output in definition.outputs.items()})

    @property
    def compute(self) -> str | None:
        """Where steps run that do not say it themselves."""
        return self.settings.default_compute

    @compute.setter
    def compute(self, name: str | None) -> None:
        self.settings.default_compute = name

    @property
    def jobs(self) -> dict[str, Any]:
        """The steps by name."""
        return self.definition.steps

    def __repr__(self) -> str:
        return f"<pipeline job {self.display_name!r} with {len(self.jobs)} nodes>"


def job_value(value: Any, declared: Mapping[str, Any]) -> Any:
    """A value of a pipeline's input: a literal, or an Input with the data. Raises PortlineError for another."""
    from portline.entities.node import plain

    found = plain(value)
    if isinstance(found, Input) and "mode" in declared and found.mode is None:
        found.mode = declared["mode"]
    return found
