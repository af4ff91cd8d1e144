from typing import Any

from django.apps import AppConfig
from django.db import transaction

from registry.signals import compute_changed


class RunnerConfig(AppConfig):
    name = "runner"

    def ready(self) -> None:
        compute_changed.connect(_wake_queued)


def _wake_queued(target: Any, **kwargs: Any) -> None:
    """A target may run more steps at once than before."""
    from runner.services.compute import wake_where_room

    transaction.on_commit(lambda: wake_where_room([target.pk]))
