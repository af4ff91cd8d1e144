"""Which output may feed which input, and why not."""

import pytest

from registry.spec.types import DATA_TYPES, LABELS, LITERAL_TYPES, fit, matrix

EVERY = DATA_TYPES + LITERAL_TYPES


@pytest.mark.parametrize("type_", EVERY)
def test_equal_types_fit(type_: str):
    assert fit(type_, type_).verdict == "yes"


@pytest.mark.parametrize(
    ("output", "input_", "verdict", "reason"),
    [
        ("mltable", "uri_folder", "yes", ""),
        ("uri_file", "mltable", "no", "A file cannot feed a table: add “Read data” between them."),
        ("mltable", "uri_file", "no", "A table cannot feed a file: add “Export table” between them."),
        ("uri_folder", "mltable", "warn", "A folder feeds a table: the folder must hold an MLTable file."),
        ("custom_model", "mltable", "no", "A model cannot feed a table."),
        ("integer", "number", "yes", ""),
        ("number", "integer", "no", "A number cannot feed a whole number."),
        ("boolean", "string", "yes", ""),
        ("string", "mltable", "no", "This output carries a single value, but the input takes data."),
        ("mltable", "string", "no", "This output carries data, but the input takes a parameter."),
    ],
)
def test_a_pair_is_judged_with_a_reason(output: str, input_: str, verdict: str, reason: str):
    judged = fit(output, input_)
    assert (judged.verdict, judged.reason) == (verdict, reason)


def test_whatever_is_not_plainly_fine_has_a_sentence():
    for output, row in matrix().items():
        for input_, (verdict, reason) in row.items():
            assert bool(reason) == (verdict != "yes"), (output, input_)
            assert not reason or (reason.endswith(".") and reason[0].isupper())


def test_data_never_feeds_a_parameter_nor_the_other_way():
    for data in DATA_TYPES:
        for literal in LITERAL_TYPES:
            assert fit(data, literal).verdict == fit(literal, data).verdict == "no"


def test_the_matrix_holds_every_pair_and_every_type_has_a_word():
    assert set(matrix()) == set(EVERY) == set(LABELS)
    assert all(set(row) == set(EVERY) for row in matrix().values())
