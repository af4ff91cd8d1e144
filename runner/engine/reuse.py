"""When a step may be answered from an earlier one: the key that says what it computes, and why two keys differ.

By content, not by identity: the key is made of what goes in, so an upstream step that ran again but made the same
bytes does not make anything below it run again (early cut-off).
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# Raise it whenever the key's making changes, so that old entries are not mistaken for new ones.
KEY_VERSION = 1

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Ingredients:
    """All that decides what a deterministic step makes.

    `component` is `ComponentSpec.digest` (what it does, not what it is called), `environment` the digest of what its
    code finds installed. `params` are literal inputs after defaults and bindings; `inputs` holds the content digest of
    each data input that has something, `launch` how it is started (`runner.engine.launching`).
    """

    component: str
    environment: str
    params: Mapping[str, Value]
    inputs: Mapping[str, str]
    launch: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As it is kept beside a key."""
        return {
            "component": self.component,
            "environment": self.environment,
            "params": dict(self.params),
            "inputs": dict(self.inputs),
            **({"launch": dict(self.launch)} if self.launch else {}),
        }


def key_of(made_of: Ingredients) -> str:
    """SHA-256 over the ingredients; parameters and inputs count by name, in any order."""
    counted = made_of.plain()
    counted["params"] = {name: value for name, value in made_of.params.items() if value is not None}
    document = json.dumps([KEY_VERSION, counted], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(document.encode()).hexdigest()


def differences(before: Ingredients, now: Ingredients) -> list[str]:
    """Why a step could not be answered from an earlier one: a sentence for each ingredient that differs."""
    found = []
    if before.component != now.component:
        found.append("The component does something else: its code or its spec changed.")
    if before.environment != now.environment:
        found.append("The environment changed.")
    for name in sorted({*before.params, *now.params}):
        was, is_ = before.params.get(name), now.params.get(name)
        if json.dumps(was) != json.dumps(is_):  # to Python, 1 and True are equal
            found.append(f"The parameter `{name}` was {_shown(was)} and is {_shown(is_)}.")
    for name in sorted({*before.inputs, *now.inputs}):
        if name not in now.inputs:
            found.append(f"Nothing is connected to `{name}` any more.")
        elif name not in before.inputs:
            found.append(f"Something is connected to `{name}` that was not there before.")
        elif before.inputs[name] != now.inputs[name]:
            found.append(f"The content of the input `{name}` changed.")
    for key in sorted({*before.launch, *now.launch}):
        if before.launch.get(key) != now.launch.get(key):
            found.append(f"The setting `{key}` of the node changed.")
    return found


def _shown(value: Value) -> str:
    if value is None:
        return "not set"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
