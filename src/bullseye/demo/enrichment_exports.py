"""Accounts as an enrichment provider exports them: seven in ten, in ranges and short forms."""

import numpy as np
import pyarrow as pa

from bullseye.demo import names
from bullseye.demo.cells import (
    Text,
    hidden,
    joined,
    lists,
    millions,
    picked,
    smudged,
    whole,
    with_repeats,
    worn,
)
from bullseye.demo.chance import Floats, Ints, Stream, random_stream
from bullseye.demo.signals import ABSENT
from bullseye.demo.simulate import Block
from bullseye.demo.story import FIRST_ROUND, FUNDING_STAGES, TECHNOLOGIES
from bullseye.demo.truth import Dirt

_RANGES = (1, 11, 51, 201, 501, 1001, 5001, 10001)
_RANGE_WORDS = (
    "1-10", "11-50", "51-200", "201-500", "501-1000", "1,001-5,000", "5,001-10,000", "10,001+",
)  # fmt: skip
_IMPOSSIBLE_YEARS = ("0", "1066", "2999", "19")


def enrichment_rows(block: Block, seed: int, dirt: Dirt, day: int, today: int) -> pa.Table:
    """Return the provider's export of a day; which accounts it knows never changes."""
    accounts, random = block.accounts, random_stream(seed, block.number, Stream.DIRT, 30)
    employees = accounts.employees_on(day, today)
    stage, raised = _funding(block, day)
    founded = worn(random, whole(accounts.founded_year), dirt)
    table = pa.table(
        {
            "Domain": names.domains(accounts.index),
            "CRM Record ID": names.record_ids(accounts.index),
            "Employee Range": picked(
                _RANGE_WORDS, np.searchsorted(_RANGES, employees, "right") - 1
            ),
            "Revenue Estimate": worn(random, millions(accounts.revenue), dirt),
            "Technologies": lists(
                [t.name for t in TECHNOLOGIES], accounts.technologies_on(day), "; "
            ),
            "Funding Stage": worn(random, picked(FUNDING_STAGES, stage), dirt),
            "Total Funding": hidden(millions(raised), raised <= 0),
            "Founded Year": smudged(random, founded, dirt.impossible_date, _IMPOSSIBLE_YEARS),
            "Hiring": picked(("No", "Yes"), accounts.hiring_on(day).astype(np.int64)),
            "Web Traffic Growth %": _decimal_comma(random.normal(4.0, 9.0, len(accounts))),
        }
    )
    covered = random.random(len(accounts)) >= dirt.not_enriched
    rows = np.flatnonzero(covered & (accounts.created_day <= day))
    return with_repeats(random, table.take(rows), dirt.exact_duplicate)


def _funding(block: Block, day: int) -> tuple[Ints, Floats]:
    accounts = block.accounts
    days = block.signals.days_of("funding_round", len(accounts))
    later = ((days > day) & (days < ABSENT)).sum(axis=1)
    before = np.maximum(accounts.funding - later, FIRST_ROUND)
    stage = np.where(accounts.funding >= FIRST_ROUND, before, accounts.funding)
    return stage, accounts.funding_total / 2.0 ** (accounts.funding - stage)


def _decimal_comma(numbers: Floats) -> Text:
    tenths = np.rint(np.abs(numbers) * 10).astype(np.int64)
    sign = picked(("", "-"), (numbers < 0).astype(np.int64))
    return joined(sign, whole(tenths // 10), ",", whole(tenths % 10))
