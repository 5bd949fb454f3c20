"""Several steps in order: check, score and publish; and what is shown of several together."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pyarrow as pa

from bullseye.definitions import checks
from bullseye.definitions.checks import Finding
from bullseye.definitions.diff import Difference
from bullseye.definitions.field import TableName
from bullseye.definitions.loader import load
from bullseye.definitions.project import Project
from bullseye.demo.generate import generate
from bullseye.errors import DefinitionError, NotEnoughEvidence, UsageError
from bullseye.operationalize import run as operationalize
from bullseye.operationalize.run import Exported
from bullseye.pipeline.handing_over import earlier_list
from bullseye.pipeline.hearing import hear_demo
from bullseye.pipeline.publishing import as_live, draft
from bullseye.pipeline.reviewing import link_personas, review_demo
from bullseye.pipeline.rows import row_of
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.run import Opened, Scored, Wish
from bullseye.segment import run as segment
from bullseye.segment.market import Size
from bullseye.segment.run import ImportReport
from bullseye.stats.totals import Count, Total, total
from bullseye.store.runs import Run
from bullseye.synthesize.run.messaging import evidence_statuses
from bullseye.warehouse.connection import Connection
from bullseye.warehouse.events import Counted as Noticed
from bullseye.workspace import Workspace, utc_now

Progress = Callable[[str], None]
Money = Total

_DATED = {
    "opportunity_history": {"known_on": "LastModifiedDate"},
    "contact_roles": {"known_on": "SystemModstamp"},
    "signals": {"known_on": "Detected On"},
}
"""Demo exports that are histories: each row says itself on which day it was known."""


@dataclass(frozen=True)
class Counted:
    """How many accounts one ICP puts into each tier and status."""

    icp: str
    tiers: dict[str, int]
    statuses: dict[str, int]


@dataclass(frozen=True)
class Done:
    """A finished run in short; `unpublished` is how the files differ from what is live."""

    run_id: str
    as_of: date
    is_new: bool
    accounts: int
    result_sha256: str
    definitions_hash: str
    counts: tuple[Counted, ...]
    noticed: tuple[Noticed, ...]
    unpublished: tuple[Difference, ...] = ()


@dataclass(frozen=True)
class Funnel:
    """One market from TAM to target; `share` is target over TAM, None where TAM is empty."""

    market: str
    as_of: date
    icps: tuple[str, ...]
    tam: Size
    sam: Size
    target: Size

    @property
    def share(self) -> float | None:
        """The share of the market that is selected, 0-1."""
        everyone = self.tam.accounts.estimate
        return self.target.accounts.yes / everyone if everyone else None


def run(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    as_draft: bool = False,
    progress: Progress = lambda _stage: None,
) -> Done:
    """Score every account against every ICP and publish the result whole.

    The live definitions are used, or the files where nothing was made live, or with `as_draft`.
    """
    used = workspace if as_draft else as_live(workspace)
    connection = _warehouse_of(used)
    if connection is not None:
        scored = prioritize.score_in_warehouse(used, connection, as_of=as_of, progress=progress)
    else:
        scored = prioritize.score(used, as_of=as_of, progress=progress)
    finished = done(scored)
    return finished if as_draft else replace(finished, unpublished=draft(workspace).differences)


def _warehouse_of(workspace: Workspace) -> Connection | None:
    """Return the connection a run scores through: where the accounts are a relation's.

    Raises
    ------
    UsageError
        If they are a relation's and no warehouse is connected, nor are any imported.
    """
    if not prioritize.scores_in_warehouse(workspace.project):
        return None
    connection = prioritize.connection_of(workspace)
    if connection is None and not workspace.batches():
        raise UsageError(
            "The accounts are a table of a warehouse, and none is connected.",
            hint="Connect it with: bullseye connect URL",
        )
    return connection


def has_runs(workspace: Workspace) -> bool:
    """Whether anything was scored yet."""
    return any(each.status == "done" for each in prioritize.past_runs(workspace))


@dataclass(frozen=True)
class DemoDone:
    """A demo world that was imported and scored."""

    imports: tuple[ImportReport, ...]
    run: Done


def demo(
    folder: Path,
    *,
    accounts: int,
    seed: int,
    today: date,
    planted: bool = True,
    progress: Progress = lambda _stage: None,
) -> DemoDone:
    """Write a demo world's exports beside the definitions in `folder`, import and score them."""
    progress("Writing the company's exports")
    world = generate(folder / "exports", accounts=accounts, seed=seed, today=today, planted=planted)
    truth = json.dumps(asdict(world.truth), indent=2, default=str)
    (folder / "demo-world.json").write_text(truth, encoding="utf-8")
    workspace = Workspace.open(folder, now=_moments_of(today))
    progress("Importing the exports")
    tables = {str(table) for table in TableName}
    reports = [
        segment.import_file(
            workspace,
            TableName(str(file.table)),
            str(file.path),
            segment.ImportOptions(
                as_of=file.as_of,
                source=file.source.replace("_", "-"),
                columns=_DATED.get(file.source),
            ),
        ).report
        for file in world.files
        if str(file.table) in tables
    ]
    progress("Importing what buyers said")
    workspace = Workspace.open(folder, now=_moments_of(today))
    hear_demo(workspace, folder / "exports", folder / "demo-world.json", seed=seed, today=today)
    review_demo(workspace, folder / "demo-world.json", today=today)
    link_personas(workspace)
    workspace = Workspace.open(folder, now=_moments_of(today))
    return DemoDone(tuple(reports), run(workspace, as_of=today, progress=progress))


def _moments_of(today: date) -> Callable[[], datetime]:
    """Return a clock that ticks on the demo's day, so that the same seed gives the same world.

    On the day itself it is never ahead: else a decision made right after would seem made before.
    """
    started = utc_now()
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    begin = min(noon, started) if started.date() == today else noon
    return lambda: begin + (utc_now() - started)


def done(scored: Scored) -> Done:
    """Return a run in short."""
    found = scored.run
    summary = json.loads(found.summary or "{}")
    return Done(
        found.id,
        found.as_of,
        scored.is_new,
        found.rows or 0,
        found.result_sha256 or "",
        found.definitions_hash,
        counts(found),
        tuple(Noticed(*each) for each in summary.get("noticed", ())),
    )


def counts(finished: Run) -> tuple[Counted, ...]:
    """Return how many accounts each ICP of a run puts where."""
    summary = json.loads(finished.summary or "{}")
    found = []
    for icp in summary.get("icps", ()):
        rows = [row[1:] for row in summary["counts"] if row[0] == icp]
        tiers = {tier: sum(n for _, each, n in rows if each == tier) for tier in ("T1", "T2", "T3")}
        names = ("scored", "excluded", "out-of-scope", "insufficient-data")
        statuses = {
            ("no tier" if name == "scored" else name): sum(
                n for status, tier, n in rows if status == name and tier is None
            )
            for name in names
        }
        found.append(Counted(icp, tiers, statuses))
    return tuple(found)


def markets(workspace: Workspace, *, as_of: date | None = None) -> list[Funnel]:
    """Return TAM, SAM and target of every market, of the newest published run.

    Raises
    ------
    NotEnoughEvidence
        If the run scored in the warehouse before markets were counted there.
    """
    with prioritize.opened(workspace, as_of=as_of) as run_:
        if run_.is_list and run_.fetched_markets is None:
            raise NotEnoughEvidence(
                f"Run {run_.run.id} scored in the warehouse and did not count its markets.",
                hint="Count them with: bullseye run",
            )
        return funnels(workspace, run_)


def funnels(workspace: Workspace, run_: Opened) -> list[Funnel]:
    """Return every market of an opened run, by name; none where they were not counted."""
    project = run_.project
    if run_.is_list:
        sizes = segment.fetched_sizes(run_.fetched_markets or {}, run_.run.as_of)
    else:
        sizes = segment.market_sizes(
            workspace, run_.connection, project, run_.run.batch_ids, run_.run.as_of
        )
    found = []
    for each in sizes:
        market = project.markets[each.market]
        icps = _aiming_at(project, each.market)
        moments = prioritize.selected(
            run_, icps, value_field=market.value_field, value=market.value
        )
        target = Size(Count(moments.known + moments.missing, 0, 0), total(moments))
        found.append(Funnel(each.market, each.as_of, icps, each.tam, each.sam, target))
    return found


def _aiming_at(project: Project, market: str) -> tuple[str, ...]:
    """Return the ICPs that name `market`, or all where none does."""
    named = tuple(name for name, icp in sorted(project.icps.items()) if icp.market == market)
    if named or any(icp.market for icp in project.icps.values()):
        return named
    return tuple(sorted(project.icps))


def run_sql(workspace: Workspace, *, as_of: date | None = None) -> str:
    """Return the statement that a run would execute; nothing is executed."""
    if not workspace.project.icps:
        raise DefinitionError("There is no ICP to score against.", hint="Write one into icps/.")
    connection = _warehouse_of(workspace)
    if connection is not None:
        return prioritize.warehouse_statement(workspace, connection, as_of=as_of)
    return prioritize.statement(workspace.project, as_of or workspace.today)


@dataclass(frozen=True)
class Checked:
    """What the linter found; `measured` tells whether there was data to measure on."""

    findings: tuple[Finding, ...]
    measured: bool
    fixed: tuple[str, ...]


def check(workspace: Workspace, *, fix: bool = False) -> Checked:
    """Hold every rule against the definitions, measured on what is imported.

    With `fix`, what is safe to correct is corrected in the files first.
    """
    facts = _facts(workspace)
    findings = checks.check(workspace.loaded, facts, workspace.today)
    fixed: tuple[str, ...] = ()
    if fix and any(finding.fix for finding in findings):
        changed = checks.apply_fixes(workspace.folder, findings)
        fixed = tuple(str(each) for each in changed)
        workspace = replace(workspace, loaded=load(workspace.folder))
        facts = _facts(workspace)
        findings = checks.check(workspace.loaded, facts, workspace.today)
    return Checked(findings, facts is not None, fixed)


def _facts(workspace: Workspace) -> checks.Facts | None:
    """Measure the definitions; None where they cannot be evaluated, which the linter says."""
    try:
        found = prioritize.measured(workspace)
    except DefinitionError:
        found = prioritize.measured_fields(workspace)
    heard = evidence_statuses(workspace)
    return found if found is None or heard is None else replace(found, evidence=heard)


def export(
    workspace: Workspace,
    wish: Wish,
    target: Path,
    *,
    as_of: date | None = None,
    since: str | None = None,
    dry_run: bool = False,
) -> Exported:
    """Write the target list of the newest run, or what changed on it `since` a run, to a file.

    Raises
    ------
    UsageError
        If `since` names a run that is newer than the list.
    """
    earlier = earlier_list(workspace, wish, since, as_of=as_of) if since else None
    with prioritize.opened(workspace, as_of=as_of) as run_:
        rows = [row_of(each) for each in prioritize.targets_of(workspace, run_, wish)]
        return operationalize.export(
            workspace,
            rows,
            target,
            as_of=run_.run.as_of,
            definition_version=run_.run.definitions_hash,
            earlier=earlier,
            dry_run=dry_run,
        )


def list_table(workspace: Workspace, wish: Wish, *, as_of: date | None = None) -> pa.Table:
    """Return the target list of the newest run as an Arrow table, columns as in the export."""
    with prioritize.opened(workspace, as_of=as_of) as run_:
        rows = [row_of(each) for each in prioritize.targets_of(workspace, run_, wish)]
        return operationalize.list_table(
            rows, as_of=run_.run.as_of, definition_version=run_.run.definitions_hash
        )
