"""The OpenAPI document: what views need not say themselves.

A view says what it gives and takes (`extend_schema`, serializers with `help_text`), and what it refuses besides. From
its base class, method and address come here: tag, summary, descriptions of what everything has (`WORDS`), the errors
that apply, and the headers that make a request safe to repeat. tests/api/test_document.py names what is missing still.
"""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc

from registry.conditional import ConditionalAPI
from registry.idempotency import HEADER, KEY_LIMIT, IdempotentAPI
from registry.openapi_words import NOUNS, WORDS
from registry.problems import ProblemOutput
from registry.scope import WorkspaceAPI
from registry.uploads import UploadAPI

JSON = {"application/json": None}
SAFE = ("GET", "HEAD", "OPTIONS")
ERRORS = {
    "400": "The request cannot be understood: `errors` or `detail` say what of it.",
    "401": "No log-in and no token, or one that is not known or has expired.",
    "403": "Your role in the workspace, or a scope of the token, does not allow it; or a browser sent no CSRF token.",
    "404": "There is no such thing in this workspace, or no such workspace of yours.",
    "409": "It cannot be done as things stand; or a request with this `Idempotency-Key` is being answered.",
    "412": "`If-Match` names another revision than the one there is, which `rev` tells.",
    "413": "The body is larger than the server takes.",
    "415": "The body is of another media type than the ones listed.",
    "410": "Its content was deleted.",
    "422": "It was understood and is wrong; or this `Idempotency-Key` was sent with another request.",
    "503": "The store of files cannot be reached, or is full.",
}
DONE = {"200": "As asked.", "201": "It was made, and is this.", "204": "Done; there is nothing to tell."}
IDEMPOTENCY_KEY = {
    "name": HEADER,
    "in": "header",
    "description": "Minted by the sender, best a UUID. The same request sent again within 24 hours does nothing and is "
    "answered as the first was, with `Idempotency-Replayed: true`.",
    "schema": {"type": "string", "minLength": 1, "maxLength": KEY_LIMIT, "pattern": "^[ -~]+$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag, or the revision in quotes, that the sender saw: nothing is done when there is another.",
    "schema": {"type": "string", "examples": ['"12"']},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The ETag of an earlier answer: 304 says that it still holds.",
    "schema": {"type": "string", "examples": ['"12-9f86d081884c7d65"']},
}
ETAG = {"ETag": {"description": "What `If-None-Match` and `If-Match` take.", "schema": {"type": "string"}}}


class Schema(AutoSchema):
    """drf-spectacular's, which knows the base classes of our views."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        self._describe_parameters(operation)
        self._describe_headers(operation)
        self._describe_errors(operation)
        return operation

    def get_description(self) -> str:  # type: ignore[override]
        """The method's docstring, else that of the class itself: those of base classes tell readers of code things."""
        found: str = get_doc(getattr(self.view, self.method.lower(), None))
        return found or (vars(type(self.view)).get("__doc__") or "").strip()

    def get_summary(self) -> str:
        """The description's first sentence."""
        first = " ".join(self.get_description().split("\n\n")[0].split())
        return first.split(". ")[0].split(": ")[0].rstrip(".")

    def get_tags(self) -> list[str]:
        """The first word of the address, behind the workspace."""
        words = [word for word in self._tokenize_path() if word != "workspaces"]
        return words[:1] or ["workspaces"]

    def _get_serializer_field_meta(self, field: Any, direction: str) -> dict[str, Any]:
        meta: dict[str, Any] = super()._get_serializer_field_meta(field, direction)
        if "description" not in meta and (word := WORDS.get(getattr(field, "field_name", ""))):
            meta["description"] = word
        return meta

    def _describe_parameters(self, operation: dict[str, Any]) -> None:
        noun = NOUNS.get(self.get_tags()[0], "row")
        of_path = {"id": f"Number of the {noun}.", "name": f"Name of the {noun}."}
        for parameter in operation.get("parameters", []):
            if not parameter.get("description"):
                known = of_path if parameter["in"] == "path" else {}
                parameter["description"] = known.get(parameter["name"]) or WORDS.get(parameter["name"], "")

    def _describe_headers(self, operation: dict[str, Any]) -> None:
        headers = []
        if self.method == "POST" and isinstance(self.view, IdempotentAPI) and self.view.idempotent:
            headers.append(IDEMPOTENCY_KEY)
        if isinstance(self.view, ConditionalAPI):
            if self.method == "GET":
                headers.append(IF_NONE_MATCH)
                operation["responses"]["200"]["headers"] = ETAG
                operation["responses"]["304"] = {"description": "Unchanged since the ETag sent.", "headers": ETAG}
            elif self.method in self.view.takes_if_match:
                headers.append(IF_MATCH)
        if headers:
            operation["parameters"] = [*operation.get("parameters", []), *headers]

    def _describe_errors(self, operation: dict[str, Any]) -> None:
        responses = operation["responses"]
        for status in self._errors(operation):
            responses.setdefault(status, {"description": ERRORS[status]})
        problem = self.resolve_serializer(ProblemOutput, "response").ref
        for status, response in responses.items():
            if status in DONE and response.get("description") in ("", "No response body"):
                response["description"] = DONE[status]
            if status >= "400":
                response["content"] = {"application/problem+json": {"schema": problem}}
        operation["responses"] = dict(sorted(responses.items()))

    def _errors(self, operation: dict[str, Any]) -> set[str]:
        """The statuses that this method of this view may answer for reasons that all have in common."""
        names = {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", [])}
        changes = self.method not in SAFE
        found = {"401", "403"}
        if "{" in self.path:
            found.add("404")
        if any(place == "query" for place, _ in names) or "requestBody" in operation:
            found.add("400")
        if "requestBody" in operation:
            found |= {"413", "415"}
        if changes and isinstance(self.view, WorkspaceAPI):
            found |= {"409"}
        if ("header", HEADER) in names:
            found |= {"400", "409", "413", "415", "422"}
        if ("header", "If-Match") in names:
            found.add("412")
        if isinstance(self.view, UploadAPI) and changes:
            found |= {"413", "422", "503"}
        if any("application/json" not in answer.get("content", JSON) for answer in operation["responses"].values()):
            found.add("503")
        return found
