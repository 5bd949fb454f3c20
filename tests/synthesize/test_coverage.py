"""Who is who, who can be told what, and where nothing can be said; as the tables tell."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from bullseye.definitions.channel import Channel
from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind, Status
from bullseye.definitions.field import TableName
from bullseye.definitions.journey import JourneyStage
from bullseye.errors import UnknownName, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.pipeline import check, messaging
from bullseye.pipeline.messaging import Cell, CellState, Refused, Standing, Written
from bullseye.prioritize import run as prioritize
from bullseye.store import evidence, research

TODAY = date(2026, 11, 2)
LATE = "Go-lives are late."
BUSY = "We have no time."
SLOTS = {
    "role": "user",
    "channel": "email",
    "stage": "decision",
    "hook": LATE,
    "why_now": "any",
    "before": "Today you wait.",
    "after": "With us {account} does not.",
    "proofs": ["quick"],
    "objection": BUSY,
    "response": "A morning is enough.",
    "call_to_action": "May I show you?",
}


def before(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def sold(world: Any) -> Any:
    """Five accounts at five places of the journey, with one contact of operations each."""
    world.icp("north", {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}})
    world.signal("raised", why_now="Raised {subject}.")
    for name, title, priority in (("ops", "Operations", 10), ("finance", "Finance", 20)):
        world.define(
            "personas",
            name,
            who={"title": {"contains": title}},
            priority=priority,
            pains=[LATE],
            objections=[BUSY],
            channels=["email", "call"],
        )
    world.define(
        "proofs", "quick", says="It takes a morning.", kind="outcome", source="Us", dated=before(9)
    )
    world.define("messages", "ready", persona="ops", **SLOTS)
    world.known([{"account_id": a, "name": f"Account {a}", "employees": 200} for a in "abcde"])
    titles = dict.fromkeys("abcde", "VP Operations") | {"f": "Head of Finance", "g": "Clerk"}
    people = [
        {
            "contact_id": f"p{each}",
            "account_id": "b" if each in "fg" else each,
            "title": title,
            "first_name": "Ana",
            "email": f"{each}@example.com",
            "phone": "1" if each in "ab" else None,
            "do_not_contact": each == "e",
        }
        for each, title in titles.items()
    ]
    world.known(people, table=TableName.CONTACTS, source="people")
    world.happened([{"account_id": a, "type": "raised", "subject": "money"} for a in "ab"])
    return world


def offered(world: Any, *rows: dict[str, Any]) -> None:
    numbered = [{"opportunity_id": f"o{at}", **row} for at, row in enumerate(rows)]
    world.known(numbered, table=TableName.OPPORTUNITIES, source="sales")


def cells(world: Any) -> dict[tuple[str, str, str], Cell]:
    found = messaging.coverage(world.workspace)
    return {(each.persona, each.stage, each.channel): each for each in found.cells}


def counted(world: Any, persona: str = "ops", channel: str = "email") -> dict[str, int | None]:
    found = cells(world)
    return {stage: found[persona, stage, channel].contacts for stage in JourneyStage}


def test_the_stage_is_told_by_what_was_bought_offered_and_answered(sold: Any) -> None:
    offered(
        sold,
        {"account_id": "b", "outcome": "open", "amount": 500.0, "created_on": before(30)},
        {"account_id": "a", "outcome": "lost", "amount": 900.0, "created_on": before(90)},
    )
    subscribed = [
        {"subscription_id": "s1", "account_id": "c", "started_on": before(20)},
        {"subscription_id": "s2", "account_id": "d", "started_on": before(400)},
        {
            "subscription_id": "s3",
            "account_id": "a",
            "started_on": before(400),
            "ended_on": before(5),
        },
    ]
    sold.known(subscribed, table=TableName.SUBSCRIPTIONS, source="billing")
    assert counted(sold) == {
        "unaware": 1, "problem": 0, "solution": 0, "decision": 1, "onboarding": 1, "renewal": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("touch", "stage"),
    [
        ({"outcome": "No answer", "occurred_on": before(9)}, "problem"),
        ({"outcome": None, "occurred_on": before(9)}, "problem"),
        ({"outcome": "Replied", "occurred_on": before(9)}, "solution"),
        ({"outcome": None, "direction": "Inbound", "occurred_on": before(9)}, "solution"),
        ({"outcome": "Replied", "occurred_on": before(200)}, "unaware"),
    ],
    ids=str,
)
def test_a_touch_tells_a_stage_for_half_a_year(
    sold: Any, touch: dict[str, Any], stage: str
) -> None:
    sold.known(
        [{"touch_id": "t", "contact_id": "pa", **touch}], table=TableName.TOUCHES, source="crm"
    )
    assert counted(sold)[stage] == (4 if stage == "unaware" else 1)


def test_contacts_who_are_left_alone_are_counted_apart(sold: Any) -> None:
    found = messaging.coverage(sold.workspace)
    assert (found.contacts, found.nobody, found.left_alone) == (6, 1, 1)
    assert counted(sold)["unaware"] == 4
    assert counted(sold, channel="call")["unaware"] == 2


def test_gaps_come_first_that_most_money_hangs_on_and_then_most_contacts(sold: Any) -> None:
    offered(
        sold,
        {"account_id": "b", "outcome": "open", "amount": 500.0, "created_on": before(30)},
        {"account_id": "b", "outcome": "open", "amount": None, "created_on": before(30)},
    )
    found = messaging.coverage(sold.workspace)
    first, second, third, fourth = found.gaps[:4]
    assert {(c.persona, c.stage, c.channel) for c in (first, second, third)} == {
        ("ops", JourneyStage.DECISION, Channel.CALL),
        ("finance", JourneyStage.DECISION, Channel.EMAIL),
        ("finance", JourneyStage.DECISION, Channel.CALL),
    }
    assert (first.pipeline, first.opportunities, first.amounts_unknown) == (500.0, 2, 1)
    assert (fourth.persona, fourth.stage, fourth.contacts) == ("ops", JourneyStage.UNAWARE, 3)
    assert all(cell.is_gap for cell in found.gaps)


def test_a_cell_says_whether_its_best_message_holds(sold: Any) -> None:
    at = ("ops", "decision", "email")
    assert cells(sold)[at].state is CellState.OK
    expired = {"says": "It took a day.", "kind": "outcome", "source": "Us", "dated": before(9)}
    sold.define("proofs", "old", **expired, valid_until=before(1))
    sold.define("messages", "ready", persona="ops", **{**SLOTS, "proofs": ["old"]})
    assert cells(sold)[at].state is CellState.EXPIRED_PROOF
    sold.define("messages", "ready", persona="ops", **{**SLOTS, "hook": "Something else."})
    assert cells(sold)[at].state is CellState.BROKEN
    sold.define("messages", "again", persona="ops", **SLOTS)
    assert cells(sold)[at].state is CellState.OK
    assert cells(sold)[at].messages == ("again", "ready")
    assert cells(sold)["ops", "decision", "call"].state is CellState.NO_MESSAGE


def test_without_contacts_the_map_counts_nobody(world: Any) -> None:
    world.define("personas", "ops", who={"title": "COO"})
    found = messaging.coverage(world.workspace)
    assert found.contacts is None
    assert len(found.cells) == len(found.gaps) == len(JourneyStage) * len(Channel)
    assert {cell.contacts for cell in found.cells} == {None}


# -- personas --------------------------------------------------------------------------------


def test_a_persona_for_some_icps_has_the_contacts_of_their_accounts_only(sold: Any) -> None:
    sold.icp("south", {"name": "big", "mode": "require", "rule": {"employees": {"over": 900}}})
    south = {"who": {"title": {"contains": "Operations"}}, "icps": ["south"], "priority": 1}
    sold.define("personas", "southern", **south)
    prioritize.score(sold.workspace)
    found = {card.name: card.contacts for card in messaging.persona_list(sold.workspace)}
    assert found == {"southern": 0, "ops": 5, "finance": 1}
    sold.define("personas", "southern", **{**south, "icps": ["north", "south"]})
    found = {card.name: card.contacts for card in messaging.persona_list(sold.workspace)}
    assert found == {"southern": 5, "ops": 0, "finance": 1}


def test_before_anything_is_scored_no_contact_is_known_to_be_in_an_icp(sold: Any) -> None:
    who = {"title": {"contains": "Operations"}}
    sold.define("personas", "northern", who=who, icps=["north"], priority=1)
    found = {card.name: card.contacts for card in messaging.persona_list(sold.workspace)}
    assert found["northern"] == 0


def test_a_persona_only_for_another_icp_is_no_right_role(sold: Any) -> None:
    sold.icp("south", {"name": "big", "mode": "require", "rule": {"employees": {"over": 900}}})
    for name in ("ops", "finance"):
        sold.kinds["personas"].pop(name)
    sold.define("personas", "southern", who={"title": {"contains": "Operations"}}, icps=["south"])
    prioritize.score(sold.workspace)
    assert {t.has_role for t in prioritize.targets(sold.workspace)} == {False}


def said(world: Any, *statuses: Status) -> None:
    """Keep one source with a piece of evidence per status: E1, E2 and so on."""
    text = " ".join(f"This is quote number {at}." for at in range(9))
    now = world.workspace.now()
    new = research.NewSource(
        kind=SourceKind.CALL, title="A call", occurred_on=TODAY, account_id="a", account_by=None,
        opportunity_id=None, consent=Consent.UNKNOWN, format="vtt", file_name="a.vtt",
        turn_count=1, sha256="0" * 64, signature=None, imported_at=now, actor="rita",
    )  # fmt: skip
    turn = research.KeptTurn(turn_index=0, speaker="Ana", side=Side.CUSTOMER, text=text)
    source = research.add(world.store, new, [turn]).source
    quotes = [
        evidence.NewEvidence(
            source_id=source.id, turn_index=0, kind=EvidenceKind.PAIN, char_start=at * 24,
            char_end=at * 24 + 23, quote=text[at * 24 : at * 24 + 23], method="by-hand",
        )
        for at in range(len(statuses))
    ]  # fmt: skip
    kept = evidence.add(world.store, quotes, at=now, actor="rita")
    for each, status in zip(kept, statuses, strict=True):
        if status is not Status.CANDIDATE:
            evidence.review(
                world.store, [each.id], status, at=now, reviewer="rita", reason="so it is"
            )


def test_a_statement_stands_on_evidence_or_is_a_guess(sold: Any) -> None:
    said(sold, Status.CANDIDATE, Status.CONFIRMED, Status.REJECTED)
    linked = [["E1"], ["E2"], ["E3"], ["E9"], ["E1", "E2"], ["E1", "E3"], []]
    pains = [{"says": f"Pain {at}.", "evidence": each} for at, each in enumerate(linked)]
    sold.define("personas", "ops", who={"title": {"contains": "Operations"}}, pains=pains)
    card = messaging.persona(sold.workspace, "ops")
    assert [each.standing for each in card.statements] == [
        Standing.LINKED,
        Standing.CONFIRMED,
        Standing.UNFOUNDED,
        Standing.UNFOUNDED,
        Standing.CONFIRMED,
        Standing.LINKED,
        Standing.GUESS,
    ]
    found = [f.code for f in check(sold.workspace).findings if f.code.startswith("PER00")]
    assert found.count("PER008") == 2  # two places; a definition without a file has one
    assert found.count("PER009") == 1


def test_the_grid_pairs_before_with_after(sold: Any) -> None:
    rows = [{"before": "Late.", "after": "On time."}, {"before": "Dear.", "after": "Cheap."}]
    who = {"title": {"contains": "Operations"}}
    sold.define("personas", "ops", who=who, anxiety="Late.", before_after=rows)
    card = messaging.persona(sold.workspace, "ops")
    assert [(a.says, b.says) for a, b in card.grid] == [("Late.", "On time."), ("Dear.", "Cheap.")]


# -- messages to an account ------------------------------------------------------------------


@pytest.fixture
def scored(sold: Any) -> Any:
    prioritize.score(sold.workspace)
    return sold


def test_a_message_is_written_with_what_the_run_knows(scored: Any) -> None:
    found = messaging.message_to(scored.workspace, "ready", "Account a", contact_id="pa")
    assert isinstance(found, Written)
    assert found.text.startswith("Hello Ana,")
    assert "With us Account a does not." in found.text
    assert "Raised money." in found.text
    assert found.as_of == TODAY


def test_an_account_without_a_live_signal_is_not_written_to(scored: Any) -> None:
    found = messaging.message_to(scored.workspace, "ready", "c")
    assert isinstance(found, Refused)
    assert "no signal is live here" in found.sentence


def test_who_asked_to_be_left_alone_is_not_written_to(scored: Any) -> None:
    with pytest.raises(UsageError, match="left alone"):
        messaging.message_to(scored.workspace, "ready", "e", contact_id="pe")


def test_names_that_are_not_known_are_refused(scored: Any) -> None:
    for name, account, contact in (
        ("readi", "a", None),
        ("ready", "zebra", None),
        ("ready", "a", "pb"),
    ):
        with pytest.raises(UnknownName):
            messaging.message_to(scored.workspace, name, account, contact_id=contact)


def test_a_message_for_another_tier_is_not_written(scored: Any) -> None:
    scored.define("messages", "ready", persona="ops", tier="T3", **SLOTS)
    with pytest.raises(UsageError, match="T3"):
        messaging.message_to(scored.workspace, "ready", "a")


def test_a_template_of_the_workspace_is_used(scored: Any) -> None:
    (scored.folder / "templates").mkdir()
    (scored.folder / "templates/email.txt.j2").write_text("{{ account }}: {{ hook }}")
    found = messaging.message_to(scored.workspace, "ready", "a")
    assert isinstance(found, Written)
    assert found.text == "Account a: Go-lives are late."


def test_the_command_line_writes_refuses_and_maps(
    scored: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    scored.define("messages", "broken", persona="ops", **{**SLOTS, "response": "In 3 days."})
    scored.write()

    def ran(*words: str) -> tuple[int, str, str]:
        code = code_of(["-w", str(scored.folder), *words])
        return (code, *capfd.readouterr())

    code, out, _ = ran("messages", "render", "ready", "--account", "a", "--contact", "pa")
    assert (code, out.splitlines()[0]) == (0, 'Subject: "Go-lives are late."')
    code, out, err = ran("messages", "render", "broken", "--account", "a", "--json")
    assert (code, json.loads(out)["breaches"][0]["code"]) == (3, "MSG006")
    assert "'3 days' does not stand in quick" in err
    assert ran("messages", "check")[0] == 1
    assert "keeps it" in ran("messages", "--persona", "ops")[1]
    assert ran("messages", "--persona", "opps")[0] == 3
    assert "No message fits" in ran("messages", "--stage", "renewal")[1]
    code, out, _ = ran("coverage", "--gaps", "--limit", "2")
    assert (code, "more: --limit" in out) == (0, True)
    code, out, _ = ran("personas", "show", "ops")
    assert (code, "Blank: anxiety." in out) == (0, True)
    assert json.loads(ran("personas", "--json")[1])[0]["contacts"] == 5
