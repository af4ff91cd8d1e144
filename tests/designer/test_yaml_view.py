"""The YAML view of a draft: what it shows, and what becomes of a text that somebody edited."""

import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from designer.models import Pipeline, PipelineOperation
from designer.services.editing import operations_apply
from designer.services.imports import pipeline_import
from designer.services.yaml_view import yaml_of
from registry.models import Component, ComponentVersion
from tests.designer.conftest import node, signed_in, wire
from tests.designer.test_imports import CONDA, STEP, tree

TEXT = """\
# Trains on the weekly table.
$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json
type: pipeline
display_name: Weekly   # shown in the list
experiment_name: weekly
settings: {default_compute: "azureml:cpu-cluster"}
inputs:
  table: {type: uri_folder, path: ./data}
jobs:
  # The first one reads.
  first:
    type: command
    component: ./one/step.yml
    inputs:
      data: "${{parent.inputs.table}}"
      rate: 0.5  # tuned by hand
  count:
    type: command
    code: ./lines
    command: python count.py --most ${{inputs.most}} ${{inputs.data}}
    environment: {image: some, conda_file: ./one/conda.yml}
    inputs:
      data: "${{parent.jobs.first.outputs.result}}"
      most: 7
"""
FILES = {
    "weekly.yml": TEXT,
    "data/rows.csv": "a,b\n1,2\n",
    "one/step.yml": STEP,
    "one/src/run.py": "print(1)\n",
    "one/conda.yml": CONDA,
    "lines/count.py": "print(2)\n",
}


@pytest.fixture
def weekly(world: SimpleNamespace, tmp_path: Path) -> Pipeline:
    done = pipeline_import(workspace=world.workspace, user=world.alice, root=tree(tmp_path / "files", FILES))
    assert done.pipeline is not None
    return done.pipeline


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What browsers on the pipeline were sent."""
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr("designer.services.yaml_view.notify", lambda group, message: sent.append(message))
    monkeypatch.setattr("designer.services.yaml_view.transaction.on_commit", lambda call: call())
    return sent


def at(pipeline: Pipeline, rest: str = "") -> str:
    return f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/yaml/{rest}"


def edit(world: SimpleNamespace, pipeline: Pipeline, *ops: dict[str, Any]) -> None:
    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid.uuid4(), ops=list(ops))
    pipeline.refresh_from_db()


def put(world: SimpleNamespace, pipeline: Pipeline, text: str, **more: Any) -> Any:
    pipeline.refresh_from_db()
    body = {"text": text, "base_text": yaml_of(pipeline).text, "op_id": str(uuid.uuid4())} | more
    answer = signed_in(world.alice).put(at(pipeline), body, content_type="application/json")
    pipeline.refresh_from_db()
    return answer


def check(world: SimpleNamespace, pipeline: Pipeline, text: str) -> Any:
    return signed_in(world.alice).post(at(pipeline, "check/"), {"text": text}, content_type="application/json").json()


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    return [(one, other) for one, other in zip(old, new, strict=True) if one != other]


def test_an_imported_text_is_shown_as_it_was_written(weekly: Pipeline) -> None:
    shown = yaml_of(weekly)
    assert (shown.text, shown.file, shown.losses, shown.rev) == (TEXT, "weekly.yml", [], 0)


def test_an_edit_on_the_canvas_changes_its_line_only(world: SimpleNamespace, weekly: Pipeline) -> None:
    edit(world, weekly, {"op": "set_params", "id": "first", "params": {"rate": 0.75}})
    assert changed_lines(TEXT, yaml_of(weekly).text) == [
        ("      rate: 0.5  # tuned by hand", "      rate: 0.75 # tuned by hand")
    ]


def test_a_copy_of_a_node_names_the_file_of_its_component(world: SimpleNamespace, weekly: Pipeline) -> None:
    first = weekly.document["nodes"]["first"]
    edit(world, weekly, {"op": "add_node", "node": {**first, "id": "again", "title": "Again"}})
    assert yaml_of(weekly).text.count("component: ./one/step.yml") == 2


def test_an_edited_text_is_one_batch_that_can_be_undone(world: SimpleNamespace, weekly: Pipeline) -> None:
    before = weekly.document
    text = TEXT.replace("rate: 0.5  #", "rate: 0.25  #").replace("display_name: Weekly ", "display_name: Daily ")
    answer = put(world, weekly, text)
    assert (answer.status_code, answer.json()["rev"], answer.json()["text"]) == (200, 1, text)
    assert weekly.document["nodes"]["first"]["params"] == {"rate": 0.25}
    assert weekly.name == "Daily"
    assert yaml_of(weekly).text == text
    done = PipelineOperation.objects.get(pipeline=weekly)
    assert {op["op"] for op in done.ops} == {"update_pipeline", "set_params"}
    edit(world, weekly, *done.inverse)
    assert weekly.document == before
    assert yaml_of(weekly).text == TEXT.replace("rate: 0.5  #", "rate: 0.5   #").replace("Weekly ", "Weekly")


def test_nodes_stay_where_they_are_though_the_text_says_no_places(world: SimpleNamespace, weekly: Pipeline) -> None:
    edit(world, weekly, {"op": "move", "positions": {"count": [900, 700]}})
    moved = yaml_of(weekly).text
    assert "[900.0, 700.0]" in moved
    more = """\
  again:
    component: ./one/step.yml
    inputs: {data: "${{parent.inputs.table}}"}
"""
    assert put(world, weekly, TEXT + more).status_code == 200
    nodes = weekly.document["nodes"]
    assert (nodes["count"]["x"], nodes["count"]["y"]) == (900, 700)
    assert nodes["again"]["component"] == nodes["first"]["component"]
    assert nodes["again"]["y"] > 700


def test_a_job_written_into_the_text_gets_a_new_version_with_its_old_code(
    world: SimpleNamespace, weekly: Pipeline
) -> None:
    before = weekly.document["nodes"]["count"]["component"]
    assert put(world, weekly, TEXT.replace("most: 7", "most: 8")).status_code == 200
    assert weekly.document["nodes"]["count"]["component"] == before
    assert put(world, weekly, TEXT.replace("count.py --most", "count.py --at-most")).status_code == 200
    after = weekly.document["nodes"]["count"]["component"]
    assert after != before
    old, new = (
        ComponentVersion.objects.get(component__name="count", version=ref.partition(":")[2]) for ref in (before, after)
    )
    assert "--at-most" in new.spec_data["command"]
    assert (new.code_id, new.spec_data["environment"]) == (old.code_id, old.spec_data["environment"])
    assert Component.objects.get(name="count").anonymous


def test_every_fault_is_told_at_its_line(world: SimpleNamespace, weekly: Pipeline) -> None:
    text = TEXT.replace("./one/step.yml", "./one/steps.yml").replace("code: ./lines", "code: ./liness")
    text = text.replace("path: ./data", "path: ./other")
    faults = check(world, weekly, text)["faults"]
    assert [(fault["line"], fault["message"]) for fault in faults] == [
        (8, "`./other` is not among the imported files: import it with its folder, or name what is registered"),
        (13, "`./one/steps.yml` is not among the imported files; did you mean `one/step.yml`?"),
        (19, "`./liness` is not among the imported files: import it with its folder, or name what is registered"),
    ]
    answer = put(world, weekly, text)
    assert (answer.status_code, answer.json()["code"], len(answer.json()["faults"])) == (422, "faults", 3)
    assert weekly.revision == 0


def test_a_text_changes_only_what_it_changed_of_its_own_base(world: SimpleNamespace, weekly: Pipeline) -> None:
    edit(world, weekly, {"op": "set_params", "id": "first", "params": {"rate": 0.75}})
    edit(world, weekly, {"op": "update_node", "id": "count", "changes": {"title": "Counted"}})
    mine = TEXT.replace("most: 7", "most: 8").replace("reads.", "reads (Ann).")
    assert put(world, weekly, mine, base_text=TEXT).status_code == 200
    nodes = weekly.document["nodes"]
    assert (nodes["first"]["params"]["rate"], nodes["count"]["params"]["most"]) == (0.75, 8)
    assert nodes["count"]["title"] == "Counted"
    shown = yaml_of(weekly).text
    assert all(part in shown for part in ("rate: 0.75", "most: 8", "display_name: Counted", "reads (Ann)."))


def test_where_both_changed_the_same_a_person_says_whose_holds(world: SimpleNamespace, weekly: Pipeline) -> None:
    edit(world, weekly, {"op": "set_params", "id": "first", "params": {"rate": 0.75}})
    mine = TEXT.replace("rate: 0.5 ", "rate: 0.25 ").replace("most: 7", "most: 8")
    answer = put(world, weekly, mine, base_text=TEXT)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["conflicts"] == [{"what": "rate of “Step”", "mine": "0.25", "theirs": "0.75"}]
    assert weekly.revision == 1
    for prefer, rate in (("theirs", 0.75), ("mine", 0.25)):
        assert put(world, weekly, mine, base_text=TEXT, prefer=prefer).status_code == 200
        params = {id: weekly.document["nodes"][id]["params"] for id in ("first", "count")}
        assert params == {"first": {"rate": rate}, "count": {"most": 8}}


def test_the_comments_of_both_are_kept(world: SimpleNamespace, weekly: Pipeline) -> None:
    assert put(world, weekly, TEXT.replace("tuned by hand", "tuned by Ann")).status_code == 200
    late = TEXT.replace("# Trains on", "# Bob trains on").replace("most: 7", "most: 8")
    assert put(world, weekly, late, base_text=TEXT).status_code == 200
    assert yaml_of(weekly).text == late.replace("tuned by hand", "tuned by Ann")


def test_a_draft_whose_text_cannot_be_read_any_more_is_not_guessed(world: SimpleNamespace, weekly: Pipeline) -> None:
    answer = put(world, weekly, TEXT.replace("most: 7", "most: 8"), base_text="jobs: [")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    assert weekly.revision == 0


def test_a_text_that_is_sent_twice_is_applied_once(world: SimpleNamespace, weekly: Pipeline) -> None:
    text, op_id = TEXT.replace("most: 7", "most: 8"), str(uuid.uuid4())
    for _ in range(2):
        assert put(world, weekly, text, base_text=TEXT, op_id=op_id).json()["rev"] == 1


def test_only_words_that_changed_make_no_revision_and_all_who_look_are_told(
    world: SimpleNamespace, weekly: Pipeline, told: list[dict[str, Any]]
) -> None:
    text = TEXT.replace("tuned by hand", "tuned by Ann")
    assert put(world, weekly, text).json()["rev"] == 0
    assert yaml_of(weekly).text == text
    assert told == [{"t": "text"}]


@pytest.mark.parametrize("missing", [("written",), ("beside",), ("written", "beside")])
def test_a_source_of_which_only_some_is_known_is_no_hindrance(
    world: SimpleNamespace, weekly: Pipeline, missing: tuple[str, ...]
) -> None:
    assert weekly.source is not None
    weekly.source = {key: value for key, value in weekly.source.items() if key not in missing}
    weekly.save()
    text = yaml_of(weekly).text
    assert "display_name: Weekly" in text
    answer = put(world, weekly, text.replace("display_name: Weekly", "display_name: Daily"))
    assert (answer.status_code, weekly.name) == ((422, "Weekly") if missing == ("beside",) else (200, "Daily"))


def test_importing_again_does_not_replace_what_was_edited_here(
    world: SimpleNamespace, weekly: Pipeline, tmp_path: Path
) -> None:
    put(world, weekly, TEXT.replace("most: 7", "most: 8"))
    assert weekly.source is not None
    assert weekly.source["revision"] is None
    again = pipeline_import(workspace=world.workspace, user=world.alice, root=tmp_path / "files")
    assert again.created


def test_a_pipeline_of_the_canvas_is_shown_and_edited_as_text(world: SimpleNamespace, pipeline: Pipeline) -> None:
    edit(
        world,
        pipeline,
        node("load", "load", x=40, y=60),
        node("split", "split"),
        wire("load", "table", "split", "data"),
    )
    text = yaml_of(pipeline).text
    assert "component: azureml:load:1.0.0" in text
    text = "# By hand\n" + text.replace("display_name: Split", "display_name: Halves")
    assert put(world, pipeline, text).status_code == 200
    assert pipeline.document["nodes"]["split"]["title"] == "Halves"
    assert (pipeline.document["nodes"]["load"]["x"], pipeline.document["nodes"]["load"]["y"]) == (40, 60)
    assert yaml_of(pipeline).text == text


def test_who_may_only_look_may_read_and_check(world: SimpleNamespace, weekly: Pipeline) -> None:
    vera = signed_in(world.vera)
    assert vera.get(at(weekly)).json()["text"] == TEXT
    json = {"content_type": "application/json"}
    checked = vera.post(at(weekly, "check/"), {"text": TEXT}, **json).json()
    assert checked["faults"] == []
    assert ["cpu-cluster" in warning["message"] for warning in checked["warnings"]] == [True]
    body = {"text": TEXT, "base_text": TEXT, "op_id": str(uuid.uuid4())}
    assert vera.put(at(weekly), body, **json).status_code == 403
    mallory = signed_in(world.mallory)
    assert mallory.get(at(weekly)).status_code == 404
