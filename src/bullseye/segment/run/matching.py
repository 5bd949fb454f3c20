"""Show how rows found their account, let a person settle the rest, and show duplicates."""

from dataclasses import dataclass
from datetime import date

import duckdb

from bullseye.definitions.field import KEYS, TableName
from bullseye.errors import UnknownName
from bullseye.segment.duplicates import Duplicates, clusters, ruled
from bullseye.segment.duplicates import duplicates as found_twice
from bullseye.segment.likely import ACCOUNT_FIELDS, CONTACT_FIELDS, Likely, likely
from bullseye.segment.matches import Unsettled, unsettled
from bullseye.store import match_decisions
from bullseye.store.match_decisions import MatchDecision, NewMatchDecision
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.events import open_signals
from bullseye.warehouse.publish import reading
from bullseye.warehouse.references import CONFIDENCE, FORMER, OPEN
from bullseye.warehouse.state import MAIL_DOMAIN, OTHER_TABLES, State
from bullseye.workspace import Workspace

__all__ = [
    "Duplicates",
    "Likely",
    "LikelyDuplicates",
    "Matched",
    "Matches",
    "Unsettled",
    "decide",
    "duplicates",
    "likely_duplicates",
    "matches",
    "to_review",
    "withdraw",
]


@dataclass(frozen=True)
class Matched:
    """How many rows of a table found their account by one method.

    `confidence` is how likely such a match is right; None where there is no match.
    """

    table: str
    method: str
    rows: int
    confidence: float | None


@dataclass(frozen=True)
class Matches:
    """How the rows known on a day found their account, and what people decided about it."""

    as_of: date
    matched: tuple[Matched, ...]
    decisions: tuple[MatchDecision, ...]


@dataclass(frozen=True)
class LikelyDuplicates:
    """The groups that rules and a model tie together, and what the model had to say."""

    as_of: date
    model: Likely
    found: tuple[Duplicates, ...]


def matches(workspace: Workspace, *, as_of: date | None = None) -> Matches:
    """Return, by table and method, how many rows found their account."""
    day = as_of or workspace.today
    with workspace.connection() as connection:
        state = _state(workspace, connection, day)
    counted = tuple(
        Matched(str(each.table), how, each.rows, CONFIDENCE.get(how))
        for each in state.noticed
        if each.table != TableName.ACCOUNTS
        and ((how := each.what.removeprefix("matched by ")) in CONFIDENCE or how in OPEN)
    )
    return Matches(day, counted, match_decisions.active(workspace.store))


def to_review(workspace: Workspace, *, as_of: date | None = None) -> list[Unsettled]:
    """Return what only a person can settle: references with accounts they may mean."""
    day = as_of or workspace.today
    with workspace.connection() as connection:
        state = _state(workspace, connection, day)
        accounts = reading(state.accounts)
        former = state.folder / FORMER
        batches = workspace.batches(up_to=day)
        parts = [_open_rows(state, table) for table in OTHER_TABLES]
        signals = open_signals(connection, workspace.project, batches, accounts, day)
        parts.append(f"SELECT 'signals' AS table_name, * FROM ({signals})")
        return unsettled(
            connection,
            "\nUNION ALL\n".join(parts),
            accounts,
            former if former.exists() else None,
            workspace.decisions().decided,
        )


def decide(
    workspace: Workspace,
    reference: str,
    account_id: str | None,
    *,
    reason: str,
    dry_run: bool = False,
) -> NewMatchDecision:
    """Record which account a reference means, from now on; None for none of ours.

    Raises
    ------
    UnknownName
        If no such reference waits for a decision, or there is no such account.
    """
    waiting = {each.reference: each for each in to_review(workspace)}
    kept = {each.reference: each for each in match_decisions.active(workspace.store)}
    said = waiting.get(reference) or kept.get(reference)
    if said is None:
        raise UnknownName(
            "reference", reference, [*waiting, *kept], hint="See them: bullseye matches --review"
        )
    if account_id is not None:
        _require_account(workspace, account_id)
    new = NewMatchDecision(
        reference=reference,
        domain=said.domain,
        name=said.name,
        country=said.country,
        account_id=account_id,
        author=workspace.actor,
        reason=reason,
        created_at=workspace.now(),
    )
    return new if dry_run else match_decisions.add(workspace.store, new)


def withdraw(workspace: Workspace, reference: str, *, dry_run: bool = False) -> MatchDecision:
    """Take the decision on a reference back.

    Raises
    ------
    UnknownName
        If nothing is decided on it.
    """
    if dry_run:
        kept = {each.reference: each for each in match_decisions.active(workspace.store)}
        if reference not in kept:
            raise UnknownName("decided reference", reference, kept)
        return kept[reference]
    return match_decisions.withdraw(
        workspace.store, reference, at=workspace.now(), actor=workspace.actor
    )


def duplicates(
    workspace: Workspace, table: TableName, *, as_of: date | None = None
) -> list[Duplicates]:
    """Return the accounts or contacts that stand more than once, with the evidence."""
    with workspace.connection() as connection:
        state = _state(workspace, connection, as_of or workspace.today)
        rows = reading(state.table(table))
        return found_twice(connection, table, rows)


def likely_duplicates(
    workspace: Workspace, table: TableName, *, threshold: float, as_of: date | None = None
) -> LikelyDuplicates:
    """Return who stands more than once by rules, and likely does by a model of the same rows.

    Raises
    ------
    UsageError
        If the extra `splink` is not installed.
    """
    day = as_of or workspace.today
    with workspace.connection() as connection:
        state = _state(workspace, connection, day)
        is_account = table is TableName.ACCOUNTS
        rows = reading(state.table(table))
        settled = ruled(connection, table, rows)
        found = likely(
            connection,
            rows,
            KEYS[table],
            ACCOUNT_FIELDS if is_account else CONTACT_FIELDS,
            threshold=threshold,
            settled=settled,
        )
        every = clusters(connection, table, rows, [*settled, *found.links])
    return LikelyDuplicates(day, found, tuple(every))


def _state(workspace: Workspace, connection: duckdb.DuckDBPyConnection, day: date) -> State:
    ids = tuple(batch.number for batch in workspace.batches(up_to=day))
    return workspace.state(connection, workspace.project, ids, day)


def _open_rows(state: State, table: TableName) -> str:
    is_contact = table is TableName.CONTACTS
    domain = MAIL_DOMAIN if is_contact else "NULL::VARCHAR"
    country = "r.country" if is_contact else "NULL::VARCHAR"
    return (
        f"SELECT {DUCKDB.literal(str(table))} AS table_name, {domain} AS _domain,"
        f" r.account_name AS _name, {country} AS _country FROM {reading(state.table(table))} AS r"
        f" WHERE r._match_method IN ('unmatched', 'ambiguous')"
    )


def _require_account(workspace: Workspace, account_id: str) -> None:
    with workspace.connection() as connection:
        state = _state(workspace, connection, workspace.today)
        found = connection.execute(
            f"SELECT 1 FROM {reading(state.accounts)} WHERE account_id = ?", [account_id]
        ).fetchall()
    if not found:
        raise UnknownName("account", account_id, (), hint="See them with: bullseye accounts")
