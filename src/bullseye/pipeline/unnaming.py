"""Committees without the names of those who are left alone: the roles stay, the people go."""

from collections.abc import Mapping
from dataclasses import replace

from bullseye.synthesize.run.committee import Committees, Finding

UNNAMED = "a contact who is left alone"
"""What stands in the place of an id."""


def unnamed(found: Committees, alone: frozenset[str]) -> Committees:
    """Return committees in which nobody who is left alone is named.

    Members keep their role and their days; candidates go, since nobody may write to them. In the
    words of findings the names and the ids are replaced.
    """
    if not alone:
        return found
    named = [
        *((each.contact_id, each.name) for one in found.committees for each in one.members),
        *((each.contact_id, each.name) for one in found.committees for each in one.candidates),
    ]
    names = {name: UNNAMED for contact_id, name in named if contact_id in alone and name}
    hidden = {**names, **dict.fromkeys(alone, UNNAMED)}
    return replace(
        found,
        committees=tuple(
            replace(
                one,
                members=tuple(
                    replace(each, contact_id=UNNAMED, name=None, title=None)
                    if each.contact_id in alone
                    else each
                    for each in one.members
                ),
                candidates=tuple(c for c in one.candidates if c.contact_id not in alone),
            )
            for one in found.committees
        ),
        findings=tuple(_unnamed(each, hidden) for each in found.findings),
    )


def _unnamed(finding: Finding, hidden: Mapping[str, str]) -> Finding:
    return replace(
        finding,
        says=_without(finding.says, hidden),
        next_action=_without(finding.next_action, hidden),
        evidence=tuple(
            replace(row, key=_without(row.key, hidden), says=_without(row.says, hidden))
            for row in finding.evidence
        ),
    )


def _without(text: str, hidden: Mapping[str, str]) -> str:
    for name in sorted(hidden, key=len, reverse=True):
        text = text.replace(name, hidden[name])
    return text
