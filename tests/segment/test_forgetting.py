"""Forgetting a contact removes it everywhere, changes no count, and survives being killed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.segment.forgetting_house import (
    CONTACTS,
    EMAIL,
    ID,
    LAST,
    NAME,
    TOUCHES,
    TRACES,
    TWIN,
    build,
    copied,
    found_in,
)

from bullseye.definitions.field import TableName
from bullseye.errors import Question, UnknownName, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.segment.run import forgetting
from bullseye.segment.run.forgetting import Forgotten, forget
from bullseye.store import audit, batches, deletions, evidence, proofs, research
from bullseye.workspace import PRIVATE, Workspace

REASON = "asked on the phone"


@pytest.fixture(scope="session")
def known(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that knows Zoë in every place there is."""
    folder = tmp_path_factory.mktemp("known")
    built = copied(template, folder / "north")
    build(built, folder / "files")
    return built


@pytest.fixture
def house(known: Path, tmp_path: Path) -> Workspace:
    """A copy of it."""
    return Workspace.open(copied(known, tmp_path / "house"))


@dataclass(frozen=True)
class After:
    """A workspace that forgot Zoë, what was said of it, and what was counted before."""

    workspace: Workspace
    done: Forgotten
    before: Mapping[str, list[Any]]
    cases: str

    @property
    def folder(self) -> Path:
        return self.workspace.folder


@pytest.fixture(scope="session")
def after(known: Path, tmp_path_factory: pytest.TempPathFactory) -> After:
    """The workspace once she is forgotten; tests only look at it."""
    workspace = Workspace.open(copied(known, tmp_path_factory.mktemp("after") / "house"))
    before, cases = aggregates(workspace), cases_of(workspace.folder)
    return After(workspace, forgotten(workspace), before, cases)


def cases_of(folder: Path) -> str:
    """Return what is said of the cases of every outcome."""
    asked = ["outcomes", "--as-of", LAST, "--as-known-today", "--every", "quarter", "--json"]
    with redirect_stdout(StringIO()) as said:
        assert code_of(["-w", str(folder), *asked]) == 0
    return said.getvalue()


def forgotten(workspace: Workspace, *who: str, **options: Any) -> Forgotten:
    return forget(workspace, who or (EMAIL,), reason=REASON, **options)


def aggregates(workspace: Workspace) -> dict[str, list[Any]]:
    """Return what is counted of the past, account by account."""
    ids = tuple(batch.number for batch in workspace.batches())
    with workspace.connection() as connection:
        state = workspace.state(connection, workspace.project, ids, date.fromisoformat(LAST))

        def rows(table: TableName, query: str) -> list[Any]:
            path = state.signals if table is TableName.SIGNALS else state.table(table)
            read = duckdb.read_parquet(str(path))
            return read.query("r", f"{query} FROM r GROUP BY ALL ORDER BY ALL").fetchall()

        return {
            "touches": rows(
                TableName.TOUCHES,
                "SELECT account_id, occurred_on, channel, direction, outcome, count(*),"
                " count(DISTINCT contact_id)",
            ),
            "committee": rows(
                TableName.OPPORTUNITY_CONTACTS,
                "SELECT account_id, opportunity_id, role, count(*), count(DISTINCT contact_id)",
            ),
            "opportunities": rows(
                TableName.OPPORTUNITIES,
                "SELECT account_id, outcome, stage, sum(amount), count(*), min(closed_on)",
            ),
            "signals": rows(TableName.SIGNALS, "SELECT account_id, type, occurred_on, count(*)"),
            "evidence": [
                (each.kind, each.source_id, each.turn_index, each.char_start, each.char_end)
                for each in evidence.listed(workspace.store)
            ],
            "sources": [s.turn_count for s in research.listed(workspace.store)],
        }


# -- removed everywhere ----------------------------------------------------------------------


def test_the_search_finds_the_contact_wherever_it_is_known(house: Workspace) -> None:
    private = house.folder / PRIVATE
    found = found_in(private, TRACES)
    kinds = {Path(each).parts[0] + "/" + "/".join(Path(each).parts[1:3]) for each in found}
    for each in ("contacts", "touches", "opportunity_contacts", "opportunities", "signals"):
        assert f"warehouse/batches/{each}" in kinds
    assert "store.db/" in kinds or "store.db-wal/" in kinds
    assert any(each.startswith("warehouse/states") for each in kinds)


def test_nothing_of_a_forgotten_contact_is_left_in_any_file(after: After) -> None:
    assert found_in(after.folder, TRACES) == []
    assert after.done.remaining == ()


def test_what_is_counted_stays_as_it_was(after: After) -> None:
    assert aggregates(after.workspace) == after.before
    assert sum(row[-2] for row in after.before["touches"]) == 5


def test_cases_of_outcomes_stay_as_they_were(after: After) -> None:
    assert json.loads(after.cases)
    assert cases_of(after.folder) == after.cases


def test_an_older_run_replays_to_the_same_bytes(after: After, bullseye: Callable[..., Any]) -> None:
    (run,) = bullseye("-w", after.folder, "runs", "--json").document
    replayed = bullseye("-w", after.folder, "replay", run["id"], "--json")
    assert replayed.code == 0
    assert replayed.document["sha256"] == run["result_sha256"]


def test_the_audit_trail_still_holds_and_says_what_happened(after: After) -> None:
    house = after.workspace
    assert audit.verify(house.store) is None
    actions = [each.action for each in audit.entries(house.store)]
    assert {"deletion.begin", "deletion.rewrite", "deletion.finish", "audit.redact"} <= {*actions}


def test_a_redacted_entry_that_is_changed_again_is_noticed(house: Workspace) -> None:
    forgotten(house)
    with house.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE audit SET after = replace(after, '[forgotten]', 'Somebody')"
        )
    broken = audit.verify(house.store)
    assert broken is not None
    assert "changed" in broken.problem


def test_who_else_is_named_stays(after: After) -> None:
    house = after.workspace
    (path,) = (house.warehouse / "batches" / "contacts").rglob("*2026-04-30.parquet")
    rows = {row["contact_id"]: row for row in pq.read_table(path).to_pylist()}
    assert set(rows) == {"C1", "C4"}
    assert rows["C1"]["email"] == "bo@acme.example"
    assert rows["C1"]["note"] == "reports to [forgotten]"
    turns = research.turns(house.store, 1)
    assert turns[0].text == f"Hello {'█' * len(NAME)}, how are you?"
    assert set(turns[1].text) == {"█"}
    assert (turns[1].email, turns[2].speaker) == (None, "Bo")
    quotes = {each.turn_index: each.quote for each in evidence.listed(house.store)}
    assert quotes[1] == turns[1].text[:-1]
    assert quotes[2] == turns[2].text[:-1]


def test_a_touch_keeps_its_facts_and_loses_its_words(after: After) -> None:
    house = after.workspace
    ids = tuple(batch.number for batch in house.batches())
    with house.connection() as connection:
        state = house.state(connection, house.project, ids, date.fromisoformat(LAST))
    rows = {
        row["touch_id"]: row for row in pq.read_table(state.table(TableName.TOUCHES)).to_pylist()
    }
    first, second, third = rows["T1"], rows["T2"], rows["T3"]
    assert first["contact_id"] == second["contact_id"]
    assert first["contact_id"].startswith("forgotten-")
    assert (first["subject"], first["outcome"], first["account_id"]) == (None, "reply", "A1")
    assert second["account_id"] == "A1"  # it only had it through the contact
    assert (third["contact_id"], third["subject"]) == ("C1", "Offer for [forgotten]")


def test_the_import_it_came_with_shows_how_its_file_changed(after: After) -> None:
    house, done = after.workspace, after.done
    assert done.deletion_id is not None
    rewrites = deletions.rewrites(house.store, done.deletion_id)
    paths = {each.path for each in rewrites}
    undone = [b for b in batches.listed(house.store, include_undone=True) if b.undone_at]
    assert {each.path for each in undone} <= paths
    assert all(each.sha256_before != each.sha256_after for each in rewrites)
    (of_batch,) = [e for e in audit.entries(house.store) if e.subject == f"batch {undone[0].id}"][
        :1
    ]
    assert of_batch.action == "deletion.rewrite"


def test_a_proof_keeps_its_figures(after: After) -> None:
    house = after.workspace
    found = proofs.newest(house.store, "committee")
    assert found is not None
    said = json.loads(found.document)
    assert (said["who"], said["n"], said["ids"]) == ("[forgotten]", 3, ["[forgotten]"])
    assert said["contact_id"].startswith("forgotten-")


# -- who is meant ----------------------------------------------------------------------------


@pytest.mark.parametrize("who", [EMAIL, EMAIL.upper(), ID, TWIN, "zq@acme.example"])
def test_an_address_or_id_of_theirs_means_all_of_them(house: Workspace, who: str) -> None:
    done = forgotten(house, who, dry_run=True)
    assert done.counts["contacts: rows removed"] == 4
    assert done.counts["quarantine: lines removed"] == 2


def test_a_dry_run_changes_nothing_and_says_what_the_run_then_does(house: Workspace) -> None:
    def files() -> dict[Path, bytes]:  # states are a cache: who asks builds them
        kept = (p for p in house.folder.rglob("*") if p.is_file() and "store.db" not in p.name)
        return {path: path.read_bytes() for path in kept if "states" not in path.parts}

    before = files()
    tried = forgotten(house, dry_run=True)
    assert files() == before
    assert deletions.listed(house.store) == ()
    assert forgotten(house).counts == tried.counts


def test_nobody_is_forgotten_by_a_name_that_is_not_here(house: Workspace) -> None:
    with pytest.raises(UnknownName, match="nobody@acme"):
        forgotten(house, "nobody@acme.example")
    assert deletions.listed(house.store) == ()


@pytest.mark.parametrize("reason", [f"{NAME} asked", f"mail of {EMAIL}", f"ticket {ID}", " "])
def test_a_reason_that_names_the_contact_is_refused(house: Workspace, reason: str) -> None:
    with pytest.raises(UsageError):
        forget(house, [EMAIL], reason=reason)
    assert deletions.listed(house.store) == ()


def test_an_address_that_two_names_share_is_a_question(
    house: Workspace, imported_into: Callable[..., Any]
) -> None:
    text = f"Contact Id,Account Id,First Name,Last Name,Email\nC9,A1,Carl,Other,{EMAIL}\n"
    imported_into(house, "contacts", text)
    with pytest.raises(Question, match="C9"):
        forgotten(house)
    forgotten(house, EMAIL, leave=("C9",))
    assert {row["contact_id"] for row in contacts(house)} == {"C1", "C4", "C9"}


def test_a_name_that_another_contact_has_goes_only_where_it_must_be_theirs(
    house: Workspace, imported_into: Callable[..., Any]
) -> None:
    text = (
        "Contact Id,Account Id,First Name,Last Name,Email\nC9,A2,Zoë,Quillfeather,z@beta.example\n"
    )
    imported_into(house, "contacts", text)
    notes = f"Id,Account Id,Contact Id,Date,Subject\nN1,A2,C4,2026-04-01,About {NAME}\n"
    imported_into(house, "touches", notes)
    forgotten(house)
    assert {row["contact_id"]: row["first_name"] for row in contacts(house)}["C9"] == "Zoë"
    left = found_in(house.warehouse / "batches" / "touches", (NAME,))
    assert len(left) == 1


def contacts(workspace: Workspace) -> list[dict[str, Any]]:
    folder = workspace.warehouse / "batches" / "contacts"
    return [row for path in folder.rglob("*.parquet") for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def imported_into(tmp_path: Path, bullseye: Callable[..., Any]) -> Callable[..., Any]:
    """Import a text as a file of a workspace's table; return what became of it."""

    def run(workspace: Workspace, table: str, text: str, *, day: str = LAST) -> Any:
        path = tmp_path / f"{table}-again.csv"
        path.write_text(text, encoding="utf-8")
        ran = bullseye("-w", workspace.folder, "import", table, path, "--as-of", day, "--json")
        assert ran.code == 0, ran.err
        return ran.document[0]["report"]

    return run


# -- later imports ---------------------------------------------------------------------------


def test_a_later_import_drops_the_contact_again_and_says_so(
    house: Workspace, imported_into: Callable[..., Any]
) -> None:
    forgotten(house)
    again = CONTACTS + f"NEW99,A1,Zoë,Q,{EMAIL.upper()},VP,,2024-01-05,\n"
    report = imported_into(house, "contacts", again)
    assert (report["rows_read"], report["kept"]) == (5, 2)
    assert "3 rows of a contact who asked to be forgotten were dropped." in report["notes"]
    assert found_in(house.folder, (EMAIL, "zq@acme.example", ID, TWIN, "+49 30 5550177")) == []
    parts = "Id,Opportunity Id,Contact Id,Role\nP9,O1,NEW99,Champion\n"
    report = imported_into(house, "opportunity_contacts", parts)
    assert report["kept"] == 1
    assert found_in(house.folder, ("NEW99",)) == []


def test_a_later_import_of_the_same_touches_counts_them_once(
    house: Workspace, imported_into: Callable[..., Any]
) -> None:
    before = aggregates(house)
    forgotten(house)
    report = imported_into(house, "touches", TOUCHES.replace("Hello", "Hello again"))
    assert report["kept"] == 5
    assert "3 rows that name such a contact: kept without the contact." in report["notes"]
    assert aggregates(house)["touches"] == before["touches"]


# -- once, and after being killed ------------------------------------------------------------


def test_forgetting_twice_finds_nothing_the_second_time(house: Workspace) -> None:
    forgotten(house)
    again = forgotten(house)
    assert again.was_forgotten
    assert again.counts == {}
    assert len(deletions.listed(house.store)) == 1


class Killed(BaseException):
    """The process ends here."""


def steps_of(workspace: Workspace) -> list[str]:
    said: list[str] = []
    forgotten(workspace, step=said.append)
    return said


def test_wherever_it_is_cut_short_a_second_call_finishes(known: Path, tmp_path: Path) -> None:
    whole = Workspace.open(copied(known, tmp_path / "whole"))
    expected = aggregates(whole)
    steps = steps_of(whole)
    counts = deletions.listed(whole.store)[0].counts
    assert len(steps) > 20
    for at in range(2, len(steps), 7):
        left = Workspace.open(copied(known, tmp_path / f"cut-{at}"))
        _cut_short(left, at)
        done = forgetting.resume(left) if at % 2 else forgotten(left)
        assert done is not None
        left.store.close()
        assert found_in(left.folder, TRACES) == [], steps[at]
        (one,) = deletions.listed(left.store)
        assert one.counts == counts, steps[at]
        assert audit.verify(left.store) is None
        assert not forgetting.is_cut_short(left)
    assert aggregates(left) == expected


def _cut_short(workspace: Workspace, at: int) -> None:
    said: list[str] = []

    def step(now: str) -> None:
        said.append(now)
        if len(said) > at:
            raise Killed

    with pytest.raises(Killed):
        forgotten(workspace, step=step)


@pytest.mark.parametrize("stage", ["Replacing", "Wiping"])
def test_a_process_that_is_killed_leaves_whole_files_and_can_be_finished(
    house: Workspace, stage: str
) -> None:
    script = Path(__file__).with_name("forgetting_killed.py")
    ran = subprocess.run(
        [sys.executable, str(script), str(house.folder), EMAIL, stage],
        check=False,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        timeout=120,
    )
    assert ran.returncode == -9, ran.stderr
    for path in (house.warehouse / "batches").rglob("*.parquet"):
        assert pq.read_table(path).num_rows >= 0
    assert forgetting.is_cut_short(house)
    assert forgetting.resume(house) is not None
    house.store.close()
    assert found_in(house.folder, TRACES) == []


def test_where_nothing_was_cut_short_there_is_nothing_to_finish(house: Workspace) -> None:
    assert forgetting.resume(house) is None


# -- what the team keeps ---------------------------------------------------------------------


def test_files_of_the_team_that_name_the_contact_are_told_and_left(house: Workspace) -> None:
    (house.folder / "exports").mkdir()
    file = house.folder / "exports" / "list.csv"
    file.write_text(f"id,email\n1,{EMAIL}\n2,bo@acme.example\n", encoding="utf-8")
    (house.folder / "book.xlsx").write_bytes(b"PK")
    quoted = "exemplars:\n  - Onboarding takes us nine\n    weeks, and my knee hurts.\n"
    (house.folder / "theme.yaml").write_text(quoted, encoding="utf-8")
    done = forgotten(house)
    assert [(each.file, each.places) for each in done.remaining] == [
        ("book.xlsx", None),
        ("exports/list.csv", 1),
        ("theme.yaml", 1),
    ]
    assert EMAIL in file.read_text(encoding="utf-8")


def test_the_command_says_what_it_did_and_lists_it_without_the_contact(
    house: Workspace, bullseye: Callable[..., Any]
) -> None:
    here = ("-w", house.folder)
    ran = bullseye(*here, "forget", EMAIL, "--reason", REASON)
    assert ran.code == 0
    assert "contacts: rows removed" in ran.out
    listed = bullseye(*here, "forget", "--list")
    assert REASON in listed.out
    (one,) = bullseye(*here, "forget", "--list", "--json").document
    assert one["counts"]["contacts: rows removed"] == 4
    assert "Quill" not in listed.out
    assert bullseye(*here, "forget", EMAIL).code == 2
