"""In a forked child: be what `python file.py` would be, from the first line to the last handler.

Standard library only. What cannot be the same: the preloaded modules are in `sys.modules` before they are imported,
the variables that libraries set when they are imported are set from the start, the hash seed is the zygote's, a stack
that the code prints has this module's frames at its bottom, `/proc` shows the zygote's command line, and at the end the
C library's exit handlers do not run.

Reading an object writes its reference count, and so copies its page. That is most of what a small step costs after a
fork: nothing here goes through all loaded modules.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib.machinery
import io
import itertools
import mmap
import os
import runpy
import signal
import sys
import time
import types
import weakref
from collections.abc import Container, Mapping
from typing import Any, NoReturn

from runner.executors.python_calls import PythonCall, own_site

_SUFFIXES = (".py", ".pyc", ".so")


def can_run(call: PythonCall, cwd: str, loaded: Container[str]) -> bool:
    """Whether a fork gives what a fresh interpreter would.

    Not where the code brings a module of the name of one that is `loaded` here: it must get its own.
    """
    if call.kind == "file" and not os.path.isfile(os.path.join(cwd, call.target)):
        return False
    with contextlib.suppress(OSError), os.scandir(_folder(call, cwd)) as entries:
        for entry in entries:
            stem, _, _ = entry.name.partition(".")
            if stem in loaded and (
                entry.name.endswith(_SUFFIXES) or os.path.isfile(os.path.join(entry.path, "__init__.py"))
            ):
                return False
    return True


def _folder(call: PythonCall, cwd: str) -> str:
    """Where the code's own modules are."""
    return os.path.dirname(os.path.realpath(os.path.join(cwd, call.target))) if call.kind == "file" else cwd


def settle(call: PythonCall, argv: list[str], environ: Mapping[str, str]) -> None:
    """Set everything that a fresh interpreter reads when it starts. The working folder is the step's already."""
    os.environ.clear()
    os.environ.update(environ)
    sys.argv[:] = [call.argv0, *call.args]
    sys.orig_argv[:] = argv
    sys.path[:0] = ["" if call.kind == "code" else _folder(call, os.getcwd()), *filter(None, [own_site(environ)])]
    _new_main()
    loaded: Mapping[str, Any] = sys.modules
    # `random` sees to itself.
    if numpy_random := loaded.get("numpy.random"):
        numpy_random.seed()
    if tempfile := loaded.get("tempfile"):
        tempfile.tempdir = None
    if process := loaded.get("multiprocessing.process"):
        process.current_process().authkey = os.urandom(32)
    if logging := loaded.get("logging"):
        logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()


def rehearse() -> None:
    """Do in advance, and to no effect, what copies much memory when it is done for the first time after a fork."""
    environ = dict(os.environ)
    os.environ.clear()
    os.environ.update(environ)
    loaded: Mapping[str, Any] = sys.modules
    if numpy_random := loaded.get("numpy.random"):
        numpy_random.seed()
    exec(compile("import sys", "<string>", "exec"), {})
    for _ in gc.get_objects():
        pass
    gc.collect()
    ctypes.PyDLL(None).fflush(None)


def _new_main() -> None:
    """What was given to the zygote's own program when it started is what any program is given."""
    zygotes = sys.modules["__main__"].__dict__
    main = types.ModuleType("__main__")
    main.__dict__.update({name: zygotes[name] for name in zygotes if name.startswith("__")})
    if "__annotations__" in zygotes:
        main.__annotations__ = {}
    sys.modules["__main__"] = main


def run(call: PythonCall, report: mmap.mmap, preloaded: Container[str]) -> NoReturn:
    """Run the code and end the process as the interpreter does."""
    pid = os.getpid()
    try:
        _execute(call)
        code = 0
    except SystemExit as end:
        code = _exit_code(end.code)
    except BaseException as error:
        code = _print(error)
    if threading := sys.modules.get("threading"):
        with contextlib.suppress(KeyboardInterrupt):
            threading._shutdown()
    if os.getpid() == pid:
        _report(report, preloaded)
    atexit._run_exitfuncs()
    _unload(preloaded)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()
    if code >= 0 and os.getpid() == pid and len(os.listdir("/proc/self/task")) == 1:
        _tell(report, code)
    if code < 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    # As every forked process ends: without the C library's own handlers, which take as long as all the rest and may
    # wait for threads that the fork did not copy. What was printed from C is kept.
    ctypes.PyDLL(None).fflush(None)
    os._exit(code)


def _execute(call: PythonCall) -> None:
    if call.kind == "module":
        runpy._run_module_as_main(call.target)  # type: ignore[attr-defined]
        return
    scope = sys.modules["__main__"].__dict__
    if call.kind == "code":
        source: str | bytes = call.target
        name = "<string>"
    else:
        name = os.path.join(os.getcwd(), call.target)
        scope.update(__loader__=importlib.machinery.SourceFileLoader("__main__", name), __file__=name, __cached__=None)
        with open(name, "rb") as file:
            source = file.read()
        if b"\0" in source:
            # Told otherwise of a file than of a text.
            os.execv(sys.executable, sys.orig_argv)
    exec(compile(source, name, "exec", dont_inherit=True), scope)


def _exit_code(value: object) -> int:
    if value is None:
        return 0
    if isinstance(value, int):
        return value & 0xFF
    with contextlib.suppress(Exception):
        sys.stderr.write(f"{value}\n")
    return 1


def _print(error: BaseException) -> int:
    """Tell an uncaught exception as the interpreter does, and answer the exit code (negative: by signal)."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    error.__traceback__ = traceback
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, traceback
    try:
        sys.excepthook(type(error), error, traceback)
    except SystemExit as end:
        return _exit_code(end.code)
    except BaseException as second:
        second.__traceback__ = second.__traceback__ and second.__traceback__.tb_next
        second.__context__ = None
        sys.stderr.write("Error in sys.excepthook:\n")
        sys.__excepthook__(type(second), second, second.__traceback__)
        sys.stderr.write("\nOriginal exception was:\n")
        sys.__excepthook__(type(error), error, traceback)
    return -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1


def _fresh(preloaded: Container[str]) -> list[str]:
    """The names of the modules that the step imported, newest first; they are the last that were added."""
    return list(itertools.takewhile(lambda name: name not in preloaded, reversed(sys.modules)))


def _report(report: mmap.mmap, preloaded: Container[str]) -> None:
    """Tell the zygote which libraries' modules were imported on top of what it has."""
    names = [name for name in reversed(_fresh(preloaded)) if name.isascii() and _installed(sys.modules.get(name))]
    with contextlib.suppress(ValueError):
        report.write(" ".join(names).encode()[: len(report) - 3] + b"\n")


def _tell(report: mmap.mmap, code: int) -> None:
    """Say how this process ends, right before: to take it apart may take longer than it ran. Nothing runs any more."""
    ctypes.PyDLL(None).fflush(None)
    report[-1] = code
    report[-2] = 1
    os.kill(os.getppid(), signal.SIGCHLD)


def _installed(module: object) -> bool:
    origin = getattr(getattr(module, "__spec__", None), "origin", None) or ""
    return "/site-packages/" in origin or "/dist-packages/" in origin


def _unload(preloaded: Container[str]) -> None:
    """Let go of the step's own modules, so that what they hold is closed and its finalizers run.

    A full end of the interpreter would take apart all libraries too, which takes longer than most steps.
    """
    # What was written is kept in any case: among objects that hold each other, a file may be closed under its buffer.
    for found in gc.get_objects():
        if issubclass(type(found), (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)):
            with contextlib.suppress(Exception):
                found.flush()
    found = None
    library = os.path.dirname(os.__file__)
    own = ["__main__"]
    module = None
    for name in reversed(_fresh(preloaded)):
        module = sys.modules.get(name)
        origin = getattr(getattr(module, "__spec__", None), "origin", None) or library
        if not origin.startswith((library, "built-in", "frozen")) and not _installed(module):
            own.append(name)
    modules = [sys.modules.pop(name, None) for name in own]
    left = [weakref.ref(module) for module in modules if isinstance(module, types.ModuleType)]
    del module, modules
    gc.collect()
    for reference in reversed(left):
        if alive := reference():
            for key in sorted(alive.__dict__, key=lambda key: not key.startswith("_")):
                if key != "__builtins__":
                    alive.__dict__[key] = None
    gc.collect()
