"""Reading and writing the few tables that every step touches, with statements that are worked out once.

The ORM works each statement out anew, which takes ten times as long as executing it; a step needs about ten. Values go
through the fields, as there. Fields are named by attribute: `run_id` rather than `run`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from operator import attrgetter
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model

M = TypeVar("M", bound=Model)

MOST_PARAMETERS = 30_000
"""In one statement; SQLite as it is mostly built takes 32,766."""


def read_rows(model: type[M], names: tuple[str, ...], where: str, parameters: Sequence[Any]) -> list[M]:
    """Rows with these fields (the others are deferred) for which the SQL condition holds."""
    names = _in_order(model, names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns(model, names)} FROM {_table(model)} WHERE {where}", parameters)
        return [made_row(model, names, row) for row in cursor.fetchall()]


def made_row(model: type[M], names: tuple[str, ...], row: Sequence[Any]) -> M:
    """A row from what was read of `columns`, where `names` are in the order in which the model has them."""
    return model.from_db(connection.alias, names, converted(model, names, row))


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


def parts(values: Collection[Any], parameters: int = 1) -> Iterator[list[Any]]:
    """Values, so many at a time as one statement takes, where each needs so many parameters."""
    found, size = list(values), max(1, MOST_PARAMETERS // parameters)
    for start in range(0, len(found), size):
        yield found[start : start + size]


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
    parameters = [_saved(model, names, list(row)) for row in rows]
    with connection.cursor() as cursor:
        _execute(cursor, f"INSERT INTO {_table(model)} ({_named(model, names)}) VALUES ({holes(names)})", parameters)


def new_row(model: type[M], **values: Any) -> M:
    """What `model(**values)` makes, in less than half the time; fields are named by attribute."""
    given = [
        values.pop(name) if name in values else make() if make else plain for name, make, plain in _defaults(model)
    ]
    assert not values, f"{model.__name__} has no {', '.join(values)}"
    return model(*given)


def copy_rows(
    model: type[Model], fixed: Mapping[str, Any], names: tuple[str, ...], copies: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], int]:
    """Insert copies of rows: each is the primary key of the original and then what `names` are in the copy.

    All copies get the values of `fixed`. The primary keys of the copies by what `names` are in them, which must differ.
    """
    others = tuple(field.attname for field in _settable(model) if field.attname not in {*fixed, *names})
    given = ", ".join(f"given.column{number}" for number in range(2, len(names) + 2))
    into = _named(model, (*fixed, *names, *others))
    original = ", ".join(f"original.{_quoted(_fields(model)[name].column)}" for name in others)
    found: dict[tuple[Any, ...], int] = {}
    with connection.cursor() as cursor:
        for some in parts(copies, len(names) + 1):
            rows = ", ".join([f"({holes(some[0])})"] * len(some))
            cursor.execute(
                f"INSERT INTO {_table(model)} ({into}) SELECT {holes(fixed)}, {given}, {original} "
                f"FROM (VALUES {rows}) AS given JOIN {_table(model)} AS original ON original.id = given.column1 "
                f"RETURNING id, {_named(model, names)}",
                [*_prepared(model, fixed), *(value for row in some for value in row)],
            )
            found |= {tuple(values): pk for pk, *values in cursor.fetchall()}
    return found


def insert_many(rows: Sequence[M]) -> None:
    """Insert new rows of one table; each gets its primary key."""
    if not rows:
        return
    model = type(rows[0])
    with connection.cursor() as cursor:
        for some in parts(rows, len(_settable(model))):
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


def _all_prepared(row: Model) -> list[Any]:
    model = type(row)
    for field in _automatic(model):
        field.pre_save(row, True)
    return _saved(model, _settable_names(model), list(_values(model)(row)))


def _saved(model: type[Model], names: tuple[str, ...], values: list[Any]) -> list[Any]:
    """The values of these fields as the database has them."""
    database = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` looks for the thread's each time
    for index, save in _savers(model, names):
        values[index] = save(values[index], database)
    return values


def _execute(cursor: Any, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
    if len(parameters) == 1:
        cursor.execute(sql, parameters[0])
    else:
        cursor.executemany(sql, parameters)


def _prepared(model: type[Model], values: Mapping[str, Any]) -> list[Any]:
    return _saved(model, tuple(values), list(values.values()))


@cache
def _savers(model: type[Model], names: tuple[str, ...]) -> list[tuple[int, Callable[[Any, Any], Any]]]:
    """For the fields whose values the database does not take as Python has them: place, and what changes a value."""
    found = ((index, _saver(_fields(model)[name])) for index, name in enumerate(names))
    return [(index, save) for index, save in found if save is not None]


_PLAIN = frozenset({"AutoField", "BooleanField", "CharField", "FloatField", "IntegerField", "TextField"})


def _saver(field: Any) -> Callable[[Any, Any], Any] | None:
    """What `get_db_prep_save` of a field comes to."""
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    if kind.removeprefix("Positive").removeprefix("Big").removeprefix("Small") in _PLAIN:
        return None
    if kind == "DateTimeField":
        return partial(_moment, field)
    if kind == "JSONField":
        return partial(_json, field.encoder)
    saver: Callable[[Any, Any], Any] = field.get_db_prep_save
    return saver


def _moment(field: Any, value: Any, database: Any) -> Any:
    """Many rows are written with one moment: that of their change."""
    return None if value is None else _moment_of(field, value, database.alias, database.vendor)


@lru_cache(maxsize=64)
def _moment_of(field: Any, value: Any, alias: str, vendor: str) -> Any:
    return field.get_db_prep_save(value, connections[alias])


def _json(encoder: Any, value: Any, database: Any) -> Any:
    """Nothing is no JSON. An empty object, as most are, is not encoded each time where JSON is text."""
    if value is None:
        return None
    if value == {} and database.vendor == "sqlite":
        return "{}"
    return database.ops.adapt_json_value(value, encoder)


@cache
def _in_order(model: type[Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """As `from_db` wants them: in the order in which the model has them."""
    return tuple(name for name in _fields(model) if name in names)


def _named(model: type[Model], names: Iterable[str]) -> str:
    return ", ".join(_quoted(_fields(model)[name].column) for name in names)


@cache
def _fields(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field for field in model._meta.concrete_fields}


@cache
def _defaults(model: type[Model]) -> list[tuple[str, Callable[[], Any] | None, Any]]:
    """Of all fields: the name, and what makes a default or the default itself."""
    fields = model._meta.concrete_fields
    makes = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
    return [(field.attname, makes.get(field.attname), field.get_default()) for field in fields]


@cache
def _values(model: type[Model]) -> Callable[[Model], tuple[Any, ...]]:
    return attrgetter(*_settable_names(model))


@cache
def _automatic(model: type[Model]) -> list[Any]:
    """The fields that get a value when a row is inserted."""
    return [field for field in _settable(model) if getattr(field, "auto_now", 0) or getattr(field, "auto_now_add", 0)]


@cache
def _settable_names(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in _settable(model))


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
