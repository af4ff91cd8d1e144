"""When a schedule fires: Azure ML's cron and recurrence triggers (`shared/azureml.md` 2.9)."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    TypeAdapter,
    field_validator,
    model_validator,
)

from registry.spec.zones import zone_of

WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIELDS = (
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of the month", "1 to 31, L for the last"),
    ("month", "1 to 12, or JAN to DEC"),
    ("day of the week", "0 to 7 (both ends are Sunday), or SUN to SAT"),
)


def _list(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else [value]


def _small(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def _small_list(value: Any) -> Any:
    return [_small(each) for each in _list(value)] if value is not None else None


Hour = Annotated[int, Field(ge=0, le=23)]
Minute = Annotated[int, Field(ge=0, le=59)]
MonthDay = Annotated[int, Field(ge=1, le=31)]
WeekDay = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class _Trigger(BaseModel):
    model_config = ConfigDict(extra="forbid")

    time_zone: str = Field("UTC", description="an IANA name, or one of Windows'")
    start_time: str | None = Field(None, description="ISO 8601; without an offset it is a time in `time_zone`")
    end_time: str | None = Field(None, description="as `start_time`; nothing fires after it")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        zone_of(name)
        return name

    @field_validator("start_time", "end_time", mode="before")
    @classmethod
    def _is_time(cls, written: Any) -> Any:
        if written in (None, ""):
            return None
        text = written.isoformat() if isinstance(written, datetime) else str(written)
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"`{text}` is no time; write it as 2026-05-01T08:00:00") from None
        return text

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Any:
        if self.start and self.end and self.end <= self.start:
            raise ValueError("end_time lies before start_time")
        return self

    @property
    def zone(self) -> ZoneInfo:
        return zone_of(self.time_zone)

    @property
    def start(self) -> datetime | None:
        return self._instant(self.start_time)

    @property
    def end(self) -> datetime | None:
        return self._instant(self.end_time)

    def _instant(self, written: str | None) -> datetime | None:
        if written is None:
            return None
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)


class CronTrigger(_Trigger):
    """Five fields, all of them honoured: minute, hour, day of the month, month, day of the week."""

    type: Annotated[Literal["cron"], BeforeValidator(_small)] = "cron"
    expression: str = Field(max_length=255, description="as in `30 6 * * MON-FRI`")

    @field_validator("expression")
    @classmethod
    def _five_fields(cls, expression: str) -> str:
        parts = expression.split()
        if len(parts) != len(_FIELDS):
            raise ValueError(
                f"`{expression}` has {len(parts)} fields; a cron expression has five: "
                "minute, hour, day of the month, month, day of the week"
            )
        for at, (name, known) in enumerate(_FIELDS):
            alone = ["*"] * len(_FIELDS)
            alone[at] = parts[at]
            if not _reads(" ".join(alone)):
                raise ValueError(f"`{parts[at]}` is no {name} of a cron expression; it takes {known}, with , - / and *")
        if not _reads(expression):
            raise ValueError(f"`{expression}` never comes: no month that it names has such a day")
        return expression


class RecurrencePattern(BaseModel):
    """At which times of its days a recurrence fires: at every minute of `minutes` in every hour of `hours`."""

    model_config = ConfigDict(extra="forbid")

    hours: Annotated[list[Hour], BeforeValidator(_list), Field(min_length=1)]
    minutes: Annotated[list[Minute], BeforeValidator(_list), Field(min_length=1)]
    week_days: Annotated[list[WeekDay] | None, BeforeValidator(_small_list)] = None
    month_days: Annotated[list[MonthDay] | None, BeforeValidator(_list)] = None


class RecurrenceTrigger(_Trigger):
    """Every so many minutes, hours, days, weeks or months, counted from the start."""

    type: Annotated[Literal["recurrence"], BeforeValidator(_small)] = "recurrence"
    frequency: Annotated[Literal["minute", "hour", "day", "week", "month"], BeforeValidator(_small)]
    interval: int = Field(1, ge=1, le=1000)
    schedule: RecurrencePattern | None = Field(None, description="without it: at the start's own time of day")

    @model_validator(mode="after")
    def _fits_frequency(self) -> "RecurrenceTrigger":
        if self.schedule is None:
            return self
        if self.frequency in ("minute", "hour"):
            raise ValueError(f"`schedule` says times of a day; every {self.frequency} it has no meaning")
        if self.schedule.week_days and self.frequency != "week":
            raise ValueError(f"`week_days` has a meaning every week only, not every {self.frequency}")
        if self.schedule.month_days and self.frequency != "month":
            raise ValueError(f"`month_days` has a meaning every month only, not every {self.frequency}")
        return self


Trigger = CronTrigger | RecurrenceTrigger


def _kind(data: Any) -> str:
    return str(data.get("type", "") if isinstance(data, dict) else getattr(data, "type", "")).lower()


AnyTrigger = Annotated[
    Annotated[CronTrigger, Tag("cron")] | Annotated[RecurrenceTrigger, Tag("recurrence")],
    Discriminator(
        _kind, custom_error_type="trigger", custom_error_message="a trigger's `type` is `cron` or `recurrence`"
    ),
]
_ANY: TypeAdapter[Trigger] = TypeAdapter(AnyTrigger)


def trigger_of(data: Any) -> Trigger:
    """The trigger that JSON or YAML describes. Raises pydantic's ValidationError."""
    return _ANY.validate_python(data)


def _reads(expression: str) -> bool:
    try:
        CronSim(expression, datetime(2024, 1, 1, tzinfo=UTC))
    except CronSimError:
        return False
    return True
