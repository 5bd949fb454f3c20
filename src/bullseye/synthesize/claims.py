"""Whether a claim is ours alone: who else could say it, how specific it is, and what proves it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bullseye.definitions.contract import unattested, unsupported
from bullseye.definitions.proof import Proof
from bullseye.errors import nearest_name
from bullseye.stats.ngrams import LetterSpace
from bullseye.synthesize.specificity import (
    FEATURES,
    LESS_IS_MORE,
    Specifics,
    Vocabulary,
    share_below,
    specifics,
)

ALIKE = 0.4
"""Likeness from which two sentences are said to say the same: see docs/proof/language.md."""

US = "we"
_NAME = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Claim:
    """One sentence of one owner, from a line of a file, with the proof it names."""

    owner: str
    text: str
    line: int
    proof: str | None = None


class Grounding(StrEnum):
    """On what a claim stands."""

    PROVEN = "proven"  # it names a proof that is valid and says its numbers
    UNSAID = "unsaid"  # the proof does not say what the claim says
    EXPIRED = "expired"  # the proof is not valid on the day
    UNKNOWN = "unknown"  # no proof has that name
    NONE = "none"  # it names no proof


@dataclass(frozen=True)
class Ground:
    """What proves a claim: how it stands, why, and the trade-off said beside it, if any."""

    grounding: Grounding
    says: str
    trade_off: str | None = None


@dataclass(frozen=True)
class Closest:
    """The competitor's sentence most like a claim, with the likeness, 0-1."""

    owner: str
    text: str
    likeness: float


@dataclass(frozen=True)
class Place:
    """One feature of a claim: its value, and the share of competitors' claims it is above."""

    feature: str
    value: float
    above: float


@dataclass(frozen=True)
class ClaimFound:
    """What was found of one claim.

    `could_say` are the competitors with a sentence that says the same. `rank` is the place of our
    own other texts among all owners' by likeness to the claim, 1 first; None where we have no
    other text. `places` are the features with their place; nothing is added up.
    """

    claim: Claim
    could_say: tuple[str, ...]
    closest: Closest | None
    rank: int | None
    specifics: Specifics
    places: tuple[Place, ...]
    ground: Ground

    @property
    def is_interchangeable(self) -> bool:
        """Whether a competitor says the same."""
        return bool(self.could_say)


@dataclass(frozen=True)
class ClaimsFound:
    """What was found of all claims; `competitors` and `sentences` are what they stand against."""

    day: date
    competitors: int
    sentences: int
    claims: tuple[ClaimFound, ...]


def claims_found(
    ours: Sequence[Claim],
    others: Mapping[str, Sequence[str]],
    proofs: Mapping[str, Proof],
    day: date,
    *,
    names: Iterable[str] = (),
) -> ClaimsFound:
    """Return who else could make our claims, how specific they are, and what proves them.

    Parameters
    ----------
    ours
        Our claims; those without a sentence of their own beside them have no rank.
    others
        The competitors' sentences by name.
    proofs, day
        The proofs by name, and the day they must be valid on.
    names
        Our own names; they, and the competitors', are read as "we".

    Notes
    -----
    Likeness is the cosine of letter groups (`bullseye.stats.ngrams`). It knows spelling, not
    meaning: the same promise in other words is not found.
    """
    hidden = _names_hidden((*names, *others))
    masked = [hidden(each.text) for each in ours]
    texts = {owner: [hidden(text) for text in said] for owner, said in others.items()}
    owners = [owner for owner, said in texts.items() for _ in said]
    sentences = [text for said in texts.values() for text in said]
    space = LetterSpace.of([*sentences, *masked])
    near = space.likeness(masked, sentences) if sentences else None
    vocabulary = Vocabulary({**texts, US: masked})
    columns = _columns(sentences, vocabulary)
    plain = [text for said in others.values() for text in said]
    found = []
    for at, each in enumerate(ours):
        likeness = [float(value) for value in near[at]] if near is not None else []
        mine = [text for other, text in enumerate(masked) if other != at]
        counted = specifics(masked[at], vocabulary)
        found.append(
            ClaimFound(
                each,
                tuple(sorted({o for o, n in zip(owners, likeness, strict=True) if n >= ALIKE})),
                _closest(owners, plain, likeness),
                _rank(space, masked[at], mine, texts),
                counted,
                _places(counted, columns),
                ground(each, proofs, day),
            )
        )
    return ClaimsFound(day, len(others), len(sentences), tuple(found))


def ground(claim: Claim, proofs: Mapping[str, Proof], day: date) -> Ground:
    """Return on what a claim stands: a proof that says its numbers, or not."""
    if claim.proof is None:
        return Ground(Grounding.NONE, "it names no proof")
    proof = proofs.get(claim.proof)
    if proof is None:
        near = nearest_name(claim.proof, tuple(proofs))
        hint = f"; did you mean {near}?" if near else ""
        return Ground(Grounding.UNKNOWN, f"no proof is named {claim.proof}{hint}")
    if not proof.is_valid(day):
        return Ground(Grounding.EXPIRED, f"{claim.proof} is not valid on {day}", proof.trade_off)
    missing = (*unsupported(claim.text, [proof.text]), *unattested(claim.text, [proof.text]))
    if missing:
        said = ", ".join(map(str, missing))
        return Ground(Grounding.UNSAID, f"{claim.proof} does not say {said}", proof.trade_off)
    return Ground(Grounding.PROVEN, f"{claim.proof}, {proof.dated}", proof.trade_off)


def _names_hidden(names: Iterable[str]) -> Callable[[str], str]:
    """Return what reads names of companies as "we": whole, in any case, the longest first."""
    known = sorted({n.strip() for n in names if _NAME.search(n)}, key=len, reverse=True)
    if not known:
        return str
    parts = "|".join(re.escape(name) for name in known)
    pattern = re.compile(rf"(?<!\w)(?:{parts})(?!\w)", re.IGNORECASE)
    return lambda text: pattern.sub(US, text)


def _closest(
    owners: Sequence[str], sentences: Sequence[str], likeness: Sequence[float]
) -> Closest | None:
    if not likeness:
        return None
    at = max(range(len(likeness)), key=lambda each: (likeness[each], -each))
    return Closest(owners[at], sentences[at], likeness[at]) if likeness[at] > 0 else None


def _rank(
    space: LetterSpace, claim: str, mine: Sequence[str], texts: Mapping[str, Sequence[str]]
) -> int | None:
    """Return the place of our own other texts among everybody's, each owner's taken together."""
    if not mine:
        return None
    together = [" ".join(mine), *(" ".join(said) for said in texts.values())]
    own, *others = space.likeness([claim], together)[0]
    return 1 + sum(float(each) >= float(own) for each in others)


def _columns(sentences: Sequence[str], vocabulary: Vocabulary) -> Mapping[str, Sequence[float]]:
    counted = [specifics(text, vocabulary) for text in sentences]
    return {name: sorted(float(getattr(each, name)) for each in counted) for name in FEATURES}


def _places(found: Specifics, columns: Mapping[str, Sequence[float]]) -> tuple[Place, ...]:
    """Return each feature with the share of competitors' claims it is more specific than."""
    places = []
    for name in FEATURES:
        value = float(getattr(found, name))
        above = share_below(value, columns[name])
        places.append(Place(name, value, 1 - above if name in LESS_IS_MORE else above))
    return tuple(places)
