"""Score in the customer's warehouse, where the data lives; only lists and aggregates leave it."""

import json
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.icp import Icp
from bullseye.definitions.known import field_named, readable_fields, stored_fields
from bullseye.definitions.project import Project
from bullseye.errors import Busy, DefinitionError, InputError, NotEnoughEvidence, UsageError
from bullseye.prioritize.profiles import signals
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
from bullseye.prioritize.run.scoring import Scored, write_delta
from bullseye.prioritize.scores import Scoring, previous_tiers
from bullseye.store import overrides, runs, versions
from bullseye.store.runs import NewRun, Run, RunResult
from bullseye.warehouse import remote
from bullseye.warehouse.changes import growths_wanted
from bullseye.warehouse.compile import TIER_CODES, Status, Weight, score_sql, weights
from bullseye.warehouse.connection import Connection
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.engines import Engine, open_engine
from bullseye.warehouse.mapped import MAPPED_PARENT, Bound, Reader
from bullseye.warehouse.publish import file_hash
from bullseye.warehouse.remote import Names
from bullseye.warehouse.state import Counted
from bullseye.workspace import Workspace

KEPT = 2
"""Runs whose tables stay in the warehouse."""

MOST_COUNTRIES = 5_000
LOOKED_BACK = 50
"""Runs whose leftovers are looked for."""


@dataclass(frozen=True)
class Plan:
    """Every statement of a run, ready to be executed or shown."""

    names: Names
    signals: str
    scores: str
    view: str
    accounts: str
    fields: tuple[Field, ...]

    def shown(self, engine: Engine) -> str:
        """Return the statements that write, as text to be read."""
        statements = (
            engine.table_as(self.names.signals, self.signals),
            engine.table_as(self.names.scores, self.scores),
            engine.view_as(self.names.view, self.view),
        )
        return ";\n\n".join(statements) + ";"


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
    Busy
        If another run holds the workspace, or another workspace the schema.
    """
    scoring = _scoring(workspace.project, as_of or workspace.today)
    with workspace.alone("run") as lease, open_engine(connection.address) as engine:
        progress("Checking permissions")
        accounts, events = bound_sources(engine, scoring.project)
        refuse_unless_writable(engine, connection.schema)
        for abandoned in runs.interrupt_abandoned(workspace.store, at=workspace.now()):
            shutil.rmtree(run_folder(workspace, abandoned), ignore_errors=True)
        digest = versions.put(
            workspace.store,
            scoring.project.canonical(),
            at=workspace.now(),
            actor=workspace.actor,
        )
        before = _before(workspace, engine, connection.schema, scoring.as_of)
        run = runs.begin(
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
        job = _Job(workspace, engine, scoring, run, before, Names(connection.schema, run.id))
        try:
            plan = job.plan(accounts, events)
            job.execute(plan, progress)
            result = job.fetch(plan, job.noticed(accounts), progress)
            lease.renew()
            progress("Publishing")
            engine.replace_view(plan.names.view, plan.view)
            done = runs.finish(workspace.store, run.id, result, at=workspace.now())
        except KeyboardInterrupt:
            runs.interrupt(workspace.store, run.id, at=workspace.now())
            raise
        except BaseException as error:
            with suppress(Exception):
                runs.fail(workspace.store, run.id, str(error), at=workspace.now())
            raise
        job.tidy()
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
        job = _Job(workspace, engine, scoring, None, before, names)
        return job.plan(accounts, events).shown(engine)


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


@dataclass(frozen=True)
class _Job:
    """One run at work; `run` is None where it is only planned."""

    workspace: Workspace
    engine: Engine
    scoring: Scoring
    run: Run | None
    before: Run | None
    names: Names

    # -- the statements --------------------------------------------------------------------

    def plan(self, accounts: Bound, events: Sequence[Bound]) -> Plan:
        """Return every statement, for these sources."""
        project, dialect, as_of = self.scoring.project, self.engine.dialect, self.scoring.as_of
        reader = Reader(dialect, as_of, self._countries(accounts))
        readable = readable_fields(project, TableName.ACCOUNTS)
        used = [_named(readable, name) for name in sorted(_names_used(self.scoring))]
        every = _stored(project)
        named = signals(project)
        first = as_of - timedelta(days=max((s.window for s in named), default=0))
        quoted = self.engine.quoted
        numbered = reader.events(
            events or (_no_events(accounts),), sorted({s.type for s in named}) or [""], first
        )
        scored = score_sql(
            self.scoring.profiles,
            named,
            readable,
            as_of,
            dialect,
            accounts=reader.accounts(accounts, used),
            events=quoted(self.names.signals),
            weights_table=_weights(self.engine, project),
            previous=self._previous(),
        )
        view = remote.view_sql(
            dialect,
            quoted(self.names.scores),
            self.scoring.profiles,
            named,
            self.names.run_id,
            as_of,
        )
        return Plan(
            self.names, numbered, scored, view, reader.accounts(accounts, every), tuple(every)
        )

    def _countries(self, accounts: Bound) -> Mapping[str, str]:
        """Return the codes of the countries as the relation writes them."""
        found = accounts.columns.get("country")
        if found is None:
            return {}
        dialect = self.engine.dialect
        text = f"TRIM(CAST({dialect.identifier(found.name)} AS {dialect.text}))"
        rows = self.engine.rows(
            f"SELECT DISTINCT {text} AS country FROM {accounts.relation} LIMIT {MOST_COUNTRIES}"
        )
        codes = {str(name): country_code(str(name)) for (name,) in rows if name}
        return {name: code for name, code in codes.items() if code}

    def _previous(self) -> str | None:
        if self.before is None:
            return None
        before = icps_of(self.workspace, self.before)
        return previous_tiers(self._table_before(self.before), before, self.scoring.icps)

    def _table_before(self, before: Run) -> str:
        return self.engine.quoted(Names(self.names.schema, before.id).scores)

    # -- the work --------------------------------------------------------------------------

    def execute(self, plan: Plan, progress: Progress) -> None:
        """Make the run's tables; what is published stays as it is."""
        for name in (plan.names.signals, plan.names.scores):
            if self.engine.columns(name) is not None:
                raise Busy(
                    f"{name} is there already: another workspace writes to this schema.",
                    hint="Give each workspace a schema of its own: bullseye connect --schema NAME",
                )
        progress("Numbering signals")
        self.engine.create_table_as(plan.names.signals, plan.signals)
        progress("Scoring accounts")
        self.engine.create_table_as(plan.names.scores, plan.scores)
        repeated = self.engine.rows(remote.repeated_sql(self.engine.quoted(plan.names.scores)))
        if repeated:
            named = ", ".join(f"{account!r} ({n} times)" for account, n in repeated)
            self._drop(plan.names)
            raise InputError(
                f"The relation of accounts names the same account more than once: {named}.",
                hint="Let it have one row per account, or map known_on, so that the newest holds.",
            )

    def fetch(self, plan: Plan, noticed: Sequence[Counted], progress: Progress) -> RunResult:
        """Fetch the list and the aggregates into local files; return what the run left."""
        assert self.run is not None  # noqa: S101 - a planned run is never executed
        progress("Fetching the list")
        workspace, run = self.workspace, self.run
        counts = self._counts(plan)
        rows = sum(n for icp, _, _, n in counts if icp == self.scoring.icps[0])
        if not rows:
            raise NotEnoughEvidence(
                f"No account was known on {run.as_of}.",
                hint="Look at the relation of accounts with: bullseye connect",
            )
        folder = run_folder(workspace, run)
        with workspace.connection() as local:
            accounts, events, scores = self._lists(plan)
            fetching.write_table(local, scores, scores_path(workspace, run), "account_id")
            self._write_cubes(local, plan)
            delta = write_delta(workspace, local, self.scoring, run, folder)
            fetching.write_state(
                local,
                self.scoring.project,
                run.as_of,
                workspace.listed_state(self.scoring.project, run.as_of),
                accounts,
                events,
                noticed,
            )
        summary = {
            "icps": list(self.scoring.icps),
            "counts": [list(row) for row in counts],
            "noticed": [list(each) for each in noticed],
            "listed": scores.num_rows,
            "view": plan.names.view,
        }
        path = scores_path(workspace, run)
        return RunResult(
            rows=rows,
            result_sha256=file_hash(path),
            result_path=_relative(path, workspace),
            delta_path=_relative(delta, workspace),
            summary=json.dumps(summary, sort_keys=True),
        )

    def _lists(self, plan: Plan) -> tuple[Any, Any, Any]:
        """Return the listed accounts, their signals and their scores."""
        engine, icps = self.engine, len(self.scoring.icps)
        dialect, scores = engine.dialect, engine.quoted(plan.names.scores)
        active = overrides.active(
            self.workspace.store, self.scoring.as_of, known_at=self.workspace.now()
        )
        before = None
        if self.before is not None:
            profiles = len(icps_of(self.workspace, self.before))
            before = (self._table_before(self.before), profiles)
        ids = sorted({each.account_id for each in active})
        condition = remote.listed_sql(dialect, icps, before, ids)
        names = [field.name for field in plan.fields]
        accounts = remote.list_of_accounts(dialect, plan.accounts, names, scores, condition)
        happened = remote.list_of_signals(
            dialect, engine.quoted(plan.names.signals), plan.accounts, scores, condition
        )
        listed = remote.list_of_scores(scores, icps, condition)
        types = fetching.score_types(remote.score_columns(icps))
        return (
            fetching.table_of(engine.rows(accounts), fetching.account_types(plan.fields)),
            fetching.table_of(engine.rows(happened), fetching.SIGNALS),
            fetching.table_of(engine.rows(listed), types),
        )

    def _counts(self, plan: Plan) -> list[tuple[str, str, str | None, int]]:
        """Return how many accounts each profile gives each status and tier, in words."""
        tiers = {code: str(tier) for tier, code in TIER_CODES.items()}
        scores = self.engine.quoted(plan.names.scores)
        found = [
            (icp, Status(int(status)).label, tiers.get(int(tier)), int(n))
            for number, icp in enumerate(self.scoring.icps)
            for status, tier, n in self.engine.rows(remote.counts_sql(scores, number))
        ]
        return sorted(found, key=lambda row: (row[0], row[1], row[2] or "T9"))

    def _write_cubes(self, local: duckdb.DuckDBPyConnection, plan: Plan) -> None:
        """Keep the cube of every account, so that what-if stays exact beyond the list."""
        assert self.run is not None  # noqa: S101 - a planned run is never executed
        scores = self.engine.quoted(plan.names.scores)
        for number in range(len(self.scoring.icps)):
            sql = remote.cube_sql(self.engine.dialect, scores, plan.accounts, number)
            table = fetching.table_of(self.engine.rows(sql), fetching.CUBE)
            target = cube_path(self.workspace, self.run, number)
            fetching.write_table(local, table, target, "met, unknown, strength, live")

    def noticed(self, accounts: Bound) -> list[Counted]:
        """Return what a run in the warehouse leaves out, so that nobody misses it silently."""
        project = self.scoring.project
        found = []
        changes = sum(s.change is not None for s in project.signals.values())
        if changes:
            found.append(Counted("signals", "definitions of a change: not derived there", changes))
        batches = len(self.workspace.batches())
        if batches:
            found.append(Counted("imports", "batches: not read by a run in the warehouse", batches))
        families = sum(_needs_family(icp) for icp in project.icps.values())
        if families and MAPPED_PARENT not in accounts.columns:
            found.append(Counted("ICPs", f"look at families: map {MAPPED_PARENT}", families))
        return found

    def tidy(self) -> None:
        """Drop the tables of runs that nothing reads any more."""
        listed = [r for r in runs.listed(self.workspace.store, limit=LOOKED_BACK) if is_pushed(r)]
        done = [r for r in listed if r.status is runs.RunStatus.DONE][:KEPT]
        kept = {run.id for run in done} | {run.previous_run_id for run in done}
        for run in listed:
            if run.id not in kept:
                self._drop(Names(self.names.schema, run.id))

    def _drop(self, names: Names) -> None:
        for name in (names.signals, names.scores):
            self.engine.drop_table(name)


def _relative(path: Path, workspace: Workspace) -> str:
    return path.relative_to(workspace.warehouse).as_posix()


def _weights(engine: Engine, project: Project) -> str:
    """Return the decay table inline; without signals, one row that no signal joins."""
    rows = weights(signals(project)) or [Weight("", 0, 0, 0, 0)]
    return f"(SELECT * FROM {engine.dialect.rows('v', Weight._fields, rows)})"


def _needs_family(icp: Icp) -> bool:
    return icp.hierarchy.signals_from_subsidiaries or bool(icp.hierarchy.inherit)


def _names_used(scoring: Scoring) -> set[str]:
    """Return every field that scoring reads, and the value that cubes add up."""
    names = {"account_id"}
    for profile in scoring.profiles:
        names |= {name for clause in profile.layout.clauses for name in clause.fields}
        names |= set(profile.icp.hierarchy.inherit)
    return names


def _named(fields: Mapping[str, Field], name: str) -> Field:
    found = field_named(fields, name)
    if found is None:  # scoring has refused such a name already
        raise UsageError(f"There is no field {name!r}.", hint="Check with: bullseye check")
    return found._replace(name=name)


def _stored(project: Project) -> list[Field]:
    """Return every field of an account on the list: stored ones and derived ones."""
    stored = stored_fields(project, TableName.ACCOUNTS)
    derived = [
        Field(wanted.name, FieldType.SHARE, "") for wanted in growths_wanted(project, stored)
    ]
    return [*stored.values(), *derived]


def _no_events(accounts: Bound) -> Bound:
    """Return a source without events: the relation of accounts, with no column of events."""
    return Bound(accounts.source, accounts.relation, {}, ())
