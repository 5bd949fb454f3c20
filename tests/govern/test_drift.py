"""A review opens on drift, rarely without, and silence counts only where it could have spoken."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from bullseye.definitions.field import Field, FieldType
from bullseye.govern.drift import Answer, Asked, Dated, drift, sentence
from bullseye.govern.shifting import field_shifts
from bullseye.stats import drift as statistics
from bullseye.warehouse.facts import ListFact, NumberFact, TextFact

BOUNDS = tuple(date(2025, 6, 30) + timedelta(days=30 * at) for at in range(13))
ASKED = Asked(
    icp="software",
    outcome="won",
    outcome_sentence="won, not lost",
    is_good=True,
    version="abc",
    as_of=BOUNDS[-1],
    bounds=BOUNDS,
    months=1,
    standings=("T1", "T2", "T3", "no tier"),
    left_out=(),
)
RATES = np.array([0.5, 0.35, 0.25, 0.15])


@pytest.fixture(autouse=True)
def _fewer_simulations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "YEARS", 1_000)


def decided(random: np.random.Generator, a_month: int, left: float = 1.0, since: int = 0) -> Dated:
    """A year before the watch and one within; from period `since` on `left` of the rates hold."""
    period = np.concatenate([np.full(12 * a_month, -1), np.repeat(np.arange(12), a_month)])
    n = len(period)
    standing = random.choice(4, n, p=[0.1, 0.2, 0.2, 0.5])
    rate = RATES[standing] * np.where(period >= since, left, 1.0)
    yes = random.random(n) < rate
    return Dated(period, yes, random.integers(0, n, n), standing, -standing + random.random(n) / 9)


def test_a_drop_opens_a_review_and_says_since_when() -> None:
    found = drift(ASKED, decided(np.random.default_rng(1), 80, 0.45, since=5))
    assert found.answer is Answer.REVIEW
    assert found.since is not None
    assert BOUNDS[3] < found.since <= BOUNDS[8]
    assert found.overall.high is not None
    assert found.overall.high < 1
    assert "A review opens: won happens less than expected" in sentence(found)


def test_healthy_years_seldom_open_a_review() -> None:
    random = np.random.default_rng(2)
    opened = sum(
        drift(ASKED, decided(random, 40), seed=at).answer is Answer.REVIEW for at in range(40)
    )
    assert opened <= 9


def test_a_healthy_year_with_many_cases_shows_no_drift() -> None:
    found = drift(ASKED, decided(np.random.default_rng(3), 80))
    assert found.answer is Answer.NO_DRIFT
    assert found.since is None
    assert found.reasons == ()
    assert {each.name for each in found.tiers} >= {"T1", "T2", "T3", "no tier"}
    assert sum(each.ratio.n for each in found.periods) == found.cases == 960


def test_few_cases_say_that_silence_means_nothing() -> None:
    found = drift(ASKED, decided(np.random.default_rng(4), 5))
    assert found.answer in (Answer.CANNOT_TELL, Answer.REVIEW)
    assert "nothing could detect a 40 % change within a quarter" in sentence(found) or found.reasons
    thin = decided(np.random.default_rng(4), 2)
    assert drift(ASKED, thin).answer is Answer.CANNOT_TELL
    assert "at least 6 more are needed" in sentence(drift(ASKED, thin))


def test_what_we_do_not_want_opens_a_review_when_it_rises() -> None:
    bad = replace(ASKED, is_good=False, outcome="churned")
    fewer = drift(bad, decided(np.random.default_rng(5), 80, 0.45))
    more = drift(bad, decided(np.random.default_rng(5), 80, 1.7))
    assert not any("happens" in each for each in fewer.reasons)
    assert any("churned happens more than expected" in each for each in more.reasons)


def test_a_list_that_no_longer_sorts_opens_a_review_though_the_rate_holds() -> None:
    cases = decided(np.random.default_rng(6), 150)
    random = np.random.default_rng(7)
    shuffled = np.where(cases.period >= 0, random.random(len(cases.order)), cases.order)
    found = drift(ASKED, replace(cases, order=shuffled))
    assert any("sorts outcomes worse" in each for each in found.reasons)


def test_moved_fields_are_named_surest_first_and_days_are_not_looked_at() -> None:
    random = np.random.default_rng(8)
    n = 1_200
    before, account = np.arange(n) < 800, np.arange(n)
    size = np.where(before, random.normal(size=n), random.normal(1.0, size=n))
    codes = random.integers(0, 3, n).astype(np.int32)
    facts = {
        "employees": NumberFact(Field("employees", FieldType.COUNT, ""), size),
        "created_on": NumberFact(Field("created_on", FieldType.DATE, ""), account.astype(float)),
        "industry": TextFact(Field("industry", FieldType.TEXT, ""), ("a", "b", "c"), codes),
        "technologies": ListFact(
            Field("technologies", FieldType.LIST, ""),
            ("SAP",),
            np.zeros(600, dtype=np.int32),
            np.concatenate([[0], np.minimum(np.arange(1, n + 1), 600)]),
            np.ones(n, dtype=bool),
        ),
    }
    found = field_shifts(facts, before, ~before, account)
    assert {each.field for each in found} == {"employees", "industry", "technologies: SAP"}
    sure = {each.field for each in found if each.q < 0.01}
    assert sure == {"employees", "technologies: SAP"}


def test_an_account_counts_once_on_each_side() -> None:
    n = 600
    before = np.arange(n) < 400
    values = np.random.default_rng(9).normal(size=n)
    fact = NumberFact(Field("employees", FieldType.COUNT, ""), values)
    found = field_shifts({"employees": fact}, before, ~before, np.arange(n) // 2)
    assert (found[0].n_before, found[0].n_now) == (200, 100)
    assert field_shifts({"employees": fact}, before, ~before, np.arange(n) // 10) == ()
