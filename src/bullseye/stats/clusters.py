"""Rates of cases that come in clusters: several cases of one account are not independent."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isnan
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from bullseye.stats.comparison import Effect, difference, ratio, score
from bullseye.stats.totals import Z95, student95

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PRIOR = 0.5
"""Accounts of fully alike cases that the correlation is drawn towards, where few can tell it."""

MIN_DEGREES = 4
"""Clusters less one below which Student's t is taken as with this many."""


@dataclass(frozen=True)
class Rate:
    """How often it happened among n cases of some accounts, with a 95 % interval.

    `effective` is how many independent cases would tell as much; `share` is NaN where n is 0.
    """

    share: float
    low: float
    high: float
    n: int
    accounts: int
    effective: float


@dataclass(frozen=True)
class Clustered:
    """Cases in groups and accounts, counted: what every rate and comparison needs.

    `n` and `yes` have one row per account and one column per group. `correlation` is how alike
    two cases of one account are, 0-1, once their groups are taken into account.
    """

    n: Ints
    yes: Ints
    correlation: float

    @classmethod
    def of(cls, happened: Bools, account: Ints, group: Ints, groups: int) -> "Clustered":
        """Count cases, each given by whether it happened, its account and its group (0..groups-1).

        Notes
        -----
        The correlation is the mean product of standardised residuals over all pairs of cases of
        one account (the pairwise moment estimator of the intraclass correlation: Ridout, Demetrio
        and Firth 1999, Biometrics 55, 137-148), pooled over the groups, never below 0, and drawn
        a little towards 1 where it rests on few accounts.
        """
        codes = np.unique(account, return_inverse=True)[1] if len(account) else account
        size = (int(codes.max()) + 1 if len(codes) else 0, groups)
        place = codes * groups + group
        cells = size[0] * groups
        n = np.bincount(place, minlength=cells).reshape(size)
        yes = np.bincount(place[happened], minlength=cells).reshape(size)
        return cls(n, yes, _correlation(n, yes))

    def rate(self, group: int) -> Rate:
        """Return how often it happened in one group.

        Notes
        -----
        Wilson's interval at the effective number of cases, n over the design effect, with
        Student's t of the accounts in the place of the normal quantile (Korn, E. L. and Graubard,
        B. I. 1998, Survey Methodology 24, 193-201; Wilson in place of Clopper-Pearson).
        """
        n, yes = int(self.n[:, group].sum()), int(self.yes[:, group].sum())
        accounts = int((self.n[:, group] > 0).sum())
        if n == 0:
            return Rate(float("nan"), 0.0, 1.0, 0, 0, 0.0)
        effective = n / self._design_effect(group)
        low, high = _wilson(yes / n, effective, self._quantile(accounts, n))
        return Rate(yes / n, low, high, n, accounts, effective)

    def difference(self, a: int, b: int) -> Effect:
        """Return the rate of group b less that of group a (see `comparison.difference`)."""
        counts = self._effective(a, b)
        if counts is None:
            return Effect(float("nan"), -1.0, 1.0)
        return difference(*counts, quantile=self._joint_quantile(a, b))

    def ratio(self, a: int, b: int) -> Effect:
        """Return the rate of group b over that of group a (see `comparison.ratio`)."""
        counts = self._effective(a, b)
        if counts is None:
            return Effect(float("nan"), 0.0, float("inf"))
        return ratio(*counts, quantile=self._joint_quantile(a, b))

    def chance(self, a: int, b: int) -> float:
        """Return how often chance alone sets two equal rates as far apart, two-sided, 0-1."""
        counts = self._effective(a, b)
        if counts is None:
            return 1.0
        reached = abs(score(*counts)) * Z95 / self._joint_quantile(a, b)
        return 2 * NormalDist().cdf(-reached)

    def lift(self, rest: int, chosen: int) -> Effect:
        """Return the rate of the chosen over the rate of all, chosen and rest together.

        All is a fixed mix of the two, so the interval follows from that of their ratio.
        """
        share = self.share(rest, chosen)
        if share in (0.0, 1.0):
            return Effect(1.0, 1.0, 1.0) if share else Effect(float("nan"), 0.0, float("inf"))
        times = self.ratio(rest, chosen)

        def over_all(ratio_: float) -> float:
            return ratio_ if isnan(ratio_) or ratio_ == 0 else 1 / (share + (1 - share) / ratio_)

        return Effect(*(over_all(each) for each in (times.estimate, times.low, times.high)))

    def share(self, rest: int, chosen: int) -> float:
        """Return which share of the cases of two groups is in the second, 0-1."""
        n_rest, n = int(self.n[:, rest].sum()), int(self.n[:, chosen].sum())
        return n / (n_rest + n) if n else 0.0

    def contrast(self, weights: Mapping[int, float]) -> Effect:
        """Return the weighted sum of the groups' rates; a group without cases counts nothing.

        Notes
        -----
        The method of variance estimates recovery (Zou, G. Y. and Donner, A. 2008, Statistics in
        Medicine 27, 1693-1702) over the groups' intervals, which keeps their lopsidedness. The
        groups are taken as independent; accounts with cases in two of them of opposite weight make
        the interval too wide, not too narrow.
        """
        middle, below, above = 0.0, 0.0, 0.0
        for group, weight in weights.items():
            rate = self.rate(group)
            if not rate.n or not weight:
                continue
            middle += weight * rate.share
            down, up = weight * (rate.share - rate.low), weight * (rate.high - rate.share)
            below += (down if weight > 0 else up) ** 2
            above += (up if weight > 0 else down) ** 2
        return Effect(middle, middle - below**0.5, middle + above**0.5)

    def inflation(self, a: int, b: int) -> float:
        """Return how many times as much a difference scatters as with independent cases."""
        n_a, n_b = self.n[:, a].sum(), self.n[:, b].sum()
        if not n_a or not n_b:
            return 1.0
        separate = self._design_effect(a) / n_a + self._design_effect(b) / n_b
        return float(separate * self._shared(a, b) / (1 / n_a + 1 / n_b))

    def _effective(self, a: int, b: int) -> tuple[float, float, float, float] | None:
        """Return yes and n of both groups at their effective numbers; None if one is empty."""
        found: list[float] = []
        if not all(self.n[:, group].sum() for group in (a, b)):
            return None
        for group in (a, b):
            n, yes = int(self.n[:, group].sum()), int(self.yes[:, group].sum())
            effective = n / (self._design_effect(group) * self._shared(a, b))
            found += [yes / n * effective, effective]
        return found[0], found[1], found[2], found[3]

    def _design_effect(self, group: int) -> float:
        n = self.n[:, group].astype(np.float64)
        return 1 + self.correlation * (float((n * n).sum() / n.sum()) - 1)

    def _shared(self, a: int, b: int) -> float:
        """Return the variance of the difference over what it were without common accounts."""
        n_a, n_b = (self.n[:, group].astype(np.float64) for group in (a, b))
        whole_a, whole_b = n_a.sum(), n_b.sum()
        p, q = (self._smoothed(group) for group in (a, b))
        separate = (
            p * (1 - p) * self._design_effect(a) / whole_a
            + q * (1 - q) * self._design_effect(b) / whole_b
        )
        common = self.correlation * np.sqrt(p * (1 - p) * q * (1 - q))
        common *= float((n_a * n_b).sum()) / (whole_a * whole_b)
        return max(0.1, float(1 - 2 * common / separate))

    def _smoothed(self, group: int) -> float:
        """Return the rate of a group, never 0 or 1."""
        return float((self.yes[:, group].sum() + 0.5) / (self.n[:, group].sum() + 1))

    def _quantile(self, accounts: int, n: int) -> float:
        """Return Student's t where clusters are what counts, the normal quantile where not."""
        if self.correlation == 0:
            return Z95
        return student95(max(MIN_DEGREES, accounts - 1))

    def _joint_quantile(self, a: int, b: int) -> float:
        fewest = min(int((self.n[:, group] > 0).sum()) for group in (a, b))
        return self._quantile(fewest, 0)


def _correlation(n: Ints, yes: Ints) -> float:
    """Return the pooled pairwise correlation within accounts, 0-1."""
    whole, won = n.sum(axis=0), yes.sum(axis=0)
    usable = (won > 0) & (won < whole)
    if not usable.any():
        return 0.0
    n, yes = n[:, usable], yes[:, usable]
    rate = won[usable] / whole[usable]
    spread = np.sqrt(rate * (1 - rate))
    residual = ((yes - n * rate) / spread).sum(axis=1)
    squares = ((yes * (1 - rate) ** 2 + (n - yes) * rate**2) / spread**2).sum(axis=1)
    sizes = n.sum(axis=1)
    pairs = float((sizes * (sizes - 1)).sum())
    if pairs == 0:
        return 0.0
    seen = float(np.clip(float((residual**2 - squares).sum()) / pairs, 0.0, 1.0))
    told = min(int((yes.sum(axis=1) > 0).sum()), int((n > yes).any(axis=1).sum()))
    return (told * seen + PRIOR) / (told + PRIOR)


def _wilson(share: float, n: float, z: float) -> tuple[float, float]:
    middle, scale = share + z * z / (2 * n), 1 + z * z / n
    spread = z * float(np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)))
    low = 0.0 if share == 0 else (middle - spread) / scale
    high = 1.0 if share == 1 else (middle + spread) / scale
    return low, high
