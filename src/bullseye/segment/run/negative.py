"""Find exclusions in a workspace, write their drafts, and keep the result."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bullseye.definitions import yaml
from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.rule import Rule, fields_in
from bullseye.definitions.typed import typed
from bullseye.errors import BullseyeError, DefinitionError, NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.segment.negative import Proposal, proposal
from bullseye.segment.run.measuring import Taken, bad_names, take
from bullseye.segment.worse import COVERED, Search, search
from bullseye.warehouse.answers import answers
from bullseye.warehouse.cases import LeftOut
from bullseye.warehouse.countries import country_code
from bullseye.workspace import Workspace

HEADER = "# yaml-language-server: $schema=../schemas/exclusions.schema.json\n\n"


@dataclass(frozen=True)
class Looked:
    """What was looked at for one measure: `looked_at` segments on `n` cases, `happened` bad."""

    measure: str
    n: int
    happened: int
    searched: int
    looked_at: int
    warning: str
    left_out: tuple[LeftOut, ...]
    refused: tuple[str, ...]


@dataclass(frozen=True)
class NotMeasured:
    """A measure that the workspace cannot tell anything about, and why."""

    measure: str
    reason: str


@dataclass(frozen=True)
class Negative:
    """What a search for exclusions found, as known on `as_of`.

    `currency` is that of all money; `written` the files of drafts, `kept` those left as they were.
    """

    as_of: date
    currency: str
    looked: tuple[Looked, ...]
    not_measured: tuple[NotMeasured, ...]
    proposals: tuple[Proposal, ...]
    written: tuple[str, ...]
    kept: tuple[str, ...]


def find_negative(
    workspace: Workspace,
    *,
    outcome: str | None = None,
    as_of: date | None = None,
    as_known_today: bool = False,
    insist: Collection[str] = (),
    write: bool = False,
    force: bool = False,
    dry_run: bool = False,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Negative:
    """Return the segments that churn more or cost more, and write confirmed ones as exclusions.

    Parameters
    ----------
    workspace, as_of, as_known_today, insist, progress
        As `bullseye.cases.cases_of`; `insist` names fields to use although the outcome may have
        filled them in.
    seed
        Of the deals that the search rests on.
    outcome
        The one outcome or cost to look at; all that are bad where absent.
    write, force, dry_run
        Write drafts; replace files of the same name; only say what would be written.

    Raises
    ------
    NotEnoughEvidence
        If nothing could be measured.
    UnknownName
        If there is no such outcome or cost.
    """
    looked: list[Looked] = []
    missing: list[NotMeasured] = []
    proposals: list[Proposal] = []
    with workspace.connection() as connection:
        for name in (outcome,) if outcome else bad_names(workspace):
            try:
                taken = take(
                    workspace,
                    connection,
                    name,
                    as_of=as_of,
                    as_known_today=as_known_today,
                    insist=insist,
                    progress=progress,
                )
            except BullseyeError as error:
                if outcome:
                    raise
                missing.append(NotMeasured(name, error.problem))
                continue
            progress(f"segments by {name}")
            found = search(taken.measured, seed=seed)
            looked.append(_looked(taken, found))
            proposals += _proposals(workspace, taken, found, proposals)
    if not looked:
        raise NotEnoughEvidence(
            "Nothing can be measured: " + " ".join(dict.fromkeys(each.reason for each in missing)),
            hint="Import subscriptions with their ends or support cost, or opportunities with"
            " discounts.",
        )
    drafts = [each for each in proposals if each.exclusion is not None] if write else []
    written, kept = _write(workspace.folder, drafts, force=force, dry_run=dry_run)
    day = as_of or workspace.today
    result = Negative(
        day,
        workspace.project.settings.currency,
        tuple(looked),
        tuple(missing),
        tuple(proposals),
        written,
        kept,
    )
    if not dry_run:
        keep(workspace, "negative", outcome or "all", day, result)
    return result


def _looked(taken: Taken, found: Search) -> Looked:
    return Looked(
        taken.measure.name,
        found.n,
        found.happened,
        found.searched,
        found.looked_at,
        taken.warning,
        taken.left_out,
        taken.refused,
    )


def _proposals(
    workspace: Workspace, taken: Taken, found: Search, before: list[Proposal]
) -> list[Proposal]:
    owner = workspace.project.settings.owner or workspace.actor
    made: list[Proposal] = []
    for each in found.found:
        drafts = [one.exclusion for one in [*before, *made] if one.exclusion is not None]
        made.append(
            proposal(
                each,
                taken.measure,
                taken.money,
                owner=owner,
                as_of=taken.as_of,
                taken={draft.name for draft in drafts},
                covered_by=_covering(workspace, taken, each.rule)
                or next((one.name for one in drafts if _covers(taken, one.rule, each.rule)), None),
            )
        )
    return made


def _covering(workspace: Workspace, taken: Taken, rule: Rule) -> str | None:
    """Return the exclusion of the workspace that refuses nearly all of these accounts already."""
    fields = readable_fields(workspace.project, TableName.ACCOUNTS)
    for name, exclusion in sorted(workspace.project.exclusions.items()):
        try:
            own = typed(exclusion.rule, fields, country=lambda text: country_code(text) or text)
        except DefinitionError:
            continue
        if _covers(taken, own, rule):
            return name
    return None


def _covers(taken: Taken, own: Rule, rule: Rule) -> bool:
    facts = taken.measured.facts
    if not fields_in(own) <= set(facts):
        return False
    theirs, mine = (answers(each, facts, taken.as_of).yes for each in (own, rule))
    return bool((theirs & mine).sum() >= COVERED * max(int(np.count_nonzero(mine)), 1))


def _write(
    folder: Path, drafts: list[Proposal], *, force: bool, dry_run: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Write each draft as a file; return the files written, and those that were there already."""
    written, kept = [], []
    for each in drafts:
        assert each.exclusion is not None  # noqa: S101 - only confirmed ones come here
        path = folder / "exclusions" / f"{each.exclusion.name}.yaml"
        name = path.relative_to(folder).as_posix()
        if path.exists() and not force:
            kept.append(name)
            continue
        written.append(name)
        if not dry_run:
            path.parent.mkdir(exist_ok=True)
            text = yaml.write(each.exclusion.model_dump(mode="json", exclude_none=True))
            path.write_text(HEADER + text, encoding="utf-8", newline="\n")
    return tuple(written), tuple(kept)
