"""Commands: Azure ML's substitution, and values that are safe where their author quoted them."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.engine.binding import bind
from runner.engine.messages import failure, telling_line


def test_a_plain_call_is_split_before_values_are_put_in() -> None:
    command = bind(
        'python run.py --text "${{inputs.t}}" --n ${{ inputs.n }}', {"inputs.t": 'a "b" $c\nd', "inputs.n": "3"}
    )
    assert command.argv == ("python", "run.py", "--text", 'a "b" $c\nd', "--n", "3")
    assert not command.shell
    assert command.shown == 'python run.py --text "a "b" $c\nd" --n 3'


@pytest.mark.parametrize(
    "template",
    [
        "a && b",
        "a | b",
        "a > out",
        "echo $HOME",
        'echo "$HOME"',
        "echo `date`",
        "ls *.csv",
        "A=1 python x.py",
        "cd x",
        "a; b",
        "a\nb",
        "if true; then x; fi",
        "echo ~",
        "echo {a,b}",
        "echo it\\'s",
        "# nothing",
        "echo 'open",
    ],
)
def test_what_needs_a_shell_gets_one_verbatim(template: str) -> None:
    assert bind(template, {}).argv == ("bash", "-c", template)


@pytest.mark.parametrize("value", ["a b", "$HOME", "x;y", "*", "it's", ""])
def test_an_unquoted_value_with_a_meaning_for_the_shell_goes_to_bash_as_in_azure(value: str) -> None:
    assert bind("echo ${{inputs.x}}", {"inputs.x": value}).argv == ("bash", "-c", f"echo {value}")


def test_places_that_portline_chose_are_never_split() -> None:
    command = bind("cat ${{inputs.x}}", {"inputs.x": "/my data/x"}, frozenset({"inputs.x"}))
    assert command.argv == ("cat", "/my data/x")


def test_optional_sections_stand_or_fall_with_their_inputs() -> None:
    template = "run $[[--a ${{inputs.a}}]] $[[--b ${{inputs.b}}]]"
    assert bind(template, {"inputs.a": "1", "inputs.b": None}).argv == ("run", "--a", "1")
    # Malformed ones, seen in the wild, lose their brackets: `$[..]` would be arithmetic to bash.
    assert bind("run $[[inputs.name]]", {}).argv == ("run", "inputs.name")


def test_text_of_the_authors_own_is_left_alone() -> None:
    assert bind("echo '{{x}} ${y}' '[\"a\",\"b\"]'", {}).argv == ("echo", "{{x}} ${y}", '["a","b"]')


def test_a_line_may_be_continued() -> None:
    assert bind("python x.py \\\n  --a 1\n", {}).argv == ("python", "x.py", "--a", "1")


def test_pieces_and_values_join_to_one_word() -> None:
    assert bind("x --set=a/${{inputs.v}}'b c'", {"inputs.v": "1"}).argv == ("x", "--set=a/1b c")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30), st.sampled_from("'\""))
def test_any_value_arrives_whole_through_quotes(value: str, quote: str) -> None:
    code = "import sys; sys.stdout.buffer.write(sys.argv[1].encode())"
    command = bind(f"{sys.executable} -S -c '{code}' {quote}${{{{inputs.x}}}}{quote}", {"inputs.x": value})
    assert subprocess.run(command.argv, capture_output=True, check=True).stdout.decode() == value


def test_plain_calls_mean_what_they_mean_to_bash() -> None:
    for template in ("printf %s-  a 'b c' \"d e\"", "printf '[%s]' a\"b\"'c' ''", "printf %s --x=y a/b.c:d,e@f+g%h"):
        direct = subprocess.run(bind(template, {}).argv, capture_output=True, check=True).stdout
        assert not bind(template, {}).shell
        assert direct == subprocess.run(["bash", "-c", template], capture_output=True, check=True).stdout


def test_the_telling_line_of_a_traceback_is_the_error() -> None:
    stderr = 'Traceback (most recent call last):\n  File "x.py", line 1\n    f(x)\n    ~~^^\nValueError: no column\n\n'
    assert telling_line(stderr) == "ValueError: no column"


def test_a_failure_is_a_sentence() -> None:
    assert failure(1, "") == "The command ended with exit code 1, and wrote nothing to stderr."
    assert failure(-9, "whatever") == "The step was ended by SIGKILL; the machine may have run out of memory."
