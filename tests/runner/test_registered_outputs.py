"""Outputs with a name are registered as data assets when their step has ended."""

from typing import Any

from registry.models import DataAsset
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, signed_in, step_of


def train(world: World, word: str = "m") -> str:
    command = f"echo {word} > ${{{{outputs.model}}}}/m.txt; echo {word} > ${{{{outputs.report}}}}"
    return world.component(f"train_{word}", command, outputs="model: {type: custom_model}, report: {type: uri_file}")


def registered() -> list[tuple[str, str, str]]:
    return list(DataAsset.objects.order_by("pk").values_list("name", "version", "type"))


def test_a_nodes_outputs_are_registered(live_world: World, worker: Worker) -> None:
    outputs = {"model": {"name": "churn", "version": "7"}, "report": {"name": "churn_report"}}
    run = finish(live_world.submit(live_world.pipeline({"n": {"component": train(live_world), "outputs": outputs}})))
    assert registered() == [("churn", "7", "custom_model"), ("churn_report", "1", "uri_file")]
    asset = DataAsset.objects.get(name="churn")
    assert asset.origin == {"job": run.name, "run": run.pk, "node": "n", "output": "model"}
    page = signed_in(live_world.alice).get("/w/main/data/").content.decode()
    assert run.name in page
    assert f"/w/main/runs/{run.pk}/" in page


def test_what_was_registered_feeds_another_pipeline(live_world: World, worker: Worker) -> None:
    outputs = {"report": {"name": "churn_report"}}
    finish(live_world.submit(live_world.pipeline({"n": {"component": train(live_world), "outputs": outputs}})))
    read = live_world.component("read", "basename ${{inputs.i}}; cat ${{inputs.i}}", "i: {type: uri_file}")
    data = {"id": "d", "kind": "data", "asset": "churn_report:1", "type": "uri_file"}
    run = finish(live_world.submit(live_world.pipeline({"d": data, "b": read}, ["d.data -> b.i"])))
    assert log_of(run, "b") == "report\nm\n"


def outputs_of(name: str, version: str | None) -> dict[str, Any]:
    settings = {"name": name, "version": version}
    return {"best": {"type": "custom_model", "source": "n", "output": "model", "settings": settings}}


def test_a_pipelines_outputs_too_and_again_where_a_step_is_reused(live_world: World, worker: Worker) -> None:
    ref = train(live_world)
    finish(live_world.submit(live_world.pipeline({"n": ref}, outputs=outputs_of("first", None))))
    again = finish(live_world.submit(live_world.pipeline({"n": ref}, outputs=outputs_of("second", "3"))))
    assert step_of(again, "n").reused
    assert registered() == [("first", "1", "custom_model"), ("second", "3", "custom_model")]


def test_equal_content_stays_the_version_that_it_has(live_world: World, worker: Worker) -> None:
    ref = train(live_world)
    for _ in range(2):
        finish(live_world.submit(live_world.pipeline({"n": ref}, outputs=outputs_of("same", None))))
    assert registered() == [("same", "1", "custom_model")]


def test_a_version_that_stands_is_told_of(live_world: World, worker: Worker) -> None:
    finish(live_world.submit(live_world.pipeline({"n": train(live_world)}, outputs=outputs_of("it", "1"))))
    other = live_world.pipeline({"n": train(live_world, "other")}, outputs=outputs_of("it", "1"))
    run = finish(live_world.submit(other))
    assert run.status == "Completed"
    assert "is not registered as it:1, which stands with other content" in step_of(run, "n").message
    assert registered() == [("it", "1", "custom_model")]
