"""What a step logs with MLflow, kept while it runs and when it has ended."""

from typing import Any

from runner.models import Tracking
from runner.services.attempts import Claim
from runner.services.changes import changing
from runner.services.steadfast import steadfast

MOST_TOLD = 20


@steadfast
def tracking_keep(claim: Claim, data: dict[str, Any]) -> None:
    """Keep what an attempt logged so far, and tell those who look on; they are told the last values of some metrics."""
    with changing(run_id=claim.step.run_id) as change:
        Tracking.objects.update_or_create(attempt=claim.attempt, defaults={"data": data})
        metrics = {name: metric["last"] for name, metric in list(data.get("metrics", {}).items())[:MOST_TOLD]}
        change.emit("step.metrics", {"node": claim.step.node_id, "metrics": metrics})
