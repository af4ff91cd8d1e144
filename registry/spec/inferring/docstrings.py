"""Descriptions out of docstrings: the `Args:` and `Returns:` of Google's style, and `:param name:` of Sphinx's."""

import re
from dataclasses import dataclass, field
from inspect import cleandoc

_SECTION = re.compile(r"^(Args|Arguments|Parameters|Inputs|Returns|Outputs|Raises|Yields|Examples?|Notes?):\s*$")
_ITEM = re.compile(r"^(?P<name>\*{0,2}[A-Za-z_][\w.]*)\s*(?:\([^)]*\))?\s*:\s*(?P<text>.*)$")
_PARAM = re.compile(r"^:param\s+(?:[\w\[\], |]+\s+)?(?P<name>\w+)\s*:\s*(?P<text>.*)$")


@dataclass
class Docstring:
    """The text before all sections, and what is said of each input and output."""

    text: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)


def read_docstring(doc: str | None) -> Docstring:
    found = Docstring()
    known = {
        **dict.fromkeys(("Args", "Arguments", "Parameters", "Inputs"), found.inputs),
        **dict.fromkeys(("Returns", "Outputs"), found.outputs),
    }
    before: list[str] = []
    into: dict[str, str] | None = None
    section, name, at = False, "", 0
    for line in cleandoc(doc or "").splitlines():
        text, indent = line.strip(), len(line) - len(line.lstrip())
        if param := _PARAM.match(text):
            section, into, name = True, found.inputs, param["name"]
            into[name] = param["text"]
        elif indent == 0 and (head := _SECTION.match(text)):
            section, into, name, at = True, known.get(head[1]), "", 0
        elif text.startswith(":"):
            section, into = True, None
        elif text and indent == 0 and section:
            section, into = False, None
            before.append(line)
        elif not section:
            before.append(line)
        elif text and into is not None:
            at = at or indent
            if indent == at and (item := _ITEM.match(text)):
                name = item["name"]
                into[name] = item["text"]
            elif name:
                into[name] = f"{into[name]} {text}".strip()
    found.text = "\n".join(before).strip()
    return found
