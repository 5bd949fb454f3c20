"""A proof: a fact that a message may lean on, with its source, its day and its end.

Not to be mixed up with the proofs of `bullseye prove`: those are measured on your outcomes and
say whether a score works. These are said to buyers.
"""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from bullseye.definitions.base import Definition, Sentence
from bullseye.definitions.statement import EvidenceId


class ProofKind(StrEnum):
    """What a proof shows."""

    OUTCOME = "outcome"  # a result that customers reached
    CASE = "case"  # the story of one customer
    SAVING = "saving"  # money or time that is no longer spent
    COMPLIANCE = "compliance"  # a certificate, an audit, a law that is met
    SECURITY = "security"  # a test or a measure of security
    INTEGRATION = "integration"  # it works with what they have


RESULTS = frozenset({ProofKind.OUTCOME, ProofKind.CASE, ProofKind.SAVING})
"""Kinds that show what came of it: what an economic buyer asks for."""

SAFETY = frozenset({ProofKind.COMPLIANCE, ProofKind.SECURITY, ProofKind.INTEGRATION})
"""Kinds that answer whoever can block a purchase."""


class Proof(Definition):
    """A fact about us or a customer that a message may say, since somebody can show it.

    A message may use only the numbers, customer names and certificates of the proofs it names.
    """

    says: Sentence = Field(description="The fact in a sentence, with its numbers.")
    kind: ProofKind = Field(description="What it shows.")
    customer: str | None = Field(
        default=None, min_length=2, max_length=200, description="The customer it is about."
    )
    certificates: tuple[str, ...] = Field(
        default=(), description="Certificates and laws it attests, as in SOC 2 Type II."
    )
    source: str | None = Field(default=None, description="Where it comes from, in words.")
    evidence: tuple[EvidenceId, ...] = Field(
        default=(), description="Evidence that somebody said so, as in E12."
    )
    url: str | None = Field(
        default=None, pattern=r"^https?://\S+$", description="Where it can be read."
    )
    dated: date = Field(description="The day it was true.")
    valid_until: date | None = Field(
        default=None, description="The last day it may be said; for ever where absent."
    )
    trade_off: str | None = Field(
        default=None, description="What it costs or does not do, said beside it."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.dated:
            raise ValueError("valid_until lies before dated")
        return self

    @property
    def is_sourced(self) -> bool:
        """Whether somebody can look it up: a source, a page or evidence is named."""
        return bool((self.source or "").strip() or self.url or self.evidence)

    def is_expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.valid_until is not None and self.valid_until < today

    def is_valid(self, today: date) -> bool:
        """Whether a message may say it on a day: it has begun, not ended, and has a source."""
        return self.dated <= today and not self.is_expired(today) and self.is_sourced

    @property
    def text(self) -> str:
        """Everything it attests, as one text to look claims up in."""
        return "\n".join((self.says, self.customer or "", *self.certificates))
