"""The time by which leases are counted: the database's, since the clocks of machines differ, and may jump.

A worker looks at it with each heartbeat, and counts on with its own clock until the next.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

_ahead = timedelta(0)
"""How much the database's clock is ahead of this machine's."""


def look() -> None:
    """One query. With SQLite the database has this machine's clock."""
    global _ahead
    if connection.vendor == "sqlite":
        return
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        told: datetime = cursor.fetchone()[0]
    _ahead = told - (before + (timezone.now() - before) / 2)


def now() -> datetime:
    return timezone.now() + _ahead
