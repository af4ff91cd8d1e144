"""The least that the ML steps take in processes of their own: forks of a warm interpreter, one after another.

`python bench/ml_forks.py FOLDER COUNT` is started by `ml.py`. It does the five steps once itself, so that all is
imported, and then `COUNT` times in five forks each; prints the seconds of each time as JSON. The bytecode of the steps
is made once. Nothing is captured, kept, checked or recorded.
"""

import json
import os
import sys
import time
from pathlib import Path
from types import CodeType

STEPS = Path(__file__).with_name("ml_steps")
FILES = {
    "load": ("--data",),
    "split": ("--data", "--train", "--test"),
    "train": ("--train", "--model"),
    "evaluate": ("--model", "--test", "--metrics"),
    "report": ("--metrics", "--report"),
}
"""The steps in their order, each with the files that it is told of."""


def arguments(step: str, folder: Path, seed: int) -> list[str]:
    """What a step's script is called with."""
    files = [word for name in FILES[step] for word in (name, str(folder / name.removeprefix("--")))]
    return ["--seed", str(seed), *files]


def do(code: CodeType, given: list[str]) -> None:
    sys.argv = [code.co_filename, *given]
    exec(code, {"__name__": "__main__"})


def in_fork(code: CodeType, given: list[str]) -> None:
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            do(code, given)
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(pid, 0)[1] == 0


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    codes = {step: compile((STEPS / f"{step}.py").read_text(), f"{step}.py", "exec") for step in FILES}
    for step, code in codes.items():
        do(code, arguments(step, folder, 0))
    found = []
    for seed in range(1, count + 1):
        began = time.perf_counter()
        for step, code in codes.items():
            in_fork(code, arguments(step, folder, seed))
        found.append(time.perf_counter() - began)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
