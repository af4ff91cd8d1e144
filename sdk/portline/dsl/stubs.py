"""A Python module with one typed function for each registered component, so that editors know their inputs."""

import keyword
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portline.client.errors import PortlineError
from portline.entities.component import Component
from portline.entities.loading import load_component

if TYPE_CHECKING:
    from portline.client import MLClient

_TYPES = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_HEAD = '''"""The components of {where}, each as a function that makes a node of it.

Made by `portline component generate`.
"""

from typing import Any, Literal

from portline import load_component
from portline.client import MLClient
from portline.entities.component import Component
from portline.entities.node import Node
from portline.entities.values import Value

_client: MLClient | None = None
_loaded: dict[str, Component] = {{}}


def use(client: MLClient) -> None:
    """Load components with this client instead of the one that `portline login` knows."""
    global _client
    _client = client
    _loaded.clear()


def _component(name: str, version: str) -> Component:
    global _client
    if name not in _loaded:
        _client = _client or MLClient()
        _loaded[name] = load_component(client=_client, name=name, version=version)
    return _loaded[name]
'''


def generate(client: "MLClient", folder: str | Path, names: list[str] | None = None) -> Path:
    """Write `components.py` into a folder, for all components of the workspace or those named; answers the file.

    Raises PortlineError where there are none.
    """
    wanted = names if names is not None else [str(each["name"]) for each in client.components.list()]
    if not wanted:
        raise PortlineError("There are no components in this workspace.", code="not_found")
    components = [load_component(client=client, name=name) for name in sorted(wanted)]
    where = f"the workspace {client.workspace_name}"
    file = Path(folder) / "components.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source(components, where), encoding="utf-8", newline="\n")
    return file


def source(components: list[Component], where: str) -> str:
    """The text of the module."""
    return _HEAD.format(where=where) + "".join(f"\n\n{_function(component)}" for component in components)


def _function(component: Component) -> str:
    name = component.name if not keyword.iskeyword(component.name) else f"{component.name}_"
    ports = component.inputs
    plain = {port: declared for port, declared in ports.items() if port.isidentifier() and not keyword.iskeyword(port)}
    parameters = [f"    {port}: {_annotation(declared)}{_default(declared)},\n" for port, declared in plain.items()]
    more = "    **more: Any,\n" if len(plain) < len(ports) else ""
    head = f"def {name}(\n    *,\n{''.join(parameters)}{more}) -> Node:\n" if ports else f"def {name}() -> Node:\n"
    given = "".join(f"{port}={port}, " for port in plain) + ("**more" if more else "")
    call = f'_component("{component.name}", "{component.version}")({given.rstrip(", ")})'
    return f'{head}    """{_doc(component)}"""\n    return {call}\n'


def _annotation(port: Mapping[str, Any]) -> str:
    kind = str(port.get("type", "uri_folder"))
    if port.get("enum"):
        return f"Literal[{', '.join(_quoted(str(each)) for each in port['enum'])}] | Value | Node | None"
    return f"{_TYPES[kind]} | Value | Node | None" if kind in _TYPES else "Any"


def _default(port: Mapping[str, Any]) -> str:
    if port.get("default") is not None:
        default = port["default"]
        return f" = {_quoted(default) if isinstance(default, str) else repr(default)}"
    return " = None" if port.get("optional") else ""


def _doc(component: Component) -> str:
    text = (component.__doc__ or "").replace("\\", "\\\\").replace('"""', "'''")
    text = re.sub(r'"$', "'", text)
    return "\n".join(f"    {line}".rstrip() if number else line for number, line in enumerate(text.splitlines())) + (
        "\n    " if "\n" in text else ""
    )


def _quoted(text: str) -> str:
    return '"' + repr(text)[1:-1].replace('"', '\\"').replace("\\'", "'") + '"'
