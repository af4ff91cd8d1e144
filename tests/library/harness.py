"""Run built-in components through their public door: the command of component.yml, in a copy of its code."""

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from registry.spec import values
from registry.spec.component import OPTIONAL_SECTION, ComponentSpec
from registry.spec.folder import ComponentFolder, find_components, read_folder
from registry.spec.types import is_data

LIBRARY = Path(__file__).parents[2] / "registry" / "library"
COMPONENTS = sorted(path.parent.name for path in find_components(LIBRARY))

Runner = Callable[[list[str], Path, Path, Path], int]


@cache
def component(name: str) -> ComponentFolder:
    return read_folder(LIBRARY / name)


@dataclass(frozen=True)
class Outcome:
    """What one step left behind."""

    code: int
    stdout: str
    stderr: str
    outputs: dict[str, Path]

    def table(self, name: str = "result") -> pl.DataFrame:
        return pl.read_parquet(self.outputs[name] / "data.parquet")

    def json(self, name: str) -> Any:
        return json.loads(self.outputs[name].read_text(encoding="utf-8"))


class Step:
    """Calls components by name: `step("sort_rows", table=frame, columns="a")`."""

    def __init__(self, folder: Path, runner: Runner) -> None:
        self.folder, self.runner, self.count = folder, runner, 0

    def __call__(self, name: str, /, **inputs: Any) -> Outcome:
        """Run a component that must succeed."""
        outcome = self.run(name, inputs)
        assert outcome.code == 0, outcome.stdout + outcome.stderr
        return outcome

    def error(self, name: str, /, **inputs: Any) -> str:
        """Run a component that must end with a sentence, and give the sentence."""
        outcome = self.run(name, inputs)
        assert outcome.code == 1, outcome.stdout
        assert "Traceback" not in outcome.stderr, outcome.stderr
        return outcome.stderr.strip().splitlines()[-1]

    def run(self, name: str, inputs: dict[str, Any], runner: Runner | None = None) -> Outcome:
        self.count += 1
        place = self.folder / f"{self.count}_{name}"
        read = component(name)
        code = _lay_out(read, place / "code")
        outputs = _outputs(read.spec, place)
        argv = command(read.spec, self._texts(read.spec, inputs, place), outputs)
        exit_code = (runner or self.runner)(argv, code, place / "stdout", place / "stderr")
        return Outcome(exit_code, (place / "stdout").read_text(), (place / "stderr").read_text(), outputs)

    def _texts(self, spec: ComponentSpec, inputs: dict[str, Any], place: Path) -> dict[str, str]:
        assert inputs.keys() <= spec.inputs.keys(), f"{spec.name} has the inputs {', '.join(spec.inputs)}"
        texts = {}
        for name, port in spec.inputs.items():
            value = inputs.get(name, port.default)
            if value is None:
                assert not port.required, f"{spec.name} needs {name}"
            elif is_data(port.type):
                texts[name] = str(save_table(value, place / name) if isinstance(value, pl.DataFrame) else value)
            else:
                texts[name] = values.text(values.check(port, value))
        return texts


def save_table(frame: pl.DataFrame, folder: Path) -> Path:
    """A table as another tool would write it, read through its MLTable file."""
    folder.mkdir(parents=True)
    frame.write_parquet(folder / "part.parquet")
    (folder / "MLTable").write_text("paths:\n- file: part.parquet\ntransformations:\n- read_parquet\n")
    return folder


def command(spec: ComponentSpec, inputs: dict[str, str], outputs: dict[str, Path]) -> list[str]:
    """The command as the runner makes it: no shell, each value within one argument."""
    known = {f"inputs.{name}": text for name, text in inputs.items()}
    known |= {f"outputs.{name}": str(path) for name, path in outputs.items()}

    def section(match: re.Match[str]) -> str:
        return match[1] if all(name in known for name in values.BINDING.findall(match[1])) else ""

    words = shlex.split(OPTIONAL_SECTION.sub(section, spec.command))
    assert words[0] == "python", "the command is one plain Python call"
    return [values.BINDING.sub(lambda match: known[match[1]], word) for word in words[1:]]


def _lay_out(read: ComponentFolder, place: Path) -> Path:
    for relative, source in read.files.items():
        (place / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place / relative)
    return place


def _outputs(spec: ComponentSpec, place: Path) -> dict[str, Path]:
    paths = {name: place / "outputs" / name for name in spec.outputs}
    for name, path in paths.items():
        (path.parent if spec.outputs[name].type == "uri_file" else path).mkdir(parents=True, exist_ok=True)
    return paths


def fresh_process(argv: list[str], folder: Path, stdout: Path, stderr: Path) -> int:
    """Run a step as a process of its own."""
    with stdout.open("w") as out, stderr.open("w") as err:
        return subprocess.run([sys.executable, *argv], cwd=folder, stdout=out, stderr=err, check=False).returncode
