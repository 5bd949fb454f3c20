"""Names, domains and record numbers of accounts: made up, pronounceable, never the same twice.

Domains end in `.example`, which is reserved and belongs to nobody.
"""

import numpy as np
import pyarrow as pa

from bullseye.demo.cells import (
    Text,
    capitalised,
    either,
    hidden,
    joined,
    overwritten,
    taken,
    whole,
)
from bullseye.demo.chance import Bools, Ints
from bullseye.demo.story import COUNTRIES

_SYLLABLES = tuple(c + v for c in "bdfgklmnprstvzhj" for v in "aeio")
_WORDS = 4
_FIRST_RECORD = 9_000_000_000
_NAMES = len(_SYLLABLES) ** _WORDS
_STEP = 7_368_787  # odd, so that multiplying by it modulo a power of two repeats no name

_TRADES = (
    "Systems", "Labs", "Group", "Partners", "Software", "Digital", "Works", "Holdings",
    "Solutions", "Networks", "Industries", "Services",
)  # fmt: skip
_FORMS = tuple(sorted({form for country in COUNTRIES for form in country.legal_forms}))
_FOREIGN = ("株式会社 {}", "{} Київ", "شركة {}", "{} 有限公司", "{} Ελλάς")
_AWKWARD = ('{} "The Original"', "{}, Sons & Co", "{}\nHoldings", "{} / O'Brien; Partners", " {} ")
_FORMULAS = ("=HYPERLINK(1;2) {}", "+{}", "@{}", "-{}")
_HTML = ("<b>{}</b>", "<script>alert(1)</script> {}", "{} &amp; Co")
VARIANTS = (*_FOREIGN, *_AWKWARD, *_FORMULAS, *_HTML)
"""Ways of writing a name that break careless software; `{}` is the name."""

FOREIGN = range(len(_FOREIGN))
AWKWARD = range(FOREIGN.stop, FOREIGN.stop + len(_AWKWARD))
FORMULAS = range(AWKWARD.stop, AWKWARD.stop + len(_FORMULAS))
HTML = range(FORMULAS.stop, FORMULAS.stop + len(_HTML))


def base_names(index: Ints) -> Text:
    """Return one lower-case word per account; no two of the first 16 million are the same."""
    scrambled = (index * _STEP + 1_234_567) % _NAMES
    syllables = pa.array(_SYLLABLES, pa.string())
    size = len(_SYLLABLES)
    return joined(*(taken(syllables, scrambled // size**k % size) for k in range(_WORDS)))


def account_names(index: Ints, country: Ints, variant: Ints) -> Text:
    """Return display names; `variant` is a position in `VARIANTS`, or -1 for a plain name."""
    trade = taken(pa.array(_TRADES, pa.string()), index % len(_TRADES))
    form = taken(pa.array(_FORMS, pa.string()), _forms(index, country))
    plain = joined(capitalised(base_names(index)), " ", trade, " ", form)
    rows = np.flatnonzero(variant >= 0)
    written = [
        VARIANTS[code].format(name)
        for code, name in zip(variant[rows], taken(plain, rows).to_pylist(), strict=True)
    ]
    return overwritten(plain, rows, written)


def record_ids(index: Ints) -> Text:
    """Return the CRM's record number of each account; a negative index is an empty cell."""
    return hidden(whole(_FIRST_RECORD + index), index < 0)


def domains(index: Ints) -> Text:
    """Return the domain of each account."""
    return joined(base_names(index), ".example")


def written_domains(index: Ints, as_address: Bools) -> Text:
    """Return domains as people type them: some as a whole web address."""
    plain = domains(index)
    return either(as_address, joined("https://www.", plain, "/about"), plain)


def _forms(index: Ints, country: Ints) -> Ints:
    width = max(len(each.legal_forms) for each in COUNTRIES)
    table = np.array(
        [
            [_FORMS.index(each.legal_forms[k % len(each.legal_forms)]) for k in range(width)]
            for each in COUNTRIES
        ]
    )
    chosen: Ints = table[country, (index // len(_TRADES)) % width]
    return chosen
