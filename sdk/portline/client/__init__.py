"""The client of the REST API. `MLClient` is loaded when it is asked for: the command line starts without it."""

from typing import TYPE_CHECKING, Any

from portline.client.errors import Fault, PortlineError

if TYPE_CHECKING:
    from portline.client.ml_client import MLClient

__all__ = ["Fault", "MLClient", "PortlineError"]


def __getattr__(name: str) -> Any:
    if name != "MLClient":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from portline.client.ml_client import MLClient

    return MLClient
