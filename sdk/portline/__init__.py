"""The Python client of a Portline server: `MLClient`, and what it raises.

What it holds is loaded when it is asked for, so that the command line starts fast.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portline.client import MLClient
    from portline.client.errors import PortlineError

__all__ = ["MLClient", "PortlineError"]
__version__ = "0.1.0"

_PLACES = {"MLClient": "portline.client", "PortlineError": "portline.client.errors"}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PLACES[name]), name)
