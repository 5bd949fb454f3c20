"""Spark as the warehouse: the session at hand, or a Spark Connect server."""

from collections.abc import Sequence
from typing import Any

from bullseye.warehouse.dialects.spark import SPARK
from bullseye.warehouse.engines.base import Column, Engine
from bullseye.warehouse.engines.drivers import driver

LOCAL = "spark://local"


class Spark(Engine):
    """A Spark session: ``spark://local``, a master ``spark://host:7077``, or ``sc://host:15002``.

    ``spark://local`` takes the session that is active in this process, as in a job or a
    notebook, and starts a local one where there is none. ``sc://`` is Spark Connect.
    """

    label = "Spark"
    dialect = SPARK

    def __init__(self, url: str, session: Any = None) -> None:
        super().__init__(url)
        self._session = session or self._opened(url)

    def _opened(self, url: str) -> Any:
        sessions = driver("pyspark.sql", "spark").SparkSession
        with self.explained():
            if url.startswith("sc://"):
                return sessions.builder.remote(url).getOrCreate()
            if url != LOCAL:
                return sessions.builder.appName("bullseye").master(url).getOrCreate()
            return sessions.getActiveSession() or self._local(sessions)

    @staticmethod
    def _local(sessions: Any) -> Any:
        """Start a session in this process; where its tables are is Spark's own configuration."""
        builder = sessions.builder.appName("bullseye").master("local[*]")
        builder = builder.config("spark.ui.enabled", "false")
        return builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()

    def _execute(self, sql: str) -> Sequence[Any]:
        found: Sequence[Any] = self._session.sql(sql).collect()
        return found

    @property
    def version(self) -> str:
        """Spark and its version."""
        return f"spark {self._session.version}"

    @property
    def user(self) -> str:
        """The user of the session."""
        return str(self.rows("SELECT current_user()")[0][0])

    def columns(self, relation: str) -> tuple[Column, ...] | None:
        """Return the columns of a table or view."""
        with self.explained():
            if not self._session.catalog.tableExists(self.quoted(relation)):
                return None
        rows = self.rows(f"DESCRIBE TABLE {self.quoted(relation)}")
        columns = []
        for name, kind, *_ in rows:
            if not name or name.startswith("#"):  # partitions and properties follow
                break
            columns.append(Column(name, kind))
        return tuple(columns)

    def has_schema(self, schema: str) -> bool:
        """Whether the schema is there."""
        with self.explained():
            return bool(self._session.catalog.databaseExists(self.quoted(schema)))

    def close(self) -> None:
        """Leave the session to whoever made it: it may be the caller's own."""
