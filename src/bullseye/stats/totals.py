"""Totals over accounts of which some are unknown: an estimate with its interval."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
MIN_KNOWN = 5
"""Known values below which no mean is put in the place of the missing ones."""


@dataclass(frozen=True)
class Count:
    """How many accounts are meant, where for some it cannot be told.

    Parameters
    ----------
    yes, no, unknown
        Accounts that are, are not, and might be meant.
    """

    yes: int
    no: int
    unknown: int

    @property
    def low(self) -> int:
        """The count if none of the unknown are meant."""
        return self.yes

    @property
    def high(self) -> int:
        """The count if all of the unknown are meant."""
        return self.yes + self.unknown

    @property
    def estimate(self) -> float:
        """The count if the unknown are meant as often as the known; `yes` where none is known.

        >>> Count(yes=30, no=70, unknown=50).estimate
        45.0
        """
        known = self.yes + self.no
        return self.yes + self.unknown * (self.yes / known if known else 0.0)


@dataclass(frozen=True)
class Moments:
    """Sufficient statistics of one amount over accounts: n known, how many missing."""

    known: int
    missing: int
    total: float
    mean: float
    sd: float


@dataclass(frozen=True)
class Total:
    """A sum of money with its 95 % interval; None where it cannot be told yet.

    `n` are the accounts whose value is known, `missing` those whose is not.
    """

    estimate: float | None
    low: float | None
    high: float | None
    n: int
    missing: int


def total(moments: Moments) -> Total:
    """Return the total with the missing values put at the mean of the known ones.

    The interval is that of predicting the sum of m further values from n: the standard error
    is ``sd * sqrt(m + m**2 / n)``, times Student's t with n - 1 degrees of freedom (the textbook
    prediction interval). It assumes that values are missing at random, and covers that
    uncertainty only; where values are very skewed and few are known, it covers less than 95 %.

    >>> total(Moments(known=4, missing=0, total=100.0, mean=25.0, sd=3.0)).estimate
    100.0
    >>> total(Moments(known=2, missing=8, total=50.0, mean=25.0, sd=3.0)).estimate is None
    True
    """
    n, m = moments.known, moments.missing
    if m == 0:
        return Total(moments.total, moments.total, moments.total, n, m)
    if n < MIN_KNOWN:
        return Total(None, None, None, n, m)
    estimate = moments.total + m * moments.mean
    error = student95(n - 1) * moments.sd * sqrt(m + m * m / n)
    return Total(estimate, max(moments.total, estimate - error), estimate + error, n, m)


def student95(degrees: int) -> float:
    """Return the two-sided 95 % quantile of Student's t, within 0.01 from 4 degrees on.

    Hill, G. W. (1970), Algorithm 396: Student's t-quantiles, Communications of the ACM 13,
    619-620: the expansion around the normal quantile.

    >>> [round(student95(n), 2) for n in (4, 9, 30, 1000)]
    [2.77, 2.26, 2.04, 1.96]
    """
    z, n = Z95, degrees
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
