"""Who moves between two versions of a profile, and which criterion is responsible."""

from dataclasses import dataclass

from bullseye.definitions.completion import earned
from bullseye.definitions.diff import normal
from bullseye.definitions.icp import Clause, Mode
from bullseye.definitions.tier import Tier
from bullseye.prioritize.verdict import Answer, fit, status
from bullseye.warehouse.compile import Profile, Status

TIERS = "the tiers' entry criteria"
SIGNALS = "the signals"
SAME = 1e-9


@dataclass(frozen=True)
class Side:
    """One account under one version: its packed answer, tier, and signal strength in points."""

    answer: Answer
    tier: Tier | None
    strength: float


def responsible(old: Profile, new: Profile, before: Side, after: Side) -> str:
    """Return what moved an account: the name of a criterion or exclusion, or a part of the rest.

    In this order: an exclusion it newly meets or no longer meets; a requirement it newly fails
    or no longer fails; a clause that newly holds it back; the criterion that changed its fit
    most in the direction of the move; the signals, if their strength changed; the tiers' entry
    criteria.
    """
    was, now = status(old, before.answer), status(new, after.answer)
    if Status.EXCLUDED in (was, now) and was != now:
        profile, side = (new, after) if now is Status.EXCLUDED else (old, before)
        return _first(profile, side.answer, Mode.EXCLUDE, met=True)
    if Status.OUT_OF_SCOPE in (was, now) and was != now:
        profile, side = (new, after) if now is Status.OUT_OF_SCOPE else (old, before)
        return _first(profile, side.answer, Mode.REQUIRE, met=False)
    if Status.INSUFFICIENT_DATA in (was, now) and was != now:
        profile, side = (new, after) if now is Status.INSUFFICIENT_DATA else (old, before)
        return _unknown(profile, side.answer)
    return _by_fit(old, new, before, after)


def _by_fit(old: Profile, new: Profile, before: Side, after: Side) -> str:
    first, second = fit(old, before.answer).score or 0.0, fit(new, after.answer).score or 0.0
    if abs(second - first) > SAME:
        shares = _shares(old, before.answer), _shares(new, after.answer)
        changes = {
            key: shares[1].get(key, 0.0) - shares[0].get(key, 0.0)
            for key in shares[0].keys() | shares[1].keys()
        }
        sign = 1 if second > first else -1
        names = _names(old) | _names(new)
        key = max(sorted(changes), key=lambda each: sign * changes[each])
        if sign * changes[key] > SAME:
            return names[key]
    if abs(after.strength - before.strength) > SAME:
        return SIGNALS
    return TIERS


def _shares(profile: Profile, answer: Answer) -> dict[str, float]:
    """Return how much of the score each criterion brings, 0-100, by its meaning."""
    points = fit(profile, answer)
    known = points.span - points.open
    found: dict[str, float] = {}
    for at, clause in enumerate(profile.layout.clauses):
        if clause.mode is not Mode.SCORE or profile.layout.is_unknown(answer.unknown, at):
            continue
        share = 100 * earned(clause, profile.layout.is_met(answer.met, at)) / (known or 1)
        found[_key(clause)] = found.get(_key(clause), 0.0) + share
    return found


def _key(clause: Clause) -> str:
    return repr(normal(clause.rule))


def _names(profile: Profile) -> dict[str, str]:
    return {_key(clause): clause.name for clause in profile.layout.clauses}


def _first(profile: Profile, answer: Answer, mode: Mode, *, met: bool) -> str:
    layout = profile.layout
    for at, clause in enumerate(layout.clauses):
        known = not layout.is_unknown(answer.unknown, at)
        if clause.mode is mode and known and layout.is_met(answer.met, at) is met:
            return clause.name
    return TIERS


def _unknown(profile: Profile, answer: Answer) -> str:
    layout = profile.layout
    hidden = [
        (clause.holds_when_unknown, abs(clause.points), -at, clause.name)
        for at, clause in enumerate(layout.clauses)
        if layout.is_unknown(answer.unknown, at)
    ]
    return max(hidden)[-1] if hidden else TIERS
