"""Reading and writing the few tables that every step touches, with statements that are worked out once.

The ORM works each statement out anew, which takes ten times as long as executing it; a step needs about ten. Values go
through the fields, as there. Fields are named by attribute: `run_id` rather than `run`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

M = TypeVar("M", bound=Model)

MOST_PARAMETERS = 30_000
"""In one statement; SQLite as it is mostly built takes 32,766."""


def read_rows(model: type[M], names: tuple[str, ...], where: str, parameters: Sequence[Any]) -> list[M]:
    """Rows with these fields (the others are deferred) for which the SQL condition holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns(model, names)} FROM {_table(model)} WHERE {where}", parameters)
        return [model.from_db(connection.alias, names, converted(model, names, row)) for row in cursor.fetchall()]


def columns(model: type[Model], names: tuple[str, ...]) -> str:
    """The columns of fields, as a SELECT lists them."""
    return ", ".join(f"{_table(model)}.{_quoted(_fields(model)[name].column)}" for name in names)


def converted(model: type[Model], names: tuple[str, ...], row: Sequence[Any]) -> list[Any]:
    """What was read from `columns`, as Python has it."""
    values = list(row)
    for index, converters, expression in _converters(model, names, connection.vendor):
        for convert in converters:
            values[index] = convert(values[index], expression, connection)
    return values


def holes(values: Collection[Any]) -> str:
    """As many placeholders as there are values, for IN."""
    return ", ".join(["%s"] * len(values))


def update_rows(model: type[Model], rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Set fields of rows by their primary key."""
    statements: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for pk, values in rows:
        if values:
            statements.setdefault(tuple(values), []).append((*_prepared(model, values), pk))
    with connection.cursor() as cursor:
        for names, parameters in statements.items():
            sets = ", ".join(f"{_quoted(_fields(model)[name].column)} = %s" for name in names)
            _execute(cursor, f"UPDATE {_table(model)} SET {sets} WHERE id = %s", parameters)


def update_held(model: type[Model], where: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Set fields of the row that has the values of `where` now; False where there is none."""
    sets = ", ".join(f"{_quoted(_fields(model)[name].column)} = %s" for name in values)
    wants = " AND ".join(f"{_quoted(_fields(model)[name].column)} = %s" for name in where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(model)} SET {sets} WHERE {wants}", [*_prepared(model, values), *_prepared(model, where)]
        )
        return bool(cursor.rowcount)


def insert_rows(rows: Iterable[Model]) -> None:
    """Insert new rows of one table whose primary keys nobody needs."""
    found = list(rows)
    if found:
        with connection.cursor() as cursor:
            _execute(cursor, _insert(type(found[0])), [_all_prepared(row) for row in found])


def insert_row(row: M) -> M:
    """Insert a new row; it gets its primary key."""
    with connection.cursor() as cursor:
        cursor.execute(f"{_insert(type(row))} RETURNING id", _all_prepared(row))
        row.pk = cursor.fetchone()[0]
    row._state.adding = False
    return row


def insert_values(model: type[Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """Insert new rows by the values of these fields, which must be all but the primary key. No objects are made."""
    if not rows:
        return
    fields, database = [_fields(model)[name] for name in names], connections[DEFAULT_DB_ALIAS]
    parameters = [
        tuple(field.get_db_prep_save(value, database) for field, value in zip(fields, row, strict=True)) for row in rows
    ]
    named = ", ".join(_quoted(field.column) for field in fields)
    with connection.cursor() as cursor:
        _execute(cursor, f"INSERT INTO {_table(model)} ({named}) VALUES ({holes(fields)})", parameters)


def insert_many(rows: Sequence[M]) -> None:
    """Insert new rows of one table; each gets its primary key."""
    if not rows:
        return
    model = type(rows[0])
    size = max(1, MOST_PARAMETERS // len(_settable(model)))
    with connection.cursor() as cursor:
        for start in range(0, len(rows), size):
            some = rows[start : start + size]
            more = f", ({holes(_settable(model))})" * (len(some) - 1)
            parameters = [value for row in some for value in _all_prepared(row)]
            cursor.execute(f"{_insert(model)}{more} RETURNING id", parameters)
            for row, (pk,) in zip(some, cursor.fetchall(), strict=True):
                row.pk = pk
                row._state.adding = False


def _insert(model: type[Model]) -> str:
    fields = _settable(model)
    return (
        f"INSERT INTO {_table(model)} ({', '.join(_quoted(field.column) for field in fields)}) VALUES ({holes(fields)})"
    )


def _all_prepared(row: Model) -> tuple[Any, ...]:
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` looks for the thread's each time
    return tuple(field.get_db_prep_save(field.pre_save(row, True), database) for field in _settable(type(row)))


def _execute(cursor: Any, sql: str, parameters: list[tuple[Any, ...]]) -> None:
    if len(parameters) == 1:
        cursor.execute(sql, parameters[0])
    else:
        cursor.executemany(sql, parameters)


def _prepared(model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    fields, database = _fields(model), connections[DEFAULT_DB_ALIAS]
    return [fields[name].get_db_prep_save(value, database) for name, value in values.items()]


@cache
def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _settable(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


@cache
def _converters(
    model: type[Model], names: tuple[str, ...], vendor: str
) -> list[tuple[int, list[Callable[..., Any]], Any]]:
    """For the fields whose values the database gives otherwise than Python wants them: place, converters, column."""
    found = []
    for index, name in enumerate(names):
        field = _fields(model)[name]
        column = field.get_col(model._meta.db_table)
        converters = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
        if converters:
            found.append((index, converters, column))
    return found


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


@cache
def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
