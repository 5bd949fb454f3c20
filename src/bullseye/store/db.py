"""The store's database: opening it, and the two kinds of transaction."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from bullseye.errors import BullseyeError, Busy, ExternalError, UsageError
from bullseye.store import migrate
from bullseye.store.tables import AUDIT_HEAD

BUSY_MILLISECONDS = 15_000
"""How long SQLite waits for another writer before the caller is told."""

_SQLITE_FAILURES = {
    sqlite3.SQLITE_NOTADB: ("The file is not a Bullseye store.", "Check the path."),
    sqlite3.SQLITE_CORRUPT: ("The store is damaged.", "Restore the file from a backup."),
    sqlite3.SQLITE_CANTOPEN: ("The store cannot be opened.", "Check the path and its rights."),
    sqlite3.SQLITE_READONLY: (
        "The store cannot be written.",
        "Only questions work here; check the rights of the file and its folder.",
    ),
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space, then repeat the command."),
}


@dataclass(frozen=True)
class Store:
    """What happened in a workspace and who decided it, in one database.

    A store holds no connection between calls, so it may be shared by threads and kept for as
    long as the program likes. The functions that read and write it live in the modules beside
    this one: `batches`, `versions`, `runs`, `overrides`, `proofs`, `audit` and `locks`.
    """

    engine: Engine

    @classmethod
    def open(cls, where: str | Path) -> Self:
        """Open the store at a path or database URL, building or upgrading its tables.

        Parameters
        ----------
        where : str or Path
            A file (SQLite; made, with its folder, where it is missing) or an SQLAlchemy URL.

        Raises
        ------
        UsageError
            If the URL cannot be read or names an engine whose driver is not installed.
        ExternalError
            If the database cannot be used, or a newer Bullseye wrote it.
        Busy
            If another process keeps the database from being upgraded.

        Examples
        --------
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with Store.open(Path(folder) / "store.db") as store:
        ...         store.place.endswith("store.db")
        True
        """
        store = cls(_engine(_url(where)))
        with _explained(store.place):
            _make_folder(store.engine.url)
            with store.engine.connect() as connection:
                is_current = migrate.is_current(connection, store.place)
            if not is_current:
                _let_readers_and_writer_meet(store.engine)
                with _begun(store.engine) as connection:
                    migrate.upgrade(connection, store.place)
        return store

    @property
    def place(self) -> str:
        """Where the store is, as an error may show it: never with a password."""
        url = self.engine.url
        is_file = url.get_backend_name() == "sqlite"
        return str(url.database) if is_file else url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the store; changes of others appear in the next one."""
        with _explained(self.place), self.engine.connect() as plain:
            connection = plain.execution_options(**self._reading)
            with connection.begin():
                yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it happens, or none. There is one writer at a time."""
        with _explained(self.place), _begun(self.engine) as connection:
            # Where writers do not wait for each other by themselves, they do so on this row.
            connection.execute(select(AUDIT_HEAD.c.id).with_for_update()).all()
            yield connection

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """Yield the file's own connection, outside any transaction, for what admits none."""
        with _explained(self.place):
            raw = self.engine.raw_connection()
            try:
                yield cast("sqlite3.Connection", raw.driver_connection)
            finally:
                raw.close()

    @property
    def _reading(self) -> dict[str, Any]:
        # SQLite shows a transaction one state anyhow; servers have to be asked for it.
        is_file = self.engine.url.get_backend_name() == "sqlite"
        return {} if is_file else {"isolation_level": "REPEATABLE READ"}

    def close(self) -> None:
        """Close what is open. A closed store opens again when it is used."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _url(where: str | Path) -> URL:
    if isinstance(where, Path) or "://" not in where:
        path = Path(where).absolute()
        return URL.create("sqlite", database=str(path))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError) as error:
        # The text itself is not repeated: it may hold a password.
        raise UsageError(
            "The store's address is not a database URL.",
            hint="Write a path, or a URL like postgresql+psycopg://user@host/database",
        ) from error
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        raise UsageError("A store in memory forgets everything.", hint="Give the path of a file.")
    return url


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "sqlite":
            return _sqlite(url)
        return create_engine(url, pool_pre_ping=True)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError(
            f"No driver for {url.drivername!r} is installed.",
            hint="Install the engine's Python driver, or give the path of a file.",
        ) from error


def _sqlite(url: URL) -> Engine:
    # Opening a file is cheap; keeping it open would tie connections to threads and forks.
    engine = create_engine(url, poolclass=NullPool)

    @event.listens_for(engine, "do_connect")
    def open_for_reading(*_said: object) -> sqlite3.Connection | None:
        return _for_reading(Path(str(url.database)).absolute())  # None: as usual

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        # The driver would begin late and leave some statements outside; we begin ourselves.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS:d}")
        connection.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes its turn at the start: a reader that turns writer would be refused.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _for_reading(path: Path) -> sqlite3.Connection | None:
    """Open a store's file in a folder that may not be written; None if there is no such file.

    Writing ahead needs files beside the store even to read. Where they are absent and cannot be
    made, nobody is writing either, and the file is read as it lies there.
    """
    if not path.is_file() or os.access(path.parent, os.W_OK):
        return None
    is_open = path.with_name(f"{path.name}-wal").exists()
    how = "mode=ro" if is_open else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, check_same_thread=False)


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite":
        return
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExternalError(
            f"The store's folder cannot be made: {error.strerror}.",
            hint="Check the path and its rights.",
            place=str(url.database),
        ) from error


def _let_readers_and_writer_meet(engine: Engine) -> None:
    """Have SQLite write ahead, so that nobody who reads waits; the file remembers it."""
    if engine.url.get_backend_name() != "sqlite":
        return
    raw = engine.raw_connection()
    try:
        if raw.cursor().execute("PRAGMA journal_mode").fetchone() != ("wal",):
            raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


@contextmanager
def _begun(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as plain:
        connection = plain.execution_options(writes=True)
        with connection.begin():
            yield connection


@contextmanager
def _explained(place: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _explanation(error.orig or error, place) from error
    except sqlite3.Error as error:
        raise _explanation(error, place) from error


def _explanation(error: BaseException, place: str) -> BullseyeError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits are details
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(
            "Another process is writing to the store.",
            hint="Wait until it has finished, then repeat the command.",
            place=place,
        )
    said = (str(error).splitlines() or [type(error).__name__])[0]
    problem, hint = _SQLITE_FAILURES.get(
        code, (f"The store's database refused: {said}", "Check that it runs and is not damaged.")
    )
    return ExternalError(problem, hint=hint, place=place)
