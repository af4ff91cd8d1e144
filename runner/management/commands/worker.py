"""`manage.py worker`: run steps in a process of its own, for a broker that reaches it (redis:// or amqp://)."""

import gc
import signal
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from runner import broker
from runner.management import serving


class Command(BaseCommand):
    help = "Run the steps of pipelines in this process, as many at once as it has slots."

    def add_arguments(self, parser: CommandParser) -> None:
        serving.add_arguments(parser, "and not the default queue")
        parser.add_argument("--slots", type=int, default=settings.WORKER_SLOTS, help="steps at once")
        parser.add_argument(
            "--finish",
            type=float,
            nargs="?",
            const=float("inf"),
            default=settings.STOP_WAITS,
            metavar="SECONDS",
            help="when stopped, let steps end first, for so long at most; a second signal hands them back at once",
        )

    def handle(self, *args: Any, slots: int, finish: float, compute: list[str], **options: Any) -> None:
        from runner.worker import Worker

        if isinstance(broker.broker, broker.LocalBroker):
            raise CommandError("BROKER_URL is local://, which reaches no other process; set it to redis:// or amqp://.")
        self._wait_for_migrations()
        targets = serving.targets_named(compute, options["workspace"])
        worker = Worker(slots, targets, default_queue=not targets)
        ended = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.hurry() if ended.is_set() else ended.set())
        worker.start()
        served = f" of {', '.join(compute)}" if compute else ""
        self.stdout.write(f"Portline worker with {slots} slots, waiting for steps{served}. Ctrl-C ends it.")
        sys.stdout.flush()
        # What is loaded stays; to look through it for garbage takes longer than many steps.
        gc.freeze()
        ended.wait()
        self.stdout.write("Stopping.")
        sys.stdout.flush()
        worker.stop(finish)

    def _wait_for_migrations(self) -> None:
        """A web process brings the database up to date; of another version this one would not understand it."""
        told = False
        while behind(connection):
            if not told:
                self.stdout.write("Waiting for `manage.py up` to bring the database up to date.")
                sys.stdout.flush()
            told = True
            connection.close()
            time.sleep(1)


def behind(database: Any) -> bool:
    """Whether migrations of this version are yet to be applied."""
    executor = MigrationExecutor(database)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
