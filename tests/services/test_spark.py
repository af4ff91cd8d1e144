"""Spark components on this machine's own Spark: with Java, and pyspark from the package index."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from registry import store
from runner.models import Artifact
from runner.worker import Worker
from tests.runner.conftest import (  # noqa: F401
    World,
    _folders,
    finish,
    live_world,
    log_of,
    signed_in,
    step_of,
    worker,
)

pytestmark = pytest.mark.services
COMPONENT = """
name: count
version: 1.0.0
type: spark
code: src
entry: {file: count.py}
py_files: [words.py]
conf: {spark.driver.cores: 1, spark.ui.enabled: false}
inputs: {text: {type: uri_folder}}
outputs: {counts: {type: uri_folder}}
args: --text ${{inputs.text}} --counts ${{outputs.counts}}
"""
SCRIPT = """
import argparse
from pyspark.sql import SparkSession
from words import words
parser = argparse.ArgumentParser()
parser.add_argument("--text")
parser.add_argument("--counts")
args = parser.parse_args()
spark = SparkSession.builder.getOrCreate()
lines = spark.read.text(args.text + "/a.txt").rdd.map(lambda row: row[0])
found = sorted(lines.flatMap(words).countByValue().items())
open(args.counts + "/counts.txt", "w").write(" ".join(f"{word}={count}" for word, count in found))
spark.stop()
"""


def test_a_spark_step_runs_on_this_machine(live_world: World, worker: Worker, settings: Any) -> None:  # noqa: F811
    assert shutil.which("java"), "No Java is on this machine: Spark components cannot be tried."
    folder = Path(live_world.tmp_path) / "count"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "count.py").write_text(SCRIPT)
    (folder / "src" / "words.py").write_text("def words(line):\n    return line.split()\n")
    (folder / "component.yml").write_text(COMPONENT)
    live_world.register(folder)
    make = live_world.component("make", "echo b a b > ${{outputs.o}}/a.txt", outputs="o: {type: uri_folder}")
    run = finish(live_world.submit(live_world.pipeline({"m": make, "n": "count:1.0.0"}, ["m.o -> n.text"])), 600)
    assert run.status == "Completed", (step_of(run, "n").message, log_of(run, "n"))
    place = store.local_path(Artifact.objects.get(step__run=run, output="counts").location)
    assert place is not None
    assert (place / "counts.txt").read_text() == "a=1 b=2"
