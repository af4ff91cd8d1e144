"""What the documentation shows in a block of code is read by what would read it."""

import ast
import json
import re
import shlex
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from django.core.management import get_commands, load_command_class

from designer.graph.azure.around import CannotRun, Nothing
from designer.graph.azure.reading import read_job, read_pipeline_component
from portline.cli.main import cli
from registry.spec.component import ComponentSpec
from registry.spec.document import Document, read_document
from registry.spec.interface import Interface, interface
from registry.spec.reading import read_component, spec_from

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCED = re.compile(r"^( *)```([^\n`]*)\n(.*?)^\1``` *$", re.MULTILINE | re.DOTALL)
LANGUAGES = {"bash", "cron", "ini", "json", "nginx", "python", "text", "yaml"}


@dataclass(frozen=True)
class Block:
    place: str
    language: str
    text: str


def blocks() -> list[Block]:
    found = []
    for page in PAGES:
        text = page.read_text()
        for match in FENCED.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Block(f"{page.relative_to(ROOT)}:{line}", match[2].strip(), match[3]))
    return found


BLOCKS = blocks()


def of(language: str) -> Any:
    return pytest.mark.parametrize(
        "block", [block for block in BLOCKS if block.language == language], ids=lambda block: block.place
    )


class Library:
    """The built-in components, as a catalog, and what a page writes into its jobs."""

    def __init__(self) -> None:
        files = sorted((ROOT / "registry/library").glob("*/component.yml"))
        specs: list[ComponentSpec] = [read_component(file.read_text(), str(file)) for file in files]
        self._of = {spec.name: interface(spec) for spec in specs}

    def add(self, found: Interface) -> Interface:
        self._of[found["name"]] = found
        return found

    def interface(self, ref: str) -> Interface | None:
        found = self._of.get(ref.partition(":")[0])
        return found if found and found["ref"] == ref else None

    def latest(self, name: str) -> Interface | None:
        return self._of.get(name)

    def names(self) -> list[str]:
        return list(self._of)

    def asset_type(self, ref: str) -> str | None:
        return None


class Beside(Nothing):
    """Around a page lie no files: a component that it names by a path counts as one that cannot run here."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def component(self, path: str) -> Interface:
        raise CannotRun("elsewhere", f"`{path}` is not beside this page.")

    def written(self, source: Document) -> Interface:
        named = {"name": f"shown_{len(self._library.names())}", "version": "1"}
        return self._library.add(interface(spec_from(source, source.data | named)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_is_closed_and_says_its_language(page: Path) -> None:
    assert len(re.findall(r"^ *```", page.read_text(), re.MULTILINE)) == 2 * len(FENCED.findall(page.read_text()))
    own = [block for block in BLOCKS if block.place.startswith(f"{page.relative_to(ROOT)}:")]
    assert {block.place: block.language for block in own if block.language not in LANGUAGES} == {}


@of("yaml")
def test_yaml_is_what_our_readers_take(block: Block) -> None:
    data, library = yaml.safe_load(block.text), Library()
    if data.get("type") == "pipeline" and "name" in data:
        assert read_pipeline_component(read_document(block.text, block.place), library, Beside(library))[0].name
    elif data.get("type") == "pipeline" or ("command" in data and "name" not in data):
        read = read_job(read_document(block.text, block.place), library, Beside(library))
        assert read.warnings == []
        assert read.document["nodes"]
    elif "command" in data:
        assert read_component(block.text, block.place).name == data["name"]


@of("json")
def test_json_parses(block: Block) -> None:
    json.loads(block.text)


@of("python")
def test_python_compiles_and_pipelines_can_be_made(
    block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = ast.parse(block.text, block.place)
    names = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    if "pipeline" not in names or "MLClient" in names:
        return
    file = tmp_path / "shown.py"
    file.write_text(block.text)
    module = types.ModuleType("shown")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "shown", module)
    exec(compile(block.text, str(file), "exec"), vars(module))
    made = [each for each in vars(module).values() if type(each).__name__ == "PipelineFunction"]
    assert made
    for function in made:
        required = [each.name for each in function.signature.parameters.values() if each.default is each.empty]
        data = [name for name in required if not isinstance(function.signature.parameters[name].annotation, type)]
        given: dict[str, Any] = dict.fromkeys(required, 1)
        given |= {name: sys.modules["portline"].Input(type="mltable", path="azureml:shown:1") for name in data}
        assert function(**given)._to_dict()["jobs"]


@of("bash")
def test_commands_are_there_with_their_options(block: Block) -> None:
    for line in re.sub(r"\\\n", " ", block.text).splitlines():
        if within := re.search(r"\$\((portline .*)\)", line):
            line = within[1]
        words = shlex.split(line, comments=True)
        words = words[: next((at for at, word in enumerate(words) if word in ("|", "&&", ">", ";")), None)]
        if words[:1] == ["portline"]:
            parsed(words[1:])
        at = next((at for at, word in enumerate(words[:2]) if word.endswith("manage.py")), None)
        if at is not None:
            name = words[at + 1]
            load_command_class(get_commands()[name], name).create_parser("manage.py", name).parse_args(words[at + 2 :])


def parsed(words: list[str]) -> None:
    """Fails for a command or an option of `portline` that there is not. Runs nothing."""
    context, command = click.Context(cli, info_name="portline"), cli
    while isinstance(command, click.Group):
        assert words, f"{context.command_path} wants a command"
        _, found, words = command.resolve_command(context, words)
        assert found is not None
        context, command = click.Context(found, parent=context, info_name=found.name), found  # type: ignore[assignment]
    if {"-h", "--help"} & set(words):
        return
    values, rest, _ = command.make_parser(context).parse_args(list(words))
    assert rest == [] or any(isinstance(each, click.Argument) for each in command.params)
    missing = [each.name for each in command.params if each.required and each.name not in values]
    assert missing == []
