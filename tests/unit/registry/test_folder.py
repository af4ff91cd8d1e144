"""Which files belong to a component's code, and that the same files have the same digest."""

from pathlib import Path

import pytest

from registry.spec.faults import SpecError
from registry.spec.folder import files_digest, find_components, read_folder

YAML = "name: a\ncommand: python main.py\ncode: ./src\n"


@pytest.fixture
def component(tmp_path: Path) -> Path:
    return write(tmp_path / "a", {"component.yml": YAML, "src/main.py": "x", "src/lib/util.py": "y"})


def write(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text)
    return path


def test_the_code_folder_is_the_snapshot(component: Path):
    assert list(read_folder(component).files) == ["main.py", "lib/util.py"]


def test_one_file_is_a_snapshot_of_that_file(component: Path):
    write(component, {"component.yml": YAML.replace("./src", "./src/main.py")})
    assert list(read_folder(component).files) == ["main.py"]


def test_without_code_there_is_no_snapshot(component: Path):
    write(component, {"component.yml": YAML.replace("code: ./src\n", "")})
    assert read_folder(component).files == {}
    assert read_folder(component).code_digest == ""


def test_what_python_and_git_leave_behind_is_left_out(component: Path):
    write(component, {"src/__pycache__/main.pyc": "", "src/.git/HEAD": "", "src/.DS_Store": ""})
    assert sorted(read_folder(component).files) == ["lib/util.py", "main.py"]


def test_ignore_files_are_obeyed_and_are_not_code(component: Path):
    write(component, {"src/.gitignore": "*.csv\nlib/\n!keep.csv\n", "src/a.csv": "", "src/keep.csv": ""})
    assert sorted(read_folder(component).files) == ["keep.csv", "main.py"]


def test_amlignore_wins_over_gitignore(component: Path):
    write(component, {"src/.gitignore": "main.py\n", "src/.amlignore": "lib/\n"})
    assert sorted(read_folder(component).files) == ["main.py"]


def test_includes_are_added_folders_under_their_name(component: Path):
    write(component.parent, {"shared/tools/t.py": "t", "shared/one.py": "o"})
    includes = "additional_includes:\n  - ../shared/tools\n  - ../shared/one.py\n"
    write(component, {"component.yml": YAML + includes})
    assert sorted(read_folder(component).files) == ["lib/util.py", "main.py", "one.py", "tools/t.py"]


def test_the_digest_follows_paths_and_bytes_and_nothing_else(component: Path, tmp_path: Path):
    before = read_folder(component).code_digest
    copy = write(tmp_path / "b", {"component.yml": YAML, "src/main.py": "x", "src/lib/util.py": "y"})
    assert read_folder(copy).code_digest == before
    write(copy, {"src/main.py": "z"})
    assert read_folder(copy).code_digest != before


def test_moving_bytes_between_files_changes_the_digest(tmp_path: Path):
    one = write(tmp_path / "1", {"a": "xy", "b": ""})
    two = write(tmp_path / "2", {"a": "x", "b": "y"})
    assert files_digest({"a": one / "a", "b": one / "b"}) != files_digest({"a": two / "a", "b": two / "b"})


@pytest.mark.parametrize(
    ("yaml", "sentence"),
    [
        (YAML.replace("./src", "./sources"), "component.yml:3:1: `./sources` does not exist beside component.yml"),
        (YAML.replace("./src", "../../../etc"), "component.yml:3:1: `../../../etc` lies outside"),
        (YAML + "additional_includes: [../../x]\n", "component.yml:4:23: `../../x` lies outside"),
    ],
)
def test_code_that_is_missing_or_outside_is_a_fault_of_its_line(component: Path, yaml: str, sentence: str):
    write(component, {"component.yml": yaml})
    with pytest.raises(SpecError) as raised:
        read_folder(component, root=component)
    assert sentence in str(raised.value)


def test_a_link_out_of_an_upload_is_refused(component: Path):
    write(component, {"component.yml": YAML.replace("./src", "./link")})
    (component / "link").symlink_to("/etc")
    with pytest.raises(SpecError, match="outside of the uploaded folder"):
        read_folder(component, root=component)


def test_a_folder_without_component_says_so(tmp_path: Path):
    with pytest.raises(SpecError, match=r"there is no component\.yml"):
        read_folder(tmp_path)


def test_a_file_that_is_not_utf_8_says_so(component: Path):
    (component / "component.yml").write_bytes(b"name: \xff\n")
    with pytest.raises(SpecError, match="not UTF-8"):
        read_folder(component)


def test_components_are_found_at_any_depth(component: Path):
    write(component.parent, {"deep/er/component.yaml": YAML})
    found = find_components(component.parent)
    assert [path.parent.name for path in found] == ["a", "er"]
