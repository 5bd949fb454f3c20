"""Rules about tier policies: each tier can be entered, and a better account gets a better one."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from bullseye.definitions.checks.attainable import best_fit, best_strength
from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.icp import Icp
from bullseye.definitions.tier import EntryCriteria, TierPolicy


def _hit(policy: TierPolicy, path: tuple[str | int, ...], message: str, hint: str) -> Hit:
    return Hit("tiers", policy.name, path, message, hint)


def _asks_more(lower: EntryCriteria, higher: EntryCriteria) -> list[str]:
    """Return in what the lower tier asks more than the higher one."""
    more = []
    for part in ("fit", "coverage", "signal_strength"):
        below, above = getattr(lower, part), getattr(higher, part)
        if below > above:
            more.append(f"{part} {below:g} against {above:g}")
    if lower.signals and not (higher.signals and set(higher.signals) <= set(lower.signals)):
        more.append(f"signals {', '.join(lower.signals)}")
    return more


def _is_covered(lower: EntryCriteria, higher: EntryCriteria) -> bool:
    """Whether whoever enters the lower tier has entered the higher one already."""
    at_least = all(
        getattr(lower, part) >= getattr(higher, part)
        for part in ("fit", "coverage", "signal_strength")
    )
    signals = not higher.signals or (lower.signals and set(lower.signals) <= set(higher.signals))
    return at_least and bool(signals)


@coded(
    "TIE001",
    "tiers-overlap",
    Severity.ERROR,
    wrong="""
tiers:
  - {tier: T1, fit: 70, signal_strength: 10}
  - {tier: T2, fit: 50, signal_strength: 20}
""",
    right="""
tiers:
  - {tier: T1, fit: 70, signal_strength: 20}
  - {tier: T2, fit: 50, signal_strength: 10}
""",
    unless=("TIE002",),
)
def tiers_overlap(context: Context) -> Iterator[Hit]:
    """A lower tier that asks more than a higher one leaves no order between them.

    An account can qualify for the higher and not the lower: it falls from T1 past T2.
    """
    for policy in context.project.tiers.values():
        for at, (higher, lower) in enumerate(pairwise(policy.tiers), 1):
            if more := _asks_more(lower, higher):
                message = f"{lower.tier} asks more than {higher.tier}: {'; '.join(more)}"
                hint = f"Ask at most as much for {lower.tier} as for {higher.tier}."
                yield _hit(policy, ("tiers", at), message, hint)


@coded(
    "TIE002",
    "tier-never-assigned",
    Severity.ERROR,
    wrong="""
tiers:
  - {tier: T1, fit: 70}
  - {tier: T2, fit: 70}
""",
    right="""
tiers:
  - {tier: T1, fit: 70}
  - {tier: T2, fit: 50}
""",
)
def tier_never_assigned(context: Context) -> Iterator[Hit]:
    """An account gets the best tier it qualifies for.

    Whoever meets this tier meets a better one too, so nobody is ever left in it.
    """
    for policy in context.project.tiers.values():
        told: set[int] = set()
        for (_, higher), (at, lower) in combinations(enumerate(policy.tiers), 2):
            if at not in told and _is_covered(lower, higher):
                told.add(at)
                message = f"{lower.tier} is never assigned: whoever meets it meets {higher.tier}"
                yield _hit(policy, ("tiers", at), message, f"Ask less for {lower.tier}.")


def _users(context: Context, policy: TierPolicy) -> list[Icp]:
    return [icp for icp in context.project.icps.values() if icp.tiers == policy.name]


@coded(
    "TIE003",
    "fit-out-of-reach",
    Severity.ERROR,
    wrong="""
# tiers: {tier: T1, fit: 80}
criteria:
  - {name: mid-size, points: 30, rule: {employees: {between: [50, 500]}}}
  - {name: large, points: 30, rule: {employees: {over: 500}}}
""",
    right="""
criteria:
  - {name: mid-size, points: 20, rule: {employees: {at_least: 50}}}
  - {name: large, points: 40, rule: {employees: {over: 500}}}
""",
)
def fit_out_of_reach(context: Context) -> Iterator[Hit]:
    """Some criteria that score exclude each other.

    The best possible account stays below this bound, so the tier stays empty.
    """
    for policy in context.project.tiers.values():
        for icp in _users(context, policy):
            best = best_fit(icp, context.logic())
            for at, entry in enumerate(policy.tiers):
                if entry.fit > best:
                    message = f"{entry.tier} needs fit {entry.fit}; {icp.name} reaches {best:.0f}"
                    hint = "Lower the bound, or let the criteria that exclude each other agree."
                    yield _hit(policy, ("tiers", at, "fit"), message, hint)


@coded(
    "TIE004",
    "strength-out-of-reach",
    Severity.WARNING,
    wrong="""
# all signals together earn 45 points
tiers:
  - {tier: T1, fit: 70, signal_strength: 60}
""",
    right="""
tiers:
  - {tier: T1, fit: 70, signal_strength: 20}
""",
    unless=("ICP002",),
)
def strength_out_of_reach(context: Context) -> Iterator[Hit]:
    """Even with every signal live on its first day the strength stays below this bound.

    Only an account where the same thing happened several times can enter the tier.
    """
    for policy in context.project.tiers.values():
        for icp in _users(context, policy):
            best = best_strength(context.project.signals_of(icp))
            for at, entry in enumerate(policy.tiers):
                if best and entry.signal_strength > best:
                    message = (
                        f"{entry.tier} needs signal_strength {entry.signal_strength}; "
                        f"one event of each signal of {icp.name} adds up to {best}"
                    )
                    hint = "Lower the bound, or give the signals more points."
                    yield _hit(policy, ("tiers", at, "signal_strength"), message, hint)


@coded(
    "TIE005",
    "policy-unused",
    Severity.WARNING,
    wrong="tiers: default   # in every ICP, and tiers/enterprise.yaml exists",
    right="tiers: enterprise",
)
def policy_unused(context: Context) -> Iterator[Hit]:
    """No ICP uses the policy, so changing it changes nothing: someone will try, and wonder."""
    for policy in context.project.tiers.values():
        if context.project.icps and not _users(context, policy):
            hint = "Name it as the tiers of an ICP, or delete the file."
            yield _hit(policy, ("name",), "no ICP uses it", hint)


@coded(
    "TIE006",
    "tier-needs-uncounted-signal",
    Severity.ERROR,
    wrong="""
# icp: signals: [funding-round]
tiers:
  - {tier: T1, fit: 70, signals: [executive-hire]}
""",
    right="""
# icp: signals: [funding-round, executive-hire]
tiers:
  - {tier: T1, fit: 70, signals: [executive-hire]}
""",
)
def tier_needs_uncounted_signal(context: Context) -> Iterator[Hit]:
    """The tier needs one of these signals live, and the ICP counts none of them.

    No account can ever enter it.
    """
    for policy in context.project.tiers.values():
        for icp in _users(context, policy):
            counted = {signal.name for signal in context.project.signals_of(icp)}
            for at, entry in enumerate(policy.tiers):
                if counted and entry.signals and not counted & set(entry.signals):
                    listed = ", ".join(entry.signals)
                    message = f"{entry.tier} needs {listed}, which {icp.name} does not count"
                    hint = f"Add one to the signals of {icp.name}, or ask for another."
                    yield _hit(policy, ("tiers", at, "signals"), message, hint)


@coded(
    "TIE007",
    "hysteresis-swallows-tier",
    Severity.WARNING,
    wrong="""
tiers:
  - {tier: T1, fit: 70}
  - {tier: T2, fit: 65}
hysteresis: {fit: 10}
""",
    right="""
tiers:
  - {tier: T1, fit: 70}
  - {tier: T2, fit: 50}
hysteresis: {fit: 5}
""",
    unless=("TIE001", "TIE002"),
)
def hysteresis_swallows_tier(context: Context) -> Iterator[Hit]:
    """Hysteresis keeps an account in its tier a little below the bound.

    Wider than the gap to the next tier, it keeps accounts in T1 that would hardly enter T2.
    """
    for policy in context.project.tiers.values():
        for part in ("fit", "signal_strength"):
            slack = getattr(policy.hysteresis, part)
            gaps = [
                (getattr(above, part) - getattr(below, part), above.tier, below.tier)
                for above, below in pairwise(policy.tiers)
            ]
            narrow = [each for each in gaps if 0 < each[0] < slack]
            for gap, higher, lower in sorted(narrow)[:1]:
                message = f"{part} may fall by {slack}, {lower} is only {gap} below {higher}"
                hint = f"Make it smaller than the gap from {higher} to {lower}."
                yield _hit(policy, ("hysteresis", part), message, hint)


CHECKS = (
    tiers_overlap,
    tier_never_assigned,
    fit_out_of_reach,
    strength_out_of_reach,
    policy_unused,
    tier_needs_uncounted_signal,
    hysteresis_swallows_tier,
)
