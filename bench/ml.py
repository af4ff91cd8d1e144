"""An ML pipeline of five steps (load, split, train, evaluate, report): `python bench/ml.py URL USER PASSWORD`.

Scripts with pandas and scikit-learn that hand files to each other (`bench/ml_steps`), with a seed that all of them
take, so that with another seed nothing can be reused. The first run on this server, the second submit with another seed
right after it, the median of more of these, and a rerun with the seed of the last. In the same run: the same five
scripts started one by one as `python script.py`, and done one by one in bare forks of an interpreter that has done them
before. For a first run that is one, start with a server of which no step has imported these libraries yet.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from client import Graph, Server, Table, arguments, make, ms, timed
from ml_forks import FILES, STEPS
from ml_forks import arguments as script_arguments

VERSION = "1.0.0"
RUNS = 10
BASE_RUNS = 3
MADE_BY = {
    "data": "load",
    "train": "split",
    "test": "split",
    "model": "train",
    "metrics": "evaluate",
    "report": "report",
}


def components() -> dict[str, dict[str, str]]:
    found = {}
    for step, words in FILES.items():
        files = [word.removeprefix("--") for word in words]
        inputs = [file for file in files if MADE_BY[file] != step]
        outputs = [file for file in files if MADE_BY[file] == step]
        paths = [f"--{file} ${{{{{'outputs' if file in outputs else 'inputs'}.{file}}}}}" for file in files]
        spec = [
            f"name: bench_ml_{step}",
            f"version: {VERSION}",
            "inputs:",
            "  seed: {type: integer}",
            *(f"  {file}: {{type: uri_file}}" for file in inputs),
            "outputs:",
            *(f"  {file}: {{type: uri_file}}" for file in outputs),
            f"code: {step}.py",
            f"command: python {step}.py --seed ${{{{inputs.seed}}}} {' '.join(paths)}",
        ]
        found[f"bench_ml_{step}"] = {
            "component.yml": "\n".join(spec) + "\n",
            f"{step}.py": (STEPS / f"{step}.py").read_text(),
        }
    return found


def pipeline() -> Graph:
    graph = Graph("bench ML")
    graph.input("seed", "integer", 0)
    for step, words in FILES.items():
        graph.add(step, f"bench_ml_{step}:{VERSION}", params={"seed": "${{parent.inputs.seed}}"})
        for file in (word.removeprefix("--") for word in words):
            if MADE_BY[file] != step:
                graph.wire(MADE_BY[file], file, step, file)
    return graph


def one_by_one(folder: Path, count: int) -> list[float]:
    """Seconds of the five scripts, each in an interpreter of its own."""
    found = []
    for seed in range(count):
        began = time.perf_counter()
        for step in FILES:
            program = [sys.executable, str(STEPS / f"{step}.py"), *script_arguments(step, folder, seed)]
            subprocess.run(program, check=True)
        found.append(time.perf_counter() - began)
    return found


def forked(folder: Path, count: int) -> list[float]:
    """Seconds of the five scripts, each in a fork of a warm interpreter."""
    program = [sys.executable, str(Path(__file__).with_name("ml_forks.py")), str(folder), str(count)]
    found: list[float] = json.loads(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    return found


def measure(server: Server, runs: int = RUNS) -> Table:
    server.register(components())
    made = make(server, pipeline())
    seed = int(time.time())  # one that no earlier benchmark on this server had
    first = timed(server, made, {"seed": seed}).end
    second = timed(server, made, {"seed": seed + 1}).end
    more = [timed(server, made, {"seed": seed + 2 + number}) for number in range(runs)]
    assert not any(step["reused"] for ran in more for step in ran.steps(server).values())
    changed = statistics.median(ran.end for ran in more)
    again = [timed(server, made, {"seed": seed + 1 + runs}) for _ in range(runs)]
    assert all(step["reused"] for ran in again for step in ran.steps(server).values())
    unchanged = statistics.median(ran.end for ran in again)
    with tempfile.TemporaryDirectory() as folder:
        cold = statistics.median(one_by_one(Path(folder), BASE_RUNS))
        bare = statistics.median(forked(Path(folder), runs))
    rows = [
        (what, ms(taken), f"{cold / taken:.1f}", f"{taken / bare:.2f}")
        for what, taken in (
            ("first run", first),
            ("second submit, changed parameters", second),
            (f"changed parameters, median of {runs}", changed),
            (f"rerun unchanged, median of {runs}", unchanged),
            ("the scripts one by one", cold),
            ("bare forks of a warm interpreter", bare),
        )
    ]
    targets = [
        (f"second submit at least 10x faster than the scripts one by one: {cold / second:.1f}x", second * 10 <= cold),
        (f"second submit at most 2x the bare forks: {second / bare:.2f}x", second <= 2 * bare),
        (f"later submits at least 10x faster than the scripts: {cold / changed:.1f}x", changed * 10 <= cold),
        (f"later submits at most 2x the bare forks: {changed / bare:.2f}x", changed <= 2 * bare),
    ]
    return Table("ML pipeline", ("what", "whole", "faster than the scripts", "times the forks"), rows, targets)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    print(measure(Server(given.url, given.user, given.password), given.runs).markdown())


if __name__ == "__main__":
    main()
