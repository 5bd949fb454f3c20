"""How right the offline methods were on public data: packaged, and the same as the proof says."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from bullseye.definitions import yaml
from bullseye.research.source import EvidenceKind


class Precision(NamedTuple):
    """The share of candidates that were right, 0-1, with its 95 % interval.

    `n` is how many candidates were judged, `of` what they were found in, `on` when.
    """

    share: float
    low: float
    high: float
    n: int
    of: str
    on: date


def family(method: str) -> str:
    """Return the method without the name of the rule or the model.

    >>> family("cue:price"), family("name")
    ('cue', 'name')
    """
    return method.partition(":")[0]


def precision(kind: EvidenceKind, method: str) -> Precision | None:
    """Return how right a method was for a kind; None where nobody measured it."""
    return _all().get((kind, family(method)))


def known() -> tuple[tuple[EvidenceKind, str], ...]:
    """Return the kinds and methods that were measured."""
    return tuple(_all())


@cache
def _all() -> dict[tuple[EvidenceKind, str], Precision]:
    text = files("bullseye.research").joinpath("measured.yaml").read_text("utf-8")
    return {
        (EvidenceKind(each["kind"]), each["method"]): Precision(
            each["share"],
            each["low"],
            each["high"],
            each["n"],
            each["of"],
            date.fromisoformat(str(each["on"])),
        )
        for each in yaml.read(text)
    }
