"""Committees of open opportunities, and what may be stuck, from imports to findings."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from tests.conftest import World

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.field import TableName
from bullseye.errors import NotEnoughEvidence, UnknownName, UsageError
from bullseye.store import roles as decisions
from bullseye.synthesize.run.committee import Committees, Finding, How, committees
from bullseye.synthesize.stalls import RULES, stall_pages

TODAY = date(2026, 11, 2)
CHAMPION, BUYER = BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER
Ask = Callable[..., Committees]


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def sale(world: World) -> World:
    """One account with three contacts and one opportunity, opened 60 days ago."""
    world.known([{"account_id": "a", "name": "Acme", "domain": "acme.com", "employees": 400}])
    contacts = [
        {"contact_id": "ann", "full_name": "Ann Lee"},
        {"contact_id": "bob", "full_name": "Bob Ray"},
        {"contact_id": "cid", "full_name": "Cid Fox"},
    ]
    rows = [{**c, "account_id": "a", "email": f"{c['contact_id']}@acme.com"} for c in contacts]
    world.known(rows, table=TableName.CONTACTS)
    sold = {"opportunity_id": "o", "account_id": "a", "stage": "Offer", "outcome": "open"}
    rows = [{**sold, "amount": 1000.0, "created_on": ago(60)}]
    world.known(rows, table=TableName.OPPORTUNITIES)
    return world


def on_it(world: World, *members: tuple[str, str], added: int = 50) -> None:
    rows = [
        {
            "opportunity_contact_id": f"{contact}-{role}",
            "opportunity_id": "o",
            "contact_id": contact,
            "role": role,
            "added_on": ago(added),
        }
        for contact, role in members
    ]
    world.known(rows, table=TableName.OPPORTUNITY_CONTACTS, source="roles")


def touched(world: World, *rows: dict[str, Any]) -> None:
    numbered = [{"touch_id": f"t{at}", "account_id": "a", **row} for at, row in enumerate(rows)]
    world.known(numbered, table=TableName.TOUCHES, source="touches")


def codes(found: Committees) -> list[str]:
    return [finding.code for finding in found.findings]


def unknown(found: Committees) -> dict[str, str]:
    return {each.code: each.reason for each in found.unknown}


def test_roles_of_the_crm_are_recorded_with_their_day(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"), ("cid", "Wizard"))
    found = committees(sale.workspace, "o")
    (each,) = found.committees
    assert [(m.contact_id, m.role, m.how, m.on) for m in each.members] == [
        ("ann", CHAMPION, How.RECORDED, ago(50)),
        ("bob", BUYER, How.RECORDED, ago(50)),
    ]
    assert each.unplaced == 1
    assert dict(found.unknown_words) == {"Wizard": 1}
    assert each.covered_share == pytest.approx(2 / 3)
    assert found.expected_by == "usual roles; no persona names its roles"


def test_expected_are_the_roles_that_personas_name(sale: World) -> None:
    sale.define("personas", "cfo", who={"title": "CFO"}, roles=["economic_buyer"])
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    found = committees(sale.workspace, "Acme")
    assert found.expected == (BUYER,)
    assert found.committees[0].covered_share == 1


def test_a_person_goes_before_the_crm_and_only_on_the_day_they_said_it(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    workspace = sale.workspace
    for contact, role, holds in (("ann", CHAMPION, False), ("cid", CHAMPION, True)):
        decisions.add(
            workspace.store,
            decisions.NewRoleDecision(
                contact_id=contact,
                opportunity_id=None,
                about=decisions.About.ROLE,
                value=role,
                holds=holds,
                author="rita",
                reason="She told me.",
                created_at=workspace.now(),
            ),
        )
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"), ("cid", ""))
    members = committees(sale.workspace).committees[0].members
    assert [(m.contact_id, m.how) for m in members if m.role is CHAMPION] == [
        ("cid", How.CONFIRMED)
    ]


def test_who_is_left_alone_covers_a_role_and_is_not_named(sale: World) -> None:
    bob = {"contact_id": "bob", "full_name": "Bob Ray", "account_id": "a", "do_not_contact": True}
    sale.known([bob], table=TableName.CONTACTS)
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    touched(sale, {"contact_id": "ann", "occurred_on": TODAY})
    found = committees(sale.workspace)
    (buyer,) = found.committees[0].of(BUYER)
    assert (buyer.contact_id, buyer.name, buyer.is_left_alone) == ("left alone", None, True)
    assert "CMT005" not in codes(found)
    assert "bob" not in str(found.findings)


def test_nothing_known_later_is_seen(sale: World) -> None:
    on_it(sale, ("ann", "Champion"))
    assert committees(sale.workspace).committees[0].members
    yesterday = sale.at(ago(1))
    sale.known([{"account_id": "a", "name": "Acme"}], on=ago(9))
    rows = [{"opportunity_id": "o", "account_id": "a", "outcome": "open", "created_on": ago(60)}]
    sale.known(rows, on=ago(9), table=TableName.OPPORTUNITIES, source="early")
    (each,) = committees(yesterday.workspace, as_of=ago(1)).committees
    assert each.members == ()
    assert each.opportunity.amount is None


def test_one_role_only_is_found_with_the_money_and_the_next_action(sale: World) -> None:
    on_it(sale, ("ann", "Champion"))
    found = committees(sale.workspace)
    finding = found.findings[0]
    assert finding.code == "CMT001"
    assert "CMT006" not in codes(found), "one role is the matter of one rule"
    assert finding.amount == 1000
    assert finding.since == ago(50)
    assert finding.evidence[0].key == "ann"
    assert finding.at_risk is None
    assert finding.next_action


def test_a_champion_without_economic_buyer_is_found(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("cid", "End User"))
    assert "CMT002" in codes(committees(sale.workspace))
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    assert "CMT002" not in codes(committees(sale.workspace))


def test_a_young_opportunity_is_not_judged_by_who_is_missing(sale: World) -> None:
    rows = [{"opportunity_id": "o", "account_id": "a", "outcome": "open", "created_on": ago(5)}]
    sale.known(rows, table=TableName.OPPORTUNITIES)
    on_it(sale, ("ann", "Champion"), added=4)
    assert not {"CMT001", "CMT002"} & set(codes(committees(sale.workspace)))


def test_without_roles_or_touches_it_says_unknown_and_finds_nothing(sale: World) -> None:
    found = committees(sale.workspace)
    assert found.findings == ()
    said = unknown(found)
    assert said["CMT001"] == said["CMT002"] == "no roles on opportunities are imported"
    assert said["CMT004"] == said["CMT005"] == "no touches are imported"
    assert found.touched_until is None


def test_features_told_to_the_economic_buyer_are_found_until_an_outcome_is_told(
    sale: World,
) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    feature = {"contact_id": "bob", "subject": "Our new dashboard and API", "occurred_on": ago(9)}
    touched(sale, feature)
    (finding,) = [f for f in committees(sale.workspace).findings if f.code == "CMT003"]
    assert finding.role is BUYER
    assert finding.evidence[0].key == "t0"
    assert "by its words" in finding.evidence[0].says
    outcome = {"contact_id": "bob", "subject": "Payback and savings", "occurred_on": ago(2)}
    touched(sale, feature, outcome)
    assert "CMT003" not in codes(committees(sale.workspace))


def test_features_told_to_a_user_or_by_the_buyer_are_no_finding(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    said = {"subject": "Our new dashboard", "occurred_on": ago(9)}
    touched(
        sale,
        {"contact_id": "ann", **said},
        {"contact_id": "bob", "direction": "inbound", **said},
    )
    assert "CMT003" not in codes(committees(sale.workspace))


def test_a_subject_that_says_nothing_leaves_feature_talk_unknown(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    touched(sale, {"contact_id": "bob", "subject": "Hello", "occurred_on": ago(3)})
    found = committees(sale.workspace)
    assert "CMT003" not in codes(found)
    assert unknown(found)["CMT003"] == "what the economic buyer was told is not known"


REVIEW = {
    "contact_id": "bob",
    "subject": "Security review",
    "outcome": "Meeting held",
    "message": "hello",
}


def test_a_security_review_older_than_four_weeks_without_proof_is_found(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    touched(sale, {**REVIEW, "occurred_on": ago(29)})
    (finding,) = [f for f in committees(sale.workspace).findings if f.code == "CMT004"]
    assert finding.since == ago(29)
    touched(sale, {**REVIEW, "occurred_on": ago(28)})
    assert "CMT004" not in codes(committees(sale.workspace))


def test_a_proof_that_was_sent_ends_the_wait_of_a_security_review(sale: World) -> None:
    sale.define(
        "messages",
        "security-pack",
        persona="cfo",
        role="blocker",
        channel="email",
        stage="decision",
        after="You get our SOC 2 report and the compliance documents.",
    )
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    sent = {"contact_id": "bob", "message": "security-pack", "occurred_on": ago(10)}
    touched(sale, {**REVIEW, "occurred_on": ago(40)}, sent)
    assert "CMT004" not in codes(committees(sale.workspace))


def test_a_security_review_is_unknown_where_touches_name_no_message(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    touched(sale, {**REVIEW, "message": None, "occurred_on": ago(40)})
    found = committees(sale.workspace)
    assert "CMT004" not in codes(found)
    assert "name no messages" in unknown(found)["CMT004"]


def test_a_role_is_quiet_after_so_many_days_without_a_touch(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    touched(
        sale,
        {"contact_id": "ann", "occurred_on": ago(3)},
        {"contact_id": "bob", "occurred_on": ago(30)},
    )
    (finding,) = [f for f in committees(sale.workspace).findings if f.code == "CMT005"]
    assert finding.role is BUYER
    assert finding.since == ago(30)
    assert "champion" in finding.next_action
    assert "CMT005" not in codes(committees(sale.workspace, quiet=31))
    assert "CMT005" in codes(committees(sale.workspace, quiet=3))


def test_touches_that_end_long_ago_leave_quiet_roles_unknown(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    old = [{"touch_id": "t", "contact_id": "ann", "account_id": "a", "occurred_on": ago(45)}]
    sale.known(old, on=ago(40), table=TableName.TOUCHES, source="touches")
    found = committees(sale.workspace)
    assert "CMT005" not in codes(found)
    assert unknown(found)["CMT005"] == f"touches are known up to {ago(40)} only"


def only(found: Committees, code: str) -> Finding | None:
    return next((each for each in found.findings if each.code == code), None)


def also_on_another(world: World, contact: str, role: str) -> None:
    """Write a contact down with a role on an opportunity that is closed."""
    sold = {"opportunity_id": "old", "account_id": "a", "outcome": "won", "created_on": ago(400)}
    world.known([sold], table=TableName.OPPORTUNITIES, source="old")
    row = {"opportunity_id": "old", "contact_id": contact, "role": role, "added_on": ago(390)}
    world.known([row], table=TableName.OPPORTUNITY_CONTACTS, source="old")


def test_one_contact_with_every_known_role_is_found_and_is_asked_who_else(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("ann", "Decision Maker"), ("cid", ""))
    also_on_another(sale, "bob", "Technical Buyer")
    found = committees(sale.workspace)
    finding = only(found, "CMT006")
    assert finding is not None
    assert finding.says.startswith("One contact is champion and economic buyer;")
    assert finding.says.endswith("Others on it with no known role: 1.")
    assert finding.since == ago(50)
    assert [(row.key, row.on, row.says) for row in finding.evidence] == [
        ("ann", ago(50), "champion, recorded"),
        ("ann", ago(50), "economic buyer, recorded"),
    ]
    assert finding.next_action.startswith("Ask Ann Lee who else works on it")
    assert finding.next_action.endswith("Likely: Bob Ray (title unknown), technical buyer.")
    assert finding.at_risk is None
    assert "CMT001" not in codes(found)


def test_somebody_is_likely_even_where_one_contact_has_every_expected_role(sale: World) -> None:
    roles = ("Champion", "Decision Maker", "Technical Buyer")
    on_it(sale, *(("ann", role) for role in roles))
    also_on_another(sale, "bob", "Decision Maker")
    found = committees(sale.workspace, "o")
    assert found.committees[0].missing == ()
    finding = only(found, "CMT006")
    assert finding is not None
    assert "champion, economic buyer and technical buyer;" in finding.says
    assert "Bob Ray" in finding.next_action


def test_several_roles_in_one_cell_of_the_crm_are_several_roles(sale: World) -> None:
    on_it(sale, ("ann", "Champion; Decision Maker"))
    found = committees(sale.workspace)
    assert found.committees[0].covered == (CHAMPION, BUYER)
    assert only(found, "CMT006") is not None


def test_a_role_that_is_only_inferred_counts_as_one_of_the_contact(sale: World) -> None:
    on_it(sale, ("ann", "End User"))
    also_on_another(sale, "ann", "Champion")
    finding = only(committees(sale.workspace), "CMT006")
    assert finding is not None
    assert [row.says for row in finding.evidence] == ["champion, inferred", "user, recorded"]


def test_two_contacts_with_roles_are_no_single_thread(sale: World) -> None:
    on_it(sale, ("ann", "Champion"), ("ann", "Decision Maker"), ("bob", "Champion"))
    assert only(committees(sale.workspace), "CMT006") is None


@pytest.mark.parametrize(("days", "is_found"), [(13, False), (14, True)])
def test_one_contact_is_no_finding_before_the_grace_is_over(
    sale: World, days: int, is_found: bool
) -> None:
    rows = [{"opportunity_id": "o", "account_id": "a", "outcome": "open", "created_on": ago(days)}]
    sale.known(rows, table=TableName.OPPORTUNITIES)
    on_it(sale, ("ann", "Champion"), ("ann", "Decision Maker"), added=4)
    assert (only(committees(sale.workspace), "CMT006") is not None) is is_found


def left_alone(world: World, *contacts: str) -> None:
    rows = [
        {"contact_id": each, "full_name": f"Full {each}", "account_id": "a", "do_not_contact": True}
        for each in contacts
    ]
    world.known(rows, table=TableName.CONTACTS)


def test_one_contact_who_is_left_alone_is_found_and_neither_named_nor_asked(sale: World) -> None:
    left_alone(sale, "ann")
    on_it(sale, ("ann", "Champion"), ("ann", "Decision Maker"))
    found = committees(sale.workspace)
    finding = only(found, "CMT006")
    assert finding is not None
    assert {row.key for row in finding.evidence} == {"left alone"}
    assert not re.search(r"\bann\b", str(finding), re.IGNORECASE)
    assert finding.next_action.startswith("That contact is left alone: bring in another")
    assert found.committees[0].unplaced == 0


def test_two_who_are_left_alone_are_two_contacts(sale: World) -> None:
    left_alone(sale, "ann", "bob")
    on_it(sale, ("ann", "Champion"), ("bob", "Decision Maker"))
    found = committees(sale.workspace)
    assert only(found, "CMT006") is None
    assert (found.committees[0].placed, found.committees[0].unplaced) == (2, 0)


def test_one_contact_is_unknown_where_no_roles_are_imported(sale: World) -> None:
    assert unknown(committees(sale.workspace))["CMT006"] == "no roles on opportunities are imported"


def test_an_inferred_role_says_that_the_crm_gives_it_on_another_opportunity(sale: World) -> None:
    on_it(sale, ("ann", ""), ("bob", "Champion"))
    also_on_another(sale, "ann", "Decision Maker")
    members = committees(sale.workspace, "o").committees[0].members
    assert [(m.contact_id, m.how, m.is_written) for m in members] == [
        ("bob", How.RECORDED, False),
        ("ann", How.INFERRED, True),
    ]


def test_hostile_text_is_text(sale: World) -> None:
    name = "o'; DROP TABLE x; --"
    sold = {"opportunity_id": name, "account_id": "a", "outcome": "open", "created_on": ago(60)}
    sale.known([sold], table=TableName.OPPORTUNITIES)
    row = {"opportunity_id": name, "contact_id": "ann", "role": "Cham'pion\x1b[31m"}
    sale.known([row], table=TableName.OPPORTUNITY_CONTACTS, source="roles")
    found = committees(sale.workspace, name)
    assert [each.opportunity.opportunity_id for each in found.committees] == [name]
    assert found.committees[0].members == ()
    assert list(found.unknown_words) == ["Cham'pion\x1b[31m"]


def test_what_is_not_there_is_said_with_what_to_do(sale: World) -> None:
    with pytest.raises(UnknownName, match="acne"):
        committees(sale.workspace, "acne")
    with pytest.raises(UsageError, match="0 days"):
        committees(sale.workspace, quiet=0)
    sale.known([{"account_id": "b", "name": "Bolt"}])
    with pytest.raises(NotEnoughEvidence, match="no open opportunity"):
        committees(sale.workspace, "b")


def test_every_rule_has_a_page_that_says_what_it_needs() -> None:
    pages = stall_pages()
    assert set(pages) == {*(f"{rule.code}.md" for rule in RULES), "index.md"}
    assert all("## What it needs" in pages[f"{rule.code}.md"] for rule in RULES)
