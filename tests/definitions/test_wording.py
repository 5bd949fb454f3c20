"""Wordings are found as whole words, in any case and simple plural, the longest phrase first."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bullseye.definitions.term import Status, Term, forbidden_phrases
from bullseye.definitions.wording import Sheet, Use

GOVERNED: dict[str, Any] = {
    "owner": "Dana Whitfield",
    "review_by": date(2030, 1, 1),
    "review_when": ["it moves"],
    "concept": "An idea that we talk about.",
    "why": "Because buyers say it so.",
}


def term(name: str = "idea", **wording: Any) -> Term:
    return Term(name=name, wordings=[{"preferred": "zzz", **wording}], **GOVERNED)


def found(text: str, *terms: Term, locale: str = "en") -> list[str]:
    return [text[use.start : use.end] for use in Sheet.of(terms, locale).uses(text)]


@pytest.mark.parametrize(
    ("phrase", "text", "seen"),
    [
        ("client", "Clients, a CLIENT, the client's clientele", ["Clients", "CLIENT", "client"]),
        ("company", "companies and accompany", ["companies"]),
        ("pitch", "pitches, pitch", ["pitches", "pitch"]),
        ("time to value", "Time  to\nvalue", ["Time  to\nvalue"]),
        ("time-to-value", "time to value; time\u2011to\u2013value", ["time\u2011to\u2013value"]),
        ("lead", "lead_score, my_lead, lead-gen, _lead_", ["lead", "lead"]),
        ("C++", "c++ and C", ["c++"]),
        ("A&B", "a&b, a & b", ["a&b"]),
        ("café", "Cafés, cafe\u0301, CAFÉ", ["Cafés", "cafe\u0301", "CAFÉ"]),
        ("don't", "Don\u2019t", ["Don\u2019t"]),
        ("onboarding", "onboardings onboarding2", ["onboardings"]),
    ],
)
def test_a_phrase_is_found_where_it_stands_as_whole_words(
    phrase: str, text: str, seen: list[str]
) -> None:
    assert found(text, term(forbidden=[phrase])) == seen


def test_a_phrase_inside_a_longer_one_is_not_found_on_its_own() -> None:
    sheet = (term("a", forbidden=["customer"]), term("b", preferred="customer success"))
    assert found("customer success for a customer", *sheet) == ["customer success", "customer"]
    assert found("our customer success", term(forbidden=["success", "customer success"])) == [
        "customer success"
    ]


def test_phrases_that_only_overlap_are_both_found() -> None:
    sheet = (term("a", forbidden=["value add"]), term("b", forbidden=["add on"]))
    assert found("a value add on top", *sheet) == ["value add", "add on"]


def test_capitals_of_a_preferred_name_are_meant_as_written() -> None:
    sheet = Sheet.of([term(preferred="HubSpot")])
    uses = list(sheet.uses("HubSpot, Hubspot, HUBSPOTS"))
    assert [use.is_miscased for use in uses] == [False, True, True]
    assert not next(iter(Sheet.of([term(preferred="value")]).uses("Value"))).is_miscased


def test_wordings_of_a_country_go_before_those_of_the_language() -> None:
    both = Term(
        name="idea",
        wordings=[
            {"locale": "en", "preferred": "lift", "forbidden": ["ride"]},
            {"locale": "en-GB", "preferred": "lift", "forbidden": ["elevator"]},
        ],
        **GOVERNED,
    )
    assert found("an elevator, a ride", both, locale="en-GB") == ["elevator"]
    assert found("an elevator, a ride", both, locale="en-US") == ["ride"]
    assert found("an elevator, a ride", both, locale="de") == []


def test_german_plurals_are_found() -> None:
    sheet = term(locale="de", preferred="Konto", forbidden=["Kunde"])
    assert found("Kunden und Kunde", sheet, locale="de") == ["Kunden", "Kunde"]


def test_one_term_says_each_language_once() -> None:
    with pytest.raises(ValidationError, match="one per language"):
        Term(name="a", wordings=[{"preferred": "xx"}, {"preferred": "yy"}], **GOVERNED)


@pytest.mark.parametrize("phrase", ["", "-", "a\nb", "x" * 81, "\u0007bell"])
def test_a_phrase_is_words_on_one_line(phrase: str) -> None:
    with pytest.raises(ValidationError):
        term(forbidden=[phrase])


def test_what_is_forbidden_is_listed_with_its_plurals() -> None:
    assert forbidden_phrases([term(forbidden=["client", "C++"])]) == ("client", "clients", "C++")


WORDS = st.sampled_from(["client", "clients", "success", "Client", "a", "_", "-", " ", "\n", "é"])


@given(st.lists(WORDS, max_size=30).map("".join))
def test_every_use_is_a_phrase_of_the_sheet_and_none_lies_in_another(text: str) -> None:
    phrases = {"client", "clients", "client success", "client successes", "aa", "aas"}
    sheet = Sheet.of([term(preferred="aa", forbidden=["client", "client success"])])
    uses: list[Use] = list(sheet.uses(text))
    assert {" ".join(text[u.start : u.end].lower().split()) for u in uses} <= phrases
    ends = [(use.start, use.end) for use in uses]
    assert ends == sorted(set(ends))
    assert all(late[1] > soon[1] for soon, late in pairwise(ends))
    assert {use.status for use in uses} <= {Status.FORBIDDEN, Status.PREFERRED}


@pytest.mark.parametrize(
    ("piece", "found"),
    [
        ("client ", 80_000),
        ("a", 0),
        ("_", 0),
        ("client success client_", 2),  # the underscore makes one word of all between
        ("\u0301", 0),
    ],
)
def test_a_very_long_text_is_read_to_its_end(piece: str, found: int) -> None:
    sheet = Sheet.of([term(forbidden=["client success a", "client"])])
    assert sum(1 for _ in sheet.uses(piece * 80_000)) == found
