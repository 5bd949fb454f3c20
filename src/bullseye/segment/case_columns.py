"""The cases of an outcome as columns of numbers, with their facts in the same order."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.segment.candidates import sampled
from bullseye.warehouse.cases import CASE_KEY, Cases
from bullseye.warehouse.facts import Fact, read_facts

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class CaseColumns:
    """Cases in order of `case_no`; arrays of shape (n,).

    `account` numbers the accounts of `account_ids`; `happened` is 1, 0 or NaN while not decided;
    `state` 0 open, 1 yes, 2 the other end; `days` NaN where not known; `began` in days since 1970,
    NaN where not known; `amount` in the workspace's currency and `discount` (a share) NaN where
    not known. `facts` are columns of n rows.
    """

    account_ids: tuple[str, ...]
    account: Ints
    happened: Floats
    state: Ints
    days: Floats
    began: Floats
    amount: Floats
    discount: Floats
    facts: Mapping[str, Fact]

    @property
    def n(self) -> int:
        """How many cases there are."""
        return len(self.account)

    def taken(self, rows: Bools | Ints) -> "CaseColumns":
        """Return some of the cases, in their order."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows.astype(np.int64)
        return replace(
            self,
            account=self.account[places],
            happened=self.happened[places],
            state=self.state[places],
            days=self.days[places],
            began=self.began[places],
            amount=self.amount[places],
            discount=self.discount[places],
            facts=sampled(self.facts, places),
        )


def case_columns(connection: duckdb.DuckDBPyConnection, cases: Cases) -> CaseColumns:
    """Return the cases with the facts that may explain them."""
    table = connection.sql(
        "SELECT account_id, CAST(happened AS DOUBLE) AS happened, CAST(state AS BIGINT) AS state,"
        " CAST(days AS DOUBLE) AS days, CAST(began_on - DATE '1970-01-01' AS DOUBLE) AS began,"
        f" amount, discount FROM {cases.relation} ORDER BY case_no"
    ).to_arrow_table()
    ids = np.array(table.column("account_id").to_pylist(), dtype=object)
    names, account = np.unique(ids, return_inverse=True) if len(ids) else (ids, np.zeros(0))
    numbers = {
        name: np.asarray(table.column(name).fill_null(np.nan), dtype=np.float64)
        for name in ("happened", "days", "began", "amount", "discount")
    }
    facts = read_facts(connection, cases.facts, cases.fields, order=CASE_KEY)
    return CaseColumns(
        account_ids=tuple(names.tolist()),
        account=np.asarray(account, dtype=np.int64),
        state=np.asarray(table.column("state").fill_null(0), dtype=np.int64),
        facts=facts,
        **numbers,
    )
