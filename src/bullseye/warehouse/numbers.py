"""Numbers as people write them: grouped, scaled, in a currency, as a range, or roughly."""

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from bullseye.definitions.source import DecimalMark
from bullseye.warehouse.cells import Bad, Cell, Known, Style
from bullseye.warehouse.currencies import currency_of

RANGE: Final = "a range; its middle is kept"
LOWER_BOUND: Final = "a lower bound"
UPPER_BOUND: Final = "an upper bound"
ROUGH: Final = "a rough figure"
OTHER_MARK: Final = "written with the other decimal mark"

_MOST: Final = Decimal(10) ** 15
_SCALES: Final = {
    "k": 10**3,
    "tsd": 10**3,
    "tsd.": 10**3,
    "thousand": 10**3,
    "tausend": 10**3,
    "mille": 10**3,
    "lakh": 10**5,
    "lakhs": 10**5,
    "m": 10**6,
    "mm": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "mio": 10**6,
    "mio.": 10**6,
    "mill": 10**6,
    "mill.": 10**6,
    "million": 10**6,
    "millions": 10**6,
    "millionen": 10**6,
    "millones": 10**6,
    "milioni": 10**6,
    "miljoen": 10**6,
    "cr": 10**7,
    "crore": 10**7,
    "crores": 10**7,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "billions": 10**9,
    "mrd": 10**9,
    "mrd.": 10**9,
    "mia": 10**9,
    "milliard": 10**9,
    "milliards": 10**9,
    "milliarden": 10**9,
    "tn": 10**12,
    "trn": 10**12,
    "trillion": 10**12,
}
_UNITS_WRITTEN = (
    "employee employees people persons person staff fte ftes headcount heads ppl workers users "
    "user seats seat licenses licences license licence members customers days day months years "
    "mitarbeiter mitarbeitende mitarbeiterinnen beschäftigte employés employé salariés "
    "personnes empleados personas trabajadores dipendenti addetti medewerkers werknemers "
    "funcionários colaboradores annually yearly arr mrr acv p.a. pa /year /yr /month /mo "
    "per year month a"
)
_UNITS: Final = frozenset(_UNITS_WRITTEN.split())
_ROUGHLY = re.compile(
    r"^(?:~|≈|about|around|approximately|approx\.?|circa|ca\.|ca(?=[\s0-9])|c\.|roughly|almost|nearly|some"
    r"|etwa|ungefähr|rund|environ|env\.|aproximadamente)\s*",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"^(?:>=|≥|>|more than|over|above|at least|min\.?|from|über|mehr als|plus de)\s*", re.IGNORECASE
)
_AT_MOST = re.compile(
    r"^(?:<=|≤|<|less than|under|below|up to|at most|max\.?|fewer than|unter|bis zu|weniger als"
    r"|moins de)\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?<=[\w%.$€£¥])\s*(?:-|\u2013|\u2014|\u2012|\bto\b|\bbis\b|\bà\b|\ba\b|\.\.+)\s*(?=\S)"
)
DIGITS = re.compile(r"[0-9](?:[0-9.,'\u2019  \u202f_]*[0-9])?|\.[0-9]+|,[0-9]+")
_EXPONENT = re.compile(r"^[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}$")
_ATOM = re.compile(r"[$€£¥₹₽₩₪₺₴]|/?[^\W\d_]+\$?(?:\.[^\W\d_]*)*\.?|%|\S")
GROUPS = {
    mark: re.compile(rf"^[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+$") for mark in (",", ".")
}
_INDIAN = re.compile(r"^[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}$")
_SPACED = re.compile(r"^[0-9]{1,3}(?:[ '\u2019_\u202f\u00a0][0-9]{3})+(?=$|[.,])")


@dataclass(frozen=True)
class Amount:
    """One number read from a cell, with what stood around it."""

    value: Decimal
    percent: bool = False
    currency: str = ""
    scaled: bool = False
    doubt: str = ""


def read_amount(text: str, style: Style) -> Amount | Bad:
    """Read one number, a bound or a range from a cleaned text.

    >>> from datetime import date
    >>> read_amount("$1,234.5m", Style(as_of=date(2024, 1, 1))).value
    Decimal('1234500000.0')
    """
    bare = text.removeprefix("'").strip()
    rough = _ROUGHLY.sub("", bare)
    doubt = ROUGH if rough != bare else ""
    for pattern, name in ((_AT_LEAST, LOWER_BOUND), (_AT_MOST, UPPER_BOUND)):
        shorter = pattern.sub("", rough)
        if shorter != rough:
            return _with_doubt(_single(shorter, style), name)
    if (parts := _BETWEEN.split(rough)) and len(parts) == 2:
        span = _range(parts[0], parts[1], style)
        if span is not None:
            return span
    return _with_doubt(_single(rough, style), doubt)


def _with_doubt(amount: Amount | Bad, doubt: str) -> Amount | Bad:
    return amount if isinstance(amount, Bad) or not doubt else replace(amount, doubt=doubt)


def _range(first: str, second: str, style: Style) -> Amount | Bad | None:
    low, high = _single(first, style), _single(second, style)
    if isinstance(low, Bad) or isinstance(high, Bad):
        return None
    if high.scaled and not low.scaled and low.value < high.value:
        factor = _trailing_scale(second)
        low = Amount(low.value * factor, low.percent, low.currency)
    if low.value > high.value:
        return Bad("a range whose end is below its start")
    currency = high.currency or low.currency
    middle = (low.value + high.value) / 2
    return Amount(middle, high.percent or low.percent, currency, high.scaled, RANGE)


def _trailing_scale(text: str) -> int:
    words = (word.lower() for word in _ATOM.findall(DIGITS.sub(" ", text)))
    return next((_SCALES[word] for word in words if word in _SCALES), 1)


def _single(text: str, style: Style) -> Amount | Bad:
    negative = False
    if text.startswith("(") and text.endswith(")"):
        negative, text = True, text[1:-1].strip()
    if _EXPONENT.match(text.lstrip("+-")):
        return _finished(Decimal(text), Amount(Decimal(0)), negative=negative)
    found = DIGITS.search(text)
    if not found or DIGITS.search(text, found.end()):
        return Bad("not a number")
    number = _decimal(found.group(), style)
    if isinstance(number, Bad):
        return number
    around = _around(text[: found.start()], text[found.end() :], style)
    if isinstance(around, Bad):
        return around
    value, doubt = number
    minus = negative or _is_negative(text[: found.start()], text[found.end() :])
    noted = replace(around, doubt=around.doubt or doubt)
    return _finished(value * around.value, noted, negative=minus)


def _is_negative(before: str, after: str) -> bool:
    return before.strip(" $€£¥₹").endswith(("-", "\u2212")) or after.strip() in {"-", "\u2212"}


def _finished(value: Decimal, around: Amount, *, negative: bool) -> Amount | Bad:
    if abs(value) >= _MOST:
        return Bad("the number is too large to be true")
    return replace(around, value=-value if negative else value)


def _around(before: str, after: str, style: Style) -> Amount | Bad:
    """Read the words around a number; `value` of the result is the factor they stand for."""
    factor, percent, currency, doubt = 1, False, "", ""
    for side, part in ((0, before), (1, after)):
        for atom in _ATOM.findall(part):
            word = atom.lower()
            if side and word in _SCALES and factor == 1:
                factor = _SCALES[word]
            elif word == "%":
                percent = True
            elif side and word == "+":
                doubt = LOWER_BOUND
            elif (
                word in {"-", "\u2212", "+"}
                or word in _UNITS
                or (side and word in {"/", "per", "."})
            ):
                continue
            elif not currency and (code := currency_of(atom, _own_currency(style))):
                currency = code
            elif side and (split := _scaled_currency(word, style)):
                factor, currency = split
            else:
                return Bad("not a number")
    return Amount(Decimal(factor), percent, currency, factor != 1, doubt)


def _own_currency(style: Style) -> str:
    return style.column_currency or style.currency


def _scaled_currency(word: str, style: Style) -> tuple[int, str] | None:
    """Split "m€"-like words, whose scale and currency touch."""
    for scale, factor in _SCALES.items():
        rest = word.removeprefix(scale)
        if rest != word and (code := currency_of(rest, _own_currency(style))):
            return factor, code
    return None


def _decimal(digits: str, style: Style) -> tuple[Decimal, str] | Bad:
    """Return the number that grouped digits stand for, and a doubt about its mark."""
    spaced = _SPACED.match(digits)
    if spaced:
        digits = re.sub(r"[ '\u2019_\u202f\u00a0]", "", spaced.group()) + digits[spaced.end() :]
    if re.search(r"[^0-9.,]", digits):
        return Bad("not a number")
    mark = decimal_mark(digits, style)
    if mark is None:
        return Bad("its thousands are grouped in a way numbers are not")
    grouping = "," if mark == "." else "."
    plain = digits.replace(grouping, "").replace(mark, ".")
    usual = "," if style.decimals is DecimalMark.COMMA else "."
    try:
        return Decimal(plain), OTHER_MARK if mark != usual and _shows_mark(digits) else ""
    except InvalidOperation:  # two decimal marks
        return Bad("not a number")


def _shows_mark(digits: str) -> bool:
    return "," in digits or "." in digits


def decimal_mark(digits: str, style: Style) -> str | None:
    """Return the decimal mark of a run of digits, "." or ","; None if it has no reading.

    The run's own shape decides where it can; `style` decides where two readings are left.
    """
    usual = "," if style.decimals is DecimalMark.COMMA else "."
    has_point, has_comma = "." in digits, "," in digits
    if has_point and has_comma:
        return _mark_of_two(digits)
    if not has_point and not has_comma:
        return usual
    only, other = (".", ",") if has_point else (",", ".")
    grouped = not digits.startswith("0") and bool(GROUPS[only].match(digits))
    if digits.count(only) > 1:
        return other if grouped or _INDIAN.match(digits) else None
    return other if grouped and only != usual else only


def _mark_of_two(digits: str) -> str | None:
    mark, other = (".", ",") if digits.rfind(".") > digits.rfind(",") else (",", ".")
    whole = digits.split(mark, maxsplit=1)[0]
    grouped = GROUPS[other].match(whole) or (other == "," and _INDIAN.match(whole))
    return mark if digits.count(mark) == 1 and grouped else None


def number(text: str, style: Style) -> Cell:
    """Read a NUMBER."""
    amount = read_amount(text, style)
    if isinstance(amount, Bad):
        return amount
    value = amount.value / 100 if amount.percent else amount.value
    return Known(float(value * style.scale), amount.doubt)


def count(text: str, style: Style) -> Cell:
    """Read a COUNT: a whole number from zero to a million million."""
    amount = read_amount(text, style)
    if isinstance(amount, Bad):
        return amount
    if amount.percent or amount.currency:
        return Bad("not a count")
    if amount.value < 0:
        return Bad("a count cannot be negative")
    value = amount.value * style.scale
    whole = int(value)
    if whole != value and amount.doubt != RANGE:
        return Bad("not a whole number")
    return Known(whole, amount.doubt) if whole <= 10**12 else Bad("the count is too large")


def money(text: str, style: Style) -> Cell:
    """Read an amount of MONEY in the workspace's currency, rounded half up to two decimals."""
    amount = read_amount(text, style)
    if isinstance(amount, Bad):
        return amount
    if amount.percent:
        return Bad("a share where money is expected")
    code = amount.currency or style.column_currency or style.currency
    rate = Decimal(1) if code == style.currency else style.rates.get(code)
    if rate is None:
        return Bad(f"currency {code} has no rate: add it to bullseye.yaml")
    scale = 1 if amount.scaled else style.scale
    value = (amount.value * rate * scale).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Known(value, amount.doubt) if abs(value) < _MOST else Bad("the amount is too large")


def share(text: str, style: Style) -> Cell:
    """Read a SHARE: 0.2 from "20%", and from a bare "20" where the column counts in percent."""
    amount = read_amount(text, style)
    if isinstance(amount, Bad):
        return amount
    if amount.currency:
        return Bad("money where a share is expected")
    hundredths = amount.percent or style.percents
    return Known(float(amount.value / 100 if hundredths else amount.value), amount.doubt)
