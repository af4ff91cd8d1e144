"""Requests: what is tried again, what an error says, where the token goes."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portline.client.config import Config
from portline.client.errors import PortlineError
from portline.client.http import Http

CONFIG = Config("http://server", "plt_secret", "main")


def http(
    answer: Callable[[httpx.Request], httpx.Response], config: Config = CONFIG
) -> tuple[Http, list[httpx.Request]]:
    asked: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        request.read()
        asked.append(request)
        return answer(request)

    return Http(config, wait=lambda seconds: None, transport=httpx.MockTransport(handle)), asked


def failing(times: int, error: type[httpx.TransportError]) -> Callable[[httpx.Request], httpx.Response]:
    left = [times]

    def answer(request: httpx.Request) -> httpx.Response:
        if left[0]:
            left[0] -= 1
            raise error("cut")
        return httpx.Response(200, json={"ok": True})

    return answer


def test_a_request_carries_the_token_and_the_workspace() -> None:
    made, asked = http(lambda request: httpx.Response(200, json={}))
    made.get("jobs/")
    assert str(asked[0].url) == "http://server/api/v1/workspaces/main/jobs/"
    assert asked[0].headers["Authorization"] == "Bearer plt_secret"


def test_without_a_token_nothing_is_sent() -> None:
    made, asked = http(lambda request: httpx.Response(200, json={}), Config("http://server", "", "main"))
    with pytest.raises(PortlineError, match="run `portline login`"):
        made.get("jobs/")
    assert asked == []


def test_a_cut_connection_is_tried_again_with_the_whole_file(tmp_path: Any) -> None:
    made, asked = http(failing(2, httpx.ReadError))
    (tmp_path / "a.bin").write_bytes(b"content")
    with (tmp_path / "a.bin").open("rb") as file:
        assert made.post("data/", data={"name": "a"}, files={"file": ("a.bin", file)}) == {"ok": True}
    assert [b"content" in request.content for request in asked] == [True, True, True]


def test_what_must_not_be_done_twice_has_a_key_by_which_it_is_known_again() -> None:
    made, asked = http(failing(1, httpx.ReadError))
    assert made.post("schedules/s/trigger/", once=True) == {"ok": True}
    made.post("schedules/s/trigger/", once=True)
    keys = [request.headers["Idempotency-Key"] for request in asked]
    assert keys[0] == keys[1] != keys[2]


def test_a_request_that_is_being_answered_still_is_asked_for_again() -> None:
    answers = [httpx.Response(409, json={"code": "still_answering"}), httpx.Response(200, json={"ok": True})]
    made, _ = http(lambda request: answers.pop(0))
    assert made.post("schedules/s/trigger/", once=True) == {"ok": True}


def test_a_busy_server_is_asked_again_and_a_refusal_is_not() -> None:
    answers = [httpx.Response(503, headers={"Retry-After": "1"}), httpx.Response(200, json=[])]
    made, asked = http(lambda request: answers.pop(0))
    assert made.get("jobs/") == []
    made, asked = http(lambda request: httpx.Response(409, json={"detail": "No.", "code": "refused"}))
    with pytest.raises(PortlineError, match=r"No\.") as refused:
        made.post("jobs/", {})
    assert (len(asked), refused.value.status, refused.value.code) == (1, 409, "refused")


def test_who_gives_up_says_so() -> None:
    made, asked = http(failing(99, httpx.ConnectError))
    with pytest.raises(PortlineError, match=r"http://server cannot be reached: cut\. Is the server running"):
        made.get("jobs/")
    assert len(asked) == 4


def test_a_redirect_does_not_take_the_token_along() -> None:
    made, asked = http(lambda request: httpx.Response(301, headers={"Location": "https://elsewhere/"}))
    with pytest.raises(PortlineError, match="sends requests on to https://elsewhere/"):
        made.get("jobs/")
    assert len(asked) == 1


def test_all_that_a_problem_document_knows_is_told() -> None:
    document = {
        "detail": "The file cannot be read.",
        "code": "invalid",
        "errors": {"name": ["Too long.", "Not a name."], "inputs": {"x": ["No number."]}},
        "faults": [{"message": "unknown key `inptus`", "file": "p.yml", "line": 3, "column": 1}],
        "problems": {"train": [{"severity": "error", "field": "data", "message": "Not connected."}]},
    }
    made, _ = http(lambda request: httpx.Response(422, json=document))
    with pytest.raises(PortlineError) as refused:
        made.post("jobs/", {})
    assert str(refused.value).splitlines() == [
        "The file cannot be read.",
        "  name: Too long.",
        "  name: Not a name.",
        "  inputs.x: No number.",
        "  p.yml:3:1: unknown key `inptus`",
        "  train.data: Not connected.",
    ]


def test_what_is_not_there_is_named() -> None:
    made, _ = http(lambda request: httpx.Response(404, json={"detail": "Not found."}))
    with pytest.raises(PortlineError, match="There is no data `a b` of version `2` in this workspace"):
        made.get("data/a%20b/versions/2/")


def test_lists_are_read_page_by_page_and_no_further_than_asked() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("cursor", "0"))
        following = f"http://inside/x?cursor={page + 1}&page_size=2" if page < 9 else None
        return httpx.Response(200, json={"results": [2 * page, 2 * page + 1], "next": following})

    made, asked = http(answer)
    assert list(made.pages("jobs/", limit=3)) == [0, 1, 2]
    assert len(asked) == 2
    assert len(list(made.pages("jobs/"))) == 20
    # The server may know itself under another name; the token stays with the one that was given.
    assert {request.url.host for request in asked} == {"server"}


def test_an_answer_that_is_no_json_is_no_portline() -> None:
    made, _ = http(lambda request: httpx.Response(200, text="<html>", headers={"Content-Type": "text/html"}))
    with pytest.raises(PortlineError, match="does not answer as a Portline server does"):
        made.get("jobs/")
