"""A backtest says better only where it is, and how much more would tell."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from bullseye.validate.against import Spent, against, paired
from bullseye.validate.backtest import Backtest, backtest, sentence
from bullseye.validate.seen import Happened, Judged, Question
from bullseye.validate.verdict import Answer, rounded

DAY = date(2026, 6, 30)
QUESTION = Question(
    icp="software",
    outcome="won",
    outcome_sentence="won, not lost",
    is_good=True,
    version="abc",
    written_on=date(2026, 1, 1),
    as_of=DAY,
    cohorts=(date(2025, 12, 31), date(2026, 3, 31)),
    dated=True,
    warning="",
    left_out=(),
)


def cases(
    random: np.random.Generator, accounts: int, t1_rate: float, rate: float
) -> tuple[Happened, Judged]:
    """Cases of accounts, a fifth of them in T1, some open; outcomes are alike within accounts."""
    account = np.repeat(np.arange(accounts), random.integers(1, 4, accounts))
    n = len(account)
    is_t1 = (random.random(accounts) < 0.2)[account]
    common = np.where(random.random(n) < 0.4, random.random(accounts)[account], random.random(n))
    yes = np.where(common < np.where(is_t1, t1_rate, rate), 1, 0)
    yes = np.where(random.random(n) < 0.1, -1, yes)
    happened = Happened(
        account=account,
        cohort=random.integers(0, 2, n),
        yes=yes,
        state=np.where(yes < 0, 0, np.where(yes == 1, 1, 2)),
        days=random.integers(5, 200, n).astype(float),
        amount=np.where(yes == 1, 1_000.0 * random.integers(1, 9, n), np.nan),
    )
    fit = np.where(is_t1, 90.0, random.integers(0, 80, n))
    place = np.where(is_t1, random.integers(1, 100, n), random.integers(100, 500, n))
    standing = np.where(is_t1, 0, np.where(random.random(n) < 0.9, 3, 6))
    return happened, Judged(standing, fit, place, np.full(n, 500))


def test_a_tier_that_wins_more_is_better_and_every_part_says_so() -> None:
    found = backtest(QUESTION, *cases(np.random.default_rng(1), 500, 0.5, 0.15), capacity=99)
    assert found.verdict.answer is Answer.BETTER
    assert found.headline.chosen.name == "T1"
    assert found.headline.control is not None
    assert found.headline.control.p < 0.01
    assert found.headline.chosen.lift.low > 1.5
    assert "Better" in sentence(found)
    assert "n = " in sentence(found)
    assert found.fit_auc is not None
    assert found.fit_auc.low > 0.5
    shares = [each.captured.estimate for each in found.gains]
    assert shares == sorted(shares)
    assert found.bands[-1].rate.share > found.bands[0].rate.share
    t1 = found.standings[0]
    assert t1.amount.mean is not None
    assert t1.pace.share is not None
    assert t1.cases == t1.rate.n + t1.undecided


@pytest.mark.parametrize("is_good", [True, False])
def test_without_an_effect_it_is_hardly_ever_called_better(is_good: bool) -> None:
    random, better, runs = np.random.default_rng(2), 0, 40
    question = replace(QUESTION, is_good=is_good)
    for _ in range(runs):
        found = backtest(question, *cases(random, 120, 0.2, 0.2), capacity=99)
        better += found.verdict.answer is Answer.BETTER
    assert better <= 3


def test_a_bad_outcome_turns_the_verdict_around() -> None:
    happened, judged = cases(np.random.default_rng(3), 500, 0.05, 0.3)
    churn = backtest(replace(QUESTION, is_good=False), happened, judged, capacity=99)
    won = backtest(QUESTION, happened, judged, capacity=99)
    assert (churn.verdict.answer, won.verdict.answer) == (Answer.BETTER, Answer.WORSE)
    assert churn.verdict.difference.low > 0 > won.verdict.difference.high


def test_few_cases_cannot_tell_and_say_how_many_would() -> None:
    found = backtest(QUESTION, *cases(np.random.default_rng(4), 70, 0.3, 0.2), capacity=99)
    assert found.verdict.answer is Answer.CANNOT_TELL
    assert found.verdict.needed is not None
    assert found.verdict.needed >= found.verdict.n
    assert "more decided cases would tell" in sentence(found)


def test_enough_cases_without_an_effect_are_no_worse() -> None:
    found = backtest(QUESTION, *cases(np.random.default_rng(5), 9_000, 0.3, 0.3), capacity=99)
    assert found.verdict.answer is Answer.NO_WORSE
    assert -found.verdict.margin < found.verdict.difference.low < 0


def test_where_t1_has_no_decided_case_the_whole_list_is_judged() -> None:
    happened, judged = cases(np.random.default_rng(6), 300, 0.5, 0.1)
    listed = replace(judged, standing=np.where(judged.standing == 0, 1, judged.standing))
    found = backtest(QUESTION, happened, listed, capacity=99)
    assert found.headline.chosen.name == "the target list (T1 to T3)"
    assert found.verdict.answer is Answer.BETTER


def nobody(happened: Happened, judged: Judged) -> tuple[Happened, Judged]:
    """No account is on the list."""
    return happened, replace(judged, standing=np.full_like(judged.standing, 6))


def everybody(happened: Happened, judged: Judged) -> tuple[Happened, Judged]:
    """Every account is in T1."""
    return happened, replace(judged, standing=np.zeros_like(judged.standing))


def undecided(happened: Happened, judged: Judged) -> tuple[Happened, Judged]:
    """Nothing is decided yet."""
    return replace(happened, yes=np.full_like(happened.yes, -1)), judged


@pytest.mark.parametrize("change", [nobody, everybody, undecided])
def test_a_list_that_cannot_be_judged_gives_no_number(
    change: Callable[[Happened, Judged], tuple[Happened, Judged]],
) -> None:
    found = backtest(QUESTION, *change(*cases(np.random.default_rng(7), 60, 0.3, 0.2)), capacity=0)
    assert found.verdict.answer is Answer.CANNOT_TELL
    assert found.headline.control is None
    assert "Cannot tell yet" in sentence(found)


def test_cases_that_all_came_before_the_definition_are_said_to() -> None:
    happened, judged = cases(np.random.default_rng(8), 100, 0.3, 0.2)

    def warned(found: Backtest) -> bool:
        return any("before this version" in each for each in found.warnings)

    assert warned(backtest(QUESTION, happened, judged, capacity=9, new_cases=0))
    assert not warned(backtest(QUESTION, happened, judged, capacity=9, new_cases=40))
    today = replace(QUESTION, dated=False, warning="facts as known today")
    assert backtest(today, happened, judged, capacity=9).warnings[0] == "facts as known today"


def test_a_version_against_itself_is_the_same() -> None:
    happened, judged = cases(np.random.default_rng(9), 300, 0.4, 0.2)
    account = np.arange(50)
    chosen = account < 20
    spent = Spent("meeting", account, chosen, chosen, account % 4 == 0)
    found = against(
        happened,
        judged,
        judged,
        capacity=80,
        is_good=True,
        version="abc",
        written_on=None,
        spent=(spent,),
    )
    for each in (found.t1, found.capacity, *found.spend):
        assert (each.only_tested, each.only_other) == (0, 0)
        assert each.verdict.difference.estimate == pytest.approx(0)
        assert each.verdict.answer is Answer.CANNOT_TELL
    assert found.order is not None
    assert found.order.value == 0


def test_a_version_that_chooses_winners_is_better_than_one_that_does_not() -> None:
    account = np.arange(600)
    yes = account % 3 == 0
    tested, other = yes & (account < 300), account < 150
    found = paired("T1", yes, account, tested, other, is_good=True)
    assert found.verdict.answer is Answer.BETTER
    assert found.both == int((tested & other).sum())
    back = paired("T1", yes, account, other, tested, is_good=True)
    assert back.verdict.answer is Answer.WORSE


def test_numbers_out_of_reach_are_not_told() -> None:
    assert (rounded(10**9), rounded(47), rounded(123_456)) == (None, 47, 120_000)
