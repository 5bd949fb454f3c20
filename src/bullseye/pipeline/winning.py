"""Win and loss by a field of the account, of the opportunity, by tier or by persona."""

from collections.abc import Callable
from datetime import date

import duckdb
import numpy as np

from bullseye.cases import cases_of
from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.known import stored_fields
from bullseye.errors import UnknownName, UsageError
from bullseye.keeping import keep
from bullseye.pipeline.frozen import frozen, icp_named
from bullseye.pipeline.personas import persona_split
from bullseye.pipeline.proving import happenings, judged, require_decided
from bullseye.prioritize import run as prioritize
from bullseye.validate import run as validate
from bullseye.validate.run import STANDINGS, OutcomeSplit, Split
from bullseye.warehouse.cases import CASE_KEY, Cases, Every
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact, read_facts
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace

Progress = Callable[[str], None]

KIND = "winloss"
TIER = "tier"
PERSONA = "persona"
MOST = 15
"""Values shown for themselves; the others are counted together."""

BANDS = 4
FILLED_WHEN_LOST = frozenset({"loss_reason", "competitor"})
"""Fields of opportunities that say why they were lost: they are known of lost ones only."""

OTHERS = "all others"


def outcome_split(
    workspace: Workspace,
    by: str,
    *,
    outcome: str = "won",
    icp: str | None = None,
    every: str = "month",
    as_known_today: bool = False,
    as_of: date | None = None,
    dry_run: bool = False,
    progress: Progress = lambda _stage: None,
) -> OutcomeSplit:
    """Split the cases of an outcome by a field, and keep the result.

    Parameters
    ----------
    workspace
        The workspace.
    by
        A field of accounts, as known before each case; one of opportunities, as known now;
        ``tier``, in which `icp` would have put the account before the case; or ``persona``, those
        that were among the account's contacts before the case.
    outcome
        Name of an outcome.
    icp
        Whose tiers; the only ICP where absent.
    every
        ``month`` or ``quarter``: how far the days lie apart on which accounts are looked at.
    as_known_today, as_of, dry_run, progress
        As for `pipeline.proving.backtest`.

    Raises
    ------
    UnknownName
        If there is no such field, outcome or ICP.
    UsageError
        If the field is one of opportunities and the outcome is not judged by them.
    NotEnoughEvidence
        If no case is decided.
    """
    with workspace.connection() as connection:
        cases = cases_of(
            workspace,
            connection,
            outcome,
            as_of=as_of,
            every=Every(every),
            as_known_today=as_known_today,
            progress=progress,
        )
        split = _split(workspace, connection, cases, by, icp, progress)
        require_decided(cases)
        happened = happenings(connection, cases)
    is_share = by in FILLED_WHEN_LOST
    find = validate.reasons if is_share else validate.parts
    asked = (happened.yes == 0) if is_share else happened.decided
    found = OutcomeSplit(
        by=by,
        outcome=outcome,
        outcome_sentence=cases.outcome.sentence,
        as_of=cases.as_of,
        warning=cases.warning,
        base=validate.base(happened, split.known, lost_only=is_share),
        parts=find(happened, split),
        unknown=int((asked & ~split.known).sum()),
        is_share=is_share,
        left_out=tuple((each.reason, each.n) for each in cases.left_out),
    )
    if not dry_run:
        keep(workspace, KIND, f"{outcome} by {by}", cases.as_of, found)
    return found


def _split(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    by: str,
    icp: str | None,
    progress: Progress,
) -> Split:
    if by == TIER:
        return _by_tier(workspace, connection, cases, icp, progress)
    if by == PERSONA:
        progress("personas known before")
        return persona_split(workspace, connection, cases)
    if by in cases.fields:
        field = cases.fields[by]
        facts = read_facts(connection, cases.facts, {by: field}, order=CASE_KEY)
        return split_of(facts[by])
    fields = stored_fields(workspace.project, TableName.OPPORTUNITIES)
    if by not in fields:
        known = {TIER, PERSONA, *cases.fields, *fields}
        raise UnknownName("field to split by", by, known)
    return split_of(_of_opportunities(workspace, connection, cases, fields[by]))


def _by_tier(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    cases: Cases,
    icp: str | None,
    progress: Progress,
) -> Split:
    side = frozen(workspace, None).workspace
    name = icp_named(side.project, icp)
    scores = prioritize.score_cohorts(
        side, connection, name, cases.cohorts, as_of=cases.as_of, progress=progress
    )
    standing = judged(connection, cases, scores).standing
    names = [each for code, each in enumerate(STANDINGS) if (standing == code).any()]
    has = tuple(standing == STANDINGS.index(each) for each in names)
    return Split(tuple(names), has, np.ones(len(standing), dtype=bool))


def _of_opportunities(
    workspace: Workspace, connection: duckdb.DuckDBPyConnection, cases: Cases, field: Field
) -> Fact:
    """Return a field of the cases' opportunities, as known now."""
    if not cases.outcome.won:
        raise UsageError(
            f"{field.name} is a field of opportunities, and outcome {cases.outcome.name} is not"
            " judged by them.",
            hint="Split it by a field of accounts, or by tier.",
        )
    ids = tuple(batch.number for batch in workspace.batches(up_to=cases.as_of))
    state = workspace.state(connection, workspace.project, ids, cases.as_of)
    name = DUCKDB.identifier(field.name)
    opportunities = reading(state.table(TableName.OPPORTUNITIES))
    joined = (
        f"(SELECT c.case_no, o.{name} FROM {cases.relation} AS c"
        f" LEFT JOIN {opportunities} AS o ON o.opportunity_id = c.unit_id)"
    )
    return read_facts(connection, joined, {field.name: field}, order="case_no")[field.name]


def split_of(fact: Fact) -> Split:
    """Return the parts of a field: its commonest values, entries, or four bands of numbers."""
    if isinstance(fact, NumberFact):
        return _bands(fact)
    if isinstance(fact, ListFact):
        order = _commonest(fact.codes)
        return Split(
            tuple(f"has {fact.levels[code]}" for code in order),
            tuple(fact.has(code) for code in order),
            fact.known,
        )
    return _levels(fact)


def _levels(fact: TextFact) -> Split:
    order = _commonest(fact.codes[fact.known])
    names = [fact.levels[code] for code in order]
    has = [fact.codes == code for code in order]
    rest = fact.known & ~np.isin(fact.codes, order)
    if rest.any():
        names.append(OTHERS)
        has.append(rest)
    return Split(tuple(names), tuple(has), fact.known)


def _bands(fact: NumberFact) -> Split:
    """Cut at the quartiles of what is known; fewer bands where they coincide."""
    known = fact.values[fact.known]
    if not len(known):
        return Split((), (), fact.known)
    inner = np.quantile(known, np.linspace(0, 1, BANDS + 1)[1:-1], method="higher")
    edges = [known.min(), *(each for each in np.unique(inner) if each > known.min())]
    codes = np.searchsorted(np.array(edges), fact.values, side="right") - 1
    names = [
        f"{_number(fact, low)} to {_number(fact, fact.values[fact.known & (codes == at)].max())}"
        for at, low in enumerate(edges)
    ]
    return Split(
        tuple(names), tuple(fact.known & (codes == at) for at in range(len(edges))), fact.known
    )


def _number(fact: NumberFact, value: float) -> str:
    if fact.field.type is FieldType.DATE:
        return str(date.fromordinal(date(1970, 1, 1).toordinal() + int(value)))
    if fact.field.type is FieldType.YEAR:
        return f"{value:.0f}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.4g}"


def _commonest(codes: np.typing.NDArray[np.int32]) -> list[int]:
    if not len(codes):
        return []
    counts = np.bincount(codes)
    order = np.argsort(-counts, kind="stable")[:MOST]
    return [int(code) for code in order if counts[code]]
