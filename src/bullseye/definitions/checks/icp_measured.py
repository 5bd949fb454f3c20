"""Rules about an ICP held against the imported accounts: narrow enough, and telling them apart."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.icp import Mode

ENOUGH = 30
"""On fewer accounts a share says too little to complain about."""


@coded(
    "ICP003",
    "too-broad",
    Severity.WARNING,
    wrong="max_share: 10%   # and 43 % of the imported accounts are selected",
    right="Require more, exclude more, raise the tiers' bounds, or raise max_share and say why.",
    measured=True,
)
def too_broad(context: Context) -> Iterator[Hit]:
    """A profile that selects most of the market chooses nobody.

    The aim is the small part that needs it now; how large a part is still acceptable is the
    ICP's max_share.
    """
    for icp in context.project.icps.values():
        facts = context.facts.icps.get(icp.name)
        if facts is None or facts.account_count < ENOUGH or facts.selected_share <= icp.max_share:
            continue
        low, high = facts.selected_interval
        message = (
            f"it selects {facts.selected_share:.1%} of {facts.account_count:,} imported accounts "
            f"(95 % interval {low:.1%} to {high:.1%}), more than {icp.max_share:.1%}"
        )
        hint = "Require more, exclude more, or raise max_share and say why."
        yield Hit("icps", icp.name, ("max_share",), message, hint)


@coded(
    "ICP004",
    "criterion-never-discriminates",
    Severity.WARNING,
    wrong="rule: {revenue: {over: 50}}   # meant millions",
    right="rule: {revenue: {over: 50M}}",
    measured=True,
    unless=("RUL001", "RUL002", "RUL003", "RUL004", "RUL007", "RUL008", "ICP001", "ICP007"),
)
def criterion_never_discriminates(context: Context) -> Iterator[Hit]:
    """A criterion that all or none of the known accounts meet tells none from another.

    Mostly a bound is far off, a unit is wrong, or a value is spelt differently in the data.
    """
    for icp in context.project.icps.values():
        facts = context.facts.icps.get(icp.name)
        for at, clause in enumerate(icp.criteria):
            counts = facts.clauses.get(clause.name) if facts else None
            if counts is None or counts.known_count < ENOUGH:
                continue
            if counts.met_count and counts.not_met_count:
                continue
            who = "all" if counts.met_count else "none"
            message = f"{clause.name} is met by {who} of {counts.known_count:,} known accounts"
            nobody = clause.mode is Mode.EXCLUDE and not counts.met_count
            hint = "It refuses nobody: is it needed?" if nobody else "Check its bounds and units."
            yield Hit("icps", icp.name, ("criteria", at), message, hint)


CHECKS = (too_broad, criterion_never_discriminates)
