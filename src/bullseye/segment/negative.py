"""The negative ICP: exclusions with what they avoid and what they forgo, as drafts to be agreed."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.icp import Exclusion, Figures
from bullseye.definitions.rule import Op, Rule, tests_in
from bullseye.segment.worse import Standing, Worse
from bullseye.stats.costs import Estimate, cost_rate, mean_cost
from bullseye.stats.rate_ratio import Ratio

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_ALIKE = 5
"""Segments that say the same are named up to so many."""

A_YEAR = "customer and year"

REVIEW_AFTER = timedelta(days=90)


@dataclass(frozen=True)
class Measure:
    """What is measured.

    `name` is what the command line and `figures` call it, `words` what sentences do; `is_cost` says
    that it is an amount, not how often something happens.
    """

    name: str
    words: str
    is_cost: bool


@dataclass(frozen=True, eq=False)
class Money:
    """Money of each account; arrays by the account's number, NaN where not known.

    `revenue` a year; `support` cost so far, in `support_years` of subscriptions whose cost is
    known; `lost` the yearly revenue of subscriptions that the customer left, in `paid_years` of
    those whose revenue is known; `given` the discount on `bought` won opportunities whose amount
    and discount are known.
    """

    revenue: Floats
    support: Floats
    support_years: Floats
    lost: Floats
    paid_years: Floats
    given: Floats
    bought: Floats


@dataclass(frozen=True)
class CostPart:
    """One cost of a segment: `each` is per `per`, as in customer and year, over `n` accounts.

    `in_a_year` is for all customers of the segment, None where the unit is no year. Parts rest on
    different accounts and spans of time: they must not be added up.
    """

    name: str
    per: str
    each: Estimate
    in_a_year: Estimate | None


@dataclass(frozen=True)
class Economics:
    """What leaving a segment alone avoids and forgoes, per customer and year and for all of them.

    In the workspace's currency, each with its interval and n; None where too few are known.
    `customers` were seen in the segment; the totals are for as many in one year. `cost_avoided` is
    the support cost alone; `parts` are all costs that the imports tell of, side by side.
    """

    customers: int
    revenue_each: Estimate
    support_each: Estimate
    revenue_forgone: Estimate
    cost_avoided: Estimate
    parts: tuple[CostPart, ...]


@dataclass(frozen=True)
class Proposal:
    """One exclusion that the data suggest, and how far it stands.

    `because` is computed; `alike` names segments that say the same, `alike_count` counts them;
    `exclusion` is the draft, None unless confirmed; `covered_by` an exclusion that there is already
    and that refuses nearly all of these accounts.
    """

    rule: str
    measure: Measure
    standing: Standing
    ratio: Ratio
    at_least: float
    earlier: Ratio | None
    later: Ratio | None
    alike: tuple[str, ...]
    alike_count: int
    economics: Economics
    because: str
    measured_on: date
    covered_by: str | None
    exclusion: Exclusion | None


def proposal(
    worse: Worse,
    measure: Measure,
    money: Money,
    *,
    owner: str,
    as_of: date,
    taken: Collection[str],
    covered_by: str | None = None,
) -> Proposal:
    """Return what one segment suggests; `taken` are names that no draft may have."""
    because = sentence(measure, worse.ratio, worse.at_least, as_of)
    draft = None
    if worse.standing is Standing.CONFIRMED and covered_by is None:
        draft = Exclusion(
            name=name_of(worse.rule, taken),
            owner=owner,
            review_by=as_of + REVIEW_AFTER,
            review_when=("the next period is measured", "the product or its price changes"),
            rule=worse.rule,
            because=because,
            figures=figures(measure, worse.ratio, as_of),
        )
    return Proposal(
        str(worse.rule),
        measure,
        worse.standing,
        worse.ratio,
        worse.at_least,
        worse.earlier,
        worse.later,
        tuple(str(rule) for rule in worse.alike[:MOST_ALIKE]),
        len(worse.alike),
        economics(money, worse.accounts),
        because,
        as_of,
        covered_by,
        draft,
    )


def sentence(measure: Measure, ratio: Ratio, at_least: float, day: date) -> str:
    """Return the evidence in a sentence, computed."""
    seen = f"{ratio.value:.1f} x" if ratio.value is not None else "none of the others"
    return (
        f"{measure.words[:1].upper()}{measure.words[1:]} is at least {at_least:.1f} times that"
        f" of others ({seen}; 95 % simultaneous; n = {ratio.n:,}; measured {day})."
    )


def figures(measure: Measure, ratio: Ratio, day: date) -> Figures:
    """Return the figures of an exclusion as they were measured."""
    times = round(ratio.value, 2) if ratio.value is not None else None
    return Figures(
        measure=f"{measure.name}, against all others", times=times, n=ratio.n, measured_on=day
    )


def economics(money: Money, accounts: Ints) -> Economics:
    """Return the money of the customers among these accounts."""
    revenue, support = money.revenue[accounts], money.support[accounts]
    count = int((np.isfinite(revenue) | np.isfinite(support)).sum())
    each, cost = mean_cost(revenue), cost_rate(support, money.support_years[accounts])
    left = cost_rate(money.lost[accounts], money.paid_years[accounts])
    given = cost_rate(money.given[accounts], money.bought[accounts])
    avoided = _scaled(cost, count)
    parts = (
        CostPart("support cost", A_YEAR, cost, avoided),
        CostPart("revenue lost by churn", A_YEAR, left, _scaled(left, count)),
        CostPart("discount given", "opportunity won", given, None),
    )
    return Economics(count, each, cost, _scaled(each, count), avoided, parts)


def _scaled(each: Estimate, count: int) -> Estimate:
    if each.value is None or each.low is None or each.high is None:
        return each
    return Estimate(each.value * count, each.low * count, each.high * count, each.n)


_SAID = {
    Op.AT_LEAST: "from",
    Op.UNDER: "under",
    Op.ANY_OF: "",
    Op.IS: "",
    Op.BETWEEN: "between",
}


def name_of(rule: Rule, taken: Collection[str]) -> str:
    """Return a name for an exclusion by its rule, other than those `taken`.

    >>> from bullseye.definitions.rule import Test
    >>> name_of(Test("employees", Op.UNDER, (50,)), ())
    'employees-under-50'
    """
    parts = [
        " ".join([test.field, _SAID.get(test.op, test.op), *map(_value, test.values)])
        for test in tests_in(rule)
    ]
    text = unicodedata.normalize("NFKD", " and ".join(parts)).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:50].strip("-")
    base = plain if plain[:1].isalpha() else f"segment-{plain}".rstrip("-")
    names = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
