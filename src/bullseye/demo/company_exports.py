"""Accounts as the CRM exports them, on any day."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bullseye.demo import names
from bullseye.demo.accounts import Accounts
from bullseye.demo.cells import (
    Text,
    dated,
    days_text,
    either,
    millions,
    overwritten,
    picked,
    replaced,
    shouted,
    smudged,
    whole,
    with_repeats,
    with_times,
    worn,
)
from bullseye.demo.chance import Bools, Floats, Ints, Stream, random_stream
from bullseye.demo.signals import ABSENT
from bullseye.demo.simulate import Block
from bullseye.demo.story import (
    COUNTRIES,
    INDUSTRIES,
    LEAKY_FIELD,
    OWNERS,
)
from bullseye.demo.truth import Truth

_TWINS = 500_000_000  # record numbers of second copies lie this far above the first
_PACKAGES = ("Guided", "Self-serve", "White glove")
_STAGES = ("lead", "marketingqualifiedlead", "opportunity", "customer")
_INDUSTRY_NAMES = tuple(INDUSTRIES)
_INDUSTRY_SPELLINGS = tuple(
    spelling
    for name in INDUSTRIES
    for spelling in (name.lower(), name.upper(), f" {name} ", name.replace(" ", "  ").title())
)
_SPELLINGS = 4
_COUNTRY_NAMES = tuple(country.name for country in COUNTRIES)
_COUNTRY_SPELLINGS = tuple(
    (country.code, *country.other_spellings)[k % (1 + len(country.other_spellings))]
    for country in COUNTRIES
    for k in range(_SPELLINGS)
)
_CITIES = tuple(city for country in COUNTRIES for city in country.cities)
_CITY_STARTS = np.cumsum([0, *(len(country.cities) for country in COUNTRIES)])[:-1]
_ABSURD = ("99999999", "-5", "0.5", "1e12")
_UNPARSABLE = ("many", "tbd", "see notes", "#REF!")


@dataclass(frozen=True)
class CompanyExports:
    """A block ready to be exported: `unchanging` is what every day's export has in common."""

    block: Block
    seed: int
    truth: Truth
    today: int
    unchanging: pa.Table

    def rows_on(self, day: int) -> pa.Table:
        """Return the export of a day: accounts created by then, and their dirt."""
        accounts = self.block.accounts
        random = self._dirt(2)
        columns = {name: self.unchanging[name].combine_chunks() for name in COMPANY_COLUMNS[:4]}
        columns |= {
            "Number of Employees": self._employees(random, accounts.employees_on(day, self.today)),
            "Annual Revenue": self._revenue(random),
            **{name: self.unchanging[name].combine_chunks() for name in COMPANY_COLUMNS[6:9]},
            "Parent Company": self._parents(day),
            "Company owner": self.unchanging["Company owner"].combine_chunks(),
            "Lifecycle Stage": picked(_STAGES, self._lifecycle(day)),
            "Create Date": self.unchanging["Create Date"].combine_chunks(),
            LEAKY_FIELD: self._packages(day),
        }
        table = pa.table(columns)
        rows = np.flatnonzero(accounts.created_day <= day)
        return pa.concat_tables(
            [
                with_repeats(random, table.take(rows), self.truth.dirt.exact_duplicate),
                self._conflicting(table, rows),
                self._twins(table, rows),
            ]
        )

    def _dirt(self, part: int) -> np.random.Generator:
        return random_stream(self.seed, self.block.number, Stream.DIRT, part)

    def _employees(self, random: np.random.Generator, employees: Ints) -> Text:
        text = whole(employees)
        grouped = np.flatnonzero((random.random(len(employees)) < 0.2) & (employees > 999))
        commas = [f"{each:,}" for each in employees[grouped].tolist()]
        text = overwritten(text, grouped, commas)
        dirt = self.truth.dirt
        text = smudged(random, text, dirt.absurd_number, _ABSURD)
        return worn(random, smudged(random, text, dirt.unparsable_cell, _UNPARSABLE), dirt)

    def _revenue(self, random: np.random.Generator) -> Text:
        revenue = self.block.accounts.revenue
        short = random.random(len(revenue)) < 0.1
        text = either(short, millions(revenue), whole(revenue))
        text = smudged(random, text, self.truth.dirt.unparsable_cell, _UNPARSABLE)
        return worn(random, text, self.truth.dirt)

    def _parents(self, day: int) -> Text:
        accounts = self.block.accounts
        known = (accounts.parent >= 0) & (accounts.created_day[accounts.parent] <= day)
        return names.record_ids(np.where(known, accounts.index[accounts.parent], -1))

    def _lifecycle(self, day: int) -> Ints:
        opportunities, n = self.block.opportunities, len(self.block.accounts)
        is_open = (opportunities.created_day <= day) & (opportunities.close_day > day)
        stage = self.block.accounts.index % 2
        stage[opportunities.account[is_open]] = 2
        return np.where(opportunities.first_win_days(n) <= day, 3, stage)

    def _packages(self, day: int) -> Text:
        wins = self.block.opportunities.first_win_days(len(self.block.accounts))
        random = random_stream(self.seed, self.block.number, Stream.LEAK)
        noted = random.random(len(wins)) < self.truth.effects.leak_rate
        if not self.truth.planted:  # as often filled, but of accounts that did not buy as well
            random.shuffle(wins)
        code = random.integers(0, len(_PACKAGES), len(wins))
        return picked(_PACKAGES, code, noted & (wins <= day) & (wins < ABSENT))

    def _conflicting(self, table: pa.Table, rows: Ints) -> pa.Table:
        chosen = rows[self._drawn(4)[rows] < self.truth.dirt.conflicting_duplicate]
        other = table.take(chosen)
        employees = picked(("120", "85", "2300"), chosen % 3)
        place = other.column_names.index("Number of Employees")
        return other.set_column(place, "Number of Employees", employees)

    def _twins(self, table: pa.Table, rows: Ints) -> pa.Table:
        index = self.block.accounts.index
        chosen = rows[self._drawn(5)[rows] < self.truth.dirt.twin_account]
        twin = table.take(chosen)
        shortened = shouted(names.base_names(index[chosen]))
        twin = twin.set_column(0, "Record ID", names.record_ids(_TWINS + index[chosen]))
        return twin.set_column(1, "Company name", shortened)

    def _drawn(self, part: int) -> Floats:
        return self._dirt(part).random(len(self.block.accounts))


COMPANY_COLUMNS = (
    "Record ID",
    "Company name",
    "Company Domain Name",
    "Industry",
    "Number of Employees",
    "Annual Revenue",
    "Country/Region",
    "State/Region",
    "City",
    "Parent Company",
    "Company owner",
    "Lifecycle Stage",
    "Create Date",
    LEAKY_FIELD,
)
"""Columns of the company export, in order."""


def company_exports(block: Block, seed: int, truth: Truth, today: int) -> CompanyExports:
    """Return a block ready to be exported on any day."""
    random = random_stream(seed, block.number, Stream.DIRT, 1)
    return CompanyExports(block, seed, truth, today, _unchanging(random, block.accounts, truth))


def _unchanging(random: np.random.Generator, accounts: Accounts, truth: Truth) -> pa.Table:
    dirt, n = truth.dirt, len(accounts)
    address = random.random(n) < 0.03
    country = _respelled(
        random, picked(_COUNTRY_NAMES, accounts.country), accounts.country, 0.2, _COUNTRY_SPELLINGS
    )
    industry = _respelled(
        random,
        picked(_INDUSTRY_NAMES, accounts.industry),
        accounts.industry,
        dirt.other_spelling,
        _INDUSTRY_SPELLINGS,
    )
    created = with_times(days_text(accounts.created_day), accounts.index)
    return pa.table(
        {
            "Record ID": names.record_ids(accounts.index),
            "Company name": names.account_names(
                accounts.index, accounts.country, name_variants(random, n, truth)
            ),
            "Company Domain Name": worn(
                random, names.written_domains(accounts.index, address), dirt
            ),
            "Industry": worn(random, industry, dirt),
            "Country/Region": worn(random, country, dirt),
            "State/Region": picked([c.region for c in COUNTRIES], accounts.country),
            "City": worn(
                random, picked(_CITIES, _CITY_STARTS[accounts.country] + accounts.city), dirt
            ),
            "Company owner": picked(OWNERS, accounts.owner),
            "Create Date": dated(random, created, dirt),
        }
    )


def name_variants(random: np.random.Generator, n: int, truth: Truth) -> Ints:
    """Draw how each name is written: a position in `names.VARIANTS`, mostly -1 for plainly."""
    dirt, drawn, start = truth.dirt, random.random(n), 0.0
    variants = np.full(n, -1, dtype=np.int64)
    for rate, group in (
        (dirt.non_latin_name, names.FOREIGN),
        (dirt.awkward_name, names.AWKWARD),
        (dirt.formula_name, names.FORMULAS),
        (dirt.html_name, names.HTML),
    ):
        rows: Bools = (start <= drawn) & (drawn < start + rate)
        variants[rows] = random.integers(group.start, group.stop, n)[rows]
        start += rate
    return variants


def _respelled(
    random: np.random.Generator, text: Text, codes: Ints, rate: float, words: tuple[str, ...]
) -> Text:
    rows = random.random(len(codes)) < rate
    return replaced(
        text, rows, words, codes * _SPELLINGS + random.integers(0, _SPELLINGS, len(codes))
    )
