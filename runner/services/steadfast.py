"""What a worker tells of a step it holds is not lost when a connection to the database is cut.

It is told again, on a new connection, until the lease would be over. That is safe since all of it is fenced by the
lease: where the first time was committed and only the answer was lost, the second finds that it holds no lease.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

CUT = (OperationalError, InterfaceError)
"""What is raised when the database cannot be reached, or a connection to it was cut."""
PAUSE_SECONDS = 0.5
T = TypeVar("T")
log = logging.getLogger("portline.worker")


def steadfast(tell: Callable[..., T]) -> Callable[..., T]:
    """For functions whose first argument is a Claim. Raises what `tell` does; when it lasts too long, one of CUT."""

    @wraps(tell)
    def again(claim: Any, *args: Any, **kwargs: Any) -> T:
        if connection.in_atomic_block:
            return tell(claim, *args, **kwargs)
        end = time.monotonic() + settings.STEP_LEASE_SECONDS
        while True:
            before = _remember(claim)
            try:
                return tell(claim, *args, **kwargs)
            except CUT as error:
                _restore(claim, before)
                connection.close()
                if time.monotonic() >= end:
                    raise
                log.warning("%s: the database could not be told (%s); tried again", claim.step, str(error).strip())
                time.sleep(PAUSE_SECONDS)

    return again


def _remember(claim: Any) -> list[tuple[Any, dict[str, Any]]]:
    """What a change that is rolled back has set already: the claim, and its rows as they are in memory."""
    found = [(thing, dict(vars(thing))) for thing in (claim, claim.step, claim.attempt)]
    for _, values in found:
        for name in [name for name, value in values.items() if type(value) is list]:
            values[name] = values[name].copy()
    return found


def _restore(claim: Any, before: list[tuple[Any, dict[str, Any]]]) -> None:
    for thing, values in before:
        vars(thing).clear()
        vars(thing).update(values)
