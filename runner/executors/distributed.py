"""Starts the processes of a distributed step on one machine, and ends as they do.

Standard library only, and for old Pythons too, as it runs in the step's own environment:
`python distributed.py '{"kind": "pytorch", "per_instance": 2, "workers": 4, "servers": 0}' PROGRAM [ARGUMENT...]`.
Each process gets the variables that Azure ML sets for its kind. What it prints is passed on line by line, with its
rank before it. When one fails, the others are ended and this fails with the same code; TensorFlow's parameter servers,
which never end by themselves, are ended after the last worker.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import Any, BinaryIO

GRACE_SECONDS = 4.0


def main(plan: dict[str, Any], argv: list[str]) -> int:
    """Run to the end; answers the exit code."""
    ports = free_ports(1 + plan["workers"] + plan["servers"])
    names = [(role, index) for role, key in (("worker", "workers"), ("ps", "servers")) for index in range(plan[key])]
    lock = threading.Lock()
    processes: list[subprocess.Popen[bytes]] = []
    readers: list[threading.Thread] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for role, index in names:
            process = subprocess.Popen(
                argv,
                env={**os.environ, **variables(plan, role, index, ports)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            processes.append(process)
            name = f"rank {index}" if role == "worker" else f"server {index}"
            first = role == "worker" and index == 0
            for source, target in ((process.stdout, sys.stdout.buffer), (process.stderr, sys.stderr.buffer)):
                readers.append(threading.Thread(target=pass_on, args=(source, target, name, first, lock), daemon=True))
                readers[-1].start()
        return wait(processes, plan["workers"])
    finally:
        end(processes)
        for reader in readers:
            reader.join(1)


def variables(plan: dict[str, Any], role: str, index: int, ports: list[int]) -> dict[str, str]:
    """What Azure ML tells one of the processes."""
    if plan["kind"] == "tensorflow":
        hosts = [f"127.0.0.1:{port}" for port in ports[1:]]
        cluster = {"worker": hosts[: plan["workers"]]}
        if plan["servers"]:
            cluster["ps"] = hosts[plan["workers"] :]
        told = {"cluster": cluster, "task": {"type": role, "index": index}, "environment": "cloud"}
        return {"TF_CONFIG": json.dumps(told), "AZUREML_CR_NODE_RANK": str(index)}
    size, per_instance = plan["workers"], plan["per_instance"]
    node, local = divmod(index, per_instance)
    found: dict[str, Any] = {
        "RANK": index,
        "LOCAL_RANK": local,
        "WORLD_SIZE": size,
        "LOCAL_WORLD_SIZE": per_instance,
        "NODE_RANK": node,
        "AZUREML_CR_NODE_RANK": node,
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": ports[0],
    }
    if plan["kind"] == "mpi":
        found["AZ_BATCH_MASTER_NODE"] = f"127.0.0.1:{ports[0]}"
        found["AZ_BATCHAI_MPI_MASTER_NODE"] = "127.0.0.1"
        ranks = {"RANK": index, "SIZE": size, "LOCAL_RANK": local, "LOCAL_SIZE": per_instance}
        found.update({f"OMPI_COMM_WORLD_{name}": value for name, value in ranks.items()})
    return {name: str(value) for name, value in found.items()}


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def pass_on(source: BinaryIO, target: BinaryIO, name: str, first: bool, lock: threading.Lock) -> None:
    """Pass lines on. What the first process tells Portline (`::progress`, `::metric`) is left as it is."""
    for line in source:
        told = line if first and line.startswith(b"::") else f"[{name}] ".encode() + line
        with lock:
            target.write(told if told.endswith(b"\n") else told + b"\n")
            target.flush()


def wait(processes: list[subprocess.Popen[bytes]], workers: int) -> int:
    """The code of the first that fails, or 0 when all workers ended well."""
    left = set(range(len(processes)))
    while any(index < workers for index in left):
        for index in sorted(left):
            code = processes[index].poll()
            if code is None:
                continue
            left.discard(index)
            if code != 0:
                if left:
                    sys.stderr.write(f"Process {index} ended with code {code}, so the others are ended.\n")
                return code if code > 0 else 128 - code
        time.sleep(0.02)
    return 0


def end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End what still runs, with everything that it started."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for number in (signal.SIGTERM, signal.SIGKILL):
        running = [process for process in processes if process.poll() is None]
        for process in running:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, number)
        until = time.time() + GRACE_SECONDS
        while time.time() < until and any(process.poll() is None for process in running):
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
