"""How long steps take on a running server: `python bench/steps.py URL USER PASSWORD`.

A chain of 50 and a fan of 100 trivial steps, shell and Python, none of them reused: from submit to the end that the
server recorded, and from submit to the first step. Registers two components, and leaves its pipelines behind.
"""

import argparse
import io
import re
import statistics
import time
import uuid
import zipfile
from datetime import datetime
from typing import Any

import httpx

VERSION = "1.1.0"
COMPONENTS = {
    "bench_shell": "echo > ${{outputs.done}}",
    "bench_python": """python -c "open(r'${{outputs.done}}', 'w').write('x')" """,
}
YAML = """\
name: {name}
version: {version}
is_deterministic: false
inputs:
  after: {{type: uri_file, optional: true}}
outputs:
  done: {{type: uri_file}}
"""


class Server:
    """A logged-in client of one workspace."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._client = httpx.Client(base_url=url, follow_redirects=True, timeout=60)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._client.get("/login/").text)
        assert token
        form = {"username": user, "password": password, "csrfmiddlewaretoken": token[1]}
        self._client.post("/login/", data=form, headers={"Referer": url}).raise_for_status()
        self._headers = {"X-CSRFToken": self._client.cookies["csrftoken"], "Referer": url}

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/workspaces/main/{path}").raise_for_status().json()

    def post(self, path: str, **kwargs: Any) -> Any:
        answer = self._client.post(f"/api/v1/workspaces/main/{path}", headers=self._headers, **kwargs)
        return answer.raise_for_status().json()


def register(server: Server) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, command in COMPONENTS.items():
            text = YAML.format(name=name, version=VERSION) + f"command: |-\n  {command}\n"
            archive.writestr(f"{name}/component.yml", text)
    server.post("components/", files={"file": ("bench.zip", packed.getvalue())})


def pipeline(server: Server, component: str, wires: list[tuple[int, int]], count: int) -> tuple[int, int]:
    """Make a pipeline of `count` nodes; answers its id and revision."""
    made = server.post("pipelines/", json={"name": f"bench {component} {count}"})
    nodes = [
        {"op": "add_node", "node": {"id": f"n{number}", "component": f"{component}:{VERSION}", "x": number * 240}}
        for number in range(count)
    ]
    joined = [
        {"op": "connect", "source": f"n{source}", "output": "done", "target": f"n{target}", "input": "after"}
        for source, target in wires
    ]
    edit = {"op_id": str(uuid.uuid4()), "base_rev": 0, "ops": nodes + joined}
    return made["id"], server.post(f"pipelines/{made['id']}/operations/", json=edit)["rev"]


def timed(server: Server, made: tuple[int, int]) -> tuple[float, float]:
    """Run a pipeline: seconds from submit to its end, and to its first step running."""
    run = server.post(f"pipelines/{made[0]}/runs/", json={"request_id": str(uuid.uuid4()), "rev": made[1]})
    while run["ended_at"] is None:
        time.sleep(0.25)  # seldom, and the list: the server answers in the process that runs the steps
        run = server.get(f"pipelines/{made[0]}/runs/?page_size=1")["results"][0]
    run = server.get(f"runs/{run['id']}/")
    assert run["status"] == "Completed", run["counts"]
    first = min(step["started_at"] for step in run["steps"].values())
    return _seconds(run["created_at"], run["ended_at"]), _seconds(run["created_at"], first)


def _seconds(start: str, end: str) -> float:
    moments = (datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (start, end))
    first, second = moments
    return (second - first).total_seconds()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "user", "password"):
        parser.add_argument(name)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    server = Server(given.url, given.user, given.password)
    register(server)
    chain = [(number, number + 1) for number in range(49)]
    fan = [(0, number) for number in range(1, 101)]
    for component in COMPONENTS:
        for shape, wires, count in (("chain of 50", chain, 50), ("fan of 100", fan, 101)):
            made = pipeline(server, component, wires, count)
            results = [timed(server, made) for _ in range(given.runs)]
            whole, first = (statistics.median(values) for values in zip(*results, strict=True))
            print(
                f"{component:13} {shape:12} {whole:6.2f} s  {1000 * whole / count:6.1f} ms a step  "
                f"first step after {1000 * first:5.0f} ms"
            )


if __name__ == "__main__":
    main()
