"""Schedules: jobs that are submitted at times."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portline.client.errors import PortlineError
from portline.entities.submitting import Submittable

FREQUENCIES = ("minute", "hour", "day", "week", "month")


@dataclass(frozen=True)
class RecurrencePattern:
    """The hours and minutes of a recurrence, and the days of a week or a month."""

    hours: int | Sequence[int]
    minutes: int | Sequence[int]
    week_days: str | Sequence[str] | None = None
    month_days: int | Sequence[int] | None = None

    def plain(self) -> dict[str, Any]:
        """As YAML has it."""
        return {key: value for key, value in self.__dict__.items() if value is not None}


@dataclass(frozen=True)
class CronTrigger:
    """Five fields: minute, hour, day of the month, month, day of the week. Times are ISO 8601."""

    expression: str
    start_time: str | None = None
    end_time: str | None = None
    time_zone: str = "UTC"

    def plain(self) -> dict[str, Any]:
        """As YAML has it."""
        return {"type": "cron", **{key: value for key, value in self.__dict__.items() if value is not None}}


@dataclass(frozen=True)
class RecurrenceTrigger:
    """Every so many minutes, hours, days, weeks or months. Raises PortlineError for another frequency."""

    frequency: str
    interval: int
    schedule: RecurrencePattern | None = None
    start_time: str | None = None
    end_time: str | None = None
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.frequency not in FREQUENCIES:
            raise PortlineError(
                f"`{self.frequency}` is no frequency; there are {', '.join(FREQUENCIES)}.", code="usage"
            )

    def plain(self) -> dict[str, Any]:
        """As YAML has it."""
        found = {key: value for key, value in self.__dict__.items() if value is not None and key != "schedule"}
        return {"type": "recurrence", **found, **({"schedule": self.schedule.plain()} if self.schedule else {})}


class JobSchedule(Submittable):
    """A job and when it is submitted. `create_job` is a job as an object, or the path of its YAML."""

    def __init__(
        self,
        *,
        name: str,
        trigger: Any,
        create_job: Any,
        display_name: str | None = None,
        description: str | None = None,
        tags: dict[str, str] | None = None,
        folder: Path | None = None,
    ) -> None:
        self.name, self.trigger, self.create_job = name, trigger, create_job
        self.display_name, self.description, self.tags = display_name, description, tags
        self.folder = folder or Path.cwd()

    def plain(self) -> dict[str, Any]:
        """All but the job, as YAML has it."""
        trigger = self.trigger.plain() if hasattr(self.trigger, "plain") else self.trigger
        found: dict[str, Any] = {"name": self.name, "display_name": self.display_name, "description": self.description}
        found |= {"tags": self.tags, "trigger": trigger}
        return {key: value for key, value in found.items() if value is not None}

    def __repr__(self) -> str:
        return f"<schedule {self.name}>"
