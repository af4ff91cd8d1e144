"""YAML as plain data that remembers where each part stands. YAML 1.2, so `no` and `12:30` stay what was meant."""

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from registry.spec.faults import Fault, SpecError

SIZE_LIMIT = 5_000_000
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
    """Read one YAML document. Raises SpecError for what is no YAML, for aliases, and for keys that stand twice."""
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
    document.data = _plain(yaml, root, (), document, faults, set())
    if faults:
        raise SpecError(faults)
    return document


def _plain(yaml: YAML, node: Node, path: Path, document: Document, faults: list[Fault], seen: set[int]) -> Any:
    where = (node.start_mark.line + 1, node.start_mark.column + 1)
    document._places.setdefault(path, where)
    if id(node) in seen:
        faults.append(Fault("aliases (*name) are not supported: write the value out", document.file, *where))
        return None
    seen.add(id(node))
    if isinstance(node, ScalarNode):
        return _scalar(yaml, node, document, faults)
    if isinstance(node, SequenceNode):
        return [_plain(yaml, item, (*path, index), document, faults, seen) for index, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
        if not isinstance(key_node, ScalarNode):
            faults.append(Fault("a key must be one word or text", document.file, line, column))
            continue
        key = str(key_node.value)
        if key in mapping:
            faults.append(Fault(f"`{key}` stands twice in one mapping", document.file, line, column))
        document._places[(*path, key)] = (line, column)
        mapping[key] = _plain(yaml, value_node, (*path, key), document, faults, seen)
    return mapping


def _scalar(yaml: YAML, node: ScalarNode, document: Document, faults: list[Fault]) -> Any:
    value = yaml.constructor.construct_object(node, deep=True)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    # Dates and binary are text to Azure ML, which has no such types.
    return str(node.value)
