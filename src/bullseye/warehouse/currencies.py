"""Signs and codes of currencies as people write them beside an amount."""

import re
from typing import Final

_CODES_WRITTEN = (
    "AED ARS AUD BDT BGN BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP GEL GHS HKD HRK HUF IDR "
    "ILS INR ISK JPY KES KRW KWD KZT LKR MAD MXN MYR NGN NOK NZD PEN PHP PKR PLN QAR RON RSD "
    "RUB SAR SEK SGD THB TRY TWD UAH UGX USD UYU VND ZAR"
)
CODES: Final = frozenset(_CODES_WRITTEN.split())
"""ISO 4217 codes that are read beside an amount."""

_SIGNS: Final = {
    "us$": "USD",
    "usd$": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "nz$": "NZD",
    "hk$": "HKD",
    "s$": "SGD",
    "nt$": "TWD",
    "mx$": "MXN",
    "r$": "BRL",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "rs": "INR",
    "rs.": "INR",
    "sfr": "CHF",
    "fr.": "CHF",
    "zł": "PLN",
    "₽": "RUB",
    "₩": "KRW",
    "₪": "ILS",
    "₺": "TRY",
    "₴": "UAH",
    "kč": "CZK",
    "ft": "HUF",
    "dollars": "$",
    "dollar": "$",
    "$": "$",
    "kr": "kr",
    "kr.": "kr",
}
_SHARED: Final = {
    "$": frozenset({"USD", "AUD", "CAD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "JPY": frozenset({"JPY", "CNY"}),
}
_DEFAULTS: Final = {"$": "USD", "JPY": "JPY"}


def currency_of(mark: str, workspace: str) -> str | None:
    """Return the ISO code a sign or code means, or None if it is no currency.

    "$" is the workspace's currency if that is a dollar or a peso, otherwise the US dollar;
    "kr" is a currency only where the workspace's own is a krone.

    >>> currency_of("$", "CAD"), currency_of("€", "USD"), currency_of("kr", "EUR")
    ('CAD', 'EUR', None)
    """
    sign = _SIGNS.get(mark.lower(), mark.upper())
    if sign in _SHARED:
        return workspace if workspace in _SHARED[sign] else _DEFAULTS.get(sign)
    return sign if sign in CODES else None


_SCALES: Final = {
    "thousand": 10**3,
    "thousands": 10**3,
    "k": 10**3,
    "tsd": 10**3,
    "000s": 10**3,
    "million": 10**6,
    "millions": 10**6,
    "mio": 10**6,
    "mn": 10**6,
    "mm": 10**6,
    "m": 10**6,
    "billion": 10**9,
    "billions": 10**9,
    "bn": 10**9,
    "mrd": 10**9,
}
_SHORT: Final = frozenset({"k", "m", "mm", "mn"})


def header_unit(header: str, workspace: str) -> tuple[str | None, int]:
    """Return the currency and the scale that a column's header names.

    Short scales count only beside a currency or in brackets, so that "Plan M" is no million.

    >>> header_unit("Revenue (EUR millions)", "USD"), header_unit("refund_amount_usd", "EUR")
    (('EUR', 1000000), ('USD', 1))
    >>> header_unit("Amount in $M", "USD"), header_unit("Try count", "USD")
    (('USD', 1000000), (None, 1))
    """
    words = re.findall(r"[^\W\d_]+|000s|[$€£¥₹]", header)
    currency = next((code for word in words if (code := _header_currency(word, workspace))), None)
    bracketed = bool(currency) or "(" in header
    for word in map(str.lower, words):
        if word in _SCALES and (bracketed or word not in _SHORT):
            return currency, _SCALES[word]
    return currency, 1


def _header_currency(word: str, workspace: str) -> str | None:
    looks_like_code = word.upper() in CODES and word.upper() not in {"TRY", "ALL", "PEN"}
    return currency_of(word, workspace) if looks_like_code or word in "$€£¥₹" else None
