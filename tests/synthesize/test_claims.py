"""Claims that a competitor could make are found, with the closest sentence and what proves ours."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.definitions.proof import Proof
from bullseye.errors import InputError
from bullseye.faces.cli.main import code_of
from bullseye.stats.ngrams import LetterSpace
from bullseye.synthesize.claims import Claim, Grounding, claims_found, ground
from bullseye.synthesize.run.claims import check_claims
from bullseye.synthesize.specificity import Vocabulary, share_below, specifics

DAY = date(2026, 11, 2)
GOVERNED: dict[str, Any] = {
    "owner": "Dana Whitfield",
    "review_by": date(2030, 1, 1),
    "review_when": ["it moves"],
}
THEIRS = {
    "Portside": ["Portside is the leading platform for seamless onboarding.", "Checklists."],
    "Quay": ["Invoices of freight forwarders, matched within a day."],
}


def proof(name: str, says: str, **other: Any) -> Proof:
    usual = {"kind": "outcome", "source": "time sheets", "dated": date(2026, 1, 5)}
    return Proof(name=name, says=says, **{**GOVERNED, **usual, **other})


def found(*texts: str, **options: Any):
    ours = [Claim("", text, at) for at, text in enumerate(texts, start=1)]
    return claims_found(ours, THEIRS, {}, DAY, **options).claims


def test_a_claim_with_another_name_in_it_is_the_same_claim() -> None:
    (claim,) = found("LARKWELL is the leading platform for seamless onboarding", names=["Larkwell"])
    assert claim.could_say == ("Portside",)
    assert claim.closest is not None
    assert claim.closest.text == THEIRS["Portside"][0]
    assert claim.closest.likeness == pytest.approx(1)


def test_what_nobody_else_says_is_ours_alone() -> None:
    claim, _ = found("37 carriers load 11 trucks an hour", "Trucks are loaded by carriers here")
    assert claim.could_say == ()
    assert claim.rank == 1


def test_a_single_text_of_ours_has_no_place() -> None:
    assert found("Checklists.")[0].rank is None


def test_what_is_said_like_everybody_is_nearer_to_them_than_to_us() -> None:
    claim, _ = found("A leading platform for seamless onboarding", "Trucks are loaded in an hour")
    assert claim.rank is not None
    assert claim.rank > 1


def test_features_count_what_is_on_the_surface() -> None:
    words = Vocabulary({"a": ["we help teams"], "b": ["we help teams"], "c": ["trucks"]})
    counted = specifics("We saved Nordfracht 40 %, $1,200 and 3 weeks: it works.", words)
    assert (counted.words, counted.numbers, counted.percents, counted.amounts) == (7, 3, 1, 1)
    assert (counted.names, counted.pronouns, counted.signs) == (1, 2, 2)
    assert counted.rarest > counted.rarity > 0
    assert specifics("we help", words).common_share == 1
    assert specifics("", words).rarity == 0


def test_a_place_says_how_many_claims_it_is_above() -> None:
    (claim,) = found("12 of 12 carriers")
    numbers = next(each for each in claim.places if each.feature == "numbers")
    assert (numbers.value, numbers.above) == (2, 1)
    assert share_below(1, []) == 0.5


@pytest.mark.parametrize(
    ("named", "text", "grounding"),
    [
        (None, "40 % less", Grounding.NONE),
        ("hours", "It takes 40 % fewer hours", Grounding.PROVEN),
        ("hours", "It takes 60 % fewer hours", Grounding.UNSAID),
        ("hours", "SOC 2 and 40 % fewer hours", Grounding.UNSAID),
        ("old", "It takes 40 % fewer hours", Grounding.EXPIRED),
        ("hour", "It takes 40 % fewer hours", Grounding.UNKNOWN),
    ],
)
def test_a_proof_must_say_what_the_claim_says(
    named: str | None, text: str, grounding: Grounding
) -> None:
    says = "12 customers spend 40 % fewer hours on it."
    proofs = {
        "hours": proof("hours", says, trade_off="The first month is not in it."),
        "old": proof("old", says, valid_until=date(2026, 6, 1)),
    }
    told = ground(Claim("", text, 1, named), proofs, DAY)
    assert told.grounding is grounding
    assert (told.trade_off is not None) == (named == "hours")


@pytest.fixture
def files(world: Any, tmp_path: Path) -> tuple[Any, Path, Path]:
    world.define(
        "proofs",
        "hours",
        says="Customers spend 40 % fewer hours.",
        kind="saving",
        source="sheets",
        dated=DAY,
    )
    ours, theirs = tmp_path / "ours.md", tmp_path / "theirs.csv"
    ours.write_text("# Us\n\n- 40 % fewer hours (proof: hours)\n2. Checklists\n\n`x = 1`\n---\n")
    theirs.write_text("Company,Tagline\nPortside,Checklists\nQuay,\nQuay,Invoices\n")
    return world, ours, theirs


def test_claims_are_read_from_lines_and_tables(files: tuple[Any, Path, Path]) -> None:
    world, ours, theirs = files
    checked = check_claims(world.workspace, ours, theirs)
    first, second = checked.found.claims
    assert (first.claim.text, first.claim.line) == ("40 % fewer hours", 3)
    assert first.ground.grounding is Grounding.PROVEN
    assert second.could_say == ("Portside",)
    assert (checked.found.competitors, checked.found.sentences, checked.blank) == (2, 2, 2)


def test_whose_claims_they_are_must_be_said(files: tuple[Any, Path, Path]) -> None:
    world, ours, theirs = files
    theirs.write_text("Tagline\nChecklists\n")
    with pytest.raises(InputError, match="whose claims"):
        check_claims(world.workspace, ours, theirs)
    theirs.write_text("Company,Motto\nPortside,Checklists\n")
    with pytest.raises(InputError, match="no column of claims"):
        check_claims(world.workspace, ours, theirs)
    theirs.write_text("Company,Tagline\nPortside,Checklists\n")
    ours.write_text("---\n")
    with pytest.raises(InputError, match="no claim"):
        check_claims(world.workspace, ours, theirs)
    ours.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        check_claims(world.workspace, ours, theirs)


def test_the_command_says_how_many_could_say_it(
    files: tuple[Any, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    world, ours, theirs = files
    world.write()
    call = ["-w", str(world.folder), "claims", str(ours), "--competitors", str(theirs)]
    assert code_of([*call, "--features"]) == 0
    said = capsys.readouterr().out
    assert "1 of 2 competitors could say this (Portside)" in said
    assert "1 of 2 claims could be a competitor's; 1 of them all is proven." in said
    assert code_of([*call, "--json"]) == 0
    assert (
        json.loads(capsys.readouterr().out)["found"]["claims"][0]["ground"]["grounding"] == "proven"
    )


TEXT = st.text("abc xyz%€0é'-\n", max_size=30)


@given(st.lists(TEXT, min_size=1, max_size=6))
def test_likeness_is_symmetric_and_one_for_the_same_text(texts: list[str]) -> None:
    likeness = LetterSpace.of(texts).likeness(texts, texts)
    assert likeness.min() >= 0
    assert likeness.max() <= 1 + 1e-9
    assert likeness == pytest.approx(likeness.T)
    empty = likeness.diagonal() == 0
    assert likeness.diagonal()[~empty] == pytest.approx(1)


@given(st.lists(TEXT, min_size=1, max_size=5), st.lists(TEXT, min_size=1, max_size=5))
def test_any_texts_can_be_held_against_each_other(ours: list[str], theirs: list[str]) -> None:
    claims = [Claim("", text, at) for at, text in enumerate(ours, start=1)]
    told = claims_found(claims, {"a": theirs, "b (c)": theirs}, {}, DAY, names=["[", "x"])
    assert len(told.claims) == len(ours)
    assert all(0 <= place.above <= 1 for each in told.claims for place in each.places)
    assert all(set(each.could_say) <= {"a", "b (c)"} for each in told.claims)
