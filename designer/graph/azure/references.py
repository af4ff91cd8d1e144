"""What a file names: something registered, a file beside it, or an address (`shared/azureml.md` 2.1)."""

import re
from dataclasses import dataclass

_ASSET = re.compile(r"(?P<name>[A-Za-z0-9_][\w.\-]*)(?::(?P<version>[\w.\-]+)|@(?P<label>[\w.\-]+))?")
_LONG = re.compile(
    r"(?://registries/(?P<registry>[^/]+)|/subscriptions/.+)"
    r"/(?P<kind>[a-z]+)/(?P<name>[^/]+)/(?P<which>versions|labels)/(?P<value>[^/]+)/?"
)
_DATASTORE_PATH = re.compile(r"//subscriptions/.+/datastores/.+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?|wasbs?|abfss?|adl|s3|gs|azureml|hdfs|dbfs)://", re.IGNORECASE)


@dataclass(frozen=True)
class Named:
    """Something registered; with neither version nor label the newest. `registry` is one that many workspaces share."""

    name: str
    version: str | None = None
    label: str | None = None
    registry: str = ""

    @property
    def newest(self) -> bool:
        """Whether no version is asked for. Labels other than `latest` are not known here: they mean the newest too."""
        return self.version is None


@dataclass(frozen=True)
class Beside:
    """A file or folder, by its path from the folder of the file that names it."""

    path: str


@dataclass(frozen=True)
class Address:
    """Data that lies elsewhere, as it was written but for a needless `azureml:`."""

    uri: str


Reference = Named | Beside | Address


def reference(text: str) -> Reference:
    """What a text names. Before paths and addresses, `azureml:` says nothing: Azure ML's own tools write it so."""
    text = text.strip()
    bare = text.removeprefix("azureml:")
    if found := _LONG.fullmatch(bare):
        value = found["value"]
        version, label = (value, None) if found["which"] == "versions" else (None, value)
        return Named(found["name"], version, label, found["registry"] or "")
    if _DATASTORE_PATH.fullmatch(bare) or bare.startswith("//datastores/"):
        return Address(f"azureml:{bare}")
    if _ADDRESS.match(bare):
        return Address(bare)
    if bare != text and (found := _ASSET.fullmatch(bare)):
        return Named(found["name"], found["version"], found["label"])
    path = bare.removeprefix("file:")
    return Beside(path.removeprefix("//") if path.startswith("///") else path)


def named(text: str) -> Named | None:
    """The registered thing that a text names, if it does."""
    found = reference(text)
    return found if isinstance(found, Named) else None
