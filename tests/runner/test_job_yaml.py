"""What ran, as a file that runs again."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.runner.conftest import World, signed_in
from tests.runner.test_jobs import API

pytestmark = pytest.mark.django_db


def test_a_jobs_file_says_what_ran(world: World) -> None:
    write = world.component("write", "echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    run = world.submit(world.pipeline({"a": write}, []))
    browser = signed_in(world.alice)
    answer = browser.get(f"{API}jobs/{run.name}/yaml/")
    assert answer.status_code == 200
    job: dict[str, Any] = YAML(typ="safe").load(answer.json()["text"])
    assert job["jobs"]["a"]["component"].startswith("azureml:write:")
    assert job["experiment_name"] == run.experiment_name


def test_another_workspaces_job_has_no_file(world: World) -> None:
    write = world.component("write", "echo x > ${{outputs.o}}", outputs="o: {type: uri_file}")
    run = world.submit(world.pipeline({"a": write}, []))
    assert signed_in(world.mallory).get(f"{API}jobs/{run.name}/yaml/").status_code == 404
