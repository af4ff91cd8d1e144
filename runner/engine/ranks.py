"""How many processes a step starts with, by Azure ML's `distribution` and `instance_count` (`shared/azureml.md` 2.2).

There is one machine here: what Azure starts on several instances is started on it side by side, and each process is
told the instance that it would be on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST = 64
"""Processes of one step."""


class BadDistribution(ValueError):
    """What is asked for cannot be started; the message is for people."""


@dataclass(frozen=True)
class Ranks:
    """`kind` is pytorch, mpi or tensorflow; `servers` are TensorFlow's parameter servers, beside the `workers`."""

    kind: str
    instances: int
    per_instance: int
    servers: int = 0

    @property
    def workers(self) -> int:
        return self.instances * self.per_instance

    def plain(self) -> dict[str, Any]:
        """As `runner.executors.distributed` takes it."""
        return {"kind": self.kind, "per_instance": self.per_instance, "workers": self.workers, "servers": self.servers}


def instances_of(resources: Mapping[str, Any] | None, launch: Mapping[str, Any]) -> int:
    """The number of instances that a step asks for: its node's, else its component's. Raises BadDistribution."""
    given = launch.get("instance_count") or (resources or {}).get("instance_count") or 1
    return _whole(given, "instance_count", least=1)


def ranks_of(distribution: Mapping[str, Any] | None, instances: int) -> Ranks | None:
    """What is to be started; None: one plain process. Raises BadDistribution."""
    if not distribution:
        return None
    kind = str(distribution.get("type", "")).lower()
    if kind in ("pytorch", "mpi"):
        asked = distribution.get("process_count_per_instance")
        found = Ranks(kind, instances, 1 if asked is None else _whole(asked, "process_count_per_instance", least=1))
    elif kind == "tensorflow":
        workers, servers = distribution.get("worker_count"), distribution.get("parameter_server_count")
        workers = instances if workers is None else _whole(workers, "worker_count", least=1)
        servers = 0 if servers is None else _whole(servers, "parameter_server_count", least=0)
        found = Ranks(kind, workers, 1, servers)
    elif kind == "ray":
        return None  # `ray.init()` finds no cluster, and makes one of this machine
    else:
        raise BadDistribution(
            f"`distribution` has the type `{distribution.get('type', '')}`; what can be started is pytorch, mpi and "
            "tensorflow."
        )
    if found.workers + found.servers > MOST:
        raise BadDistribution(
            f"`distribution` asks for {found.workers + found.servers} processes; on one machine at most {MOST} are "
            "started. Lower `process_count_per_instance` or `instance_count`."
        )
    return found


def _whole(value: Any, name: str, least: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if number < least:
        raise BadDistribution(f"`{name}` is `{value}`; it must be a whole number, at least {least}.")
    return number
