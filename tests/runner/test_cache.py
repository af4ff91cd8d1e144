"""Results that are known can be looked at, pinned and evicted; runs can be deleted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registry import store
from runner.models import Artifact, CacheEntry, Event, LogChunk, Run, Step
from runner.services.cache import entry_pin
from runner.worker import Worker
from tests.runner.conftest import World, finish, signed_in, statuses, step_of

API = "/api/v1/workspaces/main/"
FILE = "o: {type: uri_file}"


def two_steps(world: World) -> Any:
    """first -> second"""
    first = world.component("first", "echo ${{inputs.word}} > ${{outputs.o}}", "word: {type: string}", FILE)
    second = world.component("second", "cat ${{inputs.i}} > ${{outputs.o}}", "i: {type: uri_file}", FILE)
    nodes = {"first": {"component": first, "params": {"word": "a"}}, "second": second}
    return world.pipeline(nodes, ["first.o -> second.i"])


def entry_of(run: Run, node: str) -> CacheEntry:
    return CacheEntry.objects.get(key=step_of(run, node).key)


def reused(run: Run) -> set[str]:
    return set(Step.objects.filter(run=run, reused=True).values_list("node_id", flat=True))


def test_results_are_listed_with_who_made_them_and_what_they_saved(live_world: World, worker: Worker) -> None:
    pipeline = two_steps(live_world)
    run = finish(live_world.submit(pipeline))
    for _ in range(2):
        live_world.submit(pipeline)
    Step.objects.filter(run=run).update(ended_at=run.created_at + timedelta(seconds=10), started_at=run.created_at)
    client = signed_in(live_world.vera)

    listed = client.get(f"{API}cache/").json()["results"]
    assert [(each["made_by"]["node"], each["made_by"]["run"], each["hits"]) for each in listed] == [
        ("second", run.pk, 2),
        ("first", run.pk, 2),
    ]
    assert (listed[0]["component"]["name"], listed[0]["size"], listed[0]["duration"]) == ("second", 2, 10)
    summary = client.get(f"{API}cache/summary/").json()
    assert (summary["entries"], summary["hits"], summary["saved"]) == (2, 4, 40)
    # Both steps of all three runs made the same two bytes.
    assert summary["bytes"] == {"results": 2, "outputs": 2, "data": 0, "code": 0}


def test_results_can_be_filtered_and_come_in_pages(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    entry_pin(entry=entry_of(run, "first"), pinned=True)
    long_ago = timezone.now() - timedelta(days=40)
    CacheEntry.objects.update(created_at=long_ago)
    Step.objects.filter(node_id="second").update(ended_at=long_ago)
    client = signed_in(live_world.alice)

    def nodes(query: str) -> list[str]:
        return [each["made_by"]["node"] for each in client.get(f"{API}cache/?{query}").json()["results"]]

    assert nodes("component=first") == ["first"]
    assert nodes("pinned=true") == ["first"]
    assert nodes("pinned=false") == ["second"]
    assert nodes("unused_for=30d") == ["second"]
    assert client.get(f"{API}cache/?unused_for=soon").json()["errors"]["unused_for"] == [
        "`soon` is no length of time; write it as 30d, 12h, 90m or 2w."
    ]
    first_page = client.get(f"{API}cache/?page_size=1").json()
    assert len(first_page["results"]) == 1
    assert client.get(first_page["next"]).json()["results"][0]["made_by"]["node"] == "first"


def test_an_evicted_result_is_computed_again_and_its_run_keeps_its_outputs(live_world: World, worker: Worker) -> None:
    pipeline = two_steps(live_world)
    run = finish(live_world.submit(pipeline))
    client = signed_in(live_world.alice)
    assert client.delete(f"{API}cache/{entry_of(run, 'second').pk}/").status_code == 204
    again = finish(live_world.submit(pipeline))
    assert reused(again) == {"first"}
    assert client.get(f"{API}runs/{again.pk}/steps/second/").json()["reuse"]["reasons"] == [
        "Nothing changed, but its result was evicted or its content is gone from the store."
    ]
    made = Artifact.objects.get(run=run, step__node_id="second")
    assert client.get(f"{API}artifacts/{made.pk}/download/").status_code == 200


def test_a_pinned_result_is_not_evicted(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    client = signed_in(live_world.alice)
    first, second = entry_of(run, "first"), entry_of(run, "second")
    assert client.post(f"{API}cache/{first.pk}/pin/").json()["pinned"] is True
    refused = client.delete(f"{API}cache/{first.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "pinned")
    assert refused.json()["detail"] == "The result of “first” is pinned. Unpin it first, then it can be evicted."
    answer = client.post(f"{API}cache/evict/", {"ids": [first.pk, second.pk]}, content_type="application/json").json()
    assert answer == {"evicted": 1, "pinned": 1}
    assert list(CacheEntry.objects.values_list("pk", flat=True)) == [first.pk]
    assert client.post(f"{API}cache/{first.pk}/unpin/").json()["pinned"] is False
    assert client.delete(f"{API}cache/{first.pk}/").status_code == 204


def test_a_step_shows_its_result_to_those_who_may_change_it(live_world: World, worker: Worker) -> None:
    pipeline = two_steps(live_world)
    run = finish(live_world.submit(pipeline))
    again = live_world.submit(pipeline)
    entry = entry_of(run, "first")
    for shown in (run, again):
        path = f"{API}runs/{shown.pk}/steps/first/"
        known = signed_in(live_world.alice).get(path).json()["cache"]
        assert known == {"id": entry.pk, "pinned": False, "hits": 1, "may_change": True}
        assert signed_in(live_world.vera).get(path).json()["cache"]["may_change"] is False
    entry.delete()
    assert signed_in(live_world.alice).get(f"{API}runs/{run.pk}/steps/first/").json()["cache"] is None


def test_viewers_and_strangers_change_nothing(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    entry = entry_of(run, "first")
    calls = [
        ("post", f"{API}cache/{entry.pk}/pin/"),
        ("delete", f"{API}cache/{entry.pk}/"),
        ("post", f"{API}cache/evict/"),
        ("delete", f"{API}runs/{run.pk}/"),
        ("post", f"/w/main/cache/{entry.pk}/pin/"),
        ("post", f"/w/main/cache/{entry.pk}/evict/"),
        ("post", "/w/main/cache/evict/"),
        ("post", f"/w/main/runs/{run.pk}/delete/"),
    ]
    for person, status in ((live_world.vera, 403), (live_world.mallory, 404)):
        client = signed_in(person)
        assert [getattr(client, method)(path).status_code for method, path in calls] == [status] * len(calls)
    # Nor does a workspace reach into another.
    mallory = signed_in(live_world.mallory)
    assert mallory.delete(f"/api/v1/workspaces/elsewhere/cache/{entry.pk}/").status_code == 404
    evicted = mallory.post(
        "/api/v1/workspaces/elsewhere/cache/evict/", {"ids": [entry.pk]}, content_type="application/json"
    )
    assert evicted.json() == {"evicted": 0, "pinned": 0}
    assert mallory.get("/api/v1/workspaces/elsewhere/cache/").json()["results"] == []
    assert CacheEntry.objects.count() == 2


def test_a_deleted_run_takes_its_rows_along(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    client = signed_in(live_world.alice)
    assert client.delete(f"{API}runs/{run.pk}/").status_code == 204
    assert client.get(f"{API}runs/{run.pk}/").status_code == 404
    for model in (Run, Step, Artifact, Event, LogChunk, CacheEntry):
        assert not model.objects.exists(), model


def test_a_result_that_another_run_has_stays_known_when_its_maker_is_deleted(live_world: World, worker: Worker) -> None:
    pipeline = two_steps(live_world)
    run = finish(live_world.submit(pipeline))
    again = live_world.submit(pipeline)
    assert signed_in(live_world.alice).delete(f"{API}runs/{run.pk}/").status_code == 204
    assert set(CacheEntry.objects.values_list("step__run", flat=True)) == {again.pk}
    assert reused(live_world.submit(pipeline)) == {"first", "second"}


def test_a_run_in_flight_or_with_pinned_results_is_not_deleted(live_world: World, worker: Worker) -> None:
    pipeline = two_steps(live_world)
    run = finish(live_world.submit(pipeline))
    entry_pin(entry=entry_of(run, "first"), pinned=True)
    client = signed_in(live_world.alice)
    refused = client.delete(f"{API}runs/{run.pk}/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_deletable")
    assert "made pinned results (“first”). Unpin them" in refused.json()["detail"]
    slow = live_world.component("slow", "sleep 30", outputs="")
    active = live_world.submit(live_world.pipeline({"slow": slow}))
    assert client.delete(f"{API}runs/{active.pk}/").json()["detail"] == (
        f"Run {active.pk} has not ended. Cancel it first, then it can be deleted."
    )
    client.post(f"{API}runs/{active.pk}/cancel/")
    finish(active)
    assert statuses(run) == {"first": "Completed", "second": "Completed"}


def test_an_output_whose_content_is_gone_says_so(live_world: World, worker: Worker) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    made = Artifact.objects.get(run=run, step__node_id="first")
    place = store.local_path(made.location)
    assert place is not None
    place.unlink()
    client = signed_in(live_world.alice)
    gone = client.get(f"{API}artifacts/{made.pk}/download/")
    assert (gone.status_code, gone.json()["code"]) == (410, "evicted")
    assert gone.json()["detail"] == (
        "The content of `o` was deleted to free space; only its preview is left. Run its step again to make it anew."
    )
    assert client.get(f"{API}artifacts/{made.pk}/preview/").json()["kind"] == "text"


@pytest.mark.parametrize("number", [2, 30])
def test_the_page_costs_the_same_queries_for_any_number_of_results(
    live_world: World, worker: Worker, number: int
) -> None:
    run = finish(live_world.submit(two_steps(live_world)))
    first = step_of(run, "first")
    CacheEntry.objects.bulk_create(
        CacheEntry(workspace=live_world.workspace, key=f"k{each}", step=first) for each in range(number)
    )
    client = signed_in(live_world.alice)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/w/main/cache/").content.decode()
    assert page.count('id="result-') >= number + 2
    assert len(queries) <= 19


def test_the_page_pins_evicts_and_filters(live_world: World, worker: Worker) -> None:
    client = signed_in(live_world.alice)
    assert "No results yet" in client.get("/w/main/cache/").content.decode()
    run = finish(live_world.submit(two_steps(live_world)))
    first, second = entry_of(run, "first"), entry_of(run, "second")
    assert 'aria-pressed="true"' in client.post(f"/w/main/cache/{first.pk}/pin/", {"pinned": "1"}).content.decode()
    assert client.post(f"/w/main/cache/{first.pk}/evict/").status_code == 409
    rows = client.get("/w/main/cache/?pinned=1", headers={"HX-Request": "true"}).content.decode()
    assert (f'id="result-{first.pk}"' in rows, f'id="result-{second.pk}"' in rows) == (True, False)
    assert "is evicted" in client.post(f"/w/main/cache/{second.pk}/evict/").content.decode()
    assert client.post("/w/main/cache/evict/", {"component": "first"}).headers["HX-Redirect"] == "/w/main/cache/"
    assert "1 stays: pinned." in client.get("/w/main/cache/").content.decode()
    assert list(CacheEntry.objects.all()) == [first]
