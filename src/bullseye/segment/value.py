"""Value potential: what one more account of a segment is worth a year, as far as its n can tell."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.segment.segmentation import Segmentation
from bullseye.stats.amounts import mean_amount
from bullseye.stats.credibility import MIN_AMOUNTS, credible_means

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SegmentValue:
    """The expected yearly value of an account of one segment.

    `n` accounts have an amount of their own, `without` have none and would get `expected`;
    `raw_mean` is the plain mean (None without amounts), `weight` Z how much of it counts, 0-1;
    `low` and `high` its 95 % interval. Single amounts far above the usual one of their segment
    count as a large multiple of it, and what is above is shared by all segments.
    """

    segment: str
    n: int
    without: int
    raw_mean: float | None
    weight: float
    expected: float
    low: float
    high: float


@dataclass(frozen=True)
class FieldValue:
    """The segments of one field; `spread` says by how many times their expected values differ."""

    field: str
    segments: tuple[SegmentValue, ...]
    spread: float


@dataclass(frozen=True)
class Value:
    """The expected yearly value by segment, in the workspace's currency.

    `overall` is the mean of all `n` accounts with an amount, `low` and `high` its 95 % interval.
    """

    n: int
    overall: float
    low: float
    high: float
    fields: tuple[FieldValue, ...]


def values(amounts: Floats, divisions: tuple[Segmentation, ...]) -> Value | None:
    """Return the expected value by segment of each division; None where amounts are too few.

    Parameters
    ----------
    amounts
        Yearly amount of each account (n,), NaN where it has none of its own.
    divisions
        Segments of the same accounts.
    """
    own = np.isfinite(amounts) & (amounts > 0)
    if int(own.sum()) < MIN_AMOUNTS:
        return None
    whole = mean_amount(amounts[own], np.arange(int(own.sum())))
    assert whole.mean is not None  # noqa: S101 - there are enough amounts
    assert whole.low is not None  # noqa: S101 - it comes with the mean
    assert whole.high is not None  # noqa: S101 - it comes with the mean
    fields = [_field(amounts, own, each) for each in divisions]
    return Value(
        int(own.sum()),
        whole.mean,
        whole.low,
        whole.high,
        tuple(sorted(fields, key=lambda each: (-each.spread, each.field))),
    )


def _field(amounts: Floats, own: NDArray[np.bool_], division: Segmentation) -> FieldValue:
    found = credible_means(amounts[own], division.codes[own], len(division.names))
    assert found is not None  # noqa: S101 - there are enough amounts
    without = np.bincount(
        division.codes[~own & (division.codes >= 0)], minlength=len(division.names)
    )
    segments = tuple(
        SegmentValue(
            name,
            int(found.n[at]),
            int(without[at]),
            float(found.raw[at]) if found.n[at] else None,
            float(found.weight[at]),
            float(found.mean[at]),
            float(found.low[at]),
            float(found.high[at]),
        )
        for at, name in enumerate(division.names)
    )
    return FieldValue(
        division.field, segments, float(found.mean.max() / max(found.mean.min(), 1e-300))
    )
