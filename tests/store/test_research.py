"""Sources, turns and evidence: kept whole, counted once, decided by people, never lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bullseye.definitions.evidence import Consent, EvidenceKind, Side, SourceKind, Status
from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, evidence, research
from bullseye.store.db import Store
from bullseye.store.evidence import NewEvidence
from bullseye.store.research import KeptSource, KeptTurn, NewSource

SAID = "Onboarding takes us nine weeks."
TURNS = (
    KeptTurn(turn_index=0, speaker="Ben", side=Side.US, text="What hurts?"),
    KeptTurn(
        turn_index=1,
        speaker="Käthe 💬",
        side=Side.CUSTOMER,
        text=SAID,
        started_ms=4_000_000_000,
        contact_id="c7",
        email="kaethe@acme.example",
        resolved_by="email",
    ),
)
Kept = Callable[..., KeptSource]


@pytest.fixture
def kept(store: Store, monday: datetime) -> Kept:
    """Keep a call of two turns; name what differs."""

    def keep(**differs: Any) -> KeptSource:
        usual: dict[str, Any] = {
            "kind": SourceKind.CALL,
            "title": "Call with Käthe",
            "occurred_on": date(2026, 2, 27),
            "account_id": "a1",
            "account_by": "given",
            "opportunity_id": None,
            "consent": Consent.UNKNOWN,
            "format": "vtt",
            "file_name": "kaethe.vtt",
            "turn_count": len(TURNS),
            "sha256": "a" * 64,
            "signature": None,
            "imported_at": monday,
            "actor": "rita",
        }
        return research.add(store, NewSource(**{**usual, **differs}), TURNS).source

    return keep


def quote(source: KeptSource, **differs: Any) -> NewEvidence:
    usual: dict[str, Any] = {
        "source_id": source.id,
        "turn_index": 1,
        "kind": EvidenceKind.PAIN,
        "char_start": 0,
        "char_end": 25,
        "quote": SAID[:25],
        "method": "by hand",
    }
    return NewEvidence(**{**usual, **differs})


def test_a_source_comes_back_with_its_turns(store: Store, kept: Kept) -> None:
    source = kept()
    assert research.get(store, source.id) == source
    assert research.turns(store, source.id) == TURNS
    assert list(research.all_turns(store)) == [(source.id, turn) for turn in TURNS]


def test_the_same_words_are_kept_once_until_they_are_taken_back(
    store: Store, kept: Kept, monday: datetime
) -> None:
    first = kept()
    assert kept(title="the same, another file").id == first.id
    research.undo(store, first.id, at=monday, actor="rita")
    assert research.find(store, first.sha256) is None
    assert list(research.all_turns(store)) == []
    again = kept()
    assert again.id != first.id
    assert [s.id for s in research.listed(store)] == [again.id]
    assert [s.id for s in research.listed(store, include_undone=True)] == [first.id, again.id]


def test_nothing_is_kept_of_a_source_whose_turns_are_not_all_there(
    store: Store, kept: Kept
) -> None:
    with pytest.raises(UsageError, match="2 turns"):
        kept(turn_count=3)
    assert research.listed(store) == ()
    assert audit.entries(store) == ()


def test_a_source_is_taken_back_once(store: Store, kept: Kept, monday: datetime) -> None:
    source = kept()
    research.undo(store, source.id, at=monday, actor="rita")
    with pytest.raises(UsageError, match="undone on 2026-03-02"):
        research.undo(store, source.id, at=monday, actor="rita")
    for number in (99, 10**30, -1):
        with pytest.raises(UnknownName, match=f"S{number}"):
            research.undo(store, number, at=monday, actor="rita")


def test_evidence_is_the_slice_it_says_it_is(store: Store, kept: Kept, monday: datetime) -> None:
    source = kept()
    wrong = ({"quote": SAID[1:26]}, {"char_end": 900}, {"turn_index": 7}, {"char_start": 25})
    for each in wrong:
        with pytest.raises(UsageError, match="does not stand in turn"):
            evidence.add(store, [quote(source), quote(source, **each)], at=monday, actor="rita")
    assert evidence.listed(store) == ()
    (added,) = evidence.add(store, [quote(source, score=0.5)], at=monday, actor="rita")
    assert evidence.listed(store) == (added,)
    assert (added.quote, added.score, added.status) == (SAID[:25], 0.5, Status.CANDIDATE)


def test_what_was_rejected_is_not_proposed_again(
    store: Store, kept: Kept, monday: datetime
) -> None:
    source = kept()
    (first,) = evidence.add(store, [quote(source)], at=monday, actor="rita")
    (rejected,) = evidence.review(
        store, [first.id], Status.REJECTED, at=monday, reviewer="ada", reason="not theirs"
    )
    assert (rejected.reviewer, rejected.reason) == ("ada", "not theirs")
    assert evidence.add(store, [quote(source), quote(source)], at=monday, actor="rita") == ()
    assert evidence.listed(store, status=Status.CANDIDATE) == ()
    other = quote(source, kind=EvidenceKind.OBJECTION)
    assert len(evidence.add(store, [other, other], at=monday, actor="rita")) == 1


def test_a_decision_is_for_all_or_none(store: Store, kept: Kept, monday: datetime) -> None:
    (one,) = evidence.add(store, [quote(kept())], at=monday, actor="rita")
    with pytest.raises(UnknownName, match="E99"):
        evidence.review(store, [one.id, 99], Status.CONFIRMED, at=monday, reviewer="ada")
    with pytest.raises(UsageError, match="with a reason"):
        evidence.review(store, [one.id], Status.REJECTED, at=monday, reviewer="ada", reason=" ")
    with pytest.raises(UsageError, match="name of who"):
        evidence.review(store, [one.id], Status.CONFIRMED, at=monday, reviewer="")
    assert evidence.listed(store, status=Status.CANDIDATE) == (one,)


def test_evidence_counts_while_its_source_does(store: Store, kept: Kept, monday: datetime) -> None:
    source = kept()
    (one,) = evidence.add(store, [quote(source)], at=monday, actor="rita")
    assert evidence.listed(store, account_id="a1", kind=EvidenceKind.PAIN) == (one,)
    assert evidence.listed(store, account_id="a2") == ()
    research.undo(store, source.id, at=monday + timedelta(days=1), actor="rita")
    assert evidence.listed(store) == ()
    with pytest.raises(UnknownName):
        evidence.review(store, [one.id], Status.CONFIRMED, at=monday, reviewer="ada")
    with pytest.raises(UsageError, match="was undone"):
        evidence.add(store, [quote(source, char_end=10, quote=SAID[:10])], at=monday, actor="r")


def test_the_audit_trail_tells_what_was_done_but_not_who_said_what(
    store: Store, kept: Kept, monday: datetime
) -> None:
    source = kept()
    (one,) = evidence.add(store, [quote(source)], at=monday, actor="rita")
    evidence.review(store, [one.id], Status.CONFIRMED, at=monday, reviewer="ada")
    research.undo(store, source.id, at=monday, actor="rita")
    trail = audit.entries(store)
    assert [entry.action for entry in trail] == [
        "research.undo",
        "evidence.confirm",
        "evidence.add",
        "research.import",
    ]
    text = "".join(f"{entry.before}{entry.after}" for entry in trail)
    assert [each for each in ("aethe", "Käthe", "nine weeks", "c7") if each in text] == []
    assert audit.verify(store) is None
