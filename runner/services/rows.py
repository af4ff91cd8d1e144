"""Writing known values to known rows with one prepared statement, for the few tables that every step writes to.

The ORM works an UPDATE out anew each time, which takes ten times as long as executing it. Values go through the
fields, as there.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Model


def update_rows(model: type[Model], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Set fields (by attribute name, `run_id` rather than `run`) of rows by their primary key."""
    statements: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for pk, values in rows:
        if values:
            names = tuple(values)
            statements.setdefault(names, []).append((*_prepared(model, names, values.values()), pk))
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        for names, parameters in statements.items():
            sets = ", ".join(f"{quote(_fields(model)[name].column)} = %s" for name in names)
            sql = f"UPDATE {table} SET {sets} WHERE {quote('id')} = %s"
            _execute(cursor, sql, parameters)


def update_held(model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Set fields of the row that has these values now; False where there is none."""
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(_fields(model)[name].column)} = %s" for name in values)
    wants = " AND ".join(f"{quote(_fields(model)[name].column)} = %s" for name in where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {wants}",
            [*_prepared(model, values, values.values()), *_prepared(model, where, where.values())],
        )
        return bool(cursor.rowcount)


def insert_rows(rows: Iterable[Model]) -> None:
    """Insert new rows of one table whose primary keys nobody needs."""
    found = list(rows)
    if not found:
        return
    model = type(found[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    parameters = [
        tuple(field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields) for row in found
    ]
    with connection.cursor() as cursor:
        _execute(cursor, f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({holes})", parameters)


def _execute(cursor: Any, sql: str, parameters: list[tuple[Any, ...]]) -> None:
    if len(parameters) == 1:
        cursor.execute(sql, parameters[0])
    else:
        cursor.executemany(sql, parameters)


def _prepared(model: type[Model], names: Iterable[str], values: Iterable[Any]) -> list[Any]:
    return [_fields(model)[name].get_db_prep_save(value, connection) for name, value in zip(names, values, strict=True)]


@cache
def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}
