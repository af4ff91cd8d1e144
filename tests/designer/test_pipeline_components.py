"""Pipelines as components: registered from a draft or a file, nested, looked into, opened again."""

import io
import zipfile
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.models import Pipeline
from designer.services.editing import operations_apply
from designer.services.pipelines import pipeline_create
from registry.models import Component, ComponentVersion
from tests.designer.conftest import batch, node, signed_in, wire

API = "/api/v1/workspaces/main/"


def edit(pipeline: Pipeline, user: Any, *ops: dict[str, Any]) -> None:
    operations_apply(pipeline=pipeline, user=user, op_id=uuid4(), ops=list(ops))


def finished(world: SimpleNamespace, name: str = "Prepare") -> Pipeline:
    """A pipeline with an input, two steps and an output."""
    pipeline = pipeline_create(workspace=world.workspace, user=world.alice, name=name)
    edit(
        pipeline,
        world.alice,
        {"op": "set_input", "name": "rows", "input": {"type": "integer", "default": 5}},
        node("load", "load", params={"rows": "${{parent.inputs.rows}}"}),
        node("split", "split"),
        wire("load", "table", "split", "data"),
        {"op": "set_output", "name": "train", "output": {"type": "mltable", "source": "split", "output": "train"}},
    )
    return pipeline


def register(world: SimpleNamespace, pipeline: Pipeline, status: int = 201, **body: Any) -> dict[str, Any]:
    answer = signed_in(world.alice).post(
        f"{API}pipelines/{pipeline.pk}/component/", {"name": "prepare", **body}, content_type="application/json"
    )
    assert answer.status_code == status, answer.content
    return dict(answer.json())


def test_a_draft_becomes_a_component_with_its_inputs_and_outputs(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    made = register(world, pipeline, title="Prepare rows")
    assert (made["ref"], made["created"]) == ("prepare:1", True)
    shown = made["interface"]
    assert (shown["title"], shown["category"], shown["pipeline"]) == ("Prepare rows", "Pipelines", True)
    assert [(port["name"], port["type"], port["default"], port["optional"]) for port in shown["inputs"]] == [
        ("rows", "integer", 5, True)
    ]
    assert [(port["name"], port["type"]) for port in shown["outputs"]] == [("train", "mltable")]
    catalog = signed_in(world.alice).get(f"{API}catalog/").json()["components"]
    assert shown in catalog
    assert signed_in(world.alice).get(f"{API}pipelines/{pipeline.pk}/").json()["component"] == "prepare"


def test_a_component_keeps_what_the_draft_was(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    register(world, pipeline)
    edit(pipeline, world.alice, {"op": "remove_node", "id": "split"})
    inside = signed_in(world.alice).get(f"{API}components/prepare/versions/1/graph/").json()
    assert set(inside["document"]["nodes"]) == {"load", "split"}
    assert set(inside["components"]) == {"load:1.0.0", "split:1.0.0"}
    edit(pipeline, world.alice, {"op": "set_input", "name": "more", "input": {"type": "integer", "default": 5}})
    pipeline.refresh_from_db()
    assert register(world, pipeline)["ref"] == "prepare:2"


def test_nothing_new_makes_no_version_and_a_version_never_changes(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    register(world, pipeline, version="1.0.0")
    assert register(world, pipeline, 200)["created"] is False
    edit(pipeline, world.alice, {"op": "move", "positions": {"load": [8, 8]}})
    pipeline.refresh_from_db()
    refused = register(world, pipeline, 409, version="1.0.0")
    assert refused["code"] == "version_stands"


def test_the_digest_is_of_what_it_does(world: SimpleNamespace) -> None:
    pipeline = finished(world)

    def digest(*ops: dict[str, Any]) -> str:
        edit(pipeline, world.alice, *ops)
        pipeline.refresh_from_db()
        ref = register(world, pipeline)["ref"]
        return ComponentVersion.objects.get(component__name="prepare", version=ref.partition(":")[2]).digest

    first = digest({"op": "move", "positions": {"load": [0, 0]}})
    looks = {"op": "update_node", "id": "load", "changes": {"title": "Read", "comment": "From the store"}}
    assert digest({"op": "move", "positions": {"load": [80, 80]}}, looks) == first
    retried = {"op": "update_node", "id": "load", "changes": {"settings": {"retries": 3}}}
    assert digest(retried) == first
    assert digest({"op": "set_params", "id": "split", "params": {"ratio": 0.9}}) != first
    assert digest({"op": "set_params", "id": "split", "params": {"ratio": None}}) == first
    order = {"op": "connect_order", "source": "load", "target": "split", "condition": "completed"}
    assert digest(order) != first


def test_a_draft_with_problems_is_no_component(world: SimpleNamespace, pipeline: Pipeline) -> None:
    empty = register(world, pipeline, 422)
    assert (empty["code"], list(empty["problems"])) == ("problems", [""])
    edit(pipeline, world.alice, node("train", "train"))
    refused = register(world, pipeline, 422)
    assert [problem["field"] for problem in refused["problems"]["train"]] == ["data", "depth"]
    assert refused["detail"] == "The pipeline cannot be a component yet: Connect something to Data. (and 1 more)"
    assert not Component.objects.filter(name="prepare").exists()


@pytest.mark.parametrize(
    ("body", "field", "sentence"),
    [
        ({"name": "My pipeline"}, "name", "Use small letters, digits and _, and begin with a letter."),
        ({"version": "no!"}, "version", "Use letters, digits, dots, - and _, at most 64 of them."),
    ],
)
def test_names_and_versions_are_those_of_components(
    world: SimpleNamespace, body: dict[str, str], field: str, sentence: str
) -> None:
    assert register(world, finished(world), 400, **body)["errors"] == {field: [sentence]}


def test_inputs_that_differ_only_in_case_are_no_ports(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    edit(pipeline, world.alice, {"op": "set_input", "name": "Rows", "input": {"type": "integer"}})
    pipeline.refresh_from_db()
    assert register(world, pipeline, 422)["detail"] == "`inputs` `Rows` and `rows` differ only in case."


def test_a_name_stands_for_one_type(world: SimpleNamespace) -> None:
    refused = register(world, finished(world), 409, name="train")
    assert (refused["code"], refused["detail"]) == (
        "other_type", "There is a component `train` of type command: choose another name.",
    )  # fmt: skip


def nested(world: SimpleNamespace, ref: str, name: str) -> Pipeline:
    pipeline = pipeline_create(workspace=world.workspace, user=world.alice, name=name)
    inner = {"op": "add_node", "node": {"id": "inner", "component": ref, "title": "Inner"}}
    output = {"type": "mltable", "source": "inner", "output": "train"}
    edit(pipeline, world.alice, inner, {"op": "set_output", "name": "train", "output": output})
    return pipeline


def test_pipelines_nest_to_any_depth_but_never_within_themselves(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    register(world, pipeline)
    register(world, nested(world, "prepare:1", "Outer"), name="outer")
    outermost = nested(world, "outer:1", "Outermost")
    register(world, outermost, name="outermost")
    refused = register(world, outermost, 409, name="prepare")
    assert (refused["code"], refused["detail"]) == (
        "cycle", "`prepare` would contain itself: prepare → outer:1 → prepare:1.",
    )  # fmt: skip
    assert register(world, nested(world, "prepare:1", "Again"), 409, name="prepare")["code"] == "cycle"


def test_a_nested_component_counts_by_its_digest(world: SimpleNamespace) -> None:
    def digest(ref: str) -> str:
        name, _, version = ref.partition(":")
        return ComponentVersion.objects.get(component__name=name, version=version).digest

    pipeline = finished(world)
    register(world, pipeline)
    first = digest(register(world, nested(world, "prepare:1", "Outer"), name="outer_a")["ref"])
    edit(pipeline, world.alice, {"op": "move", "positions": {"load": [8, 8]}})
    pipeline.refresh_from_db()
    register(world, pipeline)
    assert digest(register(world, nested(world, "prepare:2", "Outer"), name="outer_b")["ref"]) == first
    edit(pipeline, world.alice, {"op": "set_params", "id": "split", "params": {"ratio": 0.9}})
    pipeline.refresh_from_db()
    register(world, pipeline)
    assert digest(register(world, nested(world, "prepare:3", "Outer"), name="outer_c")["ref"]) != first


def test_registering_costs_one_query_more_a_level_whatever_the_number_of_nodes(world: SimpleNamespace) -> None:
    register(world, finished(world))

    def queries(pipeline: Pipeline, name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            register(world, pipeline, name=name)
        return len(captured)

    one = nested(world, "prepare:1", "One")
    many = nested(world, "prepare:1", "Many")
    edit(many, world.alice, *(node(f"n{number}", "load") for number in range(30)))
    many.refresh_from_db()
    assert queries(one, "one") == queries(many, "many")


def test_a_component_is_opened_edited_and_registered_as_the_next_version(world: SimpleNamespace) -> None:
    register(world, finished(world), title="Prepare rows")
    client = signed_in(world.alice)
    opened = client.post(f"{API}components/prepare/versions/1/open/")
    assert opened.status_code == 201
    assert (opened.json()["name"], opened.json()["component"]) == ("Prepare rows", "prepare")
    pipeline = Pipeline.objects.get(pk=opened.json()["id"])
    assert set(pipeline.document["nodes"]) == {"load", "split"}
    edit(pipeline, world.alice, {"op": "set_params", "id": "split", "params": {"ratio": 0.9}})
    pipeline.refresh_from_db()
    assert register(world, pipeline)["ref"] == "prepare:2"


def test_a_used_component_is_edited_like_any_other(world: SimpleNamespace, pipeline: Pipeline) -> None:
    register(world, finished(world))
    client = signed_in(world.alice)
    ops = [
        {"op": "add_node", "node": {"id": "prep", "component": "prepare:1", "params": {"rows": 7}}},
        node("train", "train", params={"depth": 3}),
        wire("prep", "train", "train", "data"),
        {"op": "update_node", "id": "prep", "changes": {"loop": {"type": "parallel_for", "over": "items", "items": [{"rows": 1}]}}},
    ]  # fmt: skip
    answer = client.post(f"{API}pipelines/{pipeline.pk}/operations/", batch(*ops), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert answer.json()["components"]["prepare:1"]["pipeline"] is True
    # A loop's output is a folder of all; the table that `train` wants must be one.
    assert [problem["code"] for problem in answer.json()["problems"]["train"]] == ["type_warning"]
    assert client.get(f"/w/main/pipelines/{pipeline.pk}/thumbnail.webp").status_code == 200


def test_only_members_look_inside_and_only_editors_open_and_register(world: SimpleNamespace) -> None:
    pipeline = finished(world)
    register(world, pipeline)
    graph, open_ = (f"{API}components/prepare/versions/1/{what}/" for what in ("graph", "open"))
    viewer, stranger = signed_in(world.vera), signed_in(world.mallory)
    assert viewer.get(graph).status_code == 200
    assert viewer.post(open_).status_code == 403
    body = {"name": "mine"}
    assert viewer.post(f"{API}pipelines/{pipeline.pk}/component/", body, "application/json").status_code == 403
    for client, base in ((stranger, API), (stranger, API.replace("main", "elsewhere"))):
        assert client.get(graph.replace(API, base)).status_code == 404
        assert client.post(open_.replace(API, base)).status_code == 404
        assert client.post(f"{base}pipelines/{pipeline.pk}/component/", body, "application/json").status_code == 404
    assert viewer.get(f"{API}components/load/versions/1.0.0/graph/").status_code == 404


def test_its_page_shows_the_graph_and_its_steps_instead_of_code(world: SimpleNamespace) -> None:
    register(world, finished(world))
    register(world, nested(world, "prepare:1", "Outer"), name="outer")
    client = signed_in(world.alice)
    page = client.get("/w/main/components/outer/").content.decode()
    assert "Open to edit" in page
    assert "component.yml" not in page
    assert "/w/main/components/outer/1/inside/" in page
    inside = client.get("/w/main/components/outer/1/inside/").content.decode()
    assert "1 step<" in inside
    assert "/w/main/components/prepare/?version=1" in inside
    picture = client.get("/w/main/components/outer/1/graph.webp?theme=dark")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    viewer = signed_in(world.vera)
    assert "Open to edit" not in viewer.get("/w/main/components/outer/").content.decode()
    assert viewer.post("/w/main/components/outer/1/open/").status_code == 403
    assert signed_in(world.mallory).get("/w/main/components/outer/1/inside/").status_code == 404
    assert client.get("/w/main/components/load/1.0.0/inside/").status_code == 404


def test_opening_it_from_its_page_leads_to_the_canvas(world: SimpleNamespace) -> None:
    register(world, finished(world))
    opened = signed_in(world.alice).post("/w/main/components/prepare/1/open/")
    made = Pipeline.objects.latest("pk")
    assert (opened.status_code, opened["Location"]) == (302, f"/w/main/pipelines/{made.pk}/")
    assert set(made.document["nodes"]) == {"load", "split"}


FILE = """\
$schema: https://azuremlschemas.azureedge.net/latest/pipelineComponent.schema.json
type: pipeline
name: whole
inputs:
  rows: {type: integer, default: 5, max: 50}
outputs:
  train: {type: mltable}
jobs:
  load: {component: "azureml:load@latest", inputs: {rows: "${{parent.inputs.rows}}"}}
  halves:
    component: ../halve/halve.yml
    inputs: {data: "${{parent.jobs.load.outputs.table}}"}
    outputs: {train: "${{parent.outputs.train}}"}
"""
HALVE = """\
name: halve
inputs:
  data: {type: mltable}
outputs:
  train: {type: mltable}
command: cp "${{inputs.data}}" "${{outputs.train}}"
"""


def upload(world: SimpleNamespace, files: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    content.seek(0)
    content.name = "components.zip"
    answer = signed_in(world.alice).post(f"{API}components/", {"file": content})
    return answer.status_code, answer.json()["components"]


def test_a_zip_may_hold_pipeline_components_and_what_they_name_by_path(world: SimpleNamespace) -> None:
    status, outcomes = upload(world, {"a/component.yml": FILE, "halve/halve.yml": HALVE})
    assert (status, [(each["file"], each["ref"]) for each in outcomes]) == (
        201, [("halve/halve.yml", "halve:1"), ("a/component.yml", "whole:1")],
    )  # fmt: skip
    version = ComponentVersion.objects.get(component__name="whole")
    assert version.yaml == FILE
    assert version.interface["inputs"][0]["max"] == 50
    assert version.graph is not None
    assert version.graph["nodes"]["halves"]["component"] == "halve:1"
    assert upload(world, {"a/component.yml": FILE, "halve/halve.yml": HALVE})[0] == 200


def test_components_of_one_zip_may_name_each_other_in_any_order(world: SimpleNamespace) -> None:
    by_name = FILE.replace("../halve/halve.yml", "azureml:halve@latest")
    status, outcomes = upload(world, {"a/component.yml": by_name, "b/component.yml": HALVE})
    assert (status, len(outcomes)) == (201, 2)


@pytest.mark.parametrize(
    ("line", "replacement", "place", "message"),
    [
        ("../halve/halve.yml", "../../halve.yml", 11, "`../../halve.yml` lies outside of the uploaded folder"),
        ("../halve/halve.yml", "../halve/half.yml", 11, "`../halve/half.yml` does not exist beside component.yml"),
        ("../halve/halve.yml", "../a/component.yml", 11, "`../a/component.yml` contains this component, so it cannot be within it"),
        ("../halve/halve.yml", "../halve/bad.yml", 11, "`../halve/bad.yml` cannot be registered itself: `command` is missing"),
        ("azureml:load@latest", "azureml:loud@latest", 9, "there is no component `loud` here; did you mean `load`? Register it, or replace this step"),
        ("inputs: {data: \"${{parent.jobs.load.outputs.table}}\"}", "inputs: {}", 12, "Connect something to Data"),
        ("type: pipeline", "type: pipelines", 2, "there are no components of type `pipelines`; did you mean `pipeline`?"),
    ],
)  # fmt: skip
def test_faults_in_uploaded_pipelines_have_their_line(
    world: SimpleNamespace, line: str, replacement: str, place: int, message: str
) -> None:
    files = {
        "a/component.yml": FILE.replace(line, replacement),
        "halve/halve.yml": HALVE,
        "halve/bad.yml": "name: bad\n",
    }
    status, outcomes = upload(world, files)
    faults = next(each["faults"] for each in outcomes if each["file"] == "a/component.yml")
    assert (status, [(fault["line"], fault["message"]) for fault in faults]) == (422, [(place, message)])
    assert not Component.objects.filter(name="whole").exists()
