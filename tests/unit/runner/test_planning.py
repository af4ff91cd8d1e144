"""Planning: what a document becomes, and incremental deciding against an obvious reference."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.spec.comparing import takes
from registry.spec.interface import Interface
from runner.engine.flow import Behind, Outcome, group_status, on_finished, outcome_of
from runner.engine.literals import CannotPlan
from runner.engine.planning import plan
from runner.engine.states import StepStatus, check_run, check_step, run_outcome

Edges = list[tuple[int, int, str]]
"""Source, target, and what the edge asks: a wire that is "required" or "optional", or the condition of an order edge."""

ASKS = ["required", "optional", "succeeded", "failed", "completed", "skipped", "ended", "true", "false"]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, Edges, list[str], list[float]]:
    """Nodes, edges from lower to higher nodes (several between two nodes too), outcomes, and an order of finishing."""
    size = draw(st.integers(1, 9))
    pairs = [(a, b) for b in range(size) for a in range(b)]
    edges = draw(st.lists(st.tuples(st.sampled_from(pairs), st.sampled_from(ASKS)), max_size=20)) if pairs else []
    ends = st.sampled_from(["succeeded", "failed", "true", "false"])
    outcomes = draw(st.lists(ends, min_size=size, max_size=size))
    speeds = draw(st.lists(st.floats(0, 1), min_size=size, max_size=size))
    return size, [(a, b, asks) for (a, b), asks in edges], outcomes, speeds


def holds(asks: str, outcome: str) -> bool:
    """Whether an edge lets its target run, after its source ended so."""
    match asks:
        case "required":
            return outcome == "succeeded"
        case "optional" | "ended":
            return True
        case "completed":
            return outcome in ("succeeded", "failed")
    return outcome == asks


def reference(size: int, edges: Edges, outcomes: list[str]) -> dict[int, str]:
    """How each node ends, found by looking at everything: in topological order, node by node."""
    ends: dict[int, str] = {}
    for node in range(size):
        met = all(holds(asks, ends[source]) for source, target, asks in edges if target == node)
        ends[node] = outcomes[node] if met else "skipped"
    return ends


def incremental(size: int, edges: Edges, outcomes: list[str], speeds: list[float]) -> dict[int, str]:
    """The same through `on_finished`, one ended step at a time, in an order that the speeds decide."""
    missing = {node: sum(target == node for _, target, _ in edges) for node in range(size)}
    ends: dict[int, str] = {}
    running = {node for node in range(size) if missing[node] == 0}

    def ended(node: int, outcome: str) -> None:
        ends[node] = outcome
        # The edges to targets that have not begun.
        out = [(target, asks) for source, target, asks in edges if source == node and target not in ends]
        behind = [
            Behind(target, missing[target], asks == "required", "" if asks in ("required", "optional") else asks)
            for target, asks in out
        ]
        effects = on_finished(Outcome(outcome), behind)
        for target, _ in out:
            missing[target] -= 1
        for target in effects.ready:
            assert target not in running, "a step starts once"
            assert all(source in ends for source, other, _ in edges if other == target), "nothing starts too early"
            running.add(target)
        # All of them end before any of them tells those behind it.
        assert not ends.keys() & set(effects.skipped), "a step ends once"
        ends.update(dict.fromkeys(effects.skipped, "skipped"))
        for target in effects.skipped:
            ended(target, "skipped")

    while running:
        node = min(running, key=lambda node: speeds[node])
        running.remove(node)
        assert node not in ends, "a step ends once"
        ended(node, outcomes[node])
    return ends


@settings(max_examples=500, deadline=None)
@given(graphs())
def test_incremental_planning_ends_as_the_reference_does(graph: tuple[int, Edges, list[str], list[float]]) -> None:
    size, edges, outcomes, speeds = graph
    assert incremental(size, edges, outcomes, speeds) == reference(size, edges, outcomes)


@pytest.mark.parametrize(
    ("status", "taken", "outcome"),
    [
        ("Completed", None, "succeeded"),
        ("Completed", True, "true"),
        ("Completed", False, "false"),
        ("Failed", None, "failed"),
        ("Skipped", None, "skipped"),
        ("Canceled", None, "canceled"),
    ],
)
def test_how_a_step_ended_is_seen_by_those_behind_it(status: str, taken: bool | None, outcome: str) -> None:
    assert outcome_of(status, taken) == outcome


@pytest.mark.parametrize(
    ("inner", "status"),
    [
        (["Completed", "Skipped"], "Completed"),
        (["Completed", "Failed", "Canceled"], "Failed"),
        (["Completed", "Canceled"], "Canceled"),
        (["Skipped", "Skipped"], "Skipped"),
        ([], "Completed"),
    ],
)
def test_a_group_ends_as_its_steps_did(inner: list[str], status: str) -> None:
    assert group_status(inner) == status


@pytest.mark.parametrize(
    ("operator", "operand", "value", "taken"),
    [
        ("is_true", None, True, True),
        ("is_true", None, "false", False),
        ("is_true", None, 0, False),
        ("eq", "0.5", 0.5, True),
        ("eq", True, "true", True),
        ("ne", "a", "b", True),
        ("lt", 10, "9", True),
        ("ge", 0.9, 0.9, True),
        ("gt", "b", "a", False),
        ("le", 1, 2, False),
    ],
)
def test_which_way_a_branch_goes(operator: str, operand: object, value: object, taken: bool) -> None:
    assert takes({"operator": operator, "operand": operand}, value) is taken


def test_a_branch_says_what_it_cannot_compare() -> None:
    with pytest.raises(ValueError, match=r"`high` and `0\.5` cannot be compared by size"):
        takes({"operator": "gt", "operand": 0.5}, "high")


def port(name: str, type_: str, **fields: Any) -> dict[str, Any]:
    empty = {"label": name, "description": "", "optional": False, "default": None, "enum": None, "min": None}
    return {
        "name": name,
        "type": type_,
        **empty,
        "max": None,
        "widget": None,
        "language": None,
        "columns_of": None,
    } | fields


def interfaces(**components: list[dict[str, Any]]) -> dict[str, Interface]:
    return {
        f"{name}:1": {"ref": f"{name}:1", "title": name.title(), "inputs": inputs}  # type: ignore[typeddict-item]
        for name, inputs in components.items()
    }


def document(nodes: dict[str, dict[str, Any]], edges: list[str] = (), **more: Any) -> dict[str, Any]:  # type: ignore[assignment]
    made = {
        id: {"id": id, "kind": "component", "component": f"{id}:1", "params": {}, "settings": {}, **node}
        for id, node in nodes.items()
    }
    wires = {}
    for edge in edges:
        (source, output), (target, input_) = (end.strip().rsplit(".", 1) for end in edge.split("->"))
        wires[f"{target}.{input_}"] = {"source": source, "output": output, "target": target, "input": input_}
    return {"nodes": made, "edges": wires, "inputs": {}, "settings": {}} | more


def test_wires_are_counted_and_steps_without_any_are_ready() -> None:
    known = interfaces(a=[], b=[port("x", "uri_file"), port("y", "uri_file", optional=True)])
    planned = plan(document({"a": {}, "b": {}}, ["a.o -> b.x", "a.p -> b.y"]), known, {})
    assert planned.ready == ["a"]
    assert {step.node: step.missing for step in planned.steps} == {"a": 0, "b": 2}
    assert {(wire.input, wire.required) for wire in planned.wires} == {("x", True), ("y", False)}


def test_a_data_node_is_no_step_but_an_asset_of_those_it_feeds() -> None:
    known = interfaces(b=[port("x", "uri_file")])
    nodes = {"d": {"kind": "data", "asset": "titanic:1", "type": "uri_file"}, "b": {}}
    planned = plan(document(nodes, ["d.data -> b.x"]), known, {})
    assert [(step.node, step.assets, step.missing) for step in planned.steps] == [("b", {"x": "titanic:1"}, 0)]


def test_an_expression_alone_keeps_its_type_and_within_text_becomes_text() -> None:
    known = interfaces(a=[port("n", "integer"), port("s", "string")])
    nodes = {"a": {"params": {"n": "${{parent.inputs.n}}", "s": "n=${{ parent.inputs.n }};b=${{parent.inputs.b}}"}}}
    inputs = {"n": {"type": "integer", "default": 3}, "b": {"type": "boolean", "default": True}}
    planned = plan(document(nodes, inputs=inputs), known, {"n": "5"})
    assert planned.steps[0].params == {"n": 5, "s": "n=5;b=True"}
    assert planned.inputs == {"n": 5, "b": True}


def test_defaults_fill_in_and_unset_optional_inputs_stay_unset() -> None:
    known = interfaces(a=[port("n", "integer", default=4, optional=True), port("s", "string", optional=True)])
    assert plan(document({"a": {}}), known, {}).steps[0].params == {"n": 4}


def test_a_pipeline_input_feeds_data_and_parameters_through_wires() -> None:
    known = interfaces(a=[port("x", "uri_file"), port("n", "integer")])
    inputs = {"data": {"type": "uri_file", "default": {"asset": "iris:2"}}, "n": {"type": "integer"}}
    planned = plan(document({"a": {}}, ["$inputs.data -> a.x", "$inputs.n -> a.n"], inputs=inputs), known, {"n": 1})
    assert planned.steps[0].assets == {"x": "iris:2"}
    assert planned.steps[0].params == {"n": 1}


@pytest.mark.parametrize(
    ("given_", "where", "sentence"),
    [
        ({}, ("", "n"), "needs a value"),
        ({"n": "x"}, ("", "n"), "is not a number"),
        ({"n": 99}, ("a", "n"), "above the largest"),
        ({"n": 1, "zzz": 1}, ("", "zzz"), "has no input"),
    ],
)
def test_values_that_do_not_fit_are_refused_with_their_place(
    given_: dict[str, Any], where: tuple[str, str], sentence: str
) -> None:
    known = interfaces(a=[port("n", "integer", max=5)])
    nodes = {"a": {"params": {"n": "${{parent.inputs.n}}"}}}
    with pytest.raises(CannotPlan, match=sentence) as refused:
        plan(document(nodes, inputs={"n": {"type": "integer"}}), known, given_)
    assert (refused.value.node, refused.value.field) == where


def test_an_unset_optional_pipeline_input_cannot_feed_a_required_input() -> None:
    known = interfaces(a=[port("x", "uri_file")])
    inputs = {"data": {"type": "uri_file", "optional": True}}
    with pytest.raises(CannotPlan, match="needs data"):
        plan(document({"a": {}}, ["$inputs.data -> a.x"], inputs=inputs), known, {})


@pytest.mark.parametrize(
    ("counts", "cancelled", "outcome"),
    [
        ({"Completed": 2}, False, "Completed"),
        ({"Completed": 2, "Failed": 1, "Skipped": 3}, False, "Failed"),
        ({"Failed": 1, "Canceled": 1}, True, "Canceled"),
        ({"Failed": 1, "Running": 1}, False, None),
        ({"CancelRequested": 1}, True, None),
        ({"Completed": 1, "Queued": 0}, False, "Completed"),
    ],
)
def test_a_run_ends_when_nothing_can_change(counts: dict[str, int], cancelled: bool, outcome: str | None) -> None:
    assert run_outcome(counts, cancelled) == outcome


def test_what_ended_never_changes() -> None:
    for before in ("Completed", "Failed", "Canceled", "Skipped"):
        for after in StepStatus:
            with pytest.raises(RuntimeError):
                check_step(before, after)
    with pytest.raises(RuntimeError):
        check_run("Completed", "Running")
    check_step("Running", "Queued")
