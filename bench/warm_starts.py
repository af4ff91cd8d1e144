"""What a warm start saves: `python bench/warm_starts.py`.

Milliseconds from starting a step to its end, cold (a new interpreter) and warm (a fork), for a step that does nothing
and one that imports pandas and scikit-learn, alone and two at a time; and what the zygotes hold of memory (PSS).
"""

import os
import statistics
import sys
import tempfile
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "designer.settings")

import django

django.setup()

from runner.executors.azure_variables import Of  # noqa: E402
from runner.executors.environment import step_environment  # noqa: E402
from runner.executors.held import Stop  # noqa: E402
from runner.executors.processes import Call, CommandExecutor, launcher  # noqa: E402
from runner.executors.warm import WarmStarts  # noqa: E402

STEPS = {
    "nothing": "pass",
    "polars": "import polars",
    "pandas": "import pandas",
    "pandas, sklearn": "import pandas, sklearn.linear_model",
}


def milliseconds(executor: CommandExecutor, text: str) -> float:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "step.py").write_text(text)
        token = uuid.uuid4().hex
        env = step_environment(of=Of("job", 1), token=token, root=folder)
        call = Call([sys.executable, "step.py"], folder, env, token)
        stop = Stop()
        began = time.perf_counter()
        code = executor.run(call, stop, lambda *_: None, lambda: None)
        ended = time.perf_counter()
        stop.close()
        assert code == 0
        return (ended - began) * 1000


def measure(executor: CommandExecutor, text: str, count: int, at_once: int) -> str:
    """Median and least of a step's time, and the time per step where several run at once."""
    with ThreadPoolExecutor(at_once) as pool:
        began = time.perf_counter()
        each = list(pool.map(lambda _: milliseconds(executor, text), range(count)))
        per_step = (time.perf_counter() - began) * 1000 / count
    return f"{statistics.median(each):8.1f} {min(each):8.1f} {per_step:8.1f}"


def main() -> None:
    starts = WarmStarts()
    warm, cold = CommandExecutor(starts.start), CommandExecutor(launcher.start)
    print(f"{'step':16} {'at once':>7} {'start':>5} {'median':>8} {'least':>8} {'per step':>8}")
    for name, text in STEPS.items():
        # The zygote that this needs is made in the background.
        for _ in range(20):
            milliseconds(warm, text)
            time.sleep(0.25)
        for at_once in (1, 2):
            for way, executor in (("cold", cold), ("warm", warm)):
                count = 10 if way == "cold" and name != "nothing" else 40
                print(f"{name:16} {at_once:7} {way:>5} {measure(executor, text, count, at_once)}", flush=True)
    print(f"\nsteps started warm {starts.warm}, cold {starts.cold}\n")
    print("zygotes, MB (PSS)")
    for zygote in starts.ready():
        lines = Path(f"/proc/{zygote.pid}/smaps_rollup").read_text().splitlines()
        held = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
        print(f"{', '.join(zygote.names) or 'nothing':48} {held['Pss']:6.0f} (resident {held['Rss']:.0f})")
    starts.stop()
    launcher.stop()


if __name__ == "__main__":
    main()
