"""Numbers as people write them: 1,000 and 1000 and 1k, 40 % and forty percent, € and EUR."""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from bullseye.definitions.contract import number_words as words
from bullseye.definitions.contract.plain import visible

MOST_DIGITS = 400
"""Digits behind which two numbers count as the same: no claim has as many."""


class Quantity(NamedTuple):
    """A number with its unit, "" where it has none; `written` is how it stands in the text."""

    value: Fraction
    unit: str
    written: str

    @property
    def meaning(self) -> tuple[Fraction, str]:
        """What two quantities must share to say the same."""
        return self.value, self.unit


class _Found(NamedTuple):
    start: int
    end: int
    value: Fraction
    unit: str
    scale: int


def _any(listed: Iterable[str]) -> str:
    return "|".join(re.escape(each) for each in sorted(listed, key=len, reverse=True))


_SMALL = _any(words.SMALL)
_SCALE = _any(words.SCALES)
_COUNTED = (
    rf"(?:(?P<cash>{_any(words.MONEY)})\s?)?(?P<article>\ba\s+)?(?P<words>\b(?:{_SMALL}|hundred|hundert|thousand|tausend|million|billion)\b"
    rf"(?:[\s-]+(?:and\s+|und\s+)?(?:{_SMALL}|{_any(words.SCALES.keys() - {'k', 'm', 'b'})})\b)*)"
)
_DIGITS = (
    rf"(?P<money>{_any(words.MONEY)})?\s?"
    r"(?P<digits>(?<![\d.,])\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b)?"
)
_DATE = r"(?P<date>(?<![\w-])\d{4}-\d{2}-\d{2}(?![\w-]))"
_UNIT = re.compile(
    r"[\s-]?(?:(?:working|business|calendar)\s)?"
    r"(?:(?P<spoken>per\s?cent|percentage points|pour\s?cents?)\b"
    rf"|(?P<unit>{_any(words.UNITS)})(?!\w))"
)
_THIRD = (
    r"(?P<parts>\b(?:a|one|two|three|ein|zwei|drei|un|deux|trois))?[\s-]+"
    r"(?P<part>third|thirds|drittel|tiers|quarters?|viertel|quarts?)\b"
)
_NUMBER = re.compile(
    rf"{_DATE}|{_DIGITS}|(?P<vague>\b(?:{_any(words.VAGUE)})\b)"
    rf"|(?P<whole>\b(?:{_any(words.WHOLES)})\b)|{_THIRD}|{_COUNTED}"
)
_BETWEEN = re.compile(r"\s*(?:-|\u2013|\u2014|\bto\b|\bbis\b|\bà\b)\s*")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Return every number that `text` says, in digits or words, in the order of the text.

    Signs do not count: costs that fell by 40 % are costs that changed by -40 %. A range gives
    both its ends the unit behind it.

    >>> [(int(q.value), q.unit) for q in quantities("1,000 of 1k at EUR 1.5m: forty per cent")]
    [(1000, ''), (1000, ''), (1500000, 'EUR'), (40, '%')]
    >>> [(int(q.value), q.unit) for q in quantities("B2B in Q3: 3-5 days, half, twenty-five sites")]
    [(3, 'days'), (5, 'days'), (50, '%'), (25, '')]
    """
    seen = visible(text).casefold()
    found = list(_found(seen))
    for at in range(len(found) - 1, 0, -1):
        before, after = found[at - 1], found[at]
        if not before.unit and _BETWEEN.fullmatch(seen[before.end : after.start]):
            scale = after.scale if before.scale == 1 else 1
            found[at - 1] = before._replace(
                unit=after.unit, value=before.value * scale, scale=after.scale
            )
    return tuple(Quantity(f.value, f.unit, seen[f.start : f.end].strip()) for f in found)


def unsupported(text: str, by: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers of `text`, as written, that none of the texts `by` says.

    >>> unsupported("40 % in 12 weeks", ["Forty percent of the work went away."])
    ('12 weeks',)
    """
    known = {each.meaning for other in by for each in quantities(other)}
    missing = (each.written for each in quantities(text) if each.meaning not in known)
    return tuple(dict.fromkeys(missing))


def _found(text: str) -> Iterator[_Found]:
    at = 0
    while match := _NUMBER.search(text, at):
        found = _read(text, match)
        if found is not None:
            yield found
        at = max(match.end(), found.end if found else match.end())
        if at == match.start():
            at += 1


def _read(text: str, match: re.Match[str]) -> _Found | None:
    start, end = match.span()
    if match["date"]:
        return _Found(start, end, Fraction(match["date"].replace("-", "")), "date", 1)
    if match["vague"]:
        return _Found(start, end, Fraction(-1), match["vague"], 1)
    if match["whole"]:
        return _Found(start, end, *words.WHOLES[match["whole"]], 1)
    if match["part"]:
        return _part(text, match)
    if match["words"]:
        return _spoken(text, match)
    return _in_digits(text, match)


def _part(text: str, match: re.Match[str]) -> _Found | None:
    """Read thirds and quarters; a quarter alone is mostly three months."""
    many = match["parts"] not in (None, "a", "one", "ein", "un")
    thirds = match["part"].startswith(("third", "drittel", "tiers"))
    if not (many and thirds) and not re.match(r"\s+(?:of|der|des|de)\b", text[match.end() :]):
        return None
    count = words.SMALL.get(match["parts"] or "a", 1)
    if thirds:
        return _Found(*match.span(), Fraction(count), "third", 1)
    return _Found(*match.span(), Fraction(25 * count), "%", 1)


def _spoken(text: str, match: re.Match[str]) -> _Found | None:
    value, listed = 0, _WORD.findall(match["words"])
    group = 0
    for word in listed:
        if word in words.SMALL:
            group += words.SMALL[word]
        elif word in words.SCALES:
            scale = words.SCALES[word]
            group = (group or 1) * scale
            if scale > 100:
                value, group = value + group, 0
    end, unit = _unit(text, match.end())
    if len(listed) == 1 and listed[0] in words.ONES and not (unit or match["cash"]):
        return None
    return _Found(match.start(), end, Fraction(value + group), _priced(match["cash"], unit), 1)


def _in_digits(text: str, match: re.Match[str]) -> _Found | None:
    start = match.start("money") if match["money"] else match.start("digits")
    token = _token(text, match.start("digits"))
    if token in words.NAMES_WITH_DIGITS:
        return None
    scale = words.SCALES[match["scale"]] if match["scale"] else 1
    end, unit = _unit(text, match.end())
    value = _value(match["digits"], percent=unit == "%")
    return _Found(start, end, value * scale, _priced(match["money"], unit), scale)


def _priced(money: str | None, unit: str) -> str:
    """Return the unit of a number with a currency before it: both where another is behind it."""
    before = words.UNITS[money] if money else ""
    return " ".join(dict.fromkeys(filter(None, (before, unit))))


def _token(text: str, at: int) -> str:
    """Return the run of letters and digits around a place."""
    start = at
    while start and text[start - 1].isalnum():
        start -= 1
    found = _WORD.match(text, start)
    return found[0] if found else ""


def _unit(text: str, at: int) -> tuple[int, str]:
    match = _UNIT.match(text, at)
    if match is None:
        return at, ""
    return match.end(), "%" if match["spoken"] else words.UNITS[match["unit"]]


def _value(digits: str, *, percent: bool) -> Fraction:
    """Return the number that digits with separators say.

    Of a comma and a point together the last is the decimal mark. One alone before exactly three
    digits parts thousands, but a point in a percentage does not: 99.999 %.
    """
    plain = digits.replace(" ", "").replace("'", "")[:MOST_DIGITS]
    marks = [c for c in plain if c in ",."]
    if not marks:
        return Fraction(plain)
    last = marks[-1]
    head, _, tail = plain.rpartition(last)
    grouped = len(tail) == 3 and not head.startswith("0") and not (last == "." and percent)
    if len(set(marks)) == 1 and (len(marks) > 1 or grouped):
        return Fraction(plain.replace(last, ""))
    return Fraction(head.replace(",", "").replace(".", "") + "." + tail)
