"""The shared language as a style for Vale, the prose linter: the same wordings, found the same way.

The patterns keep to what the regular expressions of Go (regexp2) and of Python read alike. Two
things differ from `bullseye language check`: a longer phrase must be written with single blanks
to shelter a shorter one inside it, and Vale decides by itself what of a file is prose.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bullseye.definitions import yaml
from bullseye.definitions.term import Status, Term, forms

HEADER = "# Written by: bullseye language export --vale. Change the terms, then export again.\n"
_PIECE = re.compile(r"\s+|.", re.DOTALL)
_DASHES = "\u2010\u2011\u2012\u2013\u2212"
_QUOTES = "\u2018\u2019\u02bc"
_BEFORE = r"(?<![^\W_])(?<!\w_)"
_AFTER = r"(?![^\W_])(?!_\w)"


def vale_style(terms: Mapping[str, Term], *, locale: str = "en") -> Mapping[str, str]:
    """Return the files of a Vale style by name: what is forbidden, allowed, and miscased, per term.

    Forbidden wordings are errors, other capitals of a preferred one are warnings, allowed
    wordings are suggestions. A style is a folder of such files inside Vale's StylesPath.

    Source of the format: https://vale.sh/docs/checks/substitution
    """
    known = tuple(_known(terms, locale))
    return {
        f"{name}{suffix}.yml": HEADER + yaml.write(rule)
        for name, term in sorted(terms.items())
        for suffix, rule in _rules(term, locale, known)
    }


def _known(terms: Mapping[str, Term], locale: str) -> Iterator[str]:
    """Yield every form of every phrase of a language: the longer ones shelter the shorter."""
    for term in terms.values():
        wording = term.wording(locale)
        if wording is not None:
            for _, phrase in wording.phrases():
                yield from forms(phrase, wording.locale)


def _rules(term: Term, locale: str, known: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    wording = term.wording(locale)
    if wording is None:
        return
    why = term.why.replace("%", "%%")
    kinds = (
        ("", Status.FORBIDDEN, "error", f"Write '%s' instead of '%s'. {why}"),
        ("-allowed", Status.ALLOWED, "suggestion", f"Rather '%s' than '%s'. {why}"),
    )
    for suffix, status, level, message in kinds:
        swap = {
            pattern(form, known): wording.preferred
            for said, phrase in wording.phrases()
            if said is status
            for form in forms(phrase, wording.locale)
        }
        if swap:
            yield suffix, _rule(message, level, swap, ignorecase=True)
    if wording.preferred != wording.preferred.lower():
        swap = {
            f"(?i:{pattern(form, known)})": form
            for form in forms(wording.preferred, wording.locale)
        }
        message = f"Write '%s', with these capitals, instead of '%s'. {why}"
        yield "-capitals", _rule(message, "warning", swap, ignorecase=False)


def _rule(message: str, level: str, swap: Mapping[str, str], *, ignorecase: bool) -> dict[str, Any]:
    return {
        "extends": "substitution",
        "message": message,
        "level": level,
        "ignorecase": ignorecase,
        "nonword": True,
        "swap": dict(swap),
    }


def pattern(phrase: str, known: tuple[str, ...] = ()) -> str:
    r"""Return the pattern that finds a phrase as whole words, unless a longer known one holds it.

    >>> import re
    >>> found = re.compile(pattern("customer", ("customer success",)), re.IGNORECASE)
    >>> [m.span() for m in found.finditer("Customer success, customers and a customer")]
    [(34, 42)]
    """
    literal = _literal(phrase)
    shelters = [
        _shelter(longer, phrase)
        for longer in dict.fromkeys(known)
        if len(longer) > len(phrase) and _holds(longer, phrase)
    ]
    return "".join((*shelters, _bounded(literal, phrase)))


def _bounded(literal: str, phrase: str) -> str:
    before = _BEFORE if phrase[0].isalnum() else r"(?<!\w_)"
    after = _AFTER if phrase[-1].isalnum() else r"(?!_\w)"
    return f"{before}{literal}{after}"


def _holds(longer: str, phrase: str) -> bool:
    return re.search(_bounded(_literal(phrase), phrase), longer, re.IGNORECASE) is not None


def _shelter(longer: str, phrase: str) -> str:
    """Return that a phrase does not stand inside a longer one at this place."""
    found = re.search(_bounded(_literal(phrase), phrase), longer, re.IGNORECASE)
    assert found is not None  # noqa: S101 - the caller has just seen it
    before, after = longer[: found.start()], longer[found.start() :]
    edge = _BEFORE if before and before[0].isalnum() else ""
    behind = f"(?<={edge}{_literal(before, blank=chr(92) + 's')})" if before else ""
    return f"(?!{behind}{_literal(after)}{_AFTER if after[-1].isalnum() else ''})"


def _literal(phrase: str, *, blank: str = r"\s+") -> str:
    """Return a phrase as a pattern; signs by their number, since brackets would count as groups."""
    return "".join(_piece(found[0], blank) for found in _PIECE.finditer(phrase))


def _piece(piece: str, blank: str) -> str:
    if piece.isspace():
        return blank
    if piece == "-" or piece in _DASHES:
        return f"[\\x2d{_DASHES}]"
    if piece == "'" or piece in _QUOTES:
        return f"[\\x27{_QUOTES}]"
    if piece.isalnum() or not piece.isascii():
        return piece
    return f"\\x{ord(piece):02x}"
