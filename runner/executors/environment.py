"""A step's environment variables: what programs need, what Azure ML sets, and nothing of the server's own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from django.conf import settings

from runner.environments import OWN, WARM_FROM, Interpreter
from runner.executors import identity
from runner.executors.azure_variables import Of, azure_variables
from runner.executors.launcher import TOKEN
from runner.executors.passed_on import PASSED_ON
from runner.executors.processes import Call
from runner.executors.python_calls import python_call
from runner.executors.staging import SITE

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS")


def step_environment(
    interpreter: Interpreter = OWN,
    *,
    of: Of,
    token: str,
    root: Path,
    literals: Mapping[str, str | None] = MappingProxyType({}),
    inputs: Mapping[str, str] = MappingProxyType({}),
    outputs: Mapping[str, str] = MappingProxyType({}),
    extra: Mapping[str, str] = MappingProxyType({}),
    cores: float | None = None,
    devices: Sequence[str] = (),
) -> dict[str, str]:
    """The whole environment of a step's process: see `azure_variables` for `literals`, `inputs`, `outputs` and `root`.

    `extra` are variables that the step's author asks for; what Portline itself needs they cannot change. `cores` are
    what the step may use (None: its share of the machine), `devices` its GPUs.
    """
    found = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # `python` is the step's interpreter, in bash too.
    found["PATH"] = os.pathsep.join([str(interpreter.python.parent), found.get("PATH", os.defpath)])
    if interpreter.prefix is not None:
        found["VIRTUAL_ENV"] = str(interpreter.prefix)
    if interpreter is OWN:
        # What a step installs is its own: the server's environment stays as it is.
        found["PIP_TARGET"] = found["PYTHONPATH"] = str(root / SITE)
    share = (os.cpu_count() or 1) // identity.slots if cores is None else int(cores)
    found |= dict.fromkeys(THREADS, str(max(1, share)))
    found |= azure_variables(of, literals, inputs, outputs, root)
    path = found["PATH"]
    found |= extra
    if "PATH" in extra:
        found["PATH"] = os.pathsep.join([str(interpreter.python.parent), extra["PATH"], path])
    return found | {
        "CUDA_VISIBLE_DEVICES": ",".join(devices),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(root / "tmp"),
        TOKEN: token,
    }


def resolve_program(argv: tuple[str, ...], interpreter: Interpreter) -> tuple[str, ...]:
    """`python` and `python3` as first word are the step's interpreter."""
    return (str(interpreter.python), *argv[1:]) if argv[0] in ("python", "python3") else argv


def cold_note(call: Call, interpreter: Interpreter) -> str:
    """What the log of a step says that could have started warm in a newer Python; mostly nothing."""
    if interpreter.warm or not settings.WARM_STARTS or python_call(call.argv, call.env) is None:
        return ""
    oldest = ".".join(map(str, WARM_FROM))
    return f"Its environment has Python {interpreter.version}, so it starts cold; warm starts begin with {oldest}."
