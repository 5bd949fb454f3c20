"""Segments on worlds whose truth is known: ``python -m benchmarks.segments --help``.

Survival in SQL against a library, the search for the worst segment, cost ratios, expected values,
and the commands on the demo world, with its effects planted and without any.
"""

import argparse
import json
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from bullseye.definitions.field import Field, FieldType
from bullseye.demo.clean import clean_tables
from bullseye.demo.truth import Truth
from bullseye.segment.case_columns import CaseColumns
from bullseye.segment.velocity import velocity
from bullseye.segment.worse import Measured, Standing, search
from bullseye.stats.costs import cost_ratio
from bullseye.stats.credibility import credible_means
from bullseye.stats.segments import Answered, worse_rates
from bullseye.warehouse.facts import Fact, read_facts
from bullseye.warehouse.survival import curves_sql

TODAY = date(2026, 6, 30)
HELD_OUT = 1.5

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def say(*cells: object) -> None:
    """Print one row of a table."""
    print("| " + " | ".join(str(cell) for cell in cells) + " |", flush=True)


# -- survival ----------------------------------------------------------------------------------


def speed(rows: int, runs: int) -> None:
    """Time the SQL of Aalen-Johansen in ten segments against lifelines, same rows, same run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifelines import AalenJohansenFitter  # noqa: PLC0415 - slow to import

    rng = np.random.default_rng(1)
    segment, days = rng.integers(0, 10, rows), rng.integers(0, 730, rows)
    state = rng.choice(3, rows, p=[0.3, 0.3, 0.4])
    connection = duckdb.connect()
    data = pa.table({"segment": segment, "days": days, "state": state})
    connection.register("arrow", data)
    connection.execute("CREATE TABLE cases AS FROM arrow")
    ours = []
    for _ in range(runs):
        start = perf_counter()
        found = connection.execute(curves_sql("cases", segment="segment")).fetchall()
        ours.append(perf_counter() - start)
    start = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitter = AalenJohansenFitter(calculate_variance=False, jitter_level=1e-6, seed=1)
        for at in range(10):
            mine = segment == at
            fitter.fit(days[mine], state[mine], event_of_interest=1)
    theirs = perf_counter() - start
    say("rows", "SQL, fastest (s)", "SQL, slowest (s)", "lifelines (s)", "days and segments")
    say(f"{rows:,}", f"{min(ours):.2f}", f"{max(ours):.2f}", f"{theirs:.2f}", len(found))


# -- the worst of many segments ---------------------------------------------------------------


def looked_at(rng: np.random.Generator, n: int) -> tuple[Bools, Bools, Floats]:
    """Return about 1,000 conditions on n cases, which of them are pairs, and the employees."""
    industry = rng.choice(8, n, p=[0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04])
    country = rng.choice(6, n, p=[0.4, 0.2, 0.15, 0.1, 0.1, 0.05])
    employees = np.exp(rng.normal(4.5, 1.5, n))
    year = rng.integers(1980, 2022, n)
    tools = rng.random((n, 8)) < np.array([0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05])
    single = [(industry == at, 0) for at in range(8)] + [(country == at, 1) for at in range(6)]
    for values, field, places in ((employees, 2, np.arange(0.1, 0.95, 0.1)), (year, 3, [0.2, 0.4])):
        for place in places:
            above = values >= np.quantile(values, place)
            single += [(above, field), (~above, field)]
    single += [(tools[:, at], 4 + at) for at in range(8)]
    pairs = [a & b for (a, f), (b, g) in combinations(single, 2) if f != g]
    yes = np.array([each for each, _ in single] + pairs)
    return yes, np.arange(len(yes)) >= len(single), employees


def searching(draws: int) -> None:
    """Draw worlds without effect and with one; judge bounds by the truth and by a later half."""
    say(
        "n",
        "effect",
        "claims from noise",
        "a bound above the truth",
        "published",
        "held later",
        "median ratio",
        "median bound",
    )
    for n in (200, 500, 2000):
        for effect in (1.0, 4.0):
            _search_row(np.random.default_rng(n), n, effect, draws)


def _search_row(rng: np.random.Generator, n: int, effect: float, draws: int) -> None:
    claims = wrong = published = held = 0
    ratios, bounds = [], []
    for draw in range(draws):
        yes, is_pair, employees = looked_at(rng, 2 * n)
        chance = np.where(employees < 60, 0.08 * effect, 0.08)
        happened = rng.random(2 * n) < chance
        now, later = slice(0, n), slice(n, 2 * n)
        some = yes[:, now]
        answered = Answered(some, np.ones_like(some), is_pair)
        found = worse_rates(answered, happened[now], np.arange(n), seed=draw)
        claims += bool((found.p <= 0.05).any())
        inside = np.maximum(some.sum(axis=1), 1)
        outside = np.maximum(n - inside, 1)
        truth = (some @ chance[now] / inside) / (~some @ chance[now] / outside)
        told = np.isfinite(found.low)
        wrong += bool((found.low[told] > truth[told] + 1e-9).any())
        good = np.flatnonzero(told & (found.low > HELD_OUT))
        if not len(good):
            continue
        best = good[np.argmax(found.low[good])]
        published += 1
        mine, rest = yes[best, later], ~yes[best, later]
        base = max(float(happened[later][rest].mean()), 1e-9)
        held += bool(happened[later][mine].mean() / base >= found.low[best])
        ratios.append(found.ratio[best])
        bounds.append(found.low[best])
    say(
        n,
        f"{effect:g} x",
        f"{claims / draws:.1%}",
        f"{wrong / draws:.1%}",
        f"{published} of {draws}",
        f"{held} of {published}",
        f"{np.median(ratios) if ratios else np.nan:.1f}",
        f"{np.median(bounds) if bounds else np.nan:.1f}",
    )


def costs(draws: int) -> None:
    """Coverage of the interval of a ratio of costs."""
    say("costs", "n", "others", "coverage of 95 %")
    for name, draw in (
        ("lognormal, sigma 1.5", lambda rng, n: rng.lognormal(0, 1.5, n)),
        ("lognormal, sigma 0.7", lambda rng, n: rng.lognormal(0, 0.7, n)),
        ("gamma, shape 0.5", lambda rng, n: rng.gamma(0.5, 1, n)),
    ):
        for few, many in ((10, 40), (20, 100), (50, 300), (200, 2000)):
            say(name, few, many, f"{_covered(draw, few, many, draws):.1%}")


def _covered(
    draw: Callable[[np.random.Generator, int], Floats], few: int, many: int, draws: int
) -> float:
    rng, inside = np.random.default_rng(few), 0
    for _ in range(draws):
        found = cost_ratio(3 * draw(rng, few), draw(rng, many))
        inside += found.low is not None and found.low <= 3 <= (found.high or 0)
    return inside / draws


def worth(draws: int) -> None:
    """Error and coverage of expected values against the raw means and the mean of all."""
    say("groups", "n", "sd within", "sd between", "raw", "mean of all", "ours", "coverage of 95 %")
    worlds = [(10, 60, 0.8, 0.4), (10, 300, 0.8, 0.4), (39, 350, 1.5, 0.5), (39, 9000, 1.5, 0.5)]
    for groups, n, sd, between in (*worlds, (8, 200, 0.8, 0.0)):
        rng, errors, inside = np.random.default_rng(groups), np.zeros(3), 0
        for _ in range(draws):
            level = 10 + rng.normal(0, between, groups)
            group = rng.choice(groups, n, p=rng.dirichlet(np.full(groups, 2.0)))
            amounts = np.exp(level[group] + rng.normal(0, sd, n))
            found = credible_means(amounts, group, groups)
            if found is None:
                continue
            truth, some = level + sd**2 / 2, found.n > 0
            guesses = (found.raw, np.full(groups, amounts.mean()), found.mean)
            gaps = [np.log(each[some]) - truth[some] for each in guesses]
            errors += [np.sqrt(np.mean(gap**2)) for gap in gaps]
            inside += int(((np.log(found.low) <= truth) & (truth <= np.log(found.high))).sum())
        shown = [f"{error:.3f}" for error in errors / draws]
        say(groups, n, sd, between, *shown, f"{inside / draws / groups:.1%}")


# -- the demo world ------------------------------------------------------------------------------


def demo(accounts: int, worlds: int) -> None:
    """Search and measure clean demo worlds, planted and null, without files."""
    say(
        "world",
        "seed",
        "churn: confirmed",
        "its bound",
        "support: confirmed",
        "its bound",
        "segments decided faster",
        "Logistics, times",
    )
    for planted in (True, False):
        for seed in range(worlds):
            _demo_row(accounts, seed, planted=planted)


def _demo_row(accounts: int, seed: int, *, planted: bool) -> None:
    truth = Truth() if planted else Truth(planted=False)
    tables = clean_tables(accounts, seed, TODAY, truth)
    with duckdb.connect() as connection:
        for name in ("accounts", "opportunities", "subscriptions"):
            connection.register(name, getattr(tables, name))
        churned, support = _measured(connection, 0), _measured(connection, 1)
        found = [search(each, seed=seed, shuffles=300) for each in (churned, support)]
        pace = velocity(_opportunities(connection))
    cells: list[object] = []
    for each in found:
        good = [one for one in each.found if one.standing is Standing.CONFIRMED]
        cells += [good[0].rule if good else "none", f"{good[0].at_least:.1f}" if good else ""]
    faster = [each for each in pace.fields if each.decided.differs]
    names = [each.decided.why.segment for each in faster if each.decided.why]
    logistics = next(
        (w.times for each in faster if (w := each.decided.why) and w.segment == "Logistics"), None
    )
    times = f"{logistics.value:.2f} ({logistics.low:.2f}-{logistics.high:.2f})" if logistics else ""
    say("planted" if planted else "null", seed, *cells, ", ".join(names) or "none", times)


_FACTS = {
    "industry": FieldType.TEXT,
    "country": FieldType.COUNTRY,
    "region": FieldType.TEXT,
    "employees": FieldType.COUNT,
    "technologies": FieldType.LIST,
    "founded_year": FieldType.YEAR,
}


def _facts(connection: duckdb.DuckDBPyConnection, relation: str, key: str) -> dict[str, Fact]:
    fields = {name: Field(name, kind, "") for name, kind in _FACTS.items()}
    joined = (
        f"(SELECT c.{key} AS _key, a.* FROM {relation} AS c JOIN accounts AS a USING (account_id))"
    )
    return read_facts(connection, joined, fields, order="_key")


def _measured(connection: duckdb.DuckDBPyConnection, which: int) -> Measured:
    """Return churn within a year of customers of more than a year, or support cost."""
    day = f"DATE '{TODAY}'"
    only = f"WHERE started_on <= {day} - 365" if which == 0 else "WHERE support_cost IS NOT NULL"
    relation = f"(SELECT * FROM subscriptions {only})"
    value = (
        "coalesce(ended_on <= started_on + 365, false)"
        if which == 0
        else f"support_cost / greatest(1, (coalesce(ended_on, {day}) - started_on) / 30.44)"
    )
    rows = connection.sql(
        f"SELECT account_id, CAST({value} AS DOUBLE) AS value,"
        f" CAST(started_on - DATE '1970-01-01' AS DOUBLE) AS began FROM {relation}"
        " ORDER BY subscription_id"
    ).to_arrow_table()
    account = np.unique(rows.column("account_id").to_pylist(), return_inverse=True)[1]
    facts = _facts(connection, relation, "subscription_id")
    values, began = (rows.column(name).to_numpy() for name in ("value", "began"))
    return Measured(which == 1, values, account, began, facts)


def _opportunities(connection: duckdb.DuckDBPyConnection) -> CaseColumns:
    day = f"DATE '{TODAY}'"
    rows = connection.sql(
        "SELECT account_id, CASE outcome WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS state,"
        f" CAST(coalesce(CASE WHEN outcome <> 'open' THEN closed_on END, {day}) - created_on"
        " AS DOUBLE) AS days, CAST(created_on - DATE '1970-01-01' AS DOUBLE) AS began,"
        " CAST(amount AS DOUBLE) AS amount FROM opportunities ORDER BY opportunity_id"
    ).to_arrow_table()
    ids = rows.column("account_id").to_pylist()
    names, account = np.unique(ids, return_inverse=True)
    state = rows.column("state").to_numpy().astype(np.int64)
    amount = np.asarray(rows.column("amount").fill_null(np.nan), dtype=np.float64)
    return CaseColumns(
        tuple(names.tolist()),
        account,
        np.where(state == 0, np.nan, (state == 1).astype(float)),
        state,
        rows.column("days").to_numpy(),
        rows.column("began").to_numpy(),
        amount,
        np.full(len(ids), np.nan),
        _facts(connection, "opportunities", "opportunity_id"),
    )


# -- real data -----------------------------------------------------------------------------------


def real(data: Path) -> None:
    """Import the public sets through the product, and ask its commands; prints their JSON."""
    from benchmarks.segments_real import answers  # noqa: PLC0415 - imports the command line

    with TemporaryDirectory() as folder:
        for name, found in answers(data, Path(folder)):
            print(f"\n{name}\n{json.dumps(found, indent=1, default=str)}", flush=True)


PARTS = ("speed", "search", "costs", "value", "demo", "real")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the parts named, all but the real data where none is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=PARTS[:-1], choices=PARTS)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--accounts", type=int, default=8_000)
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument(
        "--data",
        type=Path,
        default=os.environ.get("BULLSEYE_TEST_DATA"),
        help="folder of the public sets; BULLSEYE_TEST_DATA where absent",
    )
    given = parser.parse_args(arguments)
    for part in given.parts:
        print(f"\n{part}\n", flush=True)
        for step in _steps(part, given):
            step()


def _steps(part: str, given: argparse.Namespace) -> Iterator[Callable[[], None]]:
    if part == "speed":
        yield lambda: speed(given.rows, given.runs)
    elif part == "search":
        yield lambda: searching(given.draws)
    elif part == "costs":
        yield lambda: costs(max(given.draws, 1000))
    elif part == "value":
        yield lambda: worth(given.draws)
    elif part == "demo":
        yield lambda: demo(given.accounts, given.worlds)
    elif given.data:
        yield lambda: real(given.data)
    else:
        raise SystemExit("Name the folder of the public sets: --data, or BULLSEYE_TEST_DATA")


if __name__ == "__main__":
    main()
