"""When a step gets another attempt."""

LOSSES_ALLOWED = 3
"""How often a worker may vanish with a step: after that the step itself is likely what ends its workers."""


def may_retry(attempt: int, max_attempts: int) -> bool:
    """Whether a step whose attempt number `attempt` failed is tried again."""
    return attempt < max_attempts


def may_restart(losses: int) -> bool:
    """Whether a step that lost its worker for the `losses`th time is given to another."""
    return losses < LOSSES_ALLOWED


LONGEST_DELAY = 86_400.0


def retry_delay(first: float, backoff: float, attempt: int) -> float:
    """Seconds before the attempt after number `attempt`: each delay is `backoff` times the one before."""
    return min(LONGEST_DELAY, first * backoff ** (attempt - 1))


def put_off_delay(losses: int) -> float:
    """Seconds before a step is tried again for which something was out of reach: 5, 20."""
    return float(5 * 4**losses)
