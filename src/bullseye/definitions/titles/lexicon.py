"""The lexicon: ordered stages of words in many languages, merged from the packs."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import yaml

from bullseye.definitions.titles.folding import PLACE
from bullseye.definitions.titles.words import pattern
from bullseye.definitions.yaml import Loader


@dataclass(frozen=True)
class Rule:
    """The words of one stage in one language; `name` is what a label shows, as in head.of.de."""

    name: str
    pattern: str

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled for the reference in Python."""
        return re.compile(self.pattern)


@dataclass(frozen=True)
class Stage:
    """One place in the order: a title in which any of its words is found gets `label`.

    `pattern` finds the words of all languages; `rules` are the same words language by language.
    """

    label: str
    name: str
    pattern: str
    rules: tuple[Rule, ...]

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The pattern, compiled for the reference in Python."""
        return re.compile(self.pattern)

    def rule_of(self, title: str) -> str:
        """Return the name of the first language's rule that fires; the stage is known to."""
        for rule in self.rules[:-1]:
            if rule.compiled.search(title):
                return rule.name
        return self.rules[-1].name


@dataclass(frozen=True)
class Lexicon:
    """All rules, in order, and the version that labels carry.

    `levels` and `functions` are tried from the first on; every one of `flags` is tried.
    """

    levels: tuple[Stage, ...]
    functions: tuple[Stage, ...]
    flags: tuple[Rule, ...]
    version: str


Pack = Mapping[str, Mapping[str, Sequence[str]]]
"""The words of one language, by label and stage."""

_RANKS = (
    "ceo|cfo|cto|coo|cmo|cio|cro|founder|cofounder|owner|partner|chairman|president|vp|director|"
    "manager|head|[a-z]*geschaftsfuhrer(in)?|inhaber(in)?|gesellschafter(in)?|grunder(in)?|"
    "prokurist(in)?|[a-z]*leiter(in)?|consultant|advisor|investor|speaker|author|coach|gm|"
    "directeur|fondateur|directrice|socio|fundador|titolare"
)
MULTI_ROLE = f" ({_RANKS}) ([a-z0-9 ]* )?({_RANKS}) "
"""Two words of rank in one title."""


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the product."""
    order_text, *texts = _texts()
    order = _read(order_text)
    packs = {
        language: _read(text) for language, text in zip(order["languages"], texts, strict=True)
    }
    return merged(order, packs, lexicon_version())


@cache
def lexicon_version() -> str:
    """Return the version of the lexicon: another one where any word or place differs."""
    return hashlib.sha256("\n".join([*_texts(), MULTI_ROLE, PLACE]).encode()).hexdigest()[:12]


@cache
def _texts() -> tuple[str, ...]:
    """Return the order, and the packs in it, as they are written."""
    folder = files("bullseye.definitions.titles")
    order = folder.joinpath("order.yaml").read_text(encoding="utf-8")
    languages = order.partition("languages: [")[2].partition("]")[0].replace('"', "").split(", ")
    packs = (folder.joinpath("packs", f"{each}.yaml") for each in languages)
    return (order, *(pack.read_text(encoding="utf-8") for pack in packs))


def merged(order: Mapping[str, Any], packs: Mapping[str, Pack], version: str) -> Lexicon:
    """Return packs merged in `order`.

    Raises
    ------
    ValueError
        If a pack has a stage that the order does not name, or a stage has no words.
    """
    flags = [
        Rule(name, _every(packs, "level", stages))
        for name, stages in sorted(order["flags"].items())
    ]
    flagged = {stage for stages in order["flags"].values() for stage in stages}
    known = {*order["level"], *order["function"], *flagged}
    for language, pack in packs.items():
        if unknown := {stage for part in pack.values() for stage in part} - known:
            raise ValueError(f"{language} has stages without a place: {sorted(unknown)}")
    return Lexicon(
        tuple(_stage(packs, "level", name) for name in order["level"]),
        tuple(_stage(packs, "function", name) for name in order["function"]),
        (*flags, Rule("multi_role", MULTI_ROLE)),
        version,
    )


def _stage(packs: Mapping[str, Pack], part: str, name: str) -> Stage:
    if name.startswith("unknown."):
        part = "level"  # what says nothing says it of both
    rules = tuple(
        Rule(f"{name}.{language}", pattern(pack[part][name]))
        for language, pack in packs.items()
        if name in pack[part]
    )
    if not rules:
        raise ValueError(f"no words for {name}")
    return Stage(name.partition(".")[0], name, _every(packs, part, [name]), rules)


def _every(packs: Mapping[str, Pack], part: str, stages: Sequence[str]) -> str:
    return pattern(
        phrase
        for pack in packs.values()
        for stage in stages
        for phrase in pack[part].get(stage, ())
    )


def _read(text: str) -> Any:
    return yaml.load(text, Loader)  # noqa: S506 - a safe loader of our own
