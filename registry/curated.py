"""The curated environments of Azure ML, as lists of packages: `curated_environments.yml`."""

from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from registry.spec.document import Document, read_document
from registry.spec.environment import EnvironmentSpec
from registry.spec.environment_reading import environment_from

FILE = Path(__file__).with_name("curated_environments.yml")


def curated(name: str) -> EnvironmentSpec | None:
    """What stands in for a curated environment, of any version; None where the name is none of them."""
    for patterns, spec in _entries():
        if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns):
            return spec
    return None


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[tuple[str, ...], EnvironmentSpec], ...]:
    document = read_document(FILE.read_text(encoding="utf-8"), FILE.name)
    found = []
    for entry in document.data:
        spec = environment_from(Document({"pip": list(entry["pip"])}, FILE.name, ""))
        found.append((tuple(entry["names"]), spec))
    return tuple(found)
