"""The migrations build exactly the tables the program uses."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from bullseye.errors import ExternalError
from bullseye.store import audit, db, migrate
from bullseye.store.db import Store
from bullseye.store.tables import METADATA

SCRIPTS = Path(migrate.__file__).parent / "migrations"


def test_from_empty_to_head_gives_the_tables_in_the_code(store: Store) -> None:
    with store.read() as connection:
        options = {"compare_server_default": True, "version_table": migrate.STAMP_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []
        assert migrate.stamp(connection) == migrate.REVISIONS[-1]


def test_the_comparison_would_notice_a_missing_column(store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("ALTER TABLE runs DROP COLUMN summary")
    with store.read() as connection:
        options = {"version_table": migrate.STAMP_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert [change[0] for change in compare_metadata(context, METADATA)] == ["add_column"]


def test_the_partial_index_is_the_one_in_the_code(store: Store) -> None:
    with store.read() as connection:
        found = {index["name"]: index for index in inspect(connection).get_indexes("batches")}
    options = found["uq_batches_standing"]["dialect_options"]
    assert str(options["sqlite_where"]) == "undone_at IS NULL"


def test_every_migration_is_listed_in_order() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(script.revision for script in scripts)[::-1] == migrate.REVISIONS


def test_opening_twice_changes_nothing(path: Path, store: Store) -> None:
    def schema() -> list[tuple[object, ...]]:
        with store.read() as connection:
            rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master")
            return [tuple(row) for row in rows]

    before = schema()
    Store.open(path).close()
    assert schema() == before
    assert audit.verify(store) is None


def test_a_migration_that_is_cut_short_leaves_nothing(path: Path) -> None:
    engine = db._engine(db._url(path))

    def cut_short() -> None:
        with db._begun(engine) as connection:
            migrate.upgrade(connection, str(path))
            assert migrate.is_current(connection, str(path))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cut_short()
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []


def test_a_newer_store_is_refused_and_left_alone(path: Path, store: Store) -> None:
    with store.write() as connection:
        connection.exec_driver_sql(f"UPDATE {migrate.STAMP_TABLE} SET version_num = '9999'")
    with pytest.raises(ExternalError, match="newer Bullseye") as caught:
        Store.open(path)
    assert "Upgrade the program" in caught.value.hint
    with store.read() as connection:
        assert migrate.stamp(connection) == "9999"


def test_programs_that_arrive_together_build_the_store_once(path: Path) -> None:
    code = "import sys; from bullseye.store.db import Store; Store.open(sys.argv[1])"
    arrivals = [
        subprocess.Popen([sys.executable, "-c", code, path], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [arrival.communicate(timeout=60)[1] for arrival in arrivals]
    assert [arrival.returncode for arrival in arrivals] == [0] * 4, said
    assert audit.verify(Store.open(path)) is None


def test_the_tables_can_be_written_for_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    text = "\n".join(str(CreateTable(t).compile(dialect=dialect)) for t in METADATA.sorted_tables)
    assert "id SERIAL NOT NULL" in text
    assert "TIMESTAMP WITH TIME ZONE" in text
    standing = next(i for i in METADATA.tables["batches"].indexes if i.unique)
    assert "WHERE undone_at IS NULL" in str(CreateIndex(standing).compile(dialect=dialect))
