"""`manage.py up` serves the default queue, `manage.py worker --compute` a target: processes of their own, a real broker."""

import json
import os
import re
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.installation import BROKERS, free_port, needs

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("compute")]
ROOT = Path(__file__).resolve().parents[2]
STEPS = 6
DJANGO = """
import django, json, pathlib, sys, tempfile, time, uuid
django.setup()
from designer.graph.document import empty
from designer.models import Pipeline
from registry.models import ComputeTarget, Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder
from runner.models import Run, Step
from runner.services.submit import run_submit

def seen(until):
    end = time.monotonic() + 60
    while time.monotonic() < end and not until():
        time.sleep(0.05)
    steps = Step.objects.order_by("pk")
    print(json.dumps({step.node_id: [step.status, step.message, step.worker] for step in steps}))
"""
SUBMIT = (
    DJANGO
    + """
workspace = Workspace.objects.get(slug="main")
ComputeTarget.objects.create(workspace=workspace, name="gpu", max_steps=2)
folder = pathlib.Path(tempfile.mkdtemp())
trail = sys.argv[1]
command = f"echo in >> {trail}; sleep 0.3; echo out >> {trail}"
(folder / "component.yml").write_text(
    f"name: touch\\nversion: 1.0.0\\nis_deterministic: false\\ncommand: {json.dumps(command)}\\n"
)
component_register(workspace=workspace, folder=read_folder(folder), user=None)

def node(id, settings):
    return {"id": id, "kind": "component", "component": "touch:1.0.0", "title": id, "x": 0, "y": 0, "params": {},
            "exposed": [], "comment": "", "settings": settings}

nodes = [node(f"gpu_{number}", {"compute": "gpu"}) for number in range(int(sys.argv[2]))]
document = empty("Test") | {"nodes": {n["id"]: n for n in nodes}}
pipeline = Pipeline.objects.create(workspace=workspace, name="Test", document=document)
run_submit(pipeline=pipeline, user=None, request_id=uuid.uuid4())
document = empty("Plain") | {"nodes": {"plain": node("plain", {})}}
pipeline = Pipeline.objects.create(workspace=workspace, name="Plain", document=document)
run_submit(pipeline=pipeline, user=None, request_id=uuid.uuid4())
gpu = Step.objects.filter(compute__name="gpu")
seen(lambda: Step.objects.get(node_id="plain").status == "Completed" and not gpu.filter(message="").exists())
"""
)
WAIT = DJANGO + "seen(lambda: not Run.objects.filter(ended_at=None).exists())"


@pytest.fixture(params=sorted(BROKERS))
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    needs(request.param, BROKERS[request.param])
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "designer.settings",
        "DATA_DIR": str(tmp_path),
        "BROKER_URL": BROKERS[request.param],
        "BROKER_PREFIX": f"test_{uuid.uuid4().hex[:12]}",
        "PORTLINE_ADMIN_PASSWORD": "correct horse battery",
    }


@contextmanager
def manage(environment: dict[str, str], ready: str, *arguments: str) -> Iterator[int]:
    """A process of `manage.py`, once it says that it is ready; its id."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert any(ready in line for line in process.stdout)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0


def ask(environment: dict[str, str], script: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_named_target_is_served_by_its_workers_and_by_no_other(environment: dict[str, str], tmp_path: Path) -> None:
    trail = tmp_path / "trail"
    with ExitStack() as stack:
        up = stack.enter_context(
            manage(environment, "Portline is ready", "up", "--port", str(free_port()), "--slots", "2")
        )
        steps = ask(environment, SUBMIT, str(trail), str(STEPS))
        status, _, worker = steps.pop("plain")
        assert (status, worker.split("_")[-2]) == ("Completed", str(up))
        nobody = "waits for a worker of compute target gpu: none is connected"
        assert {tuple(step) for step in steps.values()} == {("Queued", nobody, "")}

        serve = ("worker", "--compute", "gpu", "--workspace", "main", "--slots", "3")
        workers = {str(stack.enter_context(manage(environment, "waiting for steps of gpu", *serve))) for _ in range(2)}
        steps = ask(environment, WAIT)
        steps.pop("plain")
        assert {status for status, _, _ in steps.values()} == {"Completed"}
        assert {worker.split("_")[-2] for _, _, worker in steps.values()} <= workers

    # At most two at once, over both workers with three slots each; and no fewer than that.
    at_once = [0]
    for word in re.findall(r"in|out", trail.read_text().partition("out\n")[2]):
        at_once.append(at_once[-1] + (1 if word == "in" else -1))
    assert max(at_once) == 2
