"""A theme: evidence that says the same, in the words of buyers; together the codebook."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from bullseye.definitions.base import Definition, Name, Sentence
from bullseye.definitions.evidence import EvidenceKind

ENOUGH_EXEMPLARS = 8
"""Exemplars from which on more of them help little."""

Exemplar = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)]
"""Something a buyer said that belongs to a theme, or could have."""


class ThemeStatus(StrEnum):
    """Whether evidence is counted under a theme, or only kept from being proposed again."""

    ACTIVE = "active"
    NOISE = "noise"
    RETIRED = "retired"


class Theme(Definition):
    """Evidence that says the same: what it says, and exemplars in the words of buyers."""

    kind: EvidenceKind = Field(description="What its quotes are evidence of.")
    says: Sentence = Field(description="What buyers mean, in one sentence.")
    exemplars: tuple[Exemplar, ...] = Field(
        min_length=1, description="What buyers said that belongs here; eight are enough."
    )
    status: ThemeStatus = Field(
        default=ThemeStatus.ACTIVE,
        description="active is counted; noise is known, and left alone; retired is not read.",
    )
    merged_into: Name | None = Field(
        default=None, description="The theme that took over from this one, which is retired."
    )
    formerly: tuple[Name, ...] = Field(default=(), description="Names it had before.")

    @property
    def is_told_by_name(self) -> bool:
        """Whether its exemplars are names that a quote contains, not quotes that say alike."""
        return self.kind is EvidenceKind.COMPETITOR
