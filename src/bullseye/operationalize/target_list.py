"""The target list as a table to hand out: its contract, its membership hash, its safe cells.

A spreadsheet runs a cell that begins like a formula; so text that does is preceded by an
apostrophe wherever the file is opened by one (CSV, Excel). Parquet and JSON keep it as it is.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bullseye.operationalize.changes import CHANGE, Earlier, changes

COLUMNS: dict[str, str] = {
    "account_id": "the account's identifier in the CRM",
    "name": "its name",
    "domain": "its web domain",
    "tier": "T1, T2 or T3; a decision by hand where one is active",
    "computed_tier": "the tier as computed",
    "overridden_by": "who decided the tier by hand",
    "status": "scored, excluded, out-of-scope or insufficient-data",
    "icp": "the profile it fits best",
    "all_icps": "every profile with its tier or status",
    "fit_score": "0-100 over what is known",
    "fit_low": "0-100 if everything unknown turns out worst",
    "fit_high": "0-100 if everything unknown turns out best",
    "fit_coverage": "0-1, the share of the points that is known",
    "tier_low": "the tier at the worst completion",
    "tier_high": "the tier at the best completion",
    "excluded_by": "the exclusion it meets",
    "signal_strength": "points of live signals, decayed to the day",
    "why_now": "the sentence a seller says",
    "why_now_signal": "the signal behind it",
    "why_now_on": "the day of the event",
    "why_now_age_days": "how old it is",
    "why_now_source": "the source that reported it",
    "has_role": "whether a contact fits a persona; empty where the account has no contact on file",
    "is_bullseye": "right account, right person and right time at once",
    "fill_next": "the field whose filling would most often change the tier",
    "fill_chance": "0-1, the chance that it does",
    "industry": "its industry",
    "country": "ISO 3166-1 alpha-2",
    "employees": "number of employees",
    "revenue": "yearly revenue in the workspace's currency",
    "owner": "who owns it on our side",
    "parent_account_id": "the account that owns it",
    "expected_acv": "expected annual contract value",
    "as_of": "the day the list holds for",
    "definition_version": "hash of the definitions it was made with",
    "membership_hash": "hash of who is on the list in which tier",
}
"""The contract of the exported list: one row per account, in this order of columns."""

CHANGED_COLUMNS: Mapping[str, str] = COLUMNS | {
    CHANGE: "new, changed or gone since the earlier run",
}
"""The contract of an export of changes: the list's columns, and what became of the row."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class TargetList:
    """Rows under `columns`, with what makes the list this list and no other.

    Where the rows are those that changed `since` a run, the hash is that of the whole list all
    the same: who has taken every change over can compare.
    """

    rows: tuple[Mapping[str, Any], ...]
    as_of: date
    definition_version: str
    membership_hash: str
    since: str | None = None

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns of the rows and what they mean."""
        return COLUMNS if self.since is None else CHANGED_COLUMNS


def membership_hash(members: Iterable[tuple[str, str | None]]) -> str:
    """Return the SHA-256 over accounts and tiers, whatever their order.

    >>> membership_hash([("a", "T1"), ("b", None)]) == membership_hash([("b", None), ("a", "T1")])
    True
    """
    digest = hashlib.sha256()
    for account_id, tier in sorted((a, t or "") for a, t in members):
        digest.update(f"{len(account_id)}:{account_id}={tier}\n".encode())
    return digest.hexdigest()


def harmless(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> harmless("=1+1"), harmless("Acme"), harmless(-5)
    ("'=1+1", 'Acme', -5)
    """
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def target_list(
    rows: Sequence[Mapping[str, Any]],
    as_of: date,
    definition_version: str,
    earlier: Earlier | None = None,
) -> TargetList:
    """Return rows as a list with its version and membership hash in every row.

    With an `earlier` list, the rows are those that changed since.
    """
    digest = membership_hash((str(row["account_id"]), row["tier"]) for row in rows)
    stamp = {
        "as_of": as_of,
        "definition_version": definition_version,
        "membership_hash": digest,
    }
    told = rows if earlier is None else changes(rows, earlier)
    columns = COLUMNS if earlier is None else CHANGED_COLUMNS
    whole = tuple({name: {**row, **stamp}[name] for name in columns} for row in told)
    since = earlier.run_id if earlier else None
    return TargetList(whole, as_of, definition_version, digest, since)
