"""How one title is read: the labels, and the rule behind each. The reference for the SQL."""

from dataclasses import dataclass
from enum import StrEnum

from bullseye.definitions.titles.folding import normalised
from bullseye.definitions.titles.lexicon import Lexicon, Stage, lexicon

LEVELS = (
    *("owner", "cxo", "vp", "head", "director", "manager", "lead", "senior", "ic", "junior"),
    "unknown",
)
"""How senior, highest first; `ic` is somebody who leads nobody, `unknown` says nothing."""

FUNCTIONS = (
    *("executive", "sales", "revenue_operations", "marketing", "product", "engineering", "data"),
    *("it", "security", "finance", "operations", "supply_chain", "procurement", "hr"),
    *("legal_compliance", "customer_success", "customer_support", "consulting"),
    *("project_management", "admin", "research", "other", "unknown"),
)
"""Which part of the account; `other` is a role outside of these, `unknown` says nothing."""

FLAGS = ("is_assistant_to", "is_board", "is_former", "is_student", "multi_role")
"""What else a title says."""

NO_RANK = "ic.plain"
"""The rule of a title with words of which none is one of rank."""

NO_FIELD = "other.plain"
"""The rule of a title with words of which none names a function."""


class Confidence(StrEnum):
    """What the labels rest on: a person, words for both, words for one, or no word at all."""

    OVERRIDE = "override"
    BOTH = "both"
    LEVEL = "level"
    FUNCTION = "function"
    NONE = "none"


@dataclass(frozen=True)
class Labels:
    """What one title says; the rules are named as stage.language, as in head.leader.de."""

    level: str
    level_rule: str
    function: str
    function_rule: str
    flags: frozenset[str]

    @property
    def confidence(self) -> Confidence:
        """What the labels rest on."""
        return confidence(self.level_rule, self.function_rule)


def confidence(level_rule: str, function_rule: str) -> Confidence:
    """Return what labels rest on that these rules gave."""
    told = level_rule != NO_RANK, function_rule != NO_FIELD
    return {
        (True, True): Confidence.BOTH,
        (True, False): Confidence.LEVEL,
        (False, True): Confidence.FUNCTION,
        (False, False): Confidence.NONE,
    }[told]


def labelled(title: str | None, rules: Lexicon | None = None) -> Labels:
    """Return the labels of one title.

    Parameters
    ----------
    title
        The title as written; None and a title without a word are unknown.
    rules
        The lexicon; the one that comes with the product if absent.

    Examples
    --------
    >>> found = labelled("Vertriebsleiterin")
    >>> found.level, found.level_rule, found.function, found.function_rule
    ('head', 'head.leader.de', 'sales', 'sales.role.de')
    """
    known, padded = rules or lexicon(), normalised(title)
    level_rule = _rule(known.levels, padded) or NO_RANK
    function_rule = _rule(known.functions, padded) or NO_FIELD
    return Labels(
        level_rule.partition(".")[0],
        level_rule,
        function_rule.partition(".")[0],
        function_rule,
        frozenset(rule.name for rule in known.flags if rule.compiled.search(padded)),
    )


def _rule(stages: tuple[Stage, ...], padded: str) -> str | None:
    for stage in stages:
        if stage.compiled.search(padded):
            return stage.rule_of(padded)
    return None
