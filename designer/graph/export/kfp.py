"""A pipeline as Kubeflow Pipelines' intermediate representation: a `PipelineSpec`.

Source of the format: `pipeline_spec.proto` of Kubeflow Pipelines 2
(https://github.com/kubeflow/pipelines/blob/master/api/v2alpha1/pipeline_spec.proto). Loops and the end of everything
are written as its SDK writes them, as DAGs of their own.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from designer.graph.export.flat import (
    ENDED,
    WAY,
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

SCHEMA_VERSION = "2.1.0"
SDK_VERSION = "kfp-2.14.0"
MOST_RETRIES_PAUSE = "3600s"
_PARAMETERS = {"integer": "NUMBER_INTEGER", "number": "NUMBER_DOUBLE", "boolean": "BOOLEAN"}
_ARTIFACTS = {
    "mltable": "system.Dataset",
    "mlflow_model": "system.Model",
    "custom_model": "system.Model",
    "triton_model": "system.Model",
}
_END = "exit-handler-1"
_ITEM = "item"


def kfp(pipeline: Flat, findings: Findings) -> Plain:
    """The PipelineSpec. What Kubeflow cannot express or does less well is told to `findings`."""
    return _Spec(pipeline, findings).written()


class _Spec:
    def __init__(self, pipeline: Flat, findings: Findings) -> None:
        self.pipeline, self.findings = pipeline, findings
        self.names = {id: name.lower() for id, name in distinct([step.id for step in pipeline.steps]).items()}
        self.inputs = distinct(list(pipeline.inputs), "_")
        self.components: dict[str, Plain] = {}
        self.executors: dict[str, Plain] = {}

    def written(self) -> Plain:
        self._refuse()
        tasks = self._importers()
        final = [step for step in self.pipeline.steps if step.final]
        for step in self.pipeline.steps:
            if not step.final:
                tasks[self.names[step.id]] = self._task(step)
        root: Plain = {"dag": {"tasks": tasks}}
        definitions = self._definitions()
        if final:
            root = {"dag": {"tasks": {_END: self._before_the_end(tasks, definitions)}}}
            root["dag"]["tasks"] |= {self.names[step.id]: self._task(step) for step in final}
        if definitions:
            root["inputDefinitions"] = definitions
        info = {"name": slug(self.pipeline.title, "-")}
        if self.pipeline.description:
            info["description"] = self.pipeline.description
        return {
            "pipelineInfo": info,
            "schemaVersion": SCHEMA_VERSION,
            "sdkVersion": SDK_VERSION,
            "root": root,
            "components": self.components,
            "deploymentSpec": {"executors": self.executors},
        }

    def _refuse(self) -> None:
        final = [step for step in self.pipeline.steps if step.final]
        if len(final) > 1:
            titles = ", ".join(f"“{step.title}”" for step in final)
            self.findings.lose(f"Kubeflow runs one step when everything else has ended, not {len(final)}: {titles}.")
        for step in self.pipeline.steps:
            conditions = {after.condition for after in step.after}
            for condition in ("failed", "skipped"):
                if condition in conditions:
                    self.findings.lose(f"Kubeflow cannot run “{step.title}” because another step {_did[condition]}.")
            if ENDED in conditions and not step.final:
                self.findings.lose(
                    f"Kubeflow runs only the very last step however others end, and “{step.title}” is not it."
                )
            if "completed" in conditions and conditions != {"completed"}:
                self.findings.lose(
                    f"Kubeflow waits either for all steps to succeed or for all to end: “{step.title}” mixes both."
                )
            if step.final and (step.data or any(isinstance(source, FromStep) for source in step.sources)):
                self.findings.lose(f"Kubeflow gives the last step, “{step.title}”, nothing that other steps made.")
            if step.settings.timeout:
                self.findings.warn(f"Kubeflow has no timeout for a step: that of “{step.title}” does not count.")

    # The pipeline's own inputs

    def _definitions(self) -> Plain:
        parameters: Plain = {}
        for name, input_ in self.pipeline.inputs.items():
            definition: Plain = {"parameterType": _PARAMETERS.get(input_.type, "STRING")}
            if input_.default is not None:
                definition |= {"defaultValue": input_.default, "isOptional": True}
            if input_.description:
                definition["description"] = input_.description
            if input_.enum or input_.min is not None or input_.max is not None:
                self.findings.warn(f"Kubeflow does not check which values the input `{name}` may have.")
            parameters[self.inputs[name]] = definition
        return {"parameters": parameters} if parameters else {}

    def _importers(self) -> Plain:
        """A task for each input that is the address of data."""
        tasks: Plain = {}
        given = [given for step in self.pipeline.steps for given in step.data.values()]
        for name in sorted({each.name for each in given if isinstance(each, FromInput)}):
            type_ = _artifact(self.pipeline.inputs[name].type)
            label = self._importer(name)
            self.components[f"comp-{label}"] = {
                "executorLabel": f"exec-{label}",
                "inputDefinitions": {"parameters": {"uri": {"parameterType": "STRING"}}},
                "outputDefinitions": {"artifacts": {"artifact": {"artifactType": type_}}},
            }
            self.executors[f"exec-{label}"] = {
                "importer": {"artifactUri": {"runtimeParameter": "uri"}, "typeSchema": type_}
            }
            tasks[label] = {
                "taskInfo": {"name": label},
                "componentRef": {"name": f"comp-{label}"},
                "cachingOptions": {"enableCache": True},
                "inputs": {"parameters": {"uri": {"componentInputParameter": self.inputs[name]}}},
            }
        return tasks

    def _importer(self, name: str) -> str:
        return f"import-{self.inputs[name].replace('_', '-').lower()}"

    def _before_the_end(self, tasks: Plain, definitions: Plain) -> Plain:
        """All but the last step as one task, which it waits for."""
        component: Plain = {"dag": {"tasks": tasks}}
        task: Plain = {"taskInfo": {"name": _END}, "componentRef": {"name": f"comp-{_END}"}}
        if definitions:
            component["inputDefinitions"] = definitions
            names = definitions["parameters"]
            task["inputs"] = {"parameters": {name: {"componentInputParameter": name} for name in names}}
        self.components[f"comp-{_END}"] = component
        return task

    # Steps

    def _task(self, step: Step) -> Plain:
        name = self.names[step.id]
        self._component(step)
        inputs = self._given(step)
        task: Plain = {
            "taskInfo": {"name": step.title},
            "componentRef": {"name": f"comp-{name}"},
            "cachingOptions": {"enableCache": True} if step.settings.cached else {},
        }
        if step.settings.retries:
            task["retryPolicy"] = {
                "maxRetryCount": step.settings.retries,
                "backoffDuration": f"{step.settings.retry_delay:g}s",
                "backoffFactor": step.settings.retry_backoff,
                "backoffMaxDuration": MOST_RETRIES_PAUSE,
            }
        outer = self._loop(step, task, inputs) if step.loop else task
        if any(inputs.values()):
            outer["inputs"] = {key: value for key, value in inputs.items() if value}
        return outer | self._waiting(step)

    def _given(self, step: Step) -> Plain:
        """What a task gets from the graph; items of its loop it gets within that."""
        parameters = {
            source.variable: self._parameter(source) for source in step.sources if not isinstance(source, FromItem)
        }
        for index, after in enumerate(step.ways):
            parameters[f"way_{index}"] = self._parameter(FromStep(after.step, WAY))
        artifacts = {shell_name(port): self._brought(given) for port, given in step.data.items()}
        return {"parameters": parameters, "artifacts": artifacts}

    def _parameter(self, source: Source) -> Plain:
        if isinstance(source, FromStep):
            made = {"producerTask": self.names[source.step], "outputParameterKey": shell_name(source.output)}
            return {"taskOutputParameter": made}
        return {"componentInputParameter": self.inputs[source.name]}

    def _brought(self, given: FromInput | FromStep) -> Plain:
        if isinstance(given, FromStep):
            made = {"producerTask": self.names[given.step], "outputArtifactKey": shell_name(given.output)}
        else:
            made = {"producerTask": self._importer(given.name), "outputArtifactKey": "artifact"}
        return {"taskOutputArtifact": made}

    def _waiting(self, step: Step) -> Plain:
        """What it runs after, and the branches that must have gone its way."""
        if step.final:
            return {
                "dependentTasks": [_END],
                "triggerPolicy": {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"},
            }
        found: Plain = {}
        before = dict.fromkeys(self.names[after.step] for after in step.after if after.condition != ENDED)
        data = step.data.values()
        imported = dict.fromkeys(self._importer(given.name) for given in data if isinstance(given, FromInput))
        if before or imported:
            found["dependentTasks"] = [*before, *imported]
        policy: Plain = {}
        if step.ways:
            rule = "inputs.parameter_values['way_{}'] == '{}'"
            terms = [rule.format(index, after.condition) for index, after in enumerate(step.ways)]
            policy["condition"] = " && ".join(terms)
        if any(after.condition == "completed" for after in step.after):
            policy["strategy"] = "ALL_UPSTREAM_TASKS_COMPLETED"
        return found | ({"triggerPolicy": policy} if policy else {})

    def _loop(self, step: Step, task: Plain, inputs: Plain) -> Plain:
        """The task of a DAG that holds the step alone, once for each item."""
        assert step.loop is not None
        label = f"for-loop-{self.names[step.id]}"
        inner: Plain = {
            "parameters": {name: {"componentInputParameter": name} for name in inputs["parameters"]},
            "artifacts": {name: {"componentInputArtifact": name} for name in inputs["artifacts"]},
        }
        for source in step.sources:
            if isinstance(source, FromItem):
                inner["parameters"][source.variable] = {
                    "componentInputParameter": _ITEM,
                    "parameterExpressionSelector": f'parseJson(string_value)["{source.name}"]',
                }
        task["inputs"] = {key: value for key, value in inner.items() if value}
        definitions = self.components[f"comp-{self.names[step.id]}"].get("inputDefinitions", {})
        given: Mapping[str, Any] = definitions.get("parameters", {})
        parameters = {name: given[name] for name in inputs["parameters"]} | {_ITEM: {"parameterType": "STRUCT"}}
        component: Plain = {
            "dag": {"tasks": {self.names[step.id]: task}},
            "inputDefinitions": {"parameters": parameters},
        }
        if "artifacts" in definitions:
            component["inputDefinitions"]["artifacts"] = definitions["artifacts"]
        self.components[f"comp-{label}"] = component
        outer: Plain = {
            "taskInfo": {"name": label},
            "componentRef": {"name": f"comp-{label}"},
            "parameterIterator": {
                "itemInput": _ITEM,
                "items": {"raw": json.dumps([dict(item) for item in step.loop.items])},
            },
        }
        if step.loop.at_once:
            outer["iteratorPolicy"] = {"parallelismLimit": step.loop.at_once}
        return outer

    def _component(self, step: Step) -> None:
        name = self.names[step.id]
        parameters: Plain = {
            source.variable: {"parameterType": _PARAMETERS.get(self.pipeline.type_of(source, step), "STRING")}
            for source in step.sources
        }
        parameters |= {f"way_{index}": {"parameterType": "STRING"} for index in range(len(step.ways))}
        ports = step.spec.inputs
        artifacts = {shell_name(port): {"artifactType": _artifact(ports[port].type)} for port in step.data}
        component: Plain = {"executorLabel": f"exec-{name}"}
        if given := _some(parameters, artifacts):
            component["inputDefinitions"] = given
        outputs = step.spec.outputs.items()
        made = _some(
            {
                shell_name(port): {"parameterType": _PARAMETERS.get(output.type, "STRING")}
                for port, output in outputs
                if not is_data(output.type)
            },
            {
                shell_name(port): {"artifactType": _artifact(output.type)}
                for port, output in outputs
                if is_data(output.type)
            },
        )
        if made:
            component["outputDefinitions"] = made
        self.components[f"comp-{name}"] = component
        self.executors[f"exec-{name}"] = {"container": self._container(step)}

    def _container(self, step: Step) -> Plain:
        try:
            code = code_lines(step.code)
        except ValueError as error:
            self.findings.lose(f"“{step.title}” does not fit into a file: {error}. Make an image with its code.")
            code = []
        # By arguments, not within the script: a value is never read as a command.
        arguments: dict[str, str] = {
            source.variable: f"{{{{$.inputs.parameters['{source.variable}']}}}}" for source in step.sources
        }
        data, outputs = {}, {}
        for port in step.data:
            data[port] = f'"$given_{shell_name(port)}"'
            arguments[f"given_{shell_name(port)}"] = f"{{{{$.inputs.artifacts['{shell_name(port)}'].path}}}}"
        for port, output in step.spec.outputs.items():
            key = shell_name(port)
            place = f"artifacts['{key}'].path" if is_data(output.type) else f"parameters['{key}'].output_file"
            outputs[port] = f'"$made_{key}"'
            arguments[f"made_{key}"] = f"{{{{$.outputs.{place}}}}}"
        source = _taking(list(arguments)) + script(
            step,
            lambda source: self.pipeline.type_of(source, step),
            work="/tmp/portline",
            code=code,
            data=data,
            outputs=outputs,
            setup=install_lines(step.environment),
        )
        container: Plain = {"image": image_of(step.environment), "command": ["bash", "-c", source, "step"]}
        if arguments:
            container["args"] = list(arguments.values())
        if needs := _needs(step):
            container["resources"] = needs
        return container


_did = {"failed": "failed", "skipped": "was skipped"}


def _taking(variables: Sequence[str]) -> str:
    """Lines that give a script's arguments their names."""
    return "".join(f'{name}="${{{index}}}"\n' for index, name in enumerate(variables, 1))


def _some(parameters: Plain, artifacts: Plain) -> Plain:
    return {key: value for key, value in {"parameters": parameters, "artifacts": artifacts}.items() if value}


def _artifact(type_: str) -> Plain:
    return {"schemaTitle": _ARTIFACTS.get(type_, "system.Artifact"), "schemaVersion": "0.0.1"}


def _needs(step: Step) -> Plain:
    settings, found = step.settings, Plain()
    if settings.cpu:
        found["resourceCpuRequest"] = f"{settings.cpu:g}"
    if settings.memory:
        found["resourceMemoryRequest"] = settings.memory.replace(" ", "").removesuffix("B")
    if settings.gpus:
        found["accelerator"] = {"resourceType": "nvidia.com/gpu", "resourceCount": str(settings.gpus)}
    return found
