"""A pipeline that was written in Python really runs on a server."""

from pathlib import Path

from portline import MLClient, load_component
from portline.dsl.stubs import generate
from tests.sdk.dsl.steps import make, make_and_judge


def test_a_pipeline_of_functions_runs(client: MLClient, tmp_path: Path) -> None:
    job = client.jobs.create_or_update(
        make_and_judge(count=3, note='it\'s "quoted" $HOME'), experiment_name="functions"
    )
    assert job.experiment_name == "functions"
    ended = client.jobs.wait(job["name"])
    steps = {step["name"].rpartition("/")[2]: step["status"] for step in client.jobs.list(parent_job_name=job["name"])}
    assert (ended["status"], steps) == (
        "Completed",
        dict.fromkeys(("made", "expression", "verdict"), "Completed"),
    )
    client.jobs.download(job["name"], download_path=tmp_path, all=True)
    texts = [file.read_text() for file in tmp_path.rglob("*") if file.is_file()]
    # Three files of twelve: 3 * 3 + 2 + 1.
    assert "0.25" in [text.strip() for text in texts]
    assert any('strict red it\'s "quoted" $HOME' in text for text in texts)


def test_a_function_is_registered_and_used_by_its_name(client: MLClient, tmp_path: Path) -> None:
    registered = client.components.create_or_update(make, version="7")
    assert (registered["name"], registered["version"]) == ("make", "7")
    component = load_component(client=client, name="make", version="7")
    assert component.inputs["count"]["default"] == 3
    assert component(count=1)._to_dict()["jobs"]["make"]["component"] == "azureml:make:7"
    text = generate(client, tmp_path, ["make"]).read_text()
    assert "def make(" in text
    assert "count: int | Value | Node | None = 3" in text
