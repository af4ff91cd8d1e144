"""What is listed as unfinished in branches, loops, order edges, final steps and pipeline outputs."""

import json
from pathlib import Path
from typing import Any

import pytest

from designer.graph.document import Document
from designer.graph.problems import Problem, has_errors, problems_of
from tests.unit.designer.documents import MemoryCatalog, whole

FIXTURE = json.loads((Path(__file__).parents[2] / "fixtures" / "ops" / "connect.json").read_text())
TRAIN = next(each for each in FIXTURE["catalog"] if each["name"] == "train")
LITERAL = TRAIN["inputs"][2]


def parameter(name: str, type: str, **more: Any) -> dict[str, Any]:
    return {**LITERAL, "name": name, "label": name.capitalize(), "type": type, **more}


def output(name: str, type: str) -> dict[str, Any]:
    return {"name": name, "label": name.capitalize(), "type": type, "description": ""}


FIT = {
    **TRAIN,
    "ref": "fit:1",
    "name": "fit",
    "inputs": [
        TRAIN["inputs"][1],
        parameter("depth", "integer", min=1, max=50),
        parameter("rate", "number", optional=True, min=0),
        parameter("kernel", "string", optional=True, enum=["rbf", "linear"]),
        parameter("shuffle", "boolean", optional=True),
    ],
    "outputs": [output("model", "custom_model"), output("more", "boolean"), output("depth_next", "integer")],
}
CATALOG = MemoryCatalog([*FIXTURE["catalog"], FIT], FIXTURE["assets"])  # type: ignore[list-item]


def document(nodes: dict[str, Any], **parts: Any) -> Document:
    return whole({"nodes": nodes, **parts})


def wire(source: str, output: str, target: str, input: str) -> dict[str, Any]:
    return {f"{target}.{input}": {"source": source, "output": output, "target": target, "input": input}}


def after(source: str, target: str, condition: str) -> dict[str, Any]:
    return {f"{target}<{source}": {"source": source, "target": target, "condition": condition}}


def found(draft: Document) -> list[Problem]:
    return [problem for of_node in problems_of(draft, CATALOG).values() for problem in of_node]


def only(draft: Document) -> tuple[str, str, str]:
    (problem,) = found(draft)
    return problem["field"], problem["code"], problem["message"]


# Branches

LOAD = {"component": "load:1.0.0"}
HANGING = {"load": LOAD}


def branch(operator: str, operand: Any = None, value: Any = None, **parts: Any) -> Document:
    node: dict[str, Any] = {"kind": "branch", "branch": {"operator": operator, "operand": operand}}
    if value is not None:
        node["params"] = {"value": value}
    return document({"check": node, **HANGING}, order=after("check", "load", "true"), **parts)


def test_a_branch_needs_something_to_decide_by() -> None:
    assert only(branch("is_true")) == ("value", "missing_value", "Value needs a value.")


def test_a_branch_that_nothing_hangs_on_is_pointed_out() -> None:
    draft = document({"check": {"kind": "branch", "params": {"value": True}}, **HANGING})
    assert only(draft)[1] == "unused_branch"
    assert not has_errors(problems_of(draft, CATALOG))


@pytest.mark.parametrize(
    ("operator", "operand", "value"),
    [
        ("is_true", None, True),
        ("is_true", None, "${{parent.inputs.sure}}"),
        ("eq", "rbf", "linear"),
        ("ne", False, True),
        ("ge", 0.5, 3),
        ("lt", "7", "${{parent.inputs.count}}"),
        ("gt", 3, "a${{parent.inputs.count}}"),
    ],
)
def test_a_branch_that_can_decide_has_no_problem(operator: str, operand: Any, value: Any) -> None:
    inputs = {"sure": {"type": "boolean"}, "count": {"type": "integer"}}
    assert found(branch(operator, operand, value, inputs=inputs)) == []


@pytest.mark.parametrize(
    ("operator", "operand", "value", "problem"),
    [
        ("is_true", None, 3, ("branch.operator", "invalid_branch", "“is true” decides by yes or no, but the value is a whole number: compare it with something.")),
        ("lt", 3, True, ("branch.operator", "invalid_branch", "A yes or no cannot be compared by size: choose “is true”, “equals” or “differs from”.")),
        ("eq", None, 3, ("branch.operand", "missing_value", "Say what the value is compared with.")),
        ("eq", "many", 3, ("branch.operand", "invalid_branch", "The value is a whole number, and `many` is none: they cannot be compared.")),
        ("eq", 3, True, ("branch.operand", "invalid_branch", "The value is a yes or no, and `3` is none: they cannot be compared.")),
        ("ge", True, "text", ("branch.operand", "invalid_branch", "The value is a text, and `True` is none: they cannot be compared.")),
    ],
)  # fmt: skip
def test_an_operator_or_operand_that_does_not_fit_the_value_is_an_error(
    operator: str, operand: Any, value: Any, problem: tuple[str, str, str]
) -> None:
    assert only(branch(operator, operand, value)) == problem


def test_the_type_of_a_wired_value_counts() -> None:
    draft = branch("is_true")
    draft["nodes"]["first"] = draft["nodes"]["load"] | {"id": "first"}
    draft["edges"] |= wire("first", "count", "check", "value")
    assert only(draft)[:2] == ("branch.operator", "invalid_branch")


def test_a_branch_may_be_bound_to_a_pipeline_input_that_must_be_there() -> None:
    assert only(branch("is_true", value="${{parent.inputs.sure}}"))[1] == "unknown_binding"


# Loops


def looped(loop: dict[str, Any], params: dict[str, Any] | None = None, name: str = "fit:1", **parts: Any) -> Document:
    return document({"fit": {"component": name, "params": params or {}, "loop": loop}}, **parts)


def items(items: Any, input: str | None = None) -> dict[str, Any]:
    return {"type": "parallel_for", "over": "items", "items": items, "input": input}


@pytest.mark.parametrize(
    "loop",
    [
        items([1, 2], "depth"),
        items([{"depth": 1, "rate": 0.5}, {"depth": 2, "kernel": "rbf"}]),
        {"type": "sweep", "search_space": {"depth": {"type": "choice", "values": [1, 2]}}, "objective": {"primary_metric": "score"}},
    ],
)  # fmt: skip
def test_what_the_loop_gives_is_not_missing(loop: dict[str, Any]) -> None:
    assert found(looped(loop)) == []


def test_what_only_some_items_give_is_missing() -> None:
    assert only(looped(items([{"depth": 1}, {"rate": 1}])))[:2] == ("depth", "missing_value")


LIST = "${{parent.inputs.list}}"


def test_items_may_come_from_a_pipeline_input() -> None:
    inputs = {"list": {"type": "string"}}
    assert found(looped(items(LIST), inputs=inputs)) == []
    assert found(looped(items(LIST, "depth"), inputs=inputs)) == []
    assert only(looped(items(LIST, "rate"), inputs=inputs))[0] == "depth"
    assert only(looped(items(LIST, "depth"), inputs={"list": {"type": "string", "default": "[1, 99]"}})) == (
        "loop.items", "invalid_loop", "Item 2: Depth: 99 is above the largest allowed value, 50.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("loop", "problem"),
    [
        (items([]), ("loop.items", "missing_value", "The loop has no items yet.")),
        (items([1]), ("loop.input", "missing_value", "The items are single values: say which input they go to.")),
        (items([1], "dept"), ("loop.input", "invalid_loop", "There is no input `dept`; did you mean `depth`?")),
        (items([1], "extra"), ("loop.input", "invalid_loop", "Extra takes data, not a value.")),
        (items([{"depth": 1, "dept": 2}]), ("loop.items", "invalid_loop", "Item 1: there is no input `dept`; did you mean `depth`?")),
        (items([{"depth": 1}, {"depth": "deep"}]), ("loop.items", "invalid_loop", "Item 2: Depth: 'deep' is not a number.")),
        (items("1, 2", "depth"), ("loop.items", "invalid_loop", "`1, 2` is no list of items and names no pipeline input.")),
        (items("${{parent.inputs.gone}}", "depth"), ("loop.items", "unknown_binding", "The items come from the pipeline input `gone`, which is not there.")),
        (items("${{parent.inputs.count}}", "depth"), ("loop.items", "invalid_loop", "The pipeline input `count` must be a text that holds a JSON list.")),
        (items("${{parent.inputs.words}}", "depth"), ("loop.items", "invalid_loop", "The default of the pipeline input `words` is no JSON list of values.")),
    ],
)  # fmt: skip
def test_items_that_cannot_be_given_are_errors(loop: dict[str, Any], problem: tuple[str, str, str]) -> None:
    inputs = {"count": {"type": "integer"}, "words": {"type": "string", "default": "a, b"}}
    draft = looped(loop, {"depth": 3}, inputs=inputs)
    assert only(draft) == problem
    assert has_errors(problems_of(draft, CATALOG))


def files(input: str, batch_size: int = 1) -> dict[str, Any]:
    return {"type": "parallel_for", "over": "files", "input": input, "batch_size": batch_size}


PHOTOS = {"kind": "data", "asset": "photos:1", "type": "uri_folder"}


def test_a_loop_goes_through_the_files_of_what_feeds_its_input() -> None:
    draft = looped(files("file"), name="read:1.0.0", edges=wire("photos", "data", "fit", "file"))
    draft["nodes"] |= document({"photos": PHOTOS})["nodes"]
    assert found(draft) == []


@pytest.mark.parametrize(
    ("component", "loop", "problem"),
    [
        ("read:1.0.0", files("file"), ("file", "missing_input", "Connect something to File.")),
        ("fit:1", files("extra", 5), ("extra", "missing_input", "Connect a folder to Extra: the loop goes through its files.")),
        ("load:1.0.0", files(""), ("loop.input", "missing_value", "Say which input gets the files.")),
        ("load:1.0.0", files("rows"), ("loop.input", "invalid_loop", "Rows takes a value, not files.")),
        ("fit:1", files("extr"), ("loop.input", "invalid_loop", "There is no input `extr`; did you mean `extra`?")),
    ],
)  # fmt: skip
def test_a_loop_over_files_needs_a_folder_and_an_input(
    component: str, loop: dict[str, Any], problem: tuple[str, str, str]
) -> None:
    assert only(looped(loop, {"depth": 3} if component == "fit:1" else {}, component)) == problem


def test_an_input_that_a_single_file_does_not_fit_takes_batches() -> None:
    def draft(size: int) -> Document:
        made = looped(files("extra", size), {"depth": 3}, edges=wire("photos", "data", "fit", "extra"))
        made["nodes"] |= document({"photos": PHOTOS})["nodes"]
        return made

    assert only(draft(1)) == (
        "loop.input", "invalid_loop",
        "Each iteration gets a part of the folder: A file cannot feed a table: add “Read data” between them.",
    )  # fmt: skip
    assert found(draft(10)) == []


@pytest.mark.parametrize(
    ("loop", "problem"),
    [
        ({"condition": "more", "mapping": {"depth_next": "depth"}}, None),
        ({}, ("loop.condition", "missing_value", "Without a condition it runs all 10 times.")),
        ({"condition": "mor"}, ("loop.condition", "invalid_loop", "There is no output `mor`; did you mean `more`?")),
        ({"condition": "model"}, ("loop.condition", "invalid_loop", "Model is no yes or no, so it cannot say whether to run again.")),
        ({"condition": "more", "mapping": {"modl": "extra"}}, ("loop.mapping.modl", "invalid_loop", "There is no output `modl`; did you mean `model`?")),
        ({"condition": "more", "mapping": {"model": ""}}, ("loop.mapping.model", "invalid_loop", "Say which input gets Model the next time.")),
        ({"condition": "more", "mapping": {"model": "extr"}}, ("loop.mapping.model", "invalid_loop", "There is no input `extr`; did you mean `extra`?")),
        ({"condition": "more", "mapping": {"model": "depth"}}, ("loop.mapping.model", "invalid_loop", "This output carries data, but the input takes a parameter.")),
        ({"condition": "more", "mapping": {"depth_next": "depth", "model": "depth"}}, ("loop.mapping.model", "invalid_loop", "Depth gets Depth_next already.")),
    ],
)  # fmt: skip
def test_a_while_loop_hands_on_what_fits(loop: dict[str, Any], problem: tuple[str, str, str] | None) -> None:
    draft = looped({"type": "do_while", **loop}, {"depth": 3})
    if problem is None:
        assert found(draft) == []
    else:
        assert only(draft) == problem


def test_a_while_loop_needs_its_inputs_the_first_time() -> None:
    loop = {"type": "do_while", "condition": "more", "mapping": {"depth_next": "depth"}}
    assert only(looped(loop))[:2] == ("depth", "missing_value")


def sweep(spaces: dict[str, Any], metric: str = "score", **parts: Any) -> dict[str, Any]:
    return {"type": "sweep", "search_space": spaces, "objective": {"primary_metric": metric}, **parts}


def between(low: float, high: float, type: str = "uniform", **more: float) -> dict[str, Any]:
    return {"type": type, "min_value": low, "max_value": high, **more}


@pytest.mark.parametrize(
    "loop",
    [
        sweep({"depth": {"type": "choice", "values": [1, 2]}, "kernel": {"type": "choice", "values": ["rbf"]}}),
        sweep({"rate": between(0, 1)}),
        sweep({"rate": between(-5, 2, "loguniform")}),
        sweep({"rate": {"type": "normal", "mu": 0, "sigma": 1}}),
        sweep({"depth": between(1, 50, "quniform", q=5)}),
        sweep({"shuffle": {"type": "choice", "values": [True, False]}}, sampling_algorithm="grid"),
        sweep({"rate": between(0, 1)}, early_termination={"type": "bandit", "slack_factor": 0.1}),
        sweep({"rate": between(0, 1)}, early_termination={"type": "median_stopping"}),
    ],
)
def test_a_sweep_that_can_be_run_has_no_problem(loop: dict[str, Any]) -> None:
    assert found(looped(loop, {"depth": 3})) == []


@pytest.mark.parametrize(
    ("loop", "problem"),
    [
        (sweep({}), ("loop.search_space", "missing_value", "A sweep varies at least one parameter: choose one.")),
        (sweep({"rate": between(0, 1)}, ""), ("loop.objective.primary_metric", "missing_value", "Name the metric by which the best trial is found.")),
        (sweep({"rat": between(0, 1)}), ("loop.search_space.rat", "invalid_loop", "There is no input `rat`; did you mean `rate`?")),
        (sweep({"extra": between(0, 1)}), ("loop.search_space.extra", "invalid_loop", "Extra takes data, not a value.")),
        (sweep({"depth": {"type": "choice"}}), ("loop.search_space.depth", "invalid_loop", "List the values that Depth is tried with.")),
        (sweep({"depth": {"type": "choice", "values": [1, 99]}}), ("loop.search_space.depth", "invalid_loop", "Depth: 99 is above the largest allowed value, 50.")),
        (sweep({"rate": between(1, 1)}), ("loop.search_space.rate", "invalid_loop", "Rate: the smallest value must be below the largest.")),
        (sweep({"rate": between(-1, 1)}), ("loop.search_space.rate", "invalid_loop", "Rate: -1 is below the smallest allowed value, 0.")),
        (sweep({"rate": between(0, 800, "loguniform")}), ("loop.search_space.rate", "invalid_loop", "Rate: the bounds are exponents, and e to the power of 800 is beyond all numbers.")),
        (sweep({"depth": between(1, 5)}), ("loop.search_space.depth", "invalid_loop", "Depth is a whole number: take whole numbers up to a limit, a list, or steps of a whole number.")),
        (sweep({"depth": between(1, 5, "quniform", q=0.5)}), ("loop.search_space.depth", "invalid_loop", "Depth is a whole number: take whole numbers up to a limit, a list, or steps of a whole number.")),
        (sweep({"depth": {"type": "randint", "upper": 5}}), ("loop.search_space.depth", "invalid_loop", "Depth: 0 is below the smallest allowed value, 1.")),
        (sweep({"kernel": {"type": "randint", "upper": 5}}), ("loop.search_space.kernel", "invalid_loop", "Kernel is chosen among values: list those to try.")),
        (sweep({"shuffle": between(0, 1)}), ("loop.search_space.shuffle", "invalid_loop", "Shuffle is chosen among values: list those to try.")),
        (sweep({"rate": between(0, 1)}, sampling_algorithm="grid"), ("loop.search_space.rate", "invalid_loop", "A grid needs values to go through: list them for `rate`, or sample at random.")),
        (sweep({"depth": {"type": "choice", "values": list(range(1, 51))}}, sampling_algorithm="grid"), ("loop.limits", "invalid_loop", "The grid has 50 points, and only the first 20 are tried.")),
        (sweep({"rate": between(0, 1)}, early_termination={"type": "bandit"}), ("loop.early_termination", "invalid_loop", "Give one of slack factor and slack amount: how much worse than the best a trial may be.")),
    ],
)  # fmt: skip
def test_a_sweep_that_cannot_be_run_says_why(loop: dict[str, Any], problem: tuple[str, str, str]) -> None:
    assert only(looped(loop, {"depth": 3})) == problem


def test_a_loop_of_a_component_that_is_gone_is_not_judged() -> None:
    assert only(looped(sweep({}), name="gone:1"))[1] == "unknown_component"


# Order, final steps, pipeline outputs


def test_a_step_that_needs_data_of_one_that_must_fail_never_runs() -> None:
    nodes = {"load": LOAD, "split": {"component": "split:1.0.0", "params": {"mode": "random"}}}
    draft = document(nodes, edges=wire("load", "table", "split", "data"), order=after("load", "split", "failed"))
    assert only(draft) == (
        "data",
        "never_runs",
        "It never runs: it needs Data of “load”, but runs only where that failed.",
    )
    draft["order"] = after("load", "split", "succeeded")  # type: ignore[typeddict-item]
    assert found(draft) == []


def test_at_least_one_step_is_not_final() -> None:
    final = {**LOAD, "settings": {"final": True}}
    assert only(document({"load": final}))[1] == "empty"
    assert found(document({"load": final, "other": LOAD})) == []


def test_a_pipeline_output_of_another_type_is_a_warning() -> None:
    outputs = {"table": {"type": "uri_folder", "source": "load", "output": "table"}}
    assert found(document({"load": LOAD}, outputs=outputs)) == []
    outputs["table"]["type"] = "uri_file"
    assert only(document({"load": LOAD}, outputs=outputs))[:2] == ("table", "type_warning")
