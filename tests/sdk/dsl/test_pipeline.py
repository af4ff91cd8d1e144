"""A pipeline function becomes the YAML that says the same."""

import json
from pathlib import Path
from typing import Any

import pytest

from portline import (
    BanditPolicy,
    Choice,
    Data,
    Input,
    Output,
    PortlineError,
    Uniform,
    command,
    dsl,
    load_component,
    load_job,
    pipeline,
)
from portline.client.uploads import tree_of
from portline.client.yaml import read
from portline.entities.component import Component
from portline.entities.yaml import inline
from tests.sdk.dsl.steps import make, make_and_judge, twice

TRAIN = Component(
    {
        "name": "train",
        "inputs": {
            "data": {"type": "uri_folder"},
            "rate": {"type": "number", "default": 0.1},
            "name": {"type": "string", "optional": True},
        },
        "outputs": {"model": {"type": "custom_model"}, "loss": {"type": "number"}, "again": {"type": "boolean"}},
        "command": "true",
    },
    ref="train:1",
)
ONE = Component(
    {
        "name": "one",
        "inputs": {"x": {"type": "uri_folder", "optional": True}},
        "outputs": {"y": {"type": "uri_folder"}},
        "command": "true",
    },
    ref="one:1",
)


def jobs(function: Any, **inputs: Any) -> dict[str, Any]:
    found: dict[str, Any] = inline(pipeline(function)(**inputs))["jobs"]
    return found


def hints(job: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(job["properties"]["portline"])
    return found


def test_arguments_are_inputs_and_the_returned_mapping_outputs() -> None:
    job = make_and_judge(count=7)
    job.experiment_name = "trials"
    content = inline(job)
    assert content["inputs"] == {"count": 7, "note": "it's", "total": {"type": "integer"}}
    assert content["outputs"] == {"accuracy": None, "files": {"type": "uri_folder"}}
    assert content["display_name"] == "Make and judge"
    assert content["description"] == "Makes files and judges them."
    assert (content["tags"], content["experiment_name"]) == ({"of": "tests"}, "trials")
    assert content["settings"] == {"default_compute": "azureml:serverless", "continue_on_step_failure": True}
    assert hints(content)["inputs"] == {"count": {"description": "how many files"}, "total": {"optional": True}}
    made, verdict = content["jobs"]["made"], content["jobs"]["verdict"]
    assert made["inputs"] == {"count": "${{parent.inputs.count}}"}
    assert made["outputs"] == {"files": "${{parent.outputs.files}}"}
    assert verdict["inputs"]["files"] == "${{parent.jobs.made.outputs.files}}"
    assert verdict["inputs"]["total"] == "${{parent.jobs.expression.outputs.output}}"


def test_variables_name_nodes() -> None:
    def flow() -> None:
        a = ONE()
        Big = ONE()
        twin = ONE()
        twin = ONE(x=twin)
        ONE()
        named = ONE()
        named.name = "mine"
        listed = [ONE() for _ in range(2)]
        listed[0].after(a, Big)

    found = jobs(flow)
    assert list(found) == ["a", "big", "one", "twin", "one_1", "mine", "one_2", "one_3"]
    assert found["twin"]["inputs"] == {"x": "${{parent.jobs.one.outputs.y}}"}
    assert hints(found["one_2"])["after"] == {"a": "succeeded", "big": "succeeded"}


def test_a_pipeline_in_a_pipeline_is_one_component_however_often_it_is_called(tmp_path: Path) -> None:
    file = twice(count=2).dump(tmp_path / "out")
    content = read(file)
    assert list(content["jobs"]) == ["first", "second", "expression", "good_enough"]
    paths = {content["jobs"][name]["component"] for name in ("first", "second")}
    assert paths == {"./components/make_and_judge/component.yml"}
    inner = read(file.parent / paths.pop())
    assert inner["inputs"]["count"] == {"type": "integer", "default": 4, "description": "how many files"}
    assert inner["outputs"] == {"accuracy": {"type": "number"}, "files": {"type": "uri_folder"}}
    assert (file.parent / "components/make_and_judge" / inner["jobs"]["made"]["component"]).is_file()
    assert content["jobs"]["good_enough"]["true_block"] == "${{parent.jobs.second}}"
    twice(count=3).dump(tmp_path / "out")  # again, over what it wrote itself


def test_settings_of_nodes_are_written_in_azures_words(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()

    def flow(rate: float = 1) -> None:
        node = TRAIN(data=Input(path=tmp_path / "files", mode="download"), rate=rate)
        node.compute, node.display_name, node.comment = "gpu", "Train it", "Slowly"
        node.environment_variables = {"A": "b"}
        node.outputs.model = Output(type="custom_model", name="best", version="3")
        node.outputs.loss.mode = "upload"
        node.set_limits(timeout=60)
        node.set_resources(instance_count=2, memory="2GB")
        node.set_retries(3, delay=1, backoff=2)
        node.inputs.name = "x"
        other = TRAIN(data=node.inputs.data, rate=node.inputs.rate)
        other.final = True

    found = jobs(flow)
    node = found["node"]
    data = {"type": "uri_folder", "path": (tmp_path / "files").as_posix(), "mode": "download"}
    assert node["inputs"] == {"data": data, "rate": "${{parent.inputs.rate}}", "name": "x"}
    assert (node["compute"], node["display_name"], node["comment"]) == ("azureml:gpu", "Train it", "Slowly")
    assert node["outputs"]["model"] == {"type": "custom_model", "name": "best", "version": "3"}
    assert node["outputs"]["loss"] == {"mode": "upload"}
    assert (node["limits"], node["resources"]) == ({"timeout": 60}, {"instance_count": 2})
    assert hints(node)["settings"] == {
        "retries": 3,
        "retry_delay": 1,
        "retry_backoff": 2,
        "resources": {"memory": "2GB"},
    }
    assert found["other"]["inputs"] == {"data": data, "rate": "${{parent.inputs.rate}}"}
    assert hints(found["other"])["settings"] == {"final": True}
    assert inline(pipeline(flow)())["inputs"] == {"rate": 1.0}


def test_a_sweep_searches_the_inputs_that_are_distributions() -> None:
    def flow() -> None:
        trial = TRAIN(data=ONE(), rate=Uniform(0.1, 0.5), name=Choice(["a", "b"]))
        best = trial.sweep(primary_metric="loss", goal="minimize", max_total_trials=4)
        best.early_termination = BanditPolicy(slack_factor=0.1, evaluation_interval=2)
        best.set_limits(max_concurrent_trials=2)
        ONE(x=best.outputs.model)

    found = jobs(flow)
    best = found["best"]
    assert (best["type"], best["trial"]) == ("sweep", "azureml:train:1")
    assert best["search_space"] == {
        "rate": {"type": "uniform", "min_value": 0.1, "max_value": 0.5},
        "name": {"type": "choice", "values": ["a", "b"]},
    }
    assert best["inputs"] == {"data": "${{parent.jobs.one.outputs.y}}"}
    assert best["limits"] == {"max_total_trials": 4, "max_concurrent_trials": 2}
    assert best["early_termination"]["type"] == "bandit"
    assert found["one_1"]["inputs"] == {"x": "${{parent.jobs.best.outputs.model}}"}


def test_loops_and_branches_are_jobs_beside_their_bodies() -> None:
    def flow() -> None:
        body = TRAIN(data=ONE())
        loop = dsl.do_while(
            body,
            {body.outputs.loss: body.inputs.rate},
            condition=body.outputs.again,
            max_iteration_count=3,
        )
        each = TRAIN(data=ONE())
        many = dsl.parallel_for(body=each, items=[{"rate": 0.1}, {"rate": 0.2}], max_concurrency=2)
        yes, no = ONE(x=many.outputs.model), ONE()
        dsl.if_else(loop.outputs.again, true_block=yes, false_block=[no])
        files = dsl.for_each_file(TRAIN(data=ONE()), "data", batch_size=2)
        files.name = "files"

    found = jobs(flow)
    assert found["loop"] == {
        "type": "do_while",
        "body": "${{parent.jobs.body}}",
        "condition": "${{parent.jobs.body.outputs.again}}",
        "mapping": {"loss": "${{parent.jobs.body.inputs.rate}}"},
        "limits": {"max_iteration_count": 3},
    }
    assert found["many"]["items"] == [{"rate": 0.1}, {"rate": 0.2}]
    assert found["yes"]["inputs"] == {"x": "${{parent.jobs.many.outputs.model}}"}
    assert found["if_else"]["condition"] == "${{parent.jobs.body.outputs.again}}"
    assert found["if_else"]["false_block"] == "${{parent.jobs.no}}"
    assert hints(found["files"])["loop"]["batch_size"] == 2


def test_groups_of_inputs_have_dotted_names() -> None:
    @dsl.group
    class Rates:
        low: float = 0.1
        high: float = 0.9

    def flow(rates: Rates = Rates()) -> None:  # noqa: B008
        node = TRAIN(data=ONE(), rate=rates.high)
        node.name = "node"

    flow.__annotations__["rates"] = Rates
    content = inline(pipeline(flow)(rates=Rates(high=0.5)))
    assert content["inputs"] == {"rates.low": 0.1, "rates.high": 0.5}
    assert content["jobs"]["node"]["inputs"]["rate"] == "${{parent.inputs.rates.high}}"


def test_what_is_no_pipeline_input_stays_python() -> None:
    @pipeline(non_pipeline_inputs=["count"])
    def flow(count: int, rate: float = 0.5) -> None:
        for _ in range(count):
            TRAIN(data=ONE(), rate=rate)

    assert len(flow(count=3).jobs) == 6


def test_a_command_on_the_spot_is_called_again_with_other_inputs() -> None:
    def flow() -> None:
        hello = command(
            name="hello",
            command="echo ${{inputs.word}} > ${{outputs.out}}/x",
            inputs={"word": "hi", "more": Input(type="uri_folder", optional=True)},
            outputs={"out": Output(type="uri_folder")},
            environment="azureml:sklearn@latest",
            timeout=5,
        )
        again = hello(word="ho", more=hello)
        again.compute = "cpu"

    found = jobs(flow)
    assert found["hello"]["component"]["inputs"] == {
        "word": {"type": "string"},
        "more": {"type": "uri_folder", "optional": True},
    }
    assert found["hello"]["limits"] == {"timeout": 5}
    assert found["again"]["inputs"] == {"word": "ho", "more": "${{parent.jobs.hello.outputs.out}}"}
    assert "compute" not in found["hello"]


def test_a_node_alone_is_a_job() -> None:
    content = inline(make(count=2))
    assert content["jobs"]["make"]["inputs"] == {"count": 2}
    assert content["outputs"] == {"files": {"type": "uri_folder"}, "output": None}


def test_what_a_job_needs_is_linked_beside_it_for_upload(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "run.py").write_text("print(1)\n")
    (tmp_path / "src" / ".amlignore").write_text("secret\n")
    (tmp_path / "src" / "secret").write_text("no\n")
    (tmp_path / "shared.py").write_text("")
    (tmp_path / "one.yml").write_text(
        "name: one\ninputs: {table: {type: uri_file}}\ncode: ./src\nadditional_includes: [./shared.py]\n"
        "environment: {image: ubuntu}\ncommand: python run.py ${{inputs.table}}\n"
    )
    one = load_component(tmp_path / "one.yml", params_override=[{"display_name": "One"}])

    @pipeline
    def flow():  # type: ignore[no-untyped-def]
        data = Data(path=tmp_path / "rows.csv", type="uri_file")
        one(table=data)
        one(table=data)

    job = flow()
    tree = tree_of(job)
    assert tree.path == "job.yml"
    assert sorted(str(each.relative_to(tree.root)) for each in tree.files | set(tree.texts)) == [
        "components/one/component.yml",
        "components/one/includes/shared.py",
        "components/one/src/.amlignore",
        "components/one/src/run.py",
        "data/rows.csv",
        "job.yml",
    ]
    file = job.dump(tmp_path / "out")
    assert not (file.parent / "components/one/src/secret").exists()
    assert not (file.parent / "components/one/src").is_symlink()
    assert load_job(file).jobs["one"]["component"] == "./components/one/component.yml"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: TRAIN(dta=1), "no input `dta`; did you mean `data`"),
        (lambda: TRAIN(data=TRAIN(data=ONE())), "3 outputs: take one of model, loss, again"),
        (lambda: TRAIN(data=ONE()).outputs.modle, "no output `modle`; did you mean `model`"),
        (lambda: TRAIN(data=[1]), "is no value of an input"),
        (lambda: TRAIN(data=ONE(), rate=ONE().outputs.y + 1), "is data"),
        (lambda: TRAIN(data=Input()), "needs a `path`"),
        (lambda: ONE().after(ONE(), condition="done"), "no condition"),
        (lambda: TRAIN(data=ONE()).sweep(primary_metric="x", goal="minimize"), "nothing to search"),
        (lambda: dsl.if_else(TRAIN(data=ONE()).outputs.again), "true_block"),
        (lambda: bool(TRAIN(data=ONE()).outputs.again), "known only when the job runs"),
        (lambda: dsl.parallel_for(body=TRAIN(data=ONE()), items=[{"rte": 1}]), "did you mean `rate`"),
    ],
)
def test_mistakes_are_told_in_a_sentence(wrong: Any, words: str) -> None:
    with pytest.raises(PortlineError, match=words):
        jobs(lambda: wrong())


def test_wrong_pipelines_are_told_in_a_sentence() -> None:
    with pytest.raises(PortlineError, match="no input `cuont`; did you mean `count`"):
        make_and_judge(cuont=1)
    with pytest.raises(PortlineError, match=r"takes `\*args: int`"):

        @pipeline
        def many(*args: int) -> None: ...

    with pytest.raises(PortlineError, match="return a dictionary"):
        jobs(lambda: [1])
    with pytest.raises(PortlineError, match="There is no setting"):
        make_and_judge().settings.defualt_compute = "x"
    with pytest.raises(PortlineError, match=r"call \.sweep"):
        str(pipeline(lambda: {"m": TRAIN(data=ONE(), rate=Uniform(0, 1)).outputs.model})())


def test_docstrings_say_what_inputs_are() -> None:
    def google(a: int = 1, b: int = 2) -> None:
        """Args:
        a (int): the
            first
        b: second: two
        """
        ONE()

    def sphinx(a: int = 1, b: int = 2) -> None:
        """Does it.

        :param a: the first
        :param int b: second
        :return: nothing
        """
        ONE()

    assert hints(inline(pipeline(google)()))["inputs"] == {
        "a": {"description": "the first"},
        "b": {"description": "second: two"},
    }
    content = inline(pipeline(sphinx)())
    assert content["description"] == "Does it."
    assert hints(content)["inputs"] == {"a": {"description": "the first"}, "b": {"description": "second"}}
