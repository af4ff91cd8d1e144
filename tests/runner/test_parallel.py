"""Parallel components: a script's `run` over the mini-batches of its input."""

from pathlib import Path
from typing import Any

from registry import store
from runner.models import Artifact
from runner.worker import Worker
from tests.runner.conftest import World, finish, log_of, step_of

SCRIPT = """
import argparse
from pathlib import Path

def init():
    global args
    parser = argparse.ArgumentParser()
    parser.add_argument("--add", type=int)
    args = parser.parse_args()

def run(mini_batch):
    if any(path.endswith("3.txt") for path in mini_batch):
        raise ValueError("three is too many")
    return [int(Path(path).read_text()) + args.add for path in mini_batch]

def shutdown():
    print("over")
"""
COMPONENT = """
name: each
version: 1.0.0
type: parallel
inputs: {files: {type: uri_folder}, add: {type: integer, default: 10}}
outputs: {rows: {type: uri_file}}
input_data: ${{inputs.files}}
mini_batch_size: "2"
max_concurrency_per_instance: WIDTH
retry_settings: {max_retries: 1, timeout: 60}
MORE
task:
  type: run_function
  code: src
  entry_script: each.py
  program_arguments: --add ${{inputs.add}} --task_overhead_timeout 5
  append_row_to: ${{outputs.rows}}
"""
MAKE = "for i in 1 2 3 4 5; do echo $i > ${{outputs.o}}/$i.txt; done"
TABLE = """printf 'g,n\\na,1\\nb,2\\na,3\\n' > ${{outputs.o}}/t.csv
printf 'paths: [{file: ./t.csv}]\\ntransformations: [{read_delimited: {delimiter: ","}}]\\n' > ${{outputs.o}}/MLTable
"""


def run_of(world: World, more: str = "", script: str = SCRIPT, make: str = MAKE, limit: int = 60) -> Any:
    folder = Path(world.tmp_path) / "each"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "each.py").write_text(script)
    (folder / "component.yml").write_text(
        COMPONENT.replace("MORE", more)
        .replace("WIDTH", "1" if limit < 60 else "2")
        .replace("timeout: 60", f"timeout: {limit}")
    )
    world.register(folder)
    source = world.component("make", make, outputs="o: {type: uri_folder}")
    return finish(world.submit(world.pipeline({"m": source, "n": "each:1.0.0"}, ["m.o -> n.files"])), 60)


def rows(run: Any) -> list[str]:
    place = store.local_path(Artifact.objects.get(step__run=run, output="rows").location)
    assert place is not None
    return place.read_text().splitlines()


def test_each_mini_batch_is_run_and_what_fails_is_let_pass(live_world: World, worker: Worker) -> None:
    run = run_of(live_world)
    assert run.status == "Completed", log_of(run, "n")
    assert rows(run) == ["11", "12", "15"]
    log = log_of(run, "n")
    assert log.count("Mini-batch 1 failed") == 2
    assert "1 mini-batches and 2 items failed" in log
    assert "over" in log


def test_a_threshold_ends_the_step(live_world: World, worker: Worker) -> None:
    run = run_of(live_world, "mini_batch_error_threshold: 0")
    assert run.status == "Failed"
    assert "1 failed, and `mini_batch_error_threshold` lets 0 pass." in step_of(run, "n").message


def test_init_that_fails_fails_the_step(live_world: World, worker: Worker) -> None:
    run = run_of(live_world, script="def init():\n    raise OSError('no model')\ndef run(batch): pass\n")
    assert run.status == "Failed"
    assert "`init` failed: OSError: no model" in step_of(run, "n").message


def test_a_mini_batch_that_takes_too_long_is_tried_again(live_world: World, worker: Worker) -> None:
    script = """
import os, time
def run(batch):
    if not os.path.exists("tried"):
        open("tried", "w").close()
        time.sleep(300)
    return [os.path.basename(path) for path in batch]
"""
    more = "mini_batch_error_threshold: 0"
    run = run_of(live_world, more, script, limit=2)
    assert run.status == "Completed", log_of(run, "n")
    assert rows(run) == [f"{i}.txt" for i in range(1, 6)]
    assert "took longer than 2.0 s" in log_of(run, "n")


def test_partitions_of_a_table_come_with_their_values(live_world: World, worker: Worker) -> None:
    script = """
def init(): pass
def run(table, context):
    return [f"{context.partition_key_value['g']}={table['n'].sum()}"]
"""
    run = run_of(live_world, "partition_keys: [g]", script, TABLE)
    assert run.status == "Completed", log_of(run, "n")
    assert rows(run) == ["a=4", "b=2"]
