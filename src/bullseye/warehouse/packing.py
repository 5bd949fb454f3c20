"""The terms whose sums are the two packed integers of `bullseye.warehouse.layout`.

Each term is a CASE around a condition that gives a number: so it never matters whether an
engine calls a condition false or unknown.
"""

from bullseye.definitions.icp import Clause, Mode
from bullseye.warehouse.layout import HELD, REQUIRED, Layout
from bullseye.warehouse.predicates import Predicates


def met_terms(layout: Layout, predicates: Predicates) -> list[str]:
    """Return the terms of `met`: a clause's bit, points and count; a field's floor."""
    terms = []
    for at, clause in enumerate(layout.clauses):
        yes = predicates.yes(clause.rule)
        value = layout.bit(at) + (REQUIRED if clause.mode is Mode.REQUIRE else 0)
        if clause.points < 0:  # counted from its worst answer: not meeting it earns
            no = predicates.no(clause.rule)
            terms.append(f"CASE WHEN {yes} THEN {value} WHEN {no} THEN {-clause.points} ELSE 0 END")
        else:
            terms.append(f"CASE WHEN {yes} THEN {value + clause.points} ELSE 0 END")
    terms += [
        f"CASE WHEN {predicates.unknown(part.fields[0])} THEN {part.low} ELSE 0 END"
        for part in layout.parts
        if part.low
    ]
    return terms


def unknown_terms(layout: Layout, predicates: Predicates) -> list[str]:
    """Return the terms of `unknown`: one per field, one per clause over several fields."""
    by_field: dict[str, int] = {}
    terms = []
    spans = {at: part.span for part in layout.parts for at in part.clauses[:1]}
    for at, clause in enumerate(layout.clauses):
        value = layout.bit(at) + spans.get(at, 0) + _counters(clause)
        if len(clause.fields) == 1:
            name = next(iter(clause.fields))
            by_field[name] = by_field.get(name, 0) + value
        else:
            terms.append(_undecided(clause, predicates, value))
    alone = [
        f"CASE WHEN {predicates.unknown(name)} THEN {value} ELSE 0 END"
        for name, value in by_field.items()
    ]
    return alone + terms


def _undecided(clause: Clause, predicates: Predicates, value: int) -> str:
    """Return `value` where a clause over several fields is neither met nor not met.

    That all are known is asked first: it is cheap, it is so for most accounts, and it decides.
    """
    known = predicates.known(clause.fields)
    yes, no = predicates.yes(clause.rule), predicates.no(clause.rule)
    return f"CASE WHEN {known} THEN 0 WHEN {yes} THEN 0 WHEN {no} THEN 0 ELSE {value} END"


def _counters(clause: Clause) -> int:
    required = REQUIRED if clause.mode is Mode.REQUIRE else 0
    held = HELD if clause.mode is not Mode.SCORE and clause.holds_when_unknown else 0
    return required + held
