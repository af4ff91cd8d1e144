"""A hook of mkdocs: the pages of the reference that are written from the code, so that they cannot lag behind it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "sdk")]

from portline.cli.main import cli  # noqa: E402
from registry.spec import component, kinds  # noqa: E402


def on_files(files: Any, config: Any) -> Any:
    """Called by mkdocs when it knows the files of docs/; adds those that are generated."""
    from mkdocs.structure.files import File

    for path, text in pages().items():
        files.append(File.generated(config, path, content=text))
    return files


def pages() -> dict[str, str]:
    """Path below docs/ -> Markdown."""
    return {
        "reference/cli.md": "\n".join(_command_line()),
        "reference/components.md": "\n".join(_components()),
        "reference/component-yaml.md": "\n".join(_yaml()),
    }


def _command_line() -> Iterator[str]:
    yield "# Command line\n"
    yield "Install it with `pip install ./sdk`, and log in once with `portline login`. What follows is its own help.\n"
    yield from _command(cli, click.Context(cli, info_name="portline"))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    depth = context.command_path.count(" ")
    if depth:
        yield f"{'#' * (depth + 1)} `{context.command_path}`\n"
    with click.Context(command, parent=context.parent, info_name=context.info_name, terminal_width=100) as wide:
        yield f"```text\n{command.get_help(wide)}\n```\n"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found and not found.hidden:
                yield from _command(found, click.Context(found, parent=context, info_name=name))


def _components() -> Iterator[str]:
    yield "# Built-in components\n"
    yield "Each is an ordinary component in a folder below `registry/library/`, there in every workspace.\n"
    specs = [YAML(typ="safe").load(path) for path in sorted((ROOT / "registry/library").glob("*/component.yml"))]
    by_category: dict[str, list[dict[str, Any]]] = {}
    for spec in specs:
        by_category.setdefault(spec["properties"]["portline"]["category"], []).append(spec)
    for category, members in sorted(by_category.items()):
        yield f"## {category}\n"
        for spec in members:
            yield f"### {spec['display_name']}\n"
            yield f"`{spec['name']}:{spec['version']}`: {spec['description'].strip()}\n"
            for side in ("inputs", "outputs"):
                yield from _ports(side, spec.get(side) or {})


def _ports(side: str, ports: dict[str, dict[str, Any]]) -> Iterator[str]:
    if not ports:
        return
    yield f"| {side} | type | | |\n|---|---|---|---|"
    for name, port in ports.items():
        yield f"| `{name}` | {port['type']} | {_cell(_rule(port, side))} | {_cell(port.get('description', ''))} |"
    yield ""


def _rule(port: dict[str, Any], side: str) -> str:
    """Whether an input may be left out, and what it may be."""
    said = []
    if "default" in port:
        said.append(f"default `{port['default']}`" if port["default"] != "" else "default empty")
    elif side == "inputs":
        said.append("optional" if port.get("optional") else "required")
    said += [f"{word} {port[key]}" for key, word in (("min", "at least"), ("max", "at most")) if key in port]
    if "enum" in port:
        said.append("one of " + ", ".join(f"`{each}`" for each in port["enum"]))
    return "; ".join(said)


def _yaml() -> Iterator[str]:
    yield "# Component YAML\n"
    yield "The fields of `component.yml`, from the models that read it. Fields of a kind stand beside the others.\n"
    parts = (
        ("A component", component.ComponentSpec),
        ("An input", component.Input),
        ("An output", component.Output),
        ("`properties.portline`", component.Hints),
        ("`properties.portline.inputs.<name>`", component.InputHints),
        ("A parallel component", kinds.Parallel),
        ("A spark component", kinds.Spark),
    )
    for title, model in parts:
        yield f"## {title}\n"
        yield f"{(model.__doc__ or '').strip().partition('. ')[0].rstrip('.')}.\n"
        yield from _fields(model)


# Fields of the spec that no file has: the reader fills them.
_NOT_WRITTEN = {"cannot_run", "body", "parallel", "spark"}


def _fields(model: type[BaseModel]) -> Iterator[str]:
    yield "| field | type | default | |\n|---|---|---|---|"
    for name, field in model.model_fields.items():
        if name in _NOT_WRITTEN:
            continue
        default = "required" if field.is_required() else "" if field.default in (None, "", {}, ()) else field.default
        shown = field.annotation.__name__ if type(field.annotation) is type else str(field.annotation)
        shown = shown.removeprefix("typing.Optional[").removesuffix("]") + " | None" if "Optional" in shown else shown
        for word in ("typing.", "registry.spec.component.", "registry.spec.kinds.", "registry.spec.values."):
            shown = shown.replace(word, "")
        yield f"| `{name}` | `{_cell(shown)}` | {_cell(str(default))} | {_cell(_meaning(model, name))} |"
    yield ""


def _meaning(model: type[BaseModel], name: str) -> str:
    if model is component.ComponentSpec and name == "type":
        return "one of " + ", ".join(f"`{kind}`" for kind in kinds.PARTS)
    return model.model_fields[name].description or ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
