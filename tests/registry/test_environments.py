"""Named environments: versions that never change, by YAML, by JSON and by a form; and files beside a component's YAML."""

import io
import zipfile

import pytest

from registry.models import ComponentVersion, Environment, User, Workspace
from registry.services.components import component_register
from registry.spec.faults import SpecError
from registry.spec.folder import read_folder

from .conftest import Folder, zip_of

ADDRESS = "/api/v1/workspaces/main/environments/"
YAML = "name: sklearn\nversion: 2\nconda_file:\n  dependencies: [python=3.11, scikit-learn=1.5]\n"
COMPONENT = (
    "name: clean\nversion: 1.0.0\ncommand: echo\nenvironment:\n  image: some/image\n  conda_file: env/conda.yml\n"
)


@pytest.fixture
def browser(as_, grace: User, workspace: Workspace):
    return as_(grace)


def post(browser, **fields):
    return browser.post(ADDRESS, fields, content_type="application/json")


class TestAPI:
    def test_from_azures_yaml(self, browser):
        answer = post(browser, yaml=YAML)
        assert answer.status_code == 201
        made = answer.json()
        assert (made["ref"], made["python"], made["packages"]) == ("sklearn:2", "3.11", ["scikit-learn==1.5.*"])
        assert (made["yaml"], made["created_by"]) == (YAML, "grace")

    def test_from_a_list(self, browser):
        made = post(browser, name="tools", python="3.11", packages=["Six==1.17.0", "numpy>=2"]).json()
        assert (made["ref"], made["packages"]) == ("tools:1", ["numpy>=2", "six==1.17.0"])
        # Its YAML is one that Azure reads too.
        again = post(browser, yaml=made["yaml"])
        assert (again.status_code, again.json()["ref"]) == (200, "tools:1")

    def test_the_same_content_again_changes_nothing(self, browser):
        post(browser, name="tools", packages=["six==1.17.0"])
        again = post(browser, name="tools", packages=["SIX == 1.17.0"])
        assert (again.status_code, again.json()["ref"]) == (200, "tools:1")
        assert Environment.objects.count() == 1

    def test_other_content_is_the_next_version_and_never_the_same(self, browser):
        post(browser, yaml=YAML)
        assert post(browser, name="sklearn", packages=["six"]).json()["ref"] == "sklearn:3"
        refused = post(browser, name="sklearn", version="2", packages=["six"])
        assert (refused.status_code, refused.json()["code"]) == (409, "version_stands")
        assert "for example to 4" in refused.json()["detail"]

    def test_faults_say_where(self, browser):
        answer = post(browser, yaml="name: a\nconda_file:\n  dependencies:\n    - numpy=1|2\n")
        assert answer.status_code == 422
        problem = answer.json()
        (fault,) = problem["faults"]
        assert (problem["code"], fault["line"], fault["column"]) == ("invalid_environment", 4, 7)
        assert "`numpy=1|2`" in fault["message"]

    def test_a_list_has_its_lines(self, browser):
        problem = post(browser, name="a", packages=["six", "-r x.txt"]).json()
        assert [(fault["file"], fault["line"]) for fault in problem["faults"]] == [("packages.txt", 2)]

    def test_neither_yaml_nor_a_name(self, browser):
        answer = post(browser, packages=["six"])
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["name"])

    def test_lists_by_name_and_version(self, browser):
        post(browser, yaml=YAML)
        post(browser, name="sklearn", packages=["six"])
        post(browser, name="other", packages=["six"])
        assert [line["ref"] for line in browser.get(ADDRESS).json()["results"]] == ["other:1", "sklearn:3", "sklearn:2"]
        assert [line["ref"] for line in browser.get(f"{ADDRESS}?name=other").json()["results"]] == ["other:1"]
        versions = browser.get(f"{ADDRESS}sklearn/").json()["results"]
        assert [line["version"] for line in versions] == ["3", "2"]
        assert browser.get(f"{ADDRESS}sklearn/versions/2/").json()["spec"]["python"] == "3.11"
        assert browser.get(f"{ADDRESS}nothing/").status_code == 404
        assert browser.get(f"{ADDRESS}sklearn/versions/9/").status_code == 404

    def test_archive_and_restore(self, browser):
        post(browser, yaml=YAML)
        assert browser.delete(f"{ADDRESS}sklearn/versions/2/").status_code == 204
        assert browser.get(ADDRESS).json()["results"] == []
        assert len(browser.get(f"{ADDRESS}?archived=true").json()["results"]) == 1
        assert browser.post(f"{ADDRESS}sklearn/versions/2/restore/").json()["archived_at"] is None
        assert len(browser.get(ADDRESS).json()["results"]) == 1

    def test_registering_what_is_archived_brings_it_back(self, browser):
        post(browser, yaml=YAML)
        browser.delete(f"{ADDRESS}sklearn/versions/2/")
        assert post(browser, yaml=YAML).status_code == 200
        assert len(browser.get(ADDRESS).json()["results"]) == 1

    def test_a_list_costs_the_same_for_any_number(self, browser, django_assert_num_queries):
        for number in range(3):
            post(browser, name=f"e{number}", packages=["six"])
        with django_assert_num_queries(4):
            browser.get(ADDRESS)
        for number in range(3, 9):
            post(browser, name=f"e{number}", packages=["six"])
        with django_assert_num_queries(4):
            browser.get(ADDRESS)


class TestScope:
    def test_viewers_look_and_change_nothing(self, workspace, grace, vera, as_):
        post(as_(grace), yaml=YAML)
        browser = as_(vera)
        assert browser.get("/w/main/environments/sklearn/").status_code == 200
        assert post(browser, name="a", packages=["six"]).status_code == 403
        assert browser.delete(f"{ADDRESS}sklearn/versions/2/").status_code == 403
        for address in ("environments/-/new/", "environments/sklearn/2/archive/", "environments/sklearn/2/restore/"):
            assert browser.post(f"/w/main/{address}").status_code == 403
        assert "New version" not in browser.get("/w/main/environments/sklearn/").content.decode()

    def test_another_workspaces_is_not_there(self, workspace, elsewhere, ada, as_):
        Environment.objects.create(
            workspace=elsewhere, name="secret", version="1", spec_data={}, digest="0", yaml="name: secret"
        )
        browser = as_(ada)
        for address in (
            "/w/elsewhere/environments/",
            "/w/main/environments/secret/",
            "/w/main/environments/secret/1/build/",
            "/api/v1/workspaces/elsewhere/environments/",
            f"{ADDRESS}secret/",
            f"{ADDRESS}secret/versions/1/",
        ):
            assert browser.get(address).status_code == 404
        assert browser.get(ADDRESS).json()["results"] == []


class TestPages:
    def form(self, browser, **fields):
        given = {"name": "tools", "description": "", "python": "", "packages": "six==1.17.0"} | fields
        return browser.post("/w/main/environments/-/new/", given)

    def test_the_form_takes_a_list(self, browser):
        answer = self.form(browser, packages="# mine\nsix==1.17.0\n\nnumpy>=2\n", python="3.11")
        assert answer.url == "/w/main/environments/tools/?version=1"
        spec = Environment.objects.get().spec_data
        assert (spec["python"], spec["packages"]) == ("3.11", ["numpy>=2", "six==1.17.0"])

    def test_the_form_takes_a_conda_file(self, browser):
        self.form(browser, packages="channels: [x]\ndependencies:\n  - python=3.10\n  - numpy=1.26\n")
        page = browser.get("/w/main/environments/tools/").content.decode()
        assert "numpy==1.26.*" in page
        assert "`channels` has no effect" in page

    @pytest.mark.parametrize(
        ("fields", "says"),
        [
            ({"packages": "six\n-r x\n"}, "line 2"),
            ({"packages": "dependencies:\n  - six=1|2\n"}, "pip knows no `|`"),
            ({"packages": "dependencies:\n  - [\n"}, "this is not valid YAML"),
            ({"python": "2"}, "is not a version of Python"),
            ({"name": "a b"}, "May hold letters"),
            ({"packages": ""}, "othing to install"),
        ],
    )
    def test_the_form_says_what_is_wrong_and_keeps_what_was_typed(self, browser, fields, says):
        answer = self.form(browser, **fields)
        page = answer.content.decode()
        assert says in page
        assert not Environment.objects.exists()
        for value in fields.values():
            assert value.splitlines()[0] in page if value else True

    def test_a_new_version_begins_with_what_the_old_one_has(self, browser):
        self.form(browser)
        page = browser.get("/w/main/environments/-/new/?from=tools:1").content.decode()
        assert 'value="tools"' in page
        assert "six==1.17.0" in page

    def test_the_list_shows_the_highest_version(self, browser):
        for version in ("1.9", "1.10"):
            post(browser, name="tools", version=version, packages=[f"six=={version}"])
        page = browser.get("/w/main/environments/").content.decode()
        assert "six==1.10" in page
        assert "six==1.9" not in page
        assert "of 2" in page

    def test_who_uses_it(self, browser, workspace, folder: Folder):
        post(browser, yaml=YAML)
        text = (
            "name: clean\nversion: 1.0.0\ndisplay_name: Clean up\ncommand: echo\nenvironment: azureml:sklearn@latest\n"
        )
        component_register(workspace=workspace, folder=read_folder(folder(yaml=text)), user=None)
        assert "Clean up" in browser.get("/w/main/environments/sklearn/").content.decode()
        assert "/w/main/environments/sklearn/" in browser.get("/w/main/components/clean/").content.decode()
        post(browser, name="other", packages=["six"])
        assert "No component names it yet" in browser.get("/w/main/environments/other/").content.decode()

    def test_archiving_on_the_page(self, browser):
        self.form(browser)
        browser.post("/w/main/environments/tools/1/archive/")
        assert (
            "tools"
            not in browser.get("/w/main/environments/").content.decode().partition("Archived")[0].partition("<main")[2]
        )
        assert "tools" in browser.get("/w/main/environments/?archived=1").content.decode()
        browser.post("/w/main/environments/tools/1/restore/")
        assert Environment.objects.get().archived_at is None

    def test_an_empty_list_says_what_environments_are_for(self, browser):
        assert "No environments yet" in browser.get("/w/main/environments/").content.decode()


class TestComponentFolder:
    """A component's own environment is read with it."""

    def test_a_conda_file_beside_the_yaml_is_part_of_the_version(self, workspace, folder: Folder):
        place = folder(yaml=COMPONENT)
        (place / "env").mkdir()
        (place / "env" / "conda.yml").write_text("dependencies: [six=1.16]\n")
        first = component_register(workspace=workspace, folder=read_folder(place), user=None).version
        assert first.spec_data["environment"] == {"image": "some/image", "conda_file": {"dependencies": ["six=1.16"]}}
        assert not component_register(workspace=workspace, folder=read_folder(place), user=None).created
        (place / "env" / "conda.yml").write_text("dependencies: [six=1.17]\n")
        (place / "component.yml").write_text(COMPONENT.replace("1.0.0", "1.0.1"))
        second = component_register(workspace=workspace, folder=read_folder(place), user=None).version
        assert second.digest != first.digest

    def test_what_was_read_from_a_file_comes_along_in_a_download(self, workspace, folder: Folder, as_, ada):
        place = folder(yaml=COMPONENT)
        (place / "env").mkdir()
        (place / "env" / "conda.yml").write_text("dependencies: [six=1.16]\n")
        component_register(workspace=workspace, folder=read_folder(place), user=None)
        answer = as_(ada).get("/w/main/components/clean/1.0.0/download/")
        content = io.BytesIO(b"".join(answer.streaming_content)).getvalue()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert "six=1.16" in archive.read("clean-1.0.0/component.yml").decode()
        again = as_(ada).post("/api/v1/workspaces/main/components/", {"file": _named(content)})
        assert again.status_code == 200  # nothing is different

    def test_a_whole_environment_file(self, workspace, folder: Folder):
        place = folder(yaml="name: clean\ncommand: echo\nenvironment: file:./env/env.yml\n")
        (place / "env").mkdir()
        (place / "env" / "env.yml").write_text("name: x\nconda_file: conda.yml\n")
        (place / "env" / "conda.yml").write_text("dependencies: [six]\n")
        assert read_folder(place).spec.environment == {"name": "x", "conda_file": {"dependencies": ["six"]}}

    def test_a_requirements_file(self, folder: Folder):
        place = folder(yaml="name: clean\ncommand: echo\nenvironment: {pip: requirements.txt}\n")
        (place / "requirements.txt").write_text("six==1.17.0\nnumpy==2.1.0 \\\n  --hash=sha256:aa\n")
        assert read_folder(place).spec.environment == {"pip": ["six==1.17.0", "numpy==2.1.0    --hash=sha256:aa"]}

    @pytest.mark.parametrize(
        ("conda", "says"),
        [
            (None, "component.yml:6:3: `env/conda.yml` does not exist beside the YAML"),
            ("dependencies:\n  - six=1|2\n", "env/conda.yml:2:5: `six=1|2`: pip knows no"),
            ("a: [", "env/conda.yml:1:"),
        ],
    )
    def test_faults_of_the_file_have_its_name(self, folder: Folder, conda: str | None, says: str):
        place = folder(yaml=COMPONENT)
        if conda is not None:
            (place / "env").mkdir()
            (place / "env" / "conda.yml").write_text(conda)
        with pytest.raises(SpecError) as found:
            read_folder(place, place)
        assert str(found.value).startswith(says)

    def test_an_upload_reads_no_file_outside(self, browser):
        text = COMPONENT.replace("env/conda.yml", "../../../etc/passwd")
        answer = browser.post("/api/v1/workspaces/main/components/", {"file": zip_of({"c/component.yml": text})})
        (component,) = answer.json()["components"]
        assert "lies outside of the uploaded folder" in component["faults"][0]["message"]
        assert not ComponentVersion.objects.exists()

    def test_a_reference_that_names_nothing(self, folder: Folder):
        with pytest.raises(SpecError, match="does not name an environment"):
            read_folder(folder(yaml="name: clean\ncommand: echo\nenvironment: a b\n"))


def _named(content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = "upload.zip"
    return file
