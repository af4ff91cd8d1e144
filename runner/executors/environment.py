"""A step's environment variables: what programs need, what Azure ML sets, and nothing of the server's own."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from runner.environments import OWN, WARM_FROM, Interpreter
from runner.executors import identity
from runner.executors.launcher import TOKEN
from runner.executors.passed_on import PASSED_ON
from runner.executors.processes import Call
from runner.executors.python_calls import python_call

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "POLARS_MAX_THREADS")


def step_environment(
    interpreter: Interpreter = OWN,
    *,
    run_id: int,
    step_id: int,
    token: str,
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    temp: Path,
    cores: float | None = None,
    devices: Sequence[str] = (),
) -> dict[str, str]:
    """The whole environment of a step's process. `inputs` and `outputs` are paths by port.

    `cores` are what the step may use (None: its share of the machine), `devices` its GPUs.
    """
    found = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # `python` is the step's interpreter, in bash too.
    found["PATH"] = os.pathsep.join([str(interpreter.python.parent), found.get("PATH", os.defpath)])
    if interpreter.prefix is not None:
        found["VIRTUAL_ENV"] = str(interpreter.prefix)
    share = (os.cpu_count() or 1) // identity.slots if cores is None else int(cores)
    found |= dict.fromkeys(THREADS, str(max(1, share)))
    found |= {f"AZURE_ML_INPUT_{name}": path for name, path in inputs.items()}
    found |= {f"AZURE_ML_OUTPUT_{name}": path for name, path in outputs.items()}
    return found | {
        "AZUREML_RUN_ID": f"run-{run_id}-step-{step_id}",
        "AZUREML_ROOT_RUN_ID": f"run-{run_id}",
        "CUDA_VISIBLE_DEVICES": ",".join(devices),
        "PYTHONUNBUFFERED": "1",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temp),
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
