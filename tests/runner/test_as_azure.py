"""Steps run as Azure ML's would: the variables that scripts rely on, the working folder, distribution."""

import importlib.util
import json
import sys
from typing import Any

import pytest

from runner.models import Artifact
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, step_of

SHOW = "python -c 'import json, os; print(json.dumps(dict(os.environ)))'"


def only(world: World, ref: str, **node: Any) -> Any:
    return world.pipeline({"n": {"component": ref, **node}}, inputs={"rate": {"type": "number", "default": 0.5}})


def variables(world: World, **node: Any) -> dict[str, str]:
    ref = world.component("show", SHOW, "x: {type: integer, default: 3}, on: {type: boolean, default: true}")
    run = finish(world.submit(only(world, ref, **node)))
    assert run.status == "Completed", log_of(run, "n")
    return dict(json.loads(log_of(run, "n")))


def test_scripts_find_azures_variables(live_world: World, worker: Worker) -> None:
    env = variables(live_world)
    assert env["AZUREML_ROOT_RUN_ID"] in env["AZUREML_RUN_ID"]
    assert env["AZUREML_ARM_WORKSPACE_NAME"] == "main"
    assert env["AZUREML_ARM_SUBSCRIPTION"]
    assert env["AZUREML_ARM_RESOURCEGROUP"]
    assert env["AZUREML_CR_NODE_RANK"] == "0"
    assert env["AZUREML_EXPERIMENT_NAME"] == "Test"
    assert (env["AZURE_ML_INPUT_x"], env["AZURE_ML_INPUT_on"]) == ("3", "True")
    assert "RANK" not in env


def test_the_nodes_own_variables_are_set_with_their_bindings(live_world: World, worker: Worker) -> None:
    given = {"MODE": "fast", "RATE": "r=${{parent.inputs.rate}}", "TMPDIR": "/nowhere"}
    env = variables(live_world, settings={"environment_variables": given})
    assert (env["MODE"], env["RATE"]) == ("fast", "r=0.5")
    assert env["TMPDIR"] != "/nowhere"


def test_other_variables_are_another_result(live_world: World, worker: Worker) -> None:
    ref = live_world.component("write", "echo $MODE > ${{outputs.o}}", outputs="o: {type: uri_file}")
    for mode in ("fast", "slow", "slow"):
        settings = {"environment_variables": {"MODE": mode}}
        run = finish(live_world.submit(only(live_world, ref, settings=settings)))
    steps = [step_of(run_, "n") for run_ in type(run).objects.order_by("pk")]
    assert [step.reused for step in steps] == [False, False, True]


def test_inputs_lie_where_azure_puts_them(live_world: World, worker: Worker) -> None:
    make = live_world.component("make", "echo 1 > ${{outputs.o}}/a.txt", outputs="o: {type: uri_folder}")
    read = live_world.component(
        "read",
        "cat $AZUREML_CR_DATA_CAPABILITY_PATH/INPUT_i/a.txt; cat $AZURE_ML_INPUT_i/a.txt",
        "i: {type: uri_folder}",
    )
    run = finish(live_world.submit(live_world.pipeline({"a": make, "b": read}, ["a.o -> b.i"])))
    assert log_of(run, "b") == "1\n1\n"


RANKS = """
import os, sys, time
names = ["RANK", "LOCAL_RANK", "NODE_RANK", "WORLD_SIZE", "AZUREML_CR_NODE_RANK", "MASTER_ADDR"]
print(" ".join(os.environ[name] for name in names), int(os.environ["MASTER_PORT"]) > 0)
"""


def ranks(world: World, settings: dict[str, Any], code: str = RANKS) -> Any:
    ref = world.component("train", "python train.py", files={"train.py": code})
    return finish(world.submit(only(world, ref, settings=settings)))


@pytest.mark.parametrize("kind", ["pytorch", "mpi", "PyTorch"])
def test_a_distributed_step_starts_its_ranks(live_world: World, worker: Worker, kind: str) -> None:
    asked = {"type": kind, "process_count_per_instance": 2}
    run = ranks(live_world, {"distribution": asked, "instance_count": 2})
    assert run.status == "Completed", log_of(run, "n")
    lines = sorted(line for line in log_of(run, "n").splitlines() if line.startswith("["))
    assert lines == [
        "[rank 0] 0 0 0 4 0 127.0.0.1 True",
        "[rank 1] 1 1 0 4 0 127.0.0.1 True",
        "[rank 2] 2 0 1 4 1 127.0.0.1 True",
        "[rank 3] 3 1 1 4 1 127.0.0.1 True",
    ]


def test_a_number_of_processes_may_come_from_a_pipeline_input(live_world: World, worker: Worker) -> None:
    asked = {"type": "pytorch", "process_count_per_instance": "${{parent.inputs.rate}}"}
    ref = live_world.component("train", "python train.py", files={"train.py": RANKS})
    pipeline = live_world.pipeline(
        {"n": {"component": ref, "settings": {"distribution": asked}}},
        inputs={"rate": {"type": "integer", "default": 3}},
    )
    run = finish(live_world.submit(pipeline))
    assert sum(line.startswith("[rank") for line in log_of(run, "n").splitlines()) == 3


def test_mpi_ranks_are_told_in_mpis_words(live_world: World, worker: Worker) -> None:
    code = "import os; print(os.environ['OMPI_COMM_WORLD_RANK'], os.environ['OMPI_COMM_WORLD_SIZE'])"
    run = ranks(live_world, {"distribution": {"type": "mpi", "process_count_per_instance": 2}}, code)
    assert {"[rank 0] 0 2", "[rank 1] 1 2"} <= set(log_of(run, "n").splitlines())


def test_tensorflows_servers_end_with_the_last_worker(live_world: World, worker: Worker) -> None:
    code = """
import json, os, time
found = json.loads(os.environ["TF_CONFIG"])
print(found["task"]["type"], found["task"]["index"], len(found["cluster"]["worker"]), flush=True)
if found["task"]["type"] == "ps":
    open("served", "w").close()
    time.sleep(300)
while not os.path.exists("served"):
    time.sleep(0.01)
"""
    asked = {"type": "tensorflow", "worker_count": 2, "parameter_server_count": 1}
    run = ranks(live_world, {"distribution": asked}, code)
    assert run.status == "Completed"
    assert {"[rank 0] worker 0 2", "[rank 1] worker 1 2", "[server 0] ps 0 2"} <= set(log_of(run, "n").splitlines())


def test_one_failed_rank_ends_the_others(live_world: World, worker: Worker) -> None:
    code = "import os, sys, time\nsys.exit(7) if os.environ['RANK'] == '1' else time.sleep(300)"
    run = ranks(live_world, {"distribution": {"type": "pytorch", "process_count_per_instance": 3}}, code)
    assert run.status == "Failed"
    assert step_of(run, "n").exit_code == 7
    assert "Process 1 ended with code 7, so the others are ended." in log_of(run, "n")


def test_an_unknown_distribution_is_told(live_world: World, worker: Worker) -> None:
    run = ranks(live_world, {"distribution": {"type": "horovod"}})
    assert run.status == "Failed"
    assert "what can be started is pytorch, mpi and tensorflow" in step_of(run, "n").message


WHEEL = """
import zipfile
with zipfile.ZipFile("only_of_a_step-1.0-py3-none-any.whl", "w") as file:
    about = "only_of_a_step-1.0.dist-info/"
    file.writestr("only_of_a_step.py", "WORD = 'found'")
    file.writestr(about + "METADATA", "Metadata-Version: 2.1\\nName: only-of-a-step\\nVersion: 1.0\\n")
    file.writestr(about + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    file.writestr(about + "RECORD", "")
"""


def test_python_in_bash_and_what_pip_installs_are_the_steps_own(live_world: World, worker: Worker) -> None:
    """Traps 6 and 7: with no environment named, the server's own is not changed, and still the step finds it."""
    files = {"wheel.py": WHEEL}
    command = (
        "python wheel.py && pip install --quiet --no-index *.whl && "
        "python -c 'import only_of_a_step as it, sys; print(it.WORD, sys.executable)'"
    )
    ref = live_world.component("install", command, files=files)
    run = finish(live_world.submit(only(live_world, ref)), 60)
    assert run.status == "Completed", log_of(run, "n")
    assert log_of(run, "n").splitlines()[-1] == f"found {sys.executable}"
    assert importlib.util.find_spec("only_of_a_step") is None


def test_what_a_script_installs_while_it_runs_is_its_own_too(live_world: World, worker: Worker) -> None:
    script = """
import subprocess, sys
import wheel_of_mine
subprocess.check_call([sys.executable, "-m", "pip", "install", "--quiet", "--no-index", *__import__("glob").glob("*.whl")])
import only_of_a_step
print(only_of_a_step.WORD)
"""
    files = {"wheel_of_mine.py": WHEEL, "script.py": script}
    run = finish(
        live_world.submit(only(live_world, live_world.component("install", "python script.py", files=files))), 60
    )
    assert run.status == "Completed", log_of(run, "n")
    assert log_of(run, "n").splitlines()[-1] == "found"
    assert importlib.util.find_spec("only_of_a_step") is None


def test_what_a_script_writes_to_outputs_is_kept(live_world: World, worker: Worker) -> None:
    command = "mkdir outputs/models && echo m > outputs/models/m.pkl && echo l > logs/l.txt && echo x > beside.txt"
    run = finish(live_world.submit(only(live_world, live_world.component("plain", command))))
    artifact = Artifact.objects.get(step__run=run)
    assert (artifact.output, artifact.kind) == ("artifacts", "folder")
    assert [file["path"] for file in artifact.preview["files"]] == ["logs/l.txt", "outputs/models/m.pkl"]


def test_a_step_that_writes_nothing_there_has_no_artifacts(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(only(live_world, live_world.component("plain", "ls"))))
    assert log_of(run, "n").split() == ["logs", "outputs"]
    assert not Artifact.objects.exists()


def test_the_special_output_is_read_by_the_next_step(live_world: World, worker: Worker) -> None:
    """`artifacts` of an inline job: the job's artifact root, of which the consumer reads outputs/."""
    make = live_world.component("make", "echo 7 > outputs/n.txt", outputs="artifacts: {type: uri_folder}")
    read = live_world.component("read", "cat ${{inputs.i}}/outputs/n.txt", "i: {type: uri_folder}")
    run = finish(live_world.submit(live_world.pipeline({"a": make, "b": read}, ["a.artifacts -> b.i"])))
    assert log_of(run, "b") == "7\n"


def test_an_output_called_artifacts_that_is_written_to_is_an_ordinary_one(live_world: World, worker: Worker) -> None:
    command = "echo 7 > outputs/n.txt; echo 8 > ${{outputs.artifacts}}/own.txt"
    make = live_world.component("make", command, outputs="artifacts: {type: uri_folder}")
    run = finish(live_world.submit(only(live_world, make)))
    assert [file["path"] for file in Artifact.objects.get(step__run=run).preview["files"]] == ["own.txt"]
