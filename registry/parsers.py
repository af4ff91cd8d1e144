"""What the API takes as JSON: bounded, and only text that a database can keep."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from registry.problems import Problem

DEEPEST = 100
BIGGEST = 2**63 - 1
"""The largest whole number that every database keeps: `max_value` of what is looked up by it."""


class BoundedJSON(JSONParser):
    """DRF's, with a limit on size and depth. Refuses U+0000 and halves of surrogate pairs, which no database takes."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int((parser_context or {})["request"].META.get("CONTENT_LENGTH") or 0) > limit:
            raise Problem(413, "too_large", f"A body of JSON has at most {limit / 1e6:.0f} MB.")
        try:
            data = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise ParseError("This JSON is nested too deeply.") from None
        _check(data, "", 0)
        return data


def _check(value: Any, place: str, depth: int) -> None:
    if depth > DEEPEST:
        raise ParseError(f"This JSON is nested more than {DEEPEST} deep.")
    if isinstance(value, str):
        if "\0" in value or not _encodable(value):
            raise ParseError(f"The text at `{place[1:] or 'the top'}` holds a character that cannot be kept.")
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _check(key, place, depth + 1)
            _check(each, f"{place}.{key}", depth + 1)
    elif isinstance(value, list):
        for index, each in enumerate(value):
            _check(each, f"{place}.{index}", depth + 1)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class OnlyOne(DefaultContentNegotiation):
    """Each address has one form of answer. `Accept` does not choose, so asking for a zip as a zip is no error."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[BaseRenderer, str]:
        return renderers[0], renderers[0].media_type
