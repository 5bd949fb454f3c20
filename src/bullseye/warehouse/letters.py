"""Cyrillic and Greek letters in Latin ones, so that one name is one text in any of them.

The tables are those of common romanisation (BGN/PCGN for Cyrillic, ELOT 743 for Greek), one
letter at a time; variants that stay apart differ by a letter, which a similar name allows.
"""

_ONE = {
    "абвгґдезиійклмнорстуўфыэ": "abvggdeziiyklmnorstuufye",
    "αβγδεζηικλμνοπρσςτυφω": "avgdeziiklmnoprsstyfo",
}
_MANY = {
    "п": "p",
    "є": "ye",
    "ж": "zh",
    "ї": "yi",
    "х": "kh",  # noqa: RUF001
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "θ": "th",
    "ξ": "x",
    "χ": "ch",
    "ψ": "ps",
}


def in_latin(text: str) -> str:
    """Return the SQL of a lower-case text without accents, in Latin letters as far as known."""
    letters = "".join(_ONE), "".join(_ONE.values())
    latin = f"translate({text}, '{letters[0]}', '{letters[1]}')"
    for letter, sounds in _MANY.items():
        latin = f"replace({latin}, '{letter}', '{sounds}')"
    return f"CASE WHEN regexp_matches({text}, '[\u0370-\u052f]') THEN {latin} ELSE {text} END"
