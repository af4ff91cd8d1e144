"""`manage.py run pipeline.yml`: run a pipeline's YAML here and now, without a server, and end as the run does."""

import logging
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from designer.graph.problems import Problem
from registry.models import User, Workspace
from registry.refusal import Refusal
from registry.spec.faults import SpecError
from runner.management import preparing
from runner.management.assignments import assignment
from runner.models import Run
from runner.telling import Teller

LOOK_SECONDS = 0.1
FAILED, BAD_FILE = 1, 2
ACCOUNT = "run"
"""Whose runs these are where nobody has an account yet; nobody can log in with it."""


class Command(BaseCommand):
    help = (
        "Run the pipeline of a YAML file in this process. Ends with 0 when it completed, with 1 when it failed, "
        "and with 2 when the file is not right."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the pipeline's YAML")
        parser.add_argument(
            "--input", action="append", default=[], metavar="NAME=VALUE", help="an input of the pipeline; repeatable"
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="PLACE=VALUE",
            help="a value of the YAML, like settings.force_rerun=true; repeatable",
        )
        parser.add_argument("--force-rerun", action="store_true", help="reuse nothing of earlier runs")
        parser.add_argument(
            "--data-dir", type=Path, metavar="FOLDER", help="where results are kept; default: the server's, DATA_DIR"
        )
        parser.add_argument("--workspace", default=preparing.DEFAULT_WORKSPACE, metavar="SLUG")
        parser.add_argument("--slots", type=int, default=settings.WORKER_SLOTS, help="steps at once")

    def handle(self, *args: Any, file: Path, data_dir: Path | None, slots: int, **options: Any) -> None:
        if data_dir is not None and data_dir.resolve() != settings.DATA_DIR:
            _again_with(data_dir)
        if not file.is_file():
            raise CommandError(f"There is no file {file}.", returncode=BAD_FILE)
        lock = preparing.lock_data_folder("use `portline job create --stream`, or give another --data-dir")
        preparing.prepare_database()
        workspace = self._workspace(options["workspace"])
        preparing.register_library([workspace], self.stderr)
        run = self._submit(workspace, file, options)
        self._follow(run, slots)
        lock.close()
        if run.status != "Completed":
            raise CommandError(f"The run {run.name} ended as {run.status}.", returncode=FAILED)

    def _workspace(self, slug: str) -> Workspace:
        preparing.default_workspace()
        found = Workspace.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no workspace {slug}.", returncode=BAD_FILE)
        return found

    def _submit(self, workspace: Workspace, file: Path, options: dict[str, Any]) -> Run:
        """Raises CommandError with every fault of every file."""
        from runner.services.importing import job_import
        from runner.services.submit import NotReady

        file = file.resolve()
        try:
            done = job_import(
                workspace=workspace,
                user=_account(),
                root=file.parent,
                path=file.name,
                changes=dict(map(assignment, options["set"])),
                inputs=dict(map(assignment, options["input"])),
                force_rerun=options["force_rerun"],
                trusted=True,
            )
        except SpecError as error:
            raise CommandError("\n".join(map(str, error.faults)), returncode=BAD_FILE) from None
        except NotReady as refused:
            found = [problem for of_node in refused.problems.values() for problem in of_node]
            lines = [f"{_place(problem)}: {problem['message']}" for problem in found if problem["severity"] == "error"]
            raise CommandError("\n  ".join(["The pipeline cannot be run yet:", *lines]), returncode=BAD_FILE) from None
        except (Refusal, ValueError) as refused:
            raise CommandError(str(refused), returncode=BAD_FILE) from None
        for warning in done.imported.warnings if done.imported else ():
            self.stderr.write(f"Warning: {warning}")
        self.stdout.write(f"Job: {done.run.name}\n")
        return done.run

    def _follow(self, run: Run, slots: int) -> None:
        """Run its steps and tell what happens, until it has ended. Ctrl-C cancels it, a second one ends all at once."""
        from runner.services.cancelling import run_cancel
        from runner.worker import Worker

        asked: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: asked.append(number))
        # What a worker tells its operator is nothing for who follows one run.
        logging.getLogger("portline.worker").setLevel(logging.WARNING)
        teller, worker, cancelled = Teller(run), Worker(slots), False
        worker.start()
        try:
            while not run.ended and len(asked) < 2:
                time.sleep(LOOK_SECONDS)
                if asked and not cancelled:
                    cancelled = True
                    run_cancel(run, None)
                run.refresh_from_db(fields=["status", "message", "ended_at"])
                self._tell(teller)
        finally:
            worker.stop()
        self._tell(teller)

    def _tell(self, teller: Teller) -> None:
        for line in teller.new():
            self.stdout.write(line)
        sys.stdout.flush()


def _place(problem: Problem) -> str:
    return ".".join(part for part in (problem["node"], problem["field"]) if part) or "pipeline"


def _account() -> User:
    """The first one that there is, or one that nobody can log in with: `up` still makes the first."""
    found = User.objects.filter(is_active=True).order_by("pk").first()
    if found is not None:
        return found
    made, _ = User.objects.get_or_create(username=ACCOUNT, defaults={"is_active": False, "password": "!"})
    return made


def _again_with(data_dir: Path) -> None:
    """This command once more, with another data folder: the settings have been read already."""
    words, skip = [], False
    for word in sys.argv:
        if not skip and not word.startswith("--data-dir="):
            if word == "--data-dir":
                skip = True
                continue
            words.append(word)
        skip = False
    os.execve(sys.executable, [sys.executable, *words], os.environ | {"DATA_DIR": str(data_dir)})
