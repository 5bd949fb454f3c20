"""One parser per type of field: from a cell's text to a value, to nothing, or to a reason."""

import re
from collections.abc import Callable
from typing import Final

from bullseye.definitions.field import FieldType
from bullseye.warehouse.cells import MISSING, Bad, Cell, Known, Style, clean_text, is_missing
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dates import parse_date
from bullseye.warehouse.lists import parse_list
from bullseye.warehouse.numbers import count, money, number, share

UNMAPPED_COUNTRY: Final = "a country we do not know"
SHARED_HOST: Final = "a host that many share"
SEVERAL_YEARS: Final = "more than a year is written; the first is kept"

_YES_WRITTEN = (
    "true t yes y 1 1.0 x ✓ ✔ on ja j wahr oui o vrai si sí s verdadero sì vero waar sim "
    "verdadeiro checked"
)
YES: Final = frozenset(_YES_WRITTEN.split())
"""Words for yes, in seven languages."""

_NO_WRITTEN = "false f no n 0 0.0 off nein falsch non faux falso nee onwaar não nao unchecked ✗ ✘"
NO: Final = frozenset(_NO_WRITTEN.split())
"""Words for no, in seven languages."""

_YEAR = re.compile(r"(?<![0-9])([12][0-9]{3})(?:\.0+)?(?![0-9])")
_DOMAIN = re.compile(
    r"^(?=.{4,253}$)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+(?:xn--[a-z0-9-]{2,59}|[^\W\d_]{2,63})$"
)
_SHARED_HOSTS_WRITTEN = (
    "linkedin.com facebook.com twitter.com x.com instagram.com youtube.com crunchbase.com "
    "github.com medium.com google.com gmail.com googlemail.com outlook.com hotmail.com "
    "yahoo.com icloud.com aol.com gmx.de gmx.net web.de protonmail.com live.com msn.com "
    "wikipedia.org angel.co apps.apple.com play.google.com bit.ly linktr.ee"
)
SHARED_HOSTS: Final = frozenset(_SHARED_HOSTS_WRITTEN.split())
"""Hosts that many accounts share, so that none of them is an account's own domain."""


def parse(kind: FieldType, text: str | None, style: Style) -> Cell:
    """Read one cell as one type of field.

    Parameters
    ----------
    kind
        Type of the field.
    text
        The cell as the file has it; None and "" are missing.
    style
        How the column writes its values, settled by the whole column.

    Returns
    -------
    Cell
        `Known` with the value (and a doubt, if there is one), `MISSING`, or `Bad` with the
        reason in words. Never raises, whatever the text.

    Examples
    --------
    >>> from datetime import date
    >>> parse(FieldType.COUNT, "10-50 employees", Style(as_of=date(2024, 1, 1)))
    Known(value=30, doubt='a range; its middle is kept')
    """
    if text is None or not (cleaned := clean_text(text)) or is_missing(cleaned):
        return MISSING
    if len(cleaned) > LONGEST.get(kind, LONGEST_WORD):
        return Bad("far too long for its field")
    return _PARSERS[kind](text if kind is FieldType.LIST else cleaned, style)


LONGEST_WORD: Final = 300
LONGEST: Final = {FieldType.TEXT: 100_000, FieldType.LIST: 100_000, FieldType.DOMAIN: 2_000}
"""Characters a cell may have, where that is more than `LONGEST_WORD`."""


def parse_text(text: str, _style: Style) -> Cell:
    """Read a TEXT: any."""
    return Known(text)


def parse_id(text: str, style: Style) -> Cell:
    """Read an ID: any text; ".0" goes only where the whole column carries it."""
    return Known(text.removesuffix(".0") if style.excel_ids else text)


def parse_flag(text: str, _style: Style) -> Cell:
    """Read a FLAG from words for yes and no in seven languages."""
    word = text.lower()
    if word in YES:
        return Known(value=True)
    return Known(value=False) if word in NO else Bad("neither yes nor no")


def parse_year(text: str, style: Style) -> Cell:
    """Read a YEAR, 1000 to the year after `as_of`: the first that is written."""
    years = [int(year) for year in _YEAR.findall(text)]
    if not years:
        return Bad("not a year")
    if years[0] > style.as_of.year + 1:
        return Bad(f"the year {years[0]} is impossible")
    plain = re.fullmatch(r"[0-9]{4}(?:\.0+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*", text)
    return Known(years[0], "" if plain else SEVERAL_YEARS if len(years) > 1 else "not only a year")


def parse_country(text: str, _style: Style) -> Cell:
    """Read a COUNTRY as ISO alpha-2; a country we do not know stays as it is written."""
    code = country_code(text)
    return Known(code) if code else Known(text, UNMAPPED_COUNTRY)


def parse_domain(text: str, _style: Style) -> Cell:
    """Read a DOMAIN from a host, an address or an e-mail: lower case, punycode, no "www."."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*:/*|^//", "", text.strip("<>\"' ").lower())
    host = re.split(r"[/?#\\\s,;]", host, maxsplit=1)[0].rpartition("@")[2]
    host = re.sub(r":[0-9]*$", "", host).strip(".").removeprefix("www.")
    if not _DOMAIN.match(host):
        return Bad("not a domain")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return Bad("not a domain")
    return Known(host, SHARED_HOST if host in SHARED_HOSTS else "")


_PARSERS: Final[dict[FieldType, Callable[[str, Style], Cell]]] = {
    FieldType.ID: parse_id,
    FieldType.TEXT: parse_text,
    FieldType.COUNTRY: parse_country,
    FieldType.DOMAIN: parse_domain,
    FieldType.COUNT: count,
    FieldType.YEAR: parse_year,
    FieldType.NUMBER: number,
    FieldType.MONEY: money,
    FieldType.SHARE: share,
    FieldType.DATE: parse_date,
    FieldType.FLAG: parse_flag,
    FieldType.LIST: parse_list,
}
