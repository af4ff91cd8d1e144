"""The OpenAPI document, and the worlds of the other tests."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from tests.designer.conftest import pipeline, world  # noqa: F401


@pytest.fixture(scope="session")
def document() -> Any:
    """The OpenAPI document, as `manage.py spectacular` writes it; a warning is an error."""
    out = StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, format="openapi-json", stdout=out)
    return json.loads(out.getvalue())
