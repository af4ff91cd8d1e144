"""`manage.py up`: everything that Portline needs, in one process."""

import atexit
import gc
import os
import secrets
import signal
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.models import ComputeTarget, Membership, Workspace
from runner.management import preparing, serving

DEFAULT_WORKSPACE = "main"
MIGRATING = 7_067_845
"""The number of PostgreSQL's lock on migrations: any, but always this."""
SWITCH_SECONDS = 0.001
"""After which a thread that computes lets another take its turn."""

ENDING_SECONDS = 2
"""For threads to end by themselves when all is stopped."""


def end_within(seconds: float) -> None:
    """See to it that a process whose loop has ended ends too.

    Threads of requests that were under way then wait for the loop for ever, and Python waits for them.
    """

    def end() -> None:
        time.sleep(seconds)
        atexit._run_exitfuncs()
        os._exit(0)

    threading.Thread(target=end, name="ending", daemon=True).start()


class Command(BaseCommand):
    help = "Serve Portline and run its steps: migrates, makes the first account, and listens."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--port", type=int, default=settings.PORT)
        serving.add_arguments(parser, "besides the default queue")
        parser.add_argument("--slots", type=int, default=settings.WORKER_SLOTS, help="steps at once; 0: only serve")

    def handle(self, *args: Any, host: str, port: int, slots: int, compute: list[str], **options: Any) -> None:
        lock = preparing.lock_data_folder()
        preparing.prepare_database()
        self._first_account()
        preparing.register_library(list(Workspace.objects.all()), self.stderr)
        self._serve(host, port, slots, serving.targets_named(compute, options["workspace"]))
        lock.close()

    def _first_account(self) -> None:
        users = get_user_model().objects
        workspace = preparing.default_workspace()
        # An account of `manage.py run` cannot log in.
        if users.filter(is_active=True).exists():
            return
        name = os.environ.get("PORTLINE_ADMIN_USER") or "admin"
        given = os.environ.get("PORTLINE_ADMIN_PASSWORD")
        password = given or secrets.token_urlsafe(12)
        user = users.create_superuser(username=name, password=password)
        Membership.objects.create(workspace=workspace, user=user, role=Membership.Role.OWNER)
        if given:
            self.stdout.write(f"Made the first account, {name}, with the password of PORTLINE_ADMIN_PASSWORD.")
        else:
            self.stdout.write(f"Made the first account.\n\n  user      {name}\n  password  {password}\n")
            self.stdout.write("The password is shown only this once; change it after you log in.\n")

    def _serve(self, host: str, port: int, slots: int, targets: list[ComputeTarget]) -> None:
        from daphne.server import twisted_loop

        from designer.asgi import application
        from designer.server import Server
        from runner.hub import hub
        from runner.worker import Worker

        hub.loop = twisted_loop
        worker = Worker(slots, targets) if slots else None
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::") else host
        address = settings.PUBLIC_URL if port == settings.PORT else f"http://{shown}:{port}"

        def ready() -> None:
            if server.listening_addresses:
                self.stdout.write(f"Portline is ready: {address}  (Ctrl-C ends it)")
                sys.stdout.flush()

        # Twisted takes SIGTERM and SIGINT: its loop ends, `run` returns, and the worker is stopped after it.
        server = Server(
            application,
            endpoints=[f"tcp:port={port}:interface={host.replace(':', chr(92) + ':')}"],
            ready_callable=ready,
            server_name="portline",
            websocket_timeout=-1,
            verbosity=0,
        )
        if worker:
            worker.start()
        # The loop shares the interpreter with steps' threads, and each turn that it waits for one is seen in browsers.
        sys.setswitchinterval(SWITCH_SECONDS)
        # What is loaded stays; to look through it for garbage takes longer than many steps.
        gc.freeze()
        try:
            server.run()
        finally:
            if worker:
                self.stdout.write("Stopping.")
                for number in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(number, lambda *_: worker.hurry())
                worker.stop(settings.STOP_WAITS)
        end_within(ENDING_SECONDS)
        if not server.listening_addresses:
            raise CommandError(f"Port {port} of {host} is taken, or may not be listened on; set PORT or HOST.")
