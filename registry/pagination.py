"""Lists come in pages that stay stable while rows are added."""

from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Newest first; `?page_size=` up to 200."""

    ordering = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
