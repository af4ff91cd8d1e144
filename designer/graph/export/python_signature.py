"""A pipeline's inputs as the parameters of a Python function: types, defaults, rules and descriptions."""

import keyword
from collections.abc import Iterator
from typing import Any

from designer.graph.document import Document
from designer.graph.export.flat import Findings
from designer.graph.export.python_text import INDENT, Code, call, docstring, literal
from registry.spec.types import is_data

_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class Signature:
    """The parameters of a pipeline's function. What it uses is put into `imports` and `typing`."""

    def __init__(self, document: Document, imports: set[str], findings: Findings) -> None:
        self.document, self.imports, self.findings = document, imports, findings
        self.typing: set[str] = set()
        self.groups: dict[str, dict[str, dict[str, Any]]] = {}
        """Class of a group -> its fields: inputs whose names have a dot."""
        self.has_description = _is_plain(document["description"])
        self.parameters: dict[str, dict[str, Any]] = {}
        self._classes: dict[str, str] = {}
        for name, input_ in document["inputs"].items():
            group, dot, field = name.partition(".")
            if not dot:
                self.parameters[name] = input_
                if keyword.iskeyword(name):
                    findings.lose(f"The pipeline's input `{name}` cannot be a parameter in Python: rename it.")
            elif "." in field:
                findings.lose(f"The pipeline's input `{name}` is in a group within a group: Python's has one level.")
            else:
                class_ = self._classes.setdefault(group, "".join(part.capitalize() for part in group.split("_")))
                self.groups.setdefault(class_, {})[field] = input_
                self.parameters[group] = {}

    def head(self, function: str) -> str:
        """`def function(...):`, each parameter on a line of its own where there are many."""
        parameters = [self._parameter(name, input_) for name, input_ in self.parameters.items()]
        # Those without a default come first in Python; by name only, they may stand in any order.
        star = ["*"] if parameters else []
        line = f"def {function}({', '.join([*star, *parameters])}):"
        if len(line) <= 110:
            return line
        return "\n".join([f"def {function}(", *(f"{INDENT}{each}," for each in [*star, *parameters]), "):"])

    def classes(self) -> Iterator[str]:
        """The groups of inputs."""
        for name, fields in self.groups.items():
            self.imports.add("group")
            lines = [f"{INDENT}{self._parameter(field, input_)}" for field, input_ in fields.items()]
            yield "\n".join(["@group", f"class {name}:", *lines, "", ""])

    def docstring(self) -> Iterator[str]:
        """What the function's docstring says: the pipeline's description, and those of inputs and outputs."""
        parts = [self.document["description"] if self.has_description else ""]
        for title, ports in (("Args", self.document["inputs"]), ("Returns", self.document["outputs"])):
            said = {name: port["description"] for name, port in ports.items() if _is_said(port["description"])}
            if said:
                parts.append("\n".join([f"{title}:", *(f"{INDENT}{name}: {text}" for name, text in said.items())]))
        if any(parts):
            yield docstring(parts, 1, begins_below=not parts[0])

    def _parameter(self, name: str, input_: dict[str, Any]) -> str:
        if not input_:
            class_ = self._classes[name]
            return f"{name}: {class_} = {class_}()" if self._has_defaults(class_) else f"{name}: {class_}"
        type_, default = input_["type"], input_["default"]
        rules: dict[str, Any] = {key: input_[key] for key in ("min", "max", "enum") if input_.get(key) is not None}
        if type_ == "integer":
            rules |= {key: int(rules[key]) for key in ("min", "max") if key in rules}
        rules |= {"optional": True} if input_["optional"] and (default is not None or is_data(type_)) else {}
        if input_["description"] and not _is_said(input_["description"]):
            rules["description"] = input_["description"]
        rules |= {key: value for key, value in input_.get("kept", {}).items() if key == "mode"}
        if is_data(type_):
            self.imports.add("Input")
            annotation = call("Input", {"type": type_, **rules}.items(), 0)
            if not isinstance(default, dict):
                return f"{name}: {annotation}" + (" = None" if input_["optional"] else "")
            given = [("type", type_), ("path", f"azureml:{default['asset']}")]
            return f"{name}: {annotation} = {call('Input', given, 0)}"
        annotation = _TYPES[type_]
        if rules:
            self.imports.add("Input")
            annotation = call("Input", {"type": type_, **rules}.items(), 0)
        elif input_["optional"] and default is None:
            annotation = f"{annotation} | None"
        if default is None:
            return f"{name}: {annotation}" + (" = None" if input_["optional"] else "")
        return f"{name}: {annotation} = {literal(Code(repr(default)) if not isinstance(default, str) else default)}"

    def _has_defaults(self, class_: str) -> bool:
        return all(input_["default"] is not None for input_ in self.groups[class_].values())


def _is_plain(text: str) -> bool:
    """Whether a description reads the same out of a docstring."""
    return bool(text) and text == " ".join(text.split(" ")).strip() and "\n" not in text and not text.endswith(":")


def _is_said(text: str) -> bool:
    return _is_plain(text) and text[0] != ":"
