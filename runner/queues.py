"""Compute targets as people watch them: what waits in each queue, and who works on it. A fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from registry.models import ComputeTarget, Workspace
from registry.spec.compute import written_labels
from registry.templatetags.portline import spoken
from runner.engine.states import StepStatus
from runner.models import Step, Worker
from runner.services.compute import GONE_SECONDS

STEPS_SHOWN = 20


@dataclass
class WorkerLine:
    """A worker, with the steps of this queue and workspace that it runs; `busy` counts all that it runs."""

    worker: Worker
    alive: bool
    busy: int = 0
    steps: list[Step] = field(default_factory=list)

    @property
    def shown(self) -> list[Step]:
        return self.steps[:STEPS_SHOWN]

    @property
    def more(self) -> int:
        """Steps beyond those that are shown."""
        return max(0, len(self.steps) - STEPS_SHOWN)

    @property
    def silent(self) -> str:
        """How long ago it told of itself."""
        passed = timezone.now() - self.worker.beat_at
        return f"{max(0, int(passed.total_seconds()))} s" if passed < timedelta(minutes=1) else spoken(passed)

    @property
    def state(self) -> str:
        if not self.alive:
            return "gone"
        if self.worker.stopping:
            return "stopping"
        return "busy" if self.busy else "idle"


@dataclass
class Queue:
    """A compute target (None: the default queue) and this workspace's steps in it."""

    target: ComputeTarget | None
    queued: int = 0
    running: int = 0
    workers: list[WorkerLine] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.target.name if self.target else "default"

    @property
    def served(self) -> bool:
        return any(line.alive and not line.worker.stopping for line in self.workers)

    @property
    def slots(self) -> int:
        return sum(line.worker.slots for line in self.workers if line.alive)

    @property
    def labels(self) -> list[str]:
        return written_labels(self.target.labels).split(", ") if self.target and self.target.labels else []


def queues_of(workspace: Workspace) -> list[Queue]:
    """The default queue, then the targets of a workspace by name; archived ones only while something is in them."""
    counts = _counts(workspace)
    targets = ComputeTarget.objects.filter(workspace=workspace).filter(Q(archived_at=None) | Q(pk__in=set(counts)))
    queues = {target.pk: Queue(target) for target in targets}
    found: list[Queue] = [Queue(None), *queues.values()]
    for queue in found:
        queue.queued, queue.running = counts.get(queue.target.pk if queue.target else 0, (0, 0))
    for line in _workers(workspace):
        for queue in found:
            if line.worker.default_queue if queue.target is None else queue.target in line.worker.targets.all():
                pk = queue.target.pk if queue.target else None
                queue.workers.append(replace(line, steps=[step for step in line.steps if step.compute_id == pk]))
    return found


def _counts(workspace: Workspace) -> dict[int, tuple[int, int]]:
    """Queued and running steps of a workspace by target; 0 stands for the default queue."""
    steps = Step.objects.filter(run__workspace=workspace).order_by()
    queued = _by_target(steps.filter(status=StepStatus.QUEUED))
    running = _by_target(steps.filter(lease_token__isnull=False))
    return {target: (queued.get(target, 0), running.get(target, 0)) for target in {*queued, *running}}


def _by_target(steps: Any) -> dict[int, int]:
    rows = steps.values_list("compute").annotate(number=Count("pk"))
    return {target or 0: number for target, number in rows}


def _workers(workspace: Workspace) -> list[WorkerLine]:
    own = Prefetch("targets", ComputeTarget.objects.filter(workspace=workspace))
    serving = Q(default_queue=True) | Q(targets__workspace=workspace)
    workers = list(Worker.objects.filter(serving).distinct().prefetch_related(own))
    names = [worker.name for worker in workers]
    held = Step.objects.filter(worker__in=names, lease_token__isnull=False)
    busy = dict(held.order_by().values_list("worker").annotate(Count("pk")))
    steps: dict[str, list[Step]] = defaultdict(list)
    shown = held.filter(run__workspace=workspace).select_related("run")
    for step in shown.only("title", "node_id", "worker", "compute", "started_at", "run__pipeline_name"):
        steps[step.worker].append(step)
    since = timezone.now() - timedelta(seconds=GONE_SECONDS)
    return [
        WorkerLine(worker, worker.beat_at > since, busy.get(worker.name, 0), steps[worker.name]) for worker in workers
    ]


def queue_summary(queue: Queue) -> dict[str, Any]:
    """A queue as the API answers it."""
    return {
        "compute": queue.target.name if queue.target else None,
        "queued": queue.queued,
        "running": queue.running,
        "workers": [
            {
                "name": line.worker.name,
                "host": line.worker.host,
                "version": line.worker.version,
                "slots": line.worker.slots,
                "busy": line.busy,
                "state": line.state,
                "cpu": line.worker.cpu,
                "memory": line.worker.memory,
                "started_at": line.worker.started_at,
                "beat_at": line.worker.beat_at,
                "steps": [{"run": step.run_id, "node": step.node_id} for step in line.steps],
            }
            for line in queue.workers
        ],
    }
