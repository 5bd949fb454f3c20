"""Tiers T1 to T3: entry criteria over fit, coverage and required signals; never one blend."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bullseye.definitions.base import Definition, Frozen, Name
from bullseye.definitions.quantity import Share


class Tier(StrEnum):
    """The three tiers, best first."""

    T1 = "T1"
    T2 = "T2"
    T3 = "T3"


class EntryCriteria(Frozen):
    """What an account needs to enter one tier."""

    tier: Tier = Field(description="T1, T2 or T3.")
    fit: int = Field(ge=0, le=100, description="Smallest fit_score.")
    coverage: Share = Field(default=0.0, description="Smallest fit_coverage.")
    signal_strength: int = Field(default=0, ge=0, description="Smallest signal_strength.")
    signals: tuple[Name, ...] = Field(
        default=(), description="At least one of these signals must be live."
    )


class Hysteresis(Frozen):
    """How far below an entry bound an account may fall before it loses its tier."""

    fit: int = Field(default=0, ge=0, le=50, description="Points of fit_score.")
    signal_strength: int = Field(default=0, ge=0, le=100, description="Points of signal_strength.")


class TierPolicy(Definition):
    """Entry criteria per tier, best tier first, with hysteresis against flicker."""

    tiers: tuple[EntryCriteria, ...] = Field(
        min_length=1, max_length=3, description="Entry criteria of each tier, T1 first."
    )
    hysteresis: Hysteresis = Field(
        default=Hysteresis(), description="How far an account may fall and keep its tier."
    )

    @model_validator(mode="after")
    def _each_tier_once_in_order(self) -> Self:
        names = [entry.tier for entry in self.tiers]
        if names != sorted(set(names)):
            raise ValueError("tiers are written once each, T1 first")
        return self
