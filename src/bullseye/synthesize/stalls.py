"""Stall findings: why an open opportunity may be stuck, each with evidence, day and next action.

A finding is a value. Where the data that a rule needs is not there, the opportunity counts as
unknown for that rule; it is not passed over in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bullseye.definitions.buying_role import BuyingRole
from bullseye.stats.presence import Difference
from bullseye.synthesize.stall_cases import QUIET, Case, Finding, Row, StallRule, Unknown
from bullseye.synthesize.stall_rules import RULES

__all__ = ["QUIET", "RULES", "Case", "Finding", "Row", "Unknown", "stall_findings", "stall_pages"]

_LACKING = frozenset({"CMT001", "CMT002"})
"""Rules about a role that is missing: money at risk belongs to them."""


def stall_findings(
    cases: Sequence[Case], at_risk: Mapping[tuple[str, BuyingRole], Difference]
) -> tuple[tuple[Finding, ...], tuple[Unknown, ...]]:
    """Return the findings on open opportunities, most money first, and what could not be judged.

    Parameters
    ----------
    cases
        One per open opportunity.
    at_risk
        Money by opportunity and missing role, where it can be told.
    """
    found: list[Finding] = []
    unknown: dict[tuple[str, str], int] = {}
    for rule in RULES:
        for case in cases:
            for answer in rule.judge(case):
                if answer.finding is not None:
                    found.append(_priced(answer.finding, at_risk))
                elif answer.unknown:
                    key = rule.code, answer.unknown
                    unknown[key] = unknown.get(key, 0) + 1
    found.sort(key=lambda each: (-(each.amount or 0.0), each.opportunity_id, each.code))
    return tuple(found), tuple(Unknown(code, n, why) for (code, why), n in unknown.items())


def _priced(finding: Finding, at_risk: Mapping[tuple[str, BuyingRole], Difference]) -> Finding:
    if finding.role is None or finding.code not in _LACKING:
        return finding
    money = at_risk.get((finding.opportunity_id, finding.role))
    return replace(finding, at_risk=money)


def stall_pages() -> Mapping[str, str]:
    """Return the documentation page of each rule, and the index, by file name."""
    found = {f"{rule.code}.md": _page(rule) for rule in RULES}
    rows = "\n".join(f"| [{r.code}]({r.code}.md) | {r.name} | {r.finds} |" for r in RULES)
    head = (
        "# Stall findings\n\nWhy an open opportunity may be stuck. `bullseye committee --findings`"
        " lists them; codes are stable.\n\n| code | name | finds |\n|---|---|---|\n"
    )
    return {**found, "index.md": f"{head}{rows}\n"}


def _page(rule: StallRule) -> str:
    return (
        f"# {rule.code} {rule.name}\n\n{rule.finds}\n\n{rule.why}\n\n"
        f"## What it needs\n\nIt reads {rule.needs}. Where that is not there, the opportunity is"
        f" counted as unknown, and never as fine.\n\n## What to do\n\n{rule.do}\n"
    )
