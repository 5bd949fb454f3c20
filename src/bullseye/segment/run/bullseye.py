"""Answer which customers are fast and sticky, and what they share, from what is imported."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta

from bullseye.cases import cases_of, guard_of
from bullseye.definitions.project import Project
from bullseye.definitions.rule import Rule
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.keeping import keep
from bullseye.segment.bullseye import Found, bullseye
from bullseye.segment.candidates import candidates
from bullseye.segment.customer_rows import read_customers, write_customers
from bullseye.segment.customers import Customers, Missing
from bullseye.segment.told import (
    BullseyeTold,
    Overlap,
    TraitTold,
    can_tell_sentence,
    customer_list,
    overlap_sentence,
    trait_sentences,
    verdict,
)
from bullseye.segment.use import LEAST_DAYS, Window, last_use_sql
from bullseye.warehouse.cases import Cases
from bullseye.warehouse.guard import Guard, Sign
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

WON_WITHIN = 365
"""Days back in which a customer of the fast list was won."""
USED_WITHIN = 91
"""Days over which use is measured: whole weeks, so that every weekday counts alike."""


def fast_and_sticky(
    workspace: Workspace,
    *,
    k: int = 5,
    window: int = WON_WITHIN,
    use_window: int = USED_WITHIN,
    as_of: date | None = None,
    as_known_today: bool = False,
    insist: Collection[str] = (),
    seed: int = 0,
    is_kept: bool = True,
    progress: Progress = lambda _: None,
) -> BullseyeTold:
    """Return the k fastest and the k stickiest customers of a workspace, and what they share.

    Parameters
    ----------
    workspace
        Whose imports are read.
    k
        How many are on each list, at least 2.
    window, use_window
        Days back in which a customer was won, and over which use is measured.
    as_of
        The day of the question; today where absent.
    as_known_today
        Take facts as known today where they were imported only after the outcomes.
    insist
        Fields to read although they were refused.
    seed
        Of the lots that are drawn; the same seed gives the same answer.
    is_kept
        Whether the result is kept as a proof of kind ``bullseye``.
    progress
        Is told what is being done.

    Raises
    ------
    UsageError
        If `k` or a window is too small.
    NotEnoughEvidence
        If no customer was won in the window, and none uses the product.
    """
    if k < 2 or min(window, use_window) < LEAST_DAYS:
        raise UsageError(
            "Lists hold at least 2 customers, and windows at least 28 days.",
            hint="Ask for example: bullseye segment bullseye --k 5 --window '12 months'",
        )
    day = as_of or workspace.today
    with workspace.connection() as connection:
        cases = cases_of(
            workspace,
            connection,
            "won",
            as_of=day,
            as_known_today=as_known_today,
            progress=progress,
        )
        progress("Who is fast, who is sticky")
        ids = tuple(batch.number for batch in workspace.batches(up_to=day))
        latest = workspace.state(connection, workspace.project, ids, day)
        last = connection.execute(last_use_sql(latest)).fetchall()[0][0]
        used = Window.before(min(last or day, day), use_window)
        before = latest
        if not as_known_today:
            before = workspace.state(connection, workspace.project, ids, used.first)
        missing = write_customers(connection, cases, latest, before, used, window)
        progress("Which facts the outcome may have filled in")
        guard = guard_of(workspace, connection, cases, progress=progress)
        fields = {n: f for n, f in cases.fields.items() if n not in guard.refused(insist)}
        customers = read_customers(connection, fields)
        last_won = connection.execute(
            f"SELECT max(ended_on) FROM {cases.relation} WHERE state = 1"
        ).fetchall()[0][0]
    if not customers.account_ids:
        raise _nobody(missing, cases, window, last_won)
    progress("What they share")
    conditions = candidates(customers.facts, groupings=_groupings(workspace.project), insist=insist)
    found = bullseye(customers, conditions, k=k, seed=seed)
    period = (cases.until - timedelta(days=window - 1), cases.until)
    told = _told(customers, found, cases, period, used, missing, _refused(guard, insist))
    if is_kept:
        keep(workspace, "bullseye", "won", day, told)
    return told


def _groupings(project: Project) -> list[Rule]:
    """Return the rules of the team's own ICPs: their groups of values are looked at too."""
    return [each.rule for icp in project.icps.values() for each in icp.criteria if each.rule]


def _nobody(
    missing: Sequence[Missing], cases: Cases, window: int, last_won: date | None
) -> NotEnoughEvidence:
    """Say why nobody could be listed: the wins are older than the window, or have no facts."""
    if last_won is not None and last_won <= cases.until - timedelta(days=window):
        return NotEnoughEvidence(
            f"No customer was won in the {window} days up to {cases.until}, the last day that is"
            f" known: the last one was won on {last_won}. Nor is any use of the product known.",
            hint=f"Ask about that time with: --as-of {last_won}. Or import newer opportunities.",
        )
    left = [(each.n, each.reason) for each in missing]
    left += [(each.n, each.reason) for each in cases.left_out]
    why = "; ".join(f"{n:,} left out: {reason}" for n, reason in left)
    hint = "Import opportunities with the day they were opened and won, and usage."
    dated = cases.dated and why
    if dated:
        hint = "Facts imported after the outcomes can be used with: --as-known-today"
    return NotEnoughEvidence(
        f"No customer of the window {'has facts known before' if dated else 'is known'}, on"
        f" {cases.as_of}" + (f" ({why})." if why else "."),
        hint=hint,
    )


def _refused(guard: Guard, insist: Collection[str]) -> tuple[str, ...]:
    """Return what is to be said of fields that the outcome may have filled in."""
    out = guard.refused(insist)
    said = [
        f"{each.field} is refused: {each.sentence}."
        for each in guard.suspicions
        if each.refuse and each.field in out and each.sign is not Sign.IDENTIFIER
    ]
    kept = guard.insisted(insist)
    said += [f"{each.field} is read although it is suspect: {each.sentence}." for each in kept]
    return tuple(said)


# -- telling -------------------------------------------------------------------------------


def _told(
    customers: Customers,
    found: Found,
    cases: Cases,
    period: tuple[date, date],
    used: Window,
    missing: tuple[Missing, ...],
    refused: tuple[str, ...],
) -> BullseyeTold:
    n = len(customers.account_ids)
    told = {
        name: tuple(TraitTold(each, trait_sentences(each, name)) for each in traits)
        for name, traits in found.traits.items()
    }
    seen = found.overlap
    facts_known = (
        "before each opportunity began; for customers won before facts were kept, before"
        f" {used.first}, when their use began to be measured"
        if cases.dated
        else f"on {cases.as_of}"
    )
    return BullseyeTold(
        as_of=cases.as_of,
        dated=cases.dated,
        warning=cases.warning,
        facts_known=facts_known,
        k=found.k,
        customers=n,
        fast=customer_list(customers, found.fast, found.k, period, found.sticky.measure),
        sticky=customer_list(
            customers, found.sticky, found.k, (used.first, used.last), found.sticky.measure
        ),
        overlap=Overlap(
            found.in_both, seen.count, seen.expected, seen.chance, overlap_sentence(found)
        ),
        conditions=found.conditions,
        tests=found.tests,
        both=told["both"],
        fast_only=told["fast"],
        sticky_only=told["sticky"],
        verdict=verdict(found),
        can_tell=tuple(can_tell_sentence(each) for each in found.can_tell),
        refused=refused,
        missing=(
            *missing,
            *(Missing(f"opportunities: {each.reason}", each.n) for each in cases.left_out),
        ),
    )
