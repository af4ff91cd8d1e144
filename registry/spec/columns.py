"""How a component changes the columns of its tables: `properties.portline.outputs.<name>.columns`.

A list of steps. Each says one thing, read from top to bottom; a step with `when` counts only where parameters have
those values. What the list cannot say is said by leaving it out: the output's columns are then not known beforehand.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

ColumnType = Literal["integer", "number", "text", "boolean", "date", "datetime", "time", "other", "any"]
Empty = Literal["text", "numbers", "all"]
Names = Annotated[tuple[str, ...], BeforeValidator(lambda given: [given] if isinstance(given, str) else given)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Join(_Part):
    """Two inputs side by side: the right one's keys fall away, and a name that both have gets the suffix."""

    left: str
    right: str
    on: str = Field(description="the parameter with the keys")
    right_on: str | None = Field(None, description="the parameter with the right table's keys, where they may differ")
    suffix: str = "_right"


class Numbered(_Part):
    """`prefix1`, `prefix2`, … as many as the parameter `count` says."""

    prefix: str
    count: str
    type: ColumnType = "number"


class Aggregate(_Part):
    """The columns of the parameter `by`, one with the number of rows, and `column_function` for each of both lists."""

    by: str
    columns: str
    functions: str
    count: str | None = None


class ColumnStep(_Part):
    """One step; exactly one of its keys beside `when`, `empty` and `to` is given."""

    from_: Names | None = Field(None, alias="from", description="inputs: their columns together, each name once")
    common: Names | None = Field(None, description="inputs: the columns that all of them have")
    join: Join | None = None
    file: str | None = Field(None, description="a file input: the columns of the table that it holds")
    header: str | None = Field(None, description="a parameter with CSV text: the names in its first line")
    keep: str | None = Field(None, description="a parameter with names: only these, in its order")
    drop: str | None = Field(None, description="a parameter with names: all but these")
    rename: str | None = Field(None, description="a parameter with pairs `old = new`")
    cast: str | None = Field(None, description="a parameter with names: these get the type `to`")
    add: dict[str, ColumnType] | None = Field(None, description="columns with their types")
    add_named: str | None = Field(None, description="a parameter with the name of a new column, of the type `to`")
    add_numbered: Numbered | None = None
    aggregate: Aggregate | None = None
    more: Literal[True] | None = Field(None, description="and others, which are not known beforehand")
    unknown: Literal[True] | None = Field(None, description="nothing is known beforehand")

    empty: Empty | None = Field(None, description="of keep, drop and cast: the columns that an empty parameter names")
    to: str | None = Field(None, description="a type, or `$name` for the parameter that says it")
    when: dict[str, Any] = Field({}, description="parameter: the value, or the list of values, that it must have")

    @model_validator(mode="after")
    def _one_thing(self) -> "ColumnStep":
        said = [key for key in self.model_dump(exclude_none=True) if key not in ("empty", "to", "when")]
        if len(said) != 1:
            raise ValueError(f"a step says exactly one thing, not {len(said)}")
        return self

    def named(self) -> tuple[set[str], set[str]]:
        """The inputs with tables and the parameters that it names."""
        inputs = {*(self.from_ or ()), *(self.common or ()), *([self.file] if self.file else ())}
        parameters = {self.header, self.keep, self.drop, self.rename, self.cast, self.add_named, *self.when}
        if self.to and self.to.startswith("$"):
            parameters.add(self.to[1:])
        if self.join:
            inputs |= {self.join.left, self.join.right}
            parameters |= {self.join.on, self.join.right_on}
        if self.add_numbered:
            parameters.add(self.add_numbered.count)
        if self.aggregate:
            parameters |= {self.aggregate.by, self.aggregate.columns, self.aggregate.functions}
        return inputs, {name for name in parameters if name}

    def plain(self) -> dict[str, Any]:
        """As an interface holds it: only what is said."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
