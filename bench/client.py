"""What the benchmarks share: a client of one workspace, the pipelines that it makes, and the table that they print."""

import argparse
import io
import re
import time
import uuid
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

POLL_SECONDS = 0.25
"""Seldom: the server answers in the process that runs the steps. Ends are read from what it recorded."""


class Server:
    """A logged-in client of the workspace `main`, on one connection that is kept open."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url = url.rstrip("/")
        self._client = httpx.Client(base_url=self.url, follow_redirects=True, timeout=600)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._client.get("/login/").text)
        assert token
        form = {"username": user, "password": password, "csrfmiddlewaretoken": token[1]}
        self._client.post("/login/", data=form, headers={"Referer": self.url}).raise_for_status()
        assert "sessionid" in self._client.cookies, "the server does not know this user and password"
        self._headers = {"X-CSRFToken": self._client.cookies["csrftoken"], "Referer": self.url}

    @property
    def cookie(self) -> str:
        """What a WebSocket of the same user sends."""
        return f"sessionid={self._client.cookies['sessionid']}"

    def get(self, path: str) -> Any:
        return _checked(self._client.get(f"/api/v1/workspaces/main/{path}")).json()

    def text(self, path: str) -> str:
        return _checked(self._client.get(f"/api/v1/workspaces/main/{path}")).text

    def post(self, path: str, **kwargs: Any) -> Any:
        answer = _checked(self._client.post(f"/api/v1/workspaces/main/{path}", headers=self._headers, **kwargs))
        return answer.json()

    def register(self, components: Mapping[str, Mapping[str, str]]) -> None:
        """Register components, each a folder of files (name -> text) with a component.yml."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, files in components.items():
                for file, text in files.items():
                    archive.writestr(f"{name}/{file}", text)
        self.post("components/", files={"file": ("bench.zip", packed.getvalue())})


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text[:2000]}")
    return answer


@dataclass
class Graph:
    """A pipeline as it is put together here."""

    name: str
    nodes: list[dict[str, Any]] = field(default_factory=list)
    wires: list[dict[str, Any]] = field(default_factory=list)
    inputs: list[dict[str, Any]] = field(default_factory=list)

    def add(self, node: str, component: str, **fields: Any) -> str:
        at = {"x": len(self.nodes) % 100 * 240, "y": len(self.nodes) // 100 * 120}
        self.nodes.append({"op": "add_node", "node": {"id": node, "component": component, **at, **fields}})
        return node

    def wire(self, source: str, output: str, target: str, input: str) -> None:
        self.wires.append({"op": "connect", "source": source, "output": output, "target": target, "input": input})

    def input(self, name: str, type: str, default: Any) -> None:
        self.inputs.append({"op": "set_input", "name": name, "input": {"type": type, "default": default}})


@dataclass(frozen=True)
class Made:
    """A pipeline on the server."""

    id: int
    rev: int


def make(server: Server, graph: Graph, batch: int = 5_000) -> Made:
    """Make the pipeline on the server."""
    made, rev = server.post("pipelines/", json={"name": graph.name})["id"], 0
    operations = graph.inputs + graph.nodes + graph.wires
    for start in range(0, len(operations), batch):
        edit = {"op_id": str(uuid.uuid4()), "base_rev": rev, "ops": operations[start : start + batch]}
        rev = server.post(f"pipelines/{made}/operations/", json=edit)["rev"]
    return Made(made, rev)


@dataclass(frozen=True)
class Ran:
    """A run that ended well. Seconds, by the clock of this machine, from right before the submit was sent.

    `answer` is until the submit was answered. `end` is until the server says that the run ended, or until the answer
    where that says so already: the moment that is recorded is the one at which the last change began.
    """

    id: int
    sent: float
    end: float
    answer: float

    def steps(self, server: Server) -> dict[str, Any]:
        found: dict[str, Any] = server.get(f"runs/{self.id}/")["steps"]
        return found


def submit(server: Server, made: Made, inputs: Mapping[str, Any] | None = None) -> dict[str, Any]:
    body = {"request_id": str(uuid.uuid4()), "rev": made.rev, "inputs": dict(inputs or {})}
    run: dict[str, Any] = server.post(f"pipelines/{made.id}/runs/", json=body)
    return run


def timed(server: Server, made: Made, inputs: Mapping[str, Any] | None = None) -> Ran:
    """Run a pipeline to its end."""
    sent = time.time()
    run = submit(server, made, inputs)
    answered, over = time.time(), run["ended_at"] is not None
    while run["ended_at"] is None:
        time.sleep(POLL_SECONDS)
        run = server.get(f"pipelines/{made.id}/runs/?page_size=1")["results"][0]
    assert run["status"] == "Completed", (run["status"], run["message"], run["counts"])
    return Ran(run["id"], sent, (answered if over else moment(run["ended_at"])) - sent, answered - sent)


def moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


@dataclass(frozen=True)
class Table:
    """What a benchmark found. `targets` are sentences, each with whether it was met."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    targets: Sequence[tuple[str, bool]] = ()

    def markdown(self) -> str:
        widths = [max(len(row[column]) for row in [self.head, *self.rows]) for column in range(len(self.head))]
        lines = [f"## {self.title}", "", _line(self.head, widths), "|" + "|".join("-" * (w + 2) for w in widths) + "|"]
        lines += [_line(row, widths) for row in self.rows]
        if self.targets:
            lines += ["", *(f"* {'met' if met else '**missed**'}: {sentence}" for sentence, met in self.targets)]
        return "\n".join(lines) + "\n"


def _line(cells: Iterable[str], widths: Iterable[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def arguments(doc: str | None, *leading: str) -> argparse.ArgumentParser:
    """What every benchmark is told: where the server is and who logs in."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in (*leading, "url", "user", "password"):
        parser.add_argument(name)
    return parser
