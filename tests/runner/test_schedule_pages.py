"""The pages of schedules, and what the runs page says of names, tags and the archive."""

from typing import Any

import pytest

from designer.models import Pipeline
from runner.models import Run, Schedule
from runner.services.describing import run_describe
from tests.runner.conftest import World, signed_in

PAGES = "/w/main/schedules/"
FORM = {
    "name": "nightly", "kind": "recurrence", "interval": "2", "frequency": "week", "hours": "6, 18", "minutes": "30",
    "week_days": ["monday", "friday"], "time_zone": "Europe/Berlin", "catch_up": "last", "overlap": "skip",
}  # fmt: skip


@pytest.fixture
def pipeline(world: World) -> Pipeline:
    true = world.component("true", "true", inputs="n: {type: integer, default: 1, max: 5}")
    nodes = {"a": {"component": true, "params": {"n": "${{parent.inputs.n}}"}}}
    return world.pipeline(nodes, inputs={"n": {"type": "integer", "default": 1}})


def test_a_schedule_is_made_seen_changed_and_deleted(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    assert "Nothing is scheduled" in client.get(PAGES).content.decode()
    assert "Test" in client.get(f"{PAGES}-/new/").content.decode()
    new = f"{PAGES}-/new/?pipeline={pipeline.pk}"
    assert 'name="input-n"' in client.get(new).content.decode()
    made = client.post(new, {**FORM, "input-n": "3"})
    assert made.status_code == 302, made.content.decode()
    schedule = Schedule.objects.get()
    assert schedule.trigger == {
        "type": "recurrence", "frequency": "week", "interval": 2, "time_zone": "Europe/Berlin",
        "schedule": {"hours": [6, 18], "minutes": [30], "week_days": ["monday", "friday"]},
    }  # fmt: skip
    assert (schedule.inputs, schedule.overlap, schedule.created_by) == ({"n": "3"}, "skip", world.alice)
    words = "every 2 weeks on Mon, Fri at 06:30, 18:30, Europe/Berlin"
    assert words in client.get(PAGES).content.decode()
    assert words in client.get(f"{PAGES}nightly/").content.decode()

    shown = client.get(f"{PAGES}nightly/edit/").content.decode()
    assert 'value="6, 18"' in shown
    cron = {**FORM, "kind": "cron", "expression": "0 4 * * *", "display_name": "Each night"}
    assert client.post(f"{PAGES}nightly/edit/", cron).status_code == 302
    assert "cron 0 4 * * *" in client.get(f"{PAGES}nightly/").content.decode()

    client.post(f"{PAGES}nightly/do/trigger/")
    page = client.get(f"{PAGES}nightly/").content.decode()
    assert Run.objects.get().name in page
    assert "by hand" in page
    client.post(f"{PAGES}nightly/do/delete/")
    assert Schedule.objects.exists()
    client.post(f"{PAGES}nightly/do/disable/")
    client.post(f"{PAGES}nightly/do/delete/")
    assert not Schedule.objects.exists()


def test_what_is_filled_in_wrongly_is_said_at_its_field(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    new = f"{PAGES}-/new/?pipeline={pipeline.pk}"
    for changes, sentence in (
        ({"name": "a b"}, "A name has letters, digits, hyphens and underscores."),
        ({"hours": "26"}, "`schedule.hours.0`: input should be less than or equal to 23."),
        ({"time_zone": "Europe/Berln"}, "there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?"),
        ({"kind": "cron", "expression": "* *"}, "`* *` has 2 fields"),
    ):
        page = client.post(new, {**FORM, **changes})
        assert page.status_code == 200
        assert sentence in page.content.decode().replace("&#x27;", "'"), sentence
    assert not Schedule.objects.exists()


def test_the_form_previews_the_next_five_times(world: World) -> None:
    client = signed_in(world.alice)
    assert client.post(f"{PAGES}-/preview/", FORM).content.decode().count("<li>") == 5
    wrong = client.post(f"{PAGES}-/preview/", {**FORM, "kind": "cron", "expression": "61 * * * *"})
    assert "`61` is no minute" in wrong.content.decode()


def test_the_list_costs_the_same_however_long(
    world: World, pipeline: Pipeline, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.alice)
    for number in range(8):
        client.post(f"{PAGES}-/new/?pipeline={pipeline.pk}", {**FORM, "name": f"s{number}"})
        client.post(f"{PAGES}s{number}/do/trigger/")
    with django_assert_max_num_queries(7):
        assert client.get(PAGES).content.decode().count("row-link") == 8


def test_viewers_look_and_strangers_find_nothing(world: World, pipeline: Pipeline) -> None:
    signed_in(world.alice).post(f"{PAGES}-/new/?pipeline={pipeline.pk}", FORM)
    viewer, stranger = signed_in(world.vera), signed_in(world.mallory)
    assert viewer.get(f"{PAGES}nightly/").status_code == 200
    assert viewer.get(f"{PAGES}-/new/").status_code == 403
    assert viewer.post(f"{PAGES}nightly/do/trigger/").status_code == 403
    for path in ("", "nightly/", "nightly/edit/"):
        assert stranger.get(f"{PAGES}{path}").status_code == 404
    assert stranger.post("/w/elsewhere/schedules/nightly/do/trigger/").status_code == 404


def test_runs_are_listed_by_name_and_found_by_tag_and_experiment(world: World, pipeline: Pipeline) -> None:
    client = signed_in(world.alice)
    first, second = world.submit(pipeline), world.submit(pipeline)
    run_describe(run=first, display_name="Spring", tags={"team": "red"})
    Run.objects.filter(pk=second.pk).update(experiment_name="costs")

    def rows(query: str) -> list[str]:
        page = client.get(f"/w/main/runs/{query}", headers={"HX-Request": "true"}).content.decode()
        return [run.name for run in (first, second) if f'data-run="{run.pk}"' in page]

    page = client.get("/w/main/runs/").content.decode()
    assert ("Spring" in page, first.name in page, "team: red" in page) == (True, True, True)
    assert rows("?tag=team%3Dred") == [first.name]
    assert rows("?experiment=costs") == [second.name]
    client.post(f"/w/main/runs/{first.pk}/archive/")
    assert (rows(""), rows("?archived=only")) == ([second.name], [first.name])
    client.post(f"/w/main/runs/{first.pk}/restore/")
    assert rows("") == [first.name, second.name]
    assert signed_in(world.vera).post(f"/w/main/runs/{first.pk}/archive/").status_code == 403
