"""Time zones by IANA's names and by Windows', as Azure ML's schedules have them."""

from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from registry.spec.windows_zones import WINDOWS_ZONES

_WINDOWS = {name.lower(): zone for name, zone in WINDOWS_ZONES.items()}


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of a name; Windows' in any case of letters. Raises ValueError with a sentence."""
    try:
        return ZoneInfo(_WINDOWS.get(name.strip().lower(), name.strip()))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        near = get_close_matches(name, [*zone_names(), *WINDOWS_ZONES], n=1)
        hint = f"did you mean `{near[0]}`?" if near else "write it as `Europe/Berlin` or `Pacific Standard Time`"
        raise ValueError(f"there is no time zone `{name}`; {hint}") from None


@cache
def zone_names() -> tuple[str, ...]:
    """IANA's names that people choose from, in order: places, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
