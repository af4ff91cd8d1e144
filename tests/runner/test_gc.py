"""What garbage collection takes away, and what it never does: docs/guide/storage.md as tests."""

import os
import time
import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import F
from django.utils import timezone

from registry import contents, store
from registry.models import DataAsset
from registry.services.assets import asset_upload
from runner.executors.downloads import CACHE, WORKERS
from runner.models import Artifact, CacheEntry, Run, Step
from runner.services import collecting
from runner.services.recovery import worker_name
from runner.worker import Worker
from tests.runner.conftest import World, finish, signed_in

FILE = "o: {type: uri_file}"


def gc(*options: str) -> list[str]:
    out = StringIO()
    call_command("gc", *options, stdout=out)
    return out.getvalue().splitlines()


def write(world: World) -> str:
    """A component that writes its parameter, and a kilobyte."""
    if not hasattr(world, "_write"):
        world._write = world.component(  # type: ignore[attr-defined]
            "write", "(echo ${{inputs.word}}; head -c 1024 /dev/zero) > ${{outputs.o}}", "word: {type: string}", FILE
        )
    return world._write  # type: ignore[attr-defined]


def made(world: World, word: str) -> Run:
    """A run of one step that wrote a word."""
    node = {"component": write(world), "params": {"word": word}}
    return finish(world.submit(world.pipeline({"n": node})))


def artifact(run: Run) -> Artifact:
    return Artifact.objects.get(run=run)


def place(run: Run) -> Path:
    found = store.local_path(artifact(run).location)
    assert found is not None
    return found


def entry(run: Run) -> CacheEntry:
    return CacheEntry.objects.get(step__run=run)


def grow_old(run: Run, days: float) -> None:
    """As if it had run so long ago."""
    length = timedelta(days=days)
    Run.objects.filter(pk=run.pk).update(ended_at=F("ended_at") - length)
    Step.objects.filter(run=run).update(ended_at=F("ended_at") - length)
    Artifact.objects.filter(run=run).update(created_at=F("created_at") - length)
    CacheEntry.objects.filter(step__run=run).update(created_at=F("created_at") - length)
    lie_for(place(run), days)


def lie_for(path: Path, days: float) -> None:
    at = time.time() - days * 86_400
    os.utime(path, (at, at))


def test_results_go_by_their_last_use_and_runs_keep_their_outputs(live_world: World, worker: Worker) -> None:
    old, used, new = (made(live_world, word) for word in ("old", "used", "new"))
    for run in (old, used):
        grow_old(run, 40)
    CacheEntry.objects.filter(step__run=used).update(used_at=timezone.now())
    assert gc("--older-than", "30d")[0] == "1 result evicted"
    assert set(CacheEntry.objects.values_list("step__run", flat=True)) == {used.pk, new.pk}
    assert place(old).exists()


def test_results_go_until_the_others_fit_least_recently_used_first(live_world: World, worker: Worker) -> None:
    runs = [made(live_world, word) for word in ("a", "b", "c", "d")]
    for days, run in zip((4, 3, 2, 1), runs, strict=True):
        grow_old(run, days)
    CacheEntry.objects.filter(step__run=runs[0]).update(used_at=timezone.now())
    CacheEntry.objects.filter(step__run=runs[1]).update(pinned=True)
    gc("--max-size", "3KB")
    # Each takes a little more than a KB; the second is pinned, so the third is the first that goes, and then the last.
    assert set(CacheEntry.objects.values_list("step__run", flat=True)) == {runs[0].pk, runs[1].pk}


def test_content_that_results_share_counts_once(live_world: World, worker: Worker) -> None:
    same = live_world.component("same", "head -c 2000 /dev/zero > ${{outputs.o}}", "n: {type: integer}", FILE)
    nodes = {f"n{each}": {"component": same, "params": {"n": each}} for each in range(4)}
    finish(live_world.submit(live_world.pipeline(nodes)))
    gc("--max-size", "2KB")
    assert CacheEntry.objects.count() == 4
    gc("--max-size", "1KB")
    assert CacheEntry.objects.count() == 0


def test_outputs_of_kept_runs_go_only_where_that_is_asked_for(live_world: World, worker: Worker) -> None:
    old, pinned, new = (made(live_world, word) for word in ("old", "pinned", "new"))
    for run in (old, pinned):
        grow_old(run, 40)
    CacheEntry.objects.filter(step__run=pinned).update(pinned=True)
    lines = gc("--older-than", "30d", "--outputs")
    assert lines == [
        "1 result evicted",
        "1 output given up, while its run stays",
        "1 content of the store that nothing refers to deleted, 1 KB",
        "1 KB freed.",
    ]
    assert [place(run).exists() for run in (old, pinned, new)] == [False, True, True]
    client = signed_in(live_world.alice)
    run = client.get(f"/api/v1/workspaces/main/runs/{old.pk}/").json()
    assert run["steps"]["n"]["outputs"]["o"]["evicted"] is True
    assert client.get(f"/api/v1/workspaces/main/artifacts/{artifact(old).pk}/download/").status_code == 410
    assert finish(
        live_world.submit(live_world.pipeline({"n": {"component": write(live_world), "params": {"word": "old"}}}))
    )
    assert place(old).exists(), "made anew"


def test_an_output_that_was_registered_as_data_is_not_given_up(live_world: World, worker: Worker) -> None:
    run = made(live_world, "x")
    grow_old(run, 40)
    output = artifact(run)
    DataAsset.objects.create(
        workspace=live_world.workspace,
        name="x",
        version="1",
        type="uri_file",
        title="x",
        digest=output.digest,
        size=output.size,
        location=output.location,
    )
    gc("--older-than", "30d", "--outputs")
    assert artifact(run).evicted_at is None
    assert place(run).exists()


def test_outputs_go_until_the_others_fit(live_world: World, worker: Worker) -> None:
    first, second, third = (made(live_world, word) for word in ("a", "b", "c"))
    for days, run in ((3, first), (2, second), (1.5, third)):
        grow_old(run, days)
    gc("--max-size", "2200", "--outputs")
    assert [place(run).exists() for run in (first, second, third)] == [False, True, True]
    assert CacheEntry.objects.count() == 2


def test_old_runs_go_with_their_content_but_not_what_others_have(live_world: World, worker: Worker) -> None:
    alone, shared, pinned = (made(live_world, word) for word in ("alone", "shared", "pinned"))
    heir = live_world.submit(live_world.pipeline({"n": {"component": write(live_world), "params": {"word": "shared"}}}))
    CacheEntry.objects.filter(step__run=pinned).update(pinned=True)
    places = {run.pk: place(run) for run in (alone, shared, pinned)}
    for run in (alone, shared, pinned):
        grow_old(run, 40)
    active = live_world.submit(live_world.pipeline({"n": live_world.component("slow", "sleep 30")}))
    assert gc("--runs-older-than", "30d")[0] == "2 runs deleted"
    assert set(Run.objects.values_list("pk", flat=True)) == {pinned.pk, heir.pk, active.pk}
    assert [places[run.pk].exists() for run in (alone, shared, pinned)] == [False, True, True]
    signed_in(live_world.alice).post(f"/api/v1/workspaces/main/runs/{active.pk}/cancel/")
    finish(active)


def test_what_is_registered_or_pinned_or_young_is_never_taken(live_world: World, worker: Worker) -> None:
    upload = SimpleUploadedFile("table.csv", b"a,b\n1,2\n")
    asset, _ = asset_upload(workspace=live_world.workspace, file=upload, user=live_world.alice)
    code = live_world.component("coded", "cat hello > ${{outputs.o}}", outputs=FILE, files={"hello": "x"})
    run = finish(live_world.submit(live_world.pipeline({"n": code})))
    CacheEntry.objects.update(pinned=True)
    for shard in contents.shards():
        for content in contents.contents(shard):
            path = store.local_path(content.location)
            assert path is not None
            for found in (path, *path.rglob("*")):
                lie_for(found, 90)
    young = store.local_path("artifacts/aa/" + "a" * 64)
    assert young is not None
    young.parent.mkdir(parents=True, exist_ok=True)
    young.write_text("not referred to yet")
    grow_old(run, 90)
    before = {path for path in Path(str(store.local_path(""))).rglob("*") if path.is_file()}
    gc("--older-than", "1d", "--outputs", "--runs-older-than", "1d")
    assert {path for path in Path(str(store.local_path(""))).rglob("*") if path.is_file()} == before
    assert store.exists(asset.location)
    lie_for(young, 2)
    assert gc() == ["1 content of the store that nothing refers to deleted, 19 B", "19 B freed."]


def test_content_that_is_published_again_while_it_is_looked_at_stays(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A publisher finds equal content there and keeps it, right after garbage collection found nobody that wants it."""
    run = made(live_world, "x")
    location, path = artifact(run).location, place(run)
    copy = tmp_path / "copy"
    copy.write_bytes(path.read_bytes())
    Run.objects.filter(pk=run.pk).delete()
    lie_for(path, 2)
    take_away = contents.take_away

    def publish_first(*args: Any) -> Any:
        store.put_file(location, copy)
        return take_away(*args)

    monkeypatch.setattr(contents, "take_away", publish_first)
    gc()
    assert path.exists(), "it is young again"

    # Committed between the two looks, although it looks old.
    lie_for(path, 2)
    again = made(live_world, "x")
    row = artifact(again)
    Artifact.objects.filter(pk=row.pk).update(location="elsewhere")

    def commit_first(*args: Any) -> Any:
        lie_for(path, 2)
        Artifact.objects.filter(pk=row.pk).update(location=location)
        return take_away(contents.contents(location.rpartition("/")[0]), args[1])

    lie_for(path, 2)
    monkeypatch.setattr(contents, "take_away", commit_first)
    gc()
    assert path.read_bytes() == copy.read_bytes()
    assert not list(Path(str(store.local_path("drafts"))).glob("*"))


def test_content_that_is_published_while_it_lies_aside_is_there_once(live_world: World, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.write_text("x")
    location = "artifacts/bb/" + "b" * 64
    store.put_file(location, copy)
    path = store.local_path(location)
    assert path is not None
    lie_for(path, 2)
    [content] = contents.contents("artifacts/bb")

    def wanted_now() -> set[str]:
        assert not path.exists()
        store.put_file(location, copy)
        return {location}

    assert contents.take_away([content], wanted_now) == []
    assert path.read_text() == "x"
    assert contents.take_away([content], lambda: set()) == [], "it is young now"


def test_a_dry_run_tells_all_and_does_nothing(live_world: World, worker: Worker) -> None:
    old, older = made(live_world, "old"), made(live_world, "older")
    for run in (old, older):
        grow_old(run, 40)
    told = gc("--runs-older-than", "30d", "--older-than", "30d", "--dry-run")
    assert told[:2] == ["2 results would be evicted", "2 runs would be deleted"]
    assert told[2].startswith("2 contents of the store that nothing refers to would be deleted, ")
    assert (Run.objects.count(), CacheEntry.objects.count()) == (2, 2)
    assert place(old).exists()
    done = gc("--runs-older-than", "30d", "--older-than", "30d")
    assert [line.replace("would be ", "") for line in told[:-1]] == done[:-1]
    assert done[-1] == told[-1].replace("would be free.", "freed.")


def test_only_the_named_workspace_is_touched(live_world: World, worker: Worker) -> None:
    run = made(live_world, "x")
    grow_old(run, 40)
    gc("--older-than", "30d", "--runs-older-than", "30d", "--workspace", "elsewhere")
    assert (Run.objects.count(), CacheEntry.objects.count()) == (1, 1)
    with pytest.raises(CommandError, match="There is no workspace `nowhere`; there are: elsewhere, main"):
        gc("--workspace", "nowhere")


def test_what_gone_workers_left_is_cleared(live_world: World, settings: Any) -> None:
    gone = settings.WORK_DIR / WORKERS / worker_name("12345678").replace(f"_{os.getpid()}_", "_4194999_")
    elsewhere = settings.WORK_DIR / WORKERS / "another-machine_1_12345678"
    for folder in (gone, elsewhere):
        folder.mkdir(parents=True)
        (folder / "file").write_text("x")
    draft, begun = (Path(str(store.local_path("drafts"))) / uuid.uuid4().hex for _ in range(2))
    draft.parent.mkdir(parents=True)
    for path in (draft, begun):
        path.write_text("half")
    lie_for(draft, 2)
    gc("--unreferenced")
    assert (gone.exists(), elsewhere.exists(), draft.exists(), begun.exists()) == (False, True, False, True)


def test_downloads_that_a_step_reads_or_read_lately_stay(live_world: World, settings: Any) -> None:
    paths = [settings.WORK_DIR / CACHE / "dd" / digest / "d.csv" for digest in ("dd1", "dd2", "dd3")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_text("x")
    inputs = settings.WORK_DIR / WORKERS / "another-machine_1_12345678" / "run-1-n-1" / "inputs" / "i"
    inputs.mkdir(parents=True)
    (inputs / "d.csv").symlink_to(paths[0])
    for path in paths[:2]:
        lie_for(path.parent, 2)
    assert gc("--dry-run") == ["1 downloaded copy would be deleted, 1 B", "1 B would be free."]
    assert gc() == ["1 downloaded copy deleted, 1 B", "1 B freed."]
    assert [path.exists() for path in paths] == [True, False, True]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--older-than", "soon"], "--older-than: `soon` is no length of time; write it as 30d, 12h, 90m or 2w."),
        (["--max-size", "much"], "--max-size: `much` is no size; write it as 512MB, 2GB or a number of bytes."),
        (["--outputs"], "--outputs says what else goes with --older-than or --max-size; give one of them."),
        (["--unreferenced", "--max-size", "1GB"], "--unreferenced is all or nothing; leave it out with --max-size."),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(db: None, options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        gc(*options)
    assert str(refused.value) == sentence


def test_what_could_not_be_done_is_told_and_makes_it_fail(
    live_world: World, worker: Worker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = made(live_world, "x")
    lie_for(place(run), 2)
    Run.objects.filter(pk=run.pk).delete()

    def full(*args: Any) -> Any:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(collecting.contents, "take_away", full)
    with pytest.raises(CommandError, match="1 could not be done"):
        call_command("gc", stdout=StringIO())
    assert "could not be cleared: [Errno 30] Read-only file system" in capsys.readouterr().err
