"""Data assets: kept by content, numbered by name, never overwritten, and only ever downloaded."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile

from registry.models import DataAsset, User, Workspace
from registry.services.assets import BadAsset, asset_name, asset_upload, file_name

from .conftest import zip_of

ADDRESS = "/api/v1/workspaces/main/data/"


@pytest.fixture
def browser(as_, grace: User, workspace: Workspace):
    return as_(grace)


def upload(browser, file: str = "Titanic data.csv", content: bytes = b"a,b\n1,2\n", **fields):
    return browser.post(ADDRESS, {"file": SimpleUploadedFile(file, content), **fields})


def test_an_upload_is_named_after_its_file(browser):
    answer = upload(browser)
    assert answer.status_code == 201
    asset = answer.json()
    assert (asset["ref"], asset["type"], asset["size"]) == ("titanic_data:1", "uri_file", 8)
    assert (asset["title"], asset["created_by"]) == ("Titanic data.csv", "grace")


def test_the_same_content_again_is_the_same_version(browser):
    first, again = upload(browser), upload(browser)
    assert again.status_code == 200
    assert again.json()["id"] == first.json()["id"]


def test_other_content_under_the_name_is_its_next_version(browser):
    upload(browser)
    assert upload(browser, content=b"other").json()["ref"] == "titanic_data:2"
    assert upload(browser).json()["ref"] == "titanic_data:1"


def test_what_was_uploaded_comes_back_as_a_download(browser):
    upload(browser, file="page.html", content=b"<script>alert(1)</script>")
    answer = browser.get(f"{ADDRESS}page/versions/1/download/")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="page.html"'


def test_equal_files_of_two_names_keep_their_names(browser):
    upload(browser, file="one.csv")
    upload(browser, file="two.csv")
    answer = browser.get(f"{ADDRESS}two/versions/1/download/")
    assert b"".join(answer.streaming_content) == b"a,b\n1,2\n"
    assert "two.csv" in answer["Content-Disposition"]


def test_a_large_upload_is_taken_from_the_disk(workspace: Workspace, grace: User):
    file = TemporaryUploadedFile("big.bin", "application/octet-stream", 6, None)
    file.write(b"123456")
    file.seek(0)
    asset, created = asset_upload(workspace=workspace, file=file, user=grace)
    assert (created, asset.size) == (True, 6)


def test_a_zip_becomes_a_folder_by_choice(browser):
    content = zip_of({"cats/a.png": "a", "dogs/b.png": "bb"}).getvalue()
    assert upload(browser, file="pets.zip", content=content).json()["type"] == "uri_file"
    asset = upload(browser, file="pets.zip", content=content, type="uri_folder").json()
    assert (asset["ref"], asset["type"], asset["size"]) == ("pets:2", "uri_folder", 3)
    page = browser.get("/w/main/data/pets/2/preview/").content.decode()
    assert "cats/a.png" in page


def test_a_folder_comes_back_as_a_zip(browser):
    import io
    import zipfile

    content = zip_of({"cats/a.png": "a", "b.txt": "bb"}).getvalue()
    upload(browser, file="pets.zip", content=content, type="uri_folder")
    answer = browser.get(f"{ADDRESS}pets/versions/1/download/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        assert archive.namelist() == ["b.txt", "cats/a.png"]
        assert archive.read("b.txt") == b"bb"


@pytest.mark.parametrize("fields", [{"type": "integer"}, {"name": "no spaces please"}])
def test_what_cannot_be_is_refused_by_field(browser, fields):
    answer = upload(browser, **fields)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == list(fields)


def test_an_evil_zip_is_refused(browser):
    content = zip_of({"a__b": "x"}).getvalue().replace(b"a__b", b"../b")
    answer = upload(browser, file="evil.zip", content=content, type="uri_folder")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_archive")
    assert not DataAsset.objects.exists()


def test_an_upload_above_the_limit_is_refused(browser, settings):
    settings.UPLOAD_LIMIT = 4
    assert upload(browser).status_code == 413


def test_an_empty_zip_is_no_folder(workspace: Workspace, grace: User):
    file = SimpleUploadedFile("empty.zip", zip_of({}).getvalue())
    with pytest.raises(BadAsset, match="empty"):
        asset_upload(workspace=workspace, file=file, user=grace, type="uri_folder")


def test_archiving_hides_and_uploading_again_brings_back(browser):
    upload(browser)
    gone = browser.post("/w/main/data/titanic_data/1/archive/")
    assert "is archived" in gone.content.decode()
    assert browser.get(ADDRESS).json()["results"] == []
    upload(browser)
    assert len(browser.get(ADDRESS).json()["results"]) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [("../../etc/passwd", "passwd"), ("C:\\data\\x.csv", "x.csv"), (".env", "env"), ("", "data"), ("a\x00b", "ab")],
)
def test_a_file_name_has_no_folders(given: str, kept: str):
    assert file_name(given) == kept


@pytest.mark.parametrize(
    ("given", "name"), [("Titanic data.csv", "titanic_data"), ("x.tar.gz", "x_tar"), ("Ünï", "n"), ("???", "data")]
)
def test_a_name_fits_graphs_and_yaml(given: str, name: str):
    assert asset_name(given) == name


class TestPreview:
    def page(self, browser, name: str, content: bytes) -> str:
        asset = upload(browser, file=name, content=content).json()
        return browser.get(f"/w/main/data/{asset['name']}/1/preview/").content.decode()

    def test_the_first_rows_of_a_csv(self, browser):
        rows = "".join(f"{number},x\n" for number in range(100))
        page = self.page(browser, "t.csv", f"id,name\n{rows}".encode())
        assert "<th>id</th><th>name</th>" in page
        assert "<td>19</td>" in page
        assert "<td>20</td>" not in page

    def test_cells_are_escaped(self, browser):
        assert "<script>" not in self.page(browser, "t.csv", b"a\n<script>alert(1)</script>\n")

    def test_a_semicolon_is_recognised(self, browser):
        assert "<th>a</th><th>b</th>" in self.page(browser, "t.csv", b"a;b\n1;2\n")

    def test_a_binary_file_says_so(self, browser):
        assert "not text" in self.page(browser, "x.bin", b"\x00\x01\x02")

    def test_a_broken_parquet_file_says_so(self, browser):
        assert "cannot be shown" in self.page(browser, "x.parquet", b"not parquet at all")


def test_a_version_and_tags_are_as_asked(browser):
    made = upload(browser, version="2026-05", tags='{"team": "red"}', description="Passengers").json()
    assert (made["ref"], made["tags"], made["description"]) == ("titanic_data:2026-05", {"team": "red"}, "Passengers")
    assert upload(browser, version="2026-05").status_code == 200
    other = upload(browser, content=b"other", version="2026-05")
    assert other.status_code == 422
    assert "versions never change" in other.json()["detail"]
    assert upload(browser, version="a b").status_code == 400
    assert upload(browser, tags="[1]").status_code == 400


def test_what_is_said_of_it_may_change(browser):
    upload(browser, tags='{"a": "b"}')
    place = f"{ADDRESS}titanic_data/versions/1/"
    changed = browser.patch(place, {"description": "New"}, content_type="application/json").json()
    assert (changed["description"], changed["tags"]) == ("New", {"a": "b"})
    changed = browser.patch(place, {"tags": {"c": "d"}}, content_type="application/json").json()
    assert (changed["description"], changed["tags"]) == ("New", {"c": "d"})


def test_the_newest_has_a_label_and_archived_ones_a_list(browser):
    upload(browser)
    upload(browser, content=b"other")
    latest = f"{ADDRESS}titanic_data/versions/@latest/"
    assert browser.get(latest).json()["version"] == "2"
    browser.delete(f"{ADDRESS}titanic_data/versions/2/")
    assert browser.get(latest).json()["version"] == "1"
    assert [row["version"] for row in browser.get(f"{ADDRESS}?archived=true").json()["results"]] == ["2"]
    assert [row["version"] for row in browser.get(ADDRESS).json()["results"]] == ["1"]
    page = browser.get("/w/main/data/?archived=only").content.decode()
    assert 'name="archived" value="only"' in page
    assert "/data/titanic_data/2/" in page
    browser.post(f"{ADDRESS}titanic_data/versions/2/restore/")
    assert browser.get(latest).json()["version"] == "2"


def test_tables_and_models_are_folders_with_their_mark(browser):
    def sent(type: str, files: dict[str, str]):
        return upload(browser, file="thing.zip", content=zip_of(files).getvalue(), type=type)

    assert sent("mltable", {"MLTable": "paths: []", "a.csv": "1"}).json()["type"] == "mltable"
    assert "has a file `MLTable`" in sent("mltable", {"a.csv": "1"}).json()["detail"]
    assert sent("mlflow_model", {"MLmodel": "x"}).status_code == 201
    assert sent("mlflow_model", {"model.pkl": "x"}).status_code == 422


def test_models_are_listed_apart_and_may_be_one_file(browser):
    upload(browser)
    made = browser.post("/api/v1/workspaces/main/models/", {"file": SimpleUploadedFile("net.pt", b"weights")})
    assert (made.status_code, made.json()["type"]) == (201, "custom_model")
    models = browser.get("/api/v1/workspaces/main/models/").json()["results"]
    assert [row["name"] for row in models] == ["net"]
    place = "/api/v1/workspaces/main/models/net/versions/1/"
    assert browser.get(place).json()["ref"] == "net:1"
    assert browser.get("/api/v1/workspaces/main/models/titanic_data/versions/1/").status_code == 404
    with zipfile.ZipFile(io.BytesIO(b"".join(browser.get(f"{place}download/").streaming_content))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"net.pt": b"weights"}
    assert (
        browser.post(
            "/api/v1/workspaces/main/models/", {"file": SimpleUploadedFile("a.csv", b""), "type": "uri_file"}
        ).status_code
        == 400
    )


def test_the_page_shows_models_by_themselves(browser):
    upload(browser, "rows.bin")
    upload(browser, "churn.bin", type="custom_model")
    every = browser.get("/w/main/data/").content.decode()
    models = browser.get("/w/main/data/?kind=models").content.decode()
    assert ("rows.bin" in every, "churn.bin" in every) == (True, True)
    assert ("rows.bin" in models, "churn.bin" in models) == (False, True)
