"""The operations between two documents lead from one to the other, whatever was changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from designer.graph.difference import operations_between
from designer.graph.document import Document
from designer.graph.draft import apply_batch
from designer.graph.operations import Refused
from tests.unit.designer.documents import MemoryCatalog, whole

FIXTURES = sorted((Path(__file__).parents[2] / "fixtures" / "ops").glob("*.json"))


def cases() -> list[Any]:
    found = []
    for file in FIXTURES:
        fixture = json.loads(file.read_text())
        before: Document = whole(fixture["before"])
        catalog = MemoryCatalog(fixture["catalog"], fixture["assets"])
        try:
            after, _ = apply_batch(before, fixture["ops"], catalog)
        except Refused:
            continue
        found.append(pytest.param(before, after, catalog, id=file.stem))
    return found


@pytest.mark.parametrize(("before", "after", "catalog"), cases())
def test_a_difference_leads_there_and_back(before: Document, after: Document, catalog: MemoryCatalog) -> None:
    for one, other in ((before, after), (after, before)):
        changed, inverse = apply_batch(one, operations_between(one, other), catalog)
        assert changed == other
        assert apply_batch(changed, inverse, catalog)[0] == one
    assert operations_between(before, before) == []
