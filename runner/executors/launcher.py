"""A small process that starts the steps' processes for a worker, and outlives none of them.

Why not from the worker itself: a worker has threads and a large memory, which makes forking slow and what may be done
between fork and exec unsafe. This process is small and has one thread. It also adopts what steps leave behind (as
"subreaper"), so that a process which put itself in the background is found; and when its worker vanishes, however that
comes about, the control socket closes and it ends everything it started.

Standard library only; run as a script: `python launcher.py <fd of the control socket>`.
Control socket: a request is 4 bytes of length and JSON `{argv, cwd, env, token}`, with three file descriptors: stdout,
stderr and the step's status socket. On the status socket the launcher writes `{"code": n}` when the step's process has
ended, and reads `T` (ask the step's processes to end) and `K` (end them).
"""

import contextlib
import ctypes
import json
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import time

TOKEN = "PORTLINE_ATTEMPT"
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class Launcher:
    """The loop. `steps` maps a step's process id to its token and status socket."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        # It was passed on to this process; steps are not to have it.
        control.set_inheritable(False)
        self.steps: dict[int, tuple[str, socket.socket]] = {}
        self.selector = selectors.DefaultSelector()
        self.prctl = _prctl()
        self.prctl(PR_SET_CHILD_SUBREAPER, 1)

    def run(self) -> None:
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        os.set_blocking(wake_read, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.selector.register(self.control, selectors.EVENT_READ)
        self.selector.register(wake_read, selectors.EVENT_READ)
        alive = True
        while alive:
            for key, _ in self.selector.select():
                if key.fileobj is self.control:
                    alive = self.receive() and alive
                elif key.fileobj == wake_read:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake_read, 4096)
                elif key.data in self.steps:
                    self.command(key.data)
            self.reap()
        for pid in list(self.steps):
            self.signal(pid, signal.SIGKILL)

    def receive(self) -> bool:
        """Start what one request asks for; False when the worker is gone."""
        head, fds, _, _ = socket.recv_fds(self.control, 4, 3)
        if not head:
            return False
        head += _exactly(self.control, 4 - len(head))
        request = json.loads(_exactly(self.control, struct.unpack("!I", head)[0]))
        out, err, status_fd = fds
        for fd in fds:
            os.set_inheritable(fd, False)
        pid = os.fork()
        if pid == 0:
            self.become(request, out, err)
        os.close(out)
        os.close(err)
        status = socket.socket(fileno=status_fd)
        self.steps[pid] = (request["token"], status)
        self.selector.register(status, selectors.EVENT_READ, pid)
        return True

    def become(self, request: dict, out: int, err: int) -> None:
        """In the child: turn into the step's process. Never returns."""
        code = 126
        try:
            signal.set_wakeup_fd(-1)
            os.setsid()
            self.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (out, 1), (err, 2)):
                os.dup2(source, target)
            os.chdir(request["cwd"])
            os.execvpe(request["argv"][0], request["argv"], request["env"])
        except FileNotFoundError:
            code = 127
            os.write(2, f"{request['argv'][0]}: command not found\n".encode())
        except OSError as error:
            os.write(2, f"{request['argv'][0]}: {error.strerror}\n".encode())
        finally:
            os._exit(code)

    def command(self, pid: int) -> None:
        """What the worker asks of a running step; its end of the socket closed means: end it."""
        word = b""
        with contextlib.suppress(OSError):
            word = self.steps[pid][1].recv(1)
        self.signal(pid, signal.SIGTERM if word == b"T" else signal.SIGKILL)
        if not word:
            self.selector.unregister(self.steps[pid][1])

    def signal(self, pid: int, number: int) -> None:
        """Signal everything that a step started: its group, its descendants, and what it put in the background."""
        for process in [*_descendants(pid), *self.orphans(self.steps[pid][0])]:
            with contextlib.suppress(OSError):
                os.kill(process, number)
        with contextlib.suppress(OSError):
            os.killpg(pid, number)

    def orphans(self, token: str) -> list[int]:
        """Processes that a step put in the background, and theirs: adopted by this one, and bearing its token."""
        mark = f"{TOKEN}={token}".encode()
        found = []
        for pid in _own_children():
            if pid not in self.steps:
                with contextlib.suppress(OSError):
                    if mark in _environ(pid).split(b"\0"):
                        found += [pid, *_descendants(pid)]
        return found

    def reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.steps:
                self.ended(pid, os.waitstatus_to_exitcode(status))

    def ended(self, pid: int, code: int) -> None:
        # A step is over when its process is: whatever it left behind goes with it.
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        token, status = self.steps[pid]
        for process in self.orphans(token):
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        del self.steps[pid]
        with contextlib.suppress(KeyError):
            self.selector.unregister(status)
        with contextlib.suppress(OSError):
            status.sendall(json.dumps({"code": code}).encode())
        status.close()


def _prctl():  # type: ignore[no-untyped-def]
    """Linux's prctl, or something that does nothing where there is none."""
    try:
        return ctypes.CDLL(None).prctl
    except AttributeError:
        return lambda *_: -1


def _environ(pid: int) -> bytes:
    """A process's variables. In the moment in which it executes another program it shows none, so look again."""
    data = b""
    for _ in range(20):
        with open(f"/proc/{pid}/environ", "rb") as file:
            data = file.read()
        if data or _state(pid) == "Z":
            break
        time.sleep(0.001)
    return data


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0]


def _own_children() -> list[int]:
    """This process's children, from one small file where the kernel has it: it is asked at the end of each step."""
    try:
        with open(f"/proc/self/task/{os.getpid()}/children") as file:
            return [int(pid) for pid in file.read().split()]
    except OSError:
        return _children().get(os.getpid(), [])


def _children() -> dict[int, list[int]]:
    """Every process's children."""
    found: dict[int, list[int]] = {}
    for name in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError), open(f"/proc/{name}/stat", "rb") as file:
                parent = int(file.read().rpartition(b")")[2].split()[1])
                found.setdefault(parent, []).append(int(name))
    return found


def _descendants(pid: int) -> list[int]:
    children = _children()
    found: list[int] = []
    rest = [pid]
    while rest:
        below = children.get(rest.pop(), [])
        found += below
        rest += below
    return found


def _exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = source.recv(size - len(data))
        if not part:
            raise EOFError
        data += part
    return data


if __name__ == "__main__":
    Launcher(socket.socket(fileno=int(sys.argv[1]))).run()
