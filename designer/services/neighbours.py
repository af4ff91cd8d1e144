"""What lay beside a pipeline's text when it was imported, remembered by what the text says of it.

Once a text is edited in the browser, its files are not at hand any more; what they became is, by content.
"""

import json
import posixpath
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Neighbours:
    """The files that one text names. It is kept as JSON in `Pipeline.source`, as `beside`."""

    components: dict[str, Any] = field(default_factory=dict)
    """Path, or `azureml:name` of one found by its name -> ref, or kind and sentence of what cannot run."""
    data: dict[str, str] = field(default_factory=dict)
    """Path, or `azureml:name` -> ref."""
    code: dict[str, str] = field(default_factory=dict)
    """`code` and `additional_includes` -> digest of the code snapshot."""
    environments: dict[str, Any] = field(default_factory=dict)
    """An environment as it is written -> with the content of its files."""

    def json(self) -> dict[str, Any]:
        return asdict(self)

    def path_of(self, ref: str) -> str | None:
        """The path by which the text names a component."""
        return next((path for path, known in self.components.items() if known == ref and "azureml:" not in path), None)


def path_key(path: str) -> str:
    """A path as it is remembered: `./train.yml` and `train.yml` are one."""
    return posixpath.normpath(path)


def named_key(name: str, version: str | None = None) -> str:
    """Something that is known by its name only, as it is remembered."""
    return f"azureml:{name}:{version}" if version else f"azureml:{name}"


def text_key(*parts: Any) -> str:
    """Parts of a file as they are remembered."""
    return json.dumps(parts, sort_keys=True)
