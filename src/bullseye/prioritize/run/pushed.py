"""Score in the customer's warehouse, where the data lives; only lists and aggregates leave it."""

import json
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from bullseye.definitions.field import TableName
from bullseye.definitions.icp import Icp
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.errors import Busy, DefinitionError, InputError, NotEnoughEvidence
from bullseye.prioritize.run import fetching
from bullseye.prioritize.run.linked import bound_sources, refuse_unless_writable
from bullseye.prioritize.run.past import (
    Progress,
    cube_path,
    icps_of,
    is_pushed,
    run_folder,
    scores_path,
    silent,
)
from bullseye.prioritize.run.planning import Plan, Planner
from bullseye.prioritize.run.scoring import Scored, write_delta
from bullseye.prioritize.scores import Scoring
from bullseye.store import overrides, runs, versions
from bullseye.store.runs import NewRun, Run, RunResult
from bullseye.warehouse import remote
from bullseye.warehouse.compile import TIER_CODES, Status
from bullseye.warehouse.connection import Connection
from bullseye.warehouse.engines import Engine, open_engine
from bullseye.warehouse.events import Counted
from bullseye.warehouse.mapped import MAPPED_PARENT, Bound, Reader
from bullseye.warehouse.publish import file_hash
from bullseye.warehouse.remote import Names
from bullseye.warehouse.sizing import Sized, market_rules, size_sql, sized
from bullseye.workspace import Workspace

KEPT = 2
"""Runs whose tables stay in the warehouse."""

LOOKED_BACK = 50
"""Runs whose leftovers are looked for."""


def score_in_warehouse(
    workspace: Workspace,
    connection: Connection,
    *,
    as_of: date | None = None,
    progress: Progress = silent,
) -> Scored:
    """Score every account of the warehouse there, publish the view, and fetch the list.

    The scores are a new table per run; the view changes last and in one step, so a run that is
    interrupted leaves the last published scores, and the local list, as they were.

    Raises
    ------
    InputError
        If a relation cannot be used, or names an account twice.
    ExternalError
        If a permission is missing (it is named before anything runs), or the warehouse fails.
    NotEnoughEvidence
        If the relation holds no account.
    Busy
        If another run holds the workspace, or another workspace the schema.
    """
    scoring = _scoring(workspace.project, as_of or workspace.today)
    with workspace.alone("run") as lease, open_engine(connection.address) as engine:
        progress("Checking permissions")
        accounts, events = bound_sources(engine, scoring.project)
        refuse_unless_writable(engine, connection.schema)
        before = _before(workspace, engine, connection.schema, scoring.as_of)
        run = _begun(workspace, engine, scoring, before)
        names = Names(connection.schema, run.id)
        try:
            plan = Planner(workspace, engine, scoring, names, before).plan(accounts, events)
            _create(engine, plan, progress)
            job = _Fetching(workspace, engine, scoring, run, before, plan)
            progress("Fetching the list")
            left_out = noticed(workspace, scoring.project, accounts)
            result = job.fetch((*left_out, *_unmatched(engine, scoring, names, events)))
            lease.renew()
            progress("Publishing")
            engine.replace_view(names.view, plan.view)
            fetching.place(job.staged, workspace.listed_state(scoring.project, run.as_of))
            done = runs.finish(workspace.store, run.id, result, at=workspace.now())
        except BaseException as error:
            with suppress(Exception):
                _ended(workspace, run, error)
            raise
        _tidy(workspace, engine, connection.schema)
    return Scored(done, is_new=True)


def warehouse_statement(
    workspace: Workspace, connection: Connection, *, as_of: date | None = None
) -> str:
    """Return what a run would execute in the warehouse; nothing is written."""
    scoring = _scoring(workspace.project, as_of or workspace.today)
    with open_engine(connection.address) as engine:
        accounts, events = bound_sources(engine, scoring.project)
        before = _before(workspace, engine, connection.schema, scoring.as_of)
        names = Names(connection.schema, "next")
        plan = Planner(workspace, engine, scoring, names, before).plan(accounts, events)
        return plan.shown(engine)


def noticed(workspace: Workspace, project: Project, accounts: Bound) -> tuple[Counted, ...]:
    """Return what a run in the warehouse leaves out, so that nobody misses it silently."""
    found = []
    changes = sum(signal.change is not None for signal in project.signals.values())
    if changes:
        found.append(Counted("signals", "definitions of a change: not derived there", changes))
    batches = len(workspace.batches())
    if batches:
        found.append(Counted("imports", "batches: not read by a run in the warehouse", batches))
    merged = workspace.decisions().merged
    if merged:
        found.append(Counted("merges", "not applied by a run in the warehouse", len(merged)))
    families = sum(_looks_at_family(icp) for icp in project.icps.values())
    if families and MAPPED_PARENT not in accounts.columns:
        found.append(Counted("ICPs", f"look at families: map {MAPPED_PARENT}", families))
    return tuple(found)


def _unmatched(
    engine: Engine, scoring: Scoring, names: Names, events: Sequence[Bound]
) -> tuple[Counted, ...]:
    """Return how many events found no account: there they are matched by its id only."""
    reader, quoted = Reader(engine.dialect, scoring.as_of), engine.quoted
    unnamed = sum(int(engine.rows(reader.unnamed(each))[0][0]) for each in events)
    strangers = remote.strangers_sql(engine.dialect, quoted(names.signals), quoted(names.scores))
    found = (
        Counted("signals", "say no account id: left out, as nothing else is matched", unnamed),
        Counted("signals", "name an account that is not there", int(engine.rows(strangers)[0][0])),
    )
    return tuple(each for each in found if each.rows)


def _looks_at_family(icp: Icp) -> bool:
    return icp.hierarchy.signals_from_subsidiaries or bool(icp.hierarchy.inherit)


# -- the run in the store ------------------------------------------------------------------


def _scoring(project: Project, day: date) -> Scoring:
    if not project.icps:
        raise DefinitionError("There is no ICP to score against.", hint="Write one into icps/.")
    return Scoring.of(project, day)


def _before(workspace: Workspace, engine: Engine, schema: str, day: date) -> Run | None:
    """Return the run whose tiers count as the previous ones, if its scores are still there."""
    done = [
        run
        for run in runs.listed(workspace.store, status=runs.RunStatus.DONE)
        if is_pushed(run) and run.as_of <= day
    ]
    found = max(done, key=lambda run: (run.as_of, run.started_at), default=None)
    if found and found.as_of == day:  # this run takes its place
        earlier = found.previous_run_id
        found = runs.get(workspace.store, earlier) if earlier else None
    if found is None or engine.columns(Names(schema, found.id).scores) is None:
        return None
    return found


def _begun(workspace: Workspace, engine: Engine, scoring: Scoring, before: Run | None) -> Run:
    for abandoned in runs.interrupt_abandoned(workspace.store, at=workspace.now()):
        shutil.rmtree(run_folder(workspace, abandoned), ignore_errors=True)
    digest = versions.put(
        workspace.store, scoring.project.canonical(), at=workspace.now(), actor=workspace.actor
    )
    return runs.begin(
        workspace.store,
        NewRun(
            started_at=workspace.now(),
            as_of=scoring.as_of,
            definitions_hash=digest,
            batch_ids=(),
            engine=engine.version,
            actor=workspace.actor,
            previous_run_id=before.id if before else None,
        ),
    )


def _ended(workspace: Workspace, run: Run, error: BaseException) -> None:
    """Record why a run ended early; its tables go when the next run is done."""
    shutil.rmtree(run_folder(workspace, run), ignore_errors=True)
    if isinstance(error, KeyboardInterrupt):
        runs.interrupt(workspace.store, run.id, at=workspace.now())
    else:
        runs.fail(workspace.store, run.id, str(error), at=workspace.now())


# -- the tables there ----------------------------------------------------------------------


def _create(engine: Engine, plan: Plan, progress: Progress) -> None:
    """Make the run's tables; what is published stays as it is."""
    for name in (plan.names.signals, plan.names.scores):
        if engine.columns(name) is not None:
            raise Busy(
                f"{name} is there already: another workspace writes to this schema.",
                hint="Give each workspace a schema of its own: bullseye connect --schema NAME",
            )
    progress("Numbering signals")
    engine.create_table_as(plan.names.signals, plan.signals)
    progress("Scoring accounts")
    engine.create_table_as(plan.names.scores, plan.scores)
    repeated = engine.rows(remote.repeated_sql(engine.quoted(plan.names.scores)))
    if repeated:
        named = ", ".join(f"{account!r} ({n} times)" for account, n in repeated)
        _drop(engine, plan.names)
        raise InputError(
            f"The relation of accounts names the same account more than once: {named}.",
            hint="Let it have one row per account, or map known_on, so that the newest holds.",
        )


def _tidy(workspace: Workspace, engine: Engine, schema: str) -> None:
    """Drop the tables of runs that nothing reads any more."""
    listed = [run for run in runs.listed(workspace.store, limit=LOOKED_BACK) if is_pushed(run)]
    done = [run for run in listed if run.status is runs.RunStatus.DONE][:KEPT]
    kept = {run.id for run in done} | {run.previous_run_id for run in done}
    for run in listed:
        if run.id not in kept:
            _drop(engine, Names(schema, run.id))


def _drop(engine: Engine, names: Names) -> None:
    for name in (names.signals, names.scores):
        engine.drop_table(name)


# -- what leaves ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fetching:
    """Fetches the list and the aggregates of a run into local files."""

    workspace: Workspace
    engine: Engine
    scoring: Scoring
    run: Run
    before: Run | None
    plan: Plan

    @property
    def staged(self) -> Path:
        """Where the state lies until the run is published."""
        return run_folder(self.workspace, self.run) / "state"

    @property
    def scores(self) -> str:
        """The run's table of scores, quoted."""
        return self.engine.quoted(self.plan.names.scores)

    def fetch(self, left_out: Sequence[Counted]) -> RunResult:
        """Write the local files; return what the run left."""
        workspace, run, project = self.workspace, self.run, self.scoring.project
        counts = self._counts()
        rows = sum(n for icp, _, _, n in counts if icp == self.scoring.icps[0])
        if not rows:
            raise NotEnoughEvidence(
                f"No account was known on {run.as_of}.",
                hint="Look at the relation of accounts with: bullseye connect",
            )
        accounts, events, scores = self._lists()
        target = scores_path(workspace, run)
        with workspace.connection() as local:
            fetching.write_table(local, scores, target, "account_id")
            self._write_cubes(local)
            delta = write_delta(workspace, local, self.scoring, run, target.parent)
            fetching.write_state(local, project, run.as_of, self.staged, accounts, events, left_out)
        summary = {
            "icps": list(self.scoring.icps),
            "counts": [list(row) for row in counts],
            "noticed": [list(each) for each in left_out],
            "listed": scores.num_rows,
            "view": self.plan.names.view,
            "markets": self._markets(),
        }
        return RunResult(
            rows=rows,
            result_sha256=file_hash(target),
            result_path=target.relative_to(workspace.warehouse).as_posix(),
            delta_path=delta.relative_to(workspace.warehouse).as_posix(),
            summary=json.dumps(summary, sort_keys=True),
        )

    def _lists(self) -> tuple[pa.Table, pa.Table, pa.Table]:
        """Return the listed accounts, their signals and their scores."""
        engine, dialect, plan = self.engine, self.engine.dialect, self.plan
        icps, condition = len(self.scoring.icps), self._listed()
        accounts = remote.list_of_accounts(
            dialect, plan.accounts, [f.name for f in plan.fields], self.scores, condition
        )
        happened = remote.list_of_signals(
            dialect, engine.quoted(plan.names.signals), plan.accounts, self.scores, condition
        )
        scores = remote.list_of_scores(self.scores, icps, condition)
        types = fetching.score_types(remote.score_columns(icps))
        return (
            fetching.fetched(engine, accounts, fetching.account_types(plan.fields)),
            fetching.fetched(engine, happened, fetching.SIGNALS),
            fetching.fetched(engine, scores, types),
        )

    def _listed(self) -> str:
        """Return the condition that puts an account on the list."""
        active = overrides.active(
            self.workspace.store, self.scoring.as_of, known_at=self.workspace.now()
        )
        before = None
        if self.before is not None:
            names = Names(self.plan.names.schema, self.before.id)
            profiles = len(icps_of(self.workspace, self.before))
            before = (self.engine.quoted(names.scores), profiles)
        ids = sorted({each.account_id for each in active})
        return remote.listed_sql(self.engine.dialect, len(self.scoring.icps), before, ids)

    def _counts(self) -> list[tuple[str, str, str | None, int]]:
        """Return how many accounts each profile gives each status and tier, in words."""
        tiers = {code: str(tier) for tier, code in TIER_CODES.items()}
        found = [
            (icp, Status(int(status)).label, tiers.get(int(tier)), int(n))
            for number, icp in enumerate(self.scoring.icps)
            for status, tier, n in self.engine.rows(remote.counts_sql(self.scores, number))
        ]
        return sorted(found, key=lambda row: (row[0], row[1], row[2] or "T9"))

    def _markets(self) -> dict[str, list[Sized]]:
        """Return TAM and SAM of every market, counted there."""
        project, dialect = self.scoring.project, self.engine.dialect
        fields = readable_fields(project, TableName.ACCOUNTS)
        found = {}
        for name, market in project.markets.items():
            rules = market_rules(market, fields)
            statements = [
                size_sql(dialect, rule, market, fields, self.plan.accounts, self.run.as_of)
                for rule in (rules.tam, rules.sam)
            ]
            found[name] = [sized(self.engine.rows(sql)[0]) for sql in statements]
        return found

    def _write_cubes(self, local: duckdb.DuckDBPyConnection) -> None:
        """Keep the cube of every account, so that what-if stays exact beyond the list."""
        for number in range(len(self.scoring.icps)):
            sql = remote.cube_sql(self.engine.dialect, self.scores, self.plan.accounts, number)
            table = fetching.fetched(self.engine, sql, fetching.CUBE)
            target = cube_path(self.workspace, self.run, number)
            fetching.write_table(local, table, target, "met, unknown, strength, live")
