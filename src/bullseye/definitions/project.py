"""The project: everything the team believes, held together, with one content hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from pydantic import Field, PositiveInt

from bullseye.definitions.base import Definition, Frozen
from bullseye.definitions.icp import Clause, Exclusion, Icp, Mode
from bullseye.definitions.market import Market
from bullseye.definitions.message import Message
from bullseye.definitions.outcome import BUILT_IN, Outcome
from bullseye.definitions.persona import Persona
from bullseye.definitions.proof import Proof
from bullseye.definitions.role_prior import RolePrior
from bullseye.definitions.signal import Signal
from bullseye.definitions.source import Source
from bullseye.definitions.survivorship import Survivorship
from bullseye.definitions.term import Term
from bullseye.definitions.theme import Theme
from bullseye.definitions.tier import TierPolicy
from bullseye.errors import UnknownName


class Settings(Frozen):
    """What holds for the whole workspace: the file bullseye.yaml."""

    title: str = Field(default="Our market", description="Shown at the top of reports.")
    owner: str | None = Field(
        default=None, description="Who owns the sources that an import writes down."
    )
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$", description="ISO 4217 code.")
    rates: dict[str, Decimal] = Field(
        default_factory=dict, description="Units of our currency for one unit of another."
    )
    capacity: PositiveInt | None = Field(
        default=None, description="Accounts the team can work in one quarter."
    )
    our_domains: tuple[str, ...] = Field(
        default=(),
        description="E-mail domains of our own people: what they say in a call is our side.",
    )
    survivorship: Survivorship = Field(
        default_factory=Survivorship,
        description="Which value a merged account or contact takes, by field.",
    )

    def canonical(self) -> dict[str, Any]:
        """Return the settings as plain values; what is younger than old texts only if it is set."""
        usual = Settings()
        young = {name for name in YOUNG_SETTINGS if getattr(self, name) == getattr(usual, name)}
        return self.model_dump(mode="json", exclude=young)


KINDS: dict[str, type[Definition]] = {
    "icps": Icp,
    "exclusions": Exclusion,
    "signals": Signal,
    "tiers": TierPolicy,
    "markets": Market,
    "personas": Persona,
    "proofs": Proof,
    "messages": Message,
    "roles": RolePrior,
    "outcomes": Outcome,
    "terms": Term,
    "themes": Theme,
    "sources": Source,
}
"""Folder name to the kind of definition it holds; the order is the order of reading."""

YOUNG = frozenset({"themes", "roles", "proofs", "messages", "terms", "outcomes"})
"""Kinds that older texts do not have: while they are empty, no text has them."""


SPOKEN: tuple[str, ...] = ("proofs", "messages", "roles", "terms", "themes")
"""Kinds that say what is said and believed of people: no account, contact or event follows."""

YOUNG_SETTINGS = frozenset({"our_domains", "survivorship"})
"""Settings that older texts do not have: while they are as usual, no text has them."""


@dataclass(frozen=True)
class Project:
    """All definitions of a workspace, by kind and name."""

    settings: Settings = field(default_factory=Settings)
    icps: Mapping[str, Icp] = field(default_factory=dict)
    exclusions: Mapping[str, Exclusion] = field(default_factory=dict)
    signals: Mapping[str, Signal] = field(default_factory=dict)
    tiers: Mapping[str, TierPolicy] = field(default_factory=dict)
    markets: Mapping[str, Market] = field(default_factory=dict)
    personas: Mapping[str, Persona] = field(default_factory=dict)
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    roles: Mapping[str, RolePrior] = field(default_factory=dict)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    terms: Mapping[str, Term] = field(default_factory=dict)
    themes: Mapping[str, Theme] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)

    def of_kind(self, kind: str) -> Mapping[str, Definition]:
        """Return the definitions of one kind, a key of `KINDS`."""
        found: Mapping[str, Definition] = getattr(self, kind)
        return MappingProxyType(dict(found))

    def icp(self, name: str) -> Icp:
        """Return the ICP called `name`, or raise `UnknownName`."""
        if name not in self.icps:
            raise UnknownName("ICP", name, self.icps)
        return self.icps[name]

    def clauses(self, icp: Icp) -> tuple[Clause, ...]:
        """Return the clauses `icp` is evaluated by: score, require, then every exclusion.

        Exclusions stand last, so that in a mask they are the highest bits. A workspace
        exclusion with the name of one of the ICP's own gives way to it.
        """
        own = {clause.name for clause in icp.criteria}
        shared = (e.clause for name, e in sorted(self.exclusions.items()) if name not in own)
        return (
            *icp.of_mode(Mode.SCORE),
            *icp.of_mode(Mode.REQUIRE),
            *icp.of_mode(Mode.EXCLUDE),
            *shared,
        )

    def signals_of(self, icp: Icp) -> tuple[Signal, ...]:
        """Return the signals that count for `icp`, by name."""
        wanted = sorted(self.signals) if icp.signals is None else sorted(set(icp.signals))
        return tuple(self.signals[name] for name in wanted)

    def tier_policy(self, icp: Icp) -> TierPolicy:
        """Return the tier policy of `icp`."""
        if icp.tiers not in self.tiers:
            raise UnknownName("tier policy", icp.tiers, self.tiers)
        return self.tiers[icp.tiers]

    @property
    def all_outcomes(self) -> Mapping[str, Outcome]:
        """Every outcome by name: those in files, and the built-in ones none of them replaces."""
        return MappingProxyType(dict(sorted({**BUILT_IN, **self.outcomes}.items())))

    def outcome(self, name: str) -> Outcome:
        """Return the outcome called `name`, built-in ones too, or raise `UnknownName`."""
        if name not in self.all_outcomes:
            raise UnknownName("outcome", name, self.all_outcomes)
        return self.all_outcomes[name]

    def canonical(self) -> str:
        """Return every definition as one JSON text, the same for the same beliefs."""
        everything: dict[str, Any] = {"settings": self.settings.canonical()}
        for kind in KINDS:
            if kind in YOUNG and not self.of_kind(kind):
                continue
            everything[kind] = {
                name: definition.model_dump(mode="json")
                for name, definition in sorted(self.of_kind(kind).items())
            }
        return json.dumps(everything, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def hash(self) -> str:
        """The SHA-256 of `canonical`, in hexadecimal."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    @property
    def facts_hash(self) -> str:
        """The hash of all that decides what is known on a day: `SPOKEN` is none of it."""
        nothing: Mapping[str, Any] = dict.fromkeys(SPOKEN, MappingProxyType({}))
        return replace(self, **nothing).hash

    @classmethod
    def from_canonical(cls, text: str) -> "Project":
        """Return the project whose `canonical` text this is."""
        everything = json.loads(text)
        return cls(
            settings=Settings.model_validate(everything["settings"]),
            **{
                kind: {
                    name: model.model_validate(each)
                    for name, each in everything.get(kind, {}).items()
                }
                for kind, model in KINDS.items()
            },  # type: ignore[arg-type]
        )
