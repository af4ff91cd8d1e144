"""Lines of a list of pip packages: what each asks for, in one way of writing."""

import re

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

_OPTION = re.compile(r"(-\w|--[\w-]+)(?:[ =]\s*(.*))?$", re.DOTALL)
_URL = re.compile(r"(?:(?:git|hg|svn|bzr)\+)?(?:https?|ssh|git)://\S+$")
_HASH = re.compile(r"\s--hash[= ](\w+:[0-9a-fA-F]+)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_LONG = {"-i": "--index-url", "-f": "--find-links"}
_SOURCES = ("--index-url", "--extra-index-url", "--find-links")
_OTHERS = ("--no-binary", "--only-binary")
_ELSEWHERE = ("-r", "--requirement", "-c", "--constraint")


def is_option(line: str) -> bool:
    """Whether a normalised line is an option of the installer and no package."""
    return line.startswith("-")


def normalised(line: str) -> str:
    """One line as it counts: name, extras and versions in one way of writing. Empty for a comment.

    Raises ValueError with a sentence for what cannot be installed from a list.
    """
    line = _COMMENT.sub("", line.replace("\\\n", " ")).strip()
    if not line:
        return ""
    if line.startswith("-"):
        return _option(line)
    hashes = sorted(_HASH.findall(line))
    line = _HASH.sub("", line).strip()
    return " ".join([_package(line), *(f"--hash={each}" for each in hashes)])


def name_of(line: str) -> str:
    """The package that a normalised line asks for; an address is its own name."""
    return re.split(r"[\[<>=!~;@ ]", line, maxsplit=1)[0] if not _URL.match(line) else line


def _package(line: str) -> str:
    if _URL.match(line):
        return line
    path = line.startswith((".", "/", "~")) or line.endswith((".whl", ".tar.gz", ".zip", ".txt"))
    if (path and "://" not in line) or "file:" in line:
        raise ValueError(f"`{line}` is a path; an environment is made of packages from an index or an address")
    single = re.match(r"^([A-Za-z0-9._-]+(?:\[[^\]]*\])?)\s*=\s*([^=\s].*)$", line)
    if single:
        raise ValueError(f"`{line}` is conda's way of writing; for pip write `{single[1]}=={single[2]}`")
    try:
        found = Requirement(line)
    except InvalidRequirement as error:
        reason = str(error).partition("\n")[0].strip()
        raise ValueError(f"`{line}` is not a package as pip takes it ({reason[:1].lower() + reason[1:]})") from None
    extras = f"[{','.join(sorted(map(canonicalize_name, found.extras)))}]" if found.extras else ""
    what = f" @ {found.url}" if found.url else ",".join(sorted(str(found.specifier).split(","), reverse=True))
    marker = f"{' ' if found.url else ''}; {found.marker}" if found.marker else ""
    return f"{canonicalize_name(found.name)}{extras}{what}{marker}"


def _option(line: str) -> str:
    found = _OPTION.match(line)
    name = _LONG.get(found[1], found[1]) if found else line
    value = (found[2] or "").strip() if found else ""
    if name in _ELSEWHERE:
        raise ValueError(f"`{line}` names another file; list its packages here")
    if name in ("-e", "--editable"):
        raise ValueError(f"`{line}`: a package in development cannot be part of an environment; name a release of it")
    if name not in (*_SOURCES, *_OTHERS):
        raise ValueError(f"the option `{name}` is not supported; {', '.join((*_SOURCES, *_OTHERS))} are")
    if not value or (name in _SOURCES and not re.match(r"https?://", value)):
        needs = "an address that begins with http:// or https://" if name in _SOURCES else "a value"
        raise ValueError(f"`{name}` needs {needs}")
    return f"{name} {value}"
