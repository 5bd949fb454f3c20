"""PostgreSQL as the warehouse, through psycopg."""

from collections.abc import Sequence
from typing import Any

from bullseye.warehouse.dialects.postgres import POSTGRES
from bullseye.warehouse.engines.base import Column, Engine
from bullseye.warehouse.engines.drivers import driver

CONNECT_SECONDS = 15


class Postgres(Engine):
    """A PostgreSQL database: ``postgresql://user@host/database``."""

    label = "PostgreSQL"
    dialect = POSTGRES

    def __init__(self, url: str) -> None:
        super().__init__(url)
        psycopg = driver("psycopg", "postgres")
        with self.explained():
            self._connection = psycopg.connect(
                url,
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                application_name="bullseye",
                prepare_threshold=None,
            )
            for setting in ("TIME ZONE 'UTC'", "standard_conforming_strings = on"):
                self._connection.execute(f"SET {setting}")

    def _execute(self, sql: str) -> Sequence[Any]:
        with self._connection.cursor() as cursor:
            cursor.execute(sql.encode())
            return list(cursor.fetchall()) if cursor.description else []

    @property
    def version(self) -> str:
        """PostgreSQL and the server's version."""
        number = self._connection.info.server_version
        return f"postgresql {number // 10000}.{number % 10000}"

    @property
    def user(self) -> str:
        """The role of the connection."""
        return str(self._connection.info.user)

    def columns(self, relation: str) -> tuple[Column, ...] | None:
        """Return the columns of a table or view, from the catalogue, which every role may read."""
        *schema, table = self.parts(relation)
        literal = self.dialect.literal
        where = (
            f"n.nspname = {literal(schema[-1])}"
            if schema
            else "pg_catalog.pg_table_is_visible(c.oid)"
        )
        rows = self.rows(
            "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)"
            " FROM pg_catalog.pg_class AS c"
            " JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace"
            " JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid"
            f" WHERE c.relname = {literal(table)} AND {where} AND c.relkind IN"
            " ('r', 'v', 'm', 'f', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
            " ORDER BY a.attnum"
        )
        return tuple(Column(*row) for row in rows) or None

    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""
        name = self.dialect.literal(self.parts(schema)[-1])
        return bool(self.rows(f"SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = {name}"))

    def grant_reading(self, relation: str) -> str:
        """Return the statements that let us read a relation."""
        *schema, _ = self.parts(relation)
        user = self.dialect.identifier(self.user)
        usage = [f"GRANT USAGE ON SCHEMA {self.dialect.identifier(schema[-1])} TO {user}"]
        return "; ".join((usage if schema else []) + [super().grant_reading(relation)])

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
