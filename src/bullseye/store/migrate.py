"""Bringing the store's tables to the form this program knows.

Alembic is slow to import, so the stamp is compared here and Alembic called only when needed.
"""

from pathlib import Path

from sqlalchemy import Connection, String, column, inspect, select, table, text

from bullseye.errors import ExternalError
from bullseye.store.tables import METADATA

REVISIONS = tuple(f"{number:04}" for number in range(1, 10))
"""Every form the tables have had, oldest first; one file in `migrations/versions` each."""

STAMP_TABLE = "bullseye_schema"
"""Holds the revision; not Alembic's usual name, which another program may use."""


def stamp(connection: Connection) -> str | None:
    """Return the revision the tables are at, or None for an empty database."""
    if not inspect(connection).has_table(STAMP_TABLE):
        return None
    query = select(column("version_num", String)).select_from(table(STAMP_TABLE))
    return connection.execute(query).scalar()


def is_current(connection: Connection, place: str) -> bool:
    """Return whether the tables have the form this program knows.

    Raises
    ------
    ExternalError
        If they have a form it does not know, which a newer Bullseye must have given them; or
        if the file is another program's.
    """
    found = stamp(connection)
    # A server's database may be shared; a file is not.
    if found is None and connection.dialect.name == "sqlite" and _tables(connection):
        raise ExternalError(
            f"The file belongs to another program: it has a table {_tables(connection)[0]!r}.",
            hint="Check the path, or give one where no file is yet.",
            place=place,
        )
    if found is not None and found not in REVISIONS:
        raise ExternalError(
            f"A newer Bullseye wrote this store (schema {found}; "
            f"this program knows schemas up to {REVISIONS[-1]}).",
            hint="Upgrade the program: python -m pip install --upgrade bullseye-gtm",
            place=place,
        )
    return found == REVISIONS[-1]


def upgrade(connection: Connection, place: str) -> None:
    """Bring the tables to the newest form, inside the caller's transaction.

    Two programs may arrive at once: the second finds the work done and leaves it.
    """
    if connection.dialect.name == "postgresql":
        # An empty database has no row to wait on. The number only has to be ours.
        connection.execute(text("SELECT pg_advisory_xact_lock(2854)"))
    if is_current(connection, place):
        return
    from alembic import command  # noqa: PLC0415 - see the module's sentence
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    scripts = Path(__file__).parent / "migrations"
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["options"] = {
        "target_metadata": METADATA,
        "version_table": STAMP_TABLE,
        "render_as_batch": True,  # SQLite alters a table by copying it
    }
    command.upgrade(config, "head")


def _tables(connection: Connection) -> list[str]:
    return inspect(connection).get_table_names()
