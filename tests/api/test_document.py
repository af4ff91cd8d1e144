"""The OpenAPI document is complete: each failure below says what is missing, and where it belongs.

What everything has in common comes from `registry.openapi` and `registry.openapi_words`; the rest from the views.
"""

from collections.abc import Iterator
from typing import Any

from registry.openapi import ERRORS
from registry.refusal import Refusal

PREFIX = "/api/v1/"
METHODS = ("get", "post", "put", "patch", "delete")


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def test_it_is_openapi_3_1_and_has_no_warnings(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    assert f"{PREFIX}workspaces/{{workspace}}/pipelines/{{id}}/operations/" in document["paths"]


def test_every_field_is_described(document: Any) -> None:
    schemas = document["components"]["schemas"]

    def described(schema: Any) -> bool:
        named = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else {}
        parts = [*schema.get("allOf", []), *schema.get("oneOf", []), *schema.get("anyOf", [])]
        return bool(schema.get("description") or named.get("description")) or any(map(described, parts))

    missing = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, found in schema.get("properties", {}).items()
        if not described(found)
    ]
    assert not missing, (
        f"Give these fields of serializers a help_text (or a word in registry/openapi_words.py): {missing}"
    )


def test_every_operation_has_a_summary_a_description_and_a_tag(document: Any) -> None:
    tags = {tag["name"] for tag in document["tags"]}
    seen: dict[str, str] = {}
    for path, method, operation in operations(document):
        place = f"{method.upper()} {path}"
        assert operation.get("summary"), f"{place}: give the method `{method}` of its view a docstring"
        assert operation.get("description"), f"{place}: give the method `{method}` of its view a docstring"
        assert set(operation["tags"]) <= tags, f"{place}: describe {operation['tags']} in SPECTACULAR_SETTINGS['TAGS']"
        same = seen.setdefault(f"{operation['tags']} {operation['description']}", place)
        assert same == place, f"{place}: its docstring is that of {same}; each method of a view needs its own"


def test_every_parameter_is_described(document: Any) -> None:
    for path, method, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (
                f"{method.upper()} {path}: describe `{parameter['name']}`: a help_text, `label` of a filter, or a word "
                "in registry/openapi_words.py"
            )


def test_every_error_that_can_be_is_listed(document: Any) -> None:
    for path, method, operation in operations(document):
        given = {(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", [])}
        expected = {"401", "403"}
        if "{" in path:
            expected |= {"404"}
        if any(place == "query" for place, _ in given):
            expected |= {"400"}
        if "requestBody" in operation:
            expected |= {"400", "413", "415"}
        if method != "get" and "{workspace}" in path:
            expected |= {"409"}
        if ("header", "Idempotency-Key") in given:
            expected |= {"409", "422"}
        if ("header", "If-Match") in given:
            expected |= {"412"}
        missing = expected - operation["responses"].keys()
        assert not missing, f"{method.upper()} {path} lists no {missing}: base its view on registry.scope.WorkspaceAPI"


def test_every_error_is_a_problem_document(document: Any) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, method, operation in operations(document):
        for status, response in operation["responses"].items():
            assert response["description"], f"{method.upper()} {path} {status} says nothing"
            if status >= "400":
                assert response["content"] == problem, f"{method.upper()} {path} {status}: give it a description only"


def test_every_post_in_a_workspace_may_be_sent_again(document: Any) -> None:
    for path, method, operation in operations(document):
        if method == "post" and path != f"{PREFIX}tokens/":  # its answer is a secret, which is not kept
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert "Idempotency-Key" in names, f"POST {path}: base its view on registry.scope.WorkspaceAPI"


def test_pages_are_described_once(document: Any) -> None:
    """A list in pages takes the same two parameters everywhere."""
    pages = [
        operation
        for _, method, operation in operations(document)
        if method == "get"
        for response in operation["responses"].get("200", {}).get("content", {}).values()
        if "/Paginated" in response["schema"].get("$ref", "")
    ]
    assert len(pages) >= 9
    for path, _, operation in operations(document):
        if any(parameter["name"] == "cursor" for parameter in operation.get("parameters", [])):
            assert operation in pages, f"{path}: set `pagination_class` on its view instead of describing `cursor`"
    for operation in pages:
        given = {parameter["name"]: parameter for parameter in operation["parameters"]}
        assert (given["page_size"]["schema"]["minimum"], given["page_size"]["schema"]["maximum"]) == (1, 200)
        assert "next" in given["cursor"]["description"]


def test_every_refusal_has_a_status_that_is_described() -> None:
    def refusals(kind: type[Refusal]) -> Iterator[type[Refusal]]:
        for each in kind.__subclasses__():
            yield each
            yield from refusals(each)

    for refusal in refusals(Refusal):
        assert str(refusal.status) in ERRORS, (
            f"{refusal.__qualname__}: describe {refusal.status} in registry/openapi.py"
        )
