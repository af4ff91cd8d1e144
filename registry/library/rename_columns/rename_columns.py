import re
from pathlib import Path

from columns import check_column, split_pairs
from step import UserError, run
from tables import read_table, write_table


def rename_columns(table: Path, result: Path, names: str = "", style: str = "as_is") -> None:
    """Give columns new names, and all others one style of writing."""
    frame = read_table(table)
    chosen = split_pairs(names)
    for name in chosen:
        check_column(frame.columns, name)
    renamed = [chosen.get(name) or _styled(name, style) for name in frame.columns]
    for old, new in zip(frame.columns, renamed, strict=True):
        if renamed.count(new) > 1:
            raise UserError(f"`{old}` cannot be named `{new}`, since another column has that name.")
        if old != new:
            print(f"{old} -> {new}")
    frame.columns = renamed
    write_table(frame, result)


def _styled(name: str, style: str) -> str:
    if style == "snake_case":
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        return re.sub(r"\W+", "_", words).strip("_").lower() or name
    return name.strip().lower() if style == "lower_case" else name


if __name__ == "__main__":
    run(rename_columns)
