"""Proofs: results that are kept with their day and inputs."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, migrate, proofs, versions
from bullseye.store.db import Store
from bullseye.store.proofs import NewProof, Proof
from bullseye.store.tables import METADATA

Saved = Callable[..., Proof]
FIRST_FORM = {
    "audit",
    "audit_head",
    "batches",
    "leases",
    "overrides",
    "publications",
    "runs",
    "versions",
}
"""The tables that the store's first form had."""


@pytest.fixture
def saved(store: Store, monday: datetime) -> Saved:
    """Save a proof; name what differs."""

    def save(**differs: object) -> Proof:
        usual: dict[str, object] = {
            "kind": "backtest",
            "subject": "b2b",
            "as_of": date(2026, 3, 1),
            "definitions_hash": versions.put(store, "{}", at=monday, actor="rita"),
            "inputs": (1, 2),
            "document": json.dumps({"lift": 1.4, "won": "größer \x00 als"}),
            "created_at": monday,
            "actor": "rita",
        }
        return proofs.save(store, NewProof(**{**usual, **differs}))  # type: ignore[arg-type]

    return save


def test_a_proof_comes_back_as_it_was_saved(store: Store, saved: Saved) -> None:
    kept = saved()
    assert proofs.get(store, kept.id) == kept
    assert json.loads(kept.document)["won"] == "größer \x00 als"
    assert kept.inputs == (1, 2)


def test_the_newest_is_the_one_saved_last_of_its_kind_and_subject(
    store: Store, saved: Saved, monday: datetime
) -> None:
    first = saved(created_at=monday + timedelta(days=3))
    other = saved(kind="drift")
    last = saved(created_at=monday)
    elsewhere = saved(subject="enterprise")
    assert proofs.newest(store, "backtest", "b2b") == last
    assert proofs.newest(store, "backtest") == elsewhere
    assert proofs.newest(store, "drift") == other
    assert proofs.newest(store, "card") is None
    assert proofs.listed(store, kind="backtest", subject="b2b") == (last, first)
    assert proofs.listed(store, limit=2) == (elsewhere, last)


def test_a_document_that_is_no_json_is_refused(store: Store, saved: Saved) -> None:
    for document in ("", "lift 1.4", '{"lift": NaN}', '{"lift": Infinity}'):
        with pytest.raises(UsageError, match="no JSON"):
            saved(document=document)
    assert proofs.listed(store) == ()


def test_a_proof_needs_a_kind_a_subject_and_known_definitions(saved: Saved) -> None:
    with pytest.raises(UsageError, match="kind"):
        saved(kind=" ")
    with pytest.raises(UsageError, match="subject"):
        saved(subject="")
    with pytest.raises(UnknownName):
        saved(definitions_hash="f" * 64)


def test_a_proof_that_does_not_exist_is_named(store: Store) -> None:
    with pytest.raises(UnknownName, match="'7'"):
        proofs.get(store, 7)


def test_the_audit_trail_seals_the_document(store: Store, saved: Saved) -> None:
    kept = saved()
    entry = audit.entries(store)[0]
    assert (entry.action, entry.subject) == ("proof.save", f"proof {kept.id}")
    assert "document_sha256" in str(entry.after)
    assert "größer" not in str(entry.after)
    assert audit.verify(store) is None


def test_a_store_of_the_first_form_gains_the_table_and_keeps_its_rows(
    path: Path, store: Store, monday: datetime
) -> None:
    versions.put(store, "{}", at=monday, actor="rita")
    with store.write() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table.name not in FIRST_FORM:
                connection.exec_driver_sql(f"DROP TABLE {table.name}")
        connection.exec_driver_sql(f"UPDATE {migrate.STAMP_TABLE} SET version_num = '0001'")
    with Store.open(path) as opened, opened.read() as connection:
        assert inspect(connection).has_table("proofs")
        assert migrate.stamp(connection) == migrate.REVISIONS[-1]
        assert versions.exists(connection, versions.content_hash("{}"))
