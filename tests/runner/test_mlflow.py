"""MLflow in a step with nothing set up: what it logs is kept and shown, live and in the end."""

from typing import Any

import pytest

from runner.models import Artifact, Event, Iteration, Tracking
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, signed_in, step_of, wait_for

API = "/api/v1/workspaces/main/"
LOGS = """
import mlflow
mlflow.log_param("rate", 0.5)
for step in range(3):
    mlflow.log_metric("train/loss", 1 / (step + 1), step=step)
mlflow.set_tag("stage", "first")
mlflow.log_dict({"a": 1}, "notes/a.json")
"""


def run_of(world: World, code: str, **parts: Any) -> Any:
    ref = world.component("train", "python train.py", files={"train.py": code}, **parts)
    return world.submit(world.pipeline({"n": ref}))


def tracked(world: World, run: Any) -> dict[str, Any]:
    response = signed_in(world.alice).get(f"{API}runs/{run.pk}/steps/n/tracking/")
    assert response.status_code == 200
    return dict(response.json())


def test_what_a_script_logs_is_kept(live_world: World, worker: Worker) -> None:
    run = finish(run_of(live_world, LOGS), 60)
    assert run.status == "Completed", log_of(run, "n")
    found = tracked(live_world, run)
    assert found["params"] == {"rate": "0.5"}
    assert found["tags"] == {"stage": "first"}
    loss = found["metrics"]["train/loss"]
    assert (loss["last"], loss["count"]) == (pytest.approx(1 / 3), 3)
    assert [point[:2] for point in loss["points"]] == [[0, 1.0], [1, 0.5], [2, pytest.approx(1 / 3)]]
    files = Artifact.objects.get(step__run=run, output="artifacts").preview["files"]
    assert [file["path"] for file in files] == ["notes/a.json"]


def test_autolog_and_models_too(live_world: World, worker: Worker) -> None:
    code = """
import mlflow
import mlflow.pyfunc
import mlflow.sklearn
from sklearn.linear_model import LogisticRegression
mlflow.sklearn.autolog(log_models=False)
LogisticRegression(C=0.25).fit([[0], [1], [2], [3]], [0, 0, 1, 1])
class Same(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input
mlflow.pyfunc.log_model(name="same", python_model=Same(), pip_requirements=[])
"""
    run = finish(run_of(live_world, code), 90)
    assert run.status == "Completed", log_of(run, "n")
    found = tracked(live_world, run)
    assert found["params"]["C"] == "0.25"
    assert found["metrics"]["training_accuracy_score"]["last"] == 1.0
    assert found["models"] == [{"path": "same"}]
    files = Artifact.objects.get(step__run=run, output="artifacts").preview["files"]
    assert "same/MLmodel" in [file["path"] for file in files]


def test_a_model_of_trees_is_logged_and_loaded_as_on_azure(live_world: World, worker: Worker) -> None:
    code = """
import mlflow
import mlflow.sklearn
from sklearn.ensemble import RandomForestClassifier
model = RandomForestClassifier(n_estimators=2).fit([[0], [1]], [0, 1])
mlflow.sklearn.save_model(model, "saved")
logged = mlflow.sklearn.log_model(model, "model")
print(mlflow.sklearn.load_model("saved").n_estimators, len(mlflow.pyfunc.load_model(logged.model_uri).predict([[1]])))
"""
    run = finish(run_of(live_world, code), 90)
    assert run.status == "Completed", log_of(run, "n")
    assert "2 1" in log_of(run, "n")
    assert tracked(live_world, run)["models"] == [{"path": "model"}]


def test_code_that_does_not_mention_it_costs_nothing_and_may_still_use_it(live_world: World, worker: Worker) -> None:
    code = "import importlib\nit = importlib.import_module('ml' + 'flow')\nit.log_param('hidden', 1)"
    run = finish(run_of(live_world, code), 60)
    assert tracked(live_world, run)["params"] == {"hidden": "1"}


def test_a_step_without_it_leaves_no_row(live_world: World, worker: Worker) -> None:
    run = finish(run_of(live_world, "import os; print(os.path.exists(os.environ['ML' + 'FLOW_TRACKING_URI'][7:]))"))
    assert log_of(run, "n") == "False\n"
    assert not Tracking.objects.exists()
    assert tracked(live_world, run)["metrics"] == {}


def test_metrics_are_told_while_it_runs(live_world: World, worker: Worker) -> None:
    go = live_world.tmp_path / "go"
    code = (
        f"import mlflow, os, time\nmlflow.log_metric('a', 7)\nwhile not os.path.exists({str(go)!r}): time.sleep(0.02)"
    )
    run = run_of(live_world, code)
    event = wait_for(lambda: Event.objects.filter(run=run, type="step.metrics").first(), 60)
    assert event.data == {"node": "n", "metrics": {"a": 7.0}}
    assert step_of(run, "n").status == "Running"
    go.touch()
    assert finish(run).status == "Completed"
    assert Event.objects.filter(run=run, type="step.metrics").count() == 1


def test_what_was_logged_before_a_failure_is_kept(live_world: World, worker: Worker) -> None:
    run = finish(run_of(live_world, LOGS + "raise SystemExit(3)"), 60)
    assert run.status == "Failed"
    assert tracked(live_world, run)["params"] == {"rate": "0.5"}


def test_a_reused_step_shows_what_the_first_logged(live_world: World, worker: Worker) -> None:
    first = finish(run_of(live_world, LOGS), 60)
    again = finish(live_world.submit(live_world.last_pipeline))
    assert step_of(again, "n").reused
    assert tracked(live_world, again) == tracked(live_world, first)
    assert Artifact.objects.filter(step__run=again, output="artifacts").exists()


def test_a_sweep_takes_a_metric_that_is_logged(live_world: World, worker: Worker) -> None:
    code = "import mlflow, sys\nmlflow.log_metric('score', float(sys.argv[1]))"
    ref = live_world.component(
        "trial", "python trial.py ${{inputs.x}}", "x: {type: number, default: 0}", files={"trial.py": code}
    )
    loop = {
        "type": "sweep", "seed": None, "sampling_algorithm": "grid", "search_space": {"x": {"type": "choice", "values": [1, 3, 2]}},
        "objective": {"goal": "maximize", "primary_metric": "score"},
        "early_termination": None, "limits": {"max_total_trials": 3, "max_concurrent_trials": 2},
    }  # fmt: skip
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": ref, "loop": loop}})), 90)
    assert run.status == "Completed", step_of(run, "n").message
    assert list(Iteration.objects.values_list("metric", flat=True)) == [1.0, 3.0, 2.0]
    assert step_of(run, "n").result["best"] == 1


def test_a_server_of_ones_own_is_used_instead(live_world: World, worker: Worker, settings: Any) -> None:
    settings.MLFLOW_TRACKING_URI = "https://mlflow.example.org"
    code = "import os  # mlflow\nprint(os.environ['MLFLOW_TRACKING_URI'], 'MLFLOW_RUN_ID' in os.environ)"
    run = finish(run_of(live_world, code))
    assert log_of(run, "n") == "https://mlflow.example.org False\n"


def test_what_anothers_step_logged_is_not_there(live_world: World, worker: Worker) -> None:
    run = finish(run_of(live_world, "print(1)"))
    assert signed_in(live_world.mallory).get(f"{API}runs/{run.pk}/steps/n/tracking/").status_code == 404
