"""Scripts in the style of azureml-examples, with `az ml` replaced by `portline`, against a live server."""

import shutil
from pathlib import Path

import pytest

from tests.sdk.conftest import FIXTURES, Ended, Live, bash

pytestmark = pytest.mark.xdist_group("sdk")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples' files in a folder that scripts may write to."""
    shutil.copytree(FIXTURES, tmp_path / "examples")
    return tmp_path / "examples"


def script(name: str, folder: Path, live: Live) -> Ended:
    return bash((FIXTURES / name).read_text(), folder, {"PORTLINE_URL": live.url, "PORTLINE_TOKEN": live.token})


def test_a_pipeline_is_run_followed_looked_at_and_fetched(live: Live, folder: Path) -> None:
    ended = script("run-pipeline-jobs.sh", folder, live)
    assert ended.code == 0, ended.err
    lines = ended.out.splitlines()
    name = lines[0].removeprefix("job ")
    for line in ["train | epoch 2", "score | sum 42 after 2 epochs", "Job completed"]:
        assert line in lines
    assert lines[-3:] == [f"step {name}/train Completed", f"step {name}/score Completed", "sum 42 after 2 epochs"]


def test_assets_are_made_and_used_by_name(live: Live, folder: Path) -> None:
    ended = script("create-assets.sh", folder, live)
    assert ended.code == 0, ended.err
    assert "count | counted 3" in ended.err
    assert [line for line in ended.out.splitlines() if line and line[0] not in '{} "'] == [
        "3",
        "small-env",
        "2",
        "numbers:7 count_lines:3",
        "Better numbers",
        "0",
        "Completed",
        "Count registered numbers",
    ]


def test_a_schedule_is_made_changed_triggered_and_deleted(live: Live, folder: Path) -> None:
    assert script("create-assets.sh", folder, live).code == 0
    ended = script("schedule.sh", folder, live)
    assert ended.code == 0, ended.err
    assert ended.out.splitlines() == ["0 3 * * *", "Every night", "false", "0", "true", "Completed", "gone: 3"]
