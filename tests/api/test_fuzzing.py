"""Whatever is sent, the server answers as the OpenAPI document says: Schemathesis makes requests up from it.

Each request is rolled back, so none changes what the next one meets, and none locks the run out. The seed is fixed:
what fails once fails again. EXAMPLES=100 makes more of them.
"""

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from designer.models import Pipeline
from designer.services.editing import operations_apply
from registry.services.assets import asset_upload
from registry.services.compute import compute_create
from registry.services.environments import environment_from_list
from registry.services.tokens import token_create
from tests.designer.conftest import batch, node

EXAMPLES = int(os.environ.get("EXAMPLES", 2))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """As in Django's own test client: the end of a request does not end the connection, whose transaction is ours."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def there(world: SimpleNamespace, pipeline: Pipeline) -> dict[str, Any]:
    """Values of path parameters, by the first word of the address, that lead to something."""
    from django.core.files.base import ContentFile

    ops = batch(node("load", "load"))["ops"]
    operations_apply(pipeline=pipeline, user=world.alice, op_id=batch()["op_id"], ops=ops)
    file = ContentFile(b"a,b\n1,2\n", name="iris.csv")
    asset_upload(workspace=world.workspace, user=world.alice, file=file, name="iris", type="uri_file")
    compute_create(workspace=world.workspace, user=world.alice, name="gpu")
    environment_from_list(
        workspace=world.workspace, user=world.alice, name="small", packages="packaging==24.0", conda=False
    )
    return {
        "pipelines": {"id": pipeline.pk},
        "components": {"name": "load", "version": "1.0.0"},
        "environments": {"name": "small", "version": "1"},
        "data": {"name": "iris", "version": "1"},
        "compute": {"name": "gpu"},
    }


def ask(operation: Any, mode: GenerationMode, secret: str, there: dict[str, Any]) -> None:
    """Send some requests to one operation. Raises what is wrong with the answers."""
    headers = {"Authorization": f"Bearer {secret}"}

    @QUIET
    @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
    def send(case: Any, known: bool) -> None:
        places = {"workspace": "main"} | (there if known else {})
        for name in case.path_parameters.keys() & places.keys():
            case.path_parameters[name] = places[name]
        with transaction.atomic():
            try:
                case.call_and_validate(headers=headers, checks=CHECKS)
            finally:
                transaction.set_rollback(True)

    send()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["good", "bad"])
def test_every_answer_is_as_the_document_says(
    mode: GenerationMode, document: Any, world: SimpleNamespace, there: dict[str, Any]
) -> None:
    _, secret = token_create(user=world.alice, name="fuzzing")
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    failures = []
    for found in schema.get_all_operations():
        operation = found.ok()
        try:
            ask(operation, mode, secret, there.get(operation.tags[0], {}))
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE  # it takes nothing that could be wrong
        except (Exception, BaseExceptionGroup) as error:
            told = "\n".join(str(each) for each in getattr(error, "exceptions", [error]))
            failures.append(f"{operation.label}\n{told}")
    assert not failures, "\n\n".join(failures)
