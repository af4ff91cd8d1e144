"""Lists come in pages that stay stable while rows are added."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

LARGEST = 200
PAGE_SIZE = {
    "name": "page_size",
    "in": "query",
    "required": False,
    "description": "How many of them come in one answer.",
    "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": 50},
}
CURSOR = {
    "name": "cursor",
    "in": "query",
    "required": False,
    "description": "Where the page begins: as it stands in `next` or `previous` of another page. Missing: the first.",
    "schema": {"type": "string"},
}


class Cursor(CursorPagination):
    """Newest first; `?page_size=` up to 200. Answers 400 for a cursor or a page size that is none."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = LARGEST

    def get_page_size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.page_size
        if not (given.isascii() and given.isdecimal() and len(given) < 6 and 1 <= int(given) <= LARGEST):
            raise serializers.ValidationError({"page_size": [f"Give a whole number from 1 to {LARGEST}."]})
        return int(given)

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, OverflowError, ValidationError):
            # A cursor that was made up may hold anything as the position where it goes on.
            if "cursor" not in request.query_params:
                raise
            sentence = "This is no cursor of this list. Take one from `next` or `previous`, or leave it out."
            raise serializers.ValidationError({"cursor": [sentence]}) from None

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [CURSOR, PAGE_SIZE]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        def address(description: str) -> dict[str, Any]:
            return {"type": "string", "format": "uri", "nullable": True, "description": description}

        return {
            "type": "object",
            "description": "One page of a list.",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": address("Address of the page behind this one; null: this is the last."),
                "previous": address("Address of the page before this one; null: this is the first."),
                "results": {**schema, "description": "What is on this page, in the order of the list."},
            },
        }
