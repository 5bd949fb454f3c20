"""Snowflake as the warehouse."""

from urllib.parse import parse_qsl, unquote, urlsplit

from bullseye.warehouse.dialects.snowflake import SNOWFLAKE
from bullseye.warehouse.engines.dbapi import DbApi
from bullseye.warehouse.engines.drivers import driver


class Snowflake(DbApi):
    """A Snowflake account: ``snowflake://user@account/database?warehouse=W&role=R``.

    Parameters of the URL go to the driver as they are, as in ``private_key_file`` or
    ``authenticator``.
    """

    label = "Snowflake"
    dialect = SNOWFLAKE

    def __init__(self, url: str) -> None:
        super().__init__(url)
        connector = driver("snowflake.connector", "snowflake")
        parts = urlsplit(url)
        named = {
            "account": parts.hostname,
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "database": parts.path.strip("/"),
            "timezone": "UTC",
        }
        given = {name: value for name, value in named.items() if value}
        with self.explained():
            self._connection = connector.connect(**{**given, **dict(parse_qsl(parts.query))})

    @property
    def version(self) -> str:
        """Snowflake and its version."""
        return f"snowflake {self.rows('SELECT current_version()')[0][0]}"

    @property
    def user(self) -> str:
        """The role: Snowflake grants to roles."""
        return str(self.rows("SELECT current_role()")[0][0])

    def parts(self, relation: str) -> tuple[str, ...]:
        """Return the parts as Snowflake keeps them: names written in lower case are upper."""
        return tuple(p.upper() if p == p.lower() else p for p in super().parts(relation))

    def grant_reading(self, relation: str) -> str:
        """Return the statements that let us read a relation."""
        *schema, _ = self.parts(relation)
        role = self.dialect.identifier(self.user)
        usage = [f"GRANT USAGE ON SCHEMA {self.quoted('.'.join(schema))} TO ROLE {role}"]
        select = f"GRANT SELECT ON {self.quoted(relation)} TO ROLE {role}"
        return "; ".join((usage if schema else []) + [select])

    def grant_writing(self, schema: str) -> str:
        """Return the statement that lets us write the one schema."""
        role = self.dialect.identifier(self.user)
        return (
            f"GRANT USAGE, CREATE TABLE, CREATE VIEW ON SCHEMA {self.quoted(schema)} TO ROLE {role}"
        )
