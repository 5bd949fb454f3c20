"""The whole answer in slow, plain Python: one account after the other, nothing packed early."""

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.engines.worlds import TODAY, Row, World

from bullseye.definitions.evaluate import folded, holds
from bullseye.definitions.icp import Mode
from bullseye.definitions.signal import Signal
from bullseye.definitions.tier import EntryCriteria
from bullseye.prioritize.verdict import Answer, status
from bullseye.warehouse.compile import (
    NO_TIER,
    SCALE,
    TIER_CODES,
    WHY,
    Profile,
    Status,
    day_number,
    whole,
)
from bullseye.warehouse.layout import HELD, POINTS, REQUIRED


class Heat(NamedTuple):
    """What the signals of one account add up to."""

    strength: int
    live: int
    best: int | None


def expected(world: World) -> list[tuple[Any, ...]]:
    """Return the rows the statement must give, by account."""
    known = {row["account_id"]: _finite(row) for row in world.accounts}
    before = {row["account_id"]: row for row in world.previous}
    found = []
    for account, row in known.items():
        answer: list[Any] = [account]
        for number, profile in enumerate(world.profiles):
            earlier = before.get(account, {}).get(f"tier_{number}")
            answer += _answer(world, profile, _inherited(profile, row, known), earlier)
        found.append(tuple(answer))
    return sorted(found)


def _finite(row: Row) -> dict[str, Any]:
    """Return the row with what is no number unknown."""
    return {
        name: None if isinstance(cell, float) and not math.isfinite(cell) else cell
        for name, cell in row.items()
    }


def _inherited(profile: Profile, row: Row, known: Mapping[str, Row]) -> Row:
    parent = known.get(row["_ultimate_parent_id"], {})
    missing = (name for name in profile.icp.hierarchy.inherit if row[name] is None)
    return {**row, **{name: parent.get(name) for name in missing}}


def _answer(world: World, profile: Profile, row: Row, earlier: int | None) -> tuple[Any, ...]:
    met, unknown = _packed(world, profile, row)
    heat = _heat(world, profile, row["account_id"])
    classes = [_signals_suffice(world, entry, heat) for entry in profile.policy.tiers]
    answer = Answer(met, unknown, sum(1 << at for at, enough in enumerate(classes) if enough))
    decided = status(profile, answer)
    tier = NO_TIER
    if decided is Status.SCORED:
        tier = _tier(world, profile, answer, heat, earlier)
    return met, unknown, heat.strength, heat.live, heat.best, tier, int(decided)


def _packed(world: World, profile: Profile, row: Row) -> tuple[int, int]:
    layout = profile.layout
    met = unknown = 0
    spans = {part.clauses[0]: part.span for part in layout.parts}
    for at, clause in enumerate(layout.clauses):
        answer = holds(clause.rule, row, world.fields, TODAY)
        required = REQUIRED if clause.mode is Mode.REQUIRE else 0
        if answer:
            met += layout.bit(at) + required + max(0, clause.points)
        elif answer is False:
            met += max(0, -clause.points)
        else:
            held = clause.mode is not Mode.SCORE and clause.holds_when_unknown
            unknown += layout.bit(at) + required + (HELD if held else 0) + spans.get(at, 0)
    met += sum(part.low for part in layout.parts if row[part.fields[0]] is None and part.low)
    return met, unknown


def _heat(world: World, profile: Profile, account: str) -> Heat:
    counted = [(n, s) for n, s in enumerate(world.signals) if s in profile.signals]
    strength = live = 0
    best = None
    for event in _events(world, profile, account):
        for number, signal in counted:
            if not _counts(signal, event):
                continue
            age = day_number(TODAY) - event["occurred_day"]
            weight = round(signal.points * SCALE * 0.5 ** (age / signal.half_life))
            strength += weight
            live |= 1 << number
            if weight > 0:
                best = max(best or 0, weight * WHY + event["signal_no"])
    return Heat(max(0, strength), live, best)


def _events(world: World, profile: Profile, account: str) -> Iterator[Row]:
    yield from world.events_of.get(account, ())
    if profile.icp.hierarchy.signals_from_subsidiaries:
        for below in world.subsidiaries_of.get(account, ()):
            yield from world.events_of.get(below, ())


def _counts(signal: Signal, event: Row) -> bool:
    age = day_number(TODAY) - event["occurred_day"]
    if event["type"] != signal.type or not 0 <= age <= signal.window:
        return False
    if signal.subject is None:
        return True
    if event["subject"] is None:
        return False
    about = folded(event["subject"])
    equal = any(about == folded(text) for text in signal.subject.any_of)
    return equal or any(folded(text) in about for text in signal.subject.contains)


def _signals_suffice(world: World, entry: EntryCriteria, heat: Heat, slack: int = 0) -> bool:
    wanted = sum(1 << n for n, s in enumerate(world.signals) if s.name in entry.signals)
    strong = heat.strength >= max(0, entry.signal_strength - slack) * SCALE
    return strong and (not entry.signals or bool(heat.live & wanted))


def _tier(world: World, profile: Profile, answer: Answer, heat: Heat, earlier: int | None) -> int:
    slack = profile.policy.hysteresis
    for entry in profile.policy.tiers:
        code = TIER_CODES[entry.tier]
        if _fits(profile, answer, entry) and _signals_suffice(world, entry, heat):
            return code
        stays = _fits(profile, answer, entry, slack.fit) and _signals_suffice(
            world, entry, heat, slack.signal_strength
        )
        if earlier == code and stays:
            return code
    return NO_TIER


def _fits(profile: Profile, answer: Answer, entry: EntryCriteria, slack: int = 0) -> bool:
    layout = profile.layout
    points = answer.met % POINTS - layout.base
    known = layout.span - answer.unknown % POINTS
    bound = max(0, entry.fit - slack)
    enough = layout.without_points or (100 * points >= bound * known and (known > 0 or not bound))
    return enough and 10_000 * known >= whole(entry.coverage) * layout.span
