"""Two versions of a definition on the same cases, and at equal spend."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.comparison import cases_needed
from bullseye.stats.discrimination import Estimate, auc_difference
from bullseye.validate.seen import Bools, Happened, Ints, Judged
from bullseye.validate.verdict import MARGIN, Verdict, enough, turned, verdict


@dataclass(frozen=True)
class Paired:
    """What two versions would have chosen of the same cases, and which did better.

    `tested` and `other` are the rates of what each chose; `both` is how many decided cases both
    chose, `only_tested` and `only_other` how many one of them alone. The verdict is on tested
    less other.
    """

    name: str
    tested: Rate
    other: Rate
    both: int
    only_tested: int
    only_other: int
    verdict: Verdict


@dataclass(frozen=True)
class Against:
    """A version against another: in T1, at equal capacity, and per target account.

    `order` is the AUC of the tested version's list less that of the other's. `spend` compares
    what came of each target account, where opportunities and touches are known.
    """

    other: str
    other_written_on: date | None
    t1: Paired
    capacity: Paired
    order: Estimate | None
    spend: tuple[Paired, ...]


@dataclass(frozen=True)
class Spent:
    """Target accounts of past days and what came of each; one row per account and day, (m,).

    `tested` and `other` tell which version chose it; `came` whether what `name` says followed.
    """

    name: str
    account: Ints
    tested: Bools
    other: Bools
    came: Bools


def against(
    happened: Happened,
    tested: Judged,
    other: Judged,
    *,
    capacity: int,
    is_good: bool,
    version: str,
    written_on: date | None,
    spent: tuple[Spent, ...],
) -> Against:
    """Compare two versions on the decided cases, and on what came of their target accounts."""
    decided = happened.decided
    yes, account = happened.yes[decided] == 1, happened.account[decided]
    t1 = paired("T1", yes, account, tested.is_t1[decided], other.is_t1[decided], is_good=is_good)
    best = paired(
        f"the best {capacity:,} accounts of each day",
        yes,
        account,
        tested.within(capacity)[decided],
        other.within(capacity)[decided],
        is_good=is_good,
    )
    spend = tuple(
        paired(each.name, each.came, each.account, each.tested, each.other, is_good=True)
        for each in spent
    )
    return Against(version, written_on, t1, best, _order(happened, tested, other), spend)


def paired(
    name: str, yes: Bools, account: Ints, tested: Bools, other: Bools, *, is_good: bool
) -> Paired:
    """Compare what two versions chose of the same cases.

    Notes
    -----
    What both chose counts for both, so the difference rests on what only one of them chose. Its
    interval is a contrast of three independent groups of cases: chosen by both, by the tested
    version alone, by the other alone (`Clustered.contrast`).
    """
    code = tested * 1 + other * 2
    cases = Clustered.of(yes, account, code.astype(np.int64), 4)
    n = [int((code == each).sum()) for each in range(4)]
    of_tested, of_other = n[1] + n[3], n[2] + n[3]
    rates = [
        Clustered.of(yes[each], account[each], _zeros(each), 1).rate(0) for each in (tested, other)
    ]
    weights = {
        1: n[1] / of_tested if of_tested else 0.0,
        2: -n[2] / of_other if of_other else 0.0,
        3: (n[3] / of_tested if of_tested else 0.0) - (n[3] / of_other if of_other else 0.0),
    }
    difference = turned(cases.contrast(weights), is_good)
    compared = rates[1].share if of_other else 0.0
    needed, told = 10**9, bool(of_tested and of_other) and bool(n[1] or n[2])
    union = tested | other
    if told:
        gap = max(abs(difference.estimate), MARGIN * compared)
        apart = (n[1] / of_tested + n[2] / of_other) / 2
        inflation = max(1.0, cases.inflation(1, 2)) * apart
        needed = cases_needed(compared, rates[0].share, 0.5, gap=gap, inflation=inflation)
        told = enough(yes[union], account[union])
    found = verdict(difference, compared, int(union.sum()), needed, told=told)
    return Paired(name, rates[0], rates[1], n[3], n[1], n[2], found)


def _zeros(chosen: Bools) -> Ints:
    return np.zeros(int(chosen.sum()), dtype=np.int64)


def _order(happened: Happened, tested: Judged, other: Judged) -> Estimate | None:
    decided = happened.decided
    yes = happened.yes[decided] == 1
    if not yes.any() or yes.all():
        return None
    scores = [-(each.place / np.maximum(each.accounts, 1))[decided] for each in (tested, other)]
    return auc_difference(scores[0], scores[1], yes, clusters=happened.account[decided])
