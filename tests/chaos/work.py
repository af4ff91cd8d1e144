"""The pipelines of the fault test: what they are, how they must end, and what they must have made."""

import hashlib
import itertools
import random
import uuid
from dataclasses import dataclass, field
from typing import Any

from tests.installation import Client

WORK = """
import hashlib, pathlib, sys, time
name, seconds, made = sys.argv[1], float(sys.argv[2]), pathlib.Path(sys.argv[3])
inputs = [pathlib.Path(path).joinpath("content").read_bytes() for path in sys.argv[4:]]
content = hashlib.sha256(b"".join([name.encode(), *inputs])).hexdigest().encode() * 2000
made.mkdir(parents=True, exist_ok=True)
with made.joinpath("content").open("wb") as out:
    for part in range(10):  # so that whoever is killed leaves half of it
        print("part", part, flush=True)
        out.write(content[part * len(content) // 10 : (part + 1) * len(content) // 10])
        out.flush()
        time.sleep(seconds / 10)
"""
COMMAND = (
    'python work.py "${{inputs.name}}" ${{inputs.seconds}} "${{outputs.made}}"'
    " $[[${{inputs.a}}]] $[[${{inputs.b}}]] $[[${{inputs.c}}]]"
)
PORTS = """
inputs:
  name: {type: string}
  seconds: {type: number, default: 0.3}
  a: {type: uri_folder, optional: true}
  b: {type: uri_folder, optional: true}
  c: {type: uri_folder, optional: true}
outputs: {made: {type: uri_folder}}
code: .
"""
COMPONENTS = {
    "work": f"{PORTS}command: {COMMAND}\n",
    "flaky": f"is_deterministic: false{PORTS}command: python -c 'import random; exit(random.random() < 0.3)' && {COMMAND}\n",
    "strict": f"{PORTS.replace('a: {type: uri_folder, optional: true}', 'a: {type: uri_folder}')}command: {COMMAND}\n",
    "broken": f"{PORTS}command: {COMMAND} && exit 3\n",
}
# Also a step that is killed from outside is tried again.
SETTINGS = {"retries": 10, "retry_delay": 0.1}


@dataclass
class Job:
    """A pipeline, and what must become of its runs."""

    shape: str
    nodes: dict[str, dict[str, Any]]
    edges: list[str]
    ends: dict[str, str] = field(default_factory=dict)
    cancel_after: float | None = None
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    pipeline: tuple[int, int] = (0, 0)
    run: int | None = None

    @property
    def reusable(self) -> bool:
        return self.cancel_after is None and all(node["component"].startswith("work") for node in self.nodes.values())

    @property
    def status(self) -> set[str]:
        """What the run may end as."""
        if self.cancel_after is not None:
            return {"Canceled", "Completed"}
        return {"Failed"} if "Failed" in self.ends.values() else {"Completed"}

    def content(self, node: str) -> bytes:
        """What a node must have made."""
        feeds = {edge.split(" -> ")[1]: edge.split(" -> ")[0] for edge in self.edges}
        inputs = [
            self.content(feeds[f"{node}.{port}"].rpartition(".")[0]) for port in "abc" if f"{node}.{port}" in feeds
        ]
        name = self.nodes[node]["params"]["name"]
        return hashlib.sha256(b"".join([name.encode(), *inputs])).hexdigest().encode() * 2000

    def make(self, client: Client) -> None:
        self.pipeline = client.pipeline(self.nodes, self.edges)


def jobs(random: random.Random, number: int) -> list[Job]:
    shapes = [chain, fan, diamond, flaky, failing, cancelled]
    return [shapes[index % len(shapes)](random, f"{index}") for index in range(number)]


def node(salt: str, name: str, seconds: float, component: str = "work", **settings: Any) -> dict[str, Any]:
    return {
        "component": f"{component}:1.0.0",
        "params": {"name": f"{name}-{salt}-{uuid.uuid4().hex}", "seconds": round(seconds, 2)},
        "settings": {**SETTINGS, **settings},
    }


def job(shape: str, nodes: dict[str, dict[str, Any]], edges: list[str], **ends: str) -> Job:
    return Job(shape, nodes, edges, {**dict.fromkeys(nodes, "Completed"), **ends})


def chain(random: random.Random, salt: str) -> Job:
    names = "pqrstu"[: random.randint(3, 6)]
    nodes = {name: node(salt, name, random.uniform(0.1, 0.6)) for name in names}
    return job("chain", nodes, [f"{a}.made -> {b}.a" for a, b in itertools.pairwise(names)])


def fan(random: random.Random, salt: str) -> Job:
    nodes = {name: node(salt, name, random.uniform(0.1, 1.0)) for name in ("src", "x", "y", "z", "last")}
    edges = [f"src.made -> {name}.a" for name in "xyz"]
    edges += [f"{name}.made -> last.{port}" for name, port in zip("xyz", "abc", strict=True)]
    return job("fan", nodes, edges)


def diamond(random: random.Random, salt: str) -> Job:
    nodes = {name: node(salt, name, random.uniform(0.1, 0.8)) for name in ("top", "left", "right", "end")}
    edges = ["top.made -> left.a", "top.made -> right.a", "left.made -> end.a", "right.made -> end.b"]
    return job("diamond", nodes, edges)


def flaky(random: random.Random, salt: str) -> Job:
    nodes = {name: node(salt, name, random.uniform(0.1, 0.4), "flaky") for name in "fg"}
    return job("flaky", nodes, ["f.made -> g.a"])


def failing(random: random.Random, salt: str) -> Job:
    nodes = {name: node(salt, name, 0.3) for name in ("good", "beside")}
    nodes["bad"] = node(salt, "bad", 0.2, "broken", retries=1)
    nodes["after"] = node(salt, "after", 0.2, "strict")
    edges = ["good.made -> bad.a", "bad.made -> after.a", "good.made -> beside.a"]
    return job("failing", nodes, edges, bad="Failed", after="Skipped")


def cancelled(random: random.Random, salt: str) -> Job:
    nodes = {name: node(salt, name, random.uniform(1, 3)) for name in "klm"}
    made = job("cancelled", nodes, ["k.made -> l.a", "l.made -> m.a"])
    made.cancel_after = random.uniform(0.5, 3)
    return made
