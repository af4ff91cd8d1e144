"""The server's settings, in a folder of their own, with passwords that cost nothing to check."""

import os
import tempfile

os.environ["DATA_DIR"] = os.environ.get("TEST_DATA_DIR") or tempfile.mkdtemp(prefix="portline-tests-")
os.environ["SECRET_KEY"] = "only-for-tests"

from designer.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
