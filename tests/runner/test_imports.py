"""What a step's code imports is read from it, and which commands are plain Python calls."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.executors.imports import known_needs, needs_of
from runner.executors.python_calls import PythonCall, python_call

SAID = {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""}


@pytest.mark.parametrize(
    ("command", "call"),
    [
        ("/usr/bin/python a.py --x 1", PythonCall("file", "a.py", ("--x", "1"))),
        ("/usr/bin/python3 -m tool -u", PythonCall("module", "tool", ("-u",))),
        ("/e/bin/python3.12 -c pass x", PythonCall("code", "pass", ("x",))),
        ("/usr/bin/python -u a.py", PythonCall("file", "a.py", ())),
        # The environment does not say it too, so the interpreter would be another.
        ("/usr/bin/python -B a.py", None),
        ("/usr/bin/python -W error a.py", None),
        ("/usr/bin/python -mtool", None),
        ("/usr/bin/python -m", None),
        ("/usr/bin/python", None),
        ("/usr/bin/python a.pyc", None),
        ("/usr/bin/python -", None),
        ("python a.py", None),
        ("/usr/bin/pypy a.py", None),
        ("/bin/bash -c python", None),
    ],
)
def test_plain_python_calls(command: str, call: PythonCall | None) -> None:
    assert python_call(command.split(), SAID) == call


def needs(folder: Path, files: dict[str, str], call: PythonCall | None = None) -> set[str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return set(needs_of(call or PythonCall("file", "a.py", ()), folder).names)


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"a.py": "import pandas as pd, os, numpy.linalg"}, {"pandas", "numpy.linalg"}),
        ({"a.py": "from sklearn.svm import SVC"}, {"sklearn.svm"}),
        ({"a.py": "from sklearn import svm"}, {"sklearn", "sklearn.svm"}),
        ({"a.py": "def f():\n    import x"}, {"x"}),
        ({"a.py": "try:\n    import x\nexcept ImportError:\n    import y"}, {"x", "y"}),
        ({"a.py": "if TYPE_CHECKING:\n    import x\nelse:\n    import y"}, {"y"}),
        ({"a.py": "import b", "b.py": "import x"}, {"x"}),
        ({"a.py": "import b", "b.py": "import a, x"}, {"x"}),
        (
            {"a.py": "import p.q", "p/__init__.py": "import x", "p/q.py": "from . import r", "p/r.py": "import y"},
            {"x", "y"},
        ),
        ({"a.py": "from p import q", "p/q.py": "import x"}, {"x"}),
        ({"a.py": "from p.q.r import f", "p/q/r.py": "from ..s import g", "p/s.py": "import x"}, {"x"}),
        ({"a.py": "import pandas", "pandas.py": "import x"}, {"x"}),
        ({"a.py": "import x y"}, set()),
        ({"a.py": "import x\0"}, set()),
        ({}, set()),
    ],
)
def test_imports_are_found(tmp_path: Path, files: dict[str, str], found: set[str]) -> None:
    assert needs(tmp_path, files) == found


def test_modules_and_code_are_read_too(tmp_path: Path) -> None:
    files = {"tool/__init__.py": "import x", "tool/__main__.py": "from .part import y", "tool/part.py": "import z"}
    assert needs(tmp_path, files, PythonCall("module", "tool", ())) == {"x", "z"}
    assert needs(tmp_path, {}, PythonCall("module", "pytest", ())) == {"pytest"}
    assert needs(tmp_path, {"b.py": "import z"}, PythonCall("code", "import b, x", ())) == {"z", "x"}
    assert needs(tmp_path, {"src/a.py": "import c", "src/c.py": "import x"}, PythonCall("file", "src/a.py", ())) == {
        "x"
    }


def test_the_same_code_is_known_again_in_another_folder(tmp_path: Path) -> None:
    keys = []
    for folder, text in (("one", "import x"), ("two", "import x"), ("three", "import  x")):
        needs(tmp_path / folder, {"a.py": "import b", "b.py": text})
        keys.append(needs_of(PythonCall("file", "a.py", ()), tmp_path / folder).key)
    assert keys[0] == keys[1] != keys[2]


def test_several_threads_may_read_code_at_once(tmp_path: Path) -> None:
    """Parsing may be interrupted by what garbage collection calls, and another thread parse meanwhile."""

    def read(number: int) -> set[str]:
        names = [f"m{number}_{index}" for index in range(50)]
        return set(names) - needs(tmp_path / str(number), {"a.py": "\n".join(f"import {name}" for name in names)})

    def pause(*_: object) -> None:
        time.sleep(0.0001)

    before = gc.get_threshold()
    gc.set_threshold(30)
    gc.callbacks.append(pause)
    try:
        with ThreadPoolExecutor(4) as pool:
            missed = list(pool.map(read, range(12)))
    finally:
        gc.callbacks.remove(pause)
        gc.set_threshold(*before)
    assert missed == [set()] * 12


def test_code_that_was_read_is_known_by_its_digest_but_not_what_lies_elsewhere(tmp_path: Path) -> None:
    written = {"first": "import x", "second": "import y"}
    for folder, source in written.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.py").write_text(source)

    def known(folder: str, target: str, digest: str) -> set[str]:
        return set(known_needs(PythonCall("file", target, ()), tmp_path / folder, digest).names)

    assert known("first", "a.py", "d1") == known("second", "a.py", "d1") == {"x"}
    assert known("second", "a.py", "d2") == known("second", "a.py", "") == {"y"}
    for target in ("../first/a.py", str(tmp_path / "first" / "a.py")):
        assert known("second", target, "d3") == {"x"}
        (tmp_path / "first" / "a.py").write_text("import z")
        assert known("second", target, "d3") == {"z"}
        (tmp_path / "first" / "a.py").write_text("import x")
