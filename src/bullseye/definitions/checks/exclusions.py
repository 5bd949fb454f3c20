"""Rules about exclusions: that there are some, and that figures stand behind them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context, Path
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.icp import Figures, Mode

FRESH_DAYS = 180
FEW = 30


@dataclass(frozen=True)
class _Excluding:
    kind: str
    name: str
    path: Path
    clause: str
    figures: Figures | None


def _excluding(context: Context) -> Iterator[_Excluding]:
    """Yield every exclusion of the workspace and of its ICPs, once each."""
    for name, icp in context.project.icps.items():
        for at, clause in enumerate(icp.criteria):
            if clause.mode is Mode.EXCLUDE:
                yield _Excluding("icps", name, ("criteria", at), clause.name, clause.figures)
    for name, exclusion in context.project.exclusions.items():
        yield _Excluding("exclusions", name, (), name, exclusion.figures)


@coded(
    "EXC001",
    "no-exclusion",
    Severity.WARNING,
    wrong="An ICP without exclude criteria, in a workspace with an empty exclusions/ folder.",
    right="""
# exclusions/too-small.yaml
rule: {employees: {under: 50}}
because: Accounts below 50 employees left four times as often.
""",
)
def no_exclusion(context: Context) -> Iterator[Hit]:
    """Some accounts fit the profile and still cost more than they bring.

    They churn, need endless support, or never pay. An ICP that refuses nobody sends sales to
    them.
    """
    if context.project.exclusions:
        return
    for icp in context.project.icps.values():
        if not icp.of_mode(Mode.EXCLUDE):
            hint = "Write down who you refuse, in exclusions/ or as an exclude criterion."
            yield Hit("icps", icp.name, ("criteria",), "it refuses nobody", hint)


@coded(
    "EXC002",
    "exclusion-without-figures",
    Severity.WARNING,
    error_from=date(2027, 7, 1),
    wrong="because: They always churn, everybody knows that.",
    right="""
because: Accounts below 50 employees left four times as often.
figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2026-06-30}
""",
)
def exclusion_without_figures(context: Context) -> Iterator[Hit]:
    """A refusal turns real buyers away.

    Without the figures behind it nobody can tell a measured truth from an old grudge, or notice
    that it stopped being true.
    """
    for each in _excluding(context):
        if each.figures is None:
            message = f"exclusion {each.clause} has no figures behind it"
            hint = "Add figures: what was measured, on how many accounts, when."
            yield Hit(each.kind, each.name, each.path or ("because",), message, hint)


@coded(
    "EXC003",
    "figures-stale",
    Severity.WARNING,
    wrong="figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2024-01-31}",
    right="figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2026-06-30}",
)
def figures_stale(context: Context) -> Iterator[Hit]:
    """What was true of customers half a year ago need not be true of accounts today."""
    for each in _excluding(context):
        age = (context.today - each.figures.measured_on).days if each.figures else 0
        if age > FRESH_DAYS:
            message = f"the figures behind {each.clause} are {age} days old"
            hint = "Measure again and write the new day, or retire the exclusion."
            yield Hit(each.kind, each.name, (*each.path, "figures", "measured_on"), message, hint)


@coded(
    "EXC004",
    "figures-from-the-future",
    Severity.ERROR,
    wrong="figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2062-06-30}",
    right="figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2026-06-30}",
)
def figures_from_the_future(context: Context) -> Iterator[Hit]:
    """Nothing can have been measured on a day that has not come yet: it is a typing mistake."""
    for each in _excluding(context):
        if each.figures and each.figures.measured_on > context.today:
            message = f"the figures behind {each.clause} are dated {each.figures.measured_on}"
            path = (*each.path, "figures", "measured_on")
            yield Hit(each.kind, each.name, path, message, "Write the day it was measured.")


@coded(
    "EXC005",
    "figures-on-few-accounts",
    Severity.WARNING,
    wrong="figures: {measure: churn within a year, times: 4, n: 6, measured_on: 2026-06-30}",
    right="figures: {measure: churn within a year, times: 4, n: 212, measured_on: 2026-06-30}",
)
def figures_on_few_accounts(context: Context) -> Iterator[Hit]:
    """On a handful of accounts chance alone produces striking ratios."""
    for each in _excluding(context):
        if each.figures and each.figures.n < FEW:
            message = f"{each.clause} rests on {each.figures.n} accounts"
            hint = f"Measure on at least {FEW}, or let the criterion cost points instead."
            yield Hit(each.kind, each.name, (*each.path, "figures", "n"), message, hint)


CHECKS = (
    no_exclusion,
    exclusion_without_figures,
    figures_stale,
    figures_from_the_future,
    figures_on_few_accounts,
)
