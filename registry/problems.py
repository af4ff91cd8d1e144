"""Every HTTP error of the API as a problem document (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import page_not_found
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from registry.refusal import Refusal


@extend_schema_serializer(component_name="Problem")
class ProblemOutput(serializers.Serializer[Any]):
    """What every error is answered with: a problem document as RFC 9457 has it. Some have more that helps to mend it:
    `faults`, `problems` or `components` that say what is wrong and where, `rev` or `at_rev` with the revision there is,
    `scope` with the one that a token lacks."""

    type = serializers.CharField(help_text="Always `about:blank`: `code` tells kinds of errors apart.")
    title = serializers.CharField(help_text="The status in words.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    code = serializers.CharField(help_text="What went wrong, for programs.")
    detail = serializers.CharField(help_text="What went wrong and what to do, for people.")

    def get_fields(self) -> dict[str, Any]:
        """`errors` means something else to a serializer."""
        errors = serializers.DictField(
            child=serializers.JSONField(),
            required=False,
            help_text="Of code `invalid`: sentences by field, nested as the fields are.",
        )
        return {**super().get_fields(), "errors": errors}


class Problem(exceptions.APIException):
    """An error that the caller can do something about: a code, a sentence, and whatever helps to mend it."""

    def __init__(self, status_code: int, code: str, detail: str, **extra: Any) -> None:
        super().__init__(detail=detail, code=code)
        self.status_code = status_code
        self.extra = extra


def as_problem_document(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: the same answers, in one shape."""
    if isinstance(error, Http404):
        sentence = str(error)
        # Django's own names a class and not what was asked for.
        error = exceptions.NotFound(None if "matches the given query" in sentence else sentence or None)
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, Refusal):
        error = Problem(error.status, error.code, error.sentence, **error.extra)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": _title(response.status_code),
        "status": response.status_code,
    }
    if isinstance(error, exceptions.ValidationError):
        document["code"] = "invalid"
        document["detail"] = "Some of the values sent cannot be accepted."
        document["errors"] = error.detail if isinstance(error.detail, dict) else {"": error.detail}
    else:
        document["code"] = error.get_codes()
        document["detail"] = str(error.detail)
    if isinstance(error, Problem):
        document |= error.extra
    response.data = document
    response.content_type = "application/problem+json"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's `handler404`: for an address of the API that leads nowhere too, a problem document."""
    if not request.path.startswith("/api/"):
        return page_not_found(request, exception)
    document = {
        "type": "about:blank",
        "title": _title(404),
        "status": 404,
        "code": "not_found",
        "detail": "There is nothing at this address.",
    }
    return JsonResponse(document, status=404, content_type="application/problem+json")


def _title(status_code: int) -> str:
    from http import HTTPStatus

    try:
        return HTTPStatus(status_code).phrase
    except ValueError:
        return HTTPStatus(status.HTTP_400_BAD_REQUEST).phrase
