"""Whether a contact is for us: confirmed by a person, or observed; never read off a title."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.role_prior import Assumptions
from bullseye.synthesize.role_evidence import Observed


@dataclass(frozen=True)
class RoleDecided:
    """What a person decided on one role or one stance of a contact; the other is None."""

    role: BuyingRole | None
    stance: Stance | None
    holds: bool
    author: str
    reason: str
    source: str
    on: date
    opportunity_id: str | None = None


@dataclass(frozen=True)
class StanceReason:
    """One observation that a contact is for us, against us, or neither."""

    name: str
    stance: Stance
    says: str
    source: str | None = None
    on: date | None = None


def stance_of(
    observed: Sequence[Observed], decided: Sequence[RoleDecided], assumed: Assumptions
) -> tuple[Stance | None, tuple[StanceReason, ...]]:
    """Return a contact's stance and what it rests on; None, the usual, where nothing was seen.

    A person's word goes first. Of what was observed the newest day counts: people change their
    mind. Where two stances were seen on that day, it is unknown.
    """
    said = {each.stance: each for each in decided if each.stance is not None}
    rejected = {stance for stance, each in said.items() if not each.holds}
    confirmed = [each for each in said.values() if each.holds]
    reasons = [
        StanceReason(
            "confirmed" if each.holds else "rejected",
            stance,
            f"{'confirmed' if each.holds else 'rejected'} by {each.author}: {each.reason}",
            each.source,
            each.on,
        )
        for stance, each in said.items()
        if stance is not None
    ]
    seen = [
        StanceReason(each.name, stance, each.says, each.source, each.on)
        for each in observed
        if (stance := assumed.weights[each.name].stance) is not None and stance not in rejected
    ]
    reasons += sorted(seen, key=lambda each: (each.on or date.min, each.name), reverse=True)
    if confirmed:
        return confirmed[-1].stance, tuple(reasons)
    newest = {each.stance for each in seen if each.on == max(e.on or date.min for e in seen)}
    return (newest.pop() if len(newest) == 1 else None), tuple(reasons)
