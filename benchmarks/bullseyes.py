"""How often the Bullseye is right: ``python -m benchmarks.bullseyes --help``.

Lists drawn by lot, planted worlds and worlds without any effect, through the product's own
functions. Real facts come from the files named on the command line (CSV or Parquet, one row per
account), or from those in the folder that BULLSEYE_TEST_DATA names.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import process_time
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bullseye.definitions.field import Field, FieldType
from bullseye.demo.clean import clean_tables
from bullseye.demo.simulate import Block, day_number, simulated_blocks
from bullseye.demo.story import SIGNAL_KINDS
from bullseye.demo.truth import Truth
from bullseye.segment.bullseye import bullseye
from bullseye.segment.candidates import candidates
from bullseye.segment.customers import Customers
from bullseye.segment.list_traits import in_each
from bullseye.segment.signals import Kind, OutcomeSpells, preceding
from bullseye.stats.discoveries import FALSE_DISCOVERIES, Standing, q_values
from bullseye.stats.lists import Pools, Shared
from bullseye.stats.timing import Events, Spells, ages, hazard_ratio, risk_sets
from bullseye.stats.traits import Counts, lifts
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.facts import Fact, read_facts

Bools = NDArray[np.bool_]

TODAY = date(2026, 6, 30)
LATE = 5
"""Days until a signal of the simulated worlds is known."""
NAIVE_SHARE = 0.8
PARTS = ("lots", "power", "coverage", "customers", "signals")


# -- lists drawn by lot, on real facts -----------------------------------------------------


@dataclass(frozen=True)
class Lots:
    """How many of so many pairs of lists showed something."""

    pairs: int
    customers: int
    conditions: int
    naive: int
    raw: int
    any_question: int
    shared: int


def lots_on(facts: Mapping[str, Fact], *, customers: int, k: int, pairs: int, seed: int) -> Lots:
    """Draw pairs of lists by lot and count how often each reader finds a Bullseye."""
    random = np.random.default_rng(seed)
    conditions = candidates(facts)
    rows = next(iter(facts.values())).known.size
    kept = random.choice(rows, min(rows, customers), replace=False)
    yes = np.array([each.yes[kept] for each in conditions])
    known = np.array([each.known[kept] for each in conditions])
    n = len(kept)
    everybody = np.ones(n, dtype=bool)
    asked = (Pools.of(yes, known, [everybody] * 2), Pools.of(yes, known, [everybody]))
    base = yes.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    naive = raw = any_question = shared = 0
    for _ in range(pairs):
        lists = [_lot(random, n, k) for _ in range(2)]
        both = asked[0].shared(lists)
        four = np.all([(yes & on).sum(axis=1) >= NAIVE_SHARE * k for on in lists], axis=0)
        naive += bool((four & (base < NAIVE_SHARE)).any())
        raw += bool((both.p < 0.05).any())
        claimed = claims([both, asked[1].shared(lists[:1]), asked[1].shared(lists[1:])])
        shared += bool(claimed[0].any())
        any_question += bool(any(each.any() for each in claimed))
    return Lots(pairs, n, len(conditions), naive, raw, any_question, shared)


def claims(shared: Sequence[Shared]) -> list[Bools]:
    """Return which conditions each question claims as evidence: both, fast, sticky."""
    parts = np.split(q_values(np.concatenate([each.p for each in shared])), len(shared))
    parts[0] = in_each(parts[0], shared[0])
    return [part <= FALSE_DISCOVERIES for part in parts]


def _lot(random: np.random.Generator, n: int, k: int) -> Bools:
    on = np.zeros(n, dtype=bool)
    on[random.choice(n, k, replace=False)] = True
    return on


def facts_in(file: Path) -> dict[str, Fact]:
    """Return the columns of a file as facts, typed as the engine reads them."""
    with duckdb.connect() as connection:
        reader = "read_parquet" if file.suffix == ".parquet" else "read_csv"
        options = "" if file.suffix == ".parquet" else ", nullstr=['', 'Select'], sample_size=-1"
        connection.execute(
            "CREATE TABLE t AS SELECT row_number() OVER () AS _row, *"
            f" FROM {reader}({DUCKDB.literal(str(file))}{options})"
        )
        fields = {}
        for name, kind, *_ in connection.execute("DESCRIBE t").fetchall():
            type_ = _TYPES.get(kind.split("(")[0])
            if type_ is not None and name != "_row":
                fields[name] = Field(name, type_, "")
        return read_facts(connection, "t", fields, order="_row")


_TYPES = {
    "VARCHAR": FieldType.TEXT,
    "BOOLEAN": FieldType.FLAG,
    "BIGINT": FieldType.NUMBER,
    "INTEGER": FieldType.NUMBER,
    "DOUBLE": FieldType.NUMBER,
    "DECIMAL": FieldType.NUMBER,
}


# -- power and coverage --------------------------------------------------------------------


def power(base: float, lift: float, k: int, *, runs: int, conditions: int, seed: int) -> float:
    """Return how often a trait planted in both lists is claimed, beside conditions that are not."""
    random = np.random.default_rng(seed)
    n, found = 1000, 0
    for _ in range(runs):
        yes = random.random((conditions, n)) < random.uniform(0.02, 0.9, (conditions, 1))
        yes[0] = np.arange(n) < round(base * n)
        known = np.ones_like(yes)
        lists = []
        for _ in range(2):
            having = random.binomial(k, min(base * lift, 1.0))
            on = np.zeros(n, dtype=bool)
            on[random.choice(round(base * n), having, replace=False)] = True
            on[round(base * n) + random.choice(n - round(base * n), k - having, replace=False)] = 1
            lists.append(on)
        everybody = np.ones(n, dtype=bool)
        both = Pools.of(yes, known, [everybody] * 2).shared(lists)
        alone = Pools.of(yes, known, [everybody])
        found += bool(claims([both, *(alone.shared([on]) for on in lists)])[0][0])
    return found / runs


def lift_coverage(
    n: int, base: float, rates: NDArray[np.float64], seed: int
) -> tuple[float, float]:
    """Return how often interval and bound of a lift hold the true one."""
    random, size = np.random.default_rng(seed), 100_000
    x = random.binomial(n, rates)
    runs = len(rates)
    counts = Counts(
        np.full((1, runs), size),
        np.full((1, runs), round(base * size)),
        np.full((1, runs), n),
        x[None, :],
    )
    found, true = lifts(counts), rates / base
    inside = (found.low <= true) & (true <= found.high)
    return float(inside.mean()), float((found.bound <= true).mean())


def hazard_coverage(ratio: float, accounts: int, *, runs: int, seed: int) -> tuple[float, float]:
    """Return how often the interval of a hazard ratio holds the true one, and the mean outcomes."""
    held, outcomes, window, days = 0, 0, 60, 730
    for run in range(runs):
        random = np.random.default_rng((seed, run))
        account, occurred = np.nonzero(random.random((accounts, days)) < 1.2 / 365)
        exposed = np.zeros((accounts, days), dtype=bool)
        for a, d in zip(account, occurred, strict=True):
            exposed[a, d + 1 : d + window] = True
        season = 1 + 0.5 * np.sin(np.arange(days) / 58)
        hazard = 0.0007 * season * np.where(exposed, ratio, 1.0)
        happens = random.random(hazard.shape) < -np.expm1(-hazard)
        ever = np.asarray(happens.any(axis=1))
        last = np.where(ever, happens.argmax(axis=1), days - 1)
        spells = Spells(np.arange(accounts), np.zeros(accounts, dtype=np.int64), last, ever)
        sets = risk_sets(spells, by_age=False)
        events = Events(account, occurred, occurred)
        found = hazard_ratio(sets, ages(sets, events, most=window), window=window)
        held += found.low <= ratio <= found.high
        outcomes += found.outcomes
    return held / runs, outcomes / runs


# -- planted worlds ------------------------------------------------------------------------


def customers_of(accounts: int, seed: int, truth: Truth) -> Customers:
    """Return the customers of a simulated world, won in the last year or using the product."""
    block = next(iter(simulated_blocks(accounts, seed, TODAY, truth)))
    tables, today = clean_tables(accounts, seed, TODAY, truth), day_number(TODAY)
    days, discount = _wins(block, accounts, today)
    users, seats = _use(block, accounts, today)
    rows = np.flatnonzero(~np.isnan(days) | ~np.isnan(users))
    with duckdb.connect() as connection:
        connection.register(
            "everybody", tables.accounts.append_column("_row", pa.array(range(accounts)))
        )
        connection.register("kept", pa.table({"_row": pa.array(rows)}))
        relation = "(SELECT e.* FROM everybody AS e JOIN kept USING (_row))"
        facts = read_facts(connection, relation, _FIELDS, order="_row")
    return Customers(
        account_ids=tuple(str(row) for row in rows),
        names=(None,) * len(rows),
        won_on=tuple(None for _ in rows),
        days=days[rows],
        discount=discount[rows],
        users=users[rows],
        events=users[rows],
        seats=seats[rows],
        observed=np.full(len(rows), 91.0),
        facts=facts,
    )


_FIELDS = {
    name: Field(name, kind, "")
    for name, kind in {
        "industry": FieldType.TEXT,
        "employees": FieldType.COUNT,
        "revenue": FieldType.MONEY,
        "country": FieldType.COUNTRY,
        "region": FieldType.TEXT,
        "founded_year": FieldType.YEAR,
        "funding_stage": FieldType.TEXT,
        "technologies": FieldType.LIST,
        "is_hiring": FieldType.FLAG,
    }.items()
}


def _wins(block: Block, accounts: int, today: int) -> tuple[NDArray[np.float64], ...]:
    sold = block.opportunities
    days, discount = (np.full(accounts, np.nan) for _ in range(2))
    won = np.flatnonzero(sold.won & sold.closed & (sold.close_day > today - 365))
    for row in won[np.argsort(-sold.close_day[won], kind="stable")]:
        at = sold.account[row]
        days[at] = sold.close_day[row] - sold.created_day[row]
        discount[at] = sold.discount[row]
    return days, discount


def _use(block: Block, accounts: int, today: int) -> tuple[NDArray[np.float64], ...]:
    paid, used = block.subscriptions, block.usage
    recent = used.day > today - 91
    total = np.bincount(used.subscription[recent], used.active_users[recent], len(paid))
    observed = today - np.maximum(paid.started_day, today - 90) + 1
    present = ~paid.churned & (observed >= 28) & (total > 0)
    users, seats = np.full(accounts, np.nan), np.full(accounts, np.nan)
    users[paid.account[present]] = total[present] / observed[present]
    seats[paid.account[present]] = paid.seats[present]
    return users, seats


def static_worlds(seeds: Sequence[int], accounts: int, *, planted: bool, k: int) -> Counter[str]:
    """Count, over worlds, what was claimed of both lists of k, and over all customers."""
    said: Counter[str] = Counter()
    for seed in seeds:
        customers = customers_of(accounts, seed, Truth(planted=planted))
        found = bullseye(customers, candidates(customers.facts), k=k, seed=seed)
        lists = {t.rule for t in found.traits["both"] if t.standing is Standing.EVIDENCE}
        whole = {t.rule for t in found.traits["both"] if t.whole.standing is Standing.EVIDENCE}
        said.update(f"lists: {'Logistics' if 'Logistics' in rule else 'other'}" for rule in lists)
        said.update(f"whole: {'Logistics' if 'Logistics' in rule else 'other'}" for rule in whole)
        said["worlds"] += 1
    return said


class SignalFound(NamedTuple):
    """What one world says of one kind of signal; whether a half-life is told, and is right."""

    seed: int
    signal: str
    is_planted: bool
    standing: Standing
    ratio: float
    tells: bool
    holds: bool


def signal_worlds(seeds: Sequence[int], accounts: int, *, planted: bool) -> Iterator[SignalFound]:
    """Yield what was found, per world and kind of signal."""
    truth = Truth(planted=planted)
    halves = {each.signal: each.half_life_days for each in truth.effects.signals}
    for seed in seeds:
        block = next(iter(simulated_blocks(accounts, seed, TODAY, truth)))
        sold, seen, today = block.opportunities, block.signals, day_number(TODAY)
        ended = np.where(sold.closed, sold.close_day, today)
        spells = Spells(sold.account, sold.created_day, ended, sold.won & sold.closed)
        kinds = [
            Kind(
                each.name,
                Events(seen.account[at], seen.day[at], seen.day[at] + LATE),
                90,
            )
            for place, each in enumerate(SIGNAL_KINDS)
            for at in [np.flatnonzero(seen.kind == place)]
        ]
        outcome = OutcomeSpells("won", "won, not lost", True, spells, by_age=True)
        for told in preceding([outcome], kinds, seed=seed):
            half = halves.get(told.signal) if planted else None
            fades = told.half_life
            tells = fades.days is not None
            holds = tells and half is not None
            holds = holds and (fades.low or 0) <= (half or 0) <= (fades.high or np.inf)
            yield SignalFound(
                seed,
                told.signal,
                half is not None,
                told.standing,
                told.hazard.ratio,
                tells,
                bool(holds),
            )


# -- the report ----------------------------------------------------------------------------


def _lots_report(files: Sequence[Path], pairs: int, seed: int) -> None:
    print("\n## Lists drawn by lot\n")
    print("| facts | customers | conditions | pairs | naive | raw p < .05 | ours, any | ours |")
    print("|---|---|---|---|---|---|---|---|")
    for file in files:
        facts = facts_in(file)
        for customers in (200, 1000):
            found = lots_on(facts, customers=customers, k=5, pairs=pairs, seed=seed)
            shares = (found.naive, found.raw, found.any_question, found.shared)
            said = " | ".join(f"{100 * each / found.pairs:.1f} %" for each in shares)
            sizes = f"{found.customers} | {found.conditions} | {found.pairs}"
            print(f"| {file.stem} | {sizes} | {said} |", flush=True)


def _power_report(runs: int, seed: int) -> None:
    print("\n## Power\n\n| base, lift | 5 | 10 | 20 | 40 |\n|---|---|---|---|---|")
    for base, lift in ((0.1, 2), (0.1, 3), (0.1, 5), (0.25, 2), (0.25, 3)):
        cells = [
            power(base, lift, k, runs=runs, conditions=100, seed=seed) for k in (5, 10, 20, 40)
        ]
        print(f"| {base:.0%}, x{lift} | " + " | ".join(f"{each:.2f}" for each in cells) + " |")


def _coverage_report(runs: int, seed: int) -> None:
    print("\n## Coverage\n\n| what | held | bound held |\n|---|---|---|")
    random = np.random.default_rng(seed)
    for n in (5, 10, 40):
        for base in (0.1, 0.25):
            rates = random.beta(10 * base, 10 * (1 - base), runs)
            held, bound = lift_coverage(n, base, rates, seed)
            print(
                f"| lift, n {n}, base {base:.0%}, rates of the prior | {held:.3f} | {bound:.3f} |"
            )
            for lift in (1, 2, 3):
                held, bound = lift_coverage(n, base, np.full(runs, base * lift), seed)
                print(
                    f"| lift, n {n}, base {base:.0%}, always x{lift} | {held:.3f} | {bound:.3f} |"
                )
    for ratio in (1.0, 1.5, 2.5):
        for accounts in (100, 400):
            held, outcomes = hazard_coverage(ratio, accounts, runs=runs, seed=seed)
            print(f"| hazard ratio {ratio}, {outcomes:.0f} outcomes | {held:.3f} | |", flush=True)


def _customers_report(worlds: int, seed: int) -> None:
    seeds = range(seed, seed + worlds)
    print("\n## Worlds of 2,000 accounts: fast and sticky\n")
    print("| planted | k | worlds | claimed |\n|---|---|---|---|")
    for planted in (True, False):
        for k in (5, 10, 20):
            said = static_worlds(seeds, 2000, planted=planted, k=k)
            count = said.pop("worlds")
            words = ", ".join(f"{what} {n}" for what, n in sorted(said.items())) or "nothing"
            print(f"| {planted} | {k} | {count} | {words} |", flush=True)


def _signals_report(worlds: int, seed: int) -> None:
    print("\n## Worlds: signals before wins\n")
    print(
        "| planted | accounts | worlds | signal | evidence | lead | mean ratio | half-life told"
        " | and held |\n|---|---|---|---|---|---|---|---|---|"
    )
    for planted, accounts, many in (
        (True, 2000, worlds),
        (True, 10_000, max(worlds // 4, 3)),
        (False, 2000, 5 * worlds),
    ):
        found: dict[str, list[SignalFound]] = {}
        wrong = set[int]()
        for each in signal_worlds(range(seed, seed + many), accounts, planted=planted):
            found.setdefault(each.signal, []).append(each)
            if each.standing is Standing.EVIDENCE and not (planted and each.is_planted):
                wrong.add(each.seed)
        for name, rows in sorted(found.items()):
            stands = Counter(row.standing for row in rows)
            counts = (stands[Standing.EVIDENCE], stands[Standing.CLUE])
            mean = np.exp(np.mean([np.log(max(row.ratio, 1e-3)) for row in rows]))
            told, held = sum(row.tells for row in rows), sum(row.holds for row in rows)
            print(
                f"| {planted} | {accounts:,} | {len(rows)} | {name} | {counts[0]} | {counts[1]}"
                f" | {mean:.2f} | {told} | {held} |",
                flush=True,
            )
        print(f"| {planted} | {accounts:,} | {many} | worlds with wrong evidence | {len(wrong)} |")


def main() -> None:
    """Run the parts that are named, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="CSV or Parquet, a row per account")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--worlds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    folder = os.environ.get("BULLSEYE_TEST_DATA")
    files = asked.files or sorted(Path(folder).glob("*/*accounts.csv") if folder else [])
    began = process_time()
    parts = asked.part or PARTS
    if "lots" in parts and files:
        _lots_report(files, asked.pairs, asked.seed)
    elif "lots" in parts:
        print("Lists on real facts: not run, no file is named.")
    if "power" in parts:
        _power_report(max(asked.runs // 5, 20), asked.seed)
    if "coverage" in parts:
        _coverage_report(asked.runs, asked.seed)
    if "customers" in parts:
        _customers_report(asked.worlds, asked.seed)
    if "signals" in parts:
        _signals_report(asked.worlds, asked.seed)
    print(f"\nCPU: {process_time() - began:.0f} s")


if __name__ == "__main__":
    main()
