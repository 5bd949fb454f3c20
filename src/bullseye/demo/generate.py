"""Write a demo world as the exports of a CRM, a provider, a billing system and a product.

Files are written block by block, so memory does not grow with the world, and every byte
follows from the arguments.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from bullseye.definitions.field import TableName
from bullseye.demo.company_exports import company_exports
from bullseye.demo.contact_exports import contact_rows, signal_rows, touch_rows
from bullseye.demo.enrichment_exports import enrichment_rows
from bullseye.demo.files import Format, GrowingFile
from bullseye.demo.sales_exports import (
    history_rows,
    opportunity_rows,
    role_rows,
    subscription_rows,
    usage_rows,
)
from bullseye.demo.simulate import Block, day_number, simulated_blocks
from bullseye.demo.truth import Effects, Truth
from bullseye.errors import UsageError

SNAPSHOTS = 8
_DAYS_BETWEEN = 91
_YEAR = timedelta(days=364)
_PLAIN = Format()
_PROVIDER = Format(delimiter=";", byte_order_mark=True)
_WESTERN = Format(encoding="cp1252")


@dataclass(frozen=True)
class ExportedFile:
    """One file of the world.

    `table` is the table it fills, `source` a name for the kind of export, the same for every
    date; `as_of` is the day it was exported.
    """

    path: Path
    table: str
    source: str
    as_of: date
    rows: int


@dataclass(frozen=True)
class World:
    """A generated world: where its files are, and what is true of it.

    `files` are in order of export, which is the order to import them in.
    """

    folder: Path
    accounts: int
    seed: int
    today: date
    files: tuple[ExportedFile, ...]
    truth: Truth

    def of_table(self, table: str) -> tuple[ExportedFile, ...]:
        """Return the files of one table, oldest first."""
        return tuple(file for file in self.files if file.table == table)


@dataclass(frozen=True)
class _Plan:
    name: str
    table: str
    source: str
    as_of: date
    form: Format = _PLAIN


def generate(
    folder: Path,
    *,
    accounts: int = 2000,
    seed: int = 7,
    today: date,
    planted: bool = True,
    effects: Effects | None = None,
    snapshots: int = SNAPSHOTS,
) -> World:
    """Write a world of CRM exports into `folder` and return it with its planted truth.

    Parameters
    ----------
    folder
        Made if it is missing; files of the same names are overwritten.
    accounts
        20 to 10 million. Other files grow with it: about one opportunity, five signals,
        three touches and two contacts per account.
    seed
        Zero or more; the same arguments write the same bytes.
    today
        Day of the newest export. Opportunities, touches and signals go back three years.
    planted
        False for a null world: the same rates, and nothing has an effect on anything.
    effects
        Sizes of the planted effects, where they should differ from the documented ones.
    snapshots
        Quarterly exports of the accounts, the last one on `today`.

    Raises
    ------
    UsageError
        If `accounts`, `seed` or `snapshots` is out of range, or `folder` cannot be written.
    """
    if snapshots < 1:
        raise UsageError(
            f"{snapshots} snapshots are too few.", hint="Ask for one, the state of today, or more."
        )
    truth = Truth(planted=planted, effects=effects or Effects())
    blocks = simulated_blocks(accounts, seed, today, truth)
    plans = _plans(today, snapshots)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rows = _written(folder, plans, blocks, seed, day_number(today), truth)
    except OSError as error:
        raise UsageError(
            f"The demo cannot be written: {error.strerror}.",
            place=str(folder),
            hint="Choose a folder that can be written to, with enough room.",
        ) from error
    files = tuple(
        ExportedFile(folder / plan.name, plan.table, plan.source, plan.as_of, count)
        for plan, count in zip(plans, rows, strict=True)
    )
    return World(folder, accounts, seed, today, files, truth)


def _plans(today: date, snapshots: int) -> tuple[_Plan, ...]:
    days = [today - timedelta(days=_DAYS_BETWEEN * k) for k in reversed(range(snapshots))]
    accounts = TableName.ACCOUNTS
    plans = (
        *(_Plan(f"crm_companies_{d}.csv", accounts, "crm_companies", d) for d in days),
        *(
            _Plan(f"enrichment_firmographics_{d}.csv", accounts, "enrichment", d, _PROVIDER)
            for d in days
        ),
        *(
            _Plan(f"contacts_{d}.csv", TableName.CONTACTS, "contacts", d, _WESTERN)
            for d in (today - _YEAR, today)
        ),
        _Plan("opportunity_history.csv", TableName.OPPORTUNITIES, "opportunity_history", today),
        _Plan("opportunities.csv", TableName.OPPORTUNITIES, "opportunities", today),
        _Plan(
            "opportunity_contact_roles.csv",
            TableName.OPPORTUNITY_CONTACTS,
            "contact_roles",
            today,
        ),
        _Plan("subscriptions.csv", TableName.SUBSCRIPTIONS, "subscriptions", today),
        _Plan("usage.csv", TableName.USAGE, "usage", today),
        _Plan("signals.csv", TableName.SIGNALS, "signals", today),
        _Plan("touches.csv", TableName.TOUCHES, "touches", today),
    )
    return tuple(sorted(plans, key=lambda plan: plan.as_of))


def _written(
    folder: Path,
    plans: tuple[_Plan, ...],
    blocks: Iterable[Block],
    seed: int,
    today: int,
    truth: Truth,
) -> list[int]:
    with ExitStack() as stack:
        files = [stack.enter_context(GrowingFile(folder / plan.name, plan.form)) for plan in plans]
        for block in blocks:
            tables = _tables(block, plans, seed, today, truth)
            for file, table in zip(files, tables, strict=True):
                file.append(table)
        return [file.rows for file in files]


def _tables(
    block: Block, plans: tuple[_Plan, ...], seed: int, today: int, truth: Truth
) -> Iterator[pa.Table]:
    companies, dirt = company_exports(block, seed, truth, today), truth.dirt
    for plan in plans:
        day = day_number(plan.as_of)
        match plan.source:
            case "crm_companies":
                yield companies.rows_on(day)
            case "enrichment":
                yield enrichment_rows(block, seed, dirt, day, today)
            case "contacts":
                yield contact_rows(block, seed, dirt, day)
            case "opportunity_history":
                yield history_rows(block, today)
            case "opportunities":
                yield opportunity_rows(block, seed, dirt, today)
            case "contact_roles":
                yield role_rows(block, today)
            case "subscriptions":
                yield subscription_rows(block, seed, dirt)
            case "usage":
                yield usage_rows(block)
            case "signals":
                yield signal_rows(block, seed, dirt, today)
            case _:
                yield touch_rows(block, seed, dirt)
