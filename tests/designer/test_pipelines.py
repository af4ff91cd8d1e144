"""Making, copying, binning and looking at pipelines."""

from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from designer.models import Pipeline
from designer.services.editing import operations_apply
from designer.services.pipelines import pipeline_create
from tests.designer.conftest import node, signed_in, wire

API = "/api/v1/workspaces/main/pipelines/"


def test_a_pipeline_is_made_listed_cloned_binned_and_restored(world: SimpleNamespace) -> None:
    client = signed_in(world.alice)
    made = client.post(API, {"name": "Churn"}, content_type="application/json").json()
    operations_apply(
        pipeline=Pipeline.objects.get(pk=made["id"]), user=world.alice, op_id=uuid4(), ops=[node("load", "load")]
    )
    clone = client.post(f"{API}{made['id']}/clone/", content_type="application/json").json()
    assert clone["name"] == "Churn (copy)"
    assert set(Pipeline.objects.get(pk=clone["id"]).document["nodes"]) == {"load"}
    assert client.delete(f"{API}{made['id']}/").status_code == 204
    assert [found["name"] for found in client.get(API).json()["results"]] == ["Churn (copy)"]
    assert client.get(f"{API}{made['id']}/").status_code == 404
    assert client.post(f"{API}{made['id']}/restore/").json()["name"] == "Churn"
    assert {found["name"] for found in client.get(f"{API}?search=chu cop").json()["results"]} == {"Churn (copy)"}


def test_a_viewer_cannot_make_or_bin(world: SimpleNamespace, pipeline: Pipeline) -> None:
    client = signed_in(world.vera)
    assert client.post(API, {"name": "x"}, content_type="application/json").status_code == 403
    assert client.delete(f"{API}{pipeline.pk}/").status_code == 403


def test_the_list_costs_the_same_queries_for_any_number(world: SimpleNamespace, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(API).status_code == 200
        return len(captured)

    few = queries()
    for number in range(20):
        pipeline_create(workspace=world.workspace, user=world.alice, name=f"Pipeline {number}")
    assert queries() == few


def test_the_thumbnail_shows_the_graph_and_is_sent_once_a_revision(world: SimpleNamespace, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    url = f"/w/main/pipelines/{pipeline.pk}/thumbnail.webp"
    empty = client.get(url)
    operations_apply(
        pipeline=pipeline,
        user=world.alice,
        op_id=uuid4(),
        ops=[node("load", "load"), node("split", "split", x=320), wire("load", "table", "split", "data")],
    )
    drawn = client.get(url)
    assert Image.open(BytesIO(drawn.content)).size == (640, 360)
    colours = [len(Image.open(BytesIO(picture.content)).getcolors(300_000) or []) for picture in (empty, drawn)]
    assert colours[1] > 2 * colours[0]
    assert client.get(url, headers={"If-None-Match": drawn["ETag"]}).status_code == 304
    assert client.get(url, headers={"If-None-Match": empty["ETag"]}).status_code == 200
    assert client.get(f"{url}?theme=dark").content != drawn.content
    assert signed_in(world.mallory).get(url).status_code == 404


def test_renaming_on_the_list_is_an_edit_that_open_canvases_see(world: SimpleNamespace, pipeline: Pipeline) -> None:
    from designer.services.pipelines import pipeline_rename

    pipeline_rename(pipeline=pipeline, user=world.alice, name="Who leaves")
    pipeline.refresh_from_db()
    assert (pipeline.name, pipeline.document["name"], pipeline.revision) == ("Who leaves", "Who leaves", 1)


def test_a_components_page_learns_which_pipelines_use_it(world: SimpleNamespace, pipeline: Pipeline) -> None:
    operations_apply(pipeline=pipeline, user=world.alice, op_id=uuid4(), ops=[node("load", "load")])
    client = signed_in(world.alice)
    page = client.get("/w/main/pipelines/uses/load/").content.decode()
    assert "Churn" in page
    assert "1.0.0" in page
    assert "Churn" not in client.get("/w/main/pipelines/uses/split/").content.decode()


def test_the_api_page_is_shown_within_the_content_security_policy(world: SimpleNamespace) -> None:
    page = signed_in(world.alice).get("/api/docs/")
    assert page.status_code == 200
    assert "<script>" not in page.content.decode()
