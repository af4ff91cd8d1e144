"""What is said about a step that did not end well: one sentence, from what it left behind."""

import signal

MESSAGE_LIMIT = 1000


def telling_line(stderr: str) -> str:
    """The last line of stderr that says something: of a Python traceback, the error itself."""
    lines = [line.strip() for line in stderr.splitlines()]
    said = [line for line in lines if line and line.strip("^~-= ")]
    return said[-1][:MESSAGE_LIMIT] if said else ""


def failure(exit_code: int, stderr: str) -> str:
    """Why a command with this exit code (negative: the signal that ended it) failed."""
    if exit_code < 0:
        name = _signal_name(-exit_code)
        hint = "; the machine may have run out of memory" if -exit_code == signal.SIGKILL else ""
        return f"The step was ended by {name}{hint}."
    return telling_line(stderr) or f"The command ended with exit code {exit_code}, and wrote nothing to stderr."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
