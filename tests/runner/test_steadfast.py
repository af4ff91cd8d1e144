"""A connection to the database that is cut costs no step: what a worker tells is told again."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection

from runner.executors.logs import LogWriter
from runner.models import Attempt, Run
from runner.services import steadfast
from runner.services.attempts import Claim, attempt_claim, attempt_complete, attempt_running, attempt_tell
from tests.runner.conftest import World, log_of, step_of


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steadfast, "PAUSE_SECONDS", 0)


@pytest.fixture
def run(live_world: World) -> Run:
    return live_world.submit(live_world.pipeline({"a": live_world.component("write", "true")}))


def running(run: Run) -> Claim:
    claim = attempt_claim(step_of(run, "a").pk, "here_1_x")
    assert claim is not None
    attempt_running(claim, "true")
    attempt_tell(claim, at_once=True)
    return claim


@contextlib.contextmanager
def cut(statement: str, times: int = 1) -> Iterator[list[str]]:
    """The connection breaks before a statement that begins so."""
    broken: list[str] = []

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(statement) and len(broken) < times:
            broken.append(sql)
            raise OperationalError("server closed the connection unexpectedly")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(wrapper):
        yield broken


@pytest.mark.parametrize("statement", ["SELECT", "UPDATE", "INSERT"])
def test_an_end_is_committed_once_though_the_connection_is_cut(run: Run, statement: str) -> None:
    claim = running(run)
    with cut(statement, times=2) as broken:
        attempt_complete(claim, [], 0)
    assert len(broken) == 2
    run.refresh_from_db()
    assert run.status == "Completed"
    assert [attempt.status for attempt in Attempt.objects.all()] == ["Completed"]
    assert list(run.events.values_list("seq", flat=True)) == list(range(1, run.event_seq + 1))


def test_what_is_printed_meanwhile_waits(run: Run) -> None:
    claim = running(run)
    writer = LogWriter(claim.attempt, on_progress=lambda _: None, on_metric=lambda *_: None)
    with cut("INSERT"):
        writer.feed("stdout", b"one\n")
        writer.flush()
    writer.feed("stdout", b"two\n")
    attempt_complete(claim, [], 0, writer.rest())
    assert log_of(run, "a") == "one\ntwo\n"
