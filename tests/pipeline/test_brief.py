"""The brief has everything on an account on one page; what is absent says how to fill it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName
from bullseye.faces.cli._shared import plain
from bullseye.faces.cli.main import code_of
from bullseye.faces.report.briefing import brief_html, write_brief
from bullseye.pipeline.brief import brief
from bullseye.pipeline.contacts import account_contacts
from bullseye.prioritize.run import score
from bullseye.segment.run.suppressing import suppress

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}
CLOUD = {"name": "cloud", "points": 5, "rule": {"technologies": {"any_of": ["Snowflake"]}}}
HOSTILE = "<script>alert(1)</script> *[x](y)"


@pytest.fixture
def one(world: Any) -> Any:
    """An account with a live signal, two contacts who may be written to and one who may not."""
    world.icp("north", SIZE, CLOUD)
    world.signal("raised", why_now="Raised {subject}.")
    world.define("personas", "chief", who={"level": ["head", "vp"], "function": "sales"})
    world.known([{"account_id": "a", "name": HOSTILE, "employees": 200}, {"account_id": "b"}])
    world.happened([{"account_id": "a", "type": "raised", "subject": "a Series B"}])
    people = [
        {"contact_id": "p1", "title": "Clerk", "full_name": "Carl Clerk"},
        {"contact_id": "p2", "title": "Head of Sales", "full_name": "Hedda Head"},
        {"contact_id": "p3", "title": "VP Sales", "full_name": "Quiet Quinn", "email": "q@x.co"},
        {
            "contact_id": "p4",
            "title": "VP Sales",
            "full_name": "Never Nora",
            "do_not_contact": True,
        },
    ]
    world.known(
        [{"account_id": "a", **each} for each in people], table=TableName.CONTACTS, source="crm"
    )
    return world


def scored(world: Any) -> Any:
    score(world.workspace)
    return world.workspace


def test_contacts_are_ranked_and_whoever_is_left_alone_is_only_counted(one: Any) -> None:
    suppress(one.workspace, "q@x.co", reason="asked by phone")
    found = account_contacts(scored(one), "a")
    assert [each.contact.contact_id for each in found.ranked] == ["p2", "p1"]
    assert (found.on_file, found.left_alone) == (4, {"suppressed": 1, "do_not_contact": 1})
    assert found.ranked[0].contact.persona == "chief"
    assert not found.has_touches


def test_an_answer_moves_a_contact_up(one: Any) -> None:
    people = [{"contact_id": "p0", "account_id": "a", "title": "Head of Sales"}]
    one.known(people, table=TableName.CONTACTS, source="crm2")
    touch = {"touch_id": "t", "account_id": "a", "contact_id": "p3", "outcome": "replied"}
    days = {"occurred_on": one.today - timedelta(days=9), "direction": "outbound"}
    one.known([{**touch, **days}], table=TableName.TOUCHES, source="crm")
    found = account_contacts(scored(one), "a")
    assert [each.contact.contact_id for each in found.ranked] == ["p3", "p0", "p2", "p1"]
    assert found.ranked[0].reasons[3].text == f"answered on {days['occurred_on']}"


def test_nobody_is_ranked_by_what_became_known_later(one: Any) -> None:
    scored(one)
    touch = {"touch_id": "t", "account_id": "a", "contact_id": "p1", "outcome": "replied"}
    later = one.today + timedelta(days=5)
    one.known([{**touch, "occurred_on": later}], on=later, table=TableName.TOUCHES, source="crm")
    found = account_contacts(one.at(later).workspace, "a")
    assert found.as_of == one.today
    assert found.ranked[-1].contact.contact_id == "p1"


def test_the_brief_says_fit_why_now_who_and_what_is_missing(one: Any) -> None:
    found = brief(scored(one), "a")
    verdict = found.fit.verdicts[0]
    assert (verdict.standing.fit_low, verdict.standing.fit_high) == (
        pytest.approx(66.667, 0.01),
        100,
    )
    assert verdict.signals[0].sentence == "Raised a Series B."
    assert [each.persona for each in found.to_say] == ["chief"]
    assert found.to_say[0].message is None
    missing = {each.what for each in found.missing}
    assert "cloud" in missing
    assert any("killer objection" in what for what in missing)
    absent = {each.part: each.command for each in found.absent}
    assert absent["What they said"] == "bullseye research import FILES"
    assert absent["Language"] == "bullseye language check"
    assert "Opportunities" in absent


def test_an_account_of_whom_nothing_is_known_has_a_page_too(one: Any) -> None:
    found = brief(scored(one), "b")
    assert {"Who", "Opportunities"} <= {each.part for each in found.absent}
    assert "no contact of this account is on file" in brief_html(found)


def test_a_persona_that_was_deleted_since_the_run_is_passed_over(one: Any) -> None:
    scored(one)
    del one.kinds["personas"]
    found = brief(one.workspace, "a")
    assert found.contacts.ranked[0].contact.persona == "chief"
    assert found.to_say == ()


def test_a_brief_needs_a_run_and_an_account(one: Any) -> None:
    with pytest.raises(NotEnoughEvidence, match="scored"):
        brief(one.workspace, "a")
    with pytest.raises(UnknownName):
        brief(scored(one), "nobody")


def test_text_from_data_is_harmless_in_html_and_markdown(one: Any, capsys: Any) -> None:
    one.write()
    found = brief(scored(one), "a")
    page = brief_html(found)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "default-src &#39;none&#39;" in page
    assert code_of(["-w", str(one.folder), "brief", "a", "--markdown"]) == 0
    said = capsys.readouterr().out
    assert "<script" not in said.replace("\\<script", "")
    assert "\\[x\\](y)" in said


def test_the_page_is_written_whole(one: Any, tmp_path: Path) -> None:
    target = tmp_path / "pages" / "brief.html"
    size = write_brief(brief(scored(one), "a"), target)
    assert target.stat().st_size == size
    assert [each.name for each in target.parent.iterdir()] == ["brief.html"]


def test_whoever_is_left_alone_is_named_nowhere_on_the_page(one: Any) -> None:
    sale = {"opportunity_id": "o", "account_id": "a", "name": "Seats", "stage": "Proposal"}
    opened = {"outcome": "open", "amount": 9000.0, "created_on": one.today - timedelta(days=60)}
    one.known([{**sale, **opened}], table=TableName.OPPORTUNITIES, source="crm")
    roles = [
        {
            "opportunity_contact_id": f"r{at}",
            "opportunity_id": "o",
            "contact_id": contact,
            "role": role,
        }
        for at, (contact, role) in enumerate((("p4", "Champion"), ("p2", "Economic Buyer")))
    ]
    on = {"account_id": "a", "added_on": one.today - timedelta(days=50)}
    one.known(
        [{**each, **on} for each in roles], table=TableName.OPPORTUNITY_CONTACTS, source="crm"
    )
    found = brief(scored(one), "a")
    assert found.committees is not None
    (committee,) = found.committees.committees
    assert {str(member.role) for member in committee.members} == {"champion", "economic_buyer"}
    everything = json.dumps(plain(found)) + brief_html(found)
    assert "Hedda Head" in everything
    assert "economic buyer (written in the CRM)" in everything
    first = found.contacts.ranked[0].contact
    assert first.is_written
    assert first.probability is not None, "the fields of the JSON stay"
    assert "Never Nora" not in everything
    assert '"p4"' not in everything
