"""What is executed for a step: its command, or one of Portline's own scripts that starts it as Azure ML would."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.spec.component import ComponentSpec
from registry.spec.kinds import Parallel, Spark
from registry.spec.values import BINDING
from runner.engine.binding import bind
from runner.engine.ranks import instances_of, ranks_of
from runner.environments import Interpreter
from runner.executors.environment import resolve_program
from runner.executors.staging import Stage

DISTRIBUTED = Path(__file__).with_name("distributed.py")
PARALLEL = Path(__file__).with_name("parallel.py")


@dataclass(frozen=True)
class Start:
    """`argv` is executed, `shown` is what people read of it; `plain` says that it is the component's own command alone.

    `notes` are sentences for the step's log.
    """

    argv: tuple[str, ...]
    shown: str
    plain: bool = True
    notes: tuple[str, ...] = ()


def start_of(spec: ComponentSpec, launch: Mapping[str, Any], stage: Stage, interpreter: Interpreter) -> Start:
    """How a laid-out step is started. Raises BadDistribution."""
    if spec.parallel is not None:
        return _own(_parallel(spec.parallel, stage), f"run_function {spec.parallel.entry_script}", stage, interpreter)
    if spec.spark is not None:
        template = _spark(spec.spark)
        return _own(template, template, stage, interpreter)
    command = bind(spec.command, stage.values, stage.paths)
    program = resolve_program(command.argv, interpreter)
    instances = instances_of(spec.resources, launch)
    ranks = ranks_of(launch.get("distribution") or spec.distribution, instances)
    if ranks is None:
        note = f"`instance_count` is {instances}: on this one machine the command runs once." if instances > 1 else ""
        return Start(program, command.shown, notes=(note,) if note else ())
    argv = (str(interpreter.python), str(DISTRIBUTED), json.dumps(ranks.plain()), *program)
    number = f"{ranks.workers + ranks.servers} process{'es' if ranks.workers + ranks.servers > 1 else ''}"
    notes = (f"Starts {number} for `distribution: {ranks.kind}`.",)
    return Start(argv, command.shown, plain=False, notes=notes)


def _own(template: str, shown: str, stage: Stage, interpreter: Interpreter) -> Start:
    """A script or program that Portline calls; the author's arguments are in the template."""
    command = bind(template, stage.values, stage.paths)
    program = resolve_program(command.argv, interpreter)
    return Start(program, bind(shown, stage.values, stage.paths).shown, plain=False)


def _parallel(task: Parallel, stage: Stage) -> str:
    """The call of the driver: `runner.executors.parallel` has what the plan says."""
    retry = task.retry_settings
    plan = {
        "entry": task.entry_script,
        "input": stage.values.get(_named(task.input_data)),
        "rows": stage.values.get(_named(task.append_row_to)) if task.append_row_to else None,
        "size": task.mini_batch_size,
        "partition_keys": list(task.partition_keys),
        "concurrency": task.max_concurrency_per_instance,
        "error_threshold": task.error_threshold,
        "mini_batch_error_threshold": task.mini_batch_error_threshold,
        "max_retries": retry.max_retries,
        "timeout": retry.timeout,
        "level": task.logging_level,
    }
    return f"python {shlex.quote(str(PARALLEL))} {shlex.quote(json.dumps(plan))} {task.program_arguments}"


def _spark(spark: Spark) -> str:
    """The call of spark-submit, which pyspark brings along, with all cores of this machine as its cluster."""
    words = ["spark-submit", "--master", "local[*]"]
    for option, paths in (
        ("--py-files", spark.py_files),
        ("--jars", spark.jars),
        ("--files", spark.files),
        ("--archives", spark.archives),
    ):
        words += [option, ",".join(paths)] if paths else []
    for name, value in spark.conf.items():
        # What a cluster would give each executor means nothing on one machine, but for its memory.
        words += ["--conf", f"{name}={str(value).lower() if isinstance(value, bool) else value}"]
    if spark.entry.class_name:
        words += ["--class", spark.entry.class_name, *spark.jars[:1]]
    else:
        words.append(spark.entry.file)
    return f"{' '.join(shlex.quote(word) for word in words)} {spark.args}"


def _named(binding: str) -> str:
    """`${{inputs.x}}` as `inputs.x`."""
    found = BINDING.search(binding)
    return found[1] if found else binding
