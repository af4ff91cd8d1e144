"""A process that has the steps' libraries loaded and runs each step in a forked child.

Importing scikit-learn anew for every step would take most of the tests' time. The process computes nothing
itself, so no thread pool exists that a fork would leave broken.
"""

import gc
import importlib
import json
import os
import runpy
import sys
import traceback

LIBRARIES = (
    "duckdb",
    "matplotlib.backends.backend_svg",
    "pandas",
    "PIL.Image",
    "polars",
    "pyarrow",
    "sklearn.compose",
    "sklearn.datasets",
    "sklearn.ensemble",
    "sklearn.inspection",
    "sklearn.linear_model",
)


def main() -> None:
    """Serve requests, one JSON line each, until the input ends; answer each with the child's exit code."""
    for name in LIBRARIES:
        importlib.import_module(name)

    # Children share these objects' memory as long as nobody counts them.
    gc.freeze()
    sys.dont_write_bytecode = True
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _step(**request)
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _step(folder: str, argv: list[str], stdout: str, stderr: str) -> None:
    os.chdir(folder)
    for number, path in ((1, stdout), (2, stderr)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv, sys.path[0] = argv, folder
    code = 1
    try:
        runpy.run_path(argv[0], run_name="__main__")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
