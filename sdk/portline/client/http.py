"""Requests to the REST API: with the token, tried again where that is safe, errors as PortlineError."""

import contextlib
import json as jsonlib
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import httpx

from portline import __version__
from portline.client.config import Config
from portline.client.errors import PortlineError, error_of

BUSY = (429, 502, 503, 504)
LONGEST_WAIT = 30.0
UNNAMED = ("Not found.", "There is no such run.", "There is no such schedule.")
"""Sentences of the server that do not say what is not there."""
WORDS = {
    "jobs": "job",
    "runs": "run",
    "components": "component",
    "data": "data",
    "environments": "environment",
    "models": "model",
    "schedules": "schedule",
    "compute": "compute target",
}
"""What lies below each part of the API."""
PAGE_SIZE = 200

Json = Any
Files = Mapping[str, tuple[str, IO[bytes]]]


class Http:
    """One server, one token, one workspace."""

    def __init__(
        self,
        config: Config,
        *,
        timeout: float = 60,
        tries: int = 4,
        wait: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.config = config
        self._tries = tries
        self._wait = wait
        headers = {"User-Agent": f"portline/{__version__}", "Accept": "application/json, application/problem+json"}
        if config.token:
            headers["Authorization"] = f"Bearer {config.token}"
        # Redirects are not followed: they could carry the token elsewhere.
        self._client = httpx.Client(
            base_url=f"{config.url}/api/v1/", headers=headers, timeout=timeout, transport=transport
        )

    def close(self) -> None:
        self._client.close()

    def get(self, path: str, params: Mapping[str, Any] | None = None, *, site: bool = False) -> Json:
        return self._json("GET", path, site, params=_given(params))

    def post(
        self,
        path: str,
        json: Json = None,
        *,
        data: Mapping[str, Any] | None = None,
        files: Files | None = None,
        site: bool = False,
        once: bool = False,
    ) -> Json:
        """`data` and `files` go as a form with parts. `once` is for what must not be done twice: it is sent with a key
        by which the server knows it again, and answers as it did the first time.
        """
        if data is not None and not files:
            # httpx would write a plain form; a part that is no file needs the other way.
            files, data = {key: (None, str(value)) for key, value in data.items()}, None  # type: ignore[misc]
        return self._json("POST", path, site, once, json=json, data=data, files=files)

    def patch(self, path: str, json: Json) -> Json:
        return self._json("PATCH", path, json=json)

    def put(self, path: str, json: Json) -> Json:
        return self._json("PUT", path, json=json)

    def delete(self, path: str) -> None:
        self._json("DELETE", path)

    def pages(self, path: str, params: Mapping[str, Any] | None = None, limit: int | None = None) -> Iterator[Json]:
        """The rows of a list, page by page as they are taken; at most `limit` of them."""
        asked: dict[str, Any] = {**_given(params), "page_size": min(limit or PAGE_SIZE, PAGE_SIZE)}
        given = 0
        while True:
            page = self.get(path, asked)
            for row in page["results"]:
                yield row
                given += 1
                if limit is not None and given >= limit:
                    return
            following = parse_qs(urlsplit(page.get("next") or "").query).get("cursor")
            if not following:
                return
            asked["cursor"] = following[0]

    @contextlib.contextmanager
    def stream(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[httpx.Response]:
        """An answer whose body is read block by block. Raises PortlineError."""
        self._need_token()
        try:
            with self._client.stream("GET", self._path(path, False), params=_given(params)) as response:
                if not response.is_success:
                    response.read()
                    raise _error(response, path)
                yield response
        except httpx.TransportError as error:
            raise self._unreachable(error) from None

    def _json(self, method: str, path: str, site: bool = False, once: bool = False, **sent: Any) -> Json:
        response = self._send(method, self._path(path, site), sent, once)
        if not response.is_success:
            raise _error(response, path)
        if not response.content:
            return None
        if "json" not in response.headers.get("Content-Type", ""):
            raise PortlineError(f"{self.config.url} does not answer as a Portline server does.", status=502)
        return response.json()

    def _send(self, method: str, path: str, sent: dict[str, Any], once: bool) -> httpx.Response:
        """Try it until an answer comes that another try would not change.

        All may be repeated: what is registered is known by its content, what is submitted carries a `request_id`, and
        what is sent `once` a key.
        """
        self._need_token()
        if once:
            sent = {**sent, "headers": {"Idempotency-Key": uuid.uuid4().hex}}
        for last in (*[False] * (self._tries - 1), True):
            for _, file in (sent.get("files") or {}).values():
                if not isinstance(file, str):
                    file.seek(0)
            pause = 0.3
            try:
                response = self._client.request(method, path, **sent)
            except httpx.TransportError as error:
                if last:
                    raise self._unreachable(error) from None
            except httpx.InvalidURL as error:
                raise PortlineError(f"{self.config.url} is no address of a server: {error}.") from None
            else:
                if last or not (response.status_code in BUSY or _still_answering(response)):
                    return response
                pause = _retry_after(response)
            self._wait(pause)
        raise AssertionError("the last try returns or raises")

    def _need_token(self) -> None:
        if not self.config.token:
            raise PortlineError(
                f"You are not logged in to {self.config.url}; run `portline login`, or set PORTLINE_TOKEN.",
                status=401,
                code="not_logged_in",
            )

    def _path(self, path: str, site: bool) -> str:
        return path if site else f"workspaces/{quote(self.config.workspace, safe='')}/{path}"

    def _unreachable(self, error: httpx.TransportError) -> PortlineError:
        why = str(error) or type(error).__name__
        return PortlineError(
            f"{self.config.url} cannot be reached: {why}. Is the server running, and is the address right?",
            code="unreachable",
        )


def segment(text: str) -> str:
    """A name as one part of an address."""
    return quote(text, safe="")


def _given(params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without what is None; True and False as the server reads them."""
    words = {True: "true", False: "false"}
    return {
        name: words[value] if isinstance(value, bool) else value
        for name, value in (params or {}).items()
        if value is not None
    }


def _error(response: httpx.Response, path: str) -> PortlineError:
    if response.is_redirect:
        where = response.headers.get("Location", "elsewhere")
        return PortlineError(f"The server sends requests on to {where}; log in with that address.", status=502)
    try:
        document = response.json()
    except (jsonlib.JSONDecodeError, UnicodeDecodeError):
        document = None
    error = error_of(response.status_code, document)
    kind, _, rest = path.partition("/")
    if error.sentence in UNNAMED and kind in WORDS and rest:
        # The server says that something is not there; here it is known what.
        name, _, below = rest.partition("/")
        version = below.split("/")[1] if below.startswith("versions/") else ""
        what = f"{WORDS[kind]} `{unquote(name)}`" + (f" of version `{unquote(version)}`" if version else "")
        return PortlineError(f"There is no {what} in this workspace.", status=404, code="not_found")
    return error


def _still_answering(response: httpx.Response) -> bool:
    """Whether the server is at it still, because of a try whose answer got lost."""
    return response.status_code == 409 and b'"still_answering"' in response.content


def _retry_after(response: httpx.Response) -> float:
    try:
        return min(float(response.headers["Retry-After"]), LONGEST_WAIT)
    except (KeyError, ValueError):
        return 1.0
