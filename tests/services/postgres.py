"""Run the tests that use a database once more, on PostgreSQL: `python -m tests.services.postgres [pytest's options]`.

Where none can be reached this fails in CI (CI=true), and says loudly elsewhere that it was left out.
"""

import os
import sys

import psycopg

URL = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")
WHAT = ["tests/designer", "tests/registry", "tests/runner", "--ignore=tests/runner/test_warm_starts.py"]


def main(options: list[str]) -> None:
    """Become pytest, or exit."""
    try:
        psycopg.connect(URL, connect_timeout=3).close()
    except psycopg.Error as error:
        print(f"NOT TESTED on PostgreSQL: {URL} cannot be reached ({error}); set TEST_DATABASE_URL.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") == "true" else 0)
    os.environ["DATABASE_URL"] = URL
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *WHAT, *options])


if __name__ == "__main__":
    main(sys.argv[1:])
