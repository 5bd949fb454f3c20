"""Titles are read as a careful person reads them, and every label names its rule."""

from pathlib import Path

import pytest

from bullseye.definitions.titles import (
    FLAGS,
    FUNCTIONS,
    LEVELS,
    Confidence,
    labelled,
    lexicon,
    normalised,
)
from bullseye.definitions.titles.lexicon import merged
from bullseye.definitions.titles.words import pattern

FIXED = Path(__file__).with_name("titles") / "labelled.txt"


def fixed_list() -> list[tuple[str, str, str, str]]:
    """Return language, title, level and function of every title in the fixed list."""
    rows, language = [], ""
    for line in FIXED.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            language = line.strip("[]")
        elif " => " in line:
            title, labels = line.rsplit(" => ", 1)
            level, function = labels.split()
            rows.append((language, title, level, function))
    return rows


def test_the_fixed_list_is_read_right() -> None:
    rows = fixed_list()
    found = [labelled(title) for _, title, _, _ in rows]
    levels = sum(f.level == level for f, (_, _, level, _) in zip(found, rows, strict=True))
    functions = sum(f.function == told for f, (_, _, _, told) in zip(found, rows, strict=True))
    assert len(rows) > 700
    assert levels / len(rows) > 0.98
    assert functions / len(rows) > 0.98


@pytest.mark.parametrize("language", sorted({row[0] for row in fixed_list()}))
def test_no_language_is_left_behind(language: str) -> None:
    rows = [row for row in fixed_list() if row[0] == language]
    right = sum(labelled(t).level == lv and labelled(t).function == f for _, t, lv, f in rows)
    assert right / len(rows) > 0.9


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Product Owner", "ic"),
        ("Process Owner", "ic"),
        ("Senior Product Owner", "senior"),
        ("Partner Manager", "manager"),
        ("Senior Partner Manager", "manager"),
        ("Partner Success Manager", "manager"),
        ("Senior Partner", "owner"),
        ("Managing Partner", "owner"),
        ("Assistant CFO", "junior"),
        ("Leiter Produktmanagement", "head"),
        ("Leiterin Projektmanagement", "head"),
        ("Projektmanagerin", "manager"),
        ("Vorsitzende", "cxo"),
        ("Assistant to the Director", "junior"),
        ("Assistant Director", "director"),
        ("Assistent der Geschäftsleitung", "junior"),
        ("International Key Account Manager", "manager"),
        ("Intern", "junior"),
        ("Sales Lead, Example GmbH", "lead"),
        ("VP & GM", "vp"),
        ("Account Executive", "ic"),
        ("Halbleiter Ingenieur", "ic"),
        ("Vorstandsassistentin", "junior"),
        ("Lærling", "junior"),
        ("Økonomichef", "head"),
    ],
)
def test_known_traps_are_avoided(title: str, level: str) -> None:
    assert labelled(title).level == level


@pytest.mark.parametrize(
    "title",
    [None, "", " ", ".", "---", "Dr.", "open to work", "n/a", "東京", "12345", "🚀", "Retired"],
)
def test_a_title_that_says_nothing_is_unknown(title: str | None) -> None:
    found = labelled(title)
    assert (found.level, found.function) == ("unknown", "unknown")


def test_a_role_without_a_word_of_rank_says_that_no_rule_fired() -> None:
    found = labelled("Blorbist")
    assert (found.level_rule, found.function_rule) == ("ic.plain", "other.plain")
    assert found.confidence is Confidence.NONE


def test_a_label_names_the_stage_and_the_language_of_its_rule() -> None:
    found = labelled("Vertriebsleiterin")
    assert (found.level_rule, found.function_rule) == ("head.leader.de", "sales.role.de")
    assert found.confidence is Confidence.BOTH


@pytest.mark.parametrize(
    ("title", "flag"),
    [
        ("Assistant to the CEO", "is_assistant_to"),
        ("Member of the Supervisory Board", "is_board"),
        ("Ehemaliger Geschäftsführer", "is_former"),
        ("Working Student Marketing", "is_student"),
        ("CTO & Co-Founder", "multi_role"),
    ],
)
def test_a_title_says_more_than_its_labels(title: str, flag: str) -> None:
    assert flag in labelled(title).flags
    assert flag not in labelled("Software Engineer").flags


def test_somebody_who_was_elsewhere_before_is_not_former() -> None:
    assert "is_former" not in labelled("Head of Growth @ Example | ex-Google").flags


def test_what_is_said_of_the_place_says_no_role() -> None:
    assert labelled("Engineer at Marketing Sales Partner").function == "engineering"
    assert normalised("CTO at Acme Sales, Co-Founder") == " cto co founder "


def test_letters_of_any_shape_are_read() -> None:
    plain = labelled("Head of Sales")
    bold = "".join(chr(0x1D400 + ord(c) - 65) if c.isupper() else c for c in "HEAD OF SALES")
    assert labelled(bold) == plain
    assert labelled("Geschäftsführer") == labelled("Geschaftsfuhrer")
    assert labelled("Geschaeftsfuehrer").level == "cxo"


def test_every_label_that_can_be_given_is_known() -> None:
    rules = lexicon()
    assert {stage.label for stage in rules.levels} <= set(LEVELS)
    assert {stage.label for stage in rules.functions} <= set(FUNCTIONS)
    assert [rule.name for rule in rules.flags] == list(FLAGS)


def test_no_rule_is_named_twice() -> None:
    for stages in (lexicon().levels, lexicon().functions):
        names = [rule.name for stage in stages for rule in stage.rules]
        assert len(names) == len(set(names))


def test_patterns_use_nothing_that_engines_read_differently() -> None:
    for stage in (*lexicon().levels, *lexicon().functions):
        assert set(stage.pattern) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ()|^$[]-?+*{},")
        assert "(?" not in stage.pattern


def test_a_phrase_with_a_sign_that_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no meaning"):
        pattern(["head\\b"])


def test_a_pack_with_a_stage_that_has_no_place_is_refused() -> None:
    order = {"level": ["head.of"], "function": ["it.it"], "flags": {}}
    pack = {"level": {"head.of": ["head"], "heads": ["x"]}, "function": {"it.it": ["it"]}}
    with pytest.raises(ValueError, match="heads"):
        merged(order, {"en": pack}, "1")


@pytest.mark.parametrize(
    ("title", "function"),
    [
        ("Salesforce Developer", "engineering"),
        ("Salesforce Administrator", "revenue_operations"),
        ("Team Lead Salesforce", "it"),
        ("Salesperson", "sales"),
        ("Head of Salesstrategy", "sales"),
    ],
)
def test_a_system_that_is_called_like_a_job_is_not_the_job(title, function):
    assert labelled(title).function == function
