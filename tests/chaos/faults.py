"""What goes wrong in the fault test: processes that are killed, stopped or asked to end, and wires that are cut."""

import contextlib
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
import psycopg

from tests.installation import POSTGRES, Installation, Process
from tests.proxy import Wire

LEASE_SECONDS = 6


@dataclass
class Faults:
    """`processes` are the names of those that may be hit; `start` starts one of them again."""

    random: random.Random
    installation: Installation
    processes: list[str]
    start: Callable[[str], Process]
    wires: dict[str, Wire] = field(default_factory=dict)
    database: str = ""
    done: list[str] = field(default_factory=list)
    families: set[psutil.Process] = field(default_factory=set)

    def one(self) -> None:
        """Something goes wrong, and is put right so far as an operator would."""
        kinds = [
            self.kill,
            self.kill,
            self.kill_step,
            self.kill_step,
            self.kill_helper,
            self.ask_to_end,
            self.stop_a_while,
        ]
        if self.wires:
            kinds += [self.cut, self.cut, self.cut_often, self.refuse, self.terminate_sessions]
        kind = self.random.choice(kinds)
        name = self.random.choice(self.processes)
        kind(name)

    def note(self, what: str) -> None:
        self.done.append(what)

    def kill(self, name: str) -> None:
        self.note(f"kill {name}")
        process = self.installation.processes[name]
        self.families |= set(family(process.pid))
        process.kill()
        self.start_again(name)

    def ask_to_end(self, name: str) -> None:
        self.note(f"ask {name} to end")
        process = self.installation.processes[name]
        self.families |= set(family(process.pid))
        process.signal(signal.SIGTERM)
        with contextlib.suppress(Exception):
            process.process.wait(timeout=self.random.choice([0.3, 30]))
        process.kill()
        self.start_again(name)

    def start_again(self, name: str) -> None:
        """Mostly it is let begin its work before the next thing goes wrong."""
        self.start(name)
        if self.random.random() < 0.7:
            self.installation.ready(name)

    def kill_step(self, name: str) -> None:
        found = self.installation.steps_left()
        self.note(f"kill a step of {len(found)}")
        for pid in sorted(found)[:1]:
            with contextlib.suppress(psutil.Error):
                psutil.Process(pid).kill()

    def kill_helper(self, name: str) -> None:
        """What a worker starts to start steps, or to look at what they made."""
        helpers = family(self.installation.processes[name].pid)
        self.note(f"kill a helper of {name}, of {len(helpers)}")
        if helpers:
            with contextlib.suppress(psutil.Error):
                self.random.choice(sorted(helpers, key=lambda helper: helper.pid)).kill()

    def stop_a_while(self, name: str) -> None:
        seconds = self.random.choice([0.5, LEASE_SECONDS + 2])
        self.note(f"stop {name} for {seconds} s")
        process = self.installation.processes[name]
        process.signal(signal.SIGSTOP)
        time.sleep(seconds)
        process.signal(signal.SIGCONT)

    def cut(self, name: str) -> None:
        wire = self.random.choice(sorted(self.wires))
        self.note(f"cut {self.wires[wire].cut()} connections to {wire}")

    def cut_often(self, name: str) -> None:
        """So that it also happens in the middle of a transaction."""
        number = sum(self.wires["PostgreSQL"].cut() for _ in range(8) if time.sleep(0.2) is None)
        self.note(f"cut {number} connections to PostgreSQL, 8 times")

    def refuse(self, name: str) -> None:
        wire, seconds = self.random.choice(sorted(self.wires)), self.random.uniform(0.5, 3)
        self.note(f"{wire} out of reach for {seconds:.1f} s")
        self.wires[wire].refuses = True
        self.wires[wire].cut()
        time.sleep(seconds)
        self.wires[wire].refuses = False

    def terminate_sessions(self, name: str) -> None:
        self.note("PostgreSQL ends all sessions")
        with psycopg.connect(POSTGRES, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self.database]
            )


def family(pid: int) -> list[psutil.Process]:
    try:
        return list(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return []
