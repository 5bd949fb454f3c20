"""Which facts of the accounts look otherwise than before: an explanation, never an alarm."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import FieldType
from bullseye.stats.discoveries import q_values
from bullseye.stats.shifts import binned, counted, shift
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

LEVELS = 5
"""The commonest entries of a list that are looked at."""

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class FieldShift:
    """How far one field moved between the cases before the watch and those within it.

    `index` is the population stability index, `p` how often chance moves it as far, `q` the same
    after everything that was looked at is counted (Benjamini-Hochberg).
    """

    field: str
    index: float
    p: float
    q: float
    n_before: int
    n_now: int


def field_shifts(
    facts: Mapping[str, Fact], before: Bools, now: Bools, account: Ints
) -> tuple[FieldShift, ...]:
    """Return the shift of every field, the surest first; days are left out, they always move.

    Parameters
    ----------
    facts
        The facts of the cases, as known on their cohort day.
    before, now
        Which cases are of the time before the watch, and within it.
    account
        Their accounts: of each account one case a side counts, as others would say the same.
    """
    sides = _firsts(before, account), _firsts(now, account)
    found = []
    for name, fact in facts.items():
        for label, counts in _counts(name, fact, sides):
            moved = shift(*counts)
            if moved is not None:
                found.append((label, moved))
    q = q_values(np.array([moved.p for _, moved in found]))
    rows = [
        FieldShift(label, moved.index, moved.p, float(q[at]), moved.n_before, moved.n_now)
        for at, (label, moved) in enumerate(found)
    ]
    return tuple(sorted(rows, key=lambda row: (row.q, row.p, row.field)))


def _firsts(chosen: Bools, account: Ints) -> Ints:
    """Return the first chosen case of each account."""
    places = np.flatnonzero(chosen)
    return places[np.unique(account[places], return_index=True)[1]]


def _counts(name: str, fact: Fact, sides: tuple[Ints, Ints]) -> list[tuple[str, tuple[Ints, Ints]]]:
    before, now = sides
    if isinstance(fact, NumberFact):
        if fact.field.type is FieldType.DATE:
            return []
        return [(name, binned(fact.values[before], fact.values[now]))]
    if isinstance(fact, TextFact):
        codes = fact.codes.astype(np.int64)
        return [(name, counted(codes[before], codes[now]))]
    return [
        (f"{name}: {fact.levels[code]}", counted(held[before], held[now]))
        for code, held in _commonest(fact)
    ]


def _commonest(fact: ListFact) -> list[tuple[int, Ints]]:
    """Return the commonest entries with, per case, 1, 0, or -1 where the list is unknown."""
    if not len(fact.codes):
        return []
    order = np.argsort(-np.bincount(fact.codes), kind="stable")[:LEVELS]
    return [
        (int(code), np.where(fact.known, fact.has(int(code)).astype(np.int64), -1))
        for code in order
    ]
