"""Node-RED for `canvas.py`: installed once into a folder outside of this repository, and served with one flow."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

RELEASE = "4.1.15"
START_SECONDS = 60
LARGEST = 8000
"""Pixels of its canvas: what lies beyond cannot be reached, so larger graphs are not shown to it."""

SETTINGS = """\
module.exports = {
  flowFile: "flows.json", telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: "warn" } },
  externalModules: { autoInstall: false, palette: { allowInstall: false } },
  editorTheme: { tours: false, projects: { enabled: false }, multiplayer: { enabled: false },
    codeEditor: { lib: "ace" }, userMenu: false },
};
"""


def install(folder: Path) -> Path:
    """The program in a folder, fetched from npm where it is not there yet."""
    program = folder / "node_modules" / "node-red" / "red.js"
    if not program.is_file():
        print(f"installing Node-RED {RELEASE} into {folder} ...", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"name": "peer", "private": true}\n')
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", f"node-red@{RELEASE}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return program


@contextmanager
def served(program: Path, flows: list[dict[str, Any]], data: Path) -> Iterator[str]:
    """Its address, on a free port of loopback."""
    data.mkdir(parents=True)
    (data / "flows.json").write_text(json.dumps(flows))
    (data / "settings.js").write_text(SETTINGS)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["node", str(program), "-u", str(data), "-s", str(data / "settings.js"), "-p", str(port)]
    with (data / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/flows", data / "log")
        yield url
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with suppress(urllib.error.URLError, OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.1)
    raise RuntimeError(f"Node-RED does not answer:\n{log.read_text()}")
