"""What is unfinished or doubtful in a loop: its items, what its iterations give each other, its search space."""

import difflib
import json
import math
from collections.abc import Container, Iterator, Sequence
from typing import Any

from designer.graph.control import handed_on
from designer.graph.document import Catalog, Document, edge_key
from designer.graph.finding import Problem, bound_input, check, problem
from registry.spec import values
from registry.spec.interface import InputPort, Interface
from registry.spec.types import fit, is_data

DISCRETE = ("choice", "randint")
LARGEST_EXPONENT = 700.0
"""e to the power of more is larger than any number."""


def given_by_loop(document: Document, node: dict[str, Any]) -> Container[str]:
    """The literal inputs that every iteration gets from the loop, so that they need no other value."""
    loop = node.get("loop")
    if loop is None:
        return ()
    if loop["type"] == "sweep":
        return set(loop["search_space"])
    if loop["type"] == "do_while" or loop["over"] == "files":
        return ()
    items = _known_items(document, loop)
    if items is None:
        return {loop["input"]} if loop["input"] else _Everything()
    every = [set(item) if isinstance(item, dict) else {loop["input"]} for item in items]
    # Of an empty list, there is no iteration that could lack something.
    return set.intersection(*every) if every else _Everything()


def loop_problems(document: Document, node: dict[str, Any], catalog: Catalog) -> list[Problem]:
    """The problems of a node's loop; none where it runs once or its component is not known."""
    loop, interface = node.get("loop"), catalog.interface(node["component"])
    if loop is None or interface is None:
        return []
    finder = _Finder(document, node, loop, interface)
    kind = loop["over"] if loop["type"] == "parallel_for" else loop["type"]
    found = {"items": finder.items, "files": finder.files, "do_while": finder.do_while, "sweep": finder.sweep}[kind]()
    return list(found)


class _Finder:
    def __init__(self, document: Document, node: dict[str, Any], loop: dict[str, Any], interface: Interface) -> None:
        self.document = document
        self.node = node
        self.loop = loop
        self.inputs = {port["name"]: port for port in interface["inputs"]}
        self.outputs = {port["name"]: port for port in interface["outputs"]}

    def items(self) -> Iterator[Problem]:
        given = self.loop["items"]
        if isinstance(given, str):
            if (fault := self._list_fault(given)) is not None:
                yield fault
                return
        elif not given:
            yield self._missing("items", "The loop has no items yet.")
            return
        items = _known_items(self.document, self.loop) or []
        name = self.loop["input"]
        if name is None and any(not isinstance(item, dict) for item in items):
            yield self._missing("input", "The items are single values: say which input they go to.")
            return
        if name is not None and (reason := self._no_parameter(name)):
            yield self._invalid("input", reason)
            return
        for index, item in enumerate(items, 1):
            values_ = item if isinstance(item, dict) else {name: item}
            faults = (self._value_fault(key, value) for key, value in values_.items())
            if reason := next(filter(None, faults), ""):
                yield self._invalid("items", f"Item {index}: {reason}")
                return

    def _list_fault(self, text: str) -> Problem | None:
        name = bound_input(text)
        if name is None:
            return self._invalid("items", f"`{text}` is no list of items and names no pipeline input.")
        bound = self.document["inputs"].get(name)
        if bound is None:
            message = f"The items come from the pipeline input `{name}`, which is not there."
            return problem(self.node["id"], "loop.items", "unknown_binding", message)
        if bound["type"] != "string":
            return self._invalid("items", f"The pipeline input `{name}` must be a text that holds a JSON list.")
        if bound["default"] is not None and _known_items(self.document, self.loop) is None:
            return self._invalid("items", f"The default of the pipeline input `{name}` is no JSON list of values.")
        return None

    def files(self) -> Iterator[Problem]:
        name = self.loop["input"]
        if not name:
            yield self._missing("input", "Say which input gets the files.")
            return
        port = self.inputs.get(name)
        if port is None or not is_data(port["type"]):
            reason = f"{port['label']} takes a value, not files." if port else self._unknown(name, self._data())
            yield self._invalid("input", reason)
            return
        judged = fit("uri_file" if self.loop["batch_size"] == 1 else "uri_folder", port["type"])
        if judged.verdict == "no":
            yield self._invalid("input", f"Each iteration gets a part of the folder: {judged.reason}")
        if port["optional"] and edge_key(self.node["id"], name) not in self.document["edges"]:
            message = f"Connect a folder to {port['label']}: the loop goes through its files."
            yield problem(self.node["id"], name, "missing_input", message)

    def do_while(self) -> Iterator[Problem]:
        condition = self.loop["condition"]
        if not condition:
            message = f"Without a condition it runs all {self.loop['max_iteration_count']} times."
            yield problem(self.node["id"], "loop.condition", "missing_value", message, "warning")
        elif condition not in self.outputs:
            yield self._invalid("condition", self._unknown_output(condition))
        elif self.outputs[condition]["type"] != "boolean":
            label = self.outputs[condition]["label"]
            yield self._invalid("condition", f"{label} is no yes or no, so it cannot say whether to run again.")
        taken: dict[str, str] = {}
        for output, input_ in handed_on(self.loop["mapping"]):
            if reason := self._mapping_fault(output, input_, taken):
                yield self._invalid(f"mapping.{output}", reason)

    def _mapping_fault(self, output: str, input: str, taken: dict[str, str]) -> str:
        if output not in self.outputs:
            return self._unknown_output(output)
        if not input:
            return f"Say which input gets {self.outputs[output]['label']} the next time."
        if input not in self.inputs:
            return self._unknown(input, list(self.inputs))
        if taken.setdefault(input, output) != output:
            return f"{self.inputs[input]['label']} gets {self.outputs[taken[input]]['label']} already."
        judged = fit(self.outputs[output]["type"], self.inputs[input]["type"])
        return judged.reason if judged.verdict == "no" else ""

    def sweep(self) -> Iterator[Problem]:
        spaces = self.loop["search_space"]
        if not spaces:
            yield self._missing("search_space", "A sweep varies at least one parameter: choose one.")
        for name, space in spaces.items():
            reason = self._no_parameter(name) or self._space_fault(self.inputs[name], space)
            if reason:
                yield self._invalid(f"search_space.{name}", reason)
        if not self.loop["objective"]["primary_metric"]:
            yield self._missing("objective.primary_metric", "Name the metric by which the best trial is found.")
        yield from self._grid_problems(spaces)
        policy = self.loop["early_termination"]
        if policy and policy["type"] == "bandit":
            slacks = [policy[key] for key in ("slack_factor", "slack_amount") if policy[key] is not None]
            if len(slacks) != 1:
                reason = "Give one of slack factor and slack amount: how much worse than the best a trial may be."
                yield self._invalid("early_termination", reason)

    def _grid_problems(self, spaces: dict[str, dict[str, Any]]) -> Iterator[Problem]:
        if self.loop["sampling_algorithm"] != "grid" or not spaces:
            return
        for name, space in spaces.items():
            if space["type"] not in DISCRETE:
                reason = f"A grid needs values to go through: list them for `{name}`, or sample at random."
                yield self._invalid(f"search_space.{name}", reason)
                return
        points = math.prod(len(s["values"]) if s["type"] == "choice" else s["upper"] for s in spaces.values())
        most = self.loop["limits"]["max_total_trials"]
        if points > most:
            message = f"The grid has {points:,} points, and only the first {most:,} are tried."
            yield problem(self.node["id"], "loop.limits", "invalid_loop", message, "warning")

    def _space_fault(self, port: InputPort, space: dict[str, Any]) -> str:
        label, kind = port["label"], space["type"]
        if kind == "choice":
            if not space["values"]:
                return f"List the values that {label} is tried with."
            return next((f"{reason}." for value in space["values"] if (reason := check(port, value))), "")
        if port["type"] == "boolean" or port["enum"]:
            return f"{label} is chosen among values: list those to try."
        if kind == "randint":
            return _first_fault(port, [0, space["upper"] - 1])
        if port["type"] == "integer" and not (kind.startswith("q") and float(space["q"]).is_integer()):
            return f"{label} is a whole number: take whole numbers up to a limit, a list, or steps of a whole number."
        if "sigma" in space:
            return ""
        if space["min_value"] >= space["max_value"]:
            return f"{label}: the smallest value must be below the largest."
        ends = [space["min_value"], space["max_value"]]
        if "log" in kind:
            if max(ends) > LARGEST_EXPONENT:
                return f"{label}: the bounds are exponents, and e to the power of {max(ends):g} is beyond all numbers."
            ends = [math.exp(end) for end in ends]
        return _first_fault(port, [round(end) for end in ends] if port["type"] == "integer" else ends)

    # Sentences

    def _no_parameter(self, name: str) -> str:
        """Why this is no literal input; empty if it is one."""
        port = self.inputs.get(name)
        if port is None:
            return self._unknown(name, [each for each in self.inputs if each not in self._data()])
        return f"{port['label']} takes data, not a value." if is_data(port["type"]) else ""

    def _value_fault(self, name: str, value: object) -> str:
        if reason := self._no_parameter(name):
            return reason
        return f"{fault}." if (fault := check(self.inputs[name], value)) else ""

    def _data(self) -> list[str]:
        return [name for name, port in self.inputs.items() if is_data(port["type"])]

    def _unknown(self, name: str, known: Sequence[str]) -> str:
        return f"there is no input `{name}`{_near(name, known)}"

    def _unknown_output(self, name: str) -> str:
        return f"there is no output `{name}`{_near(name, list(self.outputs))}"

    def _missing(self, field: str, message: str) -> Problem:
        return problem(self.node["id"], f"loop.{field}", "missing_value", message)

    def _invalid(self, field: str, message: str) -> Problem:
        return problem(self.node["id"], f"loop.{field}", "invalid_loop", message[:1].upper() + message[1:])


def _known_items(document: Document, loop: dict[str, Any]) -> list[Any] | None:
    """The items, as far as they are known before a run; None where a pipeline input will bring them."""
    given = loop["items"]
    if not isinstance(given, str):
        return list(given)
    bound = document["inputs"].get(bound_input(given) or "", {})
    try:
        items = json.loads(bound.get("default") or "")
    except (ValueError, TypeError):
        return None
    if not isinstance(items, list):
        return None
    plain = all(isinstance(value, values.Scalar) for item in items for value in _parts(item))
    return items if plain else None


def _parts(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else [item]


def _first_fault(port: InputPort, ends: Sequence[float]) -> str:
    return next((f"{reason}." for end in ends if (reason := check(port, end))), "")


def _near(name: str, known: Sequence[str]) -> str:
    found = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{found[0]}`?" if found else "."


class _Everything(Container[str]):
    """Holds every name: the items that a run brings say themselves what they give."""

    def __contains__(self, name: object) -> bool:
        return True
