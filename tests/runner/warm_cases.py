"""Steps whose start, course and end show what they are run by. Each is run both ways and must not differ."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Case:
    """`files` by name; `argv` without the interpreter. `tells`: lives long enough to say what it imported."""

    files: dict[str, str]
    argv: tuple[str, ...] = ("step.py",)
    tells: bool = True
    warm: bool = True
    env: dict[str, str] = field(default_factory=dict)


def script(text: str, **more: object) -> Case:
    return Case({"step.py": text}, **more)  # type: ignore[arg-type]


CASES: dict[str, Case] = {
    "arguments": Case({"step.py": "import sys; print(sys.argv, sys.orig_argv[1:])"}, ("step.py", "--a", "b c", "")),
    "dot_slash": Case({"step.py": "import sys; print(__file__, sys.argv, sys.path)"}, ("./step.py",)),
    "subfolder": Case(
        {"src/step.py": "import sys, near; print(near.x, __file__, sys.path)", "src/near.py": "x = 1"},
        ("src/step.py", "a"),
    ),
    "absolute": Case({"step.py": "print(__file__)"}, ("{folder}/step.py",)),
    "no_ending": Case({"step": "print(__file__)"}, ("step",)),
    "path": script("import sys, os; print(sys.path, sys.prefix, sys.executable, os.getcwd())"),
    "flags": script("import sys; print(sys.flags, sys._xoptions, sys.warnoptions, sys.dont_write_bytecode)"),
    "unbuffered_flag": Case({"step.py": "import sys; print(sys.flags, sys.argv)"}, ("-u", "-B", "step.py", "-u")),
    "odd_flag": Case({"step.py": "import sys; print(sys.flags)"}, ("-W", "error", "step.py"), warm=False),
    "environment": script("import polars, sklearn, os, pprint; pprint.pprint(dict(os.environ))"),
    "child_environment": script(
        "import polars, sklearn, subprocess\nfound = subprocess.check_output(['env', '-0'], text=True).split('\\0')\n"
        "print(sorted(found))"
    ),
    "main_module": script(
        "print(__name__, __file__, __spec__, __package__, __doc__, __cached__, type(__loader__), __loader__.name,"
        " __loader__.path, __annotations__)\nx: int = 1\nprint(sorted(globals()), __builtins__)"
    ),
    "main_guard": script("def f():\n    print('in f')\nif __name__ == '__main__':\n    f()"),
    "main_is_imported": script("x = 5\nimport __main__\nprint(__main__.x, __main__.__dict__ is globals())"),
    "threads": script(
        "import os, threading\nprint([n for n in os.listdir('/proc/self/fd') if int(n) > 3], threading.current_thread().name,"
        " threading.main_thread() is threading.current_thread(), threading.enumerate())"
    ),
    "stdin": script("import sys, os; print(repr(sys.stdin.read()), os.readlink('/proc/self/fd/0'), sys.stdin.mode)"),
    "streams": script(
        "import sys\nfor s in (sys.stdin, sys.stdout, sys.stderr):\n    print(s.name, s.mode, s.encoding, s.errors,"
        " s.line_buffering, s.write_through, s.isatty(), s.seekable(), type(s.buffer), s.fileno())"
    ),
    "no_newline": script("import sys; print('out', end=''); sys.stderr.write('err')"),
    "bytes": script("import sys; sys.stdout.buffer.write(b'\\xff\\x00\\n'); print('ü€')"),
    "huge": script("for i in range(4000):\n    print('x' * 200, i)"),
    "os_write": script("import os; print('a'); os.write(1, b'b\\n'); print('c'); os.write(2, b'd\\n')"),
    "c_stdio": script(
        "import ctypes\nc = ctypes.CDLL(None)\nc.printf(b'from C')\nprint('from python')\n"
        "c.fopen.restype = ctypes.c_void_p\nc.fputs(b'kept', ctypes.c_void_p(c.fopen(b'out.txt', b'w')))"
    ),
    "raises": script("def f(x):\n    return 1 / x\n\n\ndef g():\n    f(0)\n\n\ng()"),
    "raises_chained": script(
        "try:\n    {}['a']\nexcept KeyError as e:\n    try:\n        raise ValueError('b')\n"
        "    except ValueError as f:\n        raise RuntimeError('c') from f"
    ),
    "raises_group": script("raise ExceptionGroup('some', [ValueError(1), TypeError(2)])"),
    "raises_with_note": script("e = ValueError('x')\ne.add_note('look')\nraise e"),
    "recursion": script("def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    print(e)"),
    "syntax_error": script("print('a'\nx = = 1\n"),
    "bad_indent": script("if 1:\nx\n"),
    "null_byte": script("x = 1\0", tells=False),
    "encoding_cookie": script("# -*- coding: latin-1 -*-\nprint('a')"),
    "empty": script(""),
    "future": script("from __future__ import annotations\ndef f(x: Nothing): ...\nprint(f.__annotations__)"),
    "exit_code": script("raise SystemExit(7)"),
    "exit_none": script("import sys; sys.exit()"),
    "exit_text": script("import sys; sys.exit('no such column')"),
    "exit_true": script("import sys; sys.exit(True)"),
    "exit_negative": script("import sys; sys.exit(-1)"),
    "exit_300": script("import sys; sys.exit(300)"),
    "exit_tuple": script("import sys; sys.exit((1, 2))"),
    "exit_in_thread": script("import threading, sys; t = threading.Thread(target=sys.exit, args=(3,)); t.start()"),
    "interrupt": script("raise KeyboardInterrupt"),
    "excepthook": script("import sys\nsys.excepthook = lambda t, v, tb: print('hook', t, v, tb.tb_lineno)\n1 / 0"),
    "excepthook_is_default": script("import sys\nprint(sys.excepthook is sys.__excepthook__)"),
    "excepthook_fails": script(
        "import sys\ndef hook(t, v, tb):\n    raise OSError('hook')\nsys.excepthook = hook\n1 / 0"
    ),
    "thread_raises": script("import threading; t = threading.Thread(target=lambda: 1 / 0, name='t'); t.start()"),
    "atexit": script(
        "import atexit\natexit.register(print, 'first in, last out')\natexit.register(print, 'second')\nprint('body')"
    ),
    "atexit_raises": script("import atexit\ndef f():\n    raise ValueError('late')\natexit.register(f)"),
    "atexit_after_error": script("import atexit, sys\natexit.register(lambda: print(sys.last_value))\n1 / 0"),
    "threads_are_joined": script(
        "import threading, time\ndef f():\n    time.sleep(0.1)\n    print('late')\nthreading.Thread(target=f).start()"
    ),
    "executor_is_joined": script(
        "from concurrent.futures import ThreadPoolExecutor\nimport time\n"
        "ThreadPoolExecutor(1).submit(lambda: (time.sleep(0.05), print('done')))"
    ),
    "daemon_thread": script(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nprint('over')"
    ),
    "unclosed_file": script("f = open('out.txt', 'w')\nf.write('kept')", tells=True),
    "unclosed_file_in_module": Case(
        {"step.py": "import other", "other.py": "f = open('out.txt', 'w')\nf.write('kept')\ndef g(): return f"}
    ),
    "unclosed_gzip": script(
        # Without a time in its header, which differs from one second to the next.
        "import gzip, io\nf = io.TextIOWrapper(gzip.GzipFile('out.gz', 'wb', 1, mtime=0))\nf.write('kept')"
    ),
    "finalizer": script("class A:\n    def __del__(self):\n        print('del')\na = A()\nb = [a]\nb.append(b)"),
    "weakref_finalize": script("import weakref\nclass A: ...\na = A()\nweakref.finalize(a, print, 'finalized')"),
    "temporary_directory": script(
        "import tempfile, os\nt = tempfile.TemporaryDirectory()\nprint(os.path.dirname(t.name), os.environ['TMPDIR'])"
    ),
    "os_exit": script("import os; print('a', flush=True); os._exit(9)", tells=False),
    "abort": script("import os; os.abort()", tells=False),
    "segfault": script("import ctypes; ctypes.string_at(0)", tells=False),
    "faulthandler": script(
        "import faulthandler, os, signal\nfaulthandler.enable()\nprint(faulthandler.is_enabled())", tells=True
    ),
    "kills_itself": script("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", tells=False),
    "terminates_itself": script("import os, signal; os.kill(os.getpid(), signal.SIGTERM)", tells=False),
    "exec": script("import os; os.execvp('echo', ['echo', 'replaced'])", tells=False),
    "signals": script(
        "import signal\nfor n in sorted(signal.valid_signals()):\n    print(n, signal.getsignal(n))\n"
        "print(signal.pthread_sigmask(signal.SIG_BLOCK, []), signal.set_wakeup_fd(-1))"
    ),
    "signal_masks": script(
        "for line in open('/proc/self/status'):\n    if line.startswith('Sig') and line[3:6] in ('Ign', 'Blk'):\n"
        "        print(line, end='')"
    ),
    "child_sees_signals": script(
        "import subprocess; subprocess.run(['grep', '^SigIgn\\|^SigBlk', '/proc/self/status'], check=True)"
    ),
    "limits": script(
        "import resource, os\nprint([(n, resource.getrlimit(getattr(resource, n))) for n in dir(resource)"
        " if n.startswith('RLIMIT')], os.umask(0o22), os.getpriority(0, 0))"
    ),
    "session": script(
        "import os\nprint(os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid(), open('/proc/self/comm').read())"
    ),
    "children": script("import os; print(open(f'/proc/self/task/{os.getpid()}/children').read())"),
    "no_sigpipe": script(
        "import os\nr, w = os.pipe()\nos.close(r)\ntry:\n    os.write(w, b'x')\n"
        "except BrokenPipeError:\n    print('broken')"
    ),
    "forks": Case(
        {
            "step.py": "import os\npid = os.fork()\nif pid:\n    code = os.waitpid(pid, 0)[1]\n"
            "    print('parent', code)\n"
            "else:\n    print('child')"
        }
    ),
    "multiprocessing_fork": script(
        "import multiprocessing as m\ndef f(x):\n    return x * x\nif __name__ == '__main__':\n"
        "    with m.get_context('fork').Pool(2) as p:\n        print(p.map(f, range(5)))"
    ),
    "multiprocessing_spawn": script(
        "import multiprocessing as m\nclass A:\n    x = 3\ndef f(a):\n    return a.x, __name__\n"
        "if __name__ == '__main__':\n"
        "    with m.get_context('spawn').Pool(1) as p:\n        print(p.map(f, [A()]))\n    print(m.current_process())"
    ),
    "shared_memory": script(
        "from multiprocessing import shared_memory\ns = shared_memory.SharedMemory(create=True, size=10)\n"
        "s.buf[0] = 7\nprint(s.buf[0])\ns.close()\ns.unlink()"
    ),
    "joblib": script(
        "from joblib import Parallel, delayed\ndef f(x):\n    return x + 1\n"
        "print(Parallel(2)(delayed(f)(i) for i in range(3)))"
    ),
    "pickles_main": script(
        "import pickle, joblib, io\nclass A:\n    pass\n"
        "print(pickle.dumps(A()), type(pickle.loads(pickle.dumps(A()))))\n"
        "b = io.BytesIO()\njoblib.dump(A(), b)\nprint(b.getvalue())"
    ),
    "getsource": script("import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f), inspect.getfile(f))"),
    "linecache": script("import linecache\nprint(linecache.getline(__file__, 1), linecache.getline('step.py', 2))"),
    "warns": script(
        "import warnings\nwarnings.warn('careful')\nwarnings.warn('old', DeprecationWarning)\n"
        "def f():\n    warnings.warn('caller', UserWarning, stacklevel=2)\nf()\nf()"
    ),
    "logs": script(
        "import logging, os\nprint(logging._startTime > os.stat(__file__).st_mtime)\n"
        "print(logging.root.handlers, logging.root.level)\nlogging.warning('w')\n"
        "logging.basicConfig(level=0, format='%(name)s %(filename)s %(lineno)d %(message)s', force=True)\n"
        "logging.getLogger('x').info('y')"
    ),
    "locale": script(
        "import locale, sys\nprint(locale.setlocale(locale.LC_ALL), locale.getpreferredencoding(),"
        " sys.getfilesystemencoding(), sys.getdefaultencoding())"
    ),
    "decimal_and_gc": script(
        "import decimal, gc, sys\nprint(decimal.getcontext(), gc.isenabled(), gc.get_threshold(), gc.garbage,"
        " sys.getrecursionlimit(), sys.getswitchinterval())"
    ),
    "changes_modules": script(
        "import sys, types\nsys.modules['made'] = m = types.ModuleType('made')\nm.x = 1\nimport made\nprint(made.x)\n"
        "del sys.modules['made']\nsys.modules.pop('json', None)\nimport json\nprint(json.dumps([1]))\n"
        "sys.modules['__main__'] = None"
    ),
    "shadows_stdlib": Case({"step.py": "import json; print(json.x)", "json.py": "x = 'own'"}, warm=False),
    "shadows_library": Case({"step.py": "import pandas; print(pandas.x)", "pandas/__init__.py": "x = 1"}, warm=False),
    "plain_folder_of_that_name": Case({"step.py": "import numpy; print(numpy.ndarray)", "numpy/notes.txt": "x"}),
    "own_runner": Case({"step.py": "import runner.engine as e; print(e.x)", "runner/engine.py": "x = 2"}),
    "own_launcher": Case(
        {"step.py": "import launcher, zygote; print(launcher.x)", "launcher.py": "x = 2", "zygote.py": ""}
    ),
    "module": Case({"tool.py": "import sys; print(sys.argv, sys.path, __name__, __spec__.name)"}, ("-m", "tool", "a")),
    "package": Case(
        {
            "tool/__init__.py": "print('package')",
            "tool/__main__.py": "from . import part\nimport sys\nprint(part.x, sys.argv, __package__)",
            "tool/part.py": "x = 4",
        },
        ("-m", "tool", "--all"),
    ),
    "submodule": Case({"tool/run.py": "print(__name__, __package__)"}, ("-m", "tool.run")),
    "module_raises": Case({"tool.py": "def f():\n    raise ValueError('x')\nf()"}, ("-m", "tool")),
    "module_missing": Case({}, ("-m", "no_such_module")),
    "stdlib_module": Case({"a.json": '{"b": 1}'}, ("-m", "json.tool", "a.json")),
    "file_missing": Case({}, ("missing.py",), warm=False),
    "folder": Case({"tool/__main__.py": "print('folder')"}, ("tool",), warm=False),
    "code": Case({}, ("-c", "import sys; print(sys.argv, sys.path, __name__, sorted(globals()))", "a", "b")),
    "code_raises": Case({}, ("-c", "def f():\n    1/0\nf()")),
    "code_syntax_error": Case({}, ("-c", "x = = 1")),
    "no_arguments": Case({}, (), warm=False),
    "version": Case({}, ("-V",), warm=False),
    "pandas": script(
        "import pandas as pd, numpy as np\n"
        "print(pd.DataFrame({'a': np.arange(4)}).groupby(pd.Series([0, 0, 1, 1])).sum())"
    ),
    "openmp": script(
        "from sklearn.ensemble import HistGradientBoostingClassifier\nfrom sklearn.datasets import load_iris\n"
        "x, y = load_iris(return_X_y=True)\nprint(HistGradientBoostingClassifier(max_iter=5).fit(x, y).score(x, y))"
    ),
    "thread_counts": script(
        "import numpy, sklearn, polars, os\nfrom threadpoolctl import threadpool_info\n"
        "a = numpy.arange(160000.0).reshape(400, 400) % 7\n"
        "print((a @ a).sum(), numpy.linalg.norm(a))\n"
        "print(sorted((i['user_api'], i['num_threads']) for i in threadpool_info()), polars.thread_pool_size())"
    ),
    "polars": script(
        "import polars as pl, os\nf = pl.DataFrame({'a': range(1000), 'b': [i % 7 for i in range(1000)]})\n"
        "f.write_parquet('f.parquet')\n"
        "q = pl.scan_parquet('f.parquet').group_by('b').agg(pl.col('a').sum()).sort('b')\n"
        "print(q.collect(), q.collect(engine='streaming'), f.to_pandas().shape)\n"
        "print(sorted(open(f'/proc/self/task/{t}/comm').read() for t in os.listdir('/proc/self/task'))[0])"
    ),
    "polars_raises": script("import polars as pl\npl.DataFrame({'a': [1]}).select('b')"),
}
