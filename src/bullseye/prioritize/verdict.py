"""The verdict on one account in plain Python: what the compiled SQL decides, readable.

It serves what must be asked of few answers (what would filling this field change?) and is the
reference the SQL is tested against.
"""

from dataclasses import dataclass

from bullseye.definitions.icp import Mode
from bullseye.definitions.tier import EntryCriteria, Tier
from bullseye.warehouse.compile import Profile, Status, whole
from bullseye.warehouse.layout import FIRST_BIT, HELD, POINTS, REQUIRED


@dataclass(frozen=True)
class Fit:
    """Points of one account under one profile, counted from the worst account."""

    points: int
    open: int
    span: int

    @property
    def score(self) -> float | None:
        """0-100 over what is known; None if nothing is."""
        known = self.span - self.open
        return 100 * self.points / known if known else None

    @property
    def low(self) -> float:
        """0-100 if everything unknown turns out worst."""
        return 100 * self.points / self.span

    @property
    def high(self) -> float:
        """0-100 if everything unknown turns out best."""
        return 100 * (self.points + self.open) / self.span

    @property
    def coverage(self) -> float:
        """The share of the points that is known, 0-1."""
        return (self.span - self.open) / self.span


@dataclass(frozen=True)
class Answer:
    """The packed answer for one account: `met` and `unknown` as `layout` describes them.

    `signal_class` has one bit per tier of the policy: the account's signals suffice for it.
    """

    met: int
    unknown: int
    signal_class: int


def fit(profile: Profile, answer: Answer) -> Fit:
    """Return the points of `answer`."""
    layout = profile.layout
    if layout.without_points:
        return Fit(1, 0, 1)
    return Fit(answer.met % POINTS - layout.base, answer.unknown % POINTS, layout.span)


def status(profile: Profile, answer: Answer) -> Status:
    """Return the status of `answer`."""
    if answer.met >= profile.layout.first_exclusion:
        return Status.EXCLUDED
    if _fails_a_requirement(profile, answer):
        return Status.OUT_OF_SCOPE
    thin = _is_thin(fit(profile, answer), profile.icp.min_coverage)
    if answer.unknown >= HELD or (
        thin and tier_at_worst(profile, answer) != tier_at_best(profile, answer)
    ):
        return Status.INSUFFICIENT_DATA
    return Status.SCORED


def tier(profile: Profile, answer: Answer) -> Tier | None:
    """Return the tier `answer` enters, without hysteresis."""
    if status(profile, answer) is not Status.SCORED:
        return None
    points = fit(profile, answer)
    for at, entry in enumerate(profile.policy.tiers):
        if answer.signal_class >> at & 1 and _enters(points, entry):
            return entry.tier
    return None


def tier_at_worst(profile: Profile, answer: Answer) -> Tier | None:
    """Return the tier when everything unknown turns out worst."""
    refusing = sum(
        profile.layout.bit(at)
        for at, clause in enumerate(profile.layout.clauses)
        if clause.mode is not Mode.SCORE
    )
    if answer.unknown & refusing:
        return None
    return _tier_for(profile, answer, fit(profile, answer).low)


def tier_at_best(profile: Profile, answer: Answer) -> Tier | None:
    """Return the tier when everything unknown turns out best."""
    return _tier_for(profile, answer, fit(profile, answer).high)


def _tier_for(profile: Profile, answer: Answer, score: float) -> Tier | None:
    if answer.met >= profile.layout.first_exclusion or _fails_a_requirement(profile, answer):
        return None
    for at, entry in enumerate(profile.policy.tiers):
        if answer.signal_class >> at & 1 and score >= entry.fit - 1e-9:
            return entry.tier
    return None


def _enters(points: Fit, entry: EntryCriteria) -> bool:
    known = points.span - points.open
    reached = 100 * points.points >= entry.fit * known and (known > 0 or entry.fit == 0)
    return reached and not _is_thin(points, entry.coverage)


def _is_thin(points: Fit, coverage: float) -> bool:
    """Whether less is known than `coverage` asks for, in whole numbers as the SQL compares."""
    return 10_000 * (points.span - points.open) < whole(coverage) * points.span


def _fails_a_requirement(profile: Profile, answer: Answer) -> bool:
    def counted(packed: int) -> int:
        return (packed % (1 << FIRST_BIT)) // REQUIRED

    return counted(answer.met) + counted(answer.unknown) < profile.layout.required
