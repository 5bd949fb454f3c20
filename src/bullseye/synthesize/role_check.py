"""Whether beliefs about roles hold: taught by roles given before a day, tested on later ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.role_prior import Assumptions
from bullseye.stats.proportions import Share
from bullseye.stats.role_tests import Figure, Named
from bullseye.stats.roles import LearntShare
from bullseye.synthesize.role_evidence import Observed
from bullseye.synthesize.role_learning import (
    OWN_LABELS,
    Example,
    Label,
    Learnt,
    examples,
    labels,
    learnt,
)
from bullseye.synthesize.role_rows import stated_share
from bullseye.synthesize.role_trials import Trial, tried
from bullseye.synthesize.stance import RoleDecided
from bullseye.warehouse.role_facts import ContactFacts

TAUGHT_SHARE = 0.7
"""The share of labelled contacts that teaches; those labelled later test."""

ENOUGH = 30
"""Labelled contacts on either side of the day, and named ones, below which nothing is said."""


@dataclass(frozen=True)
class TaughtRow:
    """What one row of the table has for one role: stated, and moved by `n` labelled contacts.

    `learnt` is None where there were too few to move it.
    """

    row: str
    role: BuyingRole
    stated: float
    count: int
    n: int
    learnt: LearntShare | None

    @property
    def needed(self) -> int:
        """Labelled contacts that are missing before the row is called learnt."""
        return max(0, OWN_LABELS - self.n)


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
        trials, usual, gain = tried(taught, tested, assumed)
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
    short = (
        f" That is less than the threshold of {threshold:.0%} says: raise it in roles/NAME.yaml."
        if right.high < threshold
        else ""
    )
    return (
        f"A named role was right for {right.share:.0%} ({right.low:.0%} to {right.high:.0%}) of"
        f" {right.n:,} contacts; {of.share:.0%} ({of.low:.0%} to {of.high:.0%}) of {of.n:,}"
        f" got one.{short}"
    )
