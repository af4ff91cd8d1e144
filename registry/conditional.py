"""ETags: what was read and has not changed is not sent again, and nobody overwrites what they have not seen.

The tag of something that has revisions is `"<revision>-<mark>"`: the mark stands for what else the answer shows. An
`If-Match` names the revision that the sender saw, as the whole tag or as `"<revision>"`.
"""

import hashlib
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from registry.scope import WorkspaceAPI


def mark_of(*parts: Any) -> str:
    """A short text that differs where the parts do."""
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


class ConditionalAPI(WorkspaceAPI):
    """Base of views that give an ETag: GET takes `If-None-Match`, what changes takes `If-Match`."""

    takes_if_match: tuple[str, ...] = ()
    """The methods that do."""

    def answer_unless_known(self, request: Request, mark: str, body: Any) -> Response:
        """304 where the sender has what this mark stands for, else `body()`."""
        headers = {"ETag": f'"{mark}"', "Cache-Control": "private, no-cache"}
        known = _tags(request.headers.get("If-None-Match", ""))
        if mark in known or "*" in known:
            return Response(status=304, headers=headers)
        return Response(body(), headers=headers)

    def expected(self, request: Request) -> frozenset[int] | None:
        """The revisions that `If-Match` names, for `registry.revisions.check_revision`; None where any will do."""
        written = request.headers.get("If-Match")
        if written is None or written.strip() == "*":
            return None
        numbers = (tag.partition("-")[0] for tag in _tags(written))
        return frozenset(int(number) for number in numbers if number.isdecimal() and len(number) < 19)


def _tags(header: str) -> set[str]:
    return {tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")} - {""}
