"""Opening the store, and what a transaction promises."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from bullseye.errors import Busy, ExternalError, UsageError
from bullseye.store import audit, batches, db, versions
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store

DIES_HALF_WAY = """
import sys, time
from datetime import UTC, datetime
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.store.tables import VERSIONS

moment = datetime(2026, 3, 2, tzinfo=UTC)
with Store.open(sys.argv[1]).write() as connection:
    seen = {"first_seen_at": moment, "last_seen_at": moment}
    values = {"hash": "c" * 64, "content": "x" * 5_000_000, **seen}
    connection.execute(VERSIONS.insert().values(values))
    audit.append(connection, audit.Change(at=moment, actor="a", action="b", subject="c"))
    print("half way", flush=True)
    time.sleep(60)
"""


def test_a_store_is_made_with_its_folder_and_opens_again_as_it_was(
    tmp_path: Path, monday: datetime
) -> None:
    path = tmp_path / "a b%c?#" / "deeper" / "store.db"
    with Store.open(path) as store:
        name = versions.put(store, "{}", at=monday, actor="rita")
    with Store.open(str(path)) as again:
        assert versions.get(again, name) == "{}"
        assert again.place == str(path)


def test_a_url_opens_the_same_store_as_its_path(path: Path, monday: datetime) -> None:
    name = versions.put(Store.open(path), "{}", at=monday, actor="rita")
    assert versions.get(Store.open(f"sqlite:///{path}"), name) == "{}"


def test_opening_a_current_store_does_not_import_alembic(path: Path) -> None:
    Store.open(path).close()
    code = (
        "import sys; from bullseye.store.db import Store; Store.open(sys.argv[1]);"
        "sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, path], check=False).returncode == 0


def test_importing_the_package_imports_no_database() -> None:
    code = "import sys, bullseye.store; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_process_killed_in_a_transaction_leaves_the_state_before_it(
    path: Path, store: Store, monday: datetime
) -> None:
    versions.put(store, "{}", at=monday, actor="rita")
    with subprocess.Popen(
        [sys.executable, "-c", DIES_HALF_WAY, path], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half way\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert len(versions.listed(store)) == 1
    assert audit.verify(store) is None
    versions.put(store, "[]", at=monday, actor="rita")
    assert len(audit.entries(store)) == 2


def test_an_error_inside_a_transaction_undoes_all_of_it(
    store: Store, a_batch: Callable[..., NewBatch]
) -> None:
    with store.write() as connection:
        connection.exec_driver_sql("DELETE FROM audit_head")
    with pytest.raises(ExternalError, match="lost its end"):
        batches.add(store, a_batch())
    assert batches.listed(store) == ()


def test_a_second_writer_is_told_so_in_words(
    path: Path, monkeypatch: pytest.MonkeyPatch, monday: datetime
) -> None:
    monkeypatch.setattr(db, "BUSY_MILLISECONDS", 50)
    first, second = Store.open(path), Store.open(path)
    with first.write(), pytest.raises(Busy, match="Another process is writing"):
        versions.put(second, "{}", at=monday, actor="rita")


def test_a_reader_sees_one_state_while_a_writer_goes_on(path: Path, monday: datetime) -> None:
    reader, writer = Store.open(path), Store.open(path)
    with reader.read() as connection:
        count = connection.exec_driver_sql("SELECT count(*) FROM versions").scalar_one
        before = count()
        versions.put(writer, "{}", at=monday, actor="rita")
        after = connection.exec_driver_sql("SELECT count(*) FROM versions").scalar_one()
    assert (before, after) == (0, 0)
    assert len(versions.listed(reader)) == 1


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"account_id,name\n1,Acme\n" * 100)
    with pytest.raises(ExternalError, match="not a Bullseye store"):
        Store.open(path)
    assert path.read_bytes().startswith(b"account_id")


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE invoices (id)")
    other.close()
    with pytest.raises(ExternalError, match="another program"):
        Store.open(path)
    other = sqlite3.connect(path)
    assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]
    other.close()


def test_a_folder_is_not_a_store(tmp_path: Path) -> None:
    with pytest.raises(ExternalError, match="cannot be opened"):
        Store.open(tmp_path)


def test_a_file_in_the_way_of_the_folder_is_explained(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExternalError, match="folder cannot be made"):
        Store.open(tmp_path / "file" / "store.db")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "forgets everything"),
        ("sqlite:///:memory:", "forgets everything"),
        ("nosuchengine://rita:hunter2@host/base", "No driver"),
        ("://rita:hunter2@", "not a database URL"),
        ("postgresql+psycopg://rita:hunter2@host:port/base", "not a database URL"),
    ],
)
def test_a_url_that_cannot_serve_is_refused_without_its_password(url: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        Store.open(url)
    assert "hunter2" not in str(caught.value)
    assert caught.value.hint
