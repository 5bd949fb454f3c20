"""Themes: evidence finds its theme, leftovers are proposed, and noise stays noise."""

from datetime import date

import numpy as np
import pytest
from scipy import sparse

from bullseye.definitions import yaml
from bullseye.definitions.theme import Theme
from bullseye.errors import DefinitionError
from bullseye.research import proposals as proposing
from bullseye.research.codebook import Quoted, heir_of, matching
from bullseye.research.features import Space, stem, words
from bullseye.research.likeness import Spelling
from bullseye.research.proposals import groups, parts, proposals
from bullseye.research.source import EvidenceKind
from bullseye.research.theme_file import drafted, edited, theme_text

GOVERNED = {"owner": "Dana Whitfield", "review_by": "2030-01-01", "review_when": ["it moves"]}
TODAY = date(2026, 11, 22)
OBJECTION, PAIN = EvidenceKind.OBJECTION, EvidenceKind.PAIN
MIGRATION = [
    "We are worried about the migration of our old data.",
    "The data migration from the old system worries us.",
    "Migrating the old data is what worries me.",
]


def theme(name: str, *exemplars: str, kind: EvidenceKind = OBJECTION, **said: object) -> Theme:
    says = said.pop("says", f"They say what {exemplars[0]} says.")
    return Theme.model_validate(
        {"name": name, **GOVERNED, "kind": kind, "says": says, "exemplars": exemplars, **said}
    )


PRICE = theme(
    "price", "It is too expensive for us.", "We have no budget.", says="The price is too high."
)
TRUST = theme("trust", "We have never heard of you.", says="They do not know who we are.")
BOOK = {"price": PRICE, "trust": TRUST}


def quoted(*texts: str, kind: EvidenceKind = OBJECTION) -> list[Quoted]:
    return [Quoted(at, kind, text) for at, text in enumerate(texts, start=1)]


def themed(book: dict[str, Theme], *texts: str, **how: object) -> dict[int, str]:
    found = matching(book, quoted(*texts), Spelling(), **how)  # type: ignore[arg-type]
    return {each.number: each.theme for each in found.matches}


def test_evidence_finds_the_theme_that_says_the_same() -> None:
    said = ("The budget is too small, it is expensive.", "I never heard of your company.")
    assert themed(BOOK, *said) == {1: "price", 2: "trust"}


def test_what_is_like_no_theme_is_left_over() -> None:
    found = matching(BOOK, quoted("The lift in our building is slow."), Spelling())
    assert found.matches == ()
    assert [each.number for each in found.left_over] == [1]


def test_a_theme_takes_only_evidence_of_its_kind() -> None:
    found = matching(BOOK, quoted("It is too expensive for us.", kind=PAIN), Spelling())
    assert found.matches == ()


def test_a_persons_word_goes_before_likeness() -> None:
    text = "It is too expensive for us."
    assert themed(BOOK, text, pinned={1: "trust"}) == {1: "trust"}
    assert themed(BOOK, text, pinned={1: "gone"}) == {1: "price"}


def test_a_merged_theme_lends_its_exemplars_and_its_evidence_to_its_heir() -> None:
    cost = theme("cost", "The licence fee eats our margin.", status="retired", merged_into="price")
    book = {**BOOK, "cost": cost}
    text = "That licence fee would eat the margin."
    assert themed(BOOK, text) == {}
    assert themed(book, text) == {1: "price"}
    assert themed(book, "Something else.", pinned={1: "cost"}) == {1: "price"}


def test_themes_that_lead_in_a_circle_end() -> None:
    one = theme("one", "Some words here.", status="retired", merged_into="two")
    two = theme("two", "Some words here.", status="retired", merged_into="one")
    assert heir_of({"one": one, "two": two}, "one") in {"one", "two"}
    assert themed({"one": one, "two": two}, "Some words here.") == {}


def test_competitors_are_told_by_name() -> None:
    rival = theme("rival", "Rival", "Rival.io", kind=EvidenceKind.COMPETITOR)
    found = matching(
        {"rival": rival},
        quoted("We compared you with rival.io.", "A rivalry.", kind=EvidenceKind.COMPETITOR),
        Spelling(),
    )
    assert [(each.number, each.theme) for each in found.matches] == [(1, "rival")]


def test_leftovers_that_say_the_same_are_proposed_with_their_words() -> None:
    others = ["The lift is slow.", "Our office moved.", "I like tea."]
    (found,) = proposals(quoted(*MIGRATION, *others), Spelling())
    assert set(found.numbers) == {1, 2, 3}
    assert found.typical in MIGRATION
    assert "data" in found.terms


def test_two_are_no_theme_and_one_quote_three_times_neither() -> None:
    assert proposals(quoted(*MIGRATION[:2]), Spelling()) == ()
    assert proposals(quoted(*[MIGRATION[0]] * 3), Spelling()) == ()


def test_a_proposal_keeps_its_id_when_the_order_changes() -> None:
    one = proposals(quoted(*MIGRATION), Spelling())[0]
    two = proposals(quoted(*reversed(MIGRATION)), Spelling())[0]
    assert one.id == two.id


def test_noise_is_recognised_and_not_proposed_again() -> None:
    (found,) = proposals(quoted(*MIGRATION), Spelling())
    noise = drafted(found, name="noise", owner="Dana", today=TODAY, says=None)
    noise = noise.model_copy(update={"status": "noise"})
    later = [*MIGRATION, "We worry about migrating old data, too."]
    told = matching({"noise": noise}, quoted(*later), Spelling())
    assert len(told.matches) == 4
    assert proposals(told.left_over, Spelling()) == ()


def test_a_drafted_theme_comes_back_from_its_file() -> None:
    (found,) = proposals(
        quoted(*MIGRATION, 'He said: "no" # twice\nthen left the data.'), Spelling()
    )
    made = drafted(found, name="migration", owner="Dana", today=TODAY)
    again = Theme.model_validate(yaml.read(theme_text(made, "From a proposal.")))
    assert again == made
    assert set(made.exemplars) == set(found.texts)


def test_an_edit_changes_its_entry_and_nothing_else() -> None:
    text = "# ours\nname: price\nstatus: active  # for now\nsays: Too much.\n"
    changed = edited(text, {"status": "retired", "merged_into": "cost"}, place="price.yaml")
    assert changed == "# ours\nname: price\nstatus: retired\nsays: Too much.\nmerged_into: cost\n"


@pytest.mark.parametrize("text", ["{name: price, status: active}", "status:\n  active\n"])
def test_an_edit_that_is_not_safe_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match="edited safely"):
        edited(text, {"status": "noise"}, place="price.yaml")


def test_likeness_is_one_with_itself_and_none_with_other_words() -> None:
    rows = Space.of(["too expensive", "never heard"]).rows(["too expensive", "quite slow", ""])
    same = (rows @ rows.T).toarray()
    assert same[0, 0] == pytest.approx(1)
    assert same[0, 1] == 0
    assert same[2, 2] == 0


def test_words_and_stems() -> None:
    assert words("We\u2019re in, e.g. Z\u00fcrich?") == [
        "we're",
        "in",
        "e",
        "g",
        "z\u00fcrich",
        "?",
    ]
    assert stem("migrations") == stem("migration")


def test_many_leftovers_are_parted_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proposing, "MOST_AT_ONCE", 50)
    monkeypatch.setattr(proposing, "_PART", 20)
    chance = np.random.default_rng(1)
    blocks = np.repeat(np.eye(6), 20, axis=0) + 0.05 * chance.random((120, 6))
    rows = sparse.csr_matrix(blocks / np.linalg.norm(blocks, axis=1, keepdims=True))
    found = parts(rows)
    assert sorted(np.concatenate(found).tolist()) == list(range(120))
    assert max(map(len, found)) <= 50
    assert sum(len(groups(rows[part], 0.8)) for part in found) >= 6
