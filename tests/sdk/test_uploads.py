"""What goes along with a YAML file."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from portline.client.errors import PortlineError
from portline.client.uploads import Uploadable, size_text, tree_of


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Pipelines and components in folders of their own, with much beside them that nobody names."""
    write(
        tmp_path,
        {
            "pipelines/p.yml": """
                type: pipeline
                inputs:
                  data: {type: uri_file, path: ../data/in.csv}
                  web: {type: uri_file, path: "https://example.com/x.csv"}
                  note: components
                jobs:
                  train:
                    component: ../components/train/train.yml
                    inputs: {data: "${{parent.inputs.data}}"}
                  inline:
                    command: echo
                    code: ./src
                    environment: {conda_file: conda.yml}
                  named: {component: azureml:score@latest}
                  kept: {component: azureml:registered:1}
            """,
            "pipelines/conda.yml": "dependencies: []",
            "pipelines/src/a.py": "1",
            "pipelines/src/__pycache__/a.pyc": "no",
            "pipelines/other.csv": "no",
            "components/train/train.yml": """
                name: train
                code: ../../code
                additional_includes: [../../shared/util]
                environment: azureml:x@latest
                command: python train.py
            """,
            "components/score.yml": "name: score\ncode: ../scoring\ncommand: x",
            "components/unused.yml": "name: unused",
            "code/train.py": "1",
            "code/.gitignore": "*.py",
            "code/.amlignore": "*.log\nsecret/",
            "code/run.log": "no",
            "code/secret/key": "no",
            "shared/util/u.py": "1",
            "scoring/score.py": "1",
            "data/in.csv": "a",
            "data/big.csv": "no",
            ".git/HEAD": "no",
        },
    )
    return tmp_path


def write(folder: Path, files: dict[str, str]) -> None:
    import textwrap

    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text))


def names(tree: Any) -> set[str]:
    with tree.packed() as file:
        return set(zipfile.ZipFile(file).namelist())


def test_what_the_yaml_and_its_components_name_goes_along_and_nothing_else(project: Path) -> None:
    tree = tree_of(project / "pipelines" / "p.yml")
    assert tree.path == "pipelines/p.yml"
    assert names(tree) == {
        "pipelines/p.yml",
        "pipelines/conda.yml",
        "pipelines/src/a.py",
        "components/train/train.yml",
        "components/score.yml",  # named without a path: found in the working tree
        "code/train.py",  # .amlignore stands in for .gitignore
        "code/.amlignore",
        "code/.gitignore",
        "shared/util/u.py",
        "scoring/score.py",
        "data/in.csv",
    }


def test_without_a_working_tree_a_name_is_looked_for_beside_the_pipeline_alone(project: Path) -> None:
    (project / ".git" / "HEAD").unlink()
    (project / ".git").rmdir()
    assert "components/score.yml" not in names(tree_of(project / "pipelines" / "p.yml"))


def test_the_same_files_make_the_same_zip(project: Path) -> None:
    def packed() -> bytes:
        with tree_of(project / "pipelines" / "p.yml").packed() as file:
            return file.read()

    first = packed()
    (project / "code" / "train.py").touch()
    assert packed() == first


def test_a_file_alone_is_its_own_tree(tmp_path: Path) -> None:
    write(tmp_path, {"job.yml": "command: echo", "beside.txt": "no"})
    tree = tree_of(tmp_path / "job.yml")
    assert (tree.path, names(tree), tree.size) == ("job.yml", {"job.yml"}, 13)


def test_faulty_yaml_is_left_to_the_server(tmp_path: Path) -> None:
    write(tmp_path, {"job.yml": "a: [", "b.yml": "component: ./c.yml"})
    assert names(tree_of(tmp_path / "job.yml")) == {"job.yml"}
    assert names(tree_of(tmp_path / "b.yml")) == {"b.yml"}


def test_a_mapping_or_an_object_stands_for_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Built:
        base_path = project / "pipelines"

        def _to_dict(self) -> dict[str, Any]:
            return {"jobs": {"a": {"command": "x", "code": str(project / "code")}}}

    assert isinstance(Built(), Uploadable)
    tree = tree_of(Built())
    assert {"pipelines/job.yml", "code/train.py"} <= names(tree)
    assert "code: ../code" in tree.texts[tree.main]
    monkeypatch.chdir(project / "pipelines")
    assert names(tree_of({"jobs": {"a": {"code": "src"}}})) == {"job.yml", "src/a.py"}


def test_components_that_name_one_another_end(tmp_path: Path) -> None:
    write(tmp_path, {"a.yml": "component: b.yml", "b.yml": "component: a.yml\ncode: ."})
    (tmp_path / "loop").symlink_to(tmp_path)
    assert names(tree_of(tmp_path / "a.yml")) == {"a.yml", "b.yml"}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PortlineError, match=r"There is no file nowhere\.yml"):
        tree_of("nowhere.yml")
    with pytest.raises(PortlineError, match="give the YAML file in it"):
        tree_of(tmp_path)


def test_sizes_are_told_in_words() -> None:
    assert [size_text(size) for size in (0, 999, 1000, 3_400_000)] == ["0 B", "999 B", "1.0 kB", "3.4 MB"]
