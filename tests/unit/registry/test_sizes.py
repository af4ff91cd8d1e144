"""Sizes and labels as people write them."""

import pytest

from registry.spec.compute import read_labels, written_labels
from registry.spec.sizes import parse_size, shown_size


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("2GB", 2 * 1024**3),
        ("2 gb", 2 * 1024**3),
        ("1.5Gi", 3 * 1024**3 // 2),
        ("512MB", 512 * 1024**2),
        ("100", 100),
        (4096, 4096),
    ],
)
def test_a_size_is_read(written: str | int, size: int) -> None:
    assert parse_size(written) == size


@pytest.mark.parametrize("written", ["", "much", "-1GB", "0", "2XB", True, "9999999PB"])
def test_what_is_no_size_is_refused(written: str | bool) -> None:
    with pytest.raises(ValueError, match="is no size; write it as 512MB, 2GB or a number of bytes"):
        parse_size(written)


@pytest.mark.parametrize(
    ("size", "shown"), [(640, "640 B"), (2 * 1024**3, "2 GB"), (int(2.1 * 1024**3), "2.1 GB"), (150 << 20, "150 MB")]
)
def test_a_size_is_shown(size: int, shown: str) -> None:
    assert shown_size(size) == shown


def test_labels_are_read_as_they_are_written() -> None:
    labels = {"zone": "eu-1", "gpu": "a100", "team/name": ""}
    assert read_labels("zone=eu-1, gpu=a100\nteam/name=") == labels
    assert read_labels(written_labels(labels)) == labels


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("gpu", "`gpu` is no label; write key=value"),
        ("a=1, a=2", "two labels `a`"),
        ("-a=1", "`-a=1` is no label"),
        ("a=b=c", "`a=b=c` is no label"),
    ],
)
def test_what_is_no_label_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_labels(text)
