"""What only Portline knows of a pipeline and its jobs: `properties.portline`, which Azure ML keeps and ignores.

Azure ML's properties of jobs are texts, so it is written as JSON; people may write a mapping, as in components.
"""

import json
from collections.abc import Mapping
from typing import Any

HINTS = "portline"


def hints_text(hints: Mapping[str, Any]) -> str:
    """Hints as Azure ML takes them."""
    return json.dumps(hints, ensure_ascii=False)


def hints_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The hints of a pipeline or a job, in either form; none where they cannot be read."""
    properties = data.get("properties")
    found = properties.get(HINTS) if isinstance(properties, Mapping) else None
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except ValueError:
            return {}
    return found if isinstance(found, dict) else {}
