"""Propose an ICP from what happened to imported accounts, and write it as a draft."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bullseye.cases import cases_of, guard_of
from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.outcome import Outcome
from bullseye.definitions.project import Project
from bullseye.definitions.rule import Op, Rule, tests_in
from bullseye.definitions.tier import Tier
from bullseye.definitions.typed import typed
from bullseye.errors import DefinitionError, NotEnoughEvidence, UnknownName, UsageError
from bullseye.keeping import keep
from bullseye.segment.case_columns import case_columns
from bullseye.segment.draft import (
    cut_sentence,
    draft_icp,
    draft_tiers,
    evidence_sentence,
    held_sentence,
    icp_text,
    tiers_text,
)
from bullseye.segment.propose import Proposal, Task, Wish, propose
from bullseye.warehouse.cases import Cases, Every
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.guard import Guard
from bullseye.workspace import Workspace

KIND = "card"


@dataclass(frozen=True)
class DraftFile:
    """A definition as it is, or would be, written: its path in the workspace, and its text."""

    path: str
    text: str


@dataclass(frozen=True)
class Proposed:
    """A proposal in words, and the files it became.

    `sentences` are the answer in plain words. `warnings` have to stand beside every number.
    `files` are empty where there is no ICP; `written` says whether they are on disk.
    """

    outcome: str
    asked: str
    dated: bool
    proposal: Proposal
    sentences: tuple[str, ...]
    criteria: tuple[str, ...]
    cuts: tuple[str, ...]
    warnings: tuple[str, ...]
    refused: tuple[str, ...]
    files: tuple[DraftFile, ...]
    written: bool


def propose_icp(
    workspace: Workspace,
    outcome: str = "won",
    *,
    name: str | None = None,
    max_criteria: int = 10,
    every: str = "quarter",
    as_known_today: bool = False,
    insist: Collection[str] = (),
    yardstick: bool = False,
    seed: int = 0,
    as_of: date | None = None,
    force: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Proposed:
    """Learn an ICP from the cases of an outcome, keep what was found, and write the draft.

    Parameters
    ----------
    workspace
        Whose imports and definitions are read, and into whose folder the draft is written.
    outcome
        Name of an outcome, built-in ones too. Of one we do not want, its absence is learnt.
    name
        What the ICP and its tier policy are called; ``learnt-`` and the outcome where absent.
    max_criteria
        At most so many; never above ten.
    every
        ``month`` or ``quarter``: how far the days lie apart on which facts are taken.
    as_known_today
        Take facts as known today; the result then says so.
    insist
        Fields to read although the guard or the field's nature speaks against them.
    yardstick
        Whether to say what LightGBM would have gained.
    seed
        The same seed gives the same answer.
    as_of
        The day of the question; today where absent.
    force
        Overwrite files of the same names.
    dry_run
        Write nothing and keep nothing.
    progress
        Is told each stage.

    Raises
    ------
    NotEnoughEvidence
        If there are too few decided cases to tell.
    UsageError
        If a file is there already, or a field to insist on does not exist.
    """
    project, day = workspace.project, as_of or workspace.today
    asked, called = project.outcome(outcome), name or f"learnt-{outcome}"
    _refuse_overwriting(workspace, called, force or dry_run)
    fields = readable_fields(project, TableName.ACCOUNTS)
    for each in sorted(set(insist) - set(fields)):
        raise UnknownName("field", each, fields)
    wish = Wish(min(max_criteria, 10), _groupings(project), tuple(insist), yardstick, seed)
    with workspace.connection() as connection:
        cases = cases_of(
            workspace,
            connection,
            outcome,
            as_of=day,
            every=Every(every),
            as_known_today=as_known_today,
            progress=progress,
        )
        _require_decided(cases)
        progress("Which facts may be leaks")
        guard = guard_of(workspace, connection, cases, every=Every(every), progress=progress)
        columns = case_columns(connection, cases)
    progress("Learning")
    decided = ~np.isnan(columns.happened)
    kept = columns.taken(decided)
    refused = guard.refused(insist)
    facts = {field: fact for field, fact in kept.facts.items() if field not in refused}
    span = asked.within if asked.within is not None else kept.days
    task = Task(
        facts,
        (kept.happened == 1) == asked.is_good,
        kept.account,
        kept.began if cases.dated else np.full(kept.n, np.nan),
        kept.began + span,
        day,
    )
    proposal = propose(task, wish)
    files = _files(workspace, proposal, asked, called) if proposal.found else ()
    found = _told(proposal, cases, guard, wish, files, written=bool(files) and not dry_run)
    if not dry_run:
        _write(workspace.folder, files)
        keep(workspace, KIND, called if files else outcome, day, found)
    return found


def _require_decided(cases: Cases) -> None:
    """Raise where facts from before the outcomes are what is missing, and say what to do."""
    if cases.yes + cases.no or not (cases.dated and cases.left_out):
        return
    why = "; ".join(f"{each.n:,}: {each.reason}" for each in cases.left_out)
    earlier = "Import older exports with: bullseye import accounts FILE --as-of DATE."
    look = " Or take a first look at facts as known today: --as-known-today"
    asks_back = bool(cases.outcome.won or cases.outcome.churned)
    raise NotEnoughEvidence(
        f"Cannot tell yet: no case of {cases.outcome.name} is decided and has facts that were"
        f" known before it ({why}).",
        hint=earlier + (look if asks_back else ""),
    )


def _refuse_overwriting(workspace: Workspace, name: str, may: bool) -> None:
    for file in (f"icps/{name}.yaml", f"tiers/{name}.yaml"):
        if not may and (workspace.folder / file).exists():
            raise UsageError(
                f"{file} is there already.",
                place=str(workspace.folder),
                hint="Name another with --name, or overwrite it with --force.",
            )


def _groupings(project: Project) -> tuple[Rule, ...]:
    """Return the team's own groups of values: every test for one of several in its rules."""
    rules = [clause.rule for icp in project.icps.values() for clause in project.clauses(icp)]
    for market in project.markets.values():
        rules += [rule for rule in (market.tam, market.sam) if rule is not None]
    known = readable_fields(project, TableName.ACCOUNTS)
    found: dict[Rule, None] = {}
    for test in (test for rule in rules for test in tests_in(rule)):
        if test.op is Op.ANY_OF and test.field in known:
            with suppress(DefinitionError):  # the check names what does not suit its field
                found[typed(test, known, country=lambda text: country_code(text) or text)] = None
    return tuple(found)


def _files(
    workspace: Workspace, proposal: Proposal, outcome: Outcome, name: str
) -> tuple[DraftFile, ...]:
    owner = workspace.project.settings.owner or workspace.actor
    icp = draft_icp(proposal, outcome, name=name, owner=owner, today=workspace.today)
    policy = draft_tiers(proposal, name=name, owner=owner, today=workspace.today)
    return (
        DraftFile(f"icps/{name}.yaml", icp_text(icp, proposal)),
        DraftFile(f"tiers/{name}.yaml", tiers_text(policy, proposal)),
    )


def _write(folder: Path, files: Collection[DraftFile]) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8", newline="\n")


# -- words ---------------------------------------------------------------------------------


def _told(
    proposal: Proposal,
    cases: Cases,
    guard: Guard,
    wish: Wish,
    files: tuple[DraftFile, ...],
    *,
    written: bool,
) -> Proposed:
    outcome = cases.outcome
    warnings = [cases.warning] if cases.warning else []
    warnings += [
        f"Insisted on {each.field}: {each.sentence}" for each in guard.insisted(wish.insist)
    ]
    warnings += [
        f"Whether {each.field} is known tells something itself:"
        f" {each.known.value:.0%} of {each.known.n:,} where it is known,"
        f" {each.unknown.value:.0%} of {each.unknown.n:,} where not. It may be a leak."
        for each in proposal.silent
    ]
    return Proposed(
        outcome=outcome.name,
        asked=outcome.sentence,
        dated=cases.dated,
        proposal=proposal,
        sentences=tuple(_sentences(proposal)),
        criteria=tuple(
            f"{each.points:+d}  {each.rule}: {evidence_sentence(each, outcome, proposal.as_of)}"
            for each in proposal.criteria
        ),
        cuts=tuple(cut_sentence(tier, cut) for tier, cut in zip(Tier, proposal.cuts, strict=False)),
        warnings=tuple(warnings),
        refused=tuple(
            f"{each.field}: {each.sentence}"
            for each in guard.suspicions
            if each.refuse and each.field not in wish.insist
        ),
        files=files,
        written=written,
    )


def _sentences(proposal: Proposal) -> list[str]:
    gate = proposal.gate
    seen = (
        f"Cross-validated AUC {gate.auc:.2f} over {gate.n:,} cases; shuffled outcomes reach it"
        f" with p = {gate.p:.2g} ({gate.permutations} shuffles)."
    )
    if not proposal.found:
        why = "nothing tells the outcomes apart better than chance"
        if gate.passed:
            why = "what tells the outcomes apart is too weak to make a criterion of"
        return [f"No ICP found: {why}. {seen}"]
    held = proposal.held
    said = [seen, held_sentence(proposal)]
    if proposal.provisional:
        said.insert(0, f"Provisional: only {proposal.n:,} decided cases.")
    if held is None:
        return said
    best = held.top
    said.append(
        f"Its best tenth: {best.rate.value:.0%} ({best.rate.low:.0%} to {best.rate.high:.0%}),"
        f" {best.lift.value:.1f} times the base ({best.lift.low:.1f} to {best.lift.high:.1f})."
        f" Calibration error {held.calibration_error:.3f}."
    )
    if held.auc.low <= 0.5:
        said.append("Whether it holds on these cases cannot be told yet: the interval holds 0.5.")
    said += [
        f"{each.name} on the same cases: AUC {each.auc.value:.2f}; the card is"
        f" {each.gained.value:+.3f} ({each.gained.low:+.3f} to {each.gained.high:+.3f})."
        for each in held.beside
    ]
    return said
