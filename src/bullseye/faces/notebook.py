"""Bullseye from Python, in three lines: tables that DuckDB, Polars and pandas take as they are.

from bullseye import Workspace
ws = Workspace.open("north")
ws.prioritize()
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from bullseye import pipeline
from bullseye.definitions.checks import Finding
from bullseye.definitions.field import TableName
from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName
from bullseye.faces.arrow import table_of
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Explanation, Moment, Wish, WorklistRow
from bullseye.segment import run as segment
from bullseye.segment.run import ImportOptions, ImportReport
from bullseye.workspace import Workspace as _Workspace

SHOWN_ROWS = 20


class Table:
    """An Arrow table with a caption: rows to look at here, or to hand to another library.

    After ``found = ws.prioritize()``, all of ``duckdb.sql("SELECT * FROM found")``,
    ``polars.DataFrame(found)`` and ``found.to_pandas()`` take it without copying through Python
    objects.
    """

    def __init__(self, arrow: pa.Table, caption: str) -> None:
        self.arrow = arrow
        self.caption = caption

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows over by the Arrow PyCapsule interface."""
        return self.arrow.__arrow_c_stream__(requested_schema)  # type: ignore[no-untyped-call]

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.arrow.to_pylist())

    def __repr__(self) -> str:
        return f"<{self.caption}: {len(self):,} rows, {len(self.columns)} columns>"

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(self.arrow.column_names)

    def to_pandas(self) -> Any:
        """Return it as a pandas DataFrame; pandas must be installed."""
        return self.arrow.to_pandas()

    def _repr_html_(self) -> str:
        """Return the first rows for a notebook; all text is escaped."""
        names = [name for name in self.columns if self.arrow[name].null_count < len(self)]
        head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in names)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(row[name]))}</td>" for name in names) + "</tr>"
            for row in self.arrow.slice(0, SHOWN_ROWS).to_pylist()
        )
        more = f", first {SHOWN_ROWS}" if len(self) > SHOWN_ROWS else ""
        caption = f"{escape(self.caption)}: {len(self):,} rows{more}"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def _cell(value: Any) -> str:
    if value is None:
        return "?"
    if isinstance(value, float):
        return f"{value:,.2f}".rstrip("0").rstrip(".")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


@dataclass(frozen=True)
class MarketRow:
    """One size of one market: accounts and yearly money, each with its interval; n is known."""

    market: str
    size: str
    accounts: float
    accounts_low: int
    accounts_high: int
    money: float | None
    money_low: float | None
    money_high: float | None
    n: int
    as_of: date


class Workspace:
    """A workspace, opened from Python; every method answers as the command of its name does."""

    def __init__(self, inner: _Workspace) -> None:
        self._inner = inner

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Open the workspace kept in `folder`.

        Raises
        ------
        UsageError
            If there is none.
        DefinitionError
            If its definitions have mistakes.
        """
        return cls(_Workspace.open(Path(folder)))

    def __repr__(self) -> str:
        project = self._inner.project
        return f"<Workspace {self._inner.folder}: ICPs {', '.join(project.icps) or 'none'}>"

    def import_file(
        self, table: str, path: str | Path, *, as_of: date | None = None, **columns: str
    ) -> ImportReport:
        """Import a file into `table`; keywords map fields to columns. Return its report."""
        if table not in set(TableName):
            raise UnknownName("table", table, [str(name) for name in TableName])
        options = ImportOptions(as_of=as_of, columns=columns or None)
        done = segment.import_file(self._inner, TableName(table), str(path), options)
        self._inner = _Workspace.open(self._inner.folder)
        return done.report

    def run(self, *, as_of: date | None = None) -> pipeline.Done:
        """Score every account and publish the result; reuse it where nothing changed."""
        self._inner = _Workspace.open(self._inner.folder)
        return pipeline.run(self._inner, as_of=as_of)

    def prioritize(
        self,
        *tiers: str,
        icp: str | None = None,
        why_now: bool = False,
        limit: int | None = None,
        as_of: date | None = None,
    ) -> Table:
        """Return the target list, best first, scoring first where something changed.

        One row per account, columns as in the export. `tiers` keeps some tiers only; `as_of`
        asks for the newest list not after that day and scores nothing.
        """
        if as_of is None:
            self.run()
        wish = Wish(tuple(map(_tier, tiers)), icp, why_now, limit=limit)
        return Table(pipeline.list_table(self._inner, wish, as_of=as_of), "Target list")

    def markets(self) -> Table:
        """Return TAM, SAM and target of every market, one row per market and size."""
        rows = [
            MarketRow(
                funnel.market,
                name,
                one.accounts.estimate,
                one.accounts.low,
                one.accounts.high,
                one.money.estimate,
                one.money.low,
                one.money.high,
                one.money.n,
                funnel.as_of,
            )
            for funnel in pipeline.markets(self._inner)
            for name, one in (("tam", funnel.tam), ("sam", funnel.sam), ("target", funnel.target))
        ]
        return Table(table_of(MarketRow, rows), "Markets")

    def worklist(self) -> Table:
        """Return which field to fill next, one row per profile and field, best first."""
        with prioritize.opened(self._inner) as run:
            lists = prioritize.worklists(run)
        rows = [row for one in lists for row in one.rows]
        icps = [one.icp for one in lists for _ in one.rows]
        return Table(table_of(WorklistRow, rows, icp=icps), "Worklist")

    def explain(self, account: str, *, as_of: date | None = None) -> Explanation:
        """Return why an account (by id, domain or name) stands where it stands."""
        return prioritize.explain(self._inner, account, as_of=as_of)

    def history(self, account_id: str) -> Table:
        """Return every run in which something about an account changed, oldest first."""
        found = prioritize.history(self._inner, account_id)
        return Table(table_of(Moment, found.moments), "History")

    def check(self) -> Table:
        """Return the linter's findings, one row each."""
        self._inner = _Workspace.open(self._inner.folder)
        return Table(table_of(Finding, pipeline.check(self._inner).findings), "Findings")


def _tier(name: str) -> Tier:
    if name not in set(Tier):
        raise UnknownName("tier", name, [str(tier) for tier in Tier])
    return Tier(name)
