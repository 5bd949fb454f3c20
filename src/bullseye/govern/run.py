"""Run step 7: watch whether definitions still hold."""

from bullseye.govern.drift import Answer, Asked, Dated, Drift, Period, Tier, drift, sentence
from bullseye.govern.shifting import FieldShift, field_shifts

__all__ = [
    "Answer",
    "Asked",
    "Dated",
    "Drift",
    "FieldShift",
    "Period",
    "Tier",
    "drift",
    "field_shifts",
    "sentence",
]
