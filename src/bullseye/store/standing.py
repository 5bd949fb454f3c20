"""Rows that hold until somebody takes them back: what stands now, what stood, and taking back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, or_, select, update


def standing(table: Table, known_at: datetime | None = None) -> Select[Any]:
    """Return the select of rows that hold now, or held at a moment, in the order they were made.

    `table` has `id`, `created_at` and `withdrawn_at`.
    """
    query = select(table).order_by(table.c.id)
    if known_at is None:
        return query.where(table.c.withdrawn_at.is_(None))
    return query.where(
        table.c.created_at <= known_at,
        or_(table.c.withdrawn_at.is_(None), table.c.withdrawn_at > known_at),
    )


def standing_where(
    connection: Connection, table: Table, condition: ColumnElement[bool]
) -> Sequence[Row[Any]]:
    """Return the rows that hold now and fulfil a condition, in the order they were made."""
    return connection.execute(standing(table).where(condition)).all()


def taken_back(connection: Connection, table: Table, row_id: int, at: datetime) -> Row[Any]:
    """Take one row back from `at` on, and return it as it is then."""
    query = update(table).where(table.c.id == row_id).values(withdrawn_at=at).returning(*table.c)
    return connection.execute(query).one()
