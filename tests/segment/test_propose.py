"""An ICP is proposed from outcomes: found where there is one, and nothing where there is not."""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from tests.presence import missing

from bullseye.definitions.field import Field, FieldType
from bullseye.errors import NotEnoughEvidence
from bullseye.segment.propose import Proposal, Task, Wish, propose
from bullseye.segment.split import split
from bullseye.warehouse.facts import Fact, NumberFact, TextFact

TODAY = date(2026, 11, 2)
DAY = (TODAY - date(1970, 1, 1)).days
INDUSTRIES = ("Banking", "Retail", "SaaS", "Steel")


def task(n: int, *, effect: float = 2.0, seed: int = 1, dated: bool = True) -> Task:
    """Cases in which SaaS and 50 to 500 employees are won more often, by `effect`."""
    rng = np.random.default_rng(seed)
    employees = np.exp(rng.normal(5, 1.6, n)).round()
    industry = rng.integers(0, 4, n)
    region = rng.integers(0, 5, n)
    fits = (industry == 2).astype(float) + ((employees >= 50) & (employees < 500))
    outcome = rng.random(n) < 1 / (1 + np.exp(1.5 + effect * (0.5 - fits)))
    began = np.sort(rng.integers(DAY - 700, DAY - 30, n)).astype(float)
    employees[rng.random(n) < 0.1] = np.nan
    facts: dict[str, Fact] = {
        "employees": NumberFact(Field("employees", FieldType.COUNT, ""), employees),
        "industry": TextFact(
            Field("industry", FieldType.TEXT, ""), INDUSTRIES, industry.astype(np.int32)
        ),
        "region": TextFact(
            Field("region", FieldType.TEXT, ""), tuple("abcde"), region.astype(np.int32)
        ),
        "owner": TextFact(
            Field("owner", FieldType.TEXT, ""), ("Ann", "Bob"), outcome.astype(np.int32)
        ),
    }
    return Task(
        facts,
        outcome,
        rng.integers(0, n // 2, n),
        began if dated else np.full(n, np.nan),
        began + rng.integers(5, 60, n),
        TODAY,
    )


@pytest.fixture(scope="module")
def found() -> Proposal:
    """What 900 dated cases say."""
    return propose(task(900), Wish())


def test_planted_traits_are_found_with_their_evidence(found: Proposal) -> None:
    assert found.found
    told = {str(each.rule): each for each in found.criteria}
    saas = told["industry any of SaaS"]
    assert saas.points > 0
    assert saas.with_it.low > saas.without.high
    assert saas.with_it.n + saas.without.n + saas.unknown == 900
    assert any(rule.startswith("employees") for rule in told)
    assert not any(rule.startswith("region") for rule in told)


def test_it_is_reported_on_later_cases_than_it_was_learnt_from(found: Proposal) -> None:
    held = found.held
    assert held is not None
    assert held.since is not None
    assert 150 < held.n < 400
    assert held.learnt_on + held.n < 900  # undecided when the later ones began
    assert 0.6 < held.auc.low < held.auc.value < held.auc.high < 0.95
    assert held.top.lift.value > 1.3
    assert [each.name for each in held.beside] == ["naive Bayes"]


def test_nothing_learnt_on_the_past_was_decided_after_the_future_begins() -> None:
    cases = task(600)
    parts = split(cases.outcome, cases.began, cases.decided, cases.clusters)
    assert parts.day is not None
    first = (parts.day - date(1970, 1, 1)).days
    assert cases.decided[parts.past].max() < first <= cases.began[parts.future].min()


def test_cases_without_days_are_split_by_account() -> None:
    cases = task(600, dated=False)
    parts = split(cases.outcome, cases.began, cases.decided, cases.clusters)
    assert parts.day is None
    assert len(parts.past) + len(parts.future) == 600
    assert not set(cases.clusters[parts.past]) & set(cases.clusters[parts.future])


def test_where_outcomes_follow_nothing_no_icp_is_found() -> None:
    found = [propose(task(300, effect=0.0, seed=seed), Wish()) for seed in range(20)]
    assert sum(each.found for each in found) <= 3
    none = next(each for each in found if not each.found)
    assert none.criteria == ()
    assert none.held is None
    assert none.gate.p > 0.05


def test_few_cases_make_a_provisional_card_of_few_criteria() -> None:
    found = propose(task(90, effect=4.0), Wish())
    assert found.provisional
    assert found.found
    assert 1 <= len(found.criteria) <= 5


def test_too_few_cases_say_how_many_more_are_needed() -> None:
    cases = task(40)
    outcome = np.zeros(40, dtype=bool)
    outcome[:4] = True
    with pytest.raises(NotEnoughEvidence, match="only 4 are of the rarer outcome") as told:
        propose(
            Task(cases.facts, outcome, cases.clusters, cases.began, cases.decided, TODAY), Wish()
        )
    assert "about 160 more" in told.value.hint


def test_who_works_the_account_is_no_criterion_unless_insisted_on(found: Proposal) -> None:
    assert "owner" in {each.field for each in found.left_out}
    insisted = propose(task(200), Wish(insist=("owner",)))
    assert any("owner" in str(each.rule) for each in insisted.criteria)


def test_a_field_whose_gaps_tell_the_outcome_is_named() -> None:
    cases = task(400)
    industry = cases.facts["industry"]
    assert isinstance(industry, TextFact)
    rng = np.random.default_rng(2)
    gaps = ~cases.outcome & (rng.random(400) < 0.5)
    codes = np.where(gaps, -1, industry.codes).astype(np.int32)
    facts = {**cases.facts, "industry": TextFact(industry.field, industry.levels, codes)}
    found = propose(
        Task(facts, cases.outcome, cases.clusters, cases.began, cases.decided, TODAY), Wish()
    )
    silent = {each.field: each for each in found.silent}
    assert silent["industry"].unknown.value < silent["industry"].known.value


def test_the_same_cases_give_the_same_proposal() -> None:
    assert propose(task(150), Wish()) == propose(task(150), Wish())


def test_cut_offs_are_stricter_for_better_tiers(found: Proposal) -> None:
    cuts = found.cuts
    assert 2 <= len(cuts) <= 3
    assert all(one.fit > other.fit for one, other in pairwise(cuts))
    assert all(one.rate.value > other.rate.value for one, other in pairwise(cuts))


def test_the_yardstick_stands_beside_the_card() -> None:
    try:
        import lightgbm  # noqa: F401, PLC0415 - needs a library of the system
    except OSError as error:
        missing(f"LightGBM cannot be loaded: {error}")
    held = propose(task(400), Wish(yardstick=True)).held
    assert held is not None
    assert [each.name for each in held.beside] == ["naive Bayes", "LightGBM"]
    for each in held.beside:
        assert each.gained.low <= held.auc.value - each.auc.value <= each.gained.high
