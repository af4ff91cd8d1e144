"""Fetch a file from the public web, and from nowhere else.

A step runs inside somebody's network. So that a URL typed into it cannot reach machines there, every
connection, also after a redirect, is made to an address that was looked at first, and only if it is public.
"""

import http.client
import ipaddress
import os
import socket
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from step import UserError, progress

SILENCE_SECONDS = 30
TOTAL_SECONDS = 900
CHUNK = 1 << 20
NAT64 = ipaddress.ip_network("64:ff9b::/96")
ALLOWED = "PORTLINE_PRIVATE_HOSTS"


def fetch(url: str, target: Path, most_bytes: int) -> str:
    """Save what a URL gives and return its content type. Raises UserError for anything that goes wrong."""
    shown = _without_secrets(url)
    if urlsplit(url).scheme not in ("http", "https"):
        raise UserError(f"`{shown}` cannot be read: a URL must begin with http:// or https://.")
    request = urllib.request.Request(url, headers={"User-Agent": "Portline"})
    try:
        with _opener().open(request, timeout=SILENCE_SECONDS) as response:
            _save(response, target, most_bytes)
            return str(response.headers.get_content_type())
    except HTTPError as error:
        raise UserError(f"`{shown}` answered {error.code} {error.reason}.") from None
    except TimeoutError:
        raise UserError(f"`{shown}` did not answer within {SILENCE_SECONDS} seconds.") from None
    except (URLError, OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, UserError):
            raise reason from None
        raise UserError(f"`{shown}` cannot be read: {reason}.") from None


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in an IPv6 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in NAT64:
            inner = ipaddress.ip_address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _without_secrets(url: str) -> str:
    """The URL for a log: what follows the ? is often a key, and so is what precedes the @."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def _save(response: http.client.HTTPResponse, target: Path, most_bytes: int) -> None:
    expected = int(response.headers.get("Content-Length") or 0)
    ends = time.monotonic() + TOTAL_SECONDS
    size = 0
    with target.open("wb") as file:
        while chunk := response.read(CHUNK):
            size += len(chunk)
            if max(size, expected) > most_bytes:
                raise UserError(f"The file is larger than the limit of {most_bytes // CHUNK} MB.")
            if time.monotonic() > ends:
                raise UserError(f"The file did not arrive within {TOTAL_SECONDS // 60} minutes.")
            file.write(chunk)
            progress(size, expected)
    print(f"Fetched {size:,} bytes.")


def _connect(host: str, port: int, timeout: float | None) -> socket.socket:
    """A connection to a public address of the host, or to any if whoever runs the worker allows this host."""
    allowed = {name.strip().lower() for name in os.environ.get(ALLOWED, "").split(",")}
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    open_to = [entry for entry in found if host.lower() in allowed or is_public(str(entry[4][0]))]
    if not open_to:
        raise UserError(
            f"`{host}` is an address inside of a private network, which steps may not read. "
            f"Whoever runs the worker can allow it by the variable {ALLOWED}."
        )
    family, kind, protocol, _, address = open_to[0]
    connection = socket.socket(family, kind, protocol)
    connection.settimeout(timeout)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = _connect(self.host, self.port, self.timeout)


class _Secure(http.client.HTTPSConnection):
    def connect(self) -> None:
        raw = _connect(self.host, self.port, self.timeout)
        self.sock = self._context.wrap_socket(raw, server_hostname=self.host)


class _PlainHandler(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Plain, req)


class _SecureHandler(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Secure, req)


def _opener() -> urllib.request.OpenerDirector:
    """http and https alone: no files, no FTP, and no proxy, which would hide the address."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        _PlainHandler(),
        _SecureHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
