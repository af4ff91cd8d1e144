"""The server's settings, in a folder of their own, with passwords that cost nothing to check."""

import os
import tempfile

os.environ["DATA_DIR"] = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="portline-tests-")
os.environ["SECRET_KEY"] = "only-for-tests"

from designer.settings import *
from designer.settings import DATA_DIR, DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: tables of a shared in-memory database lock without waiting when threads meet.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA journal_mode=WAL;"
