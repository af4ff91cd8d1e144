"""Runs a parallel component's script over the mini-batches of its input, in processes of its own.

Standard library only, and for old Pythons too, as it runs in the step's own environment; pandas where the input is a
table. `python parallel.py PLAN [ARGUMENT...]`; PLAN is JSON: `{entry, input, rows, size, partition_keys, concurrency,
error_threshold, mini_batch_error_threshold, max_retries, timeout, level}`.

The contract is Azure ML's (`shared/azureml.md` 2.6). The script has `run(mini_batch[, context])`, and may have
`init()` and `shutdown()`. A mini-batch is a list of paths, or a DataFrame where the input is an MLTable. What `run`
returns, a list or a DataFrame, becomes lines of `rows`. A mini-batch that fails or takes too long is tried again, in a
new process after the latter. Progress is told as `::progress`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import json
import logging
import os
import queue
import subprocess
import sys
import tempfile
import threading
import traceback
from typing import Any

DEFAULT_FILES = 10
DEFAULT_BYTES = 1024 * 1024
TRIES_SECONDS = 60
UNITS = {"kb": 1024, "mb": 1024**2, "gb": 1024**3, "b": 1}
# Azure ML's own, which the script is not to see; each has a value.
PLATFORM = {
    "--allowed_failed_count",
    "--allowed_failed_percent",
    "--append_row_file_name",
    "--copy_logs_to_parent",
    "--error_threshold",
    "--first_task_creation_timeout",
    "--max_concurrency",
    "--mini_batch_error_threshold",
    "--progress_update_timeout",
    "--resource_monitor_interval",
    "--task_overhead_timeout",
}


class Failed(Exception):
    """The step fails; the message is for people."""


def main(plan: dict[str, Any], arguments: list[str]) -> int:
    """Run to the end; answers the exit code."""
    arguments = own(arguments)
    try:
        batches = batches_of(plan)
        print(f"{len(batches)} mini-batches", flush=True)
        return Driver(plan, arguments, batches).run()
    except Failed as error:
        print(error, file=sys.stderr, flush=True)
        return 1


def own(arguments: list[str]) -> list[str]:
    """The arguments without those that are for the platform."""
    kept, skip = [], False
    for word in arguments:
        name, equals, _ = word.partition("=")
        if skip:
            skip = False
        elif name in PLATFORM:
            skip = not equals
        else:
            kept.append(word)
    return kept


def batches_of(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """The mini-batches: `{files}`, or `{table, rows}` with the path of a pickled DataFrame, and their partition."""
    path, keys = plan["input"], plan.get("partition_keys") or []
    if os.path.isfile(os.path.join(path, "MLTable")):
        return batches_of_table(path, keys, plan.get("size"))
    if keys:
        raise Failed("`partition_keys` are columns of a table; the input is not an MLTable.")
    files = [path] if os.path.isfile(path) else sorted(files_in(path))
    size = plan.get("size") or DEFAULT_FILES
    if not str(size).isdigit() or int(size) < 1:
        raise Failed(f"`mini_batch_size` is `{size}`; for files it is their number.")
    return [{"files": files[at : at + int(size)]} for at in range(0, len(files), int(size))]


def files_in(folder: str) -> list[str]:
    return [os.path.join(place, name) for place, _, names in os.walk(folder, followlinks=True) for name in names]


def batches_of_table(path: str, keys: list[str], size: str | None) -> list[dict[str, Any]]:
    """The table's partitions by the values of columns, or parts of about so many bytes."""
    frame = read_table(path)
    folder = tempfile.mkdtemp(prefix="batches-")
    if keys:
        missing = [key for key in keys if key not in frame.columns]
        if missing:
            raise Failed(f"`partition_keys` names {', '.join(missing)}; the columns are {', '.join(frame.columns)}.")
        parts = [
            (dict(zip(keys, value if isinstance(value, tuple) else (value,))), part)  # noqa: B905
            for value, part in frame.groupby(keys, sort=True)
        ]
    else:
        width = max(1, int(frame.memory_usage(deep=True).sum() / max(1, len(frame))))
        number = max(1, bytes_of(size) // width)
        parts = [({}, frame.iloc[at : at + number]) for at in range(0, len(frame), number)]
    batches = []
    for index, (value, part) in enumerate(parts):
        place = os.path.join(folder, f"{index}.pickle")
        part.reset_index(drop=True).to_pickle(place)
        shown = {key: each.item() if hasattr(each, "item") else each for key, each in value.items()}
        batches.append({"table": place, "rows": len(part), "partition": shown})
    return batches


def bytes_of(size: str | None) -> int:
    if not size:
        return DEFAULT_BYTES
    text = str(size).strip().lower()
    for unit, factor in UNITS.items():
        if text.endswith(unit) and text[: -len(unit)].strip().isdigit():
            return int(text[: -len(unit)]) * factor
    if text.isdigit():
        return int(text)
    raise Failed(f"`mini_batch_size` is `{size}`; for tables it is a size such as 10kb.")


def read_table(folder: str) -> Any:
    """An MLTable as a DataFrame: by Azure's own library where it is there, else what is read most often."""
    with contextlib.suppress(ImportError):
        import mltable  # type: ignore[import-not-found]

        return mltable.load(folder).to_pandas_dataframe()
    try:
        import glob

        import pandas
        import yaml
    except ImportError as error:
        raise Failed(f"The input is a table, and the step's environment lacks {error.name} to read it.") from None
    with open(os.path.join(folder, "MLTable"), encoding="utf-8") as file:
        said = yaml.safe_load(file)
    paths: list[str] = []
    for entry in said["paths"]:
        kind, text = next(iter(entry.items()))
        place = os.path.join(folder, text.replace("file:", ""))
        paths += sorted(files_in(place)) if kind == "folder" else sorted(glob.glob(place, recursive=True))
    names: list[str] = []
    options: dict[str, Any] = {}
    for each in said.get("transformations") or []:
        name = each if isinstance(each, str) else next(iter(each))
        names.append(name)
        if isinstance(each, dict) and name == "read_delimited":
            options = {"sep": (each[name] or {}).get("delimiter", ",")}
    if "read_parquet" in names:
        return pandas.concat([pandas.read_parquet(path) for path in paths], ignore_index=True)
    if "read_json_lines" in names:
        return pandas.concat([pandas.read_json(path, lines=True) for path in paths], ignore_index=True)
    return pandas.concat([pandas.read_csv(path, **options) for path in paths], ignore_index=True)


class Driver:
    """Gives mini-batches to processes, and counts what fails."""

    def __init__(self, plan: dict[str, Any], arguments: list[str], batches: list[dict[str, Any]]) -> None:
        self.plan, self.arguments, self.batches = plan, arguments, batches
        self.waiting: queue.Queue[int] = queue.Queue()
        for index in range(len(batches)):
            self.waiting.put(index)
        self.lock = threading.Lock()
        self.rows: dict[int, list[str]] = {}
        self.failed_batches = self.failed_items = 0
        self.fault = ""
        self.processes: list[subprocess.Popen[bytes]] = []

    def run(self) -> int:
        number = max(1, min(int(self.plan.get("concurrency") or 1), len(self.batches)))
        threads = [threading.Thread(target=self.serve, daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.fault:
            raise Failed(self.fault)
        if self.plan.get("rows"):
            self.write_rows(self.plan["rows"])
        if self.failed_batches or self.failed_items:
            print(f"{self.failed_batches} mini-batches and {self.failed_items} items failed; this is let pass.")
        return 0

    def write_rows(self, place: str) -> None:
        if os.path.isdir(place):
            place = os.path.join(place, "parallel_run_step.txt")
        with open(place, "w", encoding="utf-8") as file:
            for index in range(len(self.batches)):
                file.writelines(f"{row}\n" for row in self.rows.get(index, ()))

    def serve(self) -> None:
        """One process after the other, as long as there are mini-batches."""
        process: subprocess.Popen[bytes] | None = None
        try:
            while not self.fault:
                index = self.waiting.get_nowait()
                process = self.do(index, process)
        except queue.Empty:
            pass
        except (OSError, Failed) as error:
            self.fault = self.fault or str(error)
        finally:
            if process is not None:
                self.ask(process, None)

    def do(self, index: int, process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes] | None:
        """See one mini-batch through, with as many tries as it may have."""
        batch = self.batches[index]
        retries = self.plan.get("max_retries")
        for left in reversed(range(1 + (2 if retries is None else int(retries)))):
            process = process or self.start()
            answer = self.ask(process, {"index": index, **batch})
            if answer is not None and "rows" in answer:
                self.done(index, batch, answer)
                return process
            why = answer["error"] if answer else f"took longer than {self.timeout} s, or its process ended"
            if answer is None:
                process.kill()
                process.wait()
                process = None
            print(f"Mini-batch {index} failed ({left} more tries): {why}", file=sys.stderr, flush=True)
        with self.lock:
            self.failed_batches += 1
            self.failed_items += items_of(batch)
            self.check()
        return process

    def done(self, index: int, batch: dict[str, Any], answer: dict[str, Any]) -> None:
        with self.lock:
            self.rows[index] = answer["rows"]
            self.failed_items += max(0, items_of(batch) - answer["count"]) if self.plan.get("rows") else 0
            self.check()
            print(f"::progress {min(1.0, len(self.rows) / len(self.batches)):.4f}::", flush=True)

    def check(self) -> None:
        for name, failed in (
            ("mini_batch_error_threshold", self.failed_batches),
            ("error_threshold", self.failed_items),
        ):
            most = self.plan.get(name)
            if most is not None and int(most) >= 0 and failed > int(most):
                self.fault = f"{failed} failed, and `{name}` lets {most} pass."

    @property
    def timeout(self) -> float:
        return float(self.plan.get("timeout") or TRIES_SECONDS)

    def start(self) -> subprocess.Popen[bytes]:
        """A process that has called `init`."""
        command = [sys.executable, os.path.abspath(__file__), "--serve", json.dumps(self.plan), *self.arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        ready = self.answer(process, None)
        if ready is None or "error" in ready:
            raise Failed(f"`init` failed: {ready['error'] if ready else 'its process ended'}")
        return process

    def ask(self, process: subprocess.Popen[bytes], request: dict[str, Any] | None) -> dict[str, Any] | None:
        """Give it a mini-batch, or None to let it end; None where nothing came in time."""
        try:
            assert process.stdin
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        except OSError:
            return None
        if request is None:
            process.wait()
            return None
        return self.answer(process, self.timeout)

    def answer(self, process: subprocess.Popen[bytes], seconds: float | None) -> dict[str, Any] | None:
        timer = threading.Timer(seconds, process.kill) if seconds else None
        if timer:
            timer.start()
        try:
            assert process.stdout
            line = process.stdout.readline()
            return dict(json.loads(line)) if line else None
        finally:
            if timer:
                timer.cancel()


def items_of(batch: dict[str, Any]) -> int:
    return len(batch["files"]) if "files" in batch else int(batch["rows"])


class Context:
    """What `run` may ask for as its second argument."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.minibatch_index = self.mini_batch_id = request["index"]
        self.partition_key_value = request.get("partition") or {}


def serve(plan: dict[str, Any], arguments: list[str]) -> None:
    """A process that runs the script: a line of JSON in, one out. What the script prints goes to stderr's side."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    logging.basicConfig(level=plan.get("level") or "INFO", stream=sys.stderr)
    sys.argv = [plan["entry"], *arguments]
    sys.path[0] = os.path.dirname(os.path.abspath(plan["entry"]))
    sys.path.insert(1, os.getcwd())

    def say(answer: dict[str, Any]) -> None:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    try:
        spec = importlib.util.spec_from_file_location("entry_script", plan["entry"])
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["entry_script"] = module
        spec.loader.exec_module(module)
        if hasattr(module, "init"):
            module.init()
        wants_context = len(inspect.signature(module.run).parameters) > 1
    except BaseException as error:
        traceback.print_exc()
        say({"error": f"{type(error).__name__}: {error}"})
        return
    say({"ready": True})
    for line in sys.stdin:
        request = json.loads(line)
        if request is None:
            break
        try:
            found = module.run(content_of(request), *([Context(request)] if wants_context else []))
            say(lines_of(found))
        except Exception as error:
            traceback.print_exc()
            say({"error": f"{type(error).__name__}: {error}"})
    if hasattr(module, "shutdown"):
        module.shutdown()


def content_of(request: dict[str, Any]) -> Any:
    if "files" in request:
        return request["files"]
    import pandas

    return pandas.read_pickle(request["table"])


def lines_of(found: Any) -> dict[str, Any]:
    """What `run` returned as lines; a DataFrame's have blanks between the values, as Azure ML writes them."""
    if hasattr(found, "to_csv"):
        text = found.to_csv(sep=" ", header=False, index=False)
        return {"rows": text.splitlines(), "count": len(found)}
    rows = [] if found is None else [str(row) for row in found]
    return {"rows": rows, "count": len(rows)}


if __name__ == "__main__":
    if sys.argv[1] == "--serve":
        serve(json.loads(sys.argv[2]), sys.argv[3:])
    else:
        # This script's own folder holds nothing that anybody is to import.
        del sys.path[0]
        sys.exit(main(json.loads(sys.argv[1]), sys.argv[2:]))
