"""Trino as the warehouse."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any
from urllib.parse import unquote, urlsplit

from bullseye.warehouse.dialects.trino import TRINO
from bullseye.warehouse.engines.dbapi import DbApi
from bullseye.warehouse.engines.drivers import driver

DEFAULT_PORT = 8080


class Trino(DbApi):
    """A Trino cluster: ``trino://user@host:8080/catalog``; with a password over HTTPS."""

    label = "Trino"
    dialect = TRINO

    def __init__(self, url: str) -> None:
        super().__init__(url)
        dbapi, auth = driver("trino.dbapi", "trino"), driver("trino.auth", "trino")
        parts = urlsplit(url)
        self._user = unquote(parts.username or "bullseye")
        signed = {}
        if parts.password:
            password = unquote(parts.password)
            signed = {"auth": auth.BasicAuthentication(self._user, password)}
        with self.explained():
            self._connection = dbapi.connect(
                host=parts.hostname,
                port=parts.port or DEFAULT_PORT,
                user=self._user,
                catalog=parts.path.strip("/").split("/")[0] or None,
                http_scheme="https" if signed else "http",
                timezone="UTC",
                **signed,
            )

    def _execute(self, sql: str) -> Sequence[Any]:
        """Execute and read to the end: only then has Trino done it, whatever it is."""
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    @property
    def version(self) -> str:
        """Trino and its version."""
        return f"trino {self.rows('SELECT version()')[0][0]}"

    @property
    def user(self) -> str:
        """The user of the connection."""
        return self._user
