"""Changing a YAML text in some places: comments, the order of keys, and all that was not changed stay as they were."""

import io
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import LiteralScalarString
from ruamel.yaml.util import load_yaml_guess_indent

WIDTH = 4096
"""Columns of a line; longer texts are folded, which people do not want of commands."""


def patched(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """The text with the change from `before` to `after` made in it; both are what a writer says of the same thing.

    The text need not say it in the writer's words: where the two agree, its own words stay. A value that was changed
    takes the writer's words as a whole, unless text, `before` and `after` all have a mapping there.
    """
    if before == after:
        return text
    root, indent, offset = load_yaml_guess_indent(text, yaml=_yaml())
    _patch(root, before, after)
    yaml = _yaml()
    yaml.indent(mapping=2, sequence=indent or 2, offset=offset or 0)
    return _dumped(yaml, root)


def written(data: Mapping[str, Any]) -> str:
    """Plain data as YAML, with commands of several lines as they were written."""
    return _dumped(_yaml(), _round(data))


def _patch(node: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    for key in before:
        if key not in after and key in node:
            del node[key]
    for key, value in after.items():
        old = before.get(key)
        if key in before and old == value:
            continue
        if isinstance(node.get(key), CommentedMap) and isinstance(old, Mapping) and isinstance(value, Mapping):
            _patch(node[key], old, value)
        else:
            node[key] = _round(value)


def _round(value: Any) -> Any:
    """Plain data as the round-trip writer takes it."""
    if isinstance(value, Mapping):
        return CommentedMap((key, _round(each)) for key, each in value.items())
    if isinstance(value, list | tuple):
        found = CommentedSeq(_round(each) for each in value)
        if all(isinstance(each, str | int | float | bool) for each in value):
            found.fa.set_flow_style()
        return found
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value)
    return value


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = WIDTH
    return yaml


def _dumped(yaml: YAML, data: Any) -> str:
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()
