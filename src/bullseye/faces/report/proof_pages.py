"""The proof pages: the newest saved proof of each question, with its day, or how to make it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from bullseye.faces.report import (
    proof_holding,
    proof_learning,
    proof_people,
    proof_segments,
    proof_winning,
)
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_parts import Body
from bullseye.faces.report.proof_reading import Doc, Unreadable
from bullseye.faces.report.words import clipped, counted
from bullseye.pipeline.prove import ATTEMPT, Proof


class Question(NamedTuple):
    """One question: where it stands, how it reads a proof, what it shows, how it is made anew.

    `command` has a place for the subject where there is one proof per ICP (`is_per_icp`).
    """

    kind: str
    asks: str
    shows: str
    command: str
    body: Callable[[Doc, Limits, str], Body]
    subject: str = ""
    is_per_icp: bool = False


QUESTIONS = (
    Question(
        "outcomes",
        "What can be learnt from?",
        "It lists what could happen, how often it did, and which facts may be leaks.",
        "bullseye prove --only outcomes",
        proof_segments.outcomes_body,
    ),
    Question(
        "bullseye",
        "Where do we win?",
        "It shows who is won fastest, who uses it most, and what they share.",
        "bullseye segment bullseye",
        proof_winning.bullseye_body,
    ),
    Question(
        "signals",
        "Which events come before?",
        "It shows which events come before which outcomes, and how fast their effect fades.",
        "bullseye segment signals",
        proof_winning.signals_body,
    ),
    Question(
        "backtest",
        "Does the ICP hold?",
        "It scores accounts as known on past days, and looks at what happened after.",
        "bullseye backtest {subject} --every quarter",
        proof_holding.backtest_body,
        is_per_icp=True,
    ),
    Question(
        "card",
        "What would the outcomes propose as an ICP?",
        "It shows a learnt ICP: its points, its evidence, and how it does on later cases.",
        "bullseye prove --only card",
        proof_learning.card_body,
    ),
    Question(
        "negative",
        "Whom to leave alone?",
        "It shows segments that churn more, cost more support or take more discount.",
        "bullseye segment negative",
        proof_learning.negative_body,
    ),
    Question(
        "negative",
        "Are the exclusions still true?",
        "It measures the exclusions that have figures again.",
        "bullseye segment negative --recheck",
        proof_learning.recheck_body,
        subject="recheck",
    ),
    Question(
        "drift",
        "Does it still hold?",
        "It holds what came in each period against what the tiers let expect.",
        "bullseye drift {subject}",
        proof_holding.drift_body,
        is_per_icp=True,
    ),
    Question(
        "velocity",
        "How fast, by segment?",
        "It shows how fast opportunities of each segment are won.",
        "bullseye segment velocity",
        proof_segments.velocity_body,
    ),
    Question(
        "value",
        "What is each segment worth?",
        "It shows the expected ACV of each segment.",
        "bullseye segment value",
        proof_segments.value_body,
    ),
    Question(
        "money_at_risk",
        "What hangs on a missing role?",
        "It shows what a buying role that was known early went along with, and the money open now.",
        "bullseye at-risk",
        proof_people.at_risk_body,
    ),
)


@dataclass(frozen=True)
class ProofPart:
    """One question with its answer.

    `body` is None where there is none to show: `missing` says why, and `command` makes it anew.
    `stamp` are the day, the definitions and the imports the answer rests on.
    """

    anchor: str
    asks: str
    about: str
    standing: str
    as_of: str
    stamp: tuple[tuple[str, str], ...]
    stale: str
    body: Body | None
    missing: str
    why: str
    command: str


@dataclass(frozen=True)
class Shown:
    """The run beside which proofs are shown: its day, its definitions and its ICPs."""

    as_of: date
    definitions_hash: str
    icps: tuple[str, ...]


def proof_parts(proofs: Sequence[Proof], shown: Shown, limits: Limits) -> tuple[ProofPart, ...]:
    """Return a part per question, in the order of `QUESTIONS`; several where ICPs are several."""
    return tuple(
        _part(question, subject, proofs, shown, limits, f"proof-{at}-{place}")
        for at, question in enumerate(QUESTIONS)
        for place, subject in enumerate(_subjects(question, proofs, shown, limits))
    )


def _subjects(
    question: Question, proofs: Sequence[Proof], shown: Shown, limits: Limits
) -> tuple[str, ...]:
    if question.is_per_icp:
        return shown.icps[: limits.icps] or ("ICP",)
    if question.subject and _newest(question, question.subject, proofs) is None:
        return ()  # a second look at what may not be there at all
    return (question.subject,)


def _newest(question: Question, subject: str, proofs: Sequence[Proof]) -> Proof | None:
    """Return the proof saved last that answers a question."""
    own = {each.subject for each in QUESTIONS if each.kind == question.kind and each.subject}
    mine = [
        each
        for each in proofs
        if each.kind == question.kind
        and (each.subject == subject if subject else each.subject not in own)
    ]
    return max(mine, key=lambda each: each.id, default=None)


def _part(
    question: Question,
    subject: str,
    proofs: Sequence[Proof],
    shown: Shown,
    limits: Limits,
    anchor: str,
) -> ProofPart:
    proof = _newest(question, subject, proofs)
    about = clipped(subject, 80) if question.is_per_icp else ""
    command = question.command.format(subject=about)
    tried = _tried(question, subject, proofs)
    body, missing, why = None, "Not proved yet.", question.shows
    if tried is not None and (proof is None or tried.id > proof.id):
        missing, why, proof = "Cannot tell yet.", _problem(tried) or question.shows, tried
    elif proof is not None:
        try:
            body = _told_apart(question.body(Doc.of(proof.document), limits, anchor), about)
        except Unreadable as problem:
            missing = "The saved proof cannot be read."
            why = f"It may be of another release, or damaged ({clipped(problem, 120)})."
    return ProofPart(
        anchor=anchor,
        asks=question.asks,
        about=about,
        standing=clipped(body.standing, 40) if body else missing.rstrip("."),
        as_of=proof.as_of.isoformat() if proof else "",
        stamp=_stamp(proof) if proof else (),
        stale=_stale(proof, shown) if proof else "",
        body=body,
        missing=missing,
        why=why,
        command=command,
    )


def _told_apart(body: Body, about: str) -> Body:
    """Return a body whose charts name what they are about: a page names no two things alike."""
    if not about:
        return body
    figures = (
        replace(each, chart=replace(each.chart, title=f"{each.chart.title} ({about})"))
        for each in body.figures
    )
    return replace(body, figures=tuple(figures))


def _tried(question: Question, subject: str, proofs: Sequence[Proof]) -> Proof | None:
    """Return the newest attempt at a question that ended without a proof."""
    if question.subject:
        return None
    named = f"{question.kind} {subject}" if subject else f"{question.kind} "
    mine = [
        each
        for each in proofs
        if each.kind == ATTEMPT
        and (each.subject == named if subject else each.subject.startswith(named))
        and _problem(each)
    ]
    return max(mine, key=lambda each: each.id, default=None)


def _problem(tried: Proof) -> str:
    """Return why an attempt ended without a proof; empty where it did not, or cannot be read."""
    try:
        doc = Doc.of(tried.document)
        if not doc.has("problem"):
            return ""
        hint = doc.text("hint") if doc.has("hint") else ""
        return f"{doc.text('problem')} {hint}".strip()
    except Unreadable:
        return ""


def _stamp(proof: Proof) -> tuple[tuple[str, str], ...]:
    return (
        ("As known on", proof.as_of.isoformat()),
        ("Definitions", proof.definitions_hash[:12]),
        ("Rests on", counted(len(proof.inputs), "import")),
        ("Proof", f"{proof.id}"),
    )


def _stale(proof: Proof, shown: Shown) -> str:
    """Say how a proof differs from the run it stands beside; empty where it does not."""
    said = []
    if proof.as_of < shown.as_of:
        said.append(f"older than this run, which is of {shown.as_of}")
    if proof.as_of > shown.as_of:
        said.append(f"of a later day than this run, which is of {shown.as_of}")
    if proof.definitions_hash != shown.definitions_hash:
        said.append(f"made with other definitions than this run ({shown.definitions_hash[:12]})")
    return f"This proof is {' and '.join(said)}." if said else ""
