"""Exit codes: what a script may tell from how a command ended (docs/guide/cli.md)."""

from portline.client.errors import PortlineError

OK = 0
JOB_FAILED = 1
"""The job that was followed ended as Failed or Canceled."""
USAGE = 2
"""The command line, or a file that it names, is not right."""
NOT_FOUND = 3
NOT_ALLOWED = 4
"""Not logged in, or the role in the workspace may not do this."""
UNREACHABLE = 5
"""The server does not answer, or it failed."""
INTERRUPTED = 130


def code_of(error: PortlineError) -> int:
    if error.code == "job_failed":
        return JOB_FAILED
    if error.code == "unreachable" or error.status >= 500 or error.status == 429:
        return UNREACHABLE
    if error.status in (404, 410):
        return NOT_FOUND
    return NOT_ALLOWED if error.status in (401, 403) else USAGE
