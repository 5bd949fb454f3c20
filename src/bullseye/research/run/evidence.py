"""Read what was said, keep evidence of it, and write down what people decide on it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from bullseye.errors import InputError, UnknownName, UsageError
from bullseye.research.quote import Refused, verified
from bullseye.research.source import Candidate, EvidenceKind, Side, Source, Status, Turn
from bullseye.store import evidence as kept
from bullseye.store import research
from bullseye.store.research import KeptSource, KeptTurn
from bullseye.workspace import Workspace

__all__ = [
    "BY_HAND",
    "Candidate",
    "Quote",
    "Turn",
    "add",
    "decide",
    "keep",
    "number",
    "quotes",
    "read",
    "source_of",
    "sources",
]

BY_HAND = "by hand"
"""The method of a quote that a person added."""


@dataclass(frozen=True)
class Quote:
    """One piece of evidence with where it comes from.

    `number` is what "E17" counts, `source_number` what "S12" counts; `occurred_on`,
    `account_id`, `speaker` and `contact_id` are None where they are not known. The last three
    are None until a person decided.
    """

    number: int
    source_number: int
    turn_index: int
    kind: EvidenceKind
    status: Status
    quote: str
    start: int
    end: int
    method: str
    score: float | None
    title: str
    occurred_on: date | None
    account_id: str | None
    opportunity_id: str | None
    speaker: str | None
    side: Side
    contact_id: str | None
    reviewer: str | None
    reviewed_at: datetime | None
    reason: str | None


def number(written: str, letter: str) -> int:
    """Return the number that "S12", "s12" or "12" names.

    >>> number("S12", "S"), number("e7", "E"), number("7", "E")
    (12, 7, 7)
    """
    digits = written.strip().upper().removeprefix(letter)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
        what = {"S": "source", "E": "evidence"}[letter]
        raise UsageError(f"{written!r} names no {what}.", hint=f"It is written as {letter}12.")
    return int(digits)


def read(workspace: Workspace, source_number: int) -> Source:
    """Return one source with its turns; `UnknownName` if there is none, or it was undone."""
    found = research.get(workspace.store, source_number)
    if found.undone_at is not None:
        raise UnknownName(
            "source", f"S{source_number}", (), hint="It was taken back: import its file again."
        )
    return source_of(found, research.turns(workspace.store, source_number))


def sources(workspace: Workspace) -> Iterator[tuple[int, Source]]:
    """Yield the number of every source that counts, and the source, in order of import."""
    facts = {each.id: each for each in research.listed(workspace.store)}
    every = research.all_turns(workspace.store)
    for source_number, pairs in groupby(every, key=lambda pair: pair[0]):
        if source_number in facts:
            yield source_number, source_of(facts[source_number], (turn for _, turn in pairs))


def source_of(facts: KeptSource, turns: Iterable[KeptTurn]) -> Source:
    """Return a source as research reads it from how the store keeps it."""
    return Source(
        kind=facts.kind,
        title=facts.title,
        occurred_on=facts.occurred_on,
        account_id=facts.account_id,
        opportunity_id=facts.opportunity_id,
        turns=tuple(
            Turn(
                turn.turn_index,
                turn.speaker,
                turn.side,
                turn.text,
                turn.started_ms,
                turn.contact_id,
                turn.email,
            )
            for turn in turns
        ),
        sha256=facts.sha256,
        consent=facts.consent,
    )


def keep(
    workspace: Workspace,
    source_number: int,
    candidates: Sequence[Candidate],
    *,
    status: Status = Status.CANDIDATE,
) -> tuple[int, ...]:
    """Keep candidates of one source, and return the numbers of those that are new.

    A candidate of the same kind at the same place as one that is kept changes nothing: what a
    person rejected stays rejected.
    """
    new = [
        kept.NewEvidence(
            source_id=source_number,
            turn_index=each.turn_index,
            kind=each.kind,
            char_start=each.start,
            char_end=each.end,
            quote=each.quote,
            method=each.method,
            score=each.score,
            status=status,
        )
        for each in candidates
    ]
    added = kept.add(workspace.store, new, at=workspace.now(), actor=workspace.actor)
    return tuple(each.id for each in added)


def add(
    workspace: Workspace,
    source_number: int,
    kind: EvidenceKind,
    quote: str,
    *,
    turn: int | None = None,
    side: Side | None = Side.CUSTOMER,
    dry_run: bool = False,
) -> Quote | Candidate:
    """Add a quote that a person chose, through the guard; return it, or what would be added.

    It waits for a decision like any other candidate.

    Raises
    ------
    InputError
        If the words were not said like this, in one turn, by the side that counts.
    UsageError
        If the very quote is kept already.
    """
    source = read(workspace, source_number)
    found = verified(quote, source, turn=turn, side=side)
    if isinstance(found, Refused):
        raise InputError(
            f"No quote: {found.says}",
            place=f"S{source_number}",
            hint=f"See who said what: bullseye research show S{source_number}",
        )
    candidate = Candidate(kind, found.turn_index, found.start, found.end, found.text, BY_HAND)
    if dry_run:
        return candidate
    numbers = keep(workspace, source_number, [candidate])
    if not numbers:
        raise UsageError(
            f"The quote is kept already as {kind.value}.",
            hint=f"See it: bullseye research show S{source_number}",
        )
    return next(q for q in quotes(workspace, source=source_number) if q.number == numbers[0])


def quotes(
    workspace: Workspace,
    *,
    kind: EvidenceKind | None = None,
    status: Status | None = None,
    account: str | None = None,
    source: int | None = None,
) -> tuple[Quote, ...]:
    """Return the evidence of every source that counts, in the order it was added."""
    found = kept.listed(
        workspace.store, kind=kind, status=status, account_id=account, source_id=source
    )
    return tuple(_quotes(workspace, found))


def decide(
    workspace: Workspace,
    numbers: Sequence[int],
    status: Status,
    *,
    reason: str | None = None,
    dry_run: bool = False,
) -> tuple[Quote, ...]:
    """Write down that a person confirmed or rejected evidence: all of it, or none.

    Raises
    ------
    UnknownName
        If one of the numbers is of no evidence that counts.
    """
    if dry_run:
        every = {each.number: each for each in quotes(workspace)}
        for each in numbers:
            if each not in every:
                hint = "See it with: bullseye research evidence"
                raise UnknownName("evidence", f"E{each}", (), hint=hint)
        return tuple(every[each] for each in dict.fromkeys(numbers))
    done = kept.review(
        workspace.store,
        numbers,
        status,
        at=workspace.now(),
        reviewer=workspace.actor,
        reason=reason,
    )
    return tuple(_quotes(workspace, done))


def _quotes(workspace: Workspace, found: Iterable[kept.Evidence]) -> Iterator[Quote]:
    facts = {each.id: each for each in research.listed(workspace.store)}
    turns: dict[int, tuple[KeptTurn, ...]] = {}
    for each in found:
        if each.source_id not in turns:
            turns[each.source_id] = research.turns(workspace.store, each.source_id)
        yield _quote(each, facts[each.source_id], turns[each.source_id][each.turn_index])


def _quote(each: kept.Evidence, source: KeptSource, turn: KeptTurn) -> Quote:
    return Quote(
        number=each.id,
        source_number=source.id,
        turn_index=each.turn_index,
        kind=each.kind,
        status=each.status,
        quote=each.quote,
        start=each.char_start,
        end=each.char_end,
        method=each.method,
        score=each.score,
        title=source.title,
        occurred_on=source.occurred_on,
        account_id=source.account_id,
        opportunity_id=source.opportunity_id,
        speaker=turn.speaker,
        side=turn.side,
        contact_id=turn.contact_id,
        reviewer=each.reviewer,
        reviewed_at=each.reviewed_at,
        reason=each.reason,
    )
