"""Components, data, environments, compute and workspaces by the command line, on a real server."""

import json
from pathlib import Path

import pytest

from portline import MLClient, PortlineError
from tests.sdk.conftest import Command, Live

pytestmark = [pytest.mark.usefixtures("logged_in"), pytest.mark.xdist_group("sdk")]
TRAIN = """\
$schema: https://azuremlschemas.azureedge.net/latest/commandComponent.schema.json
name: train_{n}
version: 1
display_name: Train
inputs:
  epochs: {{type: integer, default: 3}}
outputs:
  model: {{type: uri_folder}}
code: ./src
command: python train.py ${{{{inputs.epochs}}}} ${{{{outputs.model}}}}
"""


def component(folder: Path, name: str) -> Path:
    (folder / "src").mkdir(exist_ok=True)
    (folder / "src" / "train.py").write_text("print(1)\n")
    file = folder / "train.yml"
    file.write_text(TRAIN.format(n=name))
    return file


def test_a_component_is_registered_shown_and_listed(portline: Command, tmp_path: Path) -> None:
    file = component(tmp_path, "a")
    made = portline("component", "create", "-f", file, "--set", "version=2", "description=Better").json
    assert (made["name"], made["version"], made["description"]) == ("train_a", "2", "Better")
    assert [item["path"] for item in made["files"]] == ["train.py"]
    again = portline("component", "create", "-f", file, "--version", "2", "--set", "description=Better")
    assert again.json["created_at"] == made["created_at"]
    portline("component", "create", "-f", file)

    assert portline("component", "show", "-n", "train_a", "--label", "latest", "--query", "version").json == "2"
    assert portline("component", "show", "-n", "train_a", "-v", "1", "--query", "inputs.epochs.default").json == 3
    listed = portline("component", "list", "-n", "train_a", "--query", "[].version", "-o", "tsv")
    assert listed.out == "2\n1\n"
    assert "train_a" in portline("component", "list", "-o", "table").out


def test_a_component_is_archived_and_restored(portline: Command, tmp_path: Path) -> None:
    portline("component", "create", "-f", component(tmp_path, "b"))
    assert portline("component", "archive", "-n", "train_b").code == 0
    assert "train_b" not in portline("component", "list", "--query", "[].name").out
    assert "train_b" in portline("component", "list", "--archived-only", "--query", "[].name").out
    assert portline("component", "restore", "-n", "train_b").code == 0
    assert "train_b" in portline("component", "list", "--query", "[].name").out


def test_a_component_is_fetched_with_its_code(portline: Command, tmp_path: Path) -> None:
    portline("component", "create", "-f", component(tmp_path, "c"))
    assert portline("component", "download", "-n", "train_c", "-p", tmp_path / "out").code == 0
    folder = tmp_path / "out" / "train_c-1"
    assert (folder / "component.yml").read_text() == TRAIN.format(n="c")
    assert (folder / "src" / "train.py").read_text() == "print(1)\n"


def test_faults_of_a_component_have_their_place(portline: Command, tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text("name: bad\ninputs:\n  x: {type: intger}\ncommand: echo\n")
    refused = portline("component", "create", "-f", file)
    assert refused.code == 2
    assert "bad.yml:3:" in refused.err
    assert "intger" in refused.err


def test_data_is_uploaded_and_fetched(portline: Command, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("a,b\n")
    (tmp_path / "data.yml").write_text("name: table_a\ntype: uri_file\npath: in.csv\ndescription: A table\n")
    made = portline("data", "create", "-f", tmp_path / "data.yml").json
    assert (made["name"], made["version"], made["type"], made["size"]) == ("table_a", "1", "uri_file", 4)
    assert portline("data", "show", "-n", "table_a", "-v", "1", "--query", "description").json == "A table"
    assert portline("data", "update", "-n", "table_a", "--set", "description=Two").json["description"] == "Two"
    assert portline("data", "archive", "-n", "table_a", "-v", "1").code == 0
    assert portline("data", "list", "-n", "table_a").json == []
    assert portline("data", "restore", "-n", "table_a").code == 0
    portline("data", "download", "-n", "table_a", "-p", tmp_path / "out")
    assert (tmp_path / "out" / "table_a" / "in.csv").read_text() == "a,b\n"


def test_a_folder_is_uploaded_without_what_it_ignores(portline: Command, tmp_path: Path) -> None:
    folder = tmp_path / "images"
    (folder / "x").mkdir(parents=True)
    (folder / "x" / "1.txt").write_text("one")
    (folder / "x" / "2.log").write_text("two")
    (folder / ".amlignore").write_text("*.log\n")
    made = portline("data", "create", "-n", "images_a", "-p", folder, "-t", "uri_folder")
    assert made.json["type"] == "uri_folder"
    portline("data", "download", "-n", "images_a", "-p", tmp_path / "out")
    found = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    assert found == {"images_a/x/1.txt", "images_a/.amlignore"}


def test_a_file_that_is_a_zip_stays_one(client: MLClient, tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    client.data.create_or_update({"name": "zip_a", "type": "uri_file", "path": str(tmp_path / "in.zip")})
    assert client.data.download("zip_a", download_path=tmp_path / "out") == [tmp_path / "out" / "zip_a" / "in.zip"]


def test_an_environment_has_the_packages_of_its_conda_file(portline: Command, tmp_path: Path) -> None:
    (tmp_path / "conda.yml").write_text("dependencies:\n  - python=3.11\n  - pip:\n      - rich==15.0.0\n")
    file = tmp_path / "environment.yml"
    file.write_text("name: env_a\nversion: 3\nimage: ubuntu\nconda_file: conda.yml\n")
    made = portline("environment", "create", "-f", file).json
    assert (made["version"], made["packages"]) == ("3", ["rich==15.0.0"])
    portline("environment", "create", "-n", "env_b", "--image", "python:3.11")
    assert portline("environment", "list", "-n", "env_a", "-o", "tsv", "--query", "[].version").out == "3\n"
    changed = portline("environment", "update", "-n", "env_a", "-v", "3", "--set", "description=Small").json
    assert changed["description"] == "Small"
    portline("environment", "archive", "-n", "env_a", "-v", "3")
    assert portline("environment", "list", "-n", "env_a").json == []
    portline("environment", "restore", "-n", "env_a", "-v", "3")
    assert portline("environment", "show", "-n", "env_a", "--label", "latest", "--query", "version").json == "3"


def test_a_cluster_becomes_a_queue_and_is_changed_when_made_again(portline: Command) -> None:
    words = ["compute", "create", "-n", "cluster-a", "--type", "AmlCompute", "--size", "STANDARD_DS3_v2"]
    made = portline(*words, "--min-instances", "0", "--max-instances", "4", "-g", "group", "--no-wait").json
    assert (made["name"], made["max_steps"]) == ("cluster-a", 4)
    assert portline(*words, "--max-instances", "8", "--query", "max_steps").json == 8
    assert portline("compute", "update", "-n", "cluster-a", "--set", "labels.gpu=yes", "memory=2GB").code == 0
    shown = portline("compute", "show", "-n", "cluster-a").json
    assert (shown["labels"], shown["memory"]) == ({"gpu": "yes"}, 2 * 1024**3)
    assert portline("compute", "delete", "-n", "cluster-a", "--yes").code == 0
    assert "cluster-a" not in portline("compute", "list", "--query", "[].name").out


def test_what_is_not_there_ends_with_3(portline: Command) -> None:
    for words, what in [
        (["component", "show", "-n", "nowhere"], "component `nowhere`"),
        (["data", "show", "-n", "nowhere", "-v", "1"], "data `nowhere` of version `1`"),
        (["environment", "archive", "-n", "nowhere"], "environment `nowhere`"),
        (["compute", "show", "-n", "nowhere"], "compute target `nowhere`"),
        (["job", "show", "-n", "nowhere"], "job `nowhere`"),
    ]:
        ended = portline(*words)
        assert (ended.code, ended.err) == (3, f"Error: There is no {what} in this workspace.\n")


def test_a_label_is_the_newest_or_none(client: MLClient) -> None:
    with pytest.raises(PortlineError, match="There is no label `prod`"):
        client.data.get("table_a", label="prod")


def test_who_one_is(portline: Command, live: Live) -> None:
    shown = portline("account", "show").json
    assert (shown["user"]["username"], shown["workspace"], shown["role"]) == ("ada", "main", "owner")
    assert live.token not in json.dumps(shown)
    assert portline("workspace", "show", "--query", "name", "-o", "tsv").out == "main\n"
    assert portline("workspace", "create", "-n", "side", "--display-name", "Beside").json["display_name"] == "Beside"
    assert portline("workspace", "list", "-o", "tsv", "--query", "sort([].name)").out == "main\nside\n"
    assert portline("job", "list", "-w", "side").json == []
