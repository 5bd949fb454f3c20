"""Rules about what is assumed of buying roles: said once, of things that exist, and sensible."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.role_prior import assumptions
from bullseye.definitions.titles import FUNCTIONS
from bullseye.errors import nearest_name

EVEN = 0.5
"""A threshold below which a named role is more often wrong than right."""

_SAYS_NOTHING = ("other", "unknown")


@coded(
    "ROL001",
    "assumed-twice",
    Severity.ERROR,
    wrong="roles/ours.yaml and roles/theirs.yaml",
    right="roles/ours.yaml",
)
def assumed_twice(context: Context) -> Iterator[Hit]:
    """What is assumed of buying roles is said in one file.

    Of two, nobody could tell which one holds.
    """
    first, *others = sorted(context.project.roles) or [""]
    for name in others:
        message = f"roles/{first} says what to assume already"
        yield Hit("roles", name, ("name",), message, "Make one of both.")


@coded(
    "ROL002",
    "serves-no-function",
    Severity.ERROR,
    wrong="serves: [ops]",
    right="serves: [operations]",
)
def serves_no_function(context: Context) -> Iterator[Hit]:
    """A product serves functions, as titles tell them; any other word fits no contact."""
    known = [each for each in FUNCTIONS if each not in _SAYS_NOTHING]
    for each in context.project.roles.values():
        for at, name in enumerate(each.serves):
            if name not in known:
                near = nearest_name(name, known)
                hint = f"Did you mean {near!r}?" if near else f"One of: {', '.join(known)}."
                yield Hit("roles", each.name, ("serves", at), f"no function is {name!r}", hint)


@coded(
    "ROL003",
    "unknown-evidence",
    Severity.ERROR,
    wrong="evidence: {replyed: {champion: 1.0}}",
    right="evidence: {replied: {champion: 1.0}}",
)
def unknown_evidence(context: Context) -> Iterator[Hit]:
    """Only evidence that Bullseye can observe has a weight."""
    known = tuple(assumptions().weights)
    for each in context.project.roles.values():
        for name in each.evidence:
            if name not in known:
                near = nearest_name(name, known)
                hint = f"Did you mean {near!r}?" if near else "See: bullseye roles prior"
                message = f"no evidence is named {name!r}"
                yield Hit("roles", each.name, ("evidence", name), message, hint)


@coded(
    "ROL004",
    "row-stated-twice",
    Severity.ERROR,
    wrong="""
prior:
  - {rank: top, part: finance, roles: {economic_buyer: 60%}}
  - {rank: top, part: finance, roles: {blocker: 20%}}
""",
    right="""
prior:
  - {rank: top, part: finance, roles: {economic_buyer: 60%, blocker: 20%}}
""",
)
def row_stated_twice(context: Context) -> Iterator[Hit]:
    """A row of the prior stands once; of two only the last would hold."""
    for each in context.project.roles.values():
        seen = set()
        for at, row in enumerate(each.prior):
            if (row.rank, row.part) in seen:
                message = f"the row {row.rank}, {row.part} stands above already"
                yield Hit("roles", each.name, ("prior", at), message, "Make one of both.")
            seen.add((row.rank, row.part))


@coded(
    "ROL005",
    "threshold-too-low",
    Severity.WARNING,
    wrong="threshold: 30%",
    right="threshold: 70%",
)
def threshold_too_low(context: Context) -> Iterator[Hit]:
    """Below even odds, a role that is named is more often wrong than right.

    What nobody believes is better left unsaid: too little to say is an answer.
    """
    for each in context.project.roles.values():
        if each.threshold is not None and each.threshold < EVEN:
            message = f"a role is named from {each.threshold:.0%} on"
            hint = "See what each threshold would give: bullseye roles check"
            yield Hit("roles", each.name, ("threshold",), message, hint)


@coded(
    "ROL006",
    "serves-nobody",
    Severity.WARNING,
    wrong="serves: []",
    right="serves: [operations, customer_success]",
)
def serves_nobody(context: Context) -> Iterator[Hit]:
    """Without the functions that the product serves nobody is in its domain.

    Then champions and users can be told by evidence only.
    """
    for each in context.project.roles.values():
        if not each.serves:
            message = "it names no function that the product serves"
            yield Hit("roles", each.name, ("serves",), message, "Say whose work it does.")


CHECKS = (
    assumed_twice,
    serves_no_function,
    unknown_evidence,
    row_stated_twice,
    threshold_too_low,
    serves_nobody,
)
"""Every rule of the linter, by code."""
