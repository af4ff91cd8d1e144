"""The gallery: every workspace has the built-in templates, and each opens as a pipeline without problems."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from designer.models import Pipeline, Template
from designer.services.editing import snapshot
from designer.services.templates import register_templates
from registry.models import User
from registry.services.access import workspace_create
from tests.designer.conftest import signed_in


@pytest.fixture
def new_workspace(world: SimpleNamespace) -> SimpleNamespace:
    """A workspace made as a person makes one, with all that comes with it."""
    user: User = world.alice
    return SimpleNamespace(user=user, workspace=workspace_create(owner=user, name="Lab", slug="lab"))


def test_every_template_opens_as_a_pipeline_that_could_run(new_workspace: SimpleNamespace) -> None:
    client = signed_in(new_workspace.user)
    listed = client.get("/api/v1/workspaces/lab/templates/").json()
    assert len(listed) >= 5
    for template in listed:
        made = client.post(
            "/api/v1/workspaces/lab/pipelines/", {"template": template["slug"]}, content_type="application/json"
        ).json()
        shot = snapshot(Pipeline.objects.select_related("workspace").get(pk=made["id"]))
        assert shot.document["name"] == template["title"]
        assert len(shot.document["nodes"]) >= 4
        assert shot.problems == {}, template["slug"]


def test_registering_again_changes_nothing_and_costs_one_query(new_workspace: SimpleNamespace) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert register_templates(new_workspace.workspace) == 0
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 1


def test_a_template_whose_file_changed_is_read_again(new_workspace: SimpleNamespace) -> None:
    Template.objects.filter(workspace=new_workspace.workspace).update(digest="old", title="Old")
    assert register_templates(new_workspace.workspace) == Template.objects.count()
    assert not Template.objects.filter(title="Old").exists()


def test_a_pipeline_does_not_follow_its_template(new_workspace: SimpleNamespace) -> None:
    client = signed_in(new_workspace.user)
    template = Template.objects.filter(workspace=new_workspace.workspace)[0]
    made = client.post(
        "/api/v1/workspaces/lab/pipelines/",
        {"template": template.slug, "name": "Mine"},
        content_type="application/json",
    ).json()
    template.document["nodes"].clear()
    template.save()
    assert Pipeline.objects.get(pk=made["id"]).document["nodes"]


def test_a_pipeline_becomes_a_template_that_asks(new_workspace: SimpleNamespace) -> None:
    client = signed_in(new_workspace.user)
    source = client.post(
        "/api/v1/workspaces/lab/pipelines/", {"template": "forecast-sales"}, content_type="application/json"
    ).json()
    page = f"/w/lab/pipelines/{source['id']}/template/"
    assert "Horizon" in client.get(page).content.decode()
    sent = {"title": "Our forecast", "description": "Ours.", "category": "Ours", "asks": ["horizon"]}
    assert client.post(page, sent).status_code == 302
    made = Template.objects.get(slug="our-forecast")
    assert (made.asks, made.builtin) == (["horizon"], False)

    use = "/w/lab/templates/our-forecast/use/"
    form = client.post(use).content.decode()
    assert "Horizon" in form
    assert "Days" not in form
    assert "abc" in client.post(use, {"asked": "1", "horizon": "abc"}).content.decode()
    opened = client.post(use, {"asked": "1", "horizon": "14"})
    assert opened.status_code == 302
    copy = Pipeline.objects.latest("pk")
    assert (copy.document["inputs"]["horizon"]["default"], copy.document["inputs"]["days"]["default"]) == (14, 900)
    assert made.document["inputs"]["horizon"]["default"] == 28

    found = client.get("/w/lab/templates/?q=our+forecast").content.decode()
    assert "Our forecast" in found
    assert "Sort messages" not in found
    assert client.post("/w/lab/templates/forecast-sales/delete/").status_code == 409
    client.post("/w/lab/templates/our-forecast/delete/")
    assert not Template.objects.filter(slug="our-forecast").exists()
