"""A backtest: an ICP as it stands, judged by what happened after the days it is put back to."""

from dataclasses import dataclass

import numpy as np

from bullseye.stats.clusters import Clustered, Rate
from bullseye.stats.discrimination import Estimate
from bullseye.stats.shuffles import Control, control
from bullseye.validate.against import Against
from bullseye.validate.ranking import (
    Band,
    Calibration,
    Gain,
    Lift,
    calibration,
    fit_auc,
    fit_bands,
    gains,
    lift_of,
    list_auc,
)
from bullseye.validate.seen import Bools, Happened, Ints, Judged, Question
from bullseye.validate.standings import Standing, standings
from bullseye.validate.verdict import RULE, Answer, Verdict, verdict_on

SHUFFLES = 199

MIN_CASES = 10
"""Decided cases of T1 below which the verdict is on the whole target list."""


@dataclass(frozen=True)
class Choice:
    """One way to choose accounts, against all other cases.

    `control` repeats the difference with outcomes dealt out at random; None where the choice or
    the rest has no decided case.
    """

    chosen: Lift
    rest: Rate
    verdict: Verdict
    control: Control | None


@dataclass(frozen=True)
class Backtest:
    """What a backtest found; every rate is over decided cases, with a 95 % interval by account.

    `base` is the rate of all cases. `choices` are T1, the whole target list (T1 to T3) and the
    best `capacity` accounts of each day, each against all other cases. `new_cases` began after
    the version was first seen: only they cannot have shaped it.
    """

    question: Question
    rule: str
    cases: int
    undecided: int
    accounts: int
    new_cases: int | None
    base: Rate
    standings: tuple[Standing, ...]
    capacity: int
    choices: tuple[Choice, ...]
    gains: tuple[Gain, ...]
    bands: tuple[Band, ...]
    calibration: Calibration | None
    fit_auc: Estimate | None
    list_auc: Estimate | None
    against: Against | None

    @property
    def headline(self) -> Choice:
        """The choice that the verdict is on: the first one with ten decided cases, T1 if it has.

        How many cases a choice has decides, never what happened in them.
        """
        return next((c for c in self.choices if c.chosen.rate.n >= MIN_CASES), self.choices[0])

    @property
    def verdict(self) -> Verdict:
        """The verdict on the headline."""
        return self.headline.verdict

    @property
    def warnings(self) -> tuple[str, ...]:
        """What has to be said before any number."""
        found = [self.question.warning] if self.question.warning else []
        if self.new_cases == 0:
            found.append(
                "every case began before this version was first seen here: it may have been made"
                " from them, and then it looks better than it is"
            )
        return tuple(found)


def backtest(
    question: Question,
    happened: Happened,
    judged: Judged,
    *,
    capacity: int,
    compared: Against | None = None,
    new_cases: int | None = None,
    seed: int = 0,
) -> Backtest:
    """Judge a definition by what happened after the cohort days.

    Parameters
    ----------
    question
        What is asked.
    happened, judged
        The cases, and how the definition had judged them; of the same n.
    capacity
        How many accounts of each day could be worked.
    compared
        The comparison with another version, where one is asked for.
    new_cases
        How many cases began after the definition was written; None if that is not known.
    seed
        Of the label shuffles.
    """
    decided = happened.decided
    yes, account = happened.yes[decided] == 1, happened.account[decided]
    everyone = Clustered.of(yes, account, np.zeros(len(yes), dtype=np.int64), 1)
    chosen = {
        "T1": judged.is_t1,
        "the target list (T1 to T3)": judged.is_targeted,
        f"the best {capacity:,} accounts of each day": judged.within(capacity),
    }
    return Backtest(
        question=question,
        rule=RULE,
        cases=len(happened.yes),
        undecided=int((~decided).sum()),
        accounts=len(np.unique(happened.account)),
        new_cases=new_cases,
        base=everyone.rate(0),
        standings=standings(happened, judged),
        capacity=capacity,
        choices=tuple(
            choice(name, happened, each, is_good=question.is_good, seed=seed)
            for name, each in chosen.items()
        ),
        gains=gains(happened, judged),
        bands=fit_bands(happened, judged),
        calibration=calibration(happened, judged),
        fit_auc=fit_auc(happened, judged),
        list_auc=list_auc(happened, judged),
        against=compared,
    )


def choice(name: str, happened: Happened, chosen: Bools, *, is_good: bool, seed: int) -> Choice:
    """Hold the chosen cases against all others."""
    decided = happened.decided
    yes, account = happened.yes[decided] == 1, happened.account[decided]
    here = chosen[decided]
    groups = Clustered.of(yes, account, here.astype(np.int64), 2)
    return Choice(
        lift_of(name, happened, chosen),
        groups.rate(0),
        verdict_on(yes, account, here, is_good=is_good),
        _control(yes, account, here, is_good, seed),
    )


def _control(yes: Bools, account: Ints, chosen: Bools, is_good: bool, seed: int) -> Control | None:
    if chosen.all() or not chosen.any():
        return None
    sign = 1 if is_good else -1
    weights = sign * np.where(chosen, 1 / chosen.sum(), -1 / (~chosen).sum())
    return control(
        lambda outcomes: float(weights[outcomes].sum()), yes, account, shuffles=SHUFFLES, seed=seed
    )


def sentence(found: Backtest) -> str:
    """Return the verdict in words, with its numbers."""
    choice_, verdict = found.headline, found.headline.verdict
    name = choice_.chosen.name
    if not choice_.chosen.rate.n or not choice_.rest.n:
        return "Cannot tell yet: every decided case is on the same side of the list."
    heads = {
        Answer.BETTER: f"Better: {name} did better than the rest.",
        Answer.WORSE: f"Worse: {name} did worse than the rest.",
        Answer.NO_WORSE: f"No worse: {name} did no worse than the rest; nothing shows it did"
        " better.",
        Answer.CANNOT_TELL: f"Cannot tell yet whether {name} does better: {more(verdict)}.",
    }
    asked = found.question
    numbers = f"{rate_words(choice_.chosen.rate)} against {rate_words(choice_.rest)}"
    return (
        f"{heads[verdict.answer]} Outcome {asked.outcome} ({asked.outcome_sentence}): {numbers}:"
        f" {points(verdict)}."
    )


def rate_words(rate: Rate) -> str:
    """Return a rate in words, with its interval and what it rests on."""
    if not rate.n:
        return "no decided case"
    return (
        f"{rate.share:.1%} ({rate.low:.1%}-{rate.high:.1%}, n = {rate.n:,} of"
        f" {rate.accounts:,} accounts)"
    )


def points(verdict: Verdict) -> str:
    """Return a difference in percentage points, with its interval."""
    effect = verdict.difference
    estimate, low, high = (100 * each for each in (effect.estimate, effect.low, effect.high))
    return f"{estimate:+.1f} points for the better ({low:+.1f} to {high:+.1f})"


def more(verdict: Verdict) -> str:
    """Return how many further cases would tell, in words."""
    if verdict.needed is None:
        return "no number of cases like these would tell"
    return f"about {verdict.needed:,} more decided cases would tell"
