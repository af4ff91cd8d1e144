"""`GET catalog/`: what the palette, the canvas and validation know of every component."""

import hashlib
from functools import lru_cache
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from registry import selectors
from registry.conditional import ConditionalAPI, mark_of
from registry.spec.types import LABELS, matrix

types = lru_cache(maxsize=1)(matrix)


class CatalogOutput(serializers.Serializer[Any]):
    components = serializers.ListField(child=serializers.DictField(), help_text="interface of each latest version")
    types = serializers.DictField(
        child=serializers.DictField(child=serializers.ListField()),
        help_text="output type -> input type -> [yes, warn or no, the reason]",
    )
    labels = serializers.DictField(child=serializers.CharField(), help_text="what people call each type")


class Catalog(ConditionalAPI):
    @extend_schema(operation_id="catalog", responses=CatalogOutput)
    def get(self, request: Request, **kwargs: Any) -> Response:
        """The latest version of every component, and which output may feed which input."""
        mark = mark_of(selectors.catalog_mark(self.workspace), _types_mark())
        return self.answer_unless_known(
            request,
            mark,
            lambda: {"components": selectors.catalog(self.workspace), "types": types(), "labels": LABELS},
        )


@lru_cache(maxsize=1)
def _types_mark() -> str:
    return hashlib.sha256(repr((matrix(), LABELS)).encode()).hexdigest()[:12]
