"""What engines with an ordinary database driver and an information schema have in common."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any

from bullseye.warehouse.engines.base import Column, Engine


class DbApi(Engine):
    """An engine behind a driver that keeps to PEP 249."""

    _connection: Any

    def _execute(self, sql: str) -> Sequence[Any]:
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def _catalogue(self, schema: Sequence[str]) -> str:
        """Return the information schema that knows the relations below `schema`."""
        catalog = [self.dialect.identifier(part) for part in schema[:-1]]
        return ".".join([*catalog, "information_schema"])

    def columns(self, relation: str) -> tuple[Column, ...] | None:
        """Return the columns of a table or view, from the information schema."""
        *schema, table = self.parts(relation)
        literal = self.dialect.literal
        where = f"table_name = {literal(table)}"
        if schema:
            where += f" AND table_schema = {literal(schema[-1])}"
        rows = self.rows(
            f"SELECT column_name, data_type FROM {self._catalogue(schema)}.columns"
            f" WHERE {where} ORDER BY ordinal_position"
        )
        return tuple(Column(*row) for row in rows) or None

    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""
        parts = self.parts(schema)
        name = self.dialect.literal(parts[-1])
        sql = f"SELECT 1 FROM {self._catalogue(parts)}.schemata WHERE schema_name = {name}"
        return bool(self.rows(sql))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
