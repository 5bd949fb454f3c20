"""Every rule of the linter, by code."""

from collections.abc import Mapping
from types import MappingProxyType

from bullseye.definitions.checks import (
    duplicates,
    exclusions,
    governance,
    icp_logic,
    icp_measured,
    icp_sense,
    markets,
    messages,
    outcomes,
    persona_beliefs,
    personas,
    proofs,
    roles,
    rule_fields,
    rule_logic,
    rule_values,
    signals,
    silence,
    sources,
    terms,
    themes,
    tiers,
)
from bullseye.definitions.checks.coded import Check

_ROOMS = (
    icp_sense,
    icp_logic,
    icp_measured,
    rule_fields,
    rule_values,
    rule_logic,
    exclusions,
    signals,
    tiers,
    personas,
    persona_beliefs,
    proofs,
    messages,
    roles,
    markets,
    outcomes,
    terms,
    themes,
    sources,
    governance,
    duplicates,
    silence,
)

RULES: Mapping[str, Check] = MappingProxyType(
    {
        check.code: check
        for check in sorted((c for room in _ROOMS for c in room.CHECKS), key=lambda c: c.code)
    }
)
"""Code to rule, in the order of codes; a code keeps its meaning for ever."""
