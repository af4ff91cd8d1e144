"""A real server (`manage.py up`, as `make up` starts it) and a real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.browser import chromium

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "ada", "correct horse battery"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
START_SECONDS = 60
RESULTS = ROOT / "test-results"
FAILED = pytest.StashKey[bool]()


@dataclass(frozen=True)
class Server:
    url: str
    data_dir: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Portline as a stranger starts it, on a free port and with an empty data folder."""
    data_dir = tmp_path_factory.mktemp("data")
    port = _free_port()
    settings = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "PORTLINE_ADMIN_USER": USER,
        "PORTLINE_ADMIN_PASSWORD": PASSWORD,
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "SECRET_KEY"))}
    with (data_dir / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"], cwd=ROOT, env=kept | settings, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(f"http://localhost:{port}/healthz", process, data_dir / "server.log")
        yield Server(f"http://localhost:{port}", data_dir)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError("the server did not stop within 20 s of SIGTERM") from None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    assert path, "No Chromium was found: install Debian's package `chromium`."
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


class Console:
    """What pages said on their consoles; a test fails when there is an error among it."""

    def __init__(self) -> None:
        self.errors: list[str] = []

    def watch(self, page: Page) -> None:
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))


@pytest.fixture
def console() -> Iterator[Console]:
    heard = Console()
    yield heard
    assert heard.errors == []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    """Lets the `context` fixture know whether its test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def context(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser with its own cookies, 1440 x 900. What a failed test saw last lies in test-results/."""
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url)
    opened.set_default_timeout(20_000)
    yield opened
    if request.node.stash.get(FAILED, False):
        RESULTS.mkdir(exist_ok=True)
        for number, page in enumerate(opened.pages):
            page.screenshot(path=RESULTS / f"{request.node.name}-{number}.png")
    opened.close()


@pytest.fixture
def page(context: BrowserContext, console: Console) -> Page:
    opened = context.new_page()
    console.watch(opened)
    return opened


@pytest.fixture
def home(page: Page) -> Page:
    """A page on the pipelines of the default workspace, logged in."""
    log_in(page)
    return page


def log_in(page: Page) -> None:
    """From the front door to the pipelines."""
    page.goto("/")
    page.get_by_label("Username").fill(USER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(re.compile(r"/w/main/pipelines/"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended at once:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer within {START_SECONDS} s:\n{log.read_text()}")
