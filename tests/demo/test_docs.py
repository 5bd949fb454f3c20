"""The page on the demo world states the sizes that are planted."""

from pathlib import Path

from bullseye.demo.story import BANDS, COMPANY, LEAKY_FIELD, LUCKY_OWNER, PRODUCT, SIGNAL_KINDS
from bullseye.demo.truth import Dirt, Effects, TraitEffect, Truth

PAGE = (Path(__file__).parents[2] / "docs" / "demo-world.md").read_text(encoding="utf-8")
WORDS = " ".join(PAGE.split())


def trait(effect: TraitEffect) -> str:
    ranges = {b.name: f"{b.name} ({b.low}-{b.high} employees)" for b in BANDS}
    parts = [effect.industry, effect.technology, ranges.get(effect.band, "")]
    return " and ".join(part for part in parts if part)


def test_every_trait_stands_in_the_table_with_its_log_odds() -> None:
    for effect in Effects().traits:
        assert f"| {trait(effect)} | {effect.log_odds:+.1f} |" in PAGE


def test_every_event_stands_in_the_table_with_size_and_half_life() -> None:
    for effect in Effects().signals:
        row = f"| {effect.signal} | {effect.log_hazard:+.1f} | {effect.half_life_days} days |"
        assert row in PAGE


def test_every_other_size_is_stated() -> None:
    sizes = Effects()
    for sentence in (
        f"The base is {sizes.base_log_odds}",
        f"**{sizes.fast_industry}** closes {sizes.fast_ratio} times as fast",
        f"{-sizes.fast_discount * 100:.0f} points less discount than the usual "
        f"{sizes.discount:.0%}".replace("%", " %"),
        f"{sizes.large_discount * 100:.0f} points more",
        f"Customers in **{sizes.sticky_industry}** have {sizes.sticky_industry_ratio} times",
        f"**{sizes.sticky_technology}** {sizes.sticky_technology_ratio} times the usual "
        f"{sizes.active_share:.0%}".replace("%", " %"),
        f"churn {sizes.small_churn_ratio:.0f} times as often",
        f"cost {sizes.small_support_ratio:.0f} times the support",
        f"(mean {sizes.support_cost:.0f})",
        f"+{sizes.reply_after_hire} log-odds of a reply",
        f"from a base of {sizes.reply_rate * 100:.0f} %",
        f"**{LEAKY_FIELD}**",
        f"{sizes.leak_rate * 100:.0f} % of the won",
        f"**{LUCKY_OWNER}** was handed {sizes.lucky_share * 100:.0f} %",
        f"write down {sizes.roles_added_at_win * 100:.0f} %",
        f"December ({sizes.seasons[11]})",
        f"August ({sizes.seasons[7]})",
    ):
        assert sentence in WORDS, sentence


def test_every_rate_of_dirt_is_stated() -> None:
    dirt = Dirt()
    for words, rate in (
        ("rows written twice", dirt.exact_duplicate),
        ("record numbers twice with different facts", dirt.conflicting_duplicate),
        ("accounts twice under one domain and two record numbers", dirt.twin_account),
        ("industries in other spelling", dirt.other_spelling),
        ("empty cells, in columns that can be empty", dirt.empty_cell),
        ("words for nothing: `n/a`, `Select`, `NULL`", dirt.missing_word),
        ("days that do not exist", dirt.impossible_date),
        ("names in other scripts", dirt.non_latin_name),
        ("names with quotes, commas, line breaks", dirt.awkward_name),
        ("accounts the provider does not know", dirt.not_enriched),
    ):
        assert f"| {words} | {rate * 100:g} % |" in PAGE


def test_the_company_its_product_and_every_event_without_effect_are_named() -> None:
    working = {effect.signal for effect in Effects().signals}
    idle = {kind.name for kind in SIGNAL_KINDS} - working
    assert idle <= set(Truth().decoys)
    assert all(f"`{name}`" in PAGE for name in idle)
    assert COMPANY in PAGE
    assert PRODUCT in PAGE
