from pathlib import Path

from sql import query
from step import UserError, run
from tables import read_table, write_table


def sql_query(sql: str, result: Path, t1: Path | None = None, t2: Path | None = None, t3: Path | None = None) -> None:
    """Run one SELECT in DuckDB over the linked tables t1, t2 and t3."""
    linked = {name: path for name, path in (("t1", t1), ("t2", t2), ("t3", t3)) if path}
    if not sql.strip():
        raise UserError("The query is empty; write for example: SELECT * FROM t1.")
    write_table(query(sql, **{name: read_table(path, name) for name, path in linked.items()}), result)


if __name__ == "__main__":
    run(sql_query)
