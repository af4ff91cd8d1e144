"""How smooth the designer is: `python bench/canvas.py URL USER PASSWORD [--nodered FOLDER]`.

Pipelines of 100, 500, 1,000 and 5,000 steps, drawn in Chromium (1440 x 900) and worked on with the mouse: pan at
working size and with all of it in view, zoom, drag one node and 63. What is shown are the times between frames while
that goes on. With `--nodered` the same graphs are also opened in Node-RED, in turns; it is installed into FOLDER, which
must lie outside of this repository. Also how long an edit takes the server. Leaves its pipelines behind.
"""

import asyncio
import os
import shutil
import statistics
import tempfile
import time
import uuid
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nodered
from canvas_gestures import Editor, Measured, measure
from canvas_graph import COMPONENTS, Layered, flows, layered, pipeline
from client import Made, Server, Table, arguments, make, ms
from playwright.async_api import Browser, async_playwright

SIZES = (100, 500, 1_000, 5_000)
RUNS = 2
EDITS = 10
ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
GESTURES = ("pan", "pan at fit", "zoom", "drag one", "drag 60")
MOST_INTERACTIVE = {1_000: 1.0, 5_000: 1.2}
"""Seconds."""
MOST_P95 = {
    1_000: {"pan": 20, "drag one": 20, "drag 60": 50, "pan at fit": 50, "zoom": 50},
    5_000: {"pan at fit": 100},
}
MOST_MOUNTED = 60


def chromium() -> str:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None:
        raise SystemExit("No Chromium was found: install Debian's package `chromium`, or name it in CHROMIUM.")
    return found


def edits(server: Server, made: Made) -> float:
    """Seconds of one edit that moves one node, from sending it to its answer."""
    rev, found = made.rev, []
    for number in range(EDITS):
        ops = [{"op": "move", "positions": {"n0": [40, 40 + 8 * (number % 2)]}}]
        began = time.perf_counter()
        edit = {"op_id": str(uuid.uuid4()), "base_rev": rev, "ops": ops}
        rev = server.post(f"pipelines/{made.id}/operations/", json=edit)["rev"]
        found.append(time.perf_counter() - began)
    return statistics.median(found)


async def _measured(pages: dict[Editor, str], graph: Layered, runs: int, cookie: str) -> dict[Editor, list[Measured]]:
    """Each editor once, then each again."""
    found: dict[Editor, list[Measured]] = {editor: [] for editor in pages}
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for _ in range(runs):
            for editor, url in pages.items():
                parts = urlsplit(url)
                session = {"name": "sessionid", "value": cookie, "url": f"{parts.scheme}://{parts.netloc}"}
                cookies: list[Any] = [session] if editor == "portline" else []
                found[editor].append(await measure(browser, editor, url, graph, cookies))
        await browser.close()
    return found


def _row(editor: str, size: int, runs: list[Measured]) -> tuple[str, ...]:
    cells = []
    for gesture in GESTURES:
        frames = [run.gestures[gesture] for run in runs]
        cells.append(
            "/".join(f"{statistics.median(found.at(share) for found in frames):.0f}" for share in (0.5, 0.95, 0.99))
        )
    interactive = ms(statistics.median(run.interactive for run in runs) / 1000)
    return f"{editor}, {size:,}", interactive, *cells, str(max(run.mounted for run in runs))


def _p95(runs: list[Measured], gesture: str) -> float:
    return statistics.median(run.gestures[gesture].at(0.95) for run in runs)


def _targets(size: int, found: dict[Editor, list[Measured]]) -> list[tuple[str, bool]]:
    ours, theirs = found["portline"], found.get("nodered")
    targets = []
    if most := MOST_INTERACTIVE.get(size):
        seconds = statistics.median(run.interactive for run in ours) / 1000
        targets.append((f"{size:,} nodes: first interactive under {most:g} s: {ms(seconds)}", seconds < most))
    for gesture, most in MOST_P95.get(size, {}).items():
        p95 = _p95(ours, gesture)
        targets.append((f"{size:,} nodes: {gesture}, p95 at most {most:g} ms: {p95:.0f}", p95 <= most))
    mounted = max(run.mounted for run in ours)
    targets.append((f"{size:,} nodes: at most {MOST_MOUNTED} mounted at zoom 1: {mounted}", mounted <= MOST_MOUNTED))
    for gesture in GESTURES if theirs else ():
        here, there = _p95(ours, gesture), _p95(theirs or [], gesture)
        # Nobody is faster than the screen, whose frames are some microseconds apart from each other.
        targets.append(
            (f"{size:,} nodes: {gesture} as smooth as Node-RED: {here:.0f} and {there:.0f}", here < there + 1)
        )
    return targets


def run(server: Server, sizes: list[int], runs: int, peer: Path | None) -> Table:
    server.register(COMPONENTS)
    program = nodered.install(peer) if peer else None
    cookie = server.cookie.partition("=")[2]
    rows, targets = [], []
    for size in sizes:
        graph = layered(size)
        made = make(server, pipeline(graph))
        pages: dict[Editor, str] = {"portline": f"{server.url}/w/main/pipelines/{made.id}/"}
        with ExitStack() as stack:
            if program and max(graph.size) <= nodered.LARGEST:
                data = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "data"
                pages["nodered"] = stack.enter_context(nodered.served(program, flows(graph), data))
            found = asyncio.run(_measured(pages, graph, runs, cookie))
        rows += [(*_row(editor, size, measured), "") for editor, measured in found.items()]
        rows[-len(found)] = (*rows[-len(found)][:-1], ms(edits(server, made)))
        targets += _targets(size, found)
    head = ("p50/p95/p99 ms a frame", "first click", *GESTURES, "mounted", "an edit")
    return Table("The designer's canvas", head, rows, targets)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--nodered", type=Path, help="a folder outside of this repository to install Node-RED into")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    if given.nodered and given.nodered.resolve().is_relative_to(ROOT):
        parser.error("--nodered: the folder must lie outside of this repository")
    server = Server(given.url, given.user, given.password)
    print(run(server, given.sizes, given.runs, given.nodered and given.nodered.resolve()).markdown())


if __name__ == "__main__":
    main()
