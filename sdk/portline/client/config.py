"""Which server, with which token, in which workspace: from arguments, the environment, or what `login` stored.

The environment: PORTLINE_URL, PORTLINE_TOKEN, PORTLINE_WORKSPACE; PORTLINE_CONFIG names another file than
~/.config/portline/config.
"""

import configparser
import os
from dataclasses import dataclass
from pathlib import Path

from portline.client.errors import PortlineError

SECTION = "portline"
DEFAULT_URL = "http://localhost:8000"
DEFAULT_WORKSPACE = "main"


@dataclass(frozen=True)
class Config:
    """Where requests go. `token` is empty where nobody logged in."""

    url: str
    token: str
    workspace: str
    output: str = ""

    def __repr__(self) -> str:
        """Without the token: this is shown in tracebacks and notebooks."""
        return f"Config(url={self.url!r}, workspace={self.workspace!r})"


def config_path() -> Path:
    given = os.environ.get("PORTLINE_CONFIG")
    if given:
        return Path(given)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "portline" / "config"


def load(url: str | None = None, token: str | None = None, workspace: str | None = None) -> Config:
    """What is given goes before the environment, and that before the file.

    The token and the workspace of the file belong to the server that they were stored with: another one does not get
    them. Raises PortlineError when the file cannot be read.
    """
    stored = _stored()
    chosen = clean_url(url or os.environ.get("PORTLINE_URL") or stored.get("url") or DEFAULT_URL)
    if stored.get("url") != chosen:
        stored = {"output": stored.get("output", "")}
    return Config(
        url=chosen,
        token=token or os.environ.get("PORTLINE_TOKEN") or stored.get("token", ""),
        workspace=workspace or os.environ.get("PORTLINE_WORKSPACE") or stored.get("workspace") or DEFAULT_WORKSPACE,
        output=os.environ.get("PORTLINE_OUTPUT") or stored.get("output", ""),
    )


def save(config: Config) -> Path:
    """Store it for later commands, readable by nobody else. Answers the file."""
    parser = configparser.ConfigParser(interpolation=None)
    parser[SECTION] = {
        name: value for name in ("url", "token", "workspace", "output") if (value := getattr(config, name))
    }
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Written aside with its mode from the beginning, then put in place: at no time may others read the token.
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        parser.write(file)
    fresh.replace(path)
    return path


def forget() -> bool:
    """Delete what `save` stored; False where there was nothing."""
    try:
        config_path().unlink()
    except FileNotFoundError:
        return False
    return True


def clean_url(url: str) -> str:
    """The address without a slash at its end. Raises PortlineError for what is none."""
    if not url.startswith(("http://", "https://")):
        raise PortlineError(f"`{url}` is no address of a server; it begins with http:// or https://.")
    return url.rstrip("/")


def _stored() -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None)
    path = config_path()
    try:
        parser.read_string(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        # Without the error's text: it may quote the line with the token.
        raise PortlineError(f"{path} cannot be read ({type(error).__name__}); delete it and log in anew.") from None
    return dict(parser[SECTION]) if parser.has_section(SECTION) else {}
