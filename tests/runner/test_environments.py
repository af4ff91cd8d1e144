"""Each step runs in the environment that its component asks for, as it was when the run was submitted."""

import subprocess
import sys
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from uv import find_uv_bin

from designer.models import Pipeline
from registry.models import Environment
from registry.services.environments import environment_archive, environment_from_list, environment_from_yaml
from runner.environments import uv
from runner.executors.warm import warm_starts
from runner.models import Run, Step
from runner.services.cancelling import run_cancel
from runner.services.laying import NotReady
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, signed_in, statuses, step_of, wait_for
from tests.runner.test_environment_builds import _downloaded_once, alive, downloads, use_slow_uv  # noqa: F401

OWN_PYTHON = "{}.{}".format(*sys.version_info)
SCRIPT = (
    "import importlib.metadata, os, shutil, sys\n"
    "import six\n"
    "print('six', importlib.metadata.version('six'), 'on', '%d.%d' % sys.version_info[:2])\n"
    "print('venv', sys.prefix == os.environ['VIRTUAL_ENV'], shutil.which('python') == sys.executable)\n"
)


def pythons() -> list[str]:
    """Other versions that can be had here: one that is too old for warm starts, the oldest that is not, a new one."""
    found = subprocess.run(
        [find_uv_bin(), "python", "list", "--only-installed", "--no-python-downloads"],
        capture_output=True,
        text=True,
        env=uv.variables(),
    )
    return [version for version in ("3.9", "3.10", "3.13") if f"cpython-{version}." in found.stdout]


def component(world: World, name: str, environment: str) -> str:
    """A component whose script says which six it has; `environment` is YAML."""
    folder = world.tmp_path / name
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "main.py").write_text(SCRIPT)
    (folder / "component.yml").write_text(
        f"name: {name}\nversion: 1.0.0\ncode: src\nenvironment: {environment}\ncommand: python main.py\n"
    )
    world.register(folder)
    return f"{name}:1.0.0"


def environment(world: World, name: str, *packages: str, **more: Any) -> Environment:
    text = "\n".join(packages)
    return environment_from_list(
        workspace=world.workspace, user=world.alice, name=name, packages=text, **more
    ).environment


def problem_of(world: World, ref: str) -> str:
    with pytest.raises(NotReady) as found:
        world.submit(world.pipeline({"node": ref}))
    (problem,) = found.value.problems["node"]
    assert (problem["node"], problem["code"], problem["severity"]) == ("node", "unknown_environment", "error")
    assert not Run.objects.exists()
    return problem["message"]


class TestRunning:
    def test_a_step_has_other_packages_than_the_server(self, live_world: World, worker: Worker) -> None:
        environment(live_world, "old", "six==1.15.0")
        ref = component(live_world, "tell", "azureml:old:1")
        run = finish(live_world.submit(live_world.pipeline({"tell": ref})))
        assert statuses(run) == {"tell": "Completed"}
        log = log_of(run, "tell")
        assert f"six 1.15.0 on {OWN_PYTHON}\nvenv True True\n" in log
        # How it was made is the beginning of the log.
        assert log.startswith("The environment old:1 is made")
        chunks = step_of(run, "tell").attempts.get().chunks.order_by("seq")
        assert chunks[0].stream == "system"

    def test_warm_and_cold_alike(self, live_world: World, worker: Worker, settings: Any) -> None:
        environment(live_world, "tools", "six==1.16.0")
        ref = component(live_world, "tell", "azureml:tools:1")
        pipeline = live_world.pipeline({"tell": ref}, settings={"force_rerun": True})

        def tell() -> str:
            run = finish(live_world.submit(pipeline))
            return "".join(line for line in log_of(run, "tell").splitlines(True) if line.startswith(("six", "venv")))

        settings.WARM_STARTS = False
        cold = tell()
        assert cold == f"six 1.16.0 on {OWN_PYTHON}\nvenv True True\n"
        settings.WARM_STARTS = True
        wait_for(lambda: tell() == cold and any("six" in zygote.modules for zygote in warm_starts.ready()))
        before = warm_starts.warm
        assert tell() == cold
        assert warm_starts.warm > before

    def test_warm_in_each_python_that_this_machine_has(self, live_world: World, worker: Worker) -> None:
        for version in {OWN_PYTHON, *pythons()}:
            environment(live_world, f"on-{version}", "six==1.16.0", python=version)
            ref = component(live_world, f"on_{version.replace('.', '_')}", f"azureml:on-{version}:1")
            pipeline = live_world.pipeline({"tell": ref}, settings={"force_rerun": True})

            def tell(pipeline: Pipeline = pipeline) -> str:
                return log_of(finish(live_world.submit(pipeline)), "tell")

            cold = tell()
            assert f"six 1.16.0 on {version}\nvenv True True\n" in cold
            if version == "3.9":
                assert f"Its environment has Python {version}" in cold
                continue
            before = warm_starts.warm
            wait_for(lambda tell=tell, before=before: tell() and warm_starts.warm > before)
            assert tell() == f"six 1.16.0 on {version}\nvenv True True\n"

    def test_a_step_is_preparing_while_its_environment_is_made(
        self, live_world: World, worker: Worker, settings: Any, monkeypatch: Any
    ) -> None:
        go = settings.WORK_DIR / "go"
        pid = use_slow_uv(monkeypatch, settings, until=go)
        run = live_world.submit(live_world.pipeline({"tell": component(live_world, "tell", "{pip: [six==1.16.0]}")}))
        wait_for(lambda: pid.exists() and "The component's environment is made" in log_of(run, "tell"))
        assert statuses(run) == {"tell": "Preparing"}
        go.touch()
        assert finish(run).status == "Completed"

    def test_cancelling_ends_the_build(
        self, live_world: World, worker: Worker, settings: Any, monkeypatch: Any
    ) -> None:
        pid = use_slow_uv(monkeypatch, settings)
        run = live_world.submit(live_world.pipeline({"tell": component(live_world, "tell", "{pip: [six==1.16.0]}")}))
        wait_for(pid.exists)
        run_cancel(run=run)
        assert finish(run).status == "Canceled"
        wait_for(lambda: not alive(int(pid.read_text())))

    def test_a_bad_list_fails_the_step_with_the_resolvers_words(self, live_world: World, worker: Worker) -> None:
        ref = component(live_world, "tell", "{conda_file: {dependencies: [{pip: [nosuchpackage-portline==9]}]}}")
        run = finish(live_world.submit(live_world.pipeline({"tell": ref})))
        assert statuses(run) == {"tell": "Failed"}
        message = step_of(run, "tell").message
        assert message.startswith("The component's environment could not be made: No solution found")
        assert "nosuchpackage-portline was not found" in message
        assert message in log_of(run, "tell")

    def test_steps_that_ask_at_once_make_it_once(self, live_world: World, worker: Worker) -> None:
        environment(live_world, "tools", "six==1.14.0")
        nodes = {}
        for name in ("a", "b", "c"):
            nodes[name] = component(live_world, name, "azureml:tools@latest")
        run = finish(live_world.submit(live_world.pipeline(nodes, settings={"force_rerun": True})))
        assert set(statuses(run).values()) == {"Completed"}
        logs = [log_of(run, name) for name in nodes]
        assert all("six 1.14.0" in log for log in logs)
        assert len({step.environment["digest"] for step in Step.objects.filter(run=run)}) == 1


class TestFreezing:
    def test_latest_is_what_was_latest_then(self, world: World) -> None:
        environment(world, "tools", "six==1.16.0")
        ref = component(world, "tell", "azureml:tools@latest")
        pipeline = world.pipeline({"tell": ref})
        first = world.submit(pipeline)
        second_version = environment(world, "tools", "six==1.17.0")
        second = world.submit(pipeline)
        assert [step_of(run, "tell").environment["ref"] for run in (first, second)] == ["tools:1", "tools:2"]
        environment_archive(environment=second_version)
        assert step_of(world.submit(pipeline), "tell").environment["ref"] == "tools:1"

    def test_a_version_that_is_archived_may_still_be_named(self, world: World) -> None:
        environment_archive(environment=environment(world, "tools", "six==1.16.0"))
        run = world.submit(world.pipeline({"tell": component(world, "tell", "azureml:tools:1")}))
        assert step_of(run, "tell").environment["packages"] == ["six==1.16.0"]

    @pytest.mark.parametrize("given", ["local", "azureml:portline-default@latest"])
    def test_the_servers_own(self, world: World, given: str) -> None:
        run = world.submit(world.pipeline({"tell": component(world, "tell", given)}))
        assert step_of(run, "tell").environment == {}

    def test_the_key_changes_with_the_environment(self, world: World) -> None:
        environment(world, "tools", "six==1.16.0")
        pipeline = world.pipeline({"tell": component(world, "tell", "azureml:tools@latest")})

        def key() -> str:
            return step_of(world.submit(pipeline), "tell").key

        first = key()
        environment(world, "tools", "Six == 1.16.0", description="Said otherwise")
        assert key() == first
        environment(world, "tools", "six==1.17.0")
        assert key() != first

    def test_it_costs_the_same_for_any_number_of_steps(self, world: World) -> None:
        environment(world, "tools", "six==1.16.0")
        refs = [component(world, f"c{number}", "azureml:tools:1") for number in range(6)]

        def queries(pipeline: Pipeline) -> int:
            world.submit(pipeline)
            with CaptureQueriesContext(
                connection,
            ) as found:
                world.submit(pipeline)
            return sum("registry_environment" in query["sql"] for query in found)

        assert queries(world.pipeline({"a": refs[0]})) == 2
        assert queries(world.pipeline({f"n{number}": ref for number, ref in enumerate(refs)})) == 2


class TestRefusing:
    def test_a_name_that_is_not_there(self, world: World) -> None:
        environment(world, "sklearn", "six")
        message = problem_of(world, component(world, "tell", "azureml:sklern@latest"))
        assert message == "There is no environment `sklern` in this workspace; did you mean `sklearn`?"

    def test_a_version_that_is_not_there(self, world: World) -> None:
        environment(world, "sklearn", "six")
        message = problem_of(world, component(world, "tell", "azureml:sklearn:7"))
        assert message == "There is no environment `sklearn:7` in this workspace; its highest version is 1."

    def test_another_workspaces(self, world: World) -> None:
        environment_from_list(workspace=world.elsewhere, user=None, name="theirs", packages="six")
        assert "no environment `theirs`" in problem_of(world, component(world, "tell", "azureml:theirs:1"))

    def test_an_image_alone_says_how_to_map_it(self, world: World) -> None:
        message = problem_of(world, component(world, "tell", "{image: mcr.example/sk:1}"))
        assert 'ENVIRONMENT_IMAGES what stands in for it, such as {"mcr.example/sk:1": "local"}' in message

    def test_a_build_alone(self, world: World) -> None:
        assert "is built from a Dockerfile" in problem_of(world, component(world, "tell", "{build: {path: ./docker}}"))

    def test_over_the_api_at_the_node(self, world: World) -> None:
        pipeline = world.pipeline({"node": component(world, "tell", "azureml:nothing:1")})
        answer = signed_in(world.alice).post(
            f"/api/v1/workspaces/main/pipelines/{pipeline.pk}/runs/",
            {"request_id": "0b6e9f5e-6f0b-4f0e-9c0c-0c6a2f3f4a55"},
            content_type="application/json",
        )
        assert answer.status_code == 422
        assert list(answer.json()["problems"]) == ["node"]


class TestImages:
    @pytest.fixture(autouse=True)
    def _mapping(self, settings: Any) -> None:
        settings.ENVIRONMENT_IMAGES = {"mcr.example/sk*": "azureml:tools@latest", "plain/*": "local", "*": "missing"}

    def ref_of(self, world: World, given: str) -> Any:
        run = world.submit(world.pipeline({"node": component(world, "tell", given)}))
        return step_of(run, "node").environment.get("ref")

    def test_the_first_pattern_that_fits_decides(self, world: World) -> None:
        environment(world, "tools", "six==1.16.0")
        assert self.ref_of(world, "{image: 'mcr.example/sk:7'}") == "tools:1"

    def test_local_is_the_servers_own(self, world: World) -> None:
        assert self.ref_of(world, "{image: plain/x}") is None

    def test_a_named_one_of_an_image_alone(self, world: World) -> None:
        environment(world, "tools", "six==1.16.0")
        environment_from_yaml(workspace=world.workspace, yaml="name: im\nimage: mcr.example/sk\n", user=None)
        assert self.ref_of(world, "azureml:im:1") == "tools:1"

    def test_packages_beside_an_image_win(self, world: World) -> None:
        assert self.ref_of(world, "{image: plain/x, pip: [six]}") == ""

    def test_a_mapping_to_what_is_not_there(self, world: World) -> None:
        assert "no environment `missing`" in problem_of(world, component(world, "tell", "{image: other}"))


class TestPage:
    def test_says_how_it_stands_and_makes_it(self, live_world: World) -> None:
        environment(live_world, "tools", "six==1.16.0")
        address = "/w/main/environments/tools/1/build/"
        browser = signed_in(live_world.alice)
        assert "Not made yet" in browser.get(address).content.decode()
        assert signed_in(live_world.vera).post(address).status_code == 403
        browser.post(address)
        page = wait_for(lambda: "Ready" in (text := browser.get(address).content.decode()) and text)
        assert "<code>six==1.16.0</code>" in page
        assert "Log" in page

    def test_shows_why_it_could_not_be_made(self, live_world: World) -> None:
        environment(live_world, "tools", "nosuchpackage-portline==9")
        address = "/w/main/environments/tools/1/build/"
        browser = signed_in(live_world.alice)
        browser.post(address)
        page = wait_for(lambda: "Try again" in (text := browser.get(address).content.decode()) and text)
        assert "nosuchpackage-portline was not found" in page
