"""The rule against saying one thing under two names."""

from collections.abc import Iterator
from itertools import combinations

from bullseye.definitions.base import Definition
from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, CONTACTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.icp import Exclusion
from bullseye.definitions.persona import Persona

_SAID = {
    "icps": {"criteria", "signals", "tiers", "market", "min_coverage", "hierarchy"},
    "signals": {"event", "subject", "change"},
    "tiers": {"tiers", "hysteresis"},
    "markets": {"tam", "sam", "value_field", "value"},
    "outcomes": {"won", "churned", "event", "change", "rule", "within", "among"},
}
"""What a definition of a kind says, apart from its name, its owner and its explanations."""

_WORDS = {"criteria": {"__all__": {"name", "because", "source", "figures"}}}


@coded(
    "GOV005",
    "said-twice",
    Severity.WARNING,
    wrong="signals/new-round.yaml and signals/funding-round.yaml, both with event: funding_round",
    right="One of them.",
)
def said_twice(context: Context) -> Iterator[Hit]:
    """Two definitions that say the same are changed one at a time.

    From then on they contradict each other.
    """
    for kind in ("icps", "exclusions", "signals", "tiers", "markets", "personas", "outcomes"):
        told: set[str] = set()
        for first, second in combinations(context.project.of_kind(kind).values(), 2):
            if second.name not in told and _same(context, kind, first, second):
                told.add(second.name)
                message = f"it says the same as {first.name}"
                hint = "Keep one of the two."
                yield Hit(kind, second.name, ("name",), message, hint)


def _same(context: Context, kind: str, first: Definition, second: Definition) -> bool:
    match first, second:
        case Exclusion(), Exclusion():
            return context.logic(ACCOUNTS).same(first.rule, second.rule)
        case Persona(), Persona():
            return context.logic(CONTACTS).same(first.who, second.who)
        case _:
            one, other = (
                each.model_dump(include=_SAID[kind], exclude=_WORDS) for each in (first, second)
            )
            return one == other


CHECKS = (said_twice,)
