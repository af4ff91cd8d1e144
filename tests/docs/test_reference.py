"""The reference names everything that there is, and nothing else."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTING = re.compile(r"""(?:env\.\w+\(|environ\.get\(|environ\[)\s*["']([A-Z_]+)["']""")
# Set by the commands for themselves, not by people.
INTERNAL = {"DJANGO_SETTINGS_MODULE"}


def headings(page: str) -> set[str]:
    return set(re.findall(r"^### `([^`]+)`", (ROOT / "docs/reference" / page).read_text(), re.MULTILINE))


def test_every_setting_has_a_heading() -> None:
    sources = [ROOT / "designer/settings.py", *(ROOT / "runner/management").rglob("*.py")]
    read = {name for source in sources for name in SETTING.findall(source.read_text())} - INTERNAL
    assert read == headings("settings.md")
