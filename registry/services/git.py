"""Fetching a git repository that somebody named: over https from public machines only, and no more than a limit."""

import os
import shutil
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from registry.addresses import public_address
from registry.refusal import Refusal

SECONDS = 120
_POLL_SECONDS = 0.1


class CannotFetch(Refusal):
    """A repository that cannot be had, or may not."""

    code = "cannot_fetch"
    status = 422


def fetch_repository(url: str, branch: str, target: Path) -> None:
    """Put the newest state of a repository, or of a branch or tag of it, into `target`. Raises CannotFetch.

    No prompt, no credentials, no submodules, no links, no hooks, no redirects, and the address that was looked at is
    the one that is connected to.
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.password:
        raise CannotFetch("Name a repository by https and without a password, as in https://github.com/OWNER/NAME.")
    try:
        port = parts.port or 443
        address = public_address(parts.hostname, port)
    except ValueError as error:
        raise CannotFetch(f"The repository cannot be fetched: {error}.") from None
    if branch.startswith("-") or any(character in branch for character in " ~^:?*[\\\n"):
        raise CannotFetch(f"`{branch}` is no name of a branch or tag.")
    config = {
        "protocol.allow": "never",
        "protocol.https.allow": "always",
        "http.followRedirects": "false",
        "http.curloptResolve": f"{parts.hostname}:{port}:{address}",
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "30",
        "core.symlinks": "false",
        "core.hooksPath": os.devnull,
        "credential.helper": "",
    }
    options = [part for key, value in config.items() for part in ("-c", f"{key}={value}")]
    which = ["--branch", branch] if branch else []
    command = [
        "git",
        *options,
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--single-branch",
        "--no-tags",
        *which,
        "--",
        url,
        str(target),
    ]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(target.parent),
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_ASKPASS": "true",
        "GIT_ALLOW_PROTOCOL": "https",
        "GIT_LFS_SKIP_SMUDGE": "1",
    }
    if shutil.which("git") is None:
        raise CannotFetch("There is no git on the server: have it installed, or import the folder as a zip.")
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        _watch(process, target, 4 * settings.COMPONENT_UPLOAD_LIMIT)
    finally:
        if process.poll() is None:
            process.kill()
        _, said = process.communicate()
    if process.returncode != 0:
        last = said.strip().splitlines()[-1] if said.strip() else "git failed"
        raise CannotFetch(f"The repository cannot be fetched: {last.removeprefix('fatal: ')[:300].rstrip('.')}.")
    shutil.rmtree(target / ".git", ignore_errors=True)


def _watch(process: "subprocess.Popen[str]", target: Path, limit: int) -> None:
    ends = time.monotonic() + SECONDS
    while process.poll() is None:
        if time.monotonic() > ends:
            raise CannotFetch(f"The repository did not arrive within {SECONDS} seconds.")
        if _size(target) > limit:
            raise CannotFetch(f"The repository is larger than {limit // (1024 * 1024)} MB, the limit of this server.")
        time.sleep(_POLL_SECONDS)


def _size(folder: Path) -> int:
    size = 0
    for at, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(at, name)).st_size
            except OSError:
                continue  # git moves its files about
    return size
