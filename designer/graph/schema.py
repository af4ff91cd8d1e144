"""Which columns the tables on the wires have, before anything runs.

What an earlier run or a data asset shows is taken where it still holds; below what changed since, the columns follow
from what the components declare (`registry.spec.columns`). Nothing here is a promise: a component's own code decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from designer.graph.document import INPUTS, Catalog, Document, edge_key
from designer.graph.names import header_names, split_names, split_pairs
from designer.graph.ports import output_ports, parameters
from registry.spec.interface import InputPort
from registry.spec.values import has_binding

Origin = Literal["run", "asset", "rule", "old run"]
Port = tuple[str, str]
"""A node, or `$inputs`, and one of its outputs."""

NUMBERS = ("integer", "number")


@dataclass(frozen=True)
class Schema:
    """The columns of a table with their types ("any" where a type is not known), in order.

    `more` says that there may be others. `origin` says how they are known; "old run" is before something changed.
    """

    columns: Mapping[str, str]
    more: bool = False
    origin: Origin = "rule"


@dataclass(frozen=True)
class Seen:
    """The columns that a table had when somebody looked; `stale` where its step changed since."""

    schema: Schema
    stale: bool = False


class Unknown(Exception):
    """The columns of an output do not follow from what is known."""


def schemas_of(document: Document, catalog: Catalog, seen: Mapping[Port, Seen]) -> dict[Port, Schema]:
    """The schema of every output and pipeline input whose columns are known."""
    found: dict[Port, Schema] = {(INPUTS, name): seen[INPUTS, name].schema for name in _known_inputs(document, seen)}
    for id in _in_order(document):
        node = document["nodes"][id]
        for port in output_ports(node, catalog):
            here = seen.get((id, port["name"]))
            if here is not None and not here.stale:
                found[id, port["name"]] = here.schema
            elif (ruled := _by_rule(document, node, port.get("columns"), catalog, found)) is not None:
                found[id, port["name"]] = ruled
            elif here is not None:
                found[id, port["name"]] = Schema(here.schema.columns, here.schema.more, "old run")
    return found


def fed_schema(document: Document, node: str, input: str, schemas: Mapping[Port, Schema]) -> Schema | None:
    """The columns of what comes into an input."""
    edge = document["edges"].get(edge_key(node, input))
    return schemas.get((edge["source"], edge["output"])) if edge else None


def given(document: Document, node: dict[str, Any], port: InputPort) -> object:
    """The value of a parameter that is known while editing. Raises Unknown where only a run knows it."""
    value = node["params"].get(port["name"])
    value = port["default"] if value is None else value
    if has_binding(value) or edge_key(node["id"], port["name"]) in document["edges"]:
        raise Unknown
    return value


def _known_inputs(document: Document, seen: Mapping[Port, Seen]) -> Iterator[str]:
    return (name for name in document["inputs"] if (INPUTS, name) in seen)


def _in_order(document: Document) -> list[str]:
    """Nodes after what feeds them."""
    waiting = dict.fromkeys(document["nodes"], 0)
    below: dict[str, list[str]] = {}
    for edge in document["edges"].values():
        if edge["source"] in waiting and edge["target"] in waiting:
            waiting[edge["target"]] += 1
            below.setdefault(edge["source"], []).append(edge["target"])
    ready = [id for id, count in waiting.items() if count == 0]
    for id in ready:
        for target in below.get(id, ()):
            waiting[target] -= 1
            if waiting[target] == 0:
                ready.append(target)
    return ready


def _by_rule(
    document: Document,
    node: dict[str, Any],
    steps: list[dict[str, Any]] | None,
    catalog: Catalog,
    found: Mapping[Port, Schema],
) -> Schema | None:
    # What a loop gives is another thing, and a disabled or bypassed step does not do what it declares.
    if steps is None or node.get("loop") or node.get("mode"):
        return None
    try:
        return _Rule(document, node, catalog, found).schema(steps)
    except (Unknown, ValueError, TypeError):
        return None


class _Rule:
    """The declared steps of one output, at work."""

    def __init__(
        self, document: Document, node: dict[str, Any], catalog: Catalog, found: Mapping[Port, Schema]
    ) -> None:
        self.document, self.node, self.found = document, node, found
        self.ports = {port["name"]: port for port in parameters(node, catalog)}
        self.columns: dict[str, str] = {}
        self.more = False

    def schema(self, steps: list[dict[str, Any]]) -> Schema:
        for step in steps:
            wanted = step.get("when", {})
            if all(self._is(name, value) for name, value in wanted.items()):
                key = next(key for key in step if key not in ("when", "empty", "to"))
                getattr(self, f"_{key}")(step[key], step)
        return Schema(self.columns, self.more)

    def _is(self, name: str, wanted: Any) -> bool:
        return self._value(name) in (wanted if isinstance(wanted, list) else [wanted])

    def _value(self, name: str) -> Any:
        return given(self.document, self.node, self.ports[name])

    def _names(self, name: str) -> list[str]:
        return split_names(str(self._value(name) or ""))

    def _chosen(self, step: dict[str, Any], key: str) -> list[str]:
        """The columns that a parameter names; where it is empty, those that this stands for."""
        names = self._names(step[key])
        if names or "empty" not in step:
            return names
        if step["empty"] != "all" and "any" in self.columns.values():
            raise Unknown
        wanted = {"text": ("text",), "numbers": NUMBERS}.get(step["empty"])
        return [name for name, type_ in self.columns.items() if wanted is None or type_ in wanted]

    def _input(self, name: str) -> Schema | None:
        if edge_key(self.node["id"], name) not in self.document["edges"]:
            return None
        schema = fed_schema(self.document, self.node["id"], name, self.found)
        if schema is None:
            raise Unknown
        self.more = self.more or schema.more
        return schema

    def _inputs(self, names: list[str]) -> list[Schema]:
        tables = [table for name in names if (table := self._input(name))]
        if not tables:
            raise Unknown
        return tables

    def _from(self, names: list[str], step: dict[str, Any]) -> None:
        for table in self._inputs(names):
            self.columns = {**self.columns, **{n: t for n, t in table.columns.items() if n not in self.columns}}

    def _common(self, names: list[str], step: dict[str, Any]) -> None:
        first, *others = self._inputs(names)
        self.columns = {
            name: type_
            for name, type_ in first.columns.items()
            if all(name in other.columns or other.more for other in others)
        }

    def _join(self, join: dict[str, Any], step: dict[str, Any]) -> None:
        left, right = self._inputs([join["left"]])[0], self._inputs([join["right"]])[0]
        keys = self._names(join.get("right_on") or join["on"]) or self._names(join["on"])
        self.columns = dict(left.columns)
        for name, type_ in right.columns.items():
            if name not in keys:
                self.columns[name + join.get("suffix", "_right") if name in left.columns else name] = type_

    def _file(self, name: str, step: dict[str, Any]) -> None:
        self._from([name], step)

    def _header(self, name: str, step: dict[str, Any]) -> None:
        self.columns = dict.fromkeys(header_names(str(self._value(name) or "")), "any")

    def _keep(self, name: str, step: dict[str, Any]) -> None:
        self.columns = {each: self.columns.get(each, "any") for each in self._chosen(step, "keep")}
        self.more = False

    def _drop(self, name: str, step: dict[str, Any]) -> None:
        gone = set(self._chosen(step, "drop"))
        self.columns = {each: type_ for each, type_ in self.columns.items() if each not in gone}

    def _rename(self, name: str, step: dict[str, Any]) -> None:
        pairs = split_pairs(str(self._value(name) or ""))
        self.columns = {pairs.get(each, each): type_ for each, type_ in self.columns.items()}

    def _cast(self, name: str, step: dict[str, Any]) -> None:
        type_ = self._type(step)
        self.columns |= {each: type_ for each in self._chosen(step, "cast") if each in self.columns}

    def _type(self, step: dict[str, Any]) -> str:
        to = step.get("to", "any")
        return str(self._value(to[1:])) if to.startswith("$") else to

    def _add(self, columns: dict[str, str], step: dict[str, Any]) -> None:
        self.columns |= columns

    def _add_named(self, name: str, step: dict[str, Any]) -> None:
        if column := str(self._value(name) or ""):
            self.columns[column] = self._type(step)

    def _add_numbered(self, numbered: dict[str, Any], step: dict[str, Any]) -> None:
        type_ = numbered.get("type", "number")
        self.columns |= {f"{numbered['prefix']}{at + 1}": type_ for at in range(int(self._value(numbered["count"])))}

    def _aggregate(self, rule: dict[str, Any], step: dict[str, Any]) -> None:
        groups = self._names(rule["by"])
        columns = self._names(rule["columns"])
        if not columns:
            if self.more or "any" in self.columns.values():
                raise Unknown
            columns = [name for name, type_ in self.columns.items() if type_ in NUMBERS and name not in groups]
        found = {name: self.columns.get(name, "any") for name in groups}
        if rule.get("count"):
            found[rule["count"]] = "integer"
        functions = self._names(rule["functions"])
        found |= {f"{name}_{function}": "any" for name in columns for function in functions}
        self.columns, self.more = found, False

    def _more(self, value: bool, step: dict[str, Any]) -> None:
        self.more = True

    def _unknown(self, value: bool, step: dict[str, Any]) -> None:
        raise Unknown
