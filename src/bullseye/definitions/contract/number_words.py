"""Words that say a number or its unit, in English, German and French.

Words that mostly mean something else are left out: "one" counts only before a unit, and the
French "sept", "neuf" and "cent" not at all.
"""

from collections.abc import Mapping
from fractions import Fraction

SMALL: Mapping[str, int] = {
    word: number
    for number, words in (
        (0, "zero null zéro"),
        (1, "one ein eine einen einem einer un une"),
        (2, "two zwei zwo deux"),
        (3, "three drei trois"),
        (4, "four vier quatre"),
        (5, "five fünf cinq"),
        (6, "six sechs"),
        (7, "seven sieben"),
        (8, "eight acht huit"),
        (9, "nine neun"),
        (10, "ten zehn dix"),
        (11, "eleven elf onze"),
        (12, "twelve zwölf douze dozen dutzend douzaine"),
        (13, "thirteen dreizehn treize"),
        (14, "fourteen vierzehn quatorze"),
        (15, "fifteen fünfzehn quinze"),
        (16, "sixteen sechzehn seize"),
        (17, "seventeen siebzehn"),
        (18, "eighteen achtzehn"),
        (19, "nineteen neunzehn"),
        (20, "twenty zwanzig vingt"),
        (30, "thirty dreißig dreissig trente"),
        (40, "forty fourty vierzig quarante"),
        (50, "fifty fünfzig cinquante"),
        (60, "sixty sechzig soixante"),
        (70, "seventy siebzig septante"),
        (80, "eighty achtzig octante huitante"),
        (90, "ninety neunzig nonante"),
    )
    for word in words.split()
}

ONES = frozenset(word for word, number in SMALL.items() if number == 1)
"""Words for one that are mostly articles or pronouns."""

SCALES: Mapping[str, int] = {
    word: scale
    for scale, words in (
        (100, "hundred hundert"),
        (1_000, "k thousand tsd tausend mille"),
        (1_000_000, "m mm mn mio million millions millionen"),
        (1_000_000_000, "b bn billion billions mrd milliarde milliarden milliard milliards"),
    )
    for word in words.split()
}

VAGUE = frozenset(
    (
        "dozens", "hundreds", "thousands", "millions", "billions", "dutzende", "hunderte",
        "tausende", "douzaines", "centaines", "milliers",
    )
)  # fmt: skip
"""Numbers without a value: a claim all the same."""

WHOLES: Mapping[str, tuple[Fraction, str]] = {
    word: (Fraction(value), unit)
    for value, unit, words in (
        (50, "%", "half halve halved halves halving hälfte halbe halbiert halbieren moitié"),
        (2, "times", "twice double doubled doubles doubling twofold doppelt verdoppelt doublé"),
        (3, "times", "thrice triple tripled triples tripling threefold dreifach triplé"),
        (4, "times", "quadruple quadrupled fourfold vierfach quadruplé"),
        (10, "times", "tenfold zehnfach"),
    )
    for word in words.split()
}
"""Words that are a number with its unit."""

UNITS: Mapping[str, str] = {
    word: unit
    for unit, words in (
        ("%", "% percent percents pct prozent"),
        ("times", "x \u00d7 times mal fois fold"),
        ("USD", "$ usd dollar dollars us$"),
        ("EUR", "€ eur euro euros"),
        ("GBP", "£ gbp pound pounds pfund"),
        ("CHF", "chf franken francs"),
        ("JPY", "¥ jpy yen"),
        ("seconds", "s sec secs second seconds sekunde sekunden seconde secondes"),
        ("minutes", "min mins minute minutes minuten"),
        ("hours", "h hr hrs hour hours stunde stunden heure heures"),
        ("days", "d day days tag tage tagen jour jours"),
        ("weeks", "wk wks week weeks woche wochen semaine semaines"),
        ("months", "mo mos month months monat monate monaten mois"),
        ("years", "yr yrs year years jahr jahre jahren an ans année années"),
        ("ordinal", "st nd rd th"),
    )
    for word in words.split()
}
"""Words behind a number, and the unit they mean."""

MONEY = ("us$", "$", "€", "£", "¥", "usd", "eur", "gbp", "chf", "jpy")
"""Units that may also stand before the number."""

NAMES_WITH_DIGITS = frozenset(
    (
        "3pl", "4pl", "2fa", "3g", "4g", "5g", "2d", "3d", "b2b", "b2c", "p2p", "o2c", "q1", "q2",
        "q3", "q4", "h1", "h2", "t1", "t2", "t3", "s3", "ec2", "k8s", "i18n", "ga4",
    )
)  # fmt: skip
"""Names that hold a digit and no number."""
