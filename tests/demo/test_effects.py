"""The planted truths are in the world with their sizes, and a null world has none."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from bullseye.demo.simulate import Block, simulated_blocks
from bullseye.demo.story import BANDS, INDUSTRIES, LUCKY_OWNER, OWNERS, SMALL, TECHNOLOGIES
from bullseye.demo.truth import Effects, Truth
from bullseye.errors import UsageError

TODAY = date(2026, 6, 30)
INDUSTRY = list(INDUSTRIES)
TECHNOLOGY = [t.name for t in TECHNOLOGIES]
TERMS = (
    "B2B SaaS", "Fintech", "Public Sector", "Salesforce", "mid", "all three",
    "executive_hire", "funding_round", "champion_promoted", "intent_surge", "layoffs",
    "Logistics", "Snowflake", "Marketo", "large",
)  # fmt: skip
TRUE_SIZES = (0.8, 0.5, -0.8, 0.7, 0.8, 0.8, 1.0, 0.8, 0.6, 0, 0, 0, 0, 0, 0)


def only_block(accounts: int, seed: int, truth: Truth | None = None) -> Block:
    (block,) = simulated_blocks(accounts, seed, TODAY, truth)
    return block


def decayed(block: Block, kind: str, half_life: int, rows: npt.NDArray[np.int64]) -> np.ndarray:
    sold = block.opportunities
    days = block.signals.days_of(kind, len(block.accounts))[sold.account[rows]]
    age = (sold.close_day[rows] - 3)[:, None] - days
    return np.where(age >= 0, 0.5 ** (np.maximum(age, 0) / half_life), 0.0).sum(axis=1)


def design(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """Closed opportunities against the terms above, and whether they were won."""
    sold, accounts = block.opportunities, block.accounts
    rows = np.flatnonzero(sold.closed)
    at = sold.account[rows]
    industry = accounts.industry[at]
    uses = {name: accounts.technologies[at, TECHNOLOGY.index(name)] for name in TECHNOLOGY}
    band = {b.name: accounts.band[at] == k for k, b in enumerate(BANDS)}
    saas = industry == INDUSTRY.index("B2B SaaS")
    columns = [
        np.ones(len(rows)),
        saas,
        industry == INDUSTRY.index("Fintech"),
        industry == INDUSTRY.index("Public Sector"),
        uses["Salesforce"],
        band["mid"],
        saas & uses["Salesforce"] & band["mid"],
        decayed(block, "executive_hire", 45, rows),
        decayed(block, "funding_round", 90, rows),
        decayed(block, "champion_promoted", 60, rows),
        decayed(block, "intent_surge", 60, rows),
        decayed(block, "layoffs", 60, rows),
        industry == INDUSTRY.index("Logistics"),
        uses["Snowflake"],
        uses["Marketo"],
        band["large"],
    ]
    return np.column_stack(columns).astype(float), sold.won[rows].astype(float)


def logistic(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and standard errors of a logistic regression, without the intercept."""
    beta = np.zeros(x.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = x.T @ (x * (p * (1 - p))[:, None])
        beta += np.linalg.solve(hessian, x.T @ (y - p))
    return beta[1:], np.sqrt(np.diag(np.linalg.inv(hessian)))[1:]


@pytest.fixture(scope="module")
def planted() -> Block:
    return only_block(20_000, 11)


@pytest.fixture(scope="module")
def null() -> Block:
    return only_block(20_000, 11, Truth(planted=False))


def test_every_planted_log_odds_is_recovered_within_four_standard_errors(planted: Block) -> None:
    found, error = logistic(*design(planted))
    far = {
        name: (float(seen), true)
        for name, seen, true, se in zip(TERMS, found, TRUE_SIZES, error, strict=True)
        if abs(seen - true) > 4 * se
    }
    assert far == {}


def test_every_planted_effect_is_visible_at_twenty_thousand_accounts(planted: Block) -> None:
    found, error = logistic(*design(planted))
    visible = np.abs(found) > 3 * error
    assert [name for name, seen in zip(TERMS, visible, strict=True) if seen] == list(TERMS[:9])


def test_in_a_null_world_nothing_moves_the_win_rate(null: Block) -> None:
    found, error = logistic(*design(null))
    assert np.abs(found / error).max() < 3.5


def test_a_null_world_has_the_same_rates(planted: Block, null: Block) -> None:
    for rate in (
        lambda b: b.opportunities.won[b.opportunities.closed].mean(),
        lambda b: b.opportunities.closed.mean(),
        lambda b: b.subscriptions.churned.mean(),
        lambda b: b.touches.replied.mean(),
        lambda b: b.opportunities.discount.mean(),
    ):
        assert rate(null) == pytest.approx(rate(planted), rel=0.12)


def first_year_churn(block: Block) -> tuple[float, float]:
    """Share churned within a year of customers seen for a year: small accounts, then others."""
    paid, traits = block.subscriptions, block.accounts
    last = (TODAY - date(1970, 1, 1)).days
    seen = paid.started_day <= last - 365
    gone = paid.churned & (paid.ended_day - paid.started_day <= 365)
    small = traits.band[paid.account] == SMALL
    return float(gone[seen & small].mean()), float(gone[seen & ~small].mean())


def test_small_accounts_churn_four_times_as_often_within_a_year(planted: Block) -> None:
    small, others = first_year_churn(planted)
    assert small == pytest.approx(0.32, abs=0.06)
    assert 3 < small / others < 5.5


def test_small_accounts_cost_about_ten_times_the_support(planted: Block) -> None:
    paid = planted.subscriptions
    small = planted.accounts.band[paid.account] == SMALL
    assert 8 < paid.support_cost[small].mean() / paid.support_cost[~small].mean() < 12


def test_in_a_null_world_small_accounts_are_like_others(null: Block) -> None:
    small, others = first_year_churn(null)
    paid = null.subscriptions
    is_small = null.accounts.band[paid.account] == SMALL
    cost = paid.support_cost[is_small].mean() / paid.support_cost[~is_small].mean()
    assert 0.7 < small / others < 1.4
    assert 0.7 < cost < 1.4


def median_days(block: Block, industry: str) -> tuple[float, float]:
    sold = block.opportunities
    rows = np.flatnonzero(sold.closed)
    days = (sold.close_day - sold.created_day)[rows]
    fast = block.accounts.industry[sold.account[rows]] == INDUSTRY.index(industry)
    return float(np.median(days[fast])), float(np.median(days[~fast]))


def test_the_fast_industry_closes_sooner_and_with_less_discount(planted: Block) -> None:
    fast, others = median_days(planted, "Logistics")
    sold = planted.opportunities
    logistics = planted.accounts.industry[sold.account] == INDUSTRY.index("Logistics")
    less = sold.discount[~logistics].mean() - sold.discount[logistics].mean()
    assert fast < 0.8 * others
    assert less == pytest.approx(0.07, abs=0.015)


def test_in_a_null_world_no_industry_is_faster(null: Block) -> None:
    fast, others = median_days(null, "Logistics")
    assert fast == pytest.approx(others, rel=0.1)


def active_share(block: Block) -> tuple[np.ndarray, np.ndarray]:
    """Mean active users per seat by subscription, and the row of its account."""
    used, paid = block.usage, block.subscriptions
    working = (used.day - 4) % 7 < 5
    rows, users = used.subscription[working], used.active_users[working]
    days = np.bincount(rows, minlength=len(paid))
    mean = np.bincount(rows, weights=users, minlength=len(paid)) / np.maximum(days, 1)
    kept = (days > 20) & (paid.seats >= 15)  # days without any use have no row
    return (mean / paid.seats)[kept], paid.account[kept]


def test_sticky_customers_share_only_one_trait_with_fast_ones(planted: Block) -> None:
    share, account = active_share(planted)
    logistics = planted.accounts.industry[account] == INDUSTRY.index("Logistics")
    snowflake = planted.accounts.technologies[account, TECHNOLOGY.index("Snowflake")]
    plain = share[~logistics & ~snowflake].mean()
    assert share[logistics & ~snowflake].mean() / plain == pytest.approx(1.5, abs=0.15)
    assert share[~logistics & snowflake].mean() / plain == pytest.approx(1.8, abs=0.15)


def region_rates(block: Block) -> tuple[float, int]:
    sold, nordic = block.opportunities, np.isin(block.accounts.country, (9, 10, 11))
    rows = np.flatnonzero(sold.closed & nordic[sold.account])
    return float(sold.won[rows].mean()), len(rows)


def test_the_nordics_win_as_often_as_everyone(planted: Block) -> None:
    nordic, n = region_rates(planted)
    overall = planted.opportunities.won[planted.opportunities.closed].mean()
    assert nordic == pytest.approx(overall, abs=3.5 * np.sqrt(0.21 / n))


def owner_rates(block: Block, *, lately: bool) -> np.ndarray:
    sold = block.opportunities
    cut = (TODAY - date(1970, 1, 1)).days - 365
    rows = np.flatnonzero(sold.closed & ((sold.close_day >= cut) == lately))
    return np.array([sold.won[rows][sold.owner[rows] == k].mean() for k in range(len(OWNERS))])


def test_the_lucky_owner_shines_in_the_past_and_not_since(planted: Block) -> None:
    past, since = owner_rates(planted, lately=False), owner_rates(planted, lately=True)
    lucky, others = OWNERS.index(LUCKY_OWNER), np.arange(len(OWNERS)) != 0
    assert past[lucky] > past[others].max() + 0.05
    assert since[lucky] == pytest.approx(since[others].mean(), abs=0.06)


def test_a_recent_executive_hire_makes_replies_likelier(planted: Block) -> None:
    sent = planted.touches
    days = planted.signals.days_of("executive_hire", len(planted.accounts))[sent.account]
    age = sent.day[:, None] - days
    fresh = ((age >= 0) & (age <= 45)).any(axis=1)
    assert sent.replied[fresh].mean() > 1.5 * sent.replied[~fresh].mean()


def buyer_log_odds(block: Block) -> tuple[float, float]:
    """Effect of an economic buyer known 60 days in, on what is still open then."""
    sold = block.opportunities
    since = sold.created_day + 60
    rows = np.flatnonzero(sold.closed & (sold.close_day > since))
    known = sold.role_days[rows, 1] <= since[rows]
    x = np.column_stack([np.ones(len(rows)), known]).astype(float)
    found, error = logistic(x, sold.won[rows].astype(float))
    return float(found[0]), float(error[0])


def test_roles_have_no_effect_unless_one_is_asked_for(planted: Block) -> None:
    found, error = buyer_log_odds(planted)
    assert abs(found) < 3 * error


def test_roles_known_at_close_look_as_if_they_had_an_effect(planted: Block) -> None:
    sold = planted.opportunities
    rows = np.flatnonzero(sold.closed)
    roles = (sold.role_days[rows] <= sold.close_day[rows, None]).sum(axis=1)
    assert sold.won[rows][roles == 4].mean() > 2 * sold.won[rows][roles == 0].mean()


def test_a_planted_role_effect_raises_the_odds_of_winning() -> None:
    found, error = buyer_log_odds(only_block(20_000, 11, Truth(effects=Effects(role_effect=0.9))))
    assert found > 3 * error
    assert found < 1.2


def test_headcount_moves_but_never_across_a_band(planted: Block) -> None:
    accounts, last = planted.accounts, (TODAY - date(1970, 1, 1)).days
    then = accounts.employees_on(last - 600, last)
    lows, highs = np.array([b.low for b in BANDS]), np.array([b.high for b in BANDS])
    assert (then != accounts.employees).mean() > 0.5
    assert ((lows[accounts.band] <= then) & (then <= highs[accounts.band])).all()


@pytest.mark.parametrize(("accounts", "seed"), [(19, 7), (10_000_001, 7), (100, -1)])
def test_impossible_worlds_are_refused(accounts: int, seed: int) -> None:
    with pytest.raises(UsageError, match=r"accounts|seed"):
        simulated_blocks(accounts, seed, TODAY)


def fit_quality(block: Block, kind: str, half_life: int) -> float:
    """Log-likelihood of won against lost, with one event's effect fading at a half-life."""
    x, y = design(block)
    rows = np.flatnonzero(block.opportunities.closed)
    x[:, 7 + ("executive_hire", "funding_round").index(kind)] = decayed(
        block, kind, half_life, rows
    )
    beta = np.zeros(x.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ beta))
        beta += np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]), x.T @ (y - p))
    return float((y * (x @ beta) - np.logaddexp(0, x @ beta)).sum())


@pytest.mark.parametrize(("kind", "half_life"), [("executive_hire", 45), ("funding_round", 90)])
def test_the_planted_half_life_fits_better_than_a_fourth_or_four_times_it(
    planted: Block, kind: str, half_life: int
) -> None:
    true = fit_quality(planted, kind, half_life)
    assert true > fit_quality(planted, kind, half_life // 4) + 2
    assert true > fit_quality(planted, kind, half_life * 4) + 2
