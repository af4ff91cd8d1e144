"""The preview helper, `python -m runner.previews.main`: answers each line of JSON that asks with one."""

import contextlib
import json
import os
import sys
from pathlib import Path

from runner.previews.kinds import preview


def main() -> None:
    # What libraries print must not get among the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with contextlib.suppress(ImportError):
        import polars  # noqa: F401  (so that the first table need not wait for it)
    for line in sys.stdin:
        request = json.loads(line)
        answer = preview(Path(request["path"]), request["name"], request["type"])
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
