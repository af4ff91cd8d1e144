"""Who this process is, and how many steps it runs at once; a worker sets both when it starts."""

from django.conf import settings

name = ""
"""Under which this process holds steps."""

slots: int = settings.WORKER_SLOTS
