"""A component as an object that is called like a function: each call makes a node."""

import difflib
import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portline.client.errors import PortlineError
from portline.entities.ports import is_data
from portline.entities.submitting import Submittable

if TYPE_CHECKING:
    from portline.entities.definition import Definition
    from portline.entities.node import Node

Code = Mapping[str, str | Path]
"""Files of a component that are made here: path within its code -> text, or the file or folder that stands there."""


class Component(Submittable):
    """What a component's YAML says. `ref` is its `name:version` where it is registered.

    `content` is the YAML; paths in it are relative to `folder`. `code` are files that are written when it is, and
    `definition` is the pipeline of a pipeline component that was written in Python.
    """

    def __init__(
        self,
        content: Mapping[str, Any],
        folder: Path | None = None,
        *,
        ref: str | None = None,
        code: Code | None = None,
        definition: "Definition | None" = None,
    ) -> None:
        self.content = dict(content)
        self.folder = folder or Path.cwd()
        self.ref, self.code, self.definition = ref, code, definition
        self.__name__ = self.name
        self.__doc__ = self._doc()

    @property
    def name(self) -> str:
        return str(self.content["name"])

    @property
    def version(self) -> str | None:
        version = self.content.get("version")
        return None if version is None else str(version)

    @property
    def display_name(self) -> str:
        return str(self.content.get("display_name") or self.name)

    @property
    def description(self) -> str:
        return str(self.content.get("description") or "")

    @property
    def type(self) -> str:
        """command, pipeline, parallel, spark or another of Azure ML's."""
        return str(self.content.get("type") or "command")

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """The declared inputs by name, as the YAML has them."""
        return {name: dict(port or {}) for name, port in (self.content.get("inputs") or {}).items()}

    @property
    def outputs(self) -> dict[str, dict[str, Any]]:
        """The declared outputs by name, as the YAML has them."""
        return {name: dict(port or {}) for name, port in (self.content.get("outputs") or {}).items()}

    def __call__(self, /, *args: Any, **inputs: Any) -> "Node":
        """A node of it with these inputs, in the pipeline that is being written if one is.

        Raises PortlineError for an input that it does not have, or that is given twice.
        """
        from portline.entities.node import Node

        names = list(self.inputs)
        if len(args) > len(names):
            raise PortlineError(f"`{self.name}` takes {len(names)} inputs, not {len(args)}.", code="usage")
        for name, value in zip(names, args, strict=False):
            if name in inputs:
                raise PortlineError(f"The input `{name}` of `{self.name}` is given twice.", code="usage")
            inputs[name] = value
        return Node(self, inputs)

    @property
    def __signature__(self) -> inspect.Signature:
        ports = self.inputs
        return inspect.Signature(
            [
                inspect.Parameter(
                    name.replace(".", "__"),
                    inspect.Parameter.POSITIONAL_OR_KEYWORD if "." not in name else inspect.Parameter.KEYWORD_ONLY,
                    default=port.get("default"),
                    annotation=port.get("type", "string"),
                )
                for name, port in sorted(ports.items(), key=lambda item: "." in item[0])
            ]
        )

    def _doc(self) -> str:
        lines = [self.display_name, ""]
        lines += [self.description, ""] if self.description else []
        for title, ports in (("Args", self.inputs), ("Outputs", self.outputs)):
            if ports:
                lines += [f"{title}:", *(f"    {name}: {_said(port)}" for name, port in ports.items()), ""]
        return "\n".join(lines).rstrip()

    def __repr__(self) -> str:
        return f"<component {self.ref or self.name}>"


def nearest(name: str, known: Iterable[str]) -> str:
    """What else there is, for the end of a sentence."""
    names = list(known)
    if near := difflib.get_close_matches(name, names, n=1):
        return f"; did you mean `{near[0]}`?"
    return f"; there are {', '.join(names)}." if names else "."


def _said(port: Mapping[str, Any]) -> str:
    kind = str(port.get("type", "uri_folder"))
    parts = [kind if not port.get("enum") else " | ".join(map(str, port["enum"]))]
    if port.get("optional"):
        parts.append("optional")
    if port.get("default") is not None and not is_data(kind):
        parts.append(f"default {port['default']!r}")
    description = " ".join(str(port.get("description") or "").split())
    return f"({', '.join(parts)}) {description}".rstrip()
