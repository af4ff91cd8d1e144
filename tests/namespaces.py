"""Networks of their own for processes under test: a process in one reaches only what a test puts at its door."""

import contextlib
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Namespace:
    """`prefix` starts a command in it; `door` is the address of this side that it can reach."""

    prefix: tuple[str, ...]
    door: str


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextlib.contextmanager
def namespace(number: int) -> Iterator[Namespace | None]:
    """A network namespace that is joined to this one by a pair of interfaces; None where that is not allowed."""
    unique = uuid.uuid4().int
    name = f"pl-{unique % 0xFFFFFFFF:x}"
    # Private addresses that no two of a machine's test runs are likely to share: a /30 for each.
    net = f"10.{200 + unique % 50}.{unique // 50 % 250}"
    door, own = f"{net}.{4 * number + 1}", f"{net}.{4 * number + 2}"
    try:
        ip("netns", "add", name)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    try:
        ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("addr", "add", f"{door}/30", "dev", name)
        ip("link", "set", name, "up")
        ip("-n", name, "addr", "add", f"{own}/30", "dev", "eth0")
        ip("-n", name, "link", "set", "eth0", "up")
        ip("-n", name, "link", "set", "lo", "up")
        yield Namespace(("ip", "netns", "exec", name), door)
    finally:
        ip("netns", "del", name)
