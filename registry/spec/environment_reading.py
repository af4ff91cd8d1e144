"""From Azure's environment YAML, or the `environment` of a component, to its spec, with every fault at its place."""

import difflib
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from registry.spec.conda import NoEquivalent, python_versions, translated
from registry.spec.document import Document, Path, read_document
from registry.spec.environment import EnvironmentSpec
from registry.spec.faults import Fault, SpecError
from registry.spec.packages import is_option, name_of, normalised

# The last two are Portline's own: what a conda file would say of them.
KEYS = ("name", "version", "description", "tags", "image", "build", "conda_file", "python", "pip")
IGNORED = ("$schema", "os_type", "inference_config", "properties", "datastore", "auto_increment_version")
CONDA_KEYS = ("name", "channels", "dependencies", "prefix", "variables")

# Gives the text of a file beside the YAML, and the name that it is told by. Raises ValueError with a sentence.
Beside = Callable[[str], tuple[str, str]]


def read_environment(text: str, file: str = "environment.yml", beside: Beside | None = None) -> EnvironmentSpec:
    """Read a named environment's YAML. Raises SpecError with all faults."""
    document = read_document(text, file)
    spec = environment_from(document, (), beside)
    if not spec.name:
        raise SpecError([document.fault((), "`name` is missing")])
    return spec


LEFT_OUT = "Left out "
"""How the note begins that is not of habit: something may be missing."""


def environment_from(document: Document, path: Path = (), beside: Beside | None = None) -> EnvironmentSpec:
    """The environment that a mapping within a document describes. Raises SpecError."""
    return _Reader(document, path, beside).read()


def environment_of(data: dict[str, Any]) -> EnvironmentSpec:
    """The same for a mapping that was read and checked before."""
    return environment_from(Document(data, "environment", ""))


def inlined(data: dict[str, Any], beside: Beside) -> dict[str, Any]:
    """A checked mapping with the content of the files that it names in their place."""
    found = dict(data)
    if isinstance(conda := data.get("conda_file"), str):
        found["conda_file"] = read_document(*beside(conda)).data
    if isinstance(pip := data.get("pip"), str):
        found["pip"] = beside(pip)[0].replace("\\\n", " ").splitlines()
    return found


class _Reader:
    """One environment on its way; faults are collected, so that an author sees all of them."""

    def __init__(self, document: Document, path: Path, beside: Beside | None) -> None:
        self.document, self.path, self.beside = document, path, beside
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.python = ""
        self.packages: dict[str, str] = {}
        self.options: list[str] = []

    def read(self) -> EnvironmentSpec:
        data = self.document.data
        for key in self.path:
            data = data[key]
        if not isinstance(data, dict):
            raise SpecError([self.fault((), "an environment is a mapping with name, conda_file or image")])
        self._known_keys(data, KEYS, IGNORED, self.document, self.path, "an environment")
        self._content(data)
        fields: dict[str, Any] = {
            "name": self._text(data, "name"),
            "version": self._text(data, "version") or None,
            "description": self._text(data, "description"),
            "image": self._text(data, "image"),
            "tags": {str(key): str(value) for key, value in (data.get("tags") or {}).items()},
            "build": data.get("build"),
        }
        if not (self.python or self.packages or fields["image"] or fields["build"] or self.faults):
            self.faults.append(
                self.fault((), "it says nothing to install: give `conda_file`, `pip`, `python`, or an `image`")
            )
        try:
            spec = EnvironmentSpec(
                **fields,
                python=self.python,
                packages=tuple(self.packages[name] for name in sorted(self.packages)),
                options=tuple(dict.fromkeys(self.options)),
                notes=tuple(self.notes),
            )
        except ValidationError as error:
            for found in error.errors(include_url=False):
                message = str(found["msg"]).removeprefix("Value error, ")
                subject = ".".join(map(str, found["loc"]))
                self.faults.append(self.fault(tuple(found["loc"]), f"`{subject}`: {message[:1].lower()}{message[1:]}"))
            spec = None
        if self.faults or spec is None:
            raise SpecError(self.faults)
        return spec

    def fault(self, path: Path, message: str) -> Fault:
        return self.document.fault((*self.path, *path), message)

    def _content(self, data: dict[str, Any]) -> None:
        if data.get("image") and data.get("build"):
            self.faults.append(self.fault(("build",), "give `image` or `build`, not both"))
        conda = data.get("conda_file")
        if isinstance(conda, str):
            if document := self._file(("conda_file",), conda):
                self._conda(document, ())
        elif isinstance(conda, dict):
            self._conda(self.document, (*self.path, "conda_file"), conda)
        elif conda is not None:
            self.faults.append(self.fault(("conda_file",), "`conda_file` is a path or a mapping"))
        if data.get("python") is not None:
            try:
                self.python = python_versions(str(data["python"]))
            except ValueError as error:
                self.faults.append(self.fault(("python",), str(error)))
        pip = data.get("pip")
        if isinstance(pip, str):
            self._pip_file(pip)
        elif pip is not None:
            self._pip(pip, self.document, (*self.path, "pip"))

    def _conda(self, document: Document, path: Path, data: Any = None) -> None:
        data = document.data if data is None else data
        if not isinstance(data, dict) or not isinstance(data.get("dependencies"), list):
            self.faults.append(document.fault(path, "a conda file is a mapping with a list of `dependencies`"))
            return
        self._known_keys(data, CONDA_KEYS, (), document, path, "a conda file")
        if data.get("channels"):
            self.notes.append("`channels` has no effect: packages come from the package index.")
        if data.get("variables"):
            self.notes.append("`variables` has no effect: set them in the component's command.")
        nowhere: list[str] = []
        for index, dependency in enumerate(data["dependencies"]):
            place = (*path, "dependencies", index)
            if isinstance(dependency, dict) and set(dependency) == {"pip"}:
                self._pip(dependency["pip"], document, (*place, "pip"))
            elif isinstance(dependency, str):
                try:
                    name, versions = translated(dependency)
                except NoEquivalent as error:
                    nowhere.append(error.name)
                except ValueError as error:
                    self.faults.append(document.fault(place, str(error)))
                else:
                    self._translated(name, versions, document, place)
            else:
                self.faults.append(document.fault(place, "a dependency is text, or a mapping with `pip` alone"))
        if nowhere:
            names, many = " and ".join(f"`{name}`" for name in nowhere), len(nowhere) > 1
            self.notes.append(
                f"{LEFT_OUT}{names}: {'' if many else 'a '}conda package{'s' if many else ''} without an equal among "
                f"Python packages. Code that needs {'them' if many else 'it'} finds what is installed on the server."
            )

    def _translated(self, name: str, versions: str, document: Document, place: Path) -> None:
        if name == "python":
            self.python = versions
        elif name != "pip":  # it is always there
            self._add(f"{name}{versions}", document, place)

    def _pip(self, lines: Any, document: Document, path: Path) -> None:
        if not isinstance(lines, list):
            self.faults.append(document.fault(path, "`pip` is a list of packages"))
            return
        for index, line in enumerate(lines):
            if isinstance(line, str):
                self._add(line, document, (*path, index))
            else:
                self.faults.append(document.fault((*path, index), "a package is text such as `numpy==2.1.0`"))

    def _pip_file(self, name: str) -> None:
        if document := self._file(("pip",), name, yaml=False):
            for number, line in enumerate(document.text.replace("\\\n", "  ").splitlines(), 1):
                self._add(line, document, (), number)

    def _add(self, line: str, document: Document, place: Path, number: int | None = None) -> None:
        try:
            line = normalised(line)
        except ValueError as error:
            fault = document.fault(place, str(error))
            self.faults.append(Fault(fault.message, fault.file, number, 1) if number else fault)
            return
        if is_option(line):
            self.options.append(line)
        elif line and self.packages.setdefault(key := _key(line), line) != line:
            first = self.packages[key]
            message = f"`{line}`: `{first}` stands in the list already; leave one of them"
            fault = document.fault(place, message)
            self.faults.append(Fault(message, fault.file, number, 1) if number else fault)

    def _file(self, key: Path, name: str, yaml: bool = True) -> Document | None:
        """A file beside the YAML; a fault where it cannot be read."""
        try:
            if self.beside is None:
                raise ValueError(f"`{name}` cannot be read from here: write its content in its place")
            text, shown = self.beside(name)
            return read_document(text, shown) if yaml else Document(None, shown, text)
        except SpecError as error:
            self.faults += error.faults
        except ValueError as error:
            self.faults.append(self.fault(key, str(error)))
        return None

    def _text(self, data: dict[str, Any], key: str) -> str:
        value = data.get(key)
        if value is None or (isinstance(value, str | int | float) and not isinstance(value, bool)):
            return "" if value is None else str(value)
        self.faults.append(self.fault((key,), f"`{key}` is text"))
        return ""

    def _known_keys(
        self,
        data: dict[str, Any],
        keys: tuple[str, ...],
        ignored: tuple[str, ...],
        document: Document,
        path: Path,
        subject: str,
    ) -> None:
        for key in data:
            if key in keys or key in ignored:
                continue
            near = difflib.get_close_matches(key, keys, n=1)
            hint = f"did you mean `{near[0]}`?" if near else f"the keys are {', '.join(keys)}"
            self.faults.append(document.fault((*path, key), f"`{key}` is not known in {subject}; {hint}"))


def _key(line: str) -> str:
    """One line for each package and marker: `x; python_version < '3.9'` may stand beside another `x`."""
    return f"{name_of(line)};{line.partition(';')[2].strip()}"
