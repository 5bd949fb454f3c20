"""Drift: whether a definition still says what is true, or a review should open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from bullseye.govern.shifting import FieldShift
from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.discrimination import Estimate, auc
from bullseye.stats.drift import Ratio, Reference, Watch, observed_expected, watch

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FALSE_ALARMS = 0.10
"""The chance that a healthy watch of a year opens a review."""

ORDER_SHARE = 0.02
"""The part of it that the comparison of orders may use."""

ORDER_LIMIT = 2.0537
"""The standard normal quantile of 1 - `ORDER_SHARE`."""

MIN_REFERENCE = 30
"""Decided cases of the past below which nothing is expected."""

MIN_GROUP = 20
"""Cases of the past below which a tier is counted with the others."""

ENOUGH = 0.8
"""The chance of seeing a 40 % change within the watch, below which silence says nothing."""

RULE = (
    "Expected wins come from the rates by tier of the time before the watch. A review opens where"
    " a running sum (CUSUM of a 35 % change) or the score of a quarter passes its limit, or where"
    " the list sorts outcomes worse than before. All together open a review in 10 % of healthy"
    " watches. Shifts of fields explain, they never open one. Without an alarm it is no drift only"
    " where the watch would have seen a 40 % change with a chance of 80 %."
)


class Answer(StrEnum):
    """What the watch says."""

    NO_DRIFT = "no drift seen"
    REVIEW = "review opens"
    CANNOT_TELL = "cannot tell yet"


@dataclass(frozen=True)
class Dated:
    """Decided cases with their period: 0 and up during the watch, -1 before it; shape (n,).

    `standing` numbers the tiers and statuses, `order` is higher for accounts higher in the list
    of their day, `account` numbers the accounts.
    """

    period: Ints
    yes: Bools
    account: Ints
    standing: Ints
    order: Floats


@dataclass(frozen=True)
class Period:
    """One period of the watch, from its first to its last day.

    `ratio` is what happened over what was expected; `score` is that of the quarter that ends with
    the period.
    """

    first: date
    last: date
    ratio: Ratio
    running_sum: float
    score: float | None
    auc: Estimate | None


@dataclass(frozen=True)
class Tier:
    """One tier, or all with few cases together: its past rate, and what came during the watch."""

    name: str
    past: Rate
    ratio: Ratio


@dataclass(frozen=True)
class Drift:
    """What a watch found.

    `since` is the first day of the period in which the change seems to have begun; None without
    an alarm. `reasons` say what opened the review. `a_month` are the decided cases a month.
    `past_auc` and `auc` tell how well the list sorted before, and during the watch.
    """

    icp: str
    outcome: str
    outcome_sentence: str
    is_good: bool
    version: str
    as_of: date
    rule: str
    answer: Answer
    reasons: tuple[str, ...]
    since: date | None
    reference_cases: int
    cases: int
    a_month: float
    periods: tuple[Period, ...]
    overall: Ratio
    tiers: tuple[Tier, ...]
    fields: tuple[FieldShift, ...]
    past_auc: Estimate | None
    auc: Estimate | None
    watch: Watch
    left_out: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Asked:
    """What is watched: which version, which outcome, and the bounds of the periods.

    `bounds` has one more day than there are periods: the last day before each, and the last.
    """

    icp: str
    outcome: str
    outcome_sentence: str
    is_good: bool
    version: str
    as_of: date
    bounds: tuple[date, ...]
    months: int
    standings: tuple[str, ...]
    left_out: tuple[tuple[str, int], ...]


def drift(
    asked: Asked, cases: Dated, fields: tuple[FieldShift, ...] = (), *, seed: int = 0
) -> Drift:
    """Watch the periods of `cases` against the time before them.

    Parameters
    ----------
    asked
        What is watched.
    cases
        The decided cases.
    fields
        How fields of the accounts moved: shown as an explanation.
    seed
        Of the simulated limits.
    """
    codes, names = _groups(cases, asked.standings)
    before = cases.period < 0
    within = ~before
    count = len(asked.bounds) - 1
    past = Clustered.of(cases.yes[before], cases.account[before], codes[before], len(names))
    reference = _counted(cases.yes[before], codes[before], len(names))
    known = reference.thinned(_inflation(past, cases.account[before]))
    quarter = 3 if asked.months == 1 else 1
    inflation = _inflation(past, cases.account[within] * count + cases.period[within])
    n = _table(cases.period[within], codes[within], (count, len(names)))
    yes = _table(cases.period[within & cases.yes], codes[within & cases.yes], (count, len(names)))
    watched = watch(
        yes,
        n,
        known,
        rises=not asked.is_good,
        quarter=quarter,
        false_alarms=FALSE_ALARMS - ORDER_SHARE,
        inflation=inflation,
        seed=seed,
    )
    past_auc, now_auc = _auc(cases, before), _auc(cases, within)
    reasons = _reasons(asked, watched, past_auc, now_auc)
    tiers = tuple(
        Tier(
            name,
            past.rate(code),
            observed_expected(
                yes[:, [code]].sum(axis=0),
                n[:, [code]].sum(axis=0),
                Reference(known.yes[[code]], known.n[[code]]),
                inflation=inflation,
            ),
        )
        for code, name in enumerate(names)
    )
    return Drift(
        icp=asked.icp,
        outcome=asked.outcome,
        outcome_sentence=asked.outcome_sentence,
        is_good=asked.is_good,
        version=asked.version,
        as_of=asked.as_of,
        rule=RULE,
        answer=_answer(reasons, watched, int(before.sum())),
        reasons=reasons,
        since=None if watched.since is None else _day_after(asked.bounds, watched.since),
        reference_cases=int(before.sum()),
        cases=int(within.sum()),
        a_month=int(within.sum()) / (count * asked.months),
        periods=_periods(asked, cases, yes, n, known, inflation, watched),
        overall=observed_expected(yes.sum(axis=0), n.sum(axis=0), known, inflation=inflation),
        tiers=tiers,
        fields=fields,
        past_auc=past_auc,
        auc=now_auc,
        watch=watched,
        left_out=asked.left_out,
    )


def sentence(found: Drift) -> str:
    """Return the answer in words, with what it rests on."""
    seen = (
        f"A change of 40 % in the rate would have been seen within the watch with a chance of"
        f" {found.watch.caught:.0%}, within a quarter with {found.watch.caught_in_quarter:.0%}."
    )
    if found.a_month < MIN_REFERENCE:
        seen += (
            f" At {found.a_month:.0f} decided cases a month nothing could detect a 40 % change"
            " within a quarter reliably."
        )
    ratio = found.overall
    came = (
        f"{ratio.observed:,} came where {ratio.expected:,.0f} were expected:"
        f" {ratio.ratio:.2f} times ({ratio.low:.2f}-{ratio.high:.2f}, n = {ratio.n:,})."
        if ratio.ratio is not None
        else "Nothing was expected."
    )
    if found.answer is Answer.REVIEW:
        since = f" It seems to have begun in the period from {found.since}." if found.since else ""
        return f"A review opens: {'; '.join(found.reasons)}.{since} {came}"
    if found.answer is Answer.CANNOT_TELL:
        if found.reference_cases < MIN_REFERENCE:
            missing = MIN_REFERENCE - found.reference_cases
            return (
                f"Cannot tell yet: {found.reference_cases:,} cases were decided before the watch;"
                f" at least {missing:,} more are needed."
            )
        return f"Cannot tell yet: no alarm, but the watch is too weak. {seen} {came}"
    return f"No drift seen. {came} {seen}"


def _groups(cases: Dated, standings: tuple[str, ...]) -> tuple[Ints, tuple[str, ...]]:
    """Return each case's group and the groups' names: tiers with enough past, and all others."""
    past = np.bincount(cases.standing[cases.period < 0], minlength=len(standings))
    own = [code for code in range(len(standings)) if past[code] >= MIN_GROUP]
    place: Mapping[int, int] = {code: at for at, code in enumerate(own)}
    codes = np.array([place.get(int(code), len(own)) for code in cases.standing], dtype=np.int64)
    names = tuple(standings[code] for code in own)
    return codes, (*names, "all others" if names else "all")


def _counted(yes: Bools, codes: Ints, groups: int) -> Reference:
    return Reference(
        np.bincount(codes[yes], minlength=groups).astype(np.float64),
        np.bincount(codes, minlength=groups).astype(np.float64),
    )


def _table(period: Ints, codes: Ints, shape: tuple[int, int]) -> Ints:
    found = np.bincount(period * shape[1] + codes, minlength=shape[0] * shape[1])
    return found.reshape(shape).astype(np.int64)


def _inflation(past: Clustered, cluster: Ints) -> float:
    """Return by how much cases of these clusters scatter more than independent ones."""
    if not len(cluster):
        return 1.0
    sizes = np.unique(cluster, return_counts=True)[1].astype(np.float64)
    return 1 + past.correlation * float((sizes**2).sum() / sizes.sum() - 1)


def _auc(cases: Dated, chosen: Bools) -> Estimate | None:
    yes = cases.yes[chosen]
    if not yes.any() or yes.all():
        return None
    return auc(cases.order[chosen], yes, clusters=cases.account[chosen])


def _reasons(
    asked: Asked, watched: Watch, past: Estimate | None, now: Estimate | None
) -> tuple[str, ...]:
    found = []
    if watched.alarm_at is not None:
        less = "less" if asked.is_good else "more"
        first, last = _day_after(asked.bounds, watched.alarm_at), asked.bounds[watched.alarm_at + 1]
        found.append(f"{asked.outcome} happens {less} than expected, seen from {first} to {last}")
    if past is not None and now is not None and _order_lost(past, now, asked.is_good):
        found.append(
            f"the list sorts outcomes worse: AUC {now.value:.3f} ({now.low:.3f}-{now.high:.3f}),"
            f" before {past.value:.3f} ({past.low:.3f}-{past.high:.3f})"
        )
    return tuple(found)


def _order_lost(past: Estimate, now: Estimate, is_good: bool) -> bool:
    """Whether the AUC moved to the worse by more than chance does in `ORDER_SHARE` of years."""
    error = sqrt(sum(((each.high - each.low) / 3.92) ** 2 for each in (past, now)))
    moved = past.value - now.value if is_good else now.value - past.value
    return error > 0 and moved / error > ORDER_LIMIT


def _answer(reasons: tuple[str, ...], watched: Watch, past: int) -> Answer:
    if past < MIN_REFERENCE:
        return Answer.CANNOT_TELL
    if reasons:
        return Answer.REVIEW
    return Answer.NO_DRIFT if watched.caught >= ENOUGH else Answer.CANNOT_TELL


def _periods(
    asked: Asked,
    cases: Dated,
    yes: Ints,
    n: Ints,
    known: Reference,
    inflation: float,
    watched: Watch,
) -> tuple[Period, ...]:
    return tuple(
        Period(
            _day_after(asked.bounds, at),
            asked.bounds[at + 1],
            observed_expected(yes[at], n[at], known, inflation=inflation),
            watched.sums[at],
            watched.zs[at],
            _auc(cases, cases.period == at),
        )
        for at in range(len(asked.bounds) - 1)
    )


def _day_after(bounds: tuple[date, ...], at: int) -> date:
    return date.fromordinal(bounds[at].toordinal() + 1)
