"""The style for Vale finds what we find: its rules are read back and applied as Vale does."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions import yaml
from bullseye.definitions.term import Status, Term
from bullseye.definitions.wording import Sheet
from bullseye.synthesize.vale import HEADER, vale_style

GOVERNED: dict[str, Any] = {
    "owner": "Dana Whitfield",
    "review_by": date(2030, 1, 1),
    "review_when": ["it moves"],
    "concept": "An idea that we talk about.",
}
LEVELS = {
    "error": Status.FORBIDDEN,
    "warning": Status.PREFERRED,
    "suggestion": Status.ALLOWED,
}


def terms(*wordings: dict[str, Any]) -> dict[str, Term]:
    made = [
        Term(name=f"t{at}", why="100 % of 'us' say it.", wordings=[each], **GOVERNED)
        for at, each in enumerate(wordings)
    ]
    return {each.name: each for each in made}


SHEET = terms(
    {"preferred": "customer success", "allowed": ["CS"], "forbidden": ["customer care"]},
    {"preferred": "buyer", "forbidden": ["customer", "client (old)", "user's", "R&D+"]},
    {"preferred": "HubSpot", "forbidden": ["hub-spot"]},
    {"preferred": "time to value", "forbidden": ["time-to-value", "value", "our best value"]},
)


def told_by_vale(sheet: dict[str, Term], text: str) -> set[tuple[int, int, Status]]:
    """Return what Vale's substitution rule reports: every match that is not what it expects."""
    found = set()
    for written in vale_style(sheet).values():
        rule = yaml.read(written)
        assert rule["extends"] == "substitution"
        rule["message"] % ("new", "old")  # Vale fills the two
        ignore = re.IGNORECASE if rule["ignorecase"] else 0
        for key, expected in rule["swap"].items():
            assert key.count("(") == key.count("(?"), "Vale takes no groups of ours"
            for match in re.finditer(key, text, ignore):
                same = match[0].lower() == expected.lower() if ignore else match[0] == expected
                if not same:
                    found.add((*match.span(), LEVELS[rule["level"]]))
    return found


def told_by_us(sheet: dict[str, Term], text: str) -> set[tuple[int, int, Status]]:
    return {
        (use.start, use.end, use.status)
        for use in Sheet.of(sheet.values()).uses(text)
        if use.status is not Status.PREFERRED or use.is_miscased
    }


@pytest.mark.parametrize(
    "text",
    [
        "Customer care and customer success for customers, the customer.",
        "A client (old), the Client (old) and clients (old).",
        "Hubspot, HUBSPOTS, HubSpot, Hub-Spot and hub\u2010spots.",
        "Users\u2019s? The user's R&D+ and r&d+.",
        "Time to value, time-to-value, values, our best\nvalue, CS, customer_success, _value_.",
    ],
)
def test_vale_would_find_what_we_find(text: str) -> None:
    assert told_by_vale(SHEET, text) == told_by_us(SHEET, text)
    assert told_by_us(SHEET, text)


PIECES = st.sampled_from(
    ["customer", "care", "success", "client", "(old)", "value", "our", "best", "time", "to", "CS"]
)
JOINTS = st.sampled_from([" ", " ", " ", "-", "_", ", ", ".", "s "])


@given(st.lists(st.tuples(PIECES, JOINTS), max_size=14))
def test_the_two_agree_on_any_words_between_single_blanks(pieces: list[tuple[str, str]]) -> None:
    text = "".join(word + joint for word, joint in pieces)
    assert told_by_vale(SHEET, text) == told_by_us(SHEET, text)


SIGNS = st.text(st.characters(codec="ascii", categories=["P", "S", "L"]), min_size=2, max_size=8)


@given(SIGNS.filter(lambda t: any(c.isalnum() for c in t) and "|" not in t and "$" not in t))
def test_signs_in_a_phrase_are_no_patterns(phrase: str) -> None:
    sheet = terms({"preferred": "zz9", "forbidden": [phrase]})
    text = f"say {phrase} now"
    assert told_by_vale(sheet, text) == told_by_us(sheet, text)


def test_every_file_says_who_wrote_it_and_has_the_ending_vale_reads() -> None:
    style = vale_style(SHEET)
    assert sorted(style) == [
        *("t0-allowed.yml", "t0.yml", "t1.yml"),
        *("t2-capitals.yml", "t2.yml", "t3.yml"),
    ]
    assert all(text.startswith(HEADER) for text in style.values())
    assert vale_style(SHEET, locale="de") == {}
