"""The ideal customer profile: which accounts we choose to serve, and which we refuse."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, PositiveInt, model_validator

from bullseye.definitions.base import Definition, FieldName, Frozen, Name, Sentence
from bullseye.definitions.quantity import Amount, Share
from bullseye.definitions.rule import WrittenRule, fields_in

MAX_CLAUSES = 36
"""Criteria and exclusions of one profile: their bits and counters share 64-bit words."""

MAX_POINTS = 100
"""Largest absolute number of points of one criterion."""


class Mode(StrEnum):
    """What a criterion does."""

    REQUIRE = "require"  # an account that does not meet it is out of scope
    SCORE = "score"  # meeting it earns points
    EXCLUDE = "exclude"  # meeting it refuses the account


class WhenUnknown(StrEnum):
    """What happens to an account while the fields of a require or exclude rule are unknown."""

    ADMIT = "admit"  # it is scored, and its range shows the doubt
    HOLD = "hold"  # it is insufficient-data until the field is filled


class Figures(Frozen):
    """The numbers behind an exclusion: what was measured, on how many, when."""

    measure: str = Field(min_length=3, description="What was compared, as in yearly churn rate.")
    times: float | None = Field(default=None, gt=0, description="How many times the base.")
    value: float | None = Field(default=None, description="The measured value itself.")
    n: PositiveInt = Field(description="On how many accounts it was measured.")
    measured_on: date = Field(description="The day it was measured.")


class Clause(Frozen):
    """A named rule with its mode: what criteria and exclusions are made of."""

    name: Name = Field(description="What reports call it.")
    mode: Mode = Field(default=Mode.SCORE, description="require, score or exclude.")
    rule: WrittenRule
    points: int = Field(
        default=0, ge=-MAX_POINTS, le=MAX_POINTS, description="What meeting it earns or costs."
    )
    when_unknown: WhenUnknown | None = Field(
        default=None, description="admit or hold; require holds and exclude admits by default."
    )
    source: str | None = Field(
        default=None, description="Where the belief comes from, as in win/loss interviews."
    )
    because: str | None = Field(default=None, description="Why, in a sentence.")
    figures: Figures | None = Field(default=None, description="The numbers behind it.")

    @property
    def fields(self) -> frozenset[str]:
        """The fields its rule reads."""
        return fields_in(self.rule)

    @property
    def holds_when_unknown(self) -> bool:
        """Whether an unknown answer keeps the account from being tiered."""
        default = WhenUnknown.HOLD if self.mode is Mode.REQUIRE else WhenUnknown.ADMIT
        return (self.when_unknown or default) is WhenUnknown.HOLD

    @model_validator(mode="after")
    def _mode_has_what_it_needs(self) -> Self:
        if self.mode is Mode.SCORE and not self.points:
            raise ValueError("a score criterion needs points other than 0")
        if self.mode is not Mode.SCORE and self.points:
            raise ValueError(f"points belong to score criteria, not to {self.mode}")
        if self.mode is Mode.SCORE and self.when_unknown:
            raise ValueError("when_unknown belongs to require and exclude; unknown never scores")
        if self.mode is Mode.EXCLUDE and len(self.because or "") < 10:
            raise ValueError("an exclusion needs its because: the evidence, in a sentence")
        return self


class Exclusion(Definition):
    """A negative profile of its own: refused by every ICP of the workspace."""

    rule: WrittenRule
    because: Sentence = Field(description="The evidence, in a sentence.")
    figures: Figures | None = Field(default=None, description="The numbers behind it.")
    when_unknown: WhenUnknown = Field(
        default=WhenUnknown.ADMIT, description="What happens while its fields are unknown."
    )

    @property
    def clause(self) -> Clause:
        """The clause every ICP gains by it."""
        return Clause(
            name=self.name,
            mode=Mode.EXCLUDE,
            rule=self.rule,
            because=self.because,
            figures=self.figures,
            when_unknown=self.when_unknown,
        )


class Hierarchy(Frozen):
    """What an account takes from its family of parent and subsidiaries."""

    signals_from_subsidiaries: bool = Field(
        default=False, description="Count the signals of subsidiaries for their parent too."
    )
    inherit: tuple[FieldName, ...] = Field(
        default=(), description="Fields taken from the ultimate parent where unknown."
    )


class Focus(Frozen):
    """What the profile looks at, in words: budget, tech stack, size."""

    budget: str | None = Field(default=None, description="What they can spend.")
    tech_stack: str | None = Field(default=None, description="What they work with.")
    size: str | None = Field(default=None, description="How large they are.")


class Icp(Definition):
    """The box an account must fit into: criteria that require, score or exclude.

    `fit_score` is 100 x (points earned - fewest possible) / (most possible - fewest possible),
    over the criteria whose fields are known. An account that meets an exclusion is refused
    whatever its score; one that fails a requirement is out of scope.
    """

    goal: str | None = Field(default=None, description="What serving these accounts is for.")
    focus: Focus | None = Field(default=None, description="What it looks at, in words.")
    criteria: tuple[Clause, ...] = Field(
        min_length=1, description="What requires, scores or excludes an account."
    )
    signals: tuple[Name, ...] | None = Field(
        default=None, description="The signals that count for it; all where absent."
    )
    tiers: Name = Field(default="default", description="The tier policy it uses.")
    market: Name | None = Field(default=None, description="The market it aims at.")
    min_coverage: Share = Field(
        default=0.5, description="Below this coverage an account is insufficient-data."
    )
    max_share: Share = Field(
        default=0.1, description="Selecting a larger share of the market is too broad."
    )
    hierarchy: Hierarchy = Field(
        default=Hierarchy(), description="What an account takes from parent and subsidiaries."
    )
    value: Amount | None = Field(
        default=None, description="Expected yearly value of an account without its own."
    )

    @model_validator(mode="after")
    def _clauses_fit(self) -> Self:
        names = [clause.name for clause in self.criteria]
        if repeated := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"criteria used twice: {', '.join(repeated)}")
        if len(names) > MAX_CLAUSES:
            raise ValueError(f"at most {MAX_CLAUSES} criteria fit into one profile")
        return self

    def of_mode(self, mode: Mode) -> tuple[Clause, ...]:
        """Return its criteria of one mode, in the order written."""
        return tuple(clause for clause in self.criteria if clause.mode is mode)
