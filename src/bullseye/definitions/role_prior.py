"""What is assumed of buying roles: the function served, the prior by title, and the evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, PositiveInt

from bullseye.definitions import yaml
from bullseye.definitions.base import Definition, Frozen
from bullseye.definitions.buying_role import BuyingRole, Stance
from bullseye.definitions.quantity import Share
from bullseye.definitions.titles import normalised
from bullseye.errors import DefinitionError

Chance = Annotated[Share, Field(gt=0, lt=1)]
"""A probability that is neither 0 nor 1: some evidence could still change it."""

LogOdds = Annotated[float, Field(ge=-6, le=6, allow_inf_nan=False)]
"""What evidence adds to the logarithm of the odds: 0.7 doubles them."""


class Rank(StrEnum):
    """A row of levels, highest first."""

    TOP = "top"
    UPPER = "upper"
    MIDDLE = "middle"
    WORKING = "working"


class Part(StrEnum):
    """A part of the account, relative to what we sell."""

    IN_DOMAIN = "in_domain"
    FINANCE = "finance"
    IT_SECURITY = "it_security"
    LEGAL_PROCUREMENT = "legal_procurement"


class PriorRow(Frozen):
    """The stated probability of each role for one rank in one part; a row need not add up to 1."""

    rank: Rank = Field(description="The row of levels.")
    part: Part = Field(description="The part of the account, relative to what we sell.")
    roles: dict[BuyingRole, Chance] = Field(description="Probability per role, 0 to 1.")
    small: dict[BuyingRole, Chance] = Field(
        default_factory=dict, description="What holds instead where the account is small."
    )


class RolePrior(Definition):
    """What the team assumes of buying roles; what it leaves out is as it comes with the product.

    A workspace has one at most. `bullseye roles prior` shows what holds in the end.
    """

    serves: tuple[str, ...] = Field(
        default=(), description="Functions our product serves, as titles tell them: operations …"
    )
    threshold: Chance | None = Field(
        default=None, description="The probability from which a role is named."
    )
    small_below: PositiveInt | None = Field(
        default=None, description="Employees below which people are read one row up."
    )
    prior: tuple[PriorRow, ...] = Field(
        default=(), description="Rows that replace the stated ones."
    )
    evidence: dict[str, dict[BuyingRole, LogOdds]] = Field(
        default_factory=dict, description="Log-odds per role, by name of the evidence."
    )
    crm_words: dict[str, BuyingRole | None] = Field(
        default_factory=dict, description="Roles as your CRM writes them; null tells none of ours."
    )


class Weight(Frozen):
    """What one kind of evidence is stated to say."""

    means: str
    log_odds: dict[BuyingRole, float]
    why: str
    only_named: bool = False
    stance: Stance | None = None

    def of(self, role: BuyingRole, named: BuyingRole | None = None) -> float:
        """Return the log-odds for a role; `named` is the role the evidence itself names."""
        return 0.0 if self.only_named and role is not named else self.log_odds.get(role, 0.0)


class Act(Frozen):
    """Words that show what happened in a touch, and words that take it back."""

    words: tuple[str, ...]
    unless: tuple[str, ...]
    in_subject: bool = False


class _BuiltIn(Frozen):
    """The file of the product, as it is written."""

    threshold: float
    unlisted: float
    small_below: int
    ranks: dict[Rank, tuple[str, ...]]
    parts: dict[Part, tuple[str, ...]]
    prior: tuple[PriorRow, ...]
    evidence: dict[str, Weight]
    crm_words: dict[str, tuple[str, ...]]
    acts: dict[str, Act]


@dataclass(frozen=True)
class Assumptions:
    """All that holds: what comes with the product, with what the team's definition replaces.

    `rows` by rank and part; `weights` by name of the evidence; `crm_words` by the text as
    `word` reads it, None where it tells none of our roles; `own` is the definition's name, None
    where there is none, and `replaced` names what it changed.
    """

    threshold: float
    unlisted: float
    small_below: int
    serves: tuple[str, ...]
    rank_of: Mapping[str, Rank]
    part_of: Mapping[str, Part]
    rows: Mapping[tuple[Rank, Part], PriorRow]
    weights: Mapping[str, Weight]
    crm_words: Mapping[str, BuyingRole | None]
    acts: Mapping[str, Act]
    own: str | None = None
    replaced: frozenset[str] = frozenset()

    def crm_role(self, text: str) -> tuple[BuyingRole | None, bool]:
        """Return the role that a CRM's text tells, and whether the text is known at all.

        >>> assumptions().crm_role("Decision Maker")[0].value
        'economic_buyer'
        >>> assumptions().crm_role("Influencer"), assumptions().crm_role("Wizard")
        ((None, True), (None, False))
        """
        read = word(text)
        return self.crm_words.get(read), read in self.crm_words


def word(text: str | None) -> str:
    """Return a text of a CRM as it is looked up: small letters, no accents, single spaces.

    What has no Latin letter stays in its own script.

    >>> word("DECISION_MAKER"), word(" ЛПР "), word("-")
    ('decision maker', 'лпр', '')
    """
    latin = normalised(text).strip()
    return latin or " ".join(re.findall(r"\w+", (text or "").casefold()))


def assumptions(own: RolePrior | None = None) -> Assumptions:
    """Return what holds under the team's definition, or without one.

    Raises
    ------
    DefinitionError
        If it weighs evidence that does not exist.
    """
    stated = _built_in()
    if own is None:
        return stated
    if unknown := sorted(set(own.evidence) - set(stated.weights)):
        raise DefinitionError(
            f"No evidence is named {unknown[0]!r}.",
            place=f"roles/{own.name}.yaml",
            hint="See the names with: bullseye roles prior",
        )
    weights = {
        name: weight.model_copy(update={"log_odds": own.evidence[name]})
        if name in own.evidence
        else weight
        for name, weight in stated.weights.items()
    }
    rows = {(row.rank, row.part): row for row in own.prior}
    return replace(
        stated,
        threshold=own.threshold or stated.threshold,
        small_below=own.small_below or stated.small_below,
        serves=own.serves,
        part_of=MappingProxyType({**stated.part_of, **dict.fromkeys(own.serves, Part.IN_DOMAIN)}),
        rows=MappingProxyType({**stated.rows, **rows}),
        weights=MappingProxyType(weights),
        crm_words=MappingProxyType(
            {**stated.crm_words, **{word(text): role for text, role in own.crm_words.items()}}
        ),
        own=own.name,
        replaced=frozenset(
            {*own.evidence, *(f"{rank}, {part}" for rank, part in rows)}
            | {name for name in ("threshold", "small_below") if getattr(own, name) is not None}
        ),
    )


@cache
def _built_in() -> Assumptions:
    text = files("bullseye.definitions.role_data").joinpath("assumptions.yaml")
    read = _BuiltIn.model_validate(yaml.read(text.read_text(encoding="utf-8")))
    words: dict[str, BuyingRole | None] = {}
    for name, written in read.crm_words.items():
        role = None if name == "nothing" else BuyingRole(name)
        words.update({word(each): role for each in written})
    return Assumptions(
        read.threshold,
        read.unlisted,
        read.small_below,
        (),
        _inverted(read.ranks),
        _inverted(read.parts),
        MappingProxyType({(row.rank, row.part): row for row in read.prior}),
        MappingProxyType(read.evidence),
        MappingProxyType(words),
        MappingProxyType(read.acts),
    )


def _inverted(lists: Mapping[Any, tuple[str, ...]]) -> Mapping[str, Any]:
    return MappingProxyType({each: key for key, found in lists.items() for each in found})


def roles_in(cell: str | None) -> tuple[str, ...]:
    """Return the words for roles in one cell of the CRM.

    >>> roles_in("Champion; End User")
    ('Champion', 'End User')
    """
    return tuple(filter(None, (each.strip() for each in re.split(r"[;,/|]", cell or ""))))
