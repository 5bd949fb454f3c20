"""Rules about the clauses of one ICP together: none contradicts, hides or repeats another."""

from collections.abc import Iterator
from itertools import combinations

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.logic import Logic
from bullseye.definitions.icp import Clause, Icp, Mode
from bullseye.definitions.rule import AllOf, Op, Rule, Test, tests_in

_WELL_WRITTEN = ("RUL001", "RUL002", "RUL003", "ICP001")


def _at(icp: Icp, clause: Clause) -> tuple[str | int, ...]:
    """Return the path of a clause; that of the ICP's name for a workspace exclusion."""
    names = [each.name for each in icp.criteria]
    return ("criteria", names.index(clause.name)) if clause.name in names else ("name",)


def _sound(logic: Logic, clauses: tuple[Clause, ...]) -> list[Clause]:
    """Return the clauses that some account can meet and some cannot."""
    return [c for c in clauses if logic.can_hold(c.rule) and not logic.always_holds(c.rule)]


def _required(logic: Logic, icp: Icp) -> Rule | None:
    """Return what all requirements say together, or None if nothing or nonsense."""
    parts = tuple(clause.rule for clause in _sound(logic, icp.of_mode(Mode.REQUIRE)))
    return AllOf(parts) if parts and logic.can_hold(*parts) else None


def _excludes(context: Context, icp: Icp) -> list[Clause]:
    clauses = context.project.clauses(icp)
    return _sound(context.logic(), tuple(c for c in clauses if c.mode is Mode.EXCLUDE))


@coded(
    "ICP005",
    "requirements-contradict",
    Severity.ERROR,
    wrong="""
criteria:
  - {name: mid-size, mode: require, rule: {employees: {between: [50, 100]}}}
  - {name: large, mode: require, rule: {employees: {over: 500}}}
""",
    right="""
criteria:
  - {name: big-enough, mode: require, rule: {employees: {at_least: 50}}}
""",
    unless=_WELL_WRITTEN,
)
def requirements_contradict(context: Context) -> Iterator[Hit]:
    """Requirements must all hold.

    Where two cannot hold together, every account is out of scope and the list stays empty.
    """
    logic = context.logic()
    for icp in context.project.icps.values():
        requires = _sound(logic, icp.of_mode(Mode.REQUIRE))
        if not requires or logic.can_hold(*(clause.rule for clause in requires)):
            continue
        pairs = (p for p in combinations(requires, 2) if not logic.can_hold(*(c.rule for c in p)))
        clash = next(pairs, (requires[0], requires[-1]))
        named = " and ".join(clause.name for clause in clash)
        message = f"no account can meet {named} together"
        hint = "Widen one, or join them in one rule with any."
        yield Hit("icps", icp.name, _at(icp, clash[-1]), message, hint)


@coded(
    "ICP006",
    "required-and-excluded",
    Severity.ERROR,
    wrong="""
criteria:
  - {name: fintech, mode: require, rule: {industry: Fintech}}
  - {name: no-finance, mode: exclude, rule: {industry: [Fintech, Banking]}, because: ...}
""",
    right="""
criteria:
  - {name: fintech, mode: require, rule: {industry: Fintech}}
  - {name: no-banks, mode: exclude, rule: {industry: Banking}, because: ...}
""",
    unless=_WELL_WRITTEN,
)
def required_and_excluded(context: Context) -> Iterator[Hit]:
    """Every account that meets the requirements also meets an exclusion.

    So every account is refused, and the list stays empty.
    """
    logic = context.logic()
    for icp in context.project.icps.values():
        required = _required(logic, icp)
        if required is None:
            continue
        for exclude in _excludes(context, icp):
            if logic.implies(required, exclude.rule):
                message = f"exclusion {exclude.name} refuses every account it requires"
                hint = "Narrow the exclusion or the requirements."
                yield Hit("icps", icp.name, _at(icp, exclude), message, hint)


@coded(
    "ICP007",
    "requirements-decide-criterion",
    Severity.WARNING,
    wrong="""
criteria:
  - {name: mid-size, mode: require, rule: {employees: {between: [50, 500]}}}
  - {name: large, points: 20, rule: {employees: {over: 1000}}}
""",
    right="""
criteria:
  - {name: mid-size, mode: require, rule: {employees: {between: [50, 500]}}}
  - {name: upper-half, points: 20, rule: {employees: {over: 200}}}
""",
    unless=_WELL_WRITTEN,
)
def requirements_decide_criterion(context: Context) -> Iterator[Hit]:
    """Of the accounts that meet the requirements, nobody or everybody meets this one.

    So it moves no score and refuses nobody.
    """
    logic = context.logic()
    for icp in context.project.icps.values():
        required = _required(logic, icp)
        if required is None:
            continue
        for clause in _sound(logic, (*icp.of_mode(Mode.SCORE), *icp.of_mode(Mode.EXCLUDE))):
            never = not logic.can_hold(required, clause.rule)
            always = clause.mode is Mode.SCORE and logic.implies(required, clause.rule)
            if never or always:
                who = "no account" if never else "every account"
                message = f"{who} that meets the requirements meets {clause.name}"
                hint = "It decides nothing: change it, or drop it."
                yield Hit("icps", icp.name, _at(icp, clause), message, hint)


@coded(
    "ICP008",
    "criterion-repeated",
    Severity.WARNING,
    wrong="""
criteria:
  - {name: size, points: 20, rule: {employees: {over: 49}}}
  - {name: big-enough, points: 10, rule: {employees: {at_least: 50}}}
""",
    right="""
criteria:
  - {name: size, points: 30, rule: {employees: {at_least: 50}}}
""",
)
def criterion_repeated(context: Context) -> Iterator[Hit]:
    """Two criteria of the same kind that the same accounts meet count one belief twice."""
    logic = context.logic()
    for icp in context.project.icps.values():
        for mode in Mode:
            told: set[str] = set()
            for first, second in combinations(_sound(logic, icp.of_mode(mode)), 2):
                if second.name not in told and logic.same(first.rule, second.rule):
                    told.add(second.name)
                    message = f"{second.name} says the same as {first.name}"
                    yield Hit("icps", icp.name, _at(icp, second), message, "Join them in one.")


@coded(
    "ICP011",
    "asked-for-and-refused",
    Severity.WARNING,
    wrong="""
criteria:
  - {name: industry, mode: require, rule: {industry: [Fintech, Retail]}}
  - {name: no-retail, mode: exclude, rule: {industry: Retail}, because: ...}
""",
    right="""
criteria:
  - {name: industry, mode: require, rule: {industry: Fintech}}
""",
    unless=(*_WELL_WRITTEN, "ICP006", "ICP007"),
)
def asked_for_and_refused(context: Context) -> Iterator[Hit]:
    """One criterion asks for a value that an exclusion refuses.

    Accounts with it can never get through: one of the two is a leftover.
    """
    logic = context.logic()
    for icp in context.project.icps.values():
        required = _required(logic, icp) or AllOf(())
        excludes = [e for e in _excludes(context, icp) if not logic.implies(required, e.rule)]
        asked = [*icp.of_mode(Mode.REQUIRE), *(c for c in icp.of_mode(Mode.SCORE) if c.points > 0)]
        for clause in _sound(logic, tuple(asked)):
            for test in tests_in(clause.rule):
                for exclude in excludes:
                    if refused := _refused(logic, test, exclude.rule):
                        message = f"{test.field} {refused} is refused by exclusion {exclude.name}"
                        hint = f"Take it out of {clause.name}, or out of the exclusion."
                        yield Hit("icps", icp.name, _at(icp, clause), message, hint)


def _refused(logic: Logic, test: Test, exclusion: Rule) -> str:
    """Return the values asked for that an exclusion refuses."""
    if test.op not in (Op.IS, Op.ANY_OF):
        return ""
    single = (Test(test.field, Op.IS, (value,)) for value in test.values)
    return ", ".join(str(each.values[0]) for each in single if logic.implies(each, exclusion))


CHECKS = (
    requirements_contradict,
    required_and_excluded,
    requirements_decide_criterion,
    criterion_repeated,
    asked_for_and_refused,
)
