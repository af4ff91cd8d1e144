"""A change of the graph changes those lines of the YAML that say it, and no others."""

from designer.graph.azure.patching import patched, written

TEXT = """\
# Trains on Mondays.
type: pipeline
display_name:   Churn   # for the board
settings: {default_compute: azureml:cpu, my_own_key: 3}
jobs:
  # the first step
  split:
    component: ./split.yml
    inputs:
      ratio: 0.7  # as agreed
      data: ${{ parent.inputs.data }}
    whatever: [a,  b]
  train:
    command: >-
      python train.py
      --depth 3
"""


def test_nothing_changed_is_the_very_same_text() -> None:
    assert patched(TEXT, {"a": 1}, {"a": 1}) is TEXT


def test_a_changed_value_keeps_its_comment_and_everything_around_it() -> None:
    before = {"jobs": {"split": {"component": "azureml:split:anon-1", "inputs": {"ratio": 0.7}}}}
    after = {"jobs": {"split": {"component": "azureml:split:anon-1", "inputs": {"ratio": 0.8}}}}
    changed = patched(TEXT, before, after)
    assert "ratio: 0.8  # as agreed" in changed
    for line in (
        "# Trains on Mondays.",
        "# the first step",
        "component: ./split.yml",
        "data: ${{ parent.inputs.data }}",
    ):
        assert line in changed
    assert "my_own_key: 3" in changed


def test_what_the_text_says_in_other_words_stays_unless_it_changed() -> None:
    before = {"jobs": {"split": {"inputs": {"data": {"path": "${{parent.inputs.data}}", "mode": "download"}}}}}
    assert "data: ${{ parent.inputs.data }}" in patched(TEXT, before, {**before, "description": "x"})
    after = {"jobs": {"split": {"inputs": {"data": "${{parent.inputs.other}}"}}}}
    assert "data: ${{parent.inputs.other}}" in patched(TEXT, before, after)


def test_new_and_removed_parts_come_and_go() -> None:
    before = {"jobs": {"split": {"inputs": {"ratio": 0.7}}, "train": {"command": "x"}}}
    after = {"jobs": {"split": {}, "score": {"component": "azureml:score:1", "inputs": {"n": 3}}}}
    changed = patched(TEXT, before, after)
    assert "train" not in changed
    assert "ratio" not in changed
    assert "  score:\n    component: azureml:score:1\n    inputs:\n      n: 3\n" in changed


def test_a_command_of_several_lines_is_written_as_it_is_read() -> None:
    assert written({"command": "a\nb\n", "values": [1, 2]}) == "command: |\n  a\n  b\nvalues: [1, 2]\n"
