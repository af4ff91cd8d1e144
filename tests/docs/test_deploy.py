"""What deploys Portline fits the Portline that it deploys."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import load_command_class

from tests.docs.test_reference import headings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "portline"}
UNITS = sorted((DEPLOY / "systemd").iterdir())
# Of the clouds' own tools, and of Python's.
FOREIGN = re.compile("AWS_[A-Z_]+|PYTHON[A-Z]+|PATH")


def settings_of(text: str) -> set[str]:
    return {name for name in re.findall(r"\b([A-Z][A-Z_]+)=", text) if not FOREIGN.fullmatch(name)}


def parses(words: list[str]) -> None:
    """Fails for a command or an option that there is not."""
    load_command_class("runner", words[0]).create_parser("manage.py", words[0]).parse_args(words[1:])


@pytest.mark.parametrize("name", sorted(OURS))
def test_services_are_set_up_with_settings_that_there_are(name: str) -> None:
    given = {name for name in OURS[name]["environment"] if not FOREIGN.fullmatch(name)}
    assert given <= headings("settings.md")
    if OURS[name]["command"]:
        parses(OURS[name]["command"])


def test_services_name_services_and_volumes_that_there_are() -> None:
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])
        named = [volume.partition(":")[0] for volume in service.get("volumes", ()) if not volume.startswith("/")]
        assert set(named) <= set(COMPOSE["volumes"])


def test_every_secret_is_in_the_example() -> None:
    asked = set(re.findall(r"(?<!\$)\$\{(\w+)", (DEPLOY / "compose.yml").read_text()))
    assert asked == set(re.findall(r"^(\w+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_start_commands_that_there_are(unit: Path) -> None:
    text = unit.read_text()
    assert settings_of(text) - {"LOAD"} <= headings("settings.md")
    words = shlex.split(re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)[0])
    assert words[1] == "manage.py"
    parses(words[2:])
    # Whoever stops it waits longer than it lets its steps go on.
    finish = float(words[words.index("--finish") + 1]) if "--finish" in words else 0
    assert float(re.findall(r"^TimeoutStopSec=(\d+)$", text, re.MULTILINE)[0]) > finish + 30


def test_the_image_holds_all_code_and_no_tests() -> None:
    copied = set(re.findall(r"--from=build /srv/portline/(\S+)", (DEPLOY / "Dockerfile").read_text()))
    assert copied == {".venv", "static/dist", "manage.py", "designer", "registry", "runner", "sdk", "templates"}
    assert all((ROOT / name).exists() for name in copied - {".venv", "static/dist"})


def test_the_guide_names_settings_that_there_are() -> None:
    guide = (ROOT / "docs/guide/deployment.md").read_text()
    assert settings_of(guide) <= headings("settings.md")
