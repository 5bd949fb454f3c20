"""Prove: ask the outcomes every question they can answer, one after the other; keep the answers."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from importlib.metadata import version

from bullseye.errors import InputError, NotEnoughEvidence, UnknownName, UsageError
from bullseye.keeping import keep
from bullseye.pipeline import outcomes, proving, watching
from bullseye.pipeline.publishing import as_live
from bullseye.segment.run import learning as segment
from bullseye.store import proofs
from bullseye.store.proofs import Proof
from bullseye.synthesize.run.at_risk import measure_money_at_risk
from bullseye.workspace import Workspace

__all__ = ["ATTEMPT", "KINDS", "Attempt", "Proof", "Proved", "kept_proofs", "prove"]

Progress = Callable[[str], None]

_PACKAGE = "bullseye-gtm"

KINDS = {
    "outcomes": "What could happen, and how often it did",
    "bullseye": "Where we win",
    "signals": "Which events come before",
    "card": "What an ICP learnt from the outcomes would be",
    "backtest": "Whether each ICP holds",
    "drift": "Whether each ICP still holds",
    "negative": "Whom to leave alone",
    "velocity": "How fast, by segment",
    "value": "What each segment is worth",
    "money_at_risk": "What hangs on a missing role",
}
"""Every kind of proof, in the order in which they are made."""

ATTEMPT = "prove"
"""Kind of the entry that says how an attempt at a proof ended."""

OUTCOME = "won"


@dataclass(frozen=True)
class Attempt:
    """How one question was answered.

    `proof` is the number of the proof that was kept; it is None where the data cannot answer, and
    `problem` and `hint` say why and what would help. `is_new` tells whether it was asked now.
    """

    kind: str
    subject: str
    proof: int | None
    problem: str = ""
    hint: str = ""
    is_new: bool = True


@dataclass(frozen=True)
class Proved:
    """Every question asked on one day, of one version of the definitions."""

    as_of: date
    definitions_hash: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True)
class _Task:
    kind: str
    subject: str
    ask: Callable[[Progress], object]


def prove(
    workspace: Workspace,
    *,
    only: Collection[str] = (),
    as_of: date | None = None,
    afresh: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _stage: None,
) -> Proved:
    """Make every proof the data allow; what they cannot answer is said, and is no failure.

    The live definitions are proved; the files where nothing was made live. An answer that was
    kept for the same definitions, imports, day and version of Bullseye is not computed again.

    Parameters
    ----------
    workspace
        The workspace.
    only
        Kinds of proofs to make, of `KINDS`; all where empty.
    as_of
        The day of the questions; today where absent.
    afresh
        Compute again what was answered already.
    dry_run
        Only list what would be asked, and what was answered already.
    progress
        Is told each stage.

    Raises
    ------
    UnknownName
        If there is no such kind.
    NotEnoughEvidence
        If nothing is imported yet.
    """
    for each in only:
        if each not in KINDS:
            raise UnknownName("kind of proof", each, tuple(KINDS))
    used, day = as_live(workspace), as_of or workspace.today
    if not used.batches(up_to=day):
        raise NotEnoughEvidence(
            f"Nothing is imported up to {day}.", hint="Bring data in: bullseye import accounts FILE"
        )
    attempts = []
    for task in _tasks(used, day):
        if only and task.kind not in only:
            continue
        kept = None if afresh else _kept(used, task, day)
        if kept is None and not dry_run:
            progress(f"{KINDS[task.kind]}: {task.subject}")
            kept = _attempt(used, task, day, progress)
        attempts.append(kept or Attempt(task.kind, task.subject, None))
    return Proved(day, used.project.hash, tuple(attempts))


def _tasks(workspace: Workspace, day: date) -> Iterator[_Task]:
    """Yield every question, in the order of `KINDS`."""

    def all_outcomes(tell: Progress) -> object:
        found = outcomes.outcomes(
            workspace, as_of=day, every=outcomes.Every.QUARTER, guarded=True, progress=tell
        )
        return keep(workspace, "outcomes", "all", day, {"outcomes": found})

    def card(tell: Progress) -> object:
        # a trial: the draft stays in the proof, and is not written between the team's own files
        found = segment.propose_icp(workspace, OUTCOME, as_of=day, dry_run=True, progress=tell)
        return keep(workspace, "card", OUTCOME, day, found)

    yield _Task("outcomes", "all", all_outcomes)
    yield _Task(
        "bullseye",
        OUTCOME,
        lambda tell: segment.fast_and_sticky(workspace, as_of=day, progress=tell),
    )
    yield _Task(
        "signals", "all", lambda tell: segment.what_precedes(workspace, as_of=day, progress=tell)
    )
    yield _Task("card", OUTCOME, card)
    for icp in sorted(workspace.project.icps):
        yield _Task("backtest", icp, _of_icp(proving.backtest, workspace, icp, day))
    for icp in sorted(workspace.project.icps):
        yield _Task("drift", icp, _of_icp(watching.drift, workspace, icp, day))
    yield _Task(
        "negative", "all", lambda tell: segment.find_negative(workspace, as_of=day, progress=tell)
    )
    yield _Task(
        "velocity",
        OUTCOME,
        lambda tell: segment.measure_velocity(workspace, as_of=day, progress=tell),
    )
    yield _Task("value", "all", lambda _: segment.measure_value(workspace, as_of=day))
    yield _Task(
        "money_at_risk",
        OUTCOME,
        lambda tell: measure_money_at_risk(workspace, as_of=day, progress=tell),
    )


def _of_icp(
    ask: Callable[..., object], workspace: Workspace, icp: str, day: date
) -> Callable[[Progress], object]:
    def asked(tell: Progress) -> object:
        # quarters: days far apart share fewer accounts, and cost a third of months
        every = "quarter" if ask is proving.backtest else "month"
        return ask(workspace, icp, every=every, as_of=day, progress=tell)

    return asked


def _attempt(workspace: Workspace, task: _Task, day: date, progress: Progress) -> Attempt:
    """Ask one question, and keep how it ended, so that it is asked only once."""
    before = proofs.newest(workspace.store, task.kind)
    try:
        task.ask(progress)
    except (NotEnoughEvidence, InputError, UsageError) as error:  # what the data cannot answer
        found = Attempt(task.kind, task.subject, None, error.problem, error.hint)
    else:
        made = proofs.newest(workspace.store, task.kind)
        is_made = made is not None and (before is None or made.id > before.id)
        found = Attempt(task.kind, task.subject, made.id if made and is_made else None)
    keep(workspace, ATTEMPT, _subject(task), day, found, release=version(_PACKAGE))
    return found


def _kept(workspace: Workspace, task: _Task, day: date) -> Attempt | None:
    """Return how the same question was answered before; None if anything it rests on differs."""
    last = proofs.newest(workspace.store, ATTEMPT, _subject(task))
    inputs = tuple(batch.number for batch in workspace.batches(up_to=day))
    if last is None or (last.as_of, last.definitions_hash, last.inputs) != (
        day,
        workspace.project.hash,
        inputs,
    ):
        return None
    found = json.loads(last.document)
    if found.pop("release", None) != version(_PACKAGE):
        return None
    return Attempt(**{**asdict(_BLANK), **found, "is_new": False})


_BLANK = Attempt("", "", None)


def _subject(task: _Task) -> str:
    return f"{task.kind} {task.subject}"


def kept_proofs(workspace: Workspace, *, up_to: date | None = None) -> tuple[Proof, ...]:
    """Return the newest proof of every kind and subject; none of a day after `up_to`.

    Attempts that ended without a proof are among them, under the kind `ATTEMPT`.
    """
    return proofs.newest_of_each(workspace.store, up_to=up_to)
