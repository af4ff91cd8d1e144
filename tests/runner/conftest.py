"""A workspace whose components are small shell commands, and a worker that runs them in this process."""

import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from designer.graph.document import Document
from designer.models import Pipeline
from registry.models import Membership, User, Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder
from runner.executors.ahead import looked_at
from runner.models import Run, Step
from runner.results import known_columns
from runner.services.submit import run_submit
from runner.services.versions import spec_of, version_of, workspace_slug
from runner.worker import Worker


class World:
    """What a test needs to make pipelines and to run them."""

    def __init__(self, tmp_path: Path) -> None:
        self.tmp_path = tmp_path
        people = {name: User.objects.create_user(name, password="pw") for name in ("alice", "vera", "mallory")}
        self.alice, self.vera, self.mallory = people.values()
        self.workspace = Workspace.objects.create(slug="main", name="Main")
        self.elsewhere = Workspace.objects.create(slug="elsewhere", name="Elsewhere")
        Membership.objects.create(workspace=self.workspace, user=self.alice, role="owner")
        Membership.objects.create(workspace=self.workspace, user=self.vera, role="viewer")
        Membership.objects.create(workspace=self.elsewhere, user=self.mallory, role="owner")

    def component(
        self, name: str, command: str, inputs: str = "", outputs: str = "", files: dict[str, str] | None = None
    ) -> str:
        """Register a component; `inputs` and `outputs` are YAML mappings. Answers its ref."""
        folder = self.tmp_path / f"component-{name}"
        (folder / "src").mkdir(parents=True)
        for path, text in (files or {}).items():
            (folder / "src" / path).write_text(text)
        code = "code: src\n" if files else ""
        lines = "\n".join(f"  {line}" for line in command.strip().splitlines())
        text = (
            f"name: '{name}'\nversion: 1.0.0\n{code}inputs: {{{inputs}}}\noutputs: {{{outputs}}}\ncommand: |\n{lines}\n"
        )
        (folder / "component.yml").write_text(text)
        self.register(folder)
        return f"{name}:1.0.0"

    def register(self, folder: Path) -> None:
        component_register(workspace=self.workspace, folder=read_folder(folder), user=self.alice)

    def pipeline(self, nodes: dict[str, Any], edges: list[str] = (), **document: Any) -> Pipeline:  # type: ignore[assignment]
        """A pipeline. `nodes` maps id to a component ref or to parts of a node; an edge is `a.out -> b.in`."""
        made: dict[str, Any] = {}
        for id, given in nodes.items():
            parts = {"component": given} if isinstance(given, str) else given
            made[id] = {
                "id": id,
                "kind": "component",
                "title": id,
                "x": 0,
                "y": 0,
                "params": {},
                "exposed": [],
                "comment": "",
                "settings": {},
                **parts,
            }
        wires = {}
        for edge in edges:
            source, target = (end.strip().rsplit(".", 1) for end in edge.split("->"))
            wires[".".join(target)] = {
                "source": source[0],
                "output": source[1],
                "target": target[0],
                "input": target[1],
            }
        frozen: Document = {
            "name": "Test",
            "description": "",
            "settings": {},
            "nodes": made,
            "edges": wires,  # type: ignore[typeddict-item]
            "order": {},
            "outputs": {},
            **document,
            "inputs": {name: {"default": None, **given} for name, given in document.get("inputs", {}).items()},
        }
        self.last_pipeline = Pipeline.objects.create(workspace=self.workspace, name="Test", document=frozen, revision=3)
        return self.last_pipeline

    def submit(self, pipeline: Pipeline, **inputs: Any) -> Run:
        return run_submit(pipeline=pipeline, user=self.alice, request_id=uuid.uuid4(), inputs=inputs)[0]


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any) -> None:
    settings.STORAGE_URL = str(tmp_path / "storage")
    settings.WORK_DIR = tmp_path / "work"
    # Rows of one test have the ids of another's.
    version_of.cache_clear()
    spec_of.cache_clear()
    looked_at.clear()
    workspace_slug.cache_clear()
    known_columns.clear()


@pytest.fixture
def world(db: None, tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def live_world(transactional_db: None, tmp_path: Path) -> World:
    """The same for tests in which other threads see what is committed."""
    return World(tmp_path)


@pytest.fixture
def worker(transactional_db: None) -> Iterator[Worker]:
    """A real worker with two slots: Dramatiq's threads, heartbeat and reconciler."""
    running = Worker(slots=2)
    running.start()
    yield running
    running.stop()


def finish(run: Run, seconds: float = 30) -> Run:
    """Wait until the run ended."""
    return wait_for(lambda: (found := Run.objects.get(pk=run.pk)).ended and found, seconds)


def wait_for(condition: Callable[[], Any], seconds: float = 30) -> Any:
    """Wait until something is true, and answer it. The time only bounds a failure."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    pytest.fail("it never came true")


def statuses(run: Run) -> dict[str, str]:
    return dict(Step.objects.filter(run=run).values_list("node_id", "status"))


def step_of(run: Run, node: str) -> Step:
    return Step.objects.get(run=run, node_id=node)


def log_of(run: Run, node: str) -> str:
    step = step_of(run, node)
    return "".join(chunk.text for attempt in step.attempts.all() for chunk in attempt.chunks.all())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
