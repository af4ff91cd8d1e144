"""A server that is asked to stop ends, whatever it is in the middle of."""

import contextlib
import threading
from pathlib import Path

import httpx

from tests.installation import Installation

BROWSERS = 12


def test_requests_under_way_do_not_keep_a_server_from_ending(tmp_path: Path) -> None:
    installation, over, asked = Installation(tmp_path, {}), threading.Event(), threading.Semaphore(0)

    def ask() -> None:
        with httpx.Client(timeout=30) as client, contextlib.suppress(httpx.HTTPError):
            while not over.is_set():
                client.get(f"{installation.url}/login/")
                asked.release()

    try:
        server = installation.start_web()
        installation.ready("web")
        browsers = [threading.Thread(target=ask, daemon=True) for _ in range(BROWSERS)]
        for browser in browsers:
            browser.start()
        for _ in range(2 * BROWSERS):
            assert asked.acquire(timeout=30)
        assert server.stop(30) == 0
    finally:
        over.set()
        installation.close()
