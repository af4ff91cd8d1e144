"""A branch as a step of its own, since no two engines compare alike: it says which way it goes, by Portline's rule."""

import inspect
import json
from collections.abc import Mapping
from typing import Any

from designer.graph.export.flat import WAY, Constant, Given, Step
from registry.spec import comparing
from registry.spec.component import ComponentSpec

_MAIN = """

if __name__ == "__main__":
    import json
    import sys

    rule, type_, value, path = sys.argv[1:]
    given = value.strip().lower() == "true" if type_ == "boolean" else value
    with open(path, "w", encoding="utf-8") as file:
        file.write("true" if takes(json.loads(rule), given) else "false")
"""


def branch_step(id: str, title: str, rule: Mapping[str, Any], given: Given, type_: str) -> Step:
    """The step that decides: its output `way` is `true` or `false`."""
    spec = ComponentSpec.model_validate(
        {
            "name": "branch",
            "display_name": title,
            "inputs": {"rule": {"type": "string"}, "type": {"type": "string"}, "value": {"type": type_}},
            "outputs": {WAY: {"type": "string"}},
            "command": 'python branch.py "${{inputs.rule}}" "${{inputs.type}}" "${{inputs.value}}" "${{outputs.way}}"',
        }
    )
    inputs: dict[str, Given] = {"rule": Constant(json.dumps(dict(rule))), "type": Constant(type_), "value": given}
    code = (inspect.getsource(comparing) + _MAIN).encode()
    return Step(id, title, spec, inputs, code={"branch.py": code})
