"""Data at addresses: mapped by a setting, fetched once, refused where nothing leads to it."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

from registry.models import DataAsset
from runner.services.laying import NotReady
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of

READ = "cat ${{inputs.i}}"


def at(world: World, uri: str, type: str = "uri_file") -> None:
    digest = hashlib.sha256(uri.encode()).hexdigest()
    DataAsset.objects.create(
        workspace=world.workspace,
        name="far",
        version="1",
        type=type,
        title="far",
        digest=digest,
        size=0,
        location="",
        uri=uri,
    )


def run_of(world: World, command: str = READ, type: str = "uri_file") -> Any:
    read = world.component("read", command, f"i: {{type: {type}}}")
    data = {"id": "d", "kind": "data", "asset": "far:1", "type": type}
    return world.submit(world.pipeline({"d": data, "b": read}, ["d.data -> b.i"]))


@pytest.mark.parametrize(
    "uri",
    [
        "azureml://datastores/blob/paths/in/a.csv",
        "azureml://subscriptions/1/resourcegroups/g/workspaces/w/datastores/blob/paths/in/a.csv",
        "abfss://files@account.dfs.core.windows.net/in/a.csv",
    ],
)
def test_a_mapped_address_is_read(live_world: World, worker: Worker, settings: Any, tmp_path: Path, uri: str) -> None:
    (tmp_path / "there" / "in").mkdir(parents=True)
    (tmp_path / "there" / "in" / "a.csv").write_text("x\n")
    there = str(tmp_path / "there")
    settings.DATASTORES = {"blob": there, "abfss://files@account.dfs.core.windows.net/": f"file://{there}"}
    at(live_world, uri)
    run = finish(run_of(live_world, f"basename ${{{{inputs.i}}}}; {READ}"))
    assert log_of(run, "b") == "a.csv\nx\n"


def test_a_folder_at_a_mapped_address_too(live_world: World, worker: Worker, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "there" / "in" / "deep").mkdir(parents=True)
    (tmp_path / "there" / "in" / "deep" / "a.csv").write_text("x\n")
    settings.DATASTORES = {"blob": str(tmp_path / "there")}
    at(live_world, "azureml://datastores/blob/paths/in/", "uri_folder")
    run = finish(run_of(live_world, "cat ${{inputs.i}}/deep/a.csv", "uri_folder"))
    assert log_of(run, "b") == "x\n", log_of(run, "b")


@pytest.mark.parametrize(
    ("uri", "sentence"),
    [
        ("azureml://datastores/blob/paths/a.csv", "lies in the datastore `blob`, and nothing says where that is"),
        ("s3://bucket/a.csv", 'as in {"s3://bucket/": "/mnt/data"}'),
        ("file:///etc/passwd", "cannot be read from here"),
        ("azureml://datastores/known/paths/../../etc/passwd", "leads out of its datastore"),
    ],
)
def test_an_address_without_a_way_is_refused(world: World, settings: Any, uri: str, sentence: str) -> None:
    settings.DATASTORES = {"known": "/nowhere"}
    at(world, uri)
    with pytest.raises(NotReady) as refused:
        run_of(world)
    assert sentence in refused.value.sentence


def test_the_web_is_read_but_not_the_network_around(live_world: World, worker: Worker) -> None:
    at(live_world, "https://127.0.0.1:9/a.csv")
    run = finish(run_of(live_world))
    assert run.status == "Failed"
    assert "is an address inside of a private network" in log_of(run, "b")
