"""The command starts without what only some commands need."""

import subprocess
import sys
import tomllib
from pathlib import Path

import portline

ROOT = Path(__file__).resolve().parents[2]
SLOW = {"httpx", "rich", "ruamel", "jmespath", "pathspec", "pygments", "asyncio", "ssl", "django", "pydantic"}
SCRIPT = """
import sys
from portline.cli.main import run
try:
    run(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
print("MODULES", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def modules(*args: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", SCRIPT, *args], capture_output=True, text=True, check=True, cwd=ROOT / "sdk"
    )
    return set(ended.stdout.rpartition("MODULES ")[2].split())


def test_help_loads_nothing_slow() -> None:
    for words in (["--help"], ["job", "--help"], ["job", "create", "--help"], ["--version"], ["completion", "bash"]):
        assert modules(*words) & SLOW == set(), words


def test_the_version_stands_in_two_places_and_is_one() -> None:
    with (ROOT / "sdk" / "pyproject.toml").open("rb") as file:
        assert tomllib.load(file)["project"]["version"] == portline.__version__


def test_the_server_pins_what_the_sdk_asks_for() -> None:
    """Both live in one virtualenv: each dependency of the SDK is pinned, within its range."""
    from packaging.requirements import Requirement

    pins = {}
    for line in (ROOT / "requirements.txt").read_text().splitlines():
        name, equals, version = line.partition("#")[0].strip().partition("==")
        if equals:
            pins[name.partition("[")[0].lower()] = version
    with (ROOT / "sdk" / "pyproject.toml").open("rb") as file:
        for text in tomllib.load(file)["project"]["dependencies"]:
            asked = Requirement(text)
            assert asked.name in pins, f"{asked.name} is missing in requirements.txt"
            assert pins[asked.name] in asked.specifier
