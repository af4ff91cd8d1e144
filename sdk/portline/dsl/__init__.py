"""Writing pipelines in Python: `dsl.pipeline`, `dsl.command_component`, and control flow. Loaded when asked for."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portline.dsl.builders import RunFunction, command, parallel_run_function, spark
    from portline.dsl.control import condition, do_while, for_each_file, if_else, parallel_for
    from portline.dsl.functions import command_component
    from portline.dsl.groups import group
    from portline.dsl.pipelines import pipeline

_PLACES = {
    "RunFunction": "builders",
    "command": "builders",
    "command_component": "functions",
    "condition": "control",
    "do_while": "control",
    "for_each_file": "control",
    "group": "groups",
    "if_else": "control",
    "parallel_for": "control",
    "parallel_run_function": "builders",
    "pipeline": "pipelines",
    "spark": "builders",
}
__all__ = [
    "RunFunction",
    "command",
    "command_component",
    "condition",
    "do_while",
    "for_each_file",
    "group",
    "if_else",
    "parallel_for",
    "parallel_run_function",
    "pipeline",
    "spark",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"portline.dsl.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
