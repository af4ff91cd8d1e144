import inspect
import linecache
import sys
import traceback
from pathlib import Path
from typing import Any

import polars as pl
from step import UserError, run
from tables import read_table, write_table

SCRIPT = "<your script>"


def run_python(
    code: str,
    result: Path,
    files: Path,
    table1: Path | None = None,
    table2: Path | None = None,
    folder: Path | None = None,
) -> None:
    """Run a script's function `main` with the linked tables and write the table that it returns."""
    main = _load(code)
    wanted = inspect.signature(main).parameters
    known: dict[str, Any] = {"table1": table1, "table2": table2, "folder": folder, "files": files}
    for name, parameter in wanted.items():
        if name not in known and parameter.default is parameter.empty:
            raise UserError(f"`main` wants `{name}`, but what it can get is {', '.join(known)}.")
    given = {name: known[name] for name in wanted if name in known}
    for name in ("table1", "table2"):
        if given.get(name):
            given[name] = read_table(given[name], name)
    files.mkdir(exist_ok=True)
    write_table(_as_table(_guarded(lambda: main(**given))), result, "the result")


def _load(code: str) -> Any:
    linecache.cache[SCRIPT] = (len(code), None, code.splitlines(keepends=True), SCRIPT)
    space: dict[str, Any] = {"__name__": "script"}
    _guarded(lambda: exec(compile(code, SCRIPT, "exec", dont_inherit=True), space))
    if not callable(space.get("main")):
        raise UserError("The script has no function `main`; begin with: def main(table1):")
    return space["main"]


def _guarded(call: Any) -> Any:
    """Run the user's code; a mistake in it is told with the line of the script, and without ours above it."""
    try:
        return call()
    except SyntaxError as error:
        where = f"Line {error.lineno} of the script" if error.filename == SCRIPT else str(error.filename)
        raise UserError(f"{where}: {error.msg}.") from None
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        places = [index for index, frame in enumerate(frames) if frame.filename == SCRIPT]
        if not places:
            raise
        print("".join(traceback.format_list(frames[places[0] :])), end="", file=sys.stderr)
        line = frames[places[-1]].lineno
        raise UserError(f"Line {line} of the script: {type(error).__name__}: {error}") from None


def _as_table(value: Any) -> pl.DataFrame:
    """What `main` returned, as a polars frame."""
    if isinstance(value, pl.LazyFrame):
        value = _guarded(value.collect)
    if isinstance(value, pl.DataFrame):
        return value
    kind = f"{type(value).__module__.partition('.')[0]}.{type(value).__name__}"
    if kind == "pandas.DataFrame":
        return pl.from_pandas(value)
    if kind == "pyarrow.Table":
        return pl.DataFrame(pl.from_arrow(value))
    if isinstance(value, dict | list):
        try:
            return pl.DataFrame(value)
        except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
            raise UserError(f"What `main` returned is no table: {error}.") from None
    if value is None:
        raise UserError("`main` returned nothing; end it with: return table1")
    raise UserError(f"`main` returned {kind}; return a polars or pandas DataFrame.")


if __name__ == "__main__":
    run(run_python)
