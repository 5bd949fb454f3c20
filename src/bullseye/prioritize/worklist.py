"""The worklist: which one field to fill next, per account and overall.

For each unknown field the chance that filling it changes the tier is estimated from the
accounts where it is known: their answers to the criteria on that field, as often as they
occur. The cube of answers is enough; no account is read.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bullseye.definitions.completion import earned
from bullseye.definitions.icp import Clause, Mode
from bullseye.prioritize.verdict import Answer, tier
from bullseye.warehouse.compile import Profile
from bullseye.warehouse.layout import HELD, REQUIRED

MIN_KNOWN = 30
"""Accounts whose field is known before a chance is estimated from them."""


class Cell(NamedTuple):
    """Accounts of one profile that share one packed answer; `value` is their summed worth."""

    answer: Answer
    accounts: int
    value: float


class NextField(NamedTuple):
    """The field to fill for an answer, and the chance that it changes the tier."""

    field: str
    chance: float


@dataclass(frozen=True)
class WorklistRow:
    """One field of the overall worklist.

    Parameters
    ----------
    field
        The field to fill.
    unknown_count
        Accounts in scope of which it is unknown.
    next_count
        Accounts for which it is the best field to fill next.
    expected_changes
        Expected number of accounts whose tier changes if it is filled for all of them.
    expected_value
        The value of those accounts times their chance; 0 where no value is known.
    known_count
        Accounts with a known value, from which the chances are estimated.
    """

    field: str
    unknown_count: int
    next_count: int
    expected_changes: float
    expected_value: float
    known_count: int


class Filled(NamedTuple):
    """What filling a field adds to `met` and takes from `unknown`, and how often it did."""

    met: int
    accounts: int


def next_fields(profile: Profile, cells: Iterable[Cell]) -> dict[Answer, NextField]:
    """Return, per answer with something unknown that could matter, the best field to fill."""
    listed = list(cells)
    outcomes = _outcomes(profile, listed)
    best = {}
    for cell in listed:
        chances = _chances(profile, cell.answer, outcomes)
        if chances:
            field = max(sorted(chances), key=lambda name: chances[name])
            best[cell.answer] = NextField(field, chances[field])
    return best


def worklist(profile: Profile, cells: Iterable[Cell]) -> list[WorklistRow]:
    """Return the fields worth filling, the one that changes most tiers first."""
    listed = list(cells)
    outcomes = _outcomes(profile, listed)
    unknown: dict[str, int] = defaultdict(int)
    first: dict[str, int] = defaultdict(int)
    changes: dict[str, float] = defaultdict(float)
    value: dict[str, float] = defaultdict(float)
    for cell in listed:
        chances = _chances(profile, cell.answer, outcomes)
        for name, chance in chances.items():
            unknown[name] += cell.accounts
            changes[name] += cell.accounts * chance
            value[name] += cell.value * chance
        if chances:
            first[max(sorted(chances), key=lambda name: chances[name])] += cell.accounts
    known = {name: sum(each.accounts for each in found) for name, found in outcomes.items()}
    rows = [
        WorklistRow(name, unknown[name], first[name], changes[name], value[name], known[name])
        for name in unknown
    ]
    return sorted(rows, key=lambda row: (-row.expected_changes, row.field))


def clauses_on(profile: Profile) -> dict[str, list[int]]:
    """Return the clauses that read one field only, by field."""
    found: dict[str, list[int]] = defaultdict(list)
    for at, clause in enumerate(profile.layout.clauses):
        if len(clause.fields) == 1:
            found[next(iter(clause.fields))].append(at)
    return dict(found)


def _outcomes(profile: Profile, cells: list[Cell]) -> dict[str, list[Filled]]:
    """Return, per field, how often each pattern of met clauses occurs where it is known."""
    layout = profile.layout
    found: dict[str, list[Filled]] = {}
    for name, members in clauses_on(profile).items():
        mask = sum(layout.bit(at) for at in members)
        counts: dict[int, int] = defaultdict(int)
        for cell in cells:
            if not cell.answer.unknown & mask:
                counts[cell.answer.met & mask] += cell.accounts
        if sum(counts.values()) >= MIN_KNOWN:
            found[name] = [
                Filled(_met_by(profile, members, bits), n) for bits, n in sorted(counts.items())
            ]
    return found


def _met_by(profile: Profile, members: list[int], bits: int) -> int:
    """Return what `met` gains when exactly the clauses in `bits` turn out met."""
    layout = profile.layout
    total = bits
    for at in members:
        clause, is_met = layout.clauses[at], bool(bits & layout.bit(at))
        if clause.mode is Mode.SCORE:
            total += earned(clause, is_met)
        elif clause.mode is Mode.REQUIRE and is_met:
            total += REQUIRED
    return total - sum(part.low for part in layout.parts if set(part.clauses) & set(members))


def _chances(
    profile: Profile, answer: Answer, outcomes: Mapping[str, list[Filled]]
) -> dict[str, float]:
    """Return, per unknown field, the chance above 0 that filling it changes the tier."""
    if answer.met >= profile.layout.first_exclusion:
        return {}
    now = tier(profile, answer)
    chances = {}
    for name, members in clauses_on(profile).items():
        if name not in outcomes or not profile.layout.is_unknown(answer.unknown, members[0]):
            continue
        unknown = answer.unknown - _unknown_of(profile, members)
        total = sum(each.accounts for each in outcomes[name])
        changed = sum(
            each.accounts
            for each in outcomes[name]
            if tier(profile, Answer(answer.met + each.met, unknown, answer.signal_class)) != now
        )
        if changed:
            chances[name] = changed / total
    return chances


def _unknown_of(profile: Profile, members: list[int]) -> int:
    """Return what an unknown field adds to `unknown`."""
    layout = profile.layout
    spans = sum(part.span for part in layout.parts if set(part.clauses) & set(members))
    return spans + sum(layout.bit(at) + _counter(layout.clauses[at]) for at in members)


def _counter(clause: Clause) -> int:
    if clause.mode is Mode.SCORE:
        return 0
    required = REQUIRED if clause.mode is Mode.REQUIRE else 0
    return required + (HELD if clause.holds_when_unknown else 0)
