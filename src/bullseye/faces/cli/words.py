"""How the command line writes numbers."""

from bullseye.pipeline import Counted, Money


def compact(number: float | None) -> str:
    """Return a number as a person writes it.

    >>> [compact(n) for n in (0, 950, 12_500, 3_000_000, None)]
    ['0', '950', '12.5k', '3M', '?']
    """
    if number is None:
        return "?"
    for suffix, size in (("B", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(number) >= size * 0.99995:
            return f"{number / size:.1f}".removesuffix(".0") + suffix
    return f"{number:.0f}"


def number_of(count: int, noun: str, nouns: str = "") -> str:
    """Return a count with its noun; `nouns` is its plural where an s is not enough.

    >>> [number_of(n, "day") for n in (1, 2_400)]
    ['1 day', '2,400 days']
    >>> number_of(2, "opportunity", "opportunities")
    '2 opportunities'
    """
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def score(number: float | None) -> str:
    """Return a score with at most one decimal, or ? where it is unknown."""
    return "?" if number is None else f"{number:.1f}".removesuffix(".0")


def money(total: Money) -> tuple[str, str, str]:
    """Return a sum, its interval and its n in words."""
    if total.estimate is None or total.low is None or total.high is None:
        return "cannot tell yet", "", f"{total.n:,} known"
    interval = "exact" if total.low == total.high else f"{compact(total.low)}-{compact(total.high)}"
    return compact(total.estimate), interval, f"{total.n:,}"


def tiers_line(counted: Counted) -> str:
    """Return the counts of one ICP in a line."""
    tiers = " · ".join(f"{tier} {n:,}" for tier, n in counted.tiers.items())
    others = " · ".join(f"{status} {n:,}" for status, n in counted.statuses.items() if n)
    return f"{tiers} · {others}"
