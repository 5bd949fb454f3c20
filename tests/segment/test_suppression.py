"""Who asks to be left alone is in no list of contacts, and stays in every count."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import World

from bullseye.definitions.addresses import SuppressionKind, normal_email
from bullseye.definitions.field import TableName
from bullseye.errors import InputError, UsageError
from bullseye.segment.run import suppressing
from bullseye.segment.run.suppressing import suppress, suppress_file, unsuppress
from bullseye.store import audit, suppressions
from bullseye.suppression import (
    Because,
    left_out,
    not_suppressed_sql,
    suppressed_table,
    suppression_list,
)
from bullseye.warehouse.publish import reading
from bullseye.workspace import PRIVATE

ROWS = (
    {"contact_id": "C1", "account_id": "A1", "email": "Jane@acme.example"},
    {"contact_id": "C2", "account_id": "A1", "email": "bo@eu.acme.example"},
    {"contact_id": "C3", "account_id": "A2", "email": None, "do_not_contact": True},
    {"contact_id": "C4", "account_id": "A2", "email": "jane@beta.example"},
    {"contact_id": "C5", "account_id": "A2", "email": "x@notacme.example"},
)


def left_alone(world: World) -> dict[str, str]:
    """Return who may not be handed over, and why."""
    workspace = world.workspace
    with workspace.connection() as connection:
        (batch,) = (b for b in workspace.batches() if b.table is TableName.CONTACTS)
        contacts = reading(batch.path)
        table = suppressed_table(workspace, connection, contacts)
        found = dict(connection.execute(f"SELECT * FROM {table}").fetchall())
        allowed = connection.execute(
            f"SELECT contact_id FROM {contacts} WHERE {not_suppressed_sql(table)} ORDER BY ALL"
        ).fetchall()
        assert {each for (each,) in allowed} == {f"C{n}" for n in range(1, 6)} - set(found)
        assert sum(left_out(connection, table).values()) == len(found)
        return found


@pytest.fixture
def people(world: World) -> World:
    world.known(ROWS, table=TableName.CONTACTS)
    return world


def test_without_a_list_only_who_asked_in_the_import_is_left_alone(people: World) -> None:
    assert left_alone(people) == {"C3": Because.ASKED}
    assert not (people.folder / PRIVATE / "secret").exists()


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("jane@ACME.example", {"C1"}),
        (" Jane Roe <jane@acme.example>", {"C1"}),
        ("C2", {"C2"}),
        ("@acme.example", {"C1", "C2"}),
        ("@eu.acme.example", {"C2"}),
        ("jane+news@acme.example", set()),
    ],
)
def test_an_address_an_id_or_a_domain_is_left_alone(
    people: World, who: str, found: set[str]
) -> None:
    suppress(people.workspace, who, reason="asked")
    assert left_alone(people) == {"C3": Because.ASKED} | dict.fromkeys(found, Because.LISTED)


def test_the_list_and_the_audit_trail_hold_neither_address_nor_id(people: World) -> None:
    suppress(people.workspace, "jane@acme.example", reason="asked")
    suppress(people.workspace, "C2-0001", reason="asked")
    with people.store.read() as connection:
        dump = "\n".join(connection.connection.driver_connection.iterdump())
    assert "jane" not in dump.lower().replace("j…@acme", "")
    assert "C2-0001" not in dump
    shown = [each.shown for each in suppressing.listed(people.workspace)]
    assert shown == ["j…@acme.example", "…01"]
    assert audit.verify(people.store) is None


def test_who_is_taken_off_the_list_may_be_written_to_again(people: World) -> None:
    suppress(people.workspace, "C1", reason="asked")
    unsuppress(people.workspace, "C1")
    assert left_alone(people) == {"C3": Because.ASKED}
    with pytest.raises(UsageError, match="not on the suppression list"):
        unsuppress(people.workspace, "C1")


def test_the_same_twice_is_on_the_list_once(people: World) -> None:
    first = suppress(people.workspace, "C1", reason="asked")
    assert suppress(people.workspace, " C1", reason="asked again") == first
    assert len(suppressions.active(people.store)) == 1


@pytest.mark.parametrize("who", ["", "  ", "@", "a@b", "@acme", "two words@acme.example"])
def test_what_means_nobody_is_refused(people: World, who: str) -> None:
    with pytest.raises(UsageError):
        suppress(people.workspace, who, reason="asked")


def test_a_reason_that_says_who_is_meant_is_refused(people: World) -> None:
    with pytest.raises(UsageError, match="says who"):
        suppress(people.workspace, "jane@acme.example", reason="Jane@Acme.example wrote")


def test_a_dry_run_adds_nothing(people: World) -> None:
    suppress(people.workspace, "C1", reason="asked", dry_run=True)
    assert suppressions.active(people.store) == ()


def test_of_a_file_good_rows_are_kept_and_bad_ones_named_by_their_number(
    people: World, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "E-mail,Contact Id\njane@acme.example,\nnobody,\n,C4\n,\njane@acme.example,\n",
        encoding="utf-8",
    )
    tried = suppress_file(people.workspace, str(path), reason="asked", dry_run=True)
    assert suppressions.active(people.store) == ()
    done = suppress_file(people.workspace, str(path), reason="asked")
    assert done == tried
    assert (done.rows_read, done.added) == (5, 2)
    assert [each.row for each in done.bad] == [2, 4]
    assert set(left_alone(people)) == {"C1", "C3", "C4"}


def test_a_file_without_a_column_of_addresses_is_refused(people: World, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("colour\nred\n", encoding="utf-8")
    with pytest.raises(InputError, match="No column"):
        suppress_file(people.workspace, str(path), reason="asked")


@pytest.mark.parametrize("secret", [None, "another one"])
def test_without_its_secret_the_list_lets_nobody_through(people: World, secret: str | None) -> None:
    suppress(people.workspace, "C1", reason="asked")
    file = people.folder / PRIVATE / "secret"
    file.write_text(secret) if secret else file.unlink()
    with pytest.raises(InputError, match="secret"):
        suppression_list(people.workspace)
    with pytest.raises(InputError, match="secret"):
        left_alone(people)


def test_an_address_is_compared_as_it_goes_over_the_wire() -> None:
    assert normal_email("JANE@Bücher.example") == normal_email("jane@xn--bcher-kva.example")
    assert normal_email("jane.roe@acme.example") != normal_email("janeroe@acme.example")


def test_the_key_of_an_address_needs_the_secret() -> None:
    keys = {
        suppressions.key_of(secret, kind, "acme.example")
        for secret in (b"one", b"two")
        for kind in SuppressionKind
    }
    assert len(keys) == 6


def test_the_commands_say_who_is_left_alone(
    north: Path, bullseye: Callable[..., Any], tmp_path: Path
) -> None:
    here = ("-w", north)
    assert "Nobody is on the list" in bullseye(*here, "suppressions").out
    ran = bullseye(*here, "suppress", "jane@acme.example", "--reason", "asked")
    assert (ran.code, "j…@acme.example" in ran.out) == (0, True)
    (one,) = bullseye(*here, "suppressions", "--json").document
    assert one["shown"] == "j…@acme.example"
    assert bullseye(*here, "suppress", "--reason", "asked").code == 2
    file = tmp_path / "l.csv"
    file.write_text("email\nnobody\nbo@acme.example\n")
    ran = bullseye(*here, "suppress", "--file", file, "--reason", "asked")
    assert "1 added" in ran.out
    assert "row 1" in ran.err
    assert bullseye(*here, "unsuppress", "jane@acme.example").code == 0
