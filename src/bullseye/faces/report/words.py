"""Numbers, days and names as the report writes them; text from data is made harmless to layout."""

import re
from datetime import date

DASH = "\N{EN DASH}"
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)
"""Control characters, marks that turn the direction of what follows, and half characters."""


def plain(text: object) -> str:
    r"""Return text from data on one line, without characters that act on what is around it.

    >>> plain("Acme\n\u202eLtd")
    'Acme Ltd'
    """
    return " ".join(_UNSEEN.sub(" ", str(text)).split())


def clipped(text: object, most: int = 80) -> str:
    """Return `text`, plain, and cut where it is longer than `most` characters.

    >>> clipped("a" * 100, 10)
    'aaaaaaaaa…'
    """
    found = plain(text)
    return found if len(found) <= most else found[: most - 1].rstrip() + ELLIPSIS


def thousands(number: float) -> str:
    """Return a whole number with separators.

    >>> thousands(1234567.6)
    '1,234,568'
    """
    return f"{number:,.0f}"


def compact(number: float) -> str:
    """Return a number in few characters, as on an axis.

    >>> [compact(n) for n in (0, 950, 12_500, 999_960, 3_000_000)]
    ['0', '950', '12.5k', '1M', '3M']
    """
    for suffix, size in (("bn", 1e9), ("M", 1e6), ("k", 1e3)):
        if abs(number) >= size * 0.99995:
            return f"{number / size:.1f}".removesuffix(".0") + suffix
    return f"{number:.0f}"


def percent(share: float) -> str:
    """Return a share, 0-1, in percent; small ones with a decimal, and never rounded to 0 or 100.

    >>> [percent(s) for s in (0, 0.0004, 0.034, 0.5, 0.9996, 1)]
    ['0%', '<0.1%', '3.4%', '50%', '>99%', '100%']
    """
    if 0 < share < 0.001:
        return "<0.1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{100 * share:.1f}%" if 0 < share < 0.1 else f"{100 * share:.0f}%"


def points(number: float | None) -> str:
    """Return a score with at most one decimal; a dash where it is unknown.

    >>> points(83.333), points(40.0), points(None) == DASH
    ('83.3', '40', True)
    """
    return DASH if number is None else f"{number:.1f}".removesuffix(".0")


def between(low: str, high: str) -> str:
    """Return an interval, or the one value where both ends read alike.

    >>> between("281", "399") == f"281{DASH}399", between("7", "7")
    (True, '7')
    """
    return low if low == high else f"{low}{DASH}{high}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    >>> counted(1, "account"), counted(1200, "account"), counted(2, "day")
    ('1 account', '1,200 accounts', '2 days')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def first_of(shown: int, total: int, noun: str) -> str:
    """Say how much of a list is shown.

    >>> first_of(50, 1234, "account"), first_of(3, 3, "account")
    ('first 50 of 1,234 accounts', 'all 3 accounts')
    """
    if shown < total:
        return f"first {shown:,} of {counted(total, noun)}"
    return counted(total, noun) if total < 2 else f"all {counted(total, noun)}"


def sentence(text: str) -> str:
    """Return `text` beginning with a capital; the rest keeps its letters.

    >>> sentence("all 2 ICPs")
    'All 2 ICPs'
    """
    return text[:1].upper() + text[1:]


def span(days: int) -> str:
    """Return a span of time in words.

    >>> span(1), span(90)
    ('1 day', '90 days')
    """
    return counted(days, "day")


def day(on: date) -> str:
    """Return a day as everyone reads it: ISO."""
    return on.isoformat()
