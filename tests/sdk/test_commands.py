"""Logging in, exit codes, options that all commands have, completion."""

import os
import stat
from pathlib import Path

import pytest

from portline.client import config
from tests.installation import free_port
from tests.sdk.conftest import Command, Live, bash

pytestmark = pytest.mark.xdist_group("sdk")


def test_login_stores_what_later_commands_use(portline: Command, live: Live) -> None:
    ended = portline("login", "--url", live.url, "--token", live.token)
    assert (ended.code, ended.out) == (0, "")
    assert f"Logged in to {live.url} as ada, workspace main." in ended.err
    assert live.token not in ended.err
    assert stat.S_IMODE(os.stat(config.config_path()).st_mode) == 0o600
    assert portline("account", "show", "--query", "user.username").json == "ada"
    assert portline("logout").code == 0
    assert portline("account", "show").code == 4


def test_login_reads_the_token_of_a_script(live: Live, tmp_path: Path) -> None:
    script = f"echo {live.token} | portline login --url {live.url} --token-stdin && portline account show -o tsv"
    ended = bash(script, tmp_path, {})
    assert (ended.code, ended.out.split("\t")[1:]) == (0, [live.url, "main", "owner\n"])


def test_a_wrong_token_or_workspace_is_not_stored(portline: Command, live: Live) -> None:
    refused = portline("login", "--url", live.url, "--token", "plt_wrong")
    assert (refused.code, "not known or has expired" in refused.err) == (4, True)
    refused = portline("login", "--url", live.url, "--token", live.token, "-w", "elsewhere")
    assert (refused.code, "; yours are " in refused.err) == (3, True)
    assert not config.config_path().exists()


def test_exit_codes_say_what_went_wrong(portline: Command, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = portline("job", "list", "--url", live.url)
    assert (nobody.code, "run `portline login`" in nobody.err) == (4, True)
    monkeypatch.setenv("PORTLINE_TOKEN", live.token)
    nowhere = portline("job", "list", "--url", "http://127.0.0.1:1", "--only-show-errors")
    assert (nowhere.code, "cannot be reached" in nowhere.err) == (5, True)
    monkeypatch.setenv("PORTLINE_URL", live.url)
    assert portline("job", "list").code == 0
    for words, sentence in [
        (["jobs"], "Did you mean `job`?"),
        (["job", "create"], "Missing option '-f' / '--file'"),
        (["job", "create", "-f", "nowhere.yml"], "There is no file nowhere.yml."),
        (["job", "list", "--query", "[["], "--query `[[` cannot be used"),
        (["job", "update", "-n", "x"], "say what with --set"),
        (["data", "create", "-n", "x"], "needs a `path`"),
        (["job", "list", "-o", "xml"], "'xml' is not one of"),
    ]:
        ended = portline(*words)
        assert ended.code == 2, words
        assert sentence in ended.err
        assert ended.out == ""


def test_what_azure_has_and_we_have_not_makes_no_noise(portline: Command, logged_in: Live) -> None:
    words = ["workspace", "show", "-g", "my-group", "--subscription", "x", "--only-show-errors", "--verbose"]
    ended = portline(*words, "--query", "name", "-o", "tsv")
    assert (ended.code, ended.out, ended.err) == (0, "main\n", "")


def test_a_pipe_that_is_closed_is_no_error(logged_in: Live, tmp_path: Path) -> None:
    environment = {"PORTLINE_URL": logged_in.url, "PORTLINE_TOKEN": logged_in.token}
    ended = bash("set -o pipefail; portline component list | head -c 1", tmp_path, environment)
    assert (ended.code, ended.err) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_each_shell(portline: Command, shell: str) -> None:
    assert "_PORTLINE_COMPLETE" in portline("completion", shell).out


def completed(live: Live, folder: Path, words: str, url: str = "") -> list[str]:
    environment = {
        "PORTLINE_URL": url or live.url,
        "PORTLINE_TOKEN": live.token,
        "_PORTLINE_COMPLETE": "bash_complete",
        "COMP_WORDS": f"portline {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    ended = bash("portline", folder, environment)
    return [line.partition(",")[2] for line in ended.out.splitlines() if line]


def test_commands_and_names_of_the_server_are_completed(live: Live, tmp_path: Path) -> None:
    assert completed(live, tmp_path, "comp") == ["component", "compute", "completion"]
    assert completed(live, tmp_path, "job str") == ["stream"]
    assert completed(live, tmp_path, "workspace show -n m") == ["main"]
    # A server that does not answer completes nothing, and says nothing.
    assert completed(live, tmp_path, "workspace show -n m", f"http://127.0.0.1:{free_port()}") == []
