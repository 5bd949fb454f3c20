"""The linter: one small function per coded rule; it returns findings and raises nothing."""

from bullseye.definitions.checks.catalogue import RULES
from bullseye.definitions.checks.coded import Check
from bullseye.definitions.checks.facts import (
    ClauseFacts,
    Facts,
    FieldFacts,
    IcpFacts,
    Interval,
    PersonaFacts,
)
from bullseye.definitions.checks.finding import Finding, Fix, Severity
from bullseye.definitions.checks.fixing import apply_fixes
from bullseye.definitions.checks.linter import check

__all__ = [
    "RULES",
    "Check",
    "ClauseFacts",
    "Facts",
    "FieldFacts",
    "Finding",
    "Fix",
    "IcpFacts",
    "Interval",
    "PersonaFacts",
    "Severity",
    "apply_fixes",
    "check",
]
