"""The step that computes an expression: a generated command component, as Azure ML makes one."""

import functools
import hashlib
from typing import TYPE_CHECKING

from portline.entities.component import Component
from portline.entities.values import Expression

if TYPE_CHECKING:
    from portline.entities.node import Node

ENVIRONMENT = "azureml:portline-default@latest"
"""What every server has; steps start quickly in it."""
_SCRIPT = '''"""Computes {shown}."""

import argparse
import os


def boolean(text):
    return text.strip().lower() == "true"


parser = argparse.ArgumentParser()
{arguments}
parser.add_argument("--output", required=True)
args = parser.parse_args()
{names} = {values}
result = {expression}
path = os.path.join(args.output, "output") if os.path.isdir(args.output) else args.output
with open(path, "w", encoding="utf-8") as file:
    file.write(str({type}(result)))
'''
_PYTHON = {"string": "str", "integer": "int", "number": "float", "boolean": "boolean"}


def node_of(expression: Expression) -> "Node":
    """The node, within the pipeline that is being written."""
    leaves = expression.leaves()
    letters = {id(leaf): f"value_{number + 1}" for number, leaf in enumerate(leaves)}
    names = list(letters.values())
    text = expression.text(letters)[1:-1]
    arguments = [
        f'parser.add_argument("--{name}", type={_PYTHON[leaf.type]}, required=True)'
        for name, leaf in zip(names, leaves, strict=True)
    ]
    script = _SCRIPT.format(
        shown=text,
        arguments="\n".join(arguments),
        names=", ".join(names),
        values=", ".join(f"args.{name}" for name in names),
        expression=text,
        type={"boolean": "bool"}.get(expression.type) or _PYTHON[expression.type],
    )
    component = _component(script, text, tuple(leaf.type for leaf in leaves), expression.type)
    node = component(**dict(zip(names, leaves, strict=True)))
    node.base_name = "expression"
    return node


@functools.lru_cache(maxsize=1000)
def _component(script: str, text: str, types: tuple[str, ...], type_: str) -> Component:
    """One component for the same computation, however often it is written."""
    names = [f"value_{number + 1}" for number in range(len(types))]
    words = [f'--{name} "${{{{inputs.{name}}}}}"' for name in names]
    content = {
        "name": f"expression_{hashlib.sha256(script.encode()).hexdigest()[:8]}",
        "display_name": text[:200],
        "type": "command",
        "inputs": {name: {"type": each} for name, each in zip(names, types, strict=True)},
        "outputs": {"output": {"type": type_}},
        "environment": ENVIRONMENT,
        "code": "./code",
        "command": " ".join(["python compute.py", *words, '--output "${{outputs.output}}"']),
    }
    return Component(content, code={"compute.py": script})
