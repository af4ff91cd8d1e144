"""A pipeline as an Argo Workflow: one template a step, joined by a DAG.

Source of the format: Argo Workflows' fields reference (https://argo-workflows.readthedocs.io/en/latest/fields/) and its
enhanced `depends` (https://argo-workflows.readthedocs.io/en/latest/enhanced-depends-logic/).
"""

import math
from collections.abc import Mapping

from designer.graph.export.flat import (
    ENDED,
    WAY,
    After,
    Findings,
    Flat,
    FromInput,
    FromItem,
    FromStep,
    Plain,
    Source,
    Step,
    distinct,
    shell_name,
    slug,
)
from designer.graph.export.script import code_lines, image_of, install_lines, script
from registry.spec.types import is_data
from registry.spec.values import text

PLACE = "/tmp/portline"
_DEPENDS = {
    "succeeded": "{0}.Succeeded",
    "true": "{0}.Succeeded",
    "false": "{0}.Succeeded",
    "failed": "({0}.Failed || {0}.Errored)",
    "completed": "({0}.Succeeded || {0}.Failed || {0}.Errored)",
    "skipped": "({0}.Skipped || {0}.Omitted)",
    ENDED: "({0}.Succeeded || {0}.Failed || {0}.Errored || {0}.Skipped || {0}.Omitted)",
}


def argo(pipeline: Flat, findings: Findings) -> Plain:
    """The Workflow. What Argo cannot express or does less well is told to `findings`."""
    return _Workflow(pipeline, findings).written()


class _Workflow:
    def __init__(self, pipeline: Flat, findings: Findings) -> None:
        self.pipeline, self.findings = pipeline, findings
        self.names = distinct([step.id for step in pipeline.steps])
        self.inputs = distinct(list(pipeline.inputs), "_")

    def written(self) -> Plain:
        steps = self.pipeline.steps
        dag: Plain = {"tasks": [self._task(step) for step in steps]}
        if not self.pipeline.stops_at_failure:
            dag["failFast"] = False
        if any(after.condition not in ("succeeded", "true", "false") for step in steps for after in step.after):
            # Otherwise a workflow succeeds where the last steps do, whatever failed before them.
            dag["target"] = " ".join(self.names[step.id] for step in steps)
        if any(is_data(port.type) for step in steps for port in step.spec.outputs.values()):
            self.findings.warn("Argo keeps what steps make in an artifact repository, which must be set up there.")
        spec: Plain = {"entrypoint": "pipeline"}
        if self.pipeline.inputs:
            spec["arguments"] = {"parameters": self._parameters()}
        spec["templates"] = [{"name": "pipeline", "dag": dag}, *(self._template(step) for step in steps)]
        metadata: Plain = {"generateName": f"{slug(self.pipeline.title, '-')}-"}
        if self.pipeline.description:
            metadata["annotations"] = {"workflows.argoproj.io/description": self.pipeline.description}
        return {"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "metadata": metadata, "spec": spec}

    def _parameters(self) -> list[Plain]:
        found = []
        for name, input_ in self.pipeline.inputs.items():
            parameter: Plain = {"name": self.inputs[name]}
            if input_.default is not None:
                parameter["value"] = text(input_.default)
                if "{{" in parameter["value"]:
                    self.findings.warn(f"Argo may fill in what stands in braces in the default of `{name}`.")
            if input_.enum:
                parameter["enum"] = list(input_.enum)
            if input_.description:
                parameter["description"] = input_.description
            found.append(parameter)
            if input_.min is not None or input_.max is not None:
                self.findings.warn(f"Argo does not check that the input `{name}` lies within its bounds.")
        return found

    # A step's place in the graph

    def _task(self, step: Step) -> Plain:
        task: Plain = {"name": self.names[step.id], "template": self.names[step.id]}
        if step.after:
            task["depends"] = " && ".join(self._depends(step.after))
        if ways := [after for after in step.after if after.condition in ("true", "false")]:
            task["when"] = " && ".join(self._when(after) for after in ways)
        arguments: Plain = {}
        if sources := step.sources:
            arguments["parameters"] = [
                {"name": source.variable, "value": self._value(source, step)} for source in sources
            ]
        if step.data:
            arguments["artifacts"] = [self._artifact(name, given) for name, given in step.data.items()]
        if arguments:
            task["arguments"] = arguments
        if step.loop:
            names = list(step.loop.items[0])
            plain = [text(item[names[0]]) for item in step.loop.items] if len(names) == 1 else None
            task["withItems"] = plain or [{key: text(value) for key, value in item.items()} for item in step.loop.items]
            if step.loop.at_once:
                self.findings.warn(f"Argo has no cap for one loop: the items of “{step.title}” all run at once.")
        return task

    def _depends(self, after: tuple[After, ...]) -> list[str]:
        return list(dict.fromkeys(_DEPENDS[each.condition].format(self.names[each.step]) for each in after))

    def _when(self, after: After) -> str:
        return "'{{tasks.%s.outputs.parameters.%s}}' == '%s'" % (self.names[after.step], WAY, after.condition)  # noqa: UP031

    def _value(self, source: Source, step: Step) -> str:
        match source:
            case FromInput(name):
                return "{{workflow.parameters." + self.inputs[name] + "}}"
            case FromStep(id, output):
                return "{{tasks." + self.names[id] + ".outputs.parameters." + _port(output) + "}}"
            case FromItem(name):
                assert step.loop is not None
                return "{{item}}" if len(step.loop.items[0]) == 1 else "{{item." + name + "}}"

    def _artifact(self, name: str, given: FromInput | FromStep) -> Plain:
        if isinstance(given, FromStep):
            from_ = "{{tasks." + self.names[given.step] + ".outputs.artifacts." + _port(given.output) + "}}"
            return {"name": _port(name), "from": from_}
        if self.pipeline.inputs[given.name].type != "uri_file":
            self.findings.warn(f"The address for `{given.name}` is that of a .tar.gz, which Argo unpacks to a folder.")
        return {"name": _port(name), "http": {"url": "{{workflow.parameters." + self.inputs[given.name] + "}}"}}

    # What a step is

    def _template(self, step: Step) -> Plain:
        template: Plain = {"name": self.names[step.id]}
        inputs: Plain = {}
        if sources := step.sources:
            inputs["parameters"] = [{"name": source.variable} for source in sources]
        if step.data:
            inputs["artifacts"] = [{"name": _port(name), "path": f"{PLACE}/in/{name}"} for name in step.data]
        if inputs:
            template["inputs"] = inputs
        if outputs := self._outputs(step):
            template["outputs"] = outputs
        template |= self._treatment(step)
        template["script"] = self._container(step)
        return template

    def _outputs(self, step: Step) -> Plain:
        parameters, artifacts = [], []
        for name, port in step.spec.outputs.items():
            place = f"{PLACE}/out/{name}"
            if not is_data(port.type):
                parameters.append({"name": _port(name), "valueFrom": {"path": place}})
            elif port.type == "uri_file":
                artifacts.append({"name": _port(name), "path": place, "archive": {"none": {}}})
            else:
                artifacts.append({"name": _port(name), "path": place})
        found: Mapping[str, list[Plain]] = {"parameters": parameters, "artifacts": artifacts}
        return {key: value for key, value in found.items() if value}

    def _treatment(self, step: Step) -> Plain:
        settings, found = step.settings, Plain()
        if settings.timeout:
            found["activeDeadlineSeconds"] = math.ceil(settings.timeout)
        if settings.retries:
            retry: Plain = {"limit": settings.retries, "retryPolicy": "Always"}
            if settings.retry_delay:
                retry["backoff"] = {"duration": f"{settings.retry_delay:g}s"}
                if settings.retry_backoff != 1:
                    retry["backoff"]["factor"] = math.ceil(settings.retry_backoff)
                    if not float(settings.retry_backoff).is_integer():
                        self.findings.warn(f"Argo rounds up the factor of the delays of “{step.title}”.")
            found["retryStrategy"] = retry
        return found

    def _container(self, step: Step) -> Plain:
        try:
            code = code_lines(step.code)
        except ValueError as error:
            self.findings.lose(f"“{step.title}” does not fit into a workflow: {error}. Make an image with its code.")
            code = []
        source = script(
            step,
            lambda source: self.pipeline.type_of(source, step),
            work=f"{PLACE}/code",
            code=code,
            data={name: f"{PLACE}/in/{name}" for name in step.data},
            outputs={name: f"{PLACE}/out/{name}" for name in step.spec.outputs},
            setup=install_lines(step.environment),
        )
        container: Plain = {"image": image_of(step.environment), "command": ["bash"], "source": source}
        if sources := step.sources:
            # By the environment, not within the script: a value is never read as a command.
            names = [source.variable for source in sources]
            container["env"] = [{"name": name, "value": "{{inputs.parameters." + name + "}}"} for name in names]
        settings, needs = step.settings, Plain()
        if settings.cpu:
            needs["cpu"] = f"{settings.cpu:g}"
        if settings.memory:
            needs["memory"] = _memory(settings.memory)
        if settings.gpus:
            container["resources"] = {"limits": {"nvidia.com/gpu": str(settings.gpus)}}
        if needs:
            container.setdefault("resources", {})["requests"] = needs
        return container


def _port(name: str) -> str:
    """Names of ports there have no dots."""
    return shell_name(name)


def _memory(given: str) -> str:
    """As Kubernetes writes it: `2GB` is 2G, `2GiB` is 2Gi."""
    return given.replace(" ", "").removesuffix("B").removesuffix("b").replace("K", "k").replace("ki", "Ki")
