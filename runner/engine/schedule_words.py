"""A trigger in a sentence, for people: `every 2 weeks on Mon, Fri at 06:00`."""

from collections.abc import Mapping
from typing import Any


def in_words(trigger: Mapping[str, Any]) -> str:
    """What a schedule's trigger (as JSON) says, without its zone where that is UTC."""
    zone = trigger.get("time_zone", "UTC")
    where = "" if zone == "UTC" else f", {zone}"
    if trigger["type"] == "cron":
        return f"cron {trigger['expression']}{where}"
    number, unit = trigger.get("interval", 1), trigger["frequency"]
    often = f"every {unit}" if number == 1 else f"every {number} {unit}s"
    pattern = trigger.get("schedule")
    if not pattern:
        return often + where
    days = ""
    if pattern.get("week_days"):
        days = " on " + ", ".join(day[:3].title() for day in pattern["week_days"])
    if pattern.get("month_days"):
        days = " on day " + ", ".join(map(str, pattern["month_days"]))
    times = [f"{hour:02}:{minute:02}" for hour in sorted(pattern["hours"]) for minute in sorted(pattern["minutes"])]
    more = f" and {len(times) - 4} more" if len(times) > 5 else ""
    return f"{often}{days} at {', '.join(times[:4] if more else times)}{more}{where}"
