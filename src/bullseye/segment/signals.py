"""The Bullseye, dynamic: which signals precede which outcome, and how fast their effect fades."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.evaluate import folded
from bullseye.definitions.signal import Signal
from bullseye.stats.discoveries import FALSE_DISCOVERIES, Standing, q_values, standing
from bullseye.stats.fading import LOOKS_BACK, HalfLife, half_life
from bullseye.stats.timing import (
    Events,
    HazardRatio,
    RiskSets,
    Spells,
    ages,
    hazard_ratio,
    outcomes_needed,
    risk_sets,
)

Ints = NDArray[np.int64]

USUAL_WINDOW = 90
"""Days before an outcome in which a signal counts, where no definition says."""
FREQUENT = 50
"""A subject is asked about on its own from so many signals on ..."""
FREQUENT_SHARE = 0.1
"""... and from this share of the signals of its type on."""
RARE = 1.0
"""Where fewer outcomes than this would be preceded by accident, nothing is asked."""
OUT_OF_REACH = 50
"""So many times the outcomes that happened are too many to wait for."""
SUDDEN = 3
"""Days: signals that come closer before the outcome may be part of it."""


@dataclass(frozen=True, eq=False)
class SignalRows:
    """Signals as known: arrays of shape (n,); days as counts from 1970, `subject` folded."""

    account: Ints
    type: NDArray[np.object_]
    subject: NDArray[np.object_]
    occurred: Ints
    known: Ints

    def chosen(self, rows: NDArray[np.bool_]) -> Events:
        """Return some of them as events."""
        return Events(self.account[rows], self.occurred[rows], self.known[rows])


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind of signal that is asked about.

    `said` is the half-life a definition gives it, `definition` its name; both may be missing.
    `part_of` is the type of which it is one subject; the subjects are judged apart, so that
    asking about them takes nothing from the types.
    """

    label: str
    events: Events
    window: int
    definition: str | None = None
    said: int | None = None
    part_of: str | None = None


@dataclass(frozen=True)
class OutcomeSpells:
    """The times at risk of one outcome; `good` says whether we want it."""

    name: str
    sentence: str
    good: bool
    spells: Spells
    by_age: bool


@dataclass(frozen=True)
class Preceding:
    """How one kind of signal precedes one outcome.

    `q` is adjusted over all kinds and outcomes. `more` outcomes would tell an effect of the
    size seen, None if there is none to see. `said` is the half-life in the definitions, and
    `finding` what the data say against it; empty where they do not.
    """

    outcome: str
    signal: str
    definition: str | None
    part_of: str | None
    window: int
    hazard: HazardRatio
    q: float
    standing: Standing
    more: int | None
    half_life: HalfLife
    said: int | None
    finding: str
    sentences: tuple[str, ...]


def kinds_of(rows: SignalRows, definitions: Mapping[str, Signal]) -> list[Kind]:
    """Return what is asked about: the signals defined, other types, and frequent subjects.

    A type that a definition reads whole is asked about under the definition's name.
    """
    found = [_defined(name, each, rows) for name, each in sorted(definitions.items())]
    whole = {each.type: each for each in definitions.values() if each.subject is None}
    counts = Counter(rows.type.tolist())
    for type_ in sorted(counts):
        if type_ not in whole:
            events = rows.chosen(rows.type == type_)
            found.append(Kind(type_, events, USUAL_WINDOW))
        found += _subjects(type_, rows, whole.get(type_))
    return [kind for kind in found if len(kind.events.account)]


def _defined(name: str, signal: Signal, rows: SignalRows) -> Kind:
    wanted = rows.type == signal.type
    if signal.subject is not None:
        equal = {folded(text) for text in signal.subject.any_of}
        parts = [folded(text) for text in signal.subject.contains]
        means = [
            text is not None and (text in equal or any(part in text for part in parts))
            for text in rows.subject
        ]
        wanted &= np.array(means, dtype=bool)
    return Kind(name, rows.chosen(wanted), signal.window, name, signal.half_life)


def _subjects(type_: str, rows: SignalRows, whole: Signal | None) -> list[Kind]:
    """Return the frequent subjects of a type as kinds of their own, where it has several."""
    mine = rows.type == type_
    counts = Counter(text for text in rows.subject[mine].tolist() if text)
    least = max(FREQUENT, FREQUENT_SHARE * mine.sum())
    frequent = sorted(text for text, n in counts.items() if n >= least)
    if len(counts) < 2:
        return []
    window = whole.window if whole else USUAL_WINDOW
    return [
        Kind(f"{type_}: {text}", rows.chosen(mine & (rows.subject == text)), window, part_of=type_)
        for text in frequent
    ]


@dataclass(frozen=True, eq=False)
class _Asked:
    outcome: OutcomeSpells
    kind: Kind
    hazard: HazardRatio
    fades: HalfLife


def preceding(
    outcomes: Sequence[OutcomeSpells],
    kinds: Sequence[Kind],
    *,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> list[Preceding]:
    """Return how each kind of signal precedes each outcome: the surest first, per outcome.

    Pairs that are too rare to say anything are left out: where less than one outcome would be
    preceded by accident.

    Notes
    -----
    Hazard ratios from risk sets of the same day (see `bullseye.stats.timing`), exact p-values,
    Benjamini-Hochberg over all kinds and outcomes; over subjects of types apart. A ratio is an
    association: accounts that have more signals may be others in ways nobody wrote down.
    """
    asked = []
    for outcome in outcomes:
        progress(f"What precedes {outcome.name}")
        sets = risk_sets(outcome.spells, by_age=outcome.by_age, seed=seed)
        judged = (_judged(outcome, kind, sets) for kind in kinds)
        asked += [each for each in judged if each.hazard.expected >= RARE]
    found = []
    for parts in (False, True):
        family = [each for each in asked if (each.kind.part_of is not None) == parts]
        q = q_values(np.array([each.hazard.p for each in family]))
        claims = int((q <= FALSE_DISCOVERIES).sum())
        level = FALSE_DISCOVERIES * min(claims + 1, max(len(q), 1)) / max(len(q), 1)
        found += [_told(each, float(value), level) for each, value in zip(family, q, strict=True)]
    order = {outcome.name: at for at, outcome in enumerate(outcomes)}
    return sorted(
        found,
        key=lambda told: (order[told.outcome], told.part_of or "", told.hazard.p, told.signal),
    )


def _judged(outcome: OutcomeSpells, kind: Kind, sets: RiskSets) -> _Asked:
    seen = ages(sets, kind.events, most=max(LOOKS_BACK, kind.window))
    hazard = hazard_ratio(sets, seen, window=kind.window)
    none = HalfLife(None, None, None, None, 1.0)
    fits = hazard.expected >= RARE and kind.part_of is None
    return _Asked(outcome, kind, hazard, half_life(sets, seen) if fits else none)


def _told(asked: _Asked, q: float, level: float) -> Preceding:
    kind, hazard = asked.kind, asked.hazard
    needed = outcomes_needed(hazard.ratio, hazard.rate, level=level)
    reach = OUT_OF_REACH * hazard.outcomes
    told = Preceding(
        outcome=asked.outcome.name,
        signal=kind.label,
        definition=kind.definition,
        part_of=kind.part_of,
        window=kind.window,
        hazard=hazard,
        q=q,
        standing=standing(q, is_clue=hazard.above > 1 or hazard.below < 1),
        more=None if needed is None or needed > reach else max(0, needed - hazard.outcomes),
        half_life=asked.fades,
        said=kind.said,
        finding=_against(kind, asked.fades),
        sentences=(),
    )
    return replace(told, sentences=_sentences(told))


def _against(kind: Kind, fades: HalfLife) -> str:
    """Return what the data say against the half-life of a definition; empty if nothing."""
    if kind.said is None or fades.days is None:
        return ""
    low, high = fades.low or 0.0, fades.high or np.inf
    if low <= kind.said <= high:
        return ""
    return f"You say {kind.said} days, the data say {span(fades)}."


def _sentences(told: Preceding) -> tuple[str, ...]:
    hazard = told.hazard
    name = {"won": "wins", "churned": "losses of customers"}.get(told.outcome, told.outcome)
    lines = [
        f"{hazard.exposed:,} of {hazard.outcomes:,} {name} had {told.signal} known in the"
        f" {told.window} days before; {hazard.expected:.1f} would, had it no effect.",
        f"Hazard ratio {hazard_in_words(hazard)}: {told.standing}.",
    ]
    if told.standing is Standing.ANECDOTE:
        lines.append("It cannot be told from chance yet.")
    if told.standing is not Standing.EVIDENCE and told.more:
        lines.append(f"About {told.more:,} more {name} would tell an effect of this size.")
    if hazard.days_before is not None and hazard.days_before <= SUDDEN and hazard.exposed > 1:
        lines.append(
            f"Half of them came at most {hazard.days_before:.0f} days before: they may be part of"
            " the outcome itself."
        )
    if told.half_life.days is not None:
        lines.append(f"Half-life {span(told.half_life)}. {told.finding}".strip())
    elif told.said is not None:
        lines.append(f"The data cannot tell the half-life yet; you say {told.said} days.")
    return tuple(lines)


def hazard_in_words(hazard: HazardRatio) -> str:
    """Return a hazard ratio with its 95 % interval in words, as in 1.5 (1.1 to 2.0)."""
    high = f"{hazard.high:.2f}" if np.isfinite(hazard.high) else "no limit"
    middle = f"{hazard.ratio:.2f}" if np.isfinite(hazard.ratio) else "beyond all limits"
    return f"{middle} ({hazard.low:.2f} to {high})"


def span(fades: HalfLife) -> str:
    """Return the interval of a half-life in words, as in ``22 to 80 days``."""
    if fades.low is None and fades.high is None:
        return "not known"
    if fades.low is None:
        return f"at most {fades.high:.0f} days"
    if fades.high is None:
        return f"at least {fades.low:.0f} days"
    return f"{fades.low:.0f} to {fades.high:.0f} days"
