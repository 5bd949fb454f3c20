"""Titles are labelled once, kept to be reviewed, and a person's word goes before the rules."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.titles import Confidence, lexicon_version
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run.measuring import measured
from bullseye.store import audit
from bullseye.store import titles as stored
from bullseye.synthesize.run import Decision, override, titles
from bullseye.warehouse.contacts import dictionary
from bullseye.warehouse.personas import personas_sql

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}


def contacts(world: Any, *given: str | None) -> None:
    start = next(world.numbers) * 1000
    rows = [
        {"contact_id": f"p{start + at}", "account_id": "a", "title": title}
        for at, title in enumerate(given)
    ]
    world.known(rows, table=TableName.CONTACTS, source="people")


@pytest.fixture
def one(world: Any) -> Any:
    """An account of the best tier."""
    world.icp("north", SIZE)
    world.signal("raised")
    world.define("personas", "chief", who={"level": ["head", "vp"], "function": "sales"})
    world.known([{"account_id": "a", "employees": 200}])
    world.happened([{"account_id": "a", "type": "raised"}])
    return world


def has_role(world: Any) -> bool | None:
    prioritize.score(world.workspace)
    return prioritize.targets(world.workspace)[0].has_role


def test_titles_are_listed_by_their_contacts_with_the_rules_that_fired(one: Any) -> None:
    contacts(one, "Vertriebsleiter", "vertriebsleiter ", "Clerk", None, "...")
    found = titles(one.workspace)
    first = found.rows[0]
    assert (first.title, first.contacts) == ("vertriebsleiter ", 2)
    assert (first.level_rule, first.function_rule) == ("head.leader.de", "sales.role.de")
    assert (found.contacts, found.titles) == (4, 3)
    assert {row.lexicon_version for row in found.rows} == {lexicon_version()}


def test_what_no_rule_could_tell_is_shown_for_review(one: Any) -> None:
    contacts(one, "Vertriebsleiter", "Blorbist", "open to work")
    found = titles(one.workspace, unknown_only=True)
    assert {row.title for row in found.rows} == {"Blorbist", "open to work"}


def test_a_persona_reads_what_the_title_says(one: Any) -> None:
    contacts(one, "Vertriebsleiter", "Clerk")
    assert has_role(one) is True


def test_nobody_fits_a_persona_whose_level_no_title_has(one: Any) -> None:
    contacts(one, "Sales Representative", "open to work")
    assert has_role(one) is False


def test_a_level_that_is_unknown_is_neither_one_nor_not_one(one: Any) -> None:
    one.define("personas", "chief", who={"level": {"none_of": ["junior"]}})
    contacts(one, "open to work")
    assert has_role(one) is False


def test_a_customers_own_field_of_that_name_goes_first(one: Any) -> None:
    own = {"contact_id": "id", "level": {"column": "Rang", "type": "text"}}
    one.define("sources", "people", table="contacts", columns=own)
    one.define("personas", "chief", who={"level": "Chef"})
    one.known(
        [{"contact_id": "p1", "account_id": "a", "title": "Intern", "level": "Chef"}],
        table=TableName.CONTACTS,
        source="people",
    )
    assert has_role(one) is True


def test_an_override_decides_for_every_spelling_and_stands_in_the_audit(one: Any) -> None:
    contacts(one, "Growth Ninja", "growth  ninja!", "Clerk")
    assert has_role(one) is False
    before = override(one.workspace, Decision("Growth Ninja", "head", "sales", "she leads sales"))
    assert before.level == "ic"
    assert prioritize.targets(one.workspace)[0].has_role is True
    row = next(row for row in titles(one.workspace).rows if row.level_rule == "override")
    assert (row.contacts, row.level, row.function, row.confidence) == (
        2,
        "head",
        "sales",
        Confidence.OVERRIDE,
    )
    assert (row.override_by, row.override_reason) == (one.workspace.actor, "she leads sales")
    entry = next(e for e in audit.entries(one.store) if e.action == "title.override")
    assert json.loads(entry.after or "{}")["level"] == "head"


def test_a_later_override_takes_the_place_of_the_first(one: Any) -> None:
    override(one.workspace, Decision("Growth Ninja", "head", None, "first"))
    override(one.workspace, Decision("growth ninja", "manager", None, "second"))
    assert [each.level for each in stored.active(one.store)] == ["manager"]


def test_a_dry_run_decides_nothing(one: Any) -> None:
    override(one.workspace, Decision("Growth Ninja", "head", None, "why"), dry_run=True)
    assert stored.active(one.store) == ()


@pytest.mark.parametrize(
    ("decision", "error"),
    [
        (Decision("Growth Ninja", "boss", None, "why"), UnknownName),
        (Decision("Growth Ninja", None, "growth", "why"), UnknownName),
        (Decision("Growth Ninja", None, None, "why"), UsageError),
        (Decision("...", "head", None, "why"), UsageError),
        (Decision("Growth Ninja", "head", None, " "), UsageError),
    ],
)
def test_an_override_that_says_nothing_is_refused(one: Any, decision, error) -> None:
    with pytest.raises(error):
        override(one.workspace, decision)


def test_only_titles_that_were_not_seen_before_are_labelled(one: Any) -> None:
    contacts(one, "Vertriebsleiter")
    titles(one.workspace)
    file = dictionary(one.workspace.titles)
    marked = pq.read_table(file).to_pylist()
    marked[0]["level_rule"] = "kept.as.it.was"
    pq.write_table(pq.read_table(file).from_pylist(marked, pq.read_schema(file)), file)
    contacts(one, "Head of IT")
    rules = {row.title: row.level_rule for row in titles(one.workspace).rows}
    assert rules == {"Vertriebsleiter": "kept.as.it.was", "Head of IT": "head.of.en"}


def test_labels_of_another_lexicon_are_not_used(one: Any, tmp_path: Path) -> None:
    contacts(one, "Vertriebsleiter")
    titles(one.workspace)
    file = dictionary(one.workspace.titles)
    file.rename(file.with_name("another.parquet"))
    assert titles(one.workspace).rows[0].level_rule == "head.leader.de"
    assert file.exists()


def test_without_contacts_there_are_no_titles(one: Any) -> None:
    with pytest.raises(NotEnoughEvidence, match="No contacts"):
        titles(one.workspace)


def test_hostile_titles_and_reasons_are_only_text(one: Any) -> None:
    bad = "'); DROP TABLE other; --"
    contacts(one, bad)
    override(one.workspace, Decision(bad, "head", "sales", bad))
    assert has_role(one) is True
    assert titles(one.workspace).rows[0].title == bad


def test_personas_are_measured_on_the_contacts_and_the_first_by_priority_wins(one: Any) -> None:
    one.define("personas", "anybody", who={"function": "sales"}, priority=200)
    contacts(one, "Vertriebsleiter", "Sales Representative", "Nurse", "open to work")
    facts = measured(one.workspace)
    assert facts is not None
    assert facts.personas is not None
    assert dict(facts.personas.fits) == {"chief": 1, "anybody": 2}
    assert dict(facts.personas.overlaps) == {("chief", "anybody"): 1}
    assert (facts.personas.contact_count, facts.personas.uncovered_count) == (4, 2)
    workspace = one.workspace
    with workspace.connection() as connection:
        ids = tuple(batch.number for batch in workspace.batches())
        state = workspace.state(connection, workspace.project, ids, workspace.today)
        sql = f"SELECT persona, count(*) FROM {personas_sql(workspace.project, state)} GROUP BY ALL"
        assert dict(connection.execute(sql).fetchall()) == {"chief": 1, "anybody": 1, None: 2}
