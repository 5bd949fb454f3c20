"""A source: where a table's columns come from, and what the customer's own fields are."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import (
    BeforeValidator,
    Field,
    NonNegativeInt,
    StringConstraints,
    model_validator,
)

from bullseye.definitions.base import Definition, FieldName, Frozen
from bullseye.definitions.field import KEYS, ROW_FIELDS, STANDARD_FIELDS, FieldType, TableName
from bullseye.definitions.field import Field as TableField


class DateOrder(StrEnum):
    """How a source writes dates whose day and month could be swapped."""

    MONTH_FIRST = "month-first"
    DAY_FIRST = "day-first"


class DecimalMark(StrEnum):
    """Which character a source writes between whole and fraction."""

    POINT = "point"
    COMMA = "comma"


class Column(Frozen):
    """One column of the source's files, and the field it fills."""

    column: str = Field(description="The column's name in the file, exactly.")
    type: FieldType | None = Field(
        default=None, description="Type of a field of your own; standard fields have theirs."
    )
    source: str | None = Field(
        default=None, description="Where the value comes from, as in sales call or Crunchbase."
    )
    means: str | None = Field(default=None, description="What the field says, in a sentence.")
    dates: DateOrder | None = Field(default=None, description="How this column writes dates.")
    decimals: DecimalMark | None = Field(default=None, description="Its decimal mark.")


def _column(written: Any) -> Any:
    return {"column": written} if isinstance(written, str) else written


RelationName = Annotated[
    str, StringConstraints(pattern=r"^[^.]+(\.[^.]+){0,2}$", max_length=400, strip_whitespace=True)
]
"""A table or view of a warehouse: schema.table, or catalog.schema.table."""


class Source(Definition):
    """How the files of one system, or a relation of the warehouse, fill one table.

    `columns` maps our field to the file's column. A field that is not standard is the
    customer's own and needs a `type`. Where two sources know the same field of the same
    account, the one with the smaller `priority` wins; within one source, the newer import.
    """

    table: TableName = Field(description="The table its files fill.")
    files: tuple[str, ...] = Field(
        default=(), description="File name patterns it recognises, as in companies*.csv."
    )
    relation: RelationName | None = Field(
        default=None,
        description="Instead of files: a table of the connected warehouse, as schema.table.",
    )
    priority: NonNegativeInt = Field(
        default=100, description="Smaller wins where two sources know the same field."
    )
    describes: str = Field(default="CRM", description="The system it is exported from.")
    columns: dict[
        FieldName, Annotated[Column, BeforeValidator(_column, json_schema_input_type=str | Column)]
    ] = Field(min_length=1, description="Our field: the file's column.")
    ignore: tuple[str, ...] = Field(default=(), description="Columns not to import.")
    constants: dict[FieldName, str] = Field(
        default_factory=dict, description="Fields with one value for the whole file."
    )

    @model_validator(mode="after")
    def _files_or_relation(self) -> Self:
        if self.files and self.relation:
            raise ValueError("takes either files or a relation")
        return self

    @property
    def fields(self) -> tuple[TableField, ...]:
        """Every field this source fills, as the table will hold it.

        Standard fields keep the catalogue's type; the others take the declared one, or text.
        """
        standard = {f.name: f for f in (*STANDARD_FIELDS[self.table], *ROW_FIELDS)}
        own = (
            TableField(name, column.type or FieldType.TEXT, column.means or column.column)
            for name, column in self.columns.items()
            if name not in standard
        )
        named = (standard[n] for n in (*self.columns, *self.constants) if n in standard)
        return (*named, *own)

    @property
    def key(self) -> str:
        """The field that names a row of its table."""
        return KEYS[self.table]
