"""YAML 1.2 in and out, in the round-trip form that keeps order, comments and quotes."""

import io
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML, YAMLError

from portline.client.errors import Fault, PortlineError


def read(path: Path) -> Any:
    """The content of a file. Raises PortlineError with the line of a fault, or for what is no text."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise PortlineError(f"{path} cannot be read: {error.strerror}.", code="no_file") from None
    except UnicodeDecodeError:
        raise PortlineError(f"{path} is not UTF-8 text.", code="invalid_yaml") from None


def parse(text: str, shown: str) -> Any:
    """Raises PortlineError that names `shown` as the file."""
    try:
        return YAML().load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or str(error).splitlines()[0]
        place = Fault(str(what), shown, mark.line + 1 if mark else 0, mark.column + 1 if mark else 0)
        raise PortlineError(f"{shown} is no YAML.", code="invalid_yaml", faults=[place]) from None


def dump(data: Any) -> str:
    """As text, with the order that mappings have."""
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()
