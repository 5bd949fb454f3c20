"""Remove all that is known of one contact, everywhere in the workspace, and keep it removed.

What is counted stays: touches, parts in opportunities, signals and evidence keep their day,
account, kind and outcome, under a token that names nobody.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb

from bullseye.definitions.addresses import SuppressionKind
from bullseye.definitions.field import TableName
from bullseye.errors import UnknownName, UsageError
from bullseye.segment.identity import Known
from bullseye.segment.run import journal
from bullseye.segment.run.identifying import identity_of
from bullseye.segment.run.journal import Journal
from bullseye.segment.run.moved import runs_that_counted_moves
from bullseye.segment.run.remaining import Remaining, remaining
from bullseye.store import deletions, redaction, suppressions
from bullseye.store.deletions import Deletion, NewDeletion, Rewrite
from bullseye.store.suppressions import NewSuppression, key_of, secret_id
from bullseye.suppression import suppression_list, workspace_secret
from bullseye.warehouse.forgetting import Traces, rewritten, traces
from bullseye.warehouse.forgetting_lines import Lines, lines
from bullseye.workspace import Workspace

__all__ = [
    "Deletion",
    "Forgotten",
    "Remaining",
    "deletions_of",
    "forget",
    "identity_of",
    "is_cut_short",
    "resume",
]

Step = Callable[[str], None]
"""Is told each step before it is taken."""

REASON = "all data of the contact was removed"


@dataclass(frozen=True)
class Forgotten:
    """What a removal took out, or would take out.

    Attributes
    ----------
    deletion_id
        The number it is listed under; None for a dry run, and where nothing was found.
    is_dry_run
        Whether nothing was changed.
    counts
        How many rows, lines and entries, by place.
    remaining
        Places in the workspace's folder that still name the contact: files and definitions of
        the team, which only the team may change.
    was_forgotten
        Whether the contact had been removed before.
    about_accounts
        Rows of accounts that are called as the contact: what an account is called stays.
    changed_runs
        Runs that counted a job change of the contact as a signal: they cannot be replayed to
        the byte any more. All others can: what is scored is accounts, not contacts.
    namesakes
        Other contacts with the same name, who stay: only a person knows whether one is the same.
    """

    deletion_id: int | None
    is_dry_run: bool
    counts: Mapping[str, int]
    remaining: tuple[Remaining, ...] = ()
    was_forgotten: bool = False
    about_accounts: int = 0
    changed_runs: tuple[str, ...] = ()
    namesakes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Plan:
    """What is to be changed on disk."""

    files: tuple[Traces, ...]
    quarantines: tuple[Lines, ...]
    caches: tuple[Path, ...]
    about_accounts: int
    counts: Mapping[str, int] = field(default_factory=dict)


def forget(
    workspace: Workspace,
    who: Sequence[str],
    *,
    reason: str,
    leave: Sequence[str] = (),
    dry_run: bool = False,
    step: Step = lambda _step: None,
) -> Forgotten:
    """Remove all that is known of one contact, and put it on the suppression list.

    A removal that was cut short is finished first. The list keeps keyed hashes only: a later
    import that brings the contact back drops it again.

    Parameters
    ----------
    workspace
        Where to remove it.
    who
        Addresses and contact ids that mean one contact.
    reason
        Why, without naming anybody.
    leave
        Contact ids that share an address with it, and are somebody else.
    dry_run
        Only say what would be changed.
    step
        Is told each step before it is taken.

    Raises
    ------
    UsageError
        If the reason is blank or names the contact.
    UnknownName
        If nothing here names such a contact.
    Question
        If an address is shared by contacts of different names.
    Busy
        If another process is writing to the workspace.
    """
    if not reason.strip():
        raise UsageError("A deletion needs its reason.", hint="Say it with: --reason TEXT")
    if dry_run:
        with workspace.connection() as connection:
            return _tried(workspace, connection, who, leave, reason)
    with workspace.alone("remove a contact"), workspace.connection() as connection:
        _finish_pending(workspace, connection, step)
        step("Finding all that names the contact")
        known = _known(workspace, connection, who, leave)
        _require_silent(known, reason)
        plan = _plan(workspace, connection, known)
        before = _was_forgotten(workspace, who)
        if before and not plan.counts:
            return Forgotten(None, False, {}, remaining(workspace, connection, known), True)
        _require_some(plan, who)
        quotes = redaction.quotes_of(workspace.store, known)
        changed = runs_that_counted_moves(workspace, connection, known.identity)
        begun = Journal(known.identity, reason, workspace.now(), plan.counts, quotes)
        journal.write(workspace, begun)
        done = _carry_out(workspace, connection, known, begun, step, plan)
        return replace(done, was_forgotten=before, changed_runs=changed)


def resume(workspace: Workspace, *, step: Step = lambda _step: None) -> Forgotten | None:
    """Finish a removal that was cut short; None where there is none."""
    with workspace.alone("remove a contact"), workspace.connection() as connection:
        return _finish_pending(workspace, connection, step)


def is_cut_short(workspace: Workspace) -> bool:
    """Whether a removal began and was not finished."""
    return journal.journal_file(workspace).is_file()


def deletions_of(workspace: Workspace) -> tuple[Deletion, ...]:
    """Return the removals there were, in order: when, by whom, why, how much; never of whom."""
    return deletions.listed(workspace.store)


# -- finding -------------------------------------------------------------------------------


def _tried(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    who: Sequence[str],
    leave: Sequence[str],
    reason: str,
) -> Forgotten:
    known = Known(identity_of(workspace, connection, who, leave), b"dry run")
    _require_silent(known, reason)
    plan = _plan(workspace, connection, known)
    before = _was_forgotten(workspace, who)
    if not before:
        _require_some(plan, who)
    left = remaining(workspace, connection, known, redaction.quotes_of(workspace.store, known))
    runs = runs_that_counted_moves(workspace, connection, known.identity)
    same = tuple(sorted(known.identity.namesakes))
    return Forgotten(None, True, plan.counts, left, before, plan.about_accounts, runs, same)


def _known(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    who: Sequence[str],
    leave: Sequence[str],
) -> Known:
    suppression_list(workspace)  # refuses a secret that is not the list's
    secret = workspace_secret(workspace, make=True)
    return Known(identity_of(workspace, connection, who, leave), secret or b"")


def _require_silent(known: Known, reason: str) -> None:
    if known.redacted(reason) != reason:
        raise UsageError(
            "The reason names the contact, and it would be kept for ever.",
            hint="Say why without an address, an id or a name.",
        )


def _require_some(plan: _Plan, who: Sequence[str]) -> None:
    if not plan.counts:
        raise UnknownName(
            "contact",
            " ".join(who),
            (),
            hint="Nothing here names them. To leave somebody alone: bullseye suppress EMAIL",
        )


def _was_forgotten(workspace: Workspace, who: Sequence[str]) -> bool:
    listed = suppression_list(workspace)
    found = [listed.entry(_kind(each), each) for each in who]
    return any(each is not None and each.deletion_id is not None for each in found)


def _kind(written: str) -> SuppressionKind:
    return SuppressionKind.EMAIL if "@" in written else SuppressionKind.CONTACT


def _plan(workspace: Workspace, connection: duckdb.DuckDBPyConnection, known: Known) -> _Plan:
    """Return what is to be changed; quarantines of a contact's rows before the rows."""
    every = [traces(connection, path, table, known) for path, table in _parquet_files(workspace)]
    about = sum(each.about_accounts for each in every)
    found = [each for each in every if each]
    found.sort(key=lambda each: (each.table is TableName.CONTACTS, each.path))
    numbers = {_quarantine_of(workspace, each.path): each.row_numbers for each in found}
    aside = [
        cut
        for path in sorted((workspace.warehouse / "quarantine").rglob("*.csv"))
        if (cut := lines(path, _table_of(workspace, path), known, numbers.get(path, ())))
    ]
    caches = tuple(_caches(workspace, connection, known))
    plan = _Plan(tuple(found), tuple(aside), caches, about)
    store = redaction.redact(
        workspace.store,
        known,
        subject="",
        at=workspace.now(),
        actor=workspace.actor,
        dry_run=True,
    )
    return replace(plan, counts=_counts(plan, store))


def _counts(plan: _Plan, store: Mapping[str, int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for each in plan.files:
        name = str(each.table or "lists")
        counts[f"{name}: rows removed"] += len(each.removed)
        counts[f"{name}: rows kept without the contact"] += len(each.changed)
    counts["quarantine: lines removed"] = sum(each.removed for each in plan.quarantines)
    counts |= Counter({f"store, {name}: rows": count for name, count in store.items()})
    return {name: count for name, count in sorted(counts.items()) if count}


def _parquet_files(workspace: Workspace) -> Iterator[tuple[Path, TableName | None]]:
    """Yield the files that cannot be built again: imports, what runs left, fetched lists."""
    for folder in ("batches", "runs", "listed"):
        for path in sorted((workspace.warehouse / folder).rglob("*.parquet")):
            yield path, _table_of(workspace, path)


def _table_of(workspace: Workspace, path: Path) -> TableName | None:
    """Return the table whose rows are in a file of the warehouse, by its folder or its name."""
    parts = path.relative_to(workspace.warehouse).parts
    named = parts[1] if parts[0] in ("batches", "quarantine") else path.stem.rstrip("0123456789-")
    return TableName(named) if named in set(map(str, TableName)) else None


def _quarantine_of(workspace: Workspace, batch: Path) -> Path:
    inner = batch.relative_to(workspace.warehouse).parts[1:]
    return (workspace.warehouse / "quarantine").joinpath(*inner).with_suffix(".csv")


def _caches(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, known: Known
) -> Iterator[Path]:
    """Yield what can be built again: every state, working copies, titles that name the contact."""
    yield workspace.states
    yield workspace.warehouse / "scratch"
    yield from workspace.warehouse.glob(".research-*")
    for path in sorted(workspace.titles.glob("*.parquet")):
        if traces(connection, path, None, known):
            yield path


# -- removing ------------------------------------------------------------------------------


def _finish_pending(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, step: Step
) -> Forgotten | None:
    pending = journal.read(workspace)
    if pending is None:
        journal.drop(workspace)
        return None
    known = Known(pending.identity, workspace_secret(workspace, make=True) or b"")
    return _carry_out(workspace, connection, known, pending, step)


def _carry_out(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    known: Known,
    begun: Journal,
    step: Step,
    plan: _Plan | None = None,
) -> Forgotten:
    """Do what a journal says; what of it was done before is found done, and planned anew."""
    step("Keeping the contact off later imports")
    if begun.deletion_id is None:
        begun = replace(begun, deletion_id=_begin(workspace, known, begun))
        journal.write(workspace, begun)
    number = int(begun.deletion_id or 0)
    _drop_unfinished(workspace)
    plan = plan or _plan(workspace, connection, known)
    for aside in plan.quarantines:
        step(f"Writing {aside.path.name}")
        aside.write()
    for found in plan.files:
        step(f"Writing {found.path.name}")
        _replace(workspace, connection, known, found, number, step)
    step("Clearing the store")
    redaction.redact(
        workspace.store,
        known,
        subject=f"deletion {number}",
        at=workspace.now(),
        actor=workspace.actor,
        dry_run=False,
    )
    step("Dropping what can be built again")
    for path in plan.caches:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    step("Recording what was done")
    if not _is_finished(workspace, number):
        deletions.finish(workspace.store, number, begun.counts, at=workspace.now())
    step("Wiping what the store's file still held")
    redaction.wipe(workspace.store)
    step("Looking for what is left")
    left = remaining(workspace, connection, known, begun.quotes)
    journal.drop(workspace)
    same = tuple(sorted(known.identity.namesakes))
    about = plan.about_accounts
    return Forgotten(number, False, begun.counts, left, about_accounts=about, namesakes=same)


def _begin(workspace: Workspace, known: Known, begun: Journal) -> int:
    """Record the removal and who is left alone from now on; once, however often it is tried."""
    earlier = [
        each
        for each in deletions.listed(workspace.store)
        if each.finished_at is None and each.started_at == begun.started_at
    ]
    with workspace.store.write() as connection:
        new = NewDeletion(reason=begun.reason, started_at=begun.started_at, actor=workspace.actor)
        deletion = earlier[0] if earlier else deletions.begun(connection, new)
        keys = _keys(known)
        for key, kind in keys.items():
            entry = _entry(known, key, kind, deletion.id, workspace.actor, begun.started_at)
            suppressions.added(connection, entry)
        suppressions.hide(connection, keys)
    return deletion.id


def _keys(known: Known) -> dict[str, SuppressionKind]:
    """Return the keyed hashes of all that means the contact, by which kind each is."""
    email, contact = SuppressionKind.EMAIL, SuppressionKind.CONTACT
    found = {key_of(known.secret, email, each): email for each in sorted(known.identity.emails)}
    ids = sorted(known.identity.contact_ids)
    return found | {key_of(known.secret, contact, each): contact for each in ids}


def _entry(
    known: Known,
    key: str,
    kind: SuppressionKind,
    deletion_id: int,
    actor: str,
    at: datetime,
) -> NewSuppression:
    return NewSuppression(
        kind=kind,
        key=key,
        secret_id=secret_id(known.secret),
        shown=None,
        reason=REASON,
        created_at=at,
        actor=actor,
        deletion_id=deletion_id,
    )


def _replace(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    known: Known,
    found: Traces,
    number: int,
    step: Step,
) -> None:
    """Write one file anew: beside it, compared, recorded, and then in its place."""
    new = rewritten(connection, found, known)
    step(f"Recording {found.path.name}")
    rewrite = Rewrite(
        deletion_id=number,
        path=found.path.relative_to(workspace.warehouse).as_posix(),
        rows_removed=len(found.removed),
        rows_changed=len(found.changed),
        sha256_before=new.sha256_before,
        sha256_after=new.sha256_after,
        written_at=workspace.now(),
    )
    deletions.rewrote(workspace.store, rewrite, actor=workspace.actor)
    step(f"Replacing {found.path.name}")
    new.put_in_place()


def _is_finished(workspace: Workspace, number: int) -> bool:
    done = {each.id: each.finished_at for each in deletions.listed(workspace.store)}
    return done.get(number) is not None


def _drop_unfinished(workspace: Workspace) -> None:
    """Delete what a removal that was killed left half-written; we hold the lock."""
    for pattern in (".*.forgotten", ".*.unfinished"):
        for path in workspace.warehouse.rglob(pattern):
            path.unlink(missing_ok=True)
