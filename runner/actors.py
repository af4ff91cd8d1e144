"""What Dramatiq calls. A message carries one id; running it twice is harmless."""

import dramatiq

from runner.broker import QUEUE, broker


@dramatiq.actor(broker=broker, queue_name=QUEUE)
def run_step(step_id: int) -> None:
    """Run a queued step, unless somebody else holds it already or there is nothing left to do."""
    from runner.executors.attempts import run_attempt

    run_attempt(step_id)
