"""Whether beliefs about roles hold: taught by roles given before a day, tested on later ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.proportions import Share, wilson
from bullseye.stats.role_tests import Figure, Held, Named, gained, held, named
from bullseye.stats.roles import LearntShare, logit
from bullseye.synthesize.role_evidence import Observed
from bullseye.synthesize.role_learning import (
    Example,
    Label,
    Learnt,
    examples,
    labels,
    learnt,
    log_odds,
)
from bullseye.synthesize.role_rows import stated_share
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.role_facts import ContactFacts

TAUGHT_SHARE = 0.7
"""The share of labelled contacts that teaches; those labelled later test."""

ENOUGH = 30
"""Labelled contacts on either side of the day, and named ones, below which nothing is said."""

THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)

_ROLES = tuple(BuyingRole)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Trial:
    """One way to believe, tested: how well its probabilities and its named roles held."""

    what: str
    held: Held
    named: tuple[Named, ...]


@dataclass(frozen=True)
class TaughtRow:
    """What one row of the table has for one role: stated, and learnt where there was enough."""

    row: str
    role: BuyingRole
    stated: float
    count: int
    n: int
    learnt: LearntShare | None


@dataclass(frozen=True)
class RoleCheck:
    """What the workspace's own roles say of the beliefs.

    Parameters
    ----------
    as_of
        The day.
    labelled
        Contacts with a role that a person gave.
    split_on
        The day the test begins; None where there is no test.
    taught, tested
        Labelled contacts before that day, and from it on. Their roles are never evidence.
    late_titles
        Tested contacts whose title is the one known on `as_of`: it was not on file before.
    threshold
        From which a role is named.
    trials
        Base rates alone; the stated prior; prior and evidence as stated; the same learnt.
    usual
        How often the most frequent role is right if it is given to everybody.
    gain
        By how much learnt beliefs err less than base rates (mean squared error).
    needed
        Labelled contacts that are missing before anything can be told; 0 where it can.
    verdict
        All of it in a sentence.
    rows
        What each row was taught by all labels up to `as_of`.
    unknown_words
        Roles of the CRM that mean none of ours, with their rows.
    """

    as_of: date
    labelled: int
    split_on: date | None
    taught: int
    tested: int
    late_titles: int
    threshold: float
    trials: tuple[Trial, ...]
    usual: Share | None
    gain: Figure | None
    needed: int
    verdict: str
    rows: tuple[TaughtRow, ...]
    unknown_words: Mapping[str, int]

    @property
    def at_threshold(self) -> Named | None:
        """Precision and coverage of what is shown: learnt beliefs at the threshold in force."""
        learnt_trial = self.trials[-1].named if self.trials else ()
        return next((each for each in learnt_trial if each.threshold == self.threshold), None)


def split_day(found: Mapping[str, Label]) -> date | None:
    """Return the day on which testing begins; None where all labels are of one day."""
    days = sorted(each.on for each in found.values())
    if not days or days[0] == days[-1]:
        return None
    day = days[int(TAUGHT_SHARE * len(days))]
    return day if day > days[0] else next(each for each in days if each > days[0])


def role_check(
    now: Sequence[ContactFacts],
    then: Sequence[ContactFacts],
    observed: Sequence[Observed],
    decided: Mapping[str, Sequence[RoleDecided]],
    assumed: Assumptions,
    *,
    split_on: date | None,
    as_of: date,
    unknown_words: Mapping[str, int],
) -> RoleCheck:
    """Return how well beliefs held that were taught before `split_on`, on roles given from then on.

    Parameters
    ----------
    now
        The contacts as known on `as_of`.
    then
        The contacts as known on the eve of `split_on`; who was not on file then is taken as now.
    observed
        Every observation up to `as_of`.
    decided
        People's decisions, by contact.
    assumed
        The stated prior and weights.
    split_on
        The day (`split_day`); None where there is none.
    as_of
        The day of asking.
    unknown_words
        Roles of the CRM that mean none of ours.
    """
    found = labels(observed, decided)
    every = examples(now, observed, found, assumed)
    rows = _rows(every, learnt(every, assumed), assumed)
    on_file = {each.contact_id for each in now}
    found = {name: each for name, each in found.items() if name in on_file}
    taught, tested, late = _split(now, then, observed, decided, assumed, split_on)
    needed = max(0, ENOUGH - len(taught), ENOUGH - len(tested))
    trials: tuple[Trial, ...] = ()
    usual, gain = None, None
    if not needed:
        trials, usual, gain = _tried(taught, tested, assumed)
    return RoleCheck(
        as_of,
        len(found),
        split_on,
        len(taught),
        len(tested),
        late,
        assumed.threshold,
        trials,
        usual,
        gain,
        needed,
        _verdict(len(found), split_on, needed, trials, gain, assumed.threshold),
        rows,
        unknown_words,
    )


def _split(
    now: Sequence[ContactFacts],
    then: Sequence[ContactFacts],
    observed: Sequence[Observed],
    decided: Mapping[str, Sequence[RoleDecided]],
    assumed: Assumptions,
    day: date | None,
) -> tuple[list[Example], list[Example], int]:
    """Return the examples labelled before a day, those labelled later, and whose title is late."""
    if day is None:
        return [], [], 0
    earlier = {
        name: tuple(each for each in found if each.on < day) for name, found in decided.items()
    }
    before = labels((each for each in observed if each.on < day), earlier)
    after = {name: each for name, each in labels(observed, decided).items() if each.on >= day}
    known = {each.contact_id: each for each in then}
    people = [known.get(each.contact_id, each) for each in now]
    tested = examples(people, observed, after, assumed, before=day)
    late = sum(each.contact_id not in known for each in tested)
    return examples(people, observed, before, assumed), tested, late


def _tried(
    taught: Sequence[Example], tested: Sequence[Example], assumed: Assumptions
) -> tuple[tuple[Trial, ...], Share, Figure]:
    table = learnt(taught, assumed)
    is_role, known = _labels(tested)
    rates = _base_rates(taught, assumed)
    base = np.tile(rates, (len(tested), 1))
    titles = _probabilities(tested, Learnt(), assumed, with_evidence=False)
    stated = _probabilities(tested, Learnt(), assumed)
    own = _probabilities(tested, table, assumed)
    observed = np.array([[each.has_evidence[role] for role in _ROLES] for each in tested])
    in_row = np.array([[(each.cell, role) in table.rows for role in _ROLES] for each in tested])
    never = np.zeros_like(observed)
    ways = (
        ("how frequent roles are, alone", base, never | True),
        ("titles, as stated", titles, never | True),
        ("titles and evidence, as stated", stated, observed),
        ("titles and evidence, learnt", own, observed | in_row),
    )
    thresholds = sorted({*THRESHOLDS, assumed.threshold})
    trials = tuple(
        Trial(
            what,
            held(p, is_role, known),
            tuple(named(np.where(may, p, 0.0), is_role, each) for each in thresholds),
        )
        for what, p, may in ways
    )
    usual = wilson(int(is_role[:, int(rates.argmax())].sum()), len(tested))
    return trials, usual, gained(own, base, is_role, known)


def _probabilities(
    found: Sequence[Example], table: Learnt, assumed: Assumptions, *, with_evidence: bool = True
) -> Floats:
    def one(each: Example, role: BuyingRole) -> float:
        if not with_evidence:
            return logit(stated_share(each.cell, role, assumed))
        return table.corrected(role, log_odds(each, role, table, assumed))

    return np.asarray(expit([[one(each, role) for role in _ROLES] for each in found]))


def _labels(found: Sequence[Example]) -> tuple[Flags, Flags]:
    is_role = [[each.label.roles.get(role, False) for role in _ROLES] for each in found]
    known = [[role in each.label.roles for role in _ROLES] for each in found]
    return np.array(is_role, dtype=bool), np.array(known, dtype=bool)


def _base_rates(found: Sequence[Example], assumed: Assumptions) -> Floats:
    is_role, known = _labels(found)
    count = known.sum(axis=0)
    rates = np.where(count > 0, is_role.sum(axis=0) / np.maximum(count, 1), assumed.unlisted)
    return np.asarray(rates, dtype=np.float64)


def _rows(found: Iterable[Example], table: Learnt, assumed: Assumptions) -> tuple[TaughtRow, ...]:
    counted: dict[tuple[str, BuyingRole], list[bool]] = {}
    cells = {}
    for each in found:
        for role, has in each.label.roles.items():
            cells[each.cell.words, role] = each.cell
            counted.setdefault((each.cell.words, role), []).append(has)
    return tuple(
        TaughtRow(
            words,
            role,
            stated_share(cells[words, role], role, assumed),
            sum(has),
            len(has),
            table.rows.get((cells[words, role], role)),
        )
        for (words, role), has in sorted(counted.items())
    )


def _verdict(
    labelled: int,
    split_on: date | None,
    needed: int,
    trials: Sequence[Trial],
    gain: Figure | None,
    threshold: float,
) -> str:
    if gain is None or not trials:
        if labelled and split_on is None:
            return (
                "Cannot tell yet: all roles that people gave are of one day, so none is later"
                " than what it would be foretold by."
            )
        return f"Cannot tell yet: {needed:,} more contacts with a role that a person gave needed."
    if gain.low <= 0:
        return (
            "Titles and evidence foretell these roles no better than how frequent each role is:"
            " do not rely on what is named."
        )
    shown = next(each for each in trials[-1].named if each.threshold == threshold)
    if shown.precision.n < ENOUGH:
        return (
            "Titles and evidence tell more than how frequent roles are, but only"
            f" {shown.precision.n:,} tested contacts reached the threshold: how often a named role"
            f" is right cannot be told yet (need {ENOUGH - shown.precision.n:,} more)."
        )
    right, of = shown.precision, shown.coverage
    return (
        f"A named role was right for {right.share:.0%} ({right.low:.0%} to {right.high:.0%}) of"
        f" {right.n:,} contacts; {of.share:.0%} ({of.low:.0%} to {of.high:.0%}) of {of.n:,}"
        " got one."
    )
