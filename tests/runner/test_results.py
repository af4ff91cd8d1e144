"""What is known of the data on a pipeline's wires, through the API."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.models import Pipeline
from runner.worker import Worker
from tests.runner.conftest import World, finish, signed_in

API = "/api/v1/workspaces/main/"
LIBRARY = Path(__file__).parents[2] / "registry" / "library"
PEOPLE = {"component": "enter_data:1.0.0", "params": {"text": "name,age\nAda,36\nAlan,41\n"}}


@pytest.fixture
def tables(live_world: World, worker: Worker) -> World:
    for name in ("enter_data", "sort_rows", "sql_query"):
        live_world.register(LIBRARY / name)
    return live_world


def results(world: World, pipeline: Pipeline) -> Any:
    return signed_in(world.alice).get(f"{API}pipelines/{pipeline.pk}/results/").json()


def columns(told: Any, node: str) -> list[str] | None:
    schema = told["schemas"].get(node, {}).get("result")
    return list(told["tables"][schema["table"]]) if schema else None


def test_columns_are_known_by_declaration_and_then_by_a_run(tables: World) -> None:
    query = {"component": "sql_query:1.0.0", "params": {"sql": "SELECT name AS who FROM t1"}}
    sort = {"component": "sort_rows:1.0.0", "params": {"columns": "age"}}
    edges = ["people.result -> query.t1", "query.result -> sort.table"]
    pipeline = tables.pipeline({"people": PEOPLE, "query": query, "sort": sort}, edges)
    before = results(tables, pipeline)
    assert (columns(before, "people"), columns(before, "query"), before["problems"]) == (["name", "age"], None, {})
    assert before["results"] == {}

    finish(tables.submit(pipeline))
    after = results(tables, pipeline)
    assert columns(after, "query") == ["who"]
    assert after["schemas"]["query"]["result"]["origin"] == "run"
    assert (
        after["results"]["query"]["result"] | {"kind": "table", "stale": False} == after["results"]["query"]["result"]
    )
    assert "`age` is not in the table from" in after["problems"]["sort"][0]["message"]

    pipeline.document["nodes"]["query"]["params"]["sql"] = "SELECT age FROM t1"
    pipeline.save()
    changed = results(tables, pipeline)
    assert changed["results"]["query"]["result"]["stale"]
    assert changed["schemas"]["query"]["result"]["origin"] == "old run"
    assert not changed["results"]["people"]["result"]["stale"]


def test_the_answer_to_a_submit_warns_of_missing_columns(tables: World) -> None:
    sort = {"component": "sort_rows:1.0.0", "params": {"columns": "agee"}}
    pipeline = tables.pipeline({"people": PEOPLE, "sort": sort}, ["people.result -> sort.table"])
    sent = {"request_id": str(uuid.uuid4())}
    answer = signed_in(tables.alice).post(f"{API}pipelines/{pipeline.pk}/runs/", sent, content_type="application/json")
    assert answer.status_code == 201
    assert answer.json()["warnings"]["sort"][0]["message"].endswith("Did you mean `age`?")


def test_results_of_another_workspace_are_not_there(tables: World) -> None:
    pipeline = tables.pipeline({"people": PEOPLE})
    assert signed_in(tables.mallory).get(f"{API}pipelines/{pipeline.pk}/results/").status_code == 404
    assert signed_in(tables.vera).get(f"{API}pipelines/{pipeline.pk}/results/").status_code == 200


def test_more_steps_and_more_runs_cost_no_more_queries(tables: World) -> None:
    def count(steps: int, runs: int) -> int:
        pipeline = tables.pipeline({f"people{at}": PEOPLE for at in range(steps)})
        for _ in range(runs):
            finish(tables.submit(pipeline))
        results(tables, pipeline)
        with CaptureQueriesContext(connection) as queries:
            results(tables, pipeline)
        return len(queries)

    assert count(steps=2, runs=1) == count(steps=6, runs=3)
