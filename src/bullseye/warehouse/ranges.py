"""Cut a table that lies in order of account into ranges, to be read one after the other."""

from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from bullseye.warehouse.dialect import DUCKDB

RANGE_ROWS = 500_000
"""Rows of one range: what is scored of a range, signals included, takes some 100 MB."""


@dataclass(frozen=True)
class AccountRange:
    """The accounts whose id is not below `first`, but below `end`; None is without a limit."""

    first: str | None = None
    end: str | None = None

    def of(self, table: str) -> str:
        """Return the table expression of the rows of `table` whose `account_id` lies within."""
        tests = [
            f"account_id {comparison} {DUCKDB.quoted(bound)}"
            for comparison, bound in ((">=", self.first), ("<", self.end))
            if bound is not None
        ]
        return f"(SELECT * FROM {table} WHERE {' AND '.join(tests)})" if tests else table


EVERY_ACCOUNT = AccountRange()


def account_ranges(accounts: Path, rows: int = RANGE_ROWS) -> list[AccountRange]:
    """Return ranges that together hold every account, each but the last of at least `rows`.

    Parameters
    ----------
    accounts
        A Parquet file with an `account_id`, in its order. Ranges begin where its row groups
        do, so that a reader passes over what lies in other ranges.
    rows
        The fewest accounts of a range.
    """
    bounds: list[str] = []
    with pq.ParquetFile(accounts) as file:
        held = 0
        for group in range(file.num_row_groups):
            if held >= rows:
                bounds.append(_first_account(file, group))
                held = 0
            held += file.metadata.row_group(group).num_rows
    return [
        AccountRange(first, end)
        for first, end in zip([None, *bounds], [*bounds, None], strict=True)
    ]


def _first_account(file: pq.ParquetFile, group: int) -> str:
    """Return the first id of a row group: read, since statistics may be cut short."""
    found = file.iter_batches(batch_size=1, row_groups=[group], columns=["account_id"])
    return str(next(found)["account_id"][0].as_py())
