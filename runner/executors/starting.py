"""What is executed for a step: its command, or one of Portline's own scripts that starts it as Azure ML would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.spec.component import ComponentSpec
from runner.engine.binding import bind
from runner.engine.ranks import instances_of, ranks_of
from runner.environments import Interpreter
from runner.executors.environment import resolve_program
from runner.executors.staging import Stage

DISTRIBUTED = Path(__file__).with_name("distributed.py")


@dataclass(frozen=True)
class Start:
    """`argv` is executed, `shown` is what people read of it; `plain` says that it is the component's own command alone,
    `shell` that a shell reads it.

    `notes` are sentences for the step's log.
    """

    argv: tuple[str, ...]
    shown: str
    shell: bool
    plain: bool = True
    notes: tuple[str, ...] = ()


def start_of(spec: ComponentSpec, launch: Mapping[str, Any], stage: Stage, interpreter: Interpreter) -> Start:
    """How a laid-out step is started. Raises BadDistribution."""
    command = bind(spec.command, stage.values, stage.paths)
    program = resolve_program(command.argv, interpreter)
    instances = instances_of(spec.resources, launch)
    ranks = ranks_of(launch.get("distribution") or spec.distribution, instances)
    if ranks is None:
        note = f"`instance_count` is {instances}: on this one machine the command runs once." if instances > 1 else ""
        return Start(program, command.shown, command.shell, notes=(note,) if note else ())
    argv = (str(interpreter.python), str(DISTRIBUTED), json.dumps(ranks.plain()), *program)
    number = f"{ranks.workers + ranks.servers} process{'es' if ranks.workers + ranks.servers > 1 else ''}"
    return Start(
        argv, command.shown, command.shell, plain=False, notes=(f"Starts {number} for `distribution: {ranks.kind}`.",)
    )
