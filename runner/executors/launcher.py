"""A small process that starts the steps' processes for a worker, and outlives none of them.

Why not from the worker itself: a worker has threads and a large memory, which makes forking slow and what may be done
between fork and exec unsafe. This process is small and has one thread. It also adopts what steps leave behind (as
"subreaper"), so that a process which put itself in the background is found; and when its worker vanishes, however that
comes about, the control socket closes and it ends everything it started.

Children are forked ahead: two wait for a request each, so that a step begins without waiting for a fork. A child that
waits holds no step's token, ends with this process, and takes on everything that is the step's own only with a request.

Standard library only; run as a script: `python launcher.py <fd of the control socket>`.
Control socket: a request is one byte with three file descriptors: stdout, stderr and the step's status socket. On the
status socket the worker writes 4 bytes of length and JSON `{argv, cwd, env, token}`; the launcher writes
`{"code": n, "alone": true}` there when the step's process has ended (`alone`: nothing that it put in the background may
still run), and reads `T` (ask the step's processes to end) and `K` (end them). Whichever
child receives the byte takes the request and passes the status socket on; it goes on once this process knows of it.
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


# How many children wait, where there is memory enough for them.
SPARES = 2
SHORT_OF_MEMORY = 0.05
# A fork takes as long as a small step, so the next one is made when nothing happened for so long.
QUIET_SECONDS = 0.01
# After a fork that failed, or a child that ended while it waited.
PAUSE_SECONDS = 0.1


class Launcher:
    """The loop. `steps` maps a step's process id to its token and status socket, `spares` a waiting child's to a socket
    that leads to it."""

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        # It was passed on to this process; steps are not to have it.
        control.set_inheritable(False)
        self.pid = os.getpid()
        self.steps: dict[int, tuple[str, socket.socket]] = {}
        self.spares: dict[int, socket.socket] = {}
        # Steps that told how they end, until they have.
        self.leaving: set[int] = set()
        self.parent: socket.socket
        self.alive = True
        self.listens = False
        self.paused_until = 0.0
        self.selector = selectors.DefaultSelector()
        self.most_spares = SPARES
        self.prctl = _prctl()
        self.prctl(PR_SET_CHILD_SUBREAPER, 1)

    def run(self) -> None:
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        os.set_blocking(wake_read, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self.selector.register(wake_read, selectors.EVENT_READ)
        quiet = True
        while self.alive:
            events = self.selector.select(self.provide(quiet))
            for key, _ in events:
                if key.fileobj is self.control:
                    self.asked()
                elif key.fileobj == wake_read:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake_read, 4096)
                elif key.data in self.spares:
                    self.taken(key.data)
                elif key.data in self.steps:
                    self.command(key.data)
            self.reap()
            quiet = not events
        for pid in list(self.steps):
            self.signal(pid, signal.SIGKILL)

    def provide(self, quiet: bool) -> float | None:
        """See to it that a request finds a child. Answers in how many seconds to look again, None: not by itself."""
        now = time.monotonic()
        wait = max(0.0, self.paused_until - now) or None
        if len(self.spares) < self.most_spares and wait is None:
            if _memory_is_short():
                wait = 10 * PAUSE_SECONDS
            elif quiet or not self.spares:
                self.fork()
            if len(self.spares) < self.most_spares:
                wait = wait or QUIET_SECONDS
        # While a child waits, it hears whatever comes.
        self.listen(not self.spares and now >= self.paused_until)
        return wait

    def listen(self, on: bool) -> None:
        if on and not self.listens:
            self.selector.register(self.control, selectors.EVENT_READ)
        elif self.listens and not on:
            self.selector.unregister(self.control)
        self.listens = on

    def asked(self) -> None:
        """There is a request and nobody waits for it; or the worker is gone."""
        if self.worker_is_gone():
            self.alive = False
        elif not self.spares:
            self.fork()

    def worker_is_gone(self) -> bool:
        try:
            return not self.control.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False
        except OSError:
            return True

    def fork(self) -> None:
        """Make a child that waits for a request."""
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError:
            ours.close()
            theirs.close()
            self.paused_until = time.monotonic() + PAUSE_SECONDS
            return
        if pid == 0:
            self.leave()
            ours.close()
            self.parent = theirs
            self.wait()
        theirs.close()
        self.spares[pid] = ours
        self.selector.register(ours, selectors.EVENT_READ, pid)

    def leave(self) -> None:
        """In a child: let go of what belongs to this process."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.selector.close()
        for spare in self.spares.values():
            spare.close()
        for _, status in self.steps.values():
            status.close()

    def wait(self) -> None:
        """In a child: wait for a request and do what it asks. Never returns."""
        self.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.pid:
            os._exit(1)
        try:
            self.rehearse()
            request, out, err = self.take(self.control, self.parent)
            self.control.close()
        except (OSError, EOFError):
            os._exit(1)
        self.become(request, out, err)

    def take(self, control: socket.socket, parent: socket.socket) -> tuple[dict, int, int]:
        """Wait for a request and pass its status socket on; answers the request with stdout and stderr."""
        head, fds, _, _ = socket.recv_fds(control, 1, 3)
        if not head:
            os._exit(0)
        for fd in fds:
            os.set_inheritable(fd, False)
        out, err, status_fd = fds
        with socket.socket(fileno=status_fd) as status:
            request = json.loads(_exactly(status, struct.unpack("!I", _exactly(status, 4))[0]))
            socket.send_fds(parent, [request["token"].encode() or b"-"], [status_fd])
        return request, out, err

    def rehearse(self) -> None:
        """In a child: take a request that nobody sent, and do what comes after it to no effect.

        What runs for the first time after a fork copies the memory that it touches, which takes longer than to run it.
        """
        body = json.dumps({"argv": ["python"], "cwd": "/", "env": dict(os.environ), "token": "-"}).encode()
        pairs = [socket.socketpair() for _ in range(3)]
        control, status, parent = pairs
        status[0].sendall(struct.pack("!I", len(body)) + body)
        socket.send_fds(control[0], [b"!"], [status[1].fileno()] * 3)
        _, *fds = self.take(control[1], parent[1])
        for fd in fds:
            os.close(fd)
        for pair in pairs:
            for end in pair:
                end.close()

    def go(self) -> None:
        """In a child: wait until the parent knows of the step. From here on it may have begun."""
        if not self.parent.recv(1):
            os._exit(1)
        self.parent.close()

    def taken(self, pid: int) -> None:
        """A child took a request: it is a step now."""
        spare = self.spares.pop(pid)
        self.selector.unregister(spare)
        with spare, contextlib.suppress(OSError):
            token, fds, _, _ = socket.recv_fds(spare, 200, 1)
            if not fds:
                # It ended: with the worker, or for want of memory.
                self.alive = self.alive and not self.worker_is_gone()
                self.paused_until = time.monotonic() + PAUSE_SECONDS
                return
            status = socket.socket(fileno=fds[0])
            self.steps[pid] = (token.decode(), status)
            self.selector.register(status, selectors.EVENT_READ, pid)
            self.began(pid)
            spare.sendall(b"+")

    def began(self, pid: int) -> None:
        """This process knows of a step that is about to begin."""

    def become(self, request: dict, out: int, err: int) -> None:
        """In the child: turn into the step's process. Never returns."""
        code = 126
        try:
            os.setsid()
            for number in (signal.SIGINT, signal.SIGPIPE):
                signal.signal(number, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            nothing = os.open(os.devnull, os.O_RDONLY)
            for source, target in ((nothing, 0), (out, 1), (err, 2)):
                os.dup2(source, target)
            os.chdir(request["cwd"])
            self.go()
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
        for pid in self.adopted():
            with contextlib.suppress(OSError):
                if mark in _environ(pid).split(b"\0"):
                    found += [pid, *_descendants(pid)]
        return found

    def adopted(self) -> list[int]:
        """What steps left behind, of whichever step it is."""
        return [
            pid
            for pid in _children_of(os.getpid())
            if pid not in self.steps and pid not in self.spares and pid not in self.leaving
        ]

    def told(self) -> dict[int, int]:
        """The exit codes of steps that are about to end and told theirs."""
        return {}

    def reap(self) -> None:
        """See which steps ended."""
        for pid, code in self.told().items():
            self.leaving.add(pid)
            self.ended(pid, code)
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.leaving.discard(pid)
            if pid in self.spares:
                # What it told before it ended is heard first.
                self.taken(pid)
            if pid in self.steps:
                self.ended(pid, os.waitstatus_to_exitcode(status))

    def ended(self, pid: int, code: int) -> None:
        # A step is over when its process is: whatever it left behind goes with it.
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
        token, status = self.steps[pid]
        # One that told is still there, and with it what it put in the background; later, that is adopted here.
        below = _descendants(pid) if pid in self.leaving and _children_of(pid) else []
        # What is only about to be gone, or is another step's, counts as not alone.
        alone = not below and not self.adopted()
        for process in [] if alone else [*below, *self.orphans(token)]:
            with contextlib.suppress(OSError):
                os.kill(process, signal.SIGKILL)
        del self.steps[pid]
        with contextlib.suppress(KeyError):
            self.selector.unregister(status)
        with contextlib.suppress(OSError):
            status.sendall(json.dumps({"code": code, "alone": alone}).encode())
        status.close()


def _prctl():  # type: ignore[no-untyped-def]
    """Linux's prctl, or something that does nothing where there is none."""
    try:
        return ctypes.CDLL(None).prctl
    except AttributeError:
        return lambda *_: -1


def _memory_is_short() -> bool:
    try:
        with open("/proc/meminfo", "rb") as file:
            facts = dict(line.split()[:2] for line in file)
        return int(facts[b"MemAvailable:"]) < SHORT_OF_MEMORY * int(facts[b"MemTotal:"])
    except (OSError, KeyError, ValueError):
        return False


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


def _children_of(pid: int) -> list[int]:
    """A process's children, from one small file where the kernel has it: it is asked at the end of each step."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return _children().get(pid, [])


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
