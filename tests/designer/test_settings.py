"""Safe unless somebody says otherwise: what the settings are for a bare and for a public server."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]
SHOW = """
import json
from designer import settings as s
names = ("DEBUG", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "ALLOWED_HOSTS", "SECRET_KEY",
         "SECURE_PROXY_SSL_HEADER", "CSRF_TRUSTED_ORIGINS")
print(json.dumps({name: getattr(s, name) for name in names}))
"""


def settings_of(data_dir: Path, **environment: str) -> dict[str, Any]:
    kept = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **environment}
    shown = subprocess.run([sys.executable, "-c", SHOW], cwd=ROOT, env=kept, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(shown.stdout)
    return found


def test_a_bare_server_is_for_this_machine_without_debug(tmp_path: Path) -> None:
    found = settings_of(tmp_path)
    assert found["DEBUG"] is False
    assert set(found["ALLOWED_HOSTS"]) == {"localhost", "127.0.0.1", "[::1]"}
    assert found["SECURE_PROXY_SSL_HEADER"] is None


def test_behind_tls_cookies_are_secure(tmp_path: Path) -> None:
    found = settings_of(tmp_path, PUBLIC_URL="https://pipelines.example.org", BEHIND_PROXY="true")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert "pipelines.example.org" in found["ALLOWED_HOSTS"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://pipelines.example.org"]


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = settings_of(tmp_path)["SECRET_KEY"], settings_of(tmp_path)["SECRET_KEY"]
    assert first == second
    assert len(first) >= 64
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.django_db
def test_pages_carry_a_content_security_policy_and_strange_hosts_are_refused() -> None:
    page = Client().get("/login/")
    policy = page["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "'unsafe-eval'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert Client().get("/login/", headers={"host": "evil.example"}).status_code == 400
