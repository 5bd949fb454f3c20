"""How much of each list the page shows, so that it stays small whatever the workspace holds."""

from dataclasses import dataclass

MOST_BYTES = 400_000
"""Size the page never exceeds."""


@dataclass(frozen=True)
class Limits:
    """The most entries of each list, and the most characters of one text.

    Of the proofs: rows of one chart (`effects`), outcomes, members of a list, and divisions into
    segments.
    """

    targets: int = 50
    why_now: int = 25
    icps: int = 6
    markets: int = 6
    work: int = 10
    imports: int = 8
    fields: int = 30
    files: int = 40
    notes: int = 4
    definitions: int = 60
    criteria: int = 36
    personas: int = 12
    text: int = 200
    effects: int = 6
    outcomes: int = 3
    members: int = 5
    segments: int = 2


STEPS = (
    Limits(),
    Limits(
        icps=3,
        markets=3,
        work=6,
        imports=4,
        fields=20,
        files=20,
        notes=2,
        definitions=30,
        criteria=20,
        text=120,
        effects=4,
        outcomes=2,
        segments=1,
    ),
    Limits(
        targets=25,
        why_now=10,
        icps=1,
        markets=2,
        work=4,
        imports=2,
        fields=10,
        files=10,
        notes=1,
        definitions=15,
        criteria=10,
        personas=4,
        text=80,
        effects=3,
        outcomes=1,
        members=3,
        segments=1,
    ),
)
"""Tried in this order until the page is small enough."""
