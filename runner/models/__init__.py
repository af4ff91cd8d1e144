"""What happens: runs, their steps, and what these leave behind."""

from runner.models.artifacts import Artifact
from runner.models.cache import CacheEntry
from runner.models.loops import Iteration
from runner.models.records import Event, LogChunk
from runner.models.runs import Run, RunTag
from runner.models.schedules import Schedule, ScheduleFire
from runner.models.steps import Attempt, Step, StepEdge
from runner.models.tracking import Tracking
from runner.models.workers import Worker

__all__ = [
    "Artifact",
    "Attempt",
    "CacheEntry",
    "Event",
    "Iteration",
    "LogChunk",
    "Run",
    "RunTag",
    "Schedule",
    "ScheduleFire",
    "Step",
    "StepEdge",
    "Tracking",
    "Worker",
]
