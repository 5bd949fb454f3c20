"""An outcome: what could happen to an account after a day, good or bad."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Literal, Self

from pydantic import Field, model_validator

from bullseye.definitions.base import Definition, FieldName, Frozen
from bullseye.definitions.quantity import Share, Span
from bullseye.definitions.rule import WrittenRule, fields_in


class Turn(Frozen):
    """How a field of the account turns after a day; exactly one kind of turn."""

    field: FieldName = Field(description="The field of the account that turns.")
    becomes: str | bool | None = Field(default=None, description="The value it turns to.")
    gains: tuple[str, ...] | None = Field(
        default=None, description="Values a list gains; empty means any."
    )
    grows_over: Share | None = Field(
        default=None, description="Growth above this share of its value on the day."
    )
    falls_over: Share | None = Field(
        default=None, description="A fall by more than this share of its value on the day."
    )

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.becomes, self.gains, self.grows_over, self.falls_over]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("takes one of: becomes, gains, grows_over, falls_over")
        return self

    def __str__(self) -> str:
        if self.becomes is not None:
            flag = "yes" if self.becomes else "no"
            return (
                f"{self.field} becomes {flag if isinstance(self.becomes, bool) else self.becomes}"
            )
        if self.gains is not None:
            return f"{self.field} gains {' or '.join(self.gains) or 'a value'}"
        share = self.grows_over if self.grows_over is not None else self.falls_over or 0.0
        word = "grows" if self.grows_over is not None else "falls"
        return f"{self.field} {word} by more than {100 * share:.10g} %"


class Outcome(Definition):
    """What is predicted and proven: exactly one of won, churned, event, change and rule.

    `won` judges opportunities: won against lost. `churned` judges subscriptions, `within` the
    span from their first day. `event` and `change` judge accounts: what happens `within` the
    span after a day on which they were known. `rule` judges what the accounts' fields say now:
    it has no day, so nothing shows that a field was filled before the outcome.
    """

    won: Literal[True] | None = Field(
        default=None, description="true: an opportunity is won, not lost."
    )
    churned: Literal[True] | None = Field(
        default=None, description="true: a subscription ends and the customer leaves."
    )
    event: str | None = Field(
        default=None, min_length=1, description="Type of imported signals that happen."
    )
    change: Turn | None = Field(default=None, description="A field of the account that turns.")
    rule: WrittenRule | None = Field(default=None, description="What already holds now.")
    within: Span | None = Field(
        default=None, description="How long it may take; churned, event and change need it."
    )
    good: bool | None = Field(
        default=None, description="Whether we want it; true, but false for churned."
    )
    among: WrittenRule | None = Field(
        default=None, description="The accounts it can happen to; every account where absent."
    )

    @property
    def is_good(self) -> bool:
        """Whether we want it to happen."""
        return self.good if self.good is not None else not self.churned

    @property
    def own_fields(self) -> frozenset[str]:
        """The fields of the account that say the outcome itself, and so cannot explain it."""
        return fields_in(self.rule) if self.rule is not None else frozenset()

    @property
    def sentence(self) -> str:
        """What it asks, in words, as in ``won, not lost``."""
        asked = "won, not lost" if self.won else "ends, and the customer leaves"
        if self.event is not None:
            asked = f"{self.event} happens"
        elif self.change is not None:
            asked = str(self.change)
        elif self.rule is not None:
            asked = f"{self.rule}, as known now"
        span = f" within {self.within} days" if self.within is not None else ""
        start = " of the first day" if self.churned and span else ""
        return f"{asked}{span}{start}" + (f", among {self.among}" if self.among else "")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.won, self.churned, self.event, self.change, self.rule]
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("takes one of: won, churned, event, change, rule")
        dated = self.churned or self.event is not None or self.change is not None
        if dated and self.within is None:
            raise ValueError("churned, event and change need within, as in 90 days")
        if self.rule is not None and self.within is not None:
            raise ValueError("within does not belong to rule: it holds now or it does not")
        if self.event is not None and self.event.startswith("change:"):
            raise ValueError("event names imported signals; for a change of a field use change")
        return self


def _built_in(name: str, within: int | None = None) -> Outcome:
    return Outcome(
        name=name,
        owner="Bullseye",
        review_by=date(9999, 12, 31),
        review_when=("never: it is part of the product",),
        won=True if name == "won" else None,
        churned=True if name == "churned" else None,
        within=within,
    )


BUILT_IN: Mapping[str, Outcome] = MappingProxyType(
    {"won": _built_in("won"), "churned": _built_in("churned", 365)}
)
"""Outcomes every workspace has; a file of the same name replaces one."""
