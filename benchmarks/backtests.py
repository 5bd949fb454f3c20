"""Backtest and drift on worlds whose truth is known: coverage, false verdicts, power, alarms.

python -m benchmarks.backtests --runs 1000
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.stats import drift as drifting
from bullseye.stats.amounts import mean_amount
from bullseye.stats.clusters import Clustered
from bullseye.stats.drift import Reference, observed_expected, watch
from bullseye.stats.shifts import binned, shift
from bullseye.stats.shuffles import control
from bullseye.validate.verdict import Answer, verdict_on

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Random = np.random.Generator

YEARS = 1_000
"""Simulated years per watch here; the product takes 20,000."""


@dataclass(frozen=True)
class Measured:
    """One line of a table: what was measured, its settings, and the result."""

    what: str
    setting: str
    result: str


@dataclass(frozen=True)
class Table:
    """Cases in accounts: `alike` is how much two cases of one account are."""

    accounts: int
    alike: float
    rates: tuple[float, float]
    share: float = 0.2
    most: int = 6
    stays: float = 1.0

    def drawn(self, random: Random) -> tuple[Bools, Ints, Ints]:
        """Return outcome, account and group (1: chosen) of each case."""
        account = np.repeat(
            np.arange(self.accounts), random.integers(1, self.most + 1, self.accounts)
        )
        n = len(account)
        own = random.random(n) < self.share
        group = np.where(
            random.random(n) < self.stays, (random.random(self.accounts) < self.share)[account], own
        ).astype(np.int64)
        copied = random.random(n) < self.alike**0.5
        level = np.where(copied, random.random(self.accounts)[account], random.random(n))
        return level < np.where(group == 1, self.rates[1], self.rates[0]), account, group

    def __str__(self) -> str:
        return (
            f"{self.accounts} accounts, alike {self.alike}, rates {self.rates[0]:.0%} and"
            f" {self.rates[1]:.0%}, stays {self.stays:.0%}"
        )


TABLES = tuple(
    Table(accounts, alike, rates, stays=stays)
    for accounts in (60, 200, 800)
    for alike in (0.0, 0.3, 0.7)
    for rates, stays in (((0.2, 0.2), 1.0), ((0.2, 0.4), 0.5))
)


def intervals(runs: int, random: Random) -> Iterator[Measured]:
    """Measure how often the intervals of rate, difference, ratio and lift hold the truth."""
    for table in TABLES:
        rest, chosen = table.rates
        held = np.zeros(3)
        for _ in range(runs):
            cases = Clustered.of(*table.drawn(random), 2)
            if not cases.n.sum(axis=0).all():
                held += 1
                continue
            rate, gap, times = cases.rate(1), cases.difference(0, 1), cases.ratio(0, 1)
            held += (
                rate.low <= chosen <= rate.high,
                gap.low <= chosen - rest <= gap.high,
                times.low <= chosen / rest <= times.high,
            )
        shown = ", ".join(f"{each / runs:.1%}" for each in held)
        yield Measured("rate, difference, ratio hold the truth", str(table), shown)


def pairs(runs: int, random: Random) -> Iterator[Measured]:
    """Measure the interval of two versions on the same cases."""
    for accounts, overlap in ((200, 0.2), (200, 0.7), (800, 0.2), (800, 0.7)):
        held = 0
        for _ in range(runs):
            yes, account, group = Table(accounts, 0.3, (0.2, 0.4)).drawn(random)
            same = (random.random(accounts) < overlap)[account]
            tested, drawn = group == 1, (random.random(accounts) < 0.2)[account]
            other = np.where(same, tested, drawn)
            code = (tested * 1 + other * 2).astype(np.int64)
            n = [int((code == each).sum()) for each in range(4)]
            first, second = n[1] + n[3], n[2] + n[3]
            found = Clustered.of(yes, account, code, 4).contrast(
                {1: n[1] / first, 2: -n[2] / second, 3: n[3] / first - n[3] / second}
            )
            true = 0.4 - (0.4 * n[3] + 0.2 * n[2]) / second
            held += found.low <= true <= found.high
        yield Measured(
            "difference of two versions holds the truth",
            f"{accounts} accounts, {overlap:.0%} judged alike",
            f"{held / runs:.1%}",
        )


def amounts(runs: int, random: Random) -> Iterator[Measured]:
    """Measure the interval of the mean amount."""

    def long_tail(account: Ints) -> NDArray[np.float64]:
        spread = random.normal(size=account.max() + 1)[account] + random.normal(size=len(account))
        return np.asarray(np.exp(9 + 1.5 * spread / 2**0.5))

    def price_list(account: Ints) -> NDArray[np.float64]:
        drawn = random.choice([10.0, 20, 50, 100], account.max() + 1, p=[0.4, 0.3, 0.2, 0.1])
        return np.asarray(drawn[account])

    kinds: dict[str, tuple[Callable[[Ints], NDArray[np.float64]], float]] = {
        "long tail (lognormal, sigma 1.5)": (long_tail, float(np.exp(9 + 1.5**2 / 2))),
        "price list of four": (price_list, 30.0),
    }
    for name, (draw, true) in kinds.items():
        for accounts in (10, 30, 200):
            held = 0
            for _ in range(runs):
                account = np.repeat(np.arange(accounts), random.integers(1, 4, accounts))
                found = mean_amount(draw(account), account)
                held += (found.low or 0) <= true <= (found.high or np.inf)
            yield Measured(
                "mean amount's interval holds it",
                f"{name}, {accounts} accounts",
                f"{held / runs:.1%}",
            )


def verdicts(runs: int, random: Random) -> Iterator[Measured]:
    """Measure how often a verdict is better without an effect, and with one."""
    for accounts in (60, 200, 800):
        for rates in ((0.25, 0.25), (0.25, 0.35), (0.25, 0.45)):
            for alike in (0.0, 0.4):
                answers = [
                    verdict_on(yes, account, group == 1, is_good=True).answer
                    for yes, account, group in (
                        Table(accounts, alike, rates, most=3).drawn(random) for _ in range(runs)
                    )
                ]
                shares = ", ".join(
                    f"{answer} {answers.count(answer) / runs:.1%}" for answer in Answer
                )
                setting = f"{accounts} accounts, {rates[0]:.0%} to {rates[1]:.0%}, alike {alike}"
                yield Measured("verdict on T1 (a fifth of the cases)", setting, shares)


def shuffled(runs: int, random: Random) -> Iterator[Measured]:
    """Measure how often label shuffles give a small p without an effect."""
    for accounts, alike in ((60, 0.4), (400, 0.4)):
        small = 0
        for _ in range(runs):
            yes, account, group = Table(accounts, alike, (0.2, 0.2)).drawn(random)
            if len(np.unique(group)) < 2:
                continue
            weights = np.where(group == 1, 1 / (group == 1).sum(), -1 / (group == 0).sum())
            found = control(lambda y, w=weights: float(w[y].sum()), yes, account, shuffles=99)
            small += found.p <= 0.05
        setting = f"{accounts} accounts, alike {alike}"
        yield Measured("label shuffles: p <= .05 without an effect", setting, f"{small / runs:.1%}")


MIX, RATES = np.array([0.15, 0.25, 0.6]), np.array([0.45, 0.3, 0.18])


def watches(runs: int, random: Random) -> Iterator[Measured]:
    """Measure false alarms a year, drops of 40 % that are seen, and the interval of the ratio."""
    drifting.YEARS = YEARS
    for monthly in (10, 30, 100, 300):
        alarms = seen = early = held = 0
        told = []
        for number in range(runs):
            before = random.multinomial(12 * monthly, MIX)
            past = Reference(random.binomial(before, RATES).astype(float), before.astype(float))
            n = random.multinomial(monthly, MIX, 12)
            yes = random.binomial(n, RATES)
            healthy = watch(yes, n, past, seed=number)
            alarms += healthy.alarm_at is not None
            told.append(healthy.caught)
            chart = drifting._Chart(past, drifting.DROP, 3)
            fell = random.binomial(n, 0.6 * RATES).astype(float)
            scores = chart.scores(fell, n)
            found = (chart.sums(fell, n) > healthy.sum_limit) | (scores < healthy.z_limit)
            seen += bool(found.any())
            early += bool(found[:3].any())
            ratio = observed_expected(yes[:3].sum(axis=0), n[:3].sum(axis=0), past)
            held += ratio.low is not None and ratio.low <= 1 <= (ratio.high or np.inf)
        yield Measured(
            "watch of a year, nominal 10 % false alarms",
            f"{monthly} decided a month, a year of past",
            f"false alarms {alarms / runs:.1%}; 40 % drop seen {seen / runs:.0%} (told"
            f" {np.mean(told):.0%}), within a quarter {early / runs:.0%}; observed/expected"
            f" interval holds 1: {held / runs:.1%}",
        )


def populations(runs: int, random: Random) -> Iterator[Measured]:
    """Measure how often a field without a shift gets a p below .05, or an index above .1."""
    for before, now in ((1_000, 50), (1_000, 100), (1_000, 1_000)):
        small = fixed = 0
        for _ in range(runs):
            found = shift(*binned(random.normal(size=before), random.normal(size=now)))
            small += found is not None and found.p < 0.05
            fixed += found is not None and found.index > 0.1
        yield Measured(
            "field without a shift",
            f"{before} before, {now} now",
            f"p < .05 {small / runs:.1%}; a fixed limit of .1 {fixed / runs:.1%}",
        )


PARTS: dict[str, Callable[[int, Random], Iterator[Measured]]] = {
    "intervals": intervals,
    "pairs": pairs,
    "amounts": amounts,
    "verdicts": verdicts,
    "shuffles": shuffled,
    "watches": watches,
    "populations": populations,
}


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=20_261)
    parser.add_argument("--part", choices=tuple(PARTS), action="append")
    chosen = parser.parse_args()
    print(f"{chosen.runs} runs each, seed {chosen.seed}\n\n| measured | setting | result |")
    print("|---|---|---|")
    for name in chosen.part or PARTS:
        for line in PARTS[name](chosen.runs, np.random.default_rng(chosen.seed)):
            print(f"| {line.what} | {line.setting} | {line.result} |", flush=True)


if __name__ == "__main__":
    main()
