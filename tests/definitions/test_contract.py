"""The contract of messages: what a text claims is found, however it is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.contract import (
    certificates,
    named,
    phrases_in,
    quantities,
    topics,
    unattested,
    unproven,
    unsupported,
)
from bullseye.definitions.contract.names import dropped
from bullseye.definitions.message import Topic

SAME = [
    ("1,000", "1000", "1k", "1 000", "1'000", "one thousand", "a thousand", "1\u00a0000", "1.0k"),
    ("40 %", "40%", "forty percent", "40 per cent", "40 pct", "vierzig Prozent", "-40 %", "40.0 %"),
    ("€1.5M", "EUR 1,500,000", "1.5 million euros", "1,5 Mio €", "1.500.000 EUR"),
    ("$5bn", "USD 5 billion", "5,000,000,000 dollars"),
    ("12 weeks", "12-week", "twelve weeks", "a dozen weeks", "zwölf Wochen"),
    ("half", "50 %", "halved", "fifty percent"),
    ("twice", "2x", "doubled", "two times", "2 times"),
    ("25", "twenty-five", "twenty five"),
    ("250", "two hundred and fifty"),
    ("99.999 %", "99.9990 %"),
]


@pytest.mark.parametrize("forms", SAME, ids=lambda each: each[0])
def test_a_number_is_the_same_however_it_is_written(forms: tuple[str, ...]) -> None:
    for one in forms:
        for other in forms:
            assert unsupported(f"We say {one}, really.", [f"They said {other} of it."]) == ()


@pytest.mark.parametrize(
    ("said", "proven"),
    [
        ("40 %", "40"),
        ("40", "40 %"),
        ("40 hours", "40 days"),
        ("40 %", "4 %"),
        ("1k", "1 million"),
        ("$5", "€5"),
        ("5", "$5"),
        ("1.5 %", "15 %"),
        ("hundreds", "a hundred"),
        ("two thirds", "a third of them"),
        ("in 3-5 days", "in 3 days"),
        ("4\u200b0 %", "4 and 0 %"),
        ("\u0664\u0660 %", "44 %"),
        ("saves40%", "saves"),
        ("40x", "40 %"),
        ("1st", "1 day"),
    ],
)
def test_another_number_or_another_unit_is_unsupported(said: str, proven: str) -> None:
    assert unsupported(f"It is {said} now.", [f"It was {proven} then."]) != ()


@pytest.mark.parametrize(
    "text",
    [
        "No one sells B2B by Q3 with 2FA and a 3PL.",
        "One of them, and another one.",
        "Last quarter, a quarter of an hour? no: this quarter.".replace(
            "a quarter of an hour? ", ""
        ),
        "The second option, in the long run.",
        "",
    ],
)
def test_names_and_pronouns_are_no_numbers(text: str) -> None:
    assert quantities(text) == ()


def test_a_range_gives_both_ends_its_unit() -> None:
    found = [each.meaning for each in quantities("3 to 5 million euros, 10\u201320 %")]
    assert found == [
        (3_000_000, "EUR"),
        (5_000_000, "EUR"),
        (10, "%"),
        (20, "%"),
    ]


@given(st.text(max_size=80))
def test_any_text_can_be_read_and_supports_itself(text: str) -> None:
    assert unsupported(text, [text]) == ()
    assert unattested(text, [text]) == ()


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["%", "days", "", "EUR"]))
def test_a_number_supports_itself_and_no_other(one: int, other: int, unit: str) -> None:
    said = unsupported(f"about {one:,} {unit}", [f"about {other} {unit}"])
    assert (said == ()) == (one == other)


@given(st.text(alphabet="0123456789", min_size=1, max_size=400))
def test_numbers_of_any_length_are_read_at_once(digits: str) -> None:
    (found,) = quantities(digits)
    assert found.value == int(digits)


@pytest.mark.parametrize(
    ("said", "proven", "missing"),
    [
        ("SOC2 type 2", "SOC 2 Type II", ()),
        ("SOC 2", "SOC-2 Type II", ()),
        ("SOC 2 Type II", "SOC 2", ("SOC 2 Type II",)),
        ("SOC 2 Type II", "SOC 2 Type I", ("SOC 2 Type II",)),
        ("ISO/IEC 27001", "ISO27001", ()),
        ("ISO 27001", "ISO 27018", ("ISO 27001",)),
        ("DSGVO-konform", "GDPR", ()),
        ("HIPAA compliant", "GDPR", ("HIPAA",)),
        ("Blue Shield certified", "GDPR", ("Blue Shield",)),
        ("PCI-DSS", "PCI DSS level", ()),
    ],
)
def test_a_certificate_is_attested_by_its_name_alone(
    said: str, proven: str, missing: tuple[str, ...]
) -> None:
    assert unattested(f"We are {said} today", [f"Audited: {proven}."]) == missing


def test_we_are_certified_names_no_certificate() -> None:
    assert certificates("We are certified, and fully compliant.") == frozenset()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("As at Ledgerly", ("Ledgerly Inc.",)),
        ("as at LEDGERLY INC.", ("Ledgerly Inc.",)),
        ("as at ledgerlys", ()),
        ("our target is you", ()),
        ("at Target they do", ("Target Corp",)),
        ("north star freight does", ("North Star Freight GmbH",)),
        ("Led\u200bgerly", ("Ledgerly Inc.",)),
    ],
)
def test_customers_are_found_by_name(text: str, found: tuple[str, ...]) -> None:
    assert named(text, ["Ledgerly Inc.", "Target Corp", "North Star Freight GmbH"]) == found


def test_a_customer_is_proven_by_a_text_that_names_it() -> None:
    assert unproven("At Ledgerly", ["Ledgerly Inc."], ["Ledgerly Inc.\nIt went live."]) == ()
    assert unproven("At Ledgerly", ["Ledgerly Inc."], ["Globex went live."]) == ("Ledgerly Inc.",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Quiet, as at Hooli Group.", ("Hooli Group",)),
        ("Trusted by Hooli and others", ("Hooli",)),
        ("customers such as Hooli, Inc", ("Hooli",)),
        ("wie bei Nordwind Logistik", ("Nordwind Logistik",)),
        ("used by Operations, as at Monday", ()),
        ("used by many teams at work", ()),
        ("They like Hooli", ()),
    ],
)
def test_names_are_told_by_the_words_before_them(text: str, found: tuple[str, ...]) -> None:
    assert dropped(text) == found


def test_forbidden_phrases_are_whole_words_in_any_case() -> None:
    assert phrases_in("A SYNERGY of leaders", ["synergy", "lead"]) == ("synergy",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dashboard shows all", {Topic.FEATURE}),
        ("Somebody retypes it by hand", {Topic.MANUAL_WORK}),
        ("Fewer renewals are lost", {Topic.OUTCOME}),
        ("Our latest SOC 2 report", {Topic.COMPLIANCE}),
        ("Die Oberfläche ist neu", {Topic.FEATURE}),
        ("Nothing of the kind", set()),
    ],
)
def test_topics_are_told_by_words(text: str, expected: set[Topic]) -> None:
    assert topics(text) == expected
