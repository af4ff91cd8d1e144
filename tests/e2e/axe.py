"""axe-core in a page: what it finds that keeps people with disabilities out."""

from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import ROOT

SCRIPT = ROOT / "static/node_modules/axe-core/axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def settle(page: Page) -> None:
    """Wait for what fades in: a colour halfway is not the one that is read."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "Promise.all(document.getAnimations().filter((each) => each.effect.getTiming().iterations !== Infinity)"
        ".map((each) => each.finished.catch(() => null)))"
    )


def violations(page: Page) -> list[str]:
    """Each violation in a line: the rule, where, and why."""
    settle(page)
    if not page.evaluate("'axe' in window"):
        # Evaluated rather than added as a script, which the page's content security policy would refuse.
        page.evaluate(SCRIPT.read_text() + ";0")
    found: list[dict[str, Any]] = page.evaluate(
        "(rules) => axe.run(document, rules).then((is) => is.violations)", RULES
    )
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {node['html'][:160]} {_why(node)}"
        for rule in found
        for node in rule["nodes"]
    ]


def _why(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)[:240]
