"""axe-core finds nothing on any page, nor in any state of the designer, in both themes."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Page, expect

from tests.e2e.api import Api, add, after, shell
from tests.e2e.axe import violations
from tests.e2e.canvas import node
from tests.e2e.conftest import Console

NO_PAGES = {
    "healthz": "text for machines",
    "logout": "takes a POST",
    "api-schema": "a document for machines",
    "api-docs": "drawn by Swagger UI, which is not ours",
    "data-preview": "a part of the data page, looked at there",
    "environment-build": "a part of an environment's page",
    "schedule-preview": "a part of the form of a schedule",
    "component-source": "a part of a component's page",
    "component-inside": "a part of a component's page",
    "pipeline-uses": "a part of a component's page",
    "component-download": "a file",
    "component-picture": "a picture",
    "pipeline-thumbnail": "a picture",
    "template-thumbnail": "a picture",
}
"""Addresses that take a GET and are no page of their own, and why."""
TAKES_POST = (
    *("-archive", "-restore", "-delete", "-revoke", "-rename", "-clone", "-use", "-open", "-act", "-evict", "-pin"),
    *("-change", "-remove", "-add", "-profile", "-password", "-theme", "pipeline-create", "token-create"),
    "component-edit",
)


@dataclass(frozen=True)
class World:
    """Something of each kind, so that no page is empty."""

    pipeline: int
    run: int
    draft: int


def pages_of(world: World) -> dict[str, str]:
    """Every page by the name of its address."""
    main = "/w/main"
    return {
        "home": "/",
        "account": "/account/",
        "workspace-create": "/workspaces/new/",
        "workspace-open": f"{main}/",
        "workspace-settings": f"{main}/settings/",
        "component-list": f"{main}/components/",
        "component-register": f"{main}/components/by-upload/",
        "component-write": f"{main}/components/by-code/",
        "component-draft": f"{main}/components/by-code/{world.draft}/",
        "component-detail": f"{main}/components/split_data/",
        "environment-list": f"{main}/environments/",
        "environment-create": f"{main}/environments/-/new/",
        "environment-detail": f"{main}/environments/tables/",
        "compute-list": f"{main}/compute/",
        "compute-create": f"{main}/compute/new/",
        "compute-edit": f"{main}/compute/big/edit/",
        "data-list": f"{main}/data/",
        "pipeline-list": f"{main}/pipelines/",
        "pipeline-import": f"{main}/pipelines/import/",
        "pipeline": f"{main}/pipelines/{world.pipeline}/",
        "template-make": f"{main}/pipelines/{world.pipeline}/template/",
        "template-list": f"{main}/templates/",
        "run-list": f"{main}/runs/",
        "run": f"{main}/runs/{world.run}/",
        "schedule-list": f"{main}/schedules/",
        "schedule-create": f"{main}/schedules/-/new/?pipeline={world.pipeline}",
        "schedule": f"{main}/schedules/nightly/",
        "schedule-edit": f"{main}/schedules/nightly/edit/",
        "result-list": f"{main}/cache/",
    }


MORE = [
    "/w/main/schedules/-/new/",
    "/w/main/data/?archived=only",
    "/w/main/data/?kind=models",
    "/w/main/pipelines/?q=nothing-has-this-name",
]
"""Other states of pages."""


def names(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """The names of all addresses outside of the API and the administration."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(each, URLResolver):
            if not str(each.pattern).startswith(("api/", "admin/")):
                yield from names(each.url_patterns)
        elif each.name:
            yield each.name


def test_no_page_is_forgotten() -> None:
    known = {*pages_of(World(1, 1, 1)), *NO_PAGES, "login"}
    rest = {name for name in names() if name not in known and not name.endswith(tuple(TAKES_POST))}
    assert rest == set(), "look at these too, or say why not"


@pytest.fixture
def world(home: Page) -> World:
    api = Api(home)
    one = shell("one", "echo 1", 80, 80)
    made = api.pipeline("Looked at", one, shell("two", "exit 3", 420, 80), after("one", "two"))
    run = api.post(f"pipelines/{made}/runs/", data={"request_id": str(uuid.uuid4())})["id"]
    rows = {"name": "rows.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    daily = {"type": "recurrence", "frequency": "day", "interval": 1}
    api.post("data/", multipart={"file": rows})
    draft = api.post("component-drafts/", data={"starter": "function"})["id"]
    # The server is the same for every test.
    if not home.request.get(f"{api.base}schedules/nightly/").ok:
        api.post("compute/", data={"name": "big", "labels": {"gpu": "yes"}})
        api.post("environments/", data={"name": "tables", "packages": ["tabulate==0.9.0"]})
        api.post("schedules/", data={"name": "nightly", "trigger": daily, "pipeline": made})
    return World(made, run, draft)


both_themes = pytest.mark.parametrize("theme", ["light", "dark"])


def themed(page: Page, theme: str) -> None:
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")


def shown(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{where}\n  " + "\n  ".join(seen) for where, seen in found.items())


@both_themes
def test_no_page_has_a_violation(home: Page, world: World, theme: str) -> None:
    themed(home, theme)
    found = {}
    for path in [*pages_of(world).values(), *MORE]:
        home.goto(path)
        if seen := violations(home):
            found[path] = seen
    assert not found, shown(found)


@both_themes
def test_who_is_not_logged_in_meets_no_violation(page: Page, theme: str) -> None:
    themed(page, theme)
    page.goto("/")
    assert violations(page) == []


def test_a_page_that_is_not_there_has_no_violation(home: Page, console: Console) -> None:
    home.goto("/nowhere/")
    assert violations(home) == []
    console.errors.clear()


def states(page: Page) -> dict[str, Callable[[], object]]:
    """The main states of the designer, and how one comes there from an open pipeline."""
    press = page.keyboard.press

    def menu(item: str) -> None:
        page.get_by_test_id("pipeline-menu").click()
        page.get_by_role("menuitem", name=item).click()

    def drawer(name: str, label: str) -> None:
        # It is as one left it.
        closed = page.get_by_test_id(f"drawer-{name}")
        (closed if closed.count() else page.get_by_role("tab", name=label).last).click()

    return {
        "at rest": lambda: None,
        "a node is chosen": lambda: node(page, "one").click(),
        "the menu of a node": lambda: node(page, "one").click(button="right"),
        "the menu of the pipeline": lambda: page.get_by_test_id("pipeline-menu").click(),
        "keys": lambda: press("?"),
        "quick add": lambda: press("/"),
        "export": lambda: menu("Export…"),
        "problems": lambda: drawer("problems", "Problems"),
        "outline": lambda: drawer("outline", "Outline"),
        "the run in the drawer": lambda: drawer("log", "Run"),
        "YAML": lambda: (
            page.get_by_test_id("yaml-button").click(),
            expect(page.get_by_test_id("yaml-panel")).to_contain_text("As on the canvas"),
        ),
    }


@both_themes
def test_no_state_of_the_designer_has_a_violation(home: Page, theme: str) -> None:
    themed(home, theme)
    api = Api(home)
    made = api.pipeline("States", shell("one", "echo 1", 80, 80), add("two", "split_data:1.0.0", 420, 80))
    found = {}
    for name in states(home):
        api.open(made)
        expect(node(home, "one")).to_be_visible()
        home.locator("body").click(position={"x": 700, "y": 650})
        states(home)[name]()
        if seen := violations(home):
            found[name] = seen
    assert not found, shown(found)


def test_nothing_moves_for_who_wants_no_motion(home: Page, world: World) -> None:
    home.emulate_media(reduced_motion="reduce")
    for path in (f"/w/main/runs/{world.run}/", f"/w/main/pipelines/{world.pipeline}/", "/w/main/runs/"):
        home.goto(path)
        home.wait_for_load_state("networkidle")
        long = home.evaluate(
            "document.getAnimations().filter((each) => { const is = each.effect.getComputedTiming();"
            " return is.iterations === Infinity || is.duration > 80 }).map((each) => String(each.animationName))"
        )
        assert long == [], path


def test_in_forced_colours_the_chosen_and_the_focused_can_be_told(home: Page, world: World) -> None:
    home.emulate_media(forced_colors="active")
    home.goto(f"/w/main/pipelines/{world.pipeline}/")
    one, two = node(home, "one"), node(home, "two")
    border = (
        "(each) => { const is = getComputedStyle(each); return [is.borderTopWidth, is.outlineWidth, is.outlineStyle] }"
    )
    one.click()
    assert one.evaluate(border) != two.evaluate(border)
    assert one.evaluate("(each) => parseFloat(getComputedStyle(each).borderTopWidth)") >= 1
    home.goto("/w/main/pipelines/")
    button = home.get_by_role("button", name="New pipeline").first
    button.focus()
    home.keyboard.press("Shift+Tab")
    home.keyboard.press("Tab")
    assert button.evaluate("(each) => getComputedStyle(each).outlineStyle") != "none"
