"""What is made of the lines that the server sends: order, unfinished lines, lost connections."""

import json
from typing import Any

import httpx
import pytest

from portline.client.config import Config
from portline.client.errors import PortlineError
from portline.client.following import follow, lines
from portline.client.http import Http


def status(seq: int, node: str, status: str, attempt: int = 1, **more: Any) -> dict[str, Any]:
    data = {"node": node, "status": status, "attempt": attempt, "reused": False, **more}
    return {"seq": seq, "type": "step.status", "at": "2026-01-01T00:00:00Z", "data": data}


def run(seq: int, status: str) -> dict[str, Any]:
    return {"seq": seq, "type": "run.status", "at": "2026-01-01T00:00:00Z", "data": {"status": status, "message": ""}}


def events(*found: dict[str, Any]) -> dict[str, Any]:
    return {"t": "events", "events": list(found)}


def log(node: str, seq: int, text: str, ended: bool = False, attempt: int = 1) -> dict[str, Any]:
    chunks = [{"seq": seq, "stream": "stdout", "at": "", "text": text}] if text else []
    return {"t": "log", "node": node, "attempt": attempt, "chunks": chunks, "ended": ended}


def end(ended: bool = True) -> dict[str, Any]:
    return {"t": "end", "seq": 0, "status": "", "ended": ended}


def told(*answers: list[dict[str, Any]] | Exception) -> tuple[list[str], list[httpx.Request]]:
    """The lines of a job that the server tells of in these answers, and what it was asked."""
    left, asked = list(answers), []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(200, text="".join(json.dumps(message) + "\n" for message in answer))

    http = Http(Config("http://server", "token", "main"), transport=httpx.MockTransport(handle))
    found = [line for update in follow(http, "job", wait=0) for line in lines(update)]
    return [line if "|" in line else line.partition(" ")[2] for line in found], asked


def test_that_a_step_ended_comes_after_all_that_it_printed() -> None:
    found, _ = told(
        [
            events(status(1, "a", "Running"), status(2, "b", "Running")),
            log("a", 1, "one\ntw"),
            events(status(3, "a", "Completed"), status(4, "b", "Completed"), run(5, "Completed")),
            log("a", 2, "o\nthree", ended=True),
            log("b", 1, "", ended=True),
            end(),
        ]
    )
    running = ["a: Running", "b: Running", "a | one"]
    assert found == [*running, "a | two", "a | three", "a: Completed", "b: Completed", "job Completed"]


def test_a_step_that_prints_nothing_waits_for_nothing() -> None:
    found, _ = told(
        [
            events(
                status(1, "a", "Skipped", 0), status(2, "b", "Completed", reused=True), status(3, "c", "Canceled", 0)
            ),
            end(),
        ]
    )
    assert found == ["a: Skipped", "b: Completed (reused)", "c: Canceled"]


def test_what_a_step_waits_for_is_told() -> None:
    waits = status(2, "a", "Queued", 0, message="No worker serves `gpu`.")
    found, _ = told([events(status(1, "a", "Queued", 0), waits), end()])
    assert found == ["a: Queued: No worker serves `gpu`."]


def test_a_new_attempt_is_told_anew() -> None:
    first = [log("a", 1, "first\n", ended=True), events(status(1, "a", "Queued"), status(2, "a", "Running", 2))]
    found, _ = told(
        [*first, log("a", 1, "second\n", ended=True, attempt=2), events(status(3, "a", "Failed", 2)), end()]
    )
    assert found == ["a | first", "a: Running", "a | second", "a: Failed"]


def test_an_answer_that_ends_is_asked_for_what_comes_after_it() -> None:
    first = [events(status(1, "a", "Running")), log("a", 7, "one\n"), end(ended=False)]
    second = [log("a", 8, "two\n", ended=True), events(status(2, "a", "Completed")), end()]
    found, asked = told(first, second)
    assert found == ["a: Running", "a | one", "a | two", "a: Completed"]
    assert (asked[0].url.params["after"], asked[1].url.params["after"]) == ("0", "1")
    assert asked[1].url.params.get_list("log") == ["a@7"]


def test_a_lost_connection_is_made_anew_and_at_last_given_up() -> None:
    lost = httpx.ReadError("cut")
    found, _ = told([events(status(1, "a", "Running"))], lost, lost, [events(run(2, "Canceled")), end()])
    assert found == ["a: Running", "job Canceled"]
    with pytest.raises(PortlineError, match="cannot be reached"):
        told(*[lost] * 5)


def test_a_job_that_is_not_there_is_not_waited_for() -> None:
    http = Http(
        Config("http://server", "token", "main"),
        transport=httpx.MockTransport(lambda request: httpx.Response(404, json={"detail": "Not found."})),
    )
    with pytest.raises(PortlineError, match="There is no job `x`"):
        list(follow(http, "x"))
