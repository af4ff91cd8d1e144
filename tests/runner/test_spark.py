"""Spark components that cannot run say so before anything starts (tests/services runs one)."""

from pathlib import Path

import pytest

from runner.services.laying import NotReady
from tests.runner.conftest import World


def test_without_java_a_spark_step_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(world.tmp_path) / "count"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "count.py").write_text("print(1)")
    (folder / "component.yml").write_text(
        "name: count\nversion: 1.0.0\ntype: spark\ncode: src\nentry: {file: count.py}\nargs: --n 1\n"
    )
    world.register(folder)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(NotReady, match="there is no Java on this machine"):
        world.submit(world.pipeline({"n": "count:1.0.0"}))
