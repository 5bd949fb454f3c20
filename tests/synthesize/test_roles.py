"""Beliefs about buying roles: evidence over a stated prior, a person's word first, and silence."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind, Status
from bullseye.definitions.field import TableName
from bullseye.definitions.role_prior import Act, assumptions
from bullseye.errors import DefinitionError, UnknownName, UsageError
from bullseye.segment.run.merging import merge
from bullseye.store import evidence, research
from bullseye.store.evidence import NewEvidence
from bullseye.store.research import KeptTurn, NewSource
from bullseye.synthesize.role_evidence import acts
from bullseye.synthesize.run.role_deciding import decide, withdraw
from bullseye.synthesize.run.role_reading import assumed_by, known_on
from bullseye.synthesize.run.roles import RoleBelief, role_beliefs
from bullseye.warehouse.role_facts import TouchFacts

TODAY = date(2026, 11, 2)
CHAMPION, BUYER, USER = BuyingRole.CHAMPION, BuyingRole.ECONOMIC_BUYER, BuyingRole.USER

PEOPLE = {
    "maria": ("Maria Lopez", "Chief Financial Officer"),
    "jan": ("Jan Novák", "Head of Operations"),
    "kim": ("Kim Oh", "Operations Specialist"),
}


@pytest.fixture
def north(world: Any) -> Any:
    """An account of 900 people with three contacts, and a product for operations."""
    world.define("roles", "ours", serves=["operations"])
    world.known([{"account_id": "north", "name": "North", "employees": 900}], on=TODAY)
    rows = [
        {"contact_id": name, "account_id": "north", "full_name": full, "title": title}
        for name, (full, title) in PEOPLE.items()
    ]
    world.known(rows, table=TableName.CONTACTS, source="people")
    world.known([{"opportunity_id": "o1", "account_id": "north"}], table=TableName.OPPORTUNITIES)
    return world


def on_opportunity(world: Any, contact: str, role: str | None, **more: Any) -> None:
    row = {
        "opportunity_contact_id": f"oc{next(world.numbers)}",
        "opportunity_id": "o1",
        "contact_id": contact,
        "role": role,
        **more,
    }
    world.known([row], table=TableName.OPPORTUNITY_CONTACTS, on=more.get("known_on"))


def touched(world: Any, contact: str, **texts: Any) -> None:
    row = {"touch_id": f"t{next(world.numbers)}", "contact_id": contact, "account_id": "north"}
    world.known([row | {"occurred_on": TODAY, **texts}], table=TableName.TOUCHES)


def said(
    world: Any,
    contact: str | None,
    text: str,
    side: Side = Side.CUSTOMER,
    on: date = TODAY,
) -> int:
    """Keep a call in which one thing is said, and return its source's id."""
    number = next(world.numbers)
    new = NewSource(
        kind=SourceKind.CALL,
        title="Call",
        occurred_on=on,
        account_id="north",
        account_by="option",
        opportunity_id=None,
        consent=Consent.GIVEN,
        format="vtt",
        file_name="call.vtt",
        turn_count=1,
        sha256=f"{number:064d}",
        signature=None,
        imported_at=datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
        actor="rita",
    )
    turn = KeptTurn(turn_index=0, speaker="somebody", side=side, text=text, contact_id=contact)
    return research.add(world.store, new, [turn]).source.id


def belief(world: Any, contact: str, **asked: Any) -> RoleBelief:
    return {each.contact_id: each for each in role_beliefs(world.workspace, **asked)}[contact]


def test_a_title_alone_names_no_role_however_likely(north: Any) -> None:
    small = [{"account_id": "tiny", "employees": 20}]
    north.known(small)
    owner = {"contact_id": "boss", "account_id": "tiny", "title": "CEO"}
    north.known([owner], table=TableName.CONTACTS)
    found = belief(north, "boss")
    assert found.probabilities[BUYER] == pytest.approx(0.9)
    assert (found.role, found.is_confirmed, found.ranges) == (None, False, {})
    assert "90% as stated" in found.reasons[1].says


def test_what_no_title_and_no_row_tells_has_the_least(north: Any) -> None:
    north.known([{"contact_id": "x", "account_id": "north"}], table=TableName.CONTACTS)
    assert list(belief(north, "x").probabilities.values()) == pytest.approx([0.05] * 5)


def test_a_role_in_the_crm_names_it_with_its_row_and_day(north: Any) -> None:
    on_opportunity(north, "kim", "Decision Maker", added_on=date(2026, 10, 1))
    found = belief(north, "kim")
    assert (found.role, found.is_confirmed, found.opportunity_ids) == (BUYER, False, ("o1",))
    (why,) = [each for each in found.reasons if each.name == "crm_role"]
    assert (why.role, why.log_odds, why.on) == (BUYER, 4.0, date(2026, 10, 1))
    assert why.source is not None
    assert why.source.startswith("opportunity contact oc")


def test_words_of_the_crm_that_mean_nothing_here_are_counted_and_shown(north: Any) -> None:
    for text in ("Wizard", "Wizard; Influencer", "Grand Vizier", "Influencer", None):
        on_opportunity(north, "kim", text)
    known = known_on(north.workspace, assumed_by(north.workspace), TODAY)
    assert dict(known.unknown_words) == {"Wizard": 2, "Grand Vizier": 1}
    assert belief(north, "kim").role is None


def test_words_in_any_script_are_words(north: Any) -> None:
    north.define("roles", "ours", crm_words={"ЛПР": "economic_buyer"})
    on_opportunity(north, "kim", "лпр")
    on_opportunity(north, "jan", "決裁者")
    known = known_on(north.workspace, assumed_by(north.workspace), TODAY)
    assert dict(known.unknown_words) == {"決裁者": 1}
    assert belief(north, "kim").role is BUYER


def test_a_cell_may_name_two_roles(north: Any) -> None:
    on_opportunity(north, "jan", "Champion; End User")
    given = [each.role for each in belief(north, "jan").reasons if each.name == "crm_role"]
    assert given == [CHAMPION, USER]


def test_nothing_that_was_known_later_counts(north: Any) -> None:
    north.today = TODAY + timedelta(days=30)
    later = TODAY + timedelta(days=10)
    on_opportunity(north, "kim", "Economic Buyer", known_on=later)
    said(north, "kim", "I sign off on the budget.", on=later)
    decide(north.workspace, "kim", "user", holds=True, reason="she told me")
    before, after = belief(north, "kim", as_of=TODAY), belief(north, "kim")
    assert (before.role, before.as_of, {each.name for each in before.reasons}) == (
        None,
        TODAY,
        {"title"},
    )
    assert (after.role, after.is_confirmed) == (USER, True)
    assert {"crm_role", "said_decides"} <= {each.name for each in after.reasons}


def test_a_person_goes_before_the_inference_and_both_are_shown(north: Any) -> None:
    on_opportunity(north, "kim", "Economic Buyer")
    decide(north.workspace, "kim", "champion", holds=True, reason="asked for the contract")
    found = belief(north, "kim")
    assert (found.role, found.is_confirmed) == (CHAMPION, True)
    assert found.probabilities[BUYER] > 0.7
    withdraw(north.workspace, "kim", "champion")
    again = belief(north, "kim")
    assert (again.role, again.is_confirmed) == (BUYER, False)


def test_a_rejected_role_is_never_named(north: Any) -> None:
    on_opportunity(north, "kim", "Economic Buyer")
    decide(north.workspace, "kim", "economic_buyer", holds=False, reason="she has no budget")
    found = belief(north, "kim")
    assert (found.role, found.probabilities[BUYER]) == (None, 0.0)


def test_what_is_said_of_one_opportunity_holds_there_only(north: Any) -> None:
    on_opportunity(north, "kim", "Economic Buyer")
    decide(
        north.workspace,
        "kim",
        "economic_buyer",
        holds=False,
        reason="not here",
        opportunity_id="o1",
    )
    assert belief(north, "kim").role is BUYER
    assert belief(north, "kim", opportunity="o1").role is None
    assert [each.contact_id for each in role_beliefs(north.workspace, opportunity="o1")] == ["kim"]


def test_a_decision_names_a_contact_a_role_and_an_opportunity_that_exist(north: Any) -> None:
    workspace = north.workspace
    for contact, what, opportunity in (
        ("nobody", "user", None),
        ("kim", "boss", None),
        ("kim", "user", "o9"),
    ):
        with pytest.raises(UnknownName):
            decide(workspace, contact, what, holds=True, reason="so", opportunity_id=opportunity)
    north.known([{"account_id": "south"}])
    north.known([{"opportunity_id": "o2", "account_id": "south"}], table=TableName.OPPORTUNITIES)
    with pytest.raises(UsageError, match="south"):
        decide(north.workspace, "kim", "user", holds=True, reason="so", opportunity_id="o2")
    decide(north.workspace, "kim", "user", holds=True, reason="so", dry_run=True)
    assert not belief(north, "kim").is_confirmed


def test_who_says_that_a_colleague_decides_tells_of_both(north: Any) -> None:
    before = {name: belief(north, name).probabilities[BUYER] for name in PEOPLE}
    said(north, "jan", "I am not the decision maker, talk to Maria. Our CFO has the final say.")
    after = {name: belief(north, name) for name in PEOPLE}
    assert after["jan"].probabilities[BUYER] < before["jan"] / 10
    assert after["maria"].probabilities[BUYER] > 0.9
    assert after["maria"].role is BUYER
    assert after["kim"].probabilities[BUYER] == before["kim"]
    names = {each.name for each in after["maria"].reasons}
    assert {"named_to_talk_to", "named_as_decider"} <= names


def test_where_two_may_be_meant_nobody_is(north: Any) -> None:
    twin = {"contact_id": "maria2", "account_id": "north", "full_name": "Maria Berg"}
    north.known([twin], table=TableName.CONTACTS)
    said(north, "jan", "Maria has the final say.")
    assert {each.name for each in belief(north, "maria").reasons} == {"title"}


def test_our_own_side_and_strangers_tell_nothing(north: Any) -> None:
    said(north, "kim", "I sign off on the budget.", side=Side.US)
    said(north, None, "I sign off on the budget.", side=Side.UNKNOWN)
    assert all(
        {why.name for why in each.reasons} == {"title"} for each in role_beliefs(north.workspace)
    )


def test_what_was_known_of_a_contact_that_was_merged_away_holds_for_the_one_that_stays(
    north: Any,
) -> None:
    twin = {"contact_id": "kim2", "account_id": "north", "full_name": "Kim Oh"}
    north.known([twin], table=TableName.CONTACTS)
    said(north, "kim2", "I sign off on the budget.")
    decide(north.workspace, "kim2", "user", holds=True, reason="she told me")
    merge(north.workspace, TableName.CONTACTS, "kim", ["kim2"], reason="one and the same")
    found = belief(north, "kim")
    assert (found.role, found.is_confirmed) == (USER, True)
    assert "said_decides" in {each.name for each in found.reasons}


def test_only_a_quote_that_a_person_confirmed_counts(north: Any) -> None:
    text = "Our month end takes three weeks of work."
    source = said(north, "kim", text)
    new = NewEvidence(
        source_id=source,
        turn_index=0,
        kind=EvidenceKind.PAIN,
        char_start=0,
        char_end=len(text),
        quote=text,
        method="by hand",
    )
    moment = north.workspace.now()
    (kept,) = evidence.add(north.store, [new], at=moment, actor="rita")
    known = known_on(north.workspace, assumed_by(north.workspace), TODAY)
    assert (known.waiting, known.observed) == (1, ())
    evidence.review(north.store, [kept.id], Status.CONFIRMED, at=moment, reviewer="rita")
    (why,) = [each for each in belief(north, "kim").reasons if each.role is USER and each.source]
    assert (why.name, why.source) == ("quoted_pain", f"E{kept.id}")
    assert text in why.says


def test_a_second_reply_adds_nothing(north: Any) -> None:
    touched(north, "jan", outcome="Replied")
    once = belief(north, "jan").probabilities
    touched(north, "jan", outcome="Replied", occurred_on=TODAY - timedelta(days=3))
    assert belief(north, "jan").probabilities == once


@pytest.mark.parametrize(
    ("outcome", "channel", "direction", "subject", "expected"),
    [
        ("Replied", "Email", "", "Intro", ("replied",)),
        ("", "Email", "inbound", "", ("replied",)),
        ("Meeting Booked", "Email", "", "", ("met",)),
        ("", "Meeting", "", "Security review", ("met", "security_reviewed")),
        ("Contract signed", "", "", "", ("signed",)),
        ("Réunion", "", "", "", ("met",)),
        ("No reply", "Email", "", "", ()),
        ("Auto-reply", "Email", "inbound", "", ()),
        ("Out of office", "Email", "inbound", "", ()),
        ("Meeting cancelled", "", "", "", ()),
        ("No show", "Meeting", "", "Security review", ()),
        ("Meeting requested", "", "", "", ()),
        ("Bounced", "Email", "", "", ()),
        ("Unsubscribed", "Email", "inbound", "", ()),
        ("Signed up for webinar", "", "", "", ()),
        ("", "Email", "outbound", "Security review", ()),
        ("", "Email", "outbound", "Meeting next week?", ()),
        ("", "", "", "", ()),
    ],
)
def test_a_touch_shows_what_the_contact_did_and_not_what_we_wished(
    outcome: str, channel: str, direction: str, subject: str, expected: tuple[str, ...]
) -> None:
    row = TouchFacts("kim", outcome, channel, direction, subject, 1, "t1", None, TODAY)
    assert acts(row, assumptions().acts) == expected


def test_a_stance_is_unknown_until_it_is_seen(north: Any) -> None:
    on_opportunity(north, "jan", "Champion")
    assert (belief(north, "jan").stance, belief(north, "jan").stance_reasons) == (None, ())
    said(north, "jan", "I'll push for this internally.", on=TODAY - timedelta(days=9))
    assert belief(north, "jan").stance is Stance.SUPPORTER


def test_people_change_their_mind_and_a_person_goes_first(north: Any) -> None:
    said(north, "jan", "I am all for it.", on=TODAY - timedelta(days=9))
    said(north, "jan", "I'm against this.", on=TODAY - timedelta(days=2))
    found = belief(north, "jan")
    assert found.stance is Stance.OPPOSED
    assert [each.stance for each in found.stance_reasons] == [Stance.OPPOSED, Stance.SUPPORTER]
    decide(north.workspace, "jan", "neutral", holds=True, reason="he only asks questions")
    assert belief(north, "jan").stance is Stance.NEUTRAL


def test_two_stances_on_one_day_are_none(north: Any) -> None:
    said(north, "jan", "I am all for it.")
    said(north, "jan", "I'm against this.")
    found = belief(north, "jan")
    assert (found.stance, len(found.stance_reasons)) == (None, 2)


def test_the_team_replaces_what_it_knows_better(north: Any) -> None:
    prior = [{"rank": "upper", "part": "in_domain", "roles": {"champion": "80%"}}]
    north.define(
        "roles",
        "ours",
        serves=["operations"],
        threshold="90%",
        prior=prior,
        evidence={"replied": {"champion": 3.0}},
        crm_words={"Wizard": "champion", "Champion": None},
    )
    on_opportunity(north, "kim", "Champion")
    on_opportunity(north, "maria", "wizard")
    touched(north, "jan", outcome="Replied")
    jan = belief(north, "jan")
    assert jan.probabilities[CHAMPION] == pytest.approx(0.9877, abs=1e-3)
    assert jan.probabilities[BUYER] == pytest.approx(0.05)
    assert (jan.role, belief(north, "kim").role) == (CHAMPION, None)
    assert belief(north, "maria").probabilities[CHAMPION] > 0.7


def test_two_definitions_are_refused(north: Any) -> None:
    north.define("roles", "theirs", serves=["sales"])
    with pytest.raises(DefinitionError, match="ours, theirs"):
        role_beliefs(north.workspace)


def test_evidence_that_does_not_exist_is_refused(north: Any) -> None:
    north.define("roles", "ours", evidence={"replyed": {"champion": 1.0}})
    with pytest.raises(DefinitionError, match="replyed"):
        role_beliefs(north.workspace)


def test_without_contacts_there_is_nothing_to_believe(world: Any) -> None:
    world.known([{"account_id": "north"}])
    assert role_beliefs(world.workspace) == ()


@pytest.fixture
def many(world: Any) -> Callable[..., Any]:
    """A hundred accounts with a head of operations each, some of them written down."""

    def made(labelled: int, role: Callable[[int], str]) -> Any:
        ids = [f"a{at:03d}" for at in range(120)]
        world.define("roles", "ours", serves=["operations"])
        world.known([{"account_id": each, "employees": 900} for each in ids])
        title = "Head of Operations"
        rows = [{"contact_id": f"p-{x}", "account_id": x, "title": title} for x in ids]
        world.known(rows, table=TableName.CONTACTS)
        world.known(
            [{"opportunity_id": f"o-{x}", "account_id": x} for x in ids],
            table=TableName.OPPORTUNITIES,
        )
        written = [
            {
                "opportunity_contact_id": f"w-{x}",
                "opportunity_id": f"o-{x}",
                "contact_id": f"p-{x}",
                "role": role(at),
            }
            for at, x in enumerate(ids[:labelled])
        ]
        world.known(written, table=TableName.OPPORTUNITY_CONTACTS)
        return world

    return made


def test_few_labels_leave_a_row_as_stated(many: Any) -> None:
    found = belief(many(9, lambda _: "Champion"), "p-a119")
    assert found.probabilities[CHAMPION] == pytest.approx(0.4)
    assert (found.ranges, found.role) == ({}, None)


def test_a_row_of_some_labels_moves_and_still_names_nobody(many: Any) -> None:
    found = belief(many(29, lambda _: "Champion"), "p-a119")
    assert found.probabilities[CHAMPION] > 0.9
    assert (found.ranges, found.role) == ({}, None)
    assert "from 40% as stated and 29 contacts" in found.reasons[0].says


def test_what_is_learnt_has_an_interval_and_its_n(many: Any) -> None:
    found = belief(many(60, lambda _: "Champion"), "p-a119")
    seen = found.ranges[CHAMPION]
    assert seen.low < found.probabilities[CHAMPION] < seen.high
    assert (seen.n, found.role) == (60, CHAMPION)
    assert "learnt from 60 contacts" in found.reasons[0].says
    assert BuyingRole.BLOCKER not in found.ranges, "nobody was ever called a blocker: as stated"


def test_the_same_is_learnt_whichever_account_is_asked_about(many: Any) -> None:
    world = many(60, lambda at: "Champion" if at % 2 else "User")
    assert role_beliefs(world.workspace, accounts=["a119"]) == tuple(
        each for each in role_beliefs(world.workspace) if each.account_id == "a119"
    )


def test_words_of_an_act_are_words() -> None:
    act = Act(words=("reply",), unless=("no",))
    row = TouchFacts("kim", "Replying machine", "", "", "", 1, "t1", None, TODAY)
    assert acts(row, {"replied": act}) == ()
