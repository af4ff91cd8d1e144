"""DuckDB over tables in memory, shut off from files, network and settings."""

import duckdb
import polars as pl
from step import UserError

# DuckDB's wide types that other tools choke on, and what a table keeps instead.
REPLACED = {
    "HUGEINT": "BIGINT",
    "UHUGEINT": "UBIGINT",
    "INTERVAL": "VARCHAR",
    "TIME WITH TIME ZONE": "VARCHAR",
}


def query(sql: str, **tables: pl.DataFrame) -> pl.DataFrame:
    """The rows of one SELECT over the named tables. Raises UserError with DuckDB's own hint."""
    with duckdb.connect(":memory:") as connection:
        for name, frame in tables.items():
            connection.register(name, frame.to_arrow())
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET lock_configuration = true")
        try:
            statements = connection.extract_statements(sql)
            if [statement.type for statement in statements] != [duckdb.StatementType.SELECT]:
                raise UserError("The SQL must be one SELECT statement; it may begin with WITH.")
            relation = connection.sql(sql)
            _check_names(relation.columns)
            return _simple(pl.from_arrow(_cast(relation).to_arrow_table()))
        except duckdb.Error as error:
            raise UserError(f"The SQL cannot be run. {_sentence(error)}") from None


def filter_with(frame: pl.DataFrame, condition: str) -> pl.DataFrame:
    """The rows for which a SQL condition is true, in their old order."""
    return query(f"SELECT * FROM t WHERE (\n{condition}\n)", t=frame)


def compute(frame: pl.DataFrame, expression: str) -> pl.Series:
    """One value a row by a SQL expression."""
    result = query(f"SELECT (\n{expression}\n) AS value FROM t", t=frame)
    if result.height != frame.height:
        raise UserError("The expression gives one value for all rows; use “Group and aggregate” or OVER () instead.")
    return result["value"]


def _check_names(names: list[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"The result has two columns `{name}`; rename one of them with AS.")


def _cast(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    types = [str(kind) for kind in relation.types]
    if not set(types) & set(REPLACED):
        return relation
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    return relation.project(
        ", ".join(
            f"CAST({name} AS {REPLACED[kind]}) AS {name}" if kind in REPLACED else name
            for name, kind in zip(names, types, strict=True)
        )
    )


def _simple(frame: pl.DataFrame) -> pl.DataFrame:
    """Decimals, which literals such as 1.5 bring in, become floats."""
    return frame.with_columns(
        pl.col(name).cast(pl.Float64) for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)
    )


def _sentence(error: duckdb.Error) -> str:
    """DuckDB's message on one line, without the picture of the place and the long list of functions."""
    message = str(error).split("\n\n")[0].split("\n\tCandidate functions")[0]
    message = " ".join(message.split())
    return message if message.endswith((".", "!", "?")) else f"{message}."
