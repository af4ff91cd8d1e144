"""Components, data, environments and models: named things with versions."""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portline.client import yaml
from portline.client.answers import Answer
from portline.client.downloads import download
from portline.client.errors import PortlineError, error_of
from portline.client.http import Http, segment
from portline.client.setting import put
from portline.client.uploads import Source, Tree, Uploadable, folder_files, tree_of

Overrides = Mapping[str, Any]
"""{place: value}, as `--set` gives it."""
Told = Callable[[str], None]


class Assets:
    """What the four kinds have in common. `kind` is their part of the address."""

    kind = ""
    word = ""

    def __init__(self, http: Http, told: Told) -> None:
        self._http = http
        self._told = told

    def get(self, name: str, version: str | None = None, label: str | None = None) -> Answer:
        """One version: the given one, or the newest, for which the only label is `latest`. Raises PortlineError."""
        return Answer(self._http.get(self._place(name, self._version(name, version, label))))

    def list(
        self, name: str | None = None, *, max_results: int | None = None, archived: bool = False, **filters: Any
    ) -> Iterator[Answer]:
        """All, or the versions of one name, the newest first."""
        params = {"name": name, "archived": True if archived else None, **filters}
        return map(Answer, self._http.pages(f"{self.kind}/", params, max_results))

    def archive(self, name: str, version: str | None = None, label: str | None = None) -> None:
        """Lists leave it out from now on; what uses it keeps working."""
        self._http.delete(self._place(name, self._version(name, version, label)))

    def restore(self, name: str, version: str | None = None, label: str | None = None) -> Answer:
        """Take it out of the archive."""
        place = self._place(name, self._version(name, version, label, archived=True))
        return Answer(self._http.post(f"{place}restore/"))

    def _place(self, name: str, version: str) -> str:
        return f"{self.kind}/{segment(name)}/versions/{segment(version)}/"

    def _version(self, name: str, version: str | None, label: str | None, archived: bool = False) -> str:
        if version:
            return version
        if label not in (None, "latest"):
            raise PortlineError(
                f"There is no label `{label}`; the label that every {self.word} has is `latest`.", status=404
            )
        newest = next(self.list(name, max_results=1, archived=archived), None)
        if newest is None:
            raise PortlineError(f"There is no {self.word} `{name}` in this workspace.", status=404, code="not_found")
        return str(newest["version"])


class Components(Assets):
    kind, word = "components", "component"

    def create_or_update(
        self, component: Source, *, version: str | None = None, overrides: Overrides | None = None
    ) -> Answer:
        """Register a component, with all that its YAML names beside it. The same content again changes nothing."""
        tree = tree_of(component, "component.yml")
        changes = dict(overrides or {}) | ({"version": version} if version else {})
        if changes:
            content = yaml.parse(tree.texts.get(tree.main) or tree.main.read_text(encoding="utf-8"), str(tree.main))
            for place, value in changes.items():
                put(content, place, value)
            tree.texts[tree.main] = yaml.dump(content)
        self._told_of(tree)
        with tree.packed() as file:
            fields = {"path": tree.path}
            report = self._http.post("components/", data=fields, files={"file": ("component.zip", file)})
        made = next((item for item in report["components"] if item["file"] == tree.path), None)
        if made is None or not made["ref"]:
            raise error_of(422, {"detail": f"{tree.path} is no component.", "components": report["components"]})
        name, _, version = made["ref"].partition(":")
        return self.get(name, version)

    def get(self, name: str, version: str | None = None, label: str | None = None) -> Answer:
        found = self._http.get(self._place(name, self._version(name, version, label)))
        # As its YAML has it; what the canvas makes of it is left to the canvas.
        rest = {key: value for key, value in found.items() if key not in ("spec", "interface")}
        return Answer({"name": name, **found["spec"], **rest})

    def list(
        self, name: str | None = None, *, max_results: int | None = None, archived: bool = False, **filters: Any
    ) -> Iterator[Answer]:
        """All components, or the versions of one, the highest first."""
        if name is None:
            rows = self._http.pages("components/", {"archived": archived, **filters}, max_results)
            return (Answer({**row, "version": row["latest"], "display_name": row["title"]}) for row in rows)
        found = self._http.get(f"components/{segment(name)}/")
        title = {"name": name, "display_name": found["title"], "archived_at": found["archived_at"]}
        return (Answer({**title, **row}) for row in found["versions"][:max_results])

    def archive(self, name: str, version: str | None = None, label: str | None = None) -> None:
        """The component with all of its versions: a version alone cannot be archived."""
        self._http.delete(f"components/{segment(name)}/")

    def restore(self, name: str, version: str | None = None, label: str | None = None) -> Answer:
        return Answer(self._http.post(f"components/{segment(name)}/restore/"))

    def download(self, name: str, version: str | None = None, download_path: str | Path = ".") -> Sequence[Path]:
        """Its YAML and code into a folder `name-version`. Answers the files."""
        place = self._place(name, self._version(name, version, None))
        return download(self._http, f"{place}download/", Path(download_path))

    def _told_of(self, tree: Tree) -> None:
        tell_of_upload(self._told, len(tree.files | set(tree.texts)), tree.size)


class Described(Assets):
    """Assets whose description may be changed."""

    def update(self, name: str, version: str | None = None, label: str | None = None, **changes: Any) -> Answer:
        """Change the `description` of a version; nothing else of it ever changes."""
        return Answer(self._http.patch(self._place(name, self._version(name, version, label)), changes))


class Contents(Described):
    """Data and models: files that are uploaded, or an address elsewhere."""

    default_type = "uri_folder"

    def create_or_update(self, asset: Source, *, overrides: Overrides | None = None) -> Answer:
        """Register what a YAML describes: its `path` is uploaded where it is a file or a folder here."""
        folder, content = described(asset, overrides)
        path = content.get("path")
        if not path:
            raise PortlineError(f"A {self.word} asset needs a `path`: a file, a folder, or an address.", code="usage")
        fields = {
            key: content[key] for key in ("name", "version", "type", "description") if content.get(key) is not None
        }
        for key in ("tags", "properties"):
            if content.get(key):
                fields[key] = json.dumps(content[key])
        text = str(path).removeprefix("azureml:").removeprefix("file:") if "://" not in str(path) else str(path)
        if "://" in text.removeprefix("file://"):
            return Answer(self._http.post(f"{self.kind}/", data={**fields, "uri": text}))
        place = Path(folder, text.removeprefix("//"))
        fields.setdefault("type", "uri_file" if place.is_file() and self.kind == "data" else self.default_type)
        if not place.exists():
            raise PortlineError(f"There is no file or folder {place}, which `path` names.", code="no_file")
        return self._upload(place, fields)

    def download(
        self, name: str, version: str | None = None, download_path: str | Path = ".", label: str | None = None
    ) -> Sequence[Path]:
        """Its files into a folder of its name. Answers them."""
        asset = self.get(name, version, label)
        place = self._place(name, asset["version"])
        # A folder comes as a zip; a file that is one stays it.
        folder = Path(download_path) / name
        return download(self._http, f"{place}download/", folder, unpack=asset["type"] != "uri_file")

    def _upload(self, place: Path, fields: dict[str, Any]) -> Answer:
        if place.is_file():
            tell_of_upload(self._told, 1, place.stat().st_size)
            with place.open("rb") as file:
                return Answer(self._http.post(f"{self.kind}/", data=fields, files={"file": (place.name, file)}))
        files = list(folder_files(place))
        tell_of_upload(self._told, len(files), sum(file.stat().st_size for file in files))
        with tempfile.TemporaryFile() as packed:
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                for path in files:
                    archive.write(path, path.relative_to(place).as_posix())
            packed.seek(0)
            return Answer(
                self._http.post(f"{self.kind}/", data=fields, files={"file": (f"{place.resolve().name}.zip", packed)})
            )


class Data(Contents):
    kind, word = "data", "data"


class Models(Contents):
    kind, word = "models", "model"
    default_type = "custom_model"


class Environments(Described):
    kind, word = "environments", "environment"

    def create_or_update(self, environment: Source, *, overrides: Overrides | None = None) -> Answer:
        """Register what a YAML describes, with the conda file that it names."""
        folder, content = described(environment, overrides)
        conda = content.get("conda_file")
        if isinstance(conda, str):
            content["conda_file"] = yaml.read(Path(folder, conda.removeprefix("file:")))
        return Answer(self._http.post("environments/", {"yaml": yaml.dump(content)}))


def described(source: Source, overrides: Overrides | None = None) -> tuple[Path, dict[str, Any]]:
    """The folder that paths are relative to, and what a source says, with `overrides` put in. Raises PortlineError."""
    if isinstance(source, Uploadable):
        folder, content = Path(source.base_path), dict(source._to_dict())
    elif isinstance(source, Mapping):
        folder, content = Path.cwd(), dict(source)
    else:
        if not Path(source).is_file():
            raise PortlineError(f"There is no file {source}.", code="no_file")
        folder, content = Path(source).absolute().parent, yaml.read(Path(source))
    if not isinstance(content, dict):
        raise PortlineError(f"{source} holds no mapping; its first line should be like `name: ...`.", code="usage")
    for place, value in (overrides or {}).items():
        put(content, place, value)
    return folder, content


def tell_of_upload(told: Told, count: int, size: int) -> None:
    from portline.client.uploads import size_text

    files = "1 file" if count == 1 else f"{count} files"
    told(f"Uploading {files}, {size_text(size)}")
