"""The Bullseye as it is shown and kept: lists, traits and plain sentences."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bullseye.segment.bullseye import Found, Needed
from bullseye.segment.customers import Customers, Missing, Ranking
from bullseye.segment.list_traits import Held, Trait
from bullseye.stats.discoveries import Standing

_LISTS = {"both": "of both lists", "fast": "of the fast list", "sticky": "of the sticky list"}


@dataclass(frozen=True)
class Member:
    """A customer on a list; what was not measured is None.

    `days` from the beginning of the opportunity to its winning, `discount` a share of list
    price, `use` per day (and seat, where the list says so), over `observed` days.
    """

    place: int
    account_id: str
    name: str | None
    days: int | None
    discount: float | None
    won_on: date | None
    use: float | None
    seats: int | None
    observed: int | None


@dataclass(frozen=True)
class CustomerList:
    """One of the two lists: what it is ordered by, over which days, from how many customers."""

    measure: str
    first_day: date
    last_day: date
    pool: int
    members: tuple[Member, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Overlap:
    """Customers on both lists, against two lists drawn by lot."""

    accounts: tuple[str, ...]
    count: int
    expected: float
    chance: float
    sentence: str


@dataclass(frozen=True)
class TraitTold:
    """A trait with its sentences."""

    trait: Trait
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class BullseyeTold:
    """The whole answer on one day.

    `warning` has to stand beside every number; empty where facts are dated. `traits` by
    question. `looked_at` is how many conditions were asked of how many questions.
    """

    as_of: date
    dated: bool
    warning: str
    facts_known: str
    k: int
    customers: int
    fast: CustomerList
    sticky: CustomerList
    overlap: Overlap
    conditions: int
    tests: int
    both: tuple[TraitTold, ...]
    fast_only: tuple[TraitTold, ...]
    sticky_only: tuple[TraitTold, ...]
    verdict: str
    can_tell: tuple[str, ...]
    refused: tuple[str, ...]
    missing: tuple[Missing, ...]


def customer_list(
    customers: Customers, ranking: Ranking, k: int, period: tuple[date, date], use: str
) -> CustomerList:
    """Return the first k of a ranking as rows; `use` is the measure of use that both show."""
    order = np.argsort(ranking.place)[: int(ranking.listed(k).sum())]
    members = tuple(_member(customers, ranking, int(at), use) for at in order)
    pool = int(ranking.pool.sum())
    return CustomerList(ranking.measure, *period, pool, members, ranking.missing)


def _member(customers: Customers, ranking: Ranking, at: int, measure: str) -> Member:
    use = customers.users[at] if measure.startswith("active") else customers.events[at]
    seats = customers.seats[at]
    if measure.endswith("seat"):
        use = use / seats if seats > 0 else np.nan
    return Member(
        place=int(ranking.place[at]),
        account_id=customers.account_ids[at],
        name=customers.names[at],
        days=_whole(customers.days[at]),
        discount=_known(customers.discount[at]),
        won_on=customers.won_on[at],
        use=_known(use),
        seats=_whole(seats),
        observed=_whole(customers.observed[at]),
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)


def _whole(value: float) -> int | None:
    return None if np.isnan(value) else round(float(value))


# -- sentences -----------------------------------------------------------------------------


def verdict(found: Found) -> str:
    """Return the answer in one sentence."""
    for ranking, lacking, needed in (
        (
            found.fast,
            "was won in the window",
            "opportunities with the days they were opened and won",
        ),
        (found.sticky, "has use that was measured", "usage, and subscriptions with seats"),
    ):
        if not ranking.pool.any():
            return f"No customer {lacking}, so two lists cannot be compared: import {needed}."
    evidence = [t.rule for t in found.traits["both"] if t.standing is Standing.EVIDENCE]
    over_all = [t.rule for t in found.traits["both"] if t.whole.standing is Standing.EVIDENCE]
    if evidence:
        return f"The fast and the sticky share: {'; '.join(evidence)}. That is evidence."
    if over_all:
        return (
            f"Lists of {found.k} cannot tell. Over all customers, these come earlier in both"
            f" orders: {'; '.join(over_all)}. That is evidence."
        )
    return (
        "Nothing that the two lists share is more than lists drawn by lot share as well: there"
        " is no Bullseye to be seen yet."
    )


def overlap_sentence(found: Found) -> str:
    """Return what the overlap of the two lists means."""
    seen = found.overlap
    if not (found.fast.pool & found.sticky.pool).any():
        return "No customer could have been on both lists."
    return (
        f"{seen.count} of {found.k} customers are on both lists; two lists drawn by lot have"
        f" {seen.expected:.2g} in common, and {seen.count} or more with probability"
        f" {said_chance(seen.chance)}."
    )


def trait_sentences(trait: Trait, question: str) -> tuple[str, ...]:
    """Return what is to be said of a trait: what is seen, by chance, what more would tell."""
    seen = " and ".join(f"{_of(held)}" for held in trait.held)
    lists = "on the fast and on the sticky list" if len(trait.held) > 1 else _LISTS[question]
    base = trait.base
    sentences = [
        f"{trait.rule}: {seen} {lists}; of all {base.n:,} customers {_percent(base.share)}"
        f" ({_percent(base.low)} to {_percent(base.high)}).",
        _by_chance(trait),
    ]
    sentences += _tell_more(trait)
    sentences.append(_over_all(trait))
    if trait.known_differs:
        sentences.append(
            f"Known of {_percent(trait.known[0])} of the listed and of"
            f" {_percent(trait.known[1])} of all: the difference is no accident, and may be the"
            " finding."
        )
    elif min(trait.known) < 1:
        sentences.append(
            f"Known of {_percent(trait.known[0])} of the listed, {_percent(trait.known[1])} of all."
        )
    return tuple(sentences)


def _by_chance(trait: Trait) -> str:
    n = trait.listed.n
    chance = f"probability {said_chance(trait.by_lot)}"
    words = {
        Standing.EVIDENCE: "evidence",
        Standing.CLUE: "a lead",
        Standing.ANECDOTE: "an anecdote",
    }
    return (
        f"By chance {n} listed customers show something like this with {chance}:"
        f" {words[trait.standing]}. Shrunken lift {trait.lift:.1f}"
        f" ({trait.low:.1f} to {trait.high:.1f})."
    )


def _tell_more(trait: Trait) -> list[str]:
    if trait.standing is Standing.EVIDENCE:
        return []
    if trait.more is None:
        return ["No number of further customers would tell: it is no more frequent than by lot."]
    if trait.more == 0:
        return ["As many customers would tell in four of five cases; here they did not."]
    return [f"About {trait.more:,} more listed customers would tell."]


def _over_all(trait: Trait) -> str:
    pairs = " and ".join(
        f"{_percent(order.share)} ({_percent(order.low)} to {_percent(order.high)})"
        for order in trait.whole.orders
    )
    n = trait.whole.orders[0].n_with
    return (
        f"Over all customers, one with it comes before one without in {pairs} of pairs"
        f" (50 % is chance; {n:,} have it): {trait.whole.standing}."
    )


def can_tell_sentence(needed: Needed) -> str:
    """Return what lists this long can show at all."""
    if needed.least is None:
        return f"A trait that {_percent(needed.base)} of customers have can never be evidence here."
    return (
        f"A trait that {_percent(needed.base)} of customers have is evidence only where at least"
        f" {needed.least} of the {needed.n} listed have it."
    )


def said_chance(p: float) -> str:
    """Return a probability in two digits, as in 0.31.

    >>> said_chance(0.314), said_chance(0.00002)
    ('0.31', 'under 0.001')
    """
    return f"{p:.2g}" if p >= 0.001 else "under 0.001"


def _of(held: Held) -> str:
    return f"{held.x} of {held.n}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
