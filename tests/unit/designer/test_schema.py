"""Columns that follow from what components declare, and what is said of those that are missing."""

from pathlib import Path
from typing import Any

import pytest

from designer.graph.changed import changed_nodes
from designer.graph.column_problems import column_problems
from designer.graph.document import Document, empty
from designer.graph.schema import Schema, Seen, schemas_of
from registry.spec.component import ComponentSpec
from registry.spec.folder import read_folder
from registry.spec.interface import Interface, interface

LIBRARY = Path(__file__).parents[3] / "registry" / "library"


class Library:
    """The built-in components, as a catalog."""

    def interface(self, ref: str) -> Interface | None:
        folder = LIBRARY / ref.partition(":")[0]
        return interface(read_folder(folder).spec) if folder.is_dir() else None

    def asset_type(self, ref: str) -> str | None:
        return "uri_file"


def graph(*nodes: tuple[str, str, dict[str, Any]], wires: str) -> Document:
    """Nodes as (id, component, params); wires as `a.out b.in, ...`."""
    document = empty("Test")
    for id, component, params in nodes:
        common = {"id": id, "title": id.title(), "params": params, "exposed": [], "settings": {}}
        document["nodes"][id] = {**common, "kind": "component", "component": f"{component}:1"}
    for wire in wires.split(", ") if wires else ():
        (source, output), (target, input) = (end.split(".") for end in wire.split())
        document["edges"][f"{target}.{input}"] = {"source": source, "output": output, "target": target, "input": input}
    return document


PEOPLE = ("people", "enter_data", {"text": "name,age,city\nAda,36,London\n"})


def columns(document: Document, node: str, output: str = "result", seen: Any = None) -> list[str] | None:
    found = schemas_of(document, Library(), seen or {}).get((node, output))
    return list(found.columns) if found else None


@pytest.mark.parametrize(
    ("component", "params", "expected"),
    [
        ("select_columns", {"columns": "age, name"}, ["age", "name"]),
        ("select_columns", {"columns": "age", "mode": "drop"}, ["name", "city"]),
        ("rename_columns", {"names": "age = years"}, ["name", "years", "city"]),
        ("rename_columns", {"style": "lower_case"}, None),
        ("add_column", {"name": "born", "expression": "2026 - age"}, ["name", "age", "city", "born"]),
        ("sort_rows", {"columns": "age"}, ["name", "age", "city"]),
        (
            "group_and_aggregate",
            {"by": "city", "columns": "age", "functions": "min, max"},
            ["city", "rows", "age_min", "age_max"],
        ),
        ("clean_missing_values", {"method": "drop_columns"}, None),
        ("select_columns", {"columns": "${{parent.inputs.names}}"}, None),
    ],
)
def test_columns_follow_from_the_parameters(component: str, params: dict[str, Any], expected: list[str] | None) -> None:
    document = graph(PEOPLE, ("step", component, params), wires="people.result step.table")
    assert columns(document, "step") == expected


def test_a_join_has_both_tables_columns() -> None:
    towns = ("towns", "enter_data", {"text": "town,age,country\nLondon,2000,UK"})
    join = ("join", "join_tables", {"columns": "city", "right_columns": "town"})
    document = graph(PEOPLE, towns, join, wires="people.result join.left, towns.result join.right")
    assert columns(document, "join") == ["name", "age", "city", "age_right", "country"]


def test_what_a_run_showed_holds_until_something_changes() -> None:
    query = ("query", "sql_query", {"sql": "SELECT 1 AS one"})
    document = graph(PEOPLE, query, wires="people.result query.t1")
    then = Schema({"one": "integer"}, False, "run")
    assert columns(document, "query") is None
    fresh = schemas_of(document, Library(), {("query", "result"): Seen(then)})["query", "result"]
    assert fresh.origin == "run"
    old = schemas_of(document, Library(), {("query", "result"): Seen(then, stale=True)})["query", "result"]
    assert (list(old.columns), old.origin) == (["one"], "old run")
    # Where a rule says how it is now, an old look does not count.
    select = graph(PEOPLE, ("step", "select_columns", {"columns": "age"}), wires="people.result step.table")
    assert columns(select, "step", seen={("step", "result"): Seen(then, stale=True)}) == ["age"]


def test_a_missing_column_is_a_warning_with_the_nearest_name() -> None:
    train = ("train", "train_random_forest", {"target": "ag", "features": "name, height, weight"})
    document = graph(PEOPLE, train, wires="people.result train.table")
    found = column_problems(document, Library(), schemas_of(document, Library(), {}))["train"]
    assert [(each["field"], each["code"], each["severity"]) for each in found] == [
        ("target", "missing_column", "warning"),
        ("features", "missing_column", "warning"),
    ]
    assert found[0]["message"] == "Column `ag` is not in the table from “People”. Did you mean `age`?"
    assert found[1]["message"] == "The columns `height`, `weight` are not in the table from “People”."


def test_where_there_may_be_more_columns_none_is_missing() -> None:
    encode = ("encode", "encode_categories", {"columns": "city"})
    sort = ("sort", "sort_rows", {"columns": "city_London"})
    document = graph(PEOPLE, encode, sort, wires="people.result encode.table, encode.result sort.table")
    schemas = schemas_of(document, Library(), {})
    assert schemas["encode", "result"].more
    assert list(schemas["encode", "result"].columns) == ["name", "age"]
    assert column_problems(document, Library(), schemas) == {}


def test_a_change_reaches_all_that_it_feeds() -> None:
    nodes = (PEOPLE, ("a", "sort_rows", {"columns": "age"}), ("b", "sort_rows", {"columns": "age"}))
    then = graph(*nodes, wires="people.result a.table, a.result b.table")
    assert changed_nodes(then, then) == set()
    now = {**then, "nodes": {**then["nodes"], "a": {**then["nodes"]["a"], "params": {"columns": "name"}}}}
    assert changed_nodes(now, then) == {"a", "b"}  # type: ignore[arg-type]
    titled = {**then, "nodes": {**then["nodes"], "a": {**then["nodes"]["a"], "title": "Sorted", "x": 9}}}
    assert changed_nodes(titled, then) == set()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ([{"from": "tabel"}], "names `tabel`, which is no input"),
        ([{"from": "table"}, {"keep": "table"}], "names `table`, which is no parameter"),
        ([{"from": "table", "more": True}], "a step says exactly one thing, not 2"),
    ],
)
def test_a_declaration_names_what_is_there(steps: list[Any], fault: str) -> None:
    data = {
        "name": "mine",
        "command": "true",
        "inputs": {"table": {"type": "mltable"}, "names": {"type": "string"}},
        "outputs": {"result": {"type": "mltable"}},
        "properties": {"portline": {"outputs": {"result": {"columns": steps}}}},
    }
    with pytest.raises(ValueError, match=fault):
        ComponentSpec.model_validate(data)
