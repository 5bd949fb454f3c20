"""The contract of messages: what a message may say, and how its claims are looked up."""

from bullseye.definitions.contract.certificates import certificates, unattested
from bullseye.definitions.contract.names import named, unproven
from bullseye.definitions.contract.numbers import Quantity, quantities, unsupported
from bullseye.definitions.contract.plain import folded, phrases_in, visible
from bullseye.definitions.contract.rules import (
    Breach,
    Contract,
    breaches,
    claim_breaches,
    feature_breaches,
)
from bullseye.definitions.contract.topics import topics, topics_of, words_of

__all__ = [
    "Breach",
    "Contract",
    "Quantity",
    "breaches",
    "certificates",
    "claim_breaches",
    "feature_breaches",
    "folded",
    "named",
    "phrases_in",
    "quantities",
    "topics",
    "topics_of",
    "unattested",
    "unproven",
    "unsupported",
    "visible",
    "words_of",
]
