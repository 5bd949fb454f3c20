"""A dynamic signal: a dated event at an account that answers "why now?"."""

from typing import Self

from pydantic import Field, model_validator

from bullseye.definitions.base import Definition, FieldName, Frozen
from bullseye.definitions.quantity import Share, Span

CHAMPION_MOVED = "champion_moved"
"""The type of the events that Bullseye makes itself: a champion, or a contact of a customer, who
is now known at another account."""

WHY_NOW_SLOTS = frozenset({"subject", "detail", "date", "value", "type"})


class Change(Frozen):
    """A change of a field from one dated import to the next; exactly one kind of change."""

    field: FieldName = Field(description="The field of the account that changes.")
    becomes: str | bool | None = Field(default=None, description="The value it turned to.")
    gains: tuple[str, ...] | None = Field(
        default=None, description="Values a list gained; empty means any."
    )
    changes: bool | None = Field(default=None, description="true: any change of value.")
    grows_over: Share | None = Field(default=None, description="Growth above this share ...")
    falls_over: Share | None = Field(default=None, description="... or a fall below it ...")
    within: Span | None = Field(default=None, description="... within this span.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.becomes, self.gains, self.changes, self.grows_over, self.falls_over]
        if sum(kind is not None for kind in kinds) != 1 or self.changes is False:
            raise ValueError("takes one of: becomes, gains, changes: true, grows_over, falls_over")
        moves = self.grows_over is not None or self.falls_over is not None
        if moves != (self.within is not None):
            raise ValueError("within belongs to grows_over and falls_over, and they need it")
        return self


class Subject(Frozen):
    """Which events of a type count: by what they were about."""

    any_of: tuple[str, ...] = Field(default=(), description="It is one of these.")
    contains: tuple[str, ...] = Field(default=(), description="Or it contains one of these.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.any_of or self.contains):
            raise ValueError("takes any_of or contains")
        return self


class Signal(Definition):
    """An event that makes this the moment: imported with a date, or derived from a change.

    Its strength halves every `half_life` and ends after `window`. Points may be negative: an
    event that argues against calling now.
    """

    event: str | None = Field(default=None, description="Type of imported signals it reads.")
    subject: Subject | None = Field(default=None, description="What the event must be about.")
    change: Change | None = Field(default=None, description="The change it is derived from.")
    window: Span = Field(description="How long it counts, as in 90 days.")
    half_life: Span = Field(description="How long until it counts half, as in 30 days.")
    points: int = Field(ge=-100, le=100, description="Its strength on the day it happens.")
    why_now: str = Field(min_length=3, description="The sentence a seller says; {subject} fills.")

    @property
    def type(self) -> str:
        """The type of the signal rows it reads: imported ones by `event`, derived by its name."""
        return self.event if self.event is not None else f"change:{self.name}"

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.event is None) == (self.change is None):
            raise ValueError("takes either event or change")
        if self.subject and self.change:
            raise ValueError("subject belongs to event")
        if not self.points:
            raise ValueError("needs points other than 0")
        pieces = self.why_now.replace("}", "{").split("{")[1::2]
        if unknown := sorted(set(pieces) - WHY_NOW_SLOTS):
            known = ", ".join(sorted(WHY_NOW_SLOTS))
            raise ValueError(f"why_now knows {known}, not {', '.join(unknown)}")
        return self
