"""A pipeline run by `manage.py worker`, a process of its own, over real Redis and real RabbitMQ.

Where a service is not reachable this fails in CI (CI=true) and is skipped, loudly, elsewhere.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.services
ROOT = Path(__file__).resolve().parents[2]
BROKERS = {
    "redis": os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/13"),
    "rabbitmq": os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672"),
}
SUBMIT = """
import django, json, pathlib, sys, tempfile, time, uuid
django.setup()
from designer.models import Pipeline
from registry.models import Workspace
from registry.services.components import component_register
from registry.spec.folder import read_folder
from runner.models import Run, Step
from runner.services.submit import run_submit

workspace = Workspace.objects.create(slug=uuid.uuid4().hex, name="Test")

def component(name, rest):
    folder = pathlib.Path(tempfile.mkdtemp())
    (folder / "component.yml").write_text(f"name: {name}\\nversion: 1.0.0\\n{rest}")
    component_register(workspace=workspace, folder=read_folder(folder), user=None)
    return {"id": name, "kind": "component", "component": f"{name}:1.0.0", "title": name, "params": {}, "exposed": [],
            "settings": {}}

nodes = [
    component("write", "outputs: {o: {type: uri_file}}\\ncommand: echo hello > ${{outputs.o}}"),
    component("read", "inputs: {i: {type: uri_file}}\\ncommand: cat ${{inputs.i}}"),
]
wire = {"source": "write", "output": "o", "target": "read", "input": "i"}
document = {"name": "Test", "description": "", "settings": {}, "inputs": {}, "nodes": {n["id"]: n for n in nodes},
            "edges": {"read.i": wire}}
pipeline = Pipeline.objects.create(workspace=workspace, name="Test", document=document)
run, _ = run_submit(pipeline=pipeline, user=None, request_id=uuid.uuid4())
end = time.monotonic() + 100
while time.monotonic() < end and not (run := Run.objects.get(pk=run.pk)).ended:
    time.sleep(0.05)
steps = {step.node_id: step.status for step in Step.objects.filter(run=run)}
workers = {step.worker.split("_")[-2] for step in Step.objects.filter(run=run)}
print(json.dumps({"status": run.status, "steps": steps, "workers": sorted(workers)}))
"""


@pytest.fixture(params=sorted(BROKERS))
def environment(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, str]:
    """What the processes of this test are started with: one broker, one database, one store."""
    url = BROKERS[request.param]
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError as error:
        sentence = f"{request.param} cannot be reached at {address.hostname}:{address.port} ({error})"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(f"NOT TESTED: {sentence}")
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "DATABASE_URL")}
    return kept | {"DJANGO_SETTINGS_MODULE": "designer.settings", "DATA_DIR": str(tmp_path), "BROKER_URL": url}


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [*manage, "worker", "--slots", "2"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert "waiting for steps" in process.stdout.readline()
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0


def test_a_worker_elsewhere_runs_what_is_submitted_here(
    environment: dict[str, str], worker: subprocess.Popen[str]
) -> None:
    submitted = subprocess.run(
        [sys.executable, "-c", SUBMIT], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    assert json.loads(submitted.stdout) == {
        "status": "Completed",
        "steps": {"write": "Completed", "read": "Completed"},
        "workers": [str(worker.pid)],
    }
