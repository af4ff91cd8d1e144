"""YAML as plain data that remembers where each part stands. YAML 1.2, so `no` and `12:30` stay what was meant."""

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from registry.spec.faults import Fault, SpecError

SIZE_LIMIT = 5_000_000
NODE_LIMIT = 1_000_000
"""Parts of a file, with each alias counted as what it stands for."""
Path = tuple[str | int, ...]


@dataclass
class Document:
    """`data` is made of dict, list, str, int, float, bool and None only."""

    data: Any
    file: str
    text: str
    _places: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def place(self, path: Path) -> tuple[int, int]:
        """Line and column, from 1, of the value at `path` or of the nearest thing around it that exists."""
        while path and path not in self._places:
            path = path[:-1]
        return self._places.get(path, (1, 1))

    def within(self, path: Path) -> "Document":
        """The part at `path` as a document of its own, whose faults are told at their places in this file."""
        data = self.data
        for key in path:
            data = data[key]
        places = {place[len(path) :]: at for place, at in self._places.items() if place[: len(path)] == path}
        return Document(data, self.file, self.text, places)

    def wrapped(self, path: Path, data: Any) -> "Document":
        """`data`, which has this document at `path`, whose parts stand where they stand here."""
        return Document(data, self.file, self.text, {(*path, *place): at for place, at in self._places.items()})

    def fault(self, path: Path, message: str) -> Fault:
        line, column = self.place(path)
        return Fault(message, self.file, line, column)


def read_document(text: str, file: str) -> Document:
    """Read one YAML document, with aliases and merged mappings written out.

    Raises SpecError for what is no YAML, for keys that stand twice, and for aliases that make too much of a file.
    """
    if len(text) > SIZE_LIMIT:
        raise SpecError([Fault(f"the file is larger than {SIZE_LIMIT // 1_000_000} MB", file)])
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise SpecError([Fault(f"this is not valid YAML: {problem}", file, line, column)]) from None
    except YAMLError as error:
        raise SpecError([Fault(f"this is not valid YAML: {error}", file)]) from None
    if root is None:
        raise SpecError([Fault("the file is empty", file)])
    document = Document(None, file, text)
    faults: list[Fault] = []
    try:
        document.data = _Plain(yaml, document, faults).of(root, (), frozenset())
    except _TooMuch:
        raise SpecError([Fault("its aliases (*name) stand for too much, or for themselves", file)]) from None
    if faults:
        raise SpecError(faults)
    return document


class _TooMuch(Exception):
    pass


class _Plain:
    """From nodes of YAML to plain data. Each node is counted as often as aliases name it."""

    def __init__(self, yaml: YAML, document: Document, faults: list[Fault]) -> None:
        self.yaml, self.document, self.faults = yaml, document, faults
        self.left = NODE_LIMIT

    def of(self, node: Node, path: Path, within: frozenset[int]) -> Any:
        """The data of a node; `within` are the nodes around it."""
        self.left -= 1
        if self.left < 0 or id(node) in within:
            raise _TooMuch
        self.document._places.setdefault(path, _where(node))
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        within |= {id(node)}
        if isinstance(node, SequenceNode):
            return [self.of(item, (*path, index), within) for index, item in enumerate(node.value)]
        assert isinstance(node, MappingNode)
        mapping: dict[str, Any] = {}
        merged: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line, column = _where(key_node)
            if not isinstance(key_node, ScalarNode):
                self.faults.append(Fault("a key must be one word or text", self.document.file, line, column))
                continue
            key = str(key_node.value)
            if key == "<<":
                merged = {**self._merged(value_node, path, within), **merged}
                continue
            if key in mapping:
                self.faults.append(Fault(f"`{key}` stands twice in one mapping", self.document.file, line, column))
            self.document._places[(*path, key)] = (line, column)
            mapping[key] = self.of(value_node, (*path, key), within)
        return {**merged, **mapping} if merged else mapping

    def _merged(self, node: Node, path: Path, within: frozenset[int]) -> dict[str, Any]:
        """What `<<` brings: a mapping, or several of which earlier ones count."""
        found: dict[str, Any] = {}
        for each in node.value if isinstance(node, SequenceNode) else [node]:
            data = self.of(each, path, within)
            if isinstance(data, dict):
                found = {**data, **found}
            else:
                self.faults.append(Fault("`<<` takes mappings, as in `<<: *name`", self.document.file, *_where(node)))
        return found

    def _scalar(self, node: ScalarNode) -> Any:
        value = self.yaml.constructor.construct_object(node, deep=True)
        if value is None or isinstance(value, bool | int | float | str):
            return value
        # Dates and binary are text to Azure ML, which has no such types.
        return str(node.value)


def _where(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
