"""A wire between a process and a service that a test can cut."""

import contextlib
import socket
import threading
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """Listens on a port of one of this machine's addresses and passes on what comes to where `url` points."""

    def __init__(self, url: str, address: str = "127.0.0.1") -> None:
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self._closed = False
        self.refuses = False
        self._listener = socket.create_server((address, 0))
        user = f"{target.username or ''}:{target.password or ''}@" if target.username or target.password else ""
        self.url = urlunsplit(target._replace(netloc=f"{user}{address}:{self._listener.getsockname()[1]}"))
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> int:
        """Break every connection; new ones may be made. Answers how many there were."""
        with self._lock:
            found, self._sockets = list(self._sockets), set()
        for each in found:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        return len(found) // 2

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        self.cut()

    def _listen(self) -> None:
        while not self._closed:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                if self.refuses:
                    raise ConnectionRefusedError
                far = socket.create_connection(self._target, timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            for end in (near, far):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._sockets |= {near, far}
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with self._lock:
            self._sockets -= {source, target}
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
