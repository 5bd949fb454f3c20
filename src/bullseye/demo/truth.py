"""The truth planted in a demo world: every effect and its size, so that methods can be judged.

Effects on winning are *log-hazard ratios of winning against a constant hazard of losing*. Both
hazards compete, so the same figure is also the log-odds of won against lost among closed
opportunities; an effect on speed multiplies both hazards and leaves the win rate alone.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class TraitEffect:
    """What a trait of an account adds to the log-odds of winning; empty parts match all.

    `band` is "small", "mid" or "large" (see `bullseye.demo.story.BANDS`).
    """

    log_odds: float
    industry: str = ""
    technology: str = ""
    band: str = ""


@dataclass(frozen=True)
class SignalEffect:
    """What an event adds to the log-hazard of winning on its day, halving every half-life.

    Events add up: two events of a kind count twice.
    """

    signal: str
    log_hazard: float
    half_life_days: int


@dataclass(frozen=True)
class Effects:
    """Sizes of everything that is planted; the defaults are the documented demo world.

    Rates are per year, shares 0-1, ratios 1 where there is no effect.
    """

    base_log_odds: float = -1.9
    traits: tuple[TraitEffect, ...] = (
        TraitEffect(0.8, industry="B2B SaaS"),
        TraitEffect(0.5, industry="Fintech"),
        TraitEffect(-0.8, industry="Public Sector"),
        TraitEffect(0.7, technology="Salesforce"),
        TraitEffect(0.8, band="mid"),
        TraitEffect(0.8, industry="B2B SaaS", technology="Salesforce", band="mid"),
    )
    signals: tuple[SignalEffect, ...] = (
        SignalEffect("executive_hire", 1.0, 45),
        SignalEffect("funding_round", 0.8, 90),
        SignalEffect("champion_promoted", 0.6, 60),
    )
    role_effect: float = 0.0
    """Log-hazard of winning from the day an economic buyer is on the opportunity."""
    fast_industry: str = "Logistics"
    fast_ratio: float = 1.8
    """Both hazards of the fast industry against others: it closes sooner, won or lost."""
    fast_discount: float = -0.07
    """Discount of the fast industry, less that of others, in shares of list price."""
    large_discount: float = 0.05
    discount: float = 0.12
    """Mean discount before the two differences."""
    sticky_industry: str = "Logistics"
    sticky_industry_ratio: float = 1.5
    sticky_technology: str = "Snowflake"
    sticky_technology_ratio: float = 1.8
    """Share of seats active on a day, against other customers'; ratios multiply."""
    active_share: float = 0.28
    churn_in_a_year: float = 0.08
    small_churn_ratio: float = 4.0
    """Risk of churning within the first year, small accounts against others."""
    support_cost: float = 600.0
    small_support_ratio: float = 10.0
    """Mean support cost of the first six months, small accounts against others."""
    seasons: tuple[float, ...] = (0.9, 1, 1.2, 0.9, 1, 1.2, 0.8, 0.6, 1.2, 0.9, 1, 1.5)
    """Pace of closing by calendar month, January first; it moves no win rate."""
    lucky_share: float = 0.15
    """Share of opportunities won over a year ago that the lucky owner was given afterwards."""
    reply_rate: float = 0.06
    reply_after_hire: float = 0.8
    """Log-odds of a reply to a touch in the 45 days after an executive hire."""
    leak_rate: float = 0.92
    """Share of won accounts whose leaky field is filled, from the day they were won."""
    roles_added_at_win: float = 0.6
    """Share of missing roles a rep writes down in the week an opportunity is won."""


@dataclass(frozen=True)
class Dirt:
    """How often the exports are wrong, as shares of rows (or of cells of one column)."""

    exact_duplicate: float = 0.01
    conflicting_duplicate: float = 0.005
    twin_account: float = 0.01
    other_spelling: float = 0.06
    empty_cell: float = 0.03
    missing_word: float = 0.015
    impossible_date: float = 0.01
    absurd_number: float = 0.005
    unparsable_cell: float = 0.005
    non_latin_name: float = 0.015
    awkward_name: float = 0.01
    formula_name: float = 0.003
    html_name: float = 0.002
    not_enriched: float = 0.29


@dataclass(frozen=True)
class Truth:
    """What is true of one world.

    In a world that is not `planted` every outcome was drawn from the same distribution, but
    for the traits and signals of accounts that do not exist: rates are the same, and nothing
    in the files has an effect on anything.
    """

    planted: bool = True
    effects: Effects = field(default_factory=Effects)
    dirt: Dirt = field(default_factory=Dirt)
    decoys: tuple[str, ...] = (
        "country",
        "region",
        "city",
        "founded_year",
        "headcount growth",
        "hiring",
        "technologies other than Salesforce and Snowflake",
        "owner",
        "intent_surge",
        "office_opening",
        "layoffs",
        "product_launch",
    )
    """Independent of every effect: a method that reports one of these is wrong."""
    shadows: tuple[str, ...] = ("revenue", "funding_stage", "funding_total", "seats", "amount")
    """Without an effect of their own, but correlated with the employee band."""
    leaks: tuple[str, ...] = ("Onboarding Package", "Lifecycle Stage", "Loss Reason")
    """Filled in or changed by the outcome itself."""
