"""Descriptions out of docstrings: the `Args:` and `Returns:` of Google's style, and `:param name:` of Sphinx's."""

import inspect
import re

_SECTION = re.compile(
    r"^(Args|Arguments|Parameters|Inputs|Returns|Outputs|Raises|Yields|Example|Examples|Note|Notes):\s*$"
)
_ITEM = re.compile(r"^(?P<name>\*{0,2}[A-Za-z_][\w.]*)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")
_PARAM = re.compile(r"^:param\s+(?:[\w\[\], |]+\s+)?(?P<name>\w+)\s*:\s*(?P<text>.*)$")
_INPUTS = ("Args", "Arguments", "Parameters", "Inputs")
_OUTPUTS = ("Returns", "Outputs")


def parts(doc: str | None) -> tuple[str, dict[str, str], dict[str, str]]:
    """The text before all sections, and the descriptions of inputs and of outputs by name."""
    before: list[str] = []
    inputs: dict[str, str] = {}
    outputs: dict[str, str] = {}
    section, at, name, current = "", 0, "", None
    for line in _lines(doc or ""):
        text, indent = line.strip(), len(line) - len(line.lstrip())
        if found := _PARAM.match(text):
            section, current, name = "sphinx", inputs, found["name"]
            inputs[name] = found["text"]
        elif text.startswith(":"):
            section, current = "sphinx", None
        elif indent == 0 and (found := _SECTION.match(text)):
            section, current, at = found[1], None, 0
        elif indent == 0 and section and section != "sphinx" and text:
            section, current = "", None
            before.append(line)
        elif not section:
            before.append(line)
        elif text:
            at = at or indent
            into = inputs if section in _INPUTS else outputs if section in _OUTPUTS else None
            if into is not None and indent == at and (found := _ITEM.match(text)):
                current, name = into, found["name"]
                into[name] = found["text"]
            elif current is not None:
                current[name] = f"{current[name]} {text}".strip()
    return "\n".join(before).strip(), inputs, outputs


def _lines(doc: str) -> list[str]:
    """Without what all lines are indented by. Where a section begins on the first line, its items stay indented."""
    lines = inspect.cleandoc(doc).splitlines()
    headed = [bool(_SECTION.match(line)) for line in lines]
    if headed[:1] == [True] and not any(headed[1:]):
        return [lines[0], *(f"    {line}" for line in lines[1:])]
    return lines
