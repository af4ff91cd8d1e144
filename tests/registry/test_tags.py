"""What templates show: times, sizes, states and ports, in words and shapes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from designer.templatetags.node_picture import node_picture
from registry.templatetags import portline


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "just now"), (60, "1 minute ago"), (3600 * 5, "5 hours ago"), (86_400 * 2, "2 days ago")],
)
def test_how_long_ago(seconds: int, words: str):
    assert portline.ago(timedelta(seconds=seconds), timezone.now()) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.24, "240 ms"), (4.2, "4.2 s"), (59.99, "1m 00s"), (187, "3m 07s"), (7500, "2h 05m"), (273_600, "3d 04h")],
)
def test_how_long_it_took(seconds: float, words: str):
    assert portline.spoken(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (640, "640 B"), (1000, "1 KB"), (1536, "1.5 KB"), (2 * 1024**3, "2 GB")]
)
def test_how_large(count: int, words: str):
    assert portline.size(count) == words


@pytest.mark.parametrize("status", portline.all_statuses())
def test_a_state_is_a_shape_a_colour_and_a_word(status: str):
    shown = portline.status_glyph(status)
    assert "<svg" in shown
    assert 'class="tone-' in shown
    assert f">{portline.status_word(status)}</span>" in shown


def test_an_unknown_state_shows_its_own_name_escaped():
    assert "&lt;b&gt;" in portline.status_glyph("<b>")


def test_a_run_s_steps_are_told_in_words_too():
    shown = portline.segments({"Completed": 2, "Running": 1, "Skipped": 1})
    assert 'aria-label="2 completed, 1 running, 1 skipped or canceled"' in shown
    assert "3 / 4" in shown


def test_a_description_s_first_paragraph_is_one_line():
    assert portline.first_line("Cleans `a`\ntable.\n\nMore.") == "Cleans a table."


def test_a_node_s_picture_escapes_what_authors_write():
    port = {"name": "t", "label": "<i>", "type": "mltable", "optional": False}
    shown = node_picture({"title": "<b>", "icon": "box", "category": "X", "inputs": [port], "outputs": []})
    assert "<b>" not in shown
    assert "<i>" not in shown
