"""Which server, token and workspace count, and how they are kept."""

import stat

import pytest

from portline.client import config
from portline.client.config import Config
from portline.client.errors import PortlineError


def test_what_is_given_goes_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.load() == Config("http://localhost:8000", "", "main")
    config.save(Config("http://kept", "kept", "kept"))
    assert config.load() == Config("http://kept", "kept", "kept")
    monkeypatch.setenv("PORTLINE_WORKSPACE", "environment")
    monkeypatch.setenv("PORTLINE_TOKEN", "environment")
    assert config.load() == Config("http://kept", "environment", "environment")
    assert config.load(workspace="given", token="given") == Config("http://kept", "given", "given")


def test_a_kept_token_is_not_sent_to_another_server() -> None:
    config.save(Config("http://kept", "secret", "team"))
    assert config.load("http://other") == Config("http://other", "", "main")
    assert config.load("http://kept/").token == "secret"


def test_nobody_else_may_read_the_file() -> None:
    path = config.save(Config("http://kept", "a%secret", "main"))
    path.chmod(0o644)
    assert config.save(Config("http://kept", "a%secret", "main")) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert config.load().token == "a%secret"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_token_is_not_shown() -> None:
    assert "secret" not in repr(Config("http://kept", "secret", "main"))


def test_a_file_that_cannot_be_read_is_named() -> None:
    config.config_path().parent.mkdir()
    config.config_path().write_text("token = plt_secret")
    with pytest.raises(PortlineError, match=r"cannot be read .* log in anew") as refused:
        config.load()
    assert "secret" not in str(refused.value)


def test_an_address_has_a_scheme() -> None:
    with pytest.raises(PortlineError, match="`localhost:8000` is no address"):
        config.load("localhost:8000")


def test_it_is_forgotten_once() -> None:
    config.save(Config("http://kept", "secret", "main"))
    assert (config.forget(), config.forget()) == (True, False)
