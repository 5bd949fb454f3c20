"""Rules about what one ICP is made of, without looking at any data."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.rule_fields import is_misplaced, level_of
from bullseye.definitions.checks.written import field_path
from bullseye.definitions.icp import Icp, Mode


@coded(
    "ICP001",
    "contact-level-field",
    Severity.ERROR,
    wrong="""
criteria:
  - name: has-a-vp
    mode: require
    rule: {title: {contains: VP}}
""",
    right="""
# personas/vp-operations.yaml
who: {title: {contains: VP Operations}}
""",
)
def contact_level_field(context: Context) -> Iterator[Hit]:
    """An ICP says which accounts to serve; who to talk to there is a persona's business.

    An account has no job title: whose would it be?
    """
    for standing in context.rules:
        if standing.table is not ACCOUNTS:
            continue
        known = context.fields(ACCOUNTS)
        for test, path in context.tests(standing):
            if test.field not in known and is_misplaced(standing, test.field):
                message = f"{test.field} is a field of {level_of(test.field)}, not of accounts"
                hint = "Move the rule to a persona, or read a field of the account."
                place = field_path(path, test.field)
                yield Hit(standing.kind, standing.name, place, message, hint)


@coded(
    "ICP002",
    "no-dynamic-signal",
    Severity.ERROR,
    wrong="signals: []",
    right="signals: [executive-hire, funding-round]",
)
def no_dynamic_signal(context: Context) -> Iterator[Hit]:
    """Industry and size say who fits, never why to call now.

    Without one event that speaks for this moment, this is a mailing list.
    """
    for icp in context.project.icps.values():
        names = context.project.signals if icp.signals is None else icp.signals
        signals = [context.project.signals[n] for n in names if n in context.project.signals]
        if not any(signal.points > 0 for signal in signals):
            counted = "none of its signals earns points" if signals else "it has no dynamic signal"
            message = f"this is a mailing list: {counted}"
            hint = "Name a signal that answers why now, as in executive-hire or funding-round."
            yield Hit("icps", icp.name, ("signals",), message, hint)


@coded(
    "ICP009",
    "nothing-scores",
    Severity.WARNING,
    wrong="""
criteria:
  - {name: industry, mode: require, rule: {industry: Fintech}}
""",
    right="""
criteria:
  - {name: industry, mode: require, rule: {industry: Fintech}}
  - {name: uses-salesforce, points: 20, rule: {technologies: [Salesforce]}}
""",
)
def nothing_scores(context: Context) -> Iterator[Hit]:
    """With requirements alone every account in scope has the same fit_score.

    The tiers' fit bounds cannot tell a good account from the best one.
    """
    for icp in context.project.icps.values():
        if not icp.of_mode(Mode.SCORE):
            message = "no criterion scores: every account in scope fits equally well"
            hint = "Give at least one criterion points."
            yield Hit("icps", icp.name, ("criteria",), message, hint)


@coded(
    "ICP010",
    "no-goal-or-focus",
    Severity.INFO,
    wrong="name: b2b-saas   # neither goal nor focus",
    right="""
goal: Land mid-size software companies that outgrow their first CRM.
focus: {budget: 30k a year and up, tech_stack: Salesforce, size: 50 to 500 employees}
""",
)
def no_goal_or_focus(context: Context) -> Iterator[Hit]:
    """The goal says what serving these accounts is for, the focus what it looks at.

    Without them the next owner cannot tell which criteria may change.
    """
    for icp in context.project.icps.values():
        blank = [part for part, said in (("goal", icp.goal), ("focus", _focus(icp))) if not said]
        if blank:
            message = f"it does not say its {' and its '.join(blank)}"
            yield Hit("icps", icp.name, ("name",), message, "Say it in a sentence.")


def _focus(icp: Icp) -> bool:
    focus = icp.focus
    return bool(focus and (focus.budget or focus.tech_stack or focus.size))


@coded(
    "ICP012",
    "no-icp",
    Severity.ERROR,
    wrong="An empty folder icps/.",
    right="At least one file in icps/; bullseye init writes an example.",
)
def no_icp(context: Context) -> Iterator[Hit]:
    """Without an ideal customer profile there is nothing to score accounts against."""
    if not context.project.icps:
        hint = "Write one into icps/; bullseye init writes an example."
        yield Hit("", "", (), "the workspace has no ICP", hint)


CHECKS = (contact_level_field, no_dynamic_signal, nothing_scores, no_goal_or_focus, no_icp)
