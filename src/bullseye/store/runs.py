"""Runs: what was computed, from which definitions and batches, and how it ended."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, versions
from bullseye.store.db import Store
from bullseye.store.tables import RUNS, in_utc


class RunStatus(StrEnum):
    """How far a run came."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run about to begin.

    `as_of` is the day whose knowledge it uses; `batch_ids` are the batches it reads; `engine`
    names the engine and its version; `previous_run_id` is the run it continues from, None for
    the first. `started_at` is in UTC.
    """

    started_at: datetime
    as_of: date
    definitions_hash: str
    batch_ids: tuple[int, ...]
    engine: str
    actor: str
    previous_run_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a run left behind; paths are relative to the warehouse folder.

    `summary` is JSON text. `delta_path` is None where the run had no run before it.
    """

    rows: int
    result_sha256: str
    result_path: str
    delta_path: str | None
    summary: str


@dataclass(frozen=True, kw_only=True)
class Run(NewRun):
    """A run in the store; what it left behind is None until it is done.

    `summary` is JSON text; for a run that failed it has the one key `problem`.
    """

    id: str
    status: RunStatus
    finished_at: datetime | None = None
    rows: int | None = None
    result_sha256: str | None = None
    result_path: str | None = None
    delta_path: str | None = None
    summary: str | None = None


def begin(store: Store, new: NewRun) -> Run:
    """Record that a run began, and return it with its id, as in `r-2026-11-21-0001`.

    Raises
    ------
    UnknownName
        If its definitions, or the run before it, are not in the store.
    """
    with store.write() as connection:
        if not versions.exists(connection, new.definitions_hash):
            raise versions.unknown(connection, new.definitions_hash)
        if new.previous_run_id is not None:
            _found(connection, new.previous_run_id)
        run_id = _next_id(connection, new.started_at)
        values = {**asdict(new), "id": run_id, "status": RunStatus.RUNNING.value}
        connection.execute(insert(RUNS).values(values))
        run = _found(connection, run_id)
        audit.log(
            connection,
            "run.begin",
            f"run {run_id}",
            at=new.started_at,
            actor=new.actor,
            after=run,
        )
        return run


def finish(store: Store, run_id: str, result: RunResult, *, at: datetime) -> Run:
    """Record that a run is done and what it left behind.

    Raises
    ------
    UnknownName
        If there is no such run.
    UsageError
        If it has ended already.
    """
    return _end(store, run_id, RunStatus.DONE, at, asdict(result))


def fail(store: Store, run_id: str, problem: str, *, at: datetime) -> Run:
    """Record that a run failed, and why. Raises as `finish` does."""
    return _end(store, run_id, RunStatus.FAILED, at, {"summary": json.dumps({"problem": problem})})


def interrupt(store: Store, run_id: str, *, at: datetime) -> Run:
    """Record that a person stopped a run. Raises as `finish` does."""
    return _end(store, run_id, RunStatus.INTERRUPTED, at, {})


def interrupt_abandoned(store: Store, *, at: datetime) -> tuple[Run, ...]:
    """Mark every run that still says it is running as interrupted, and return them.

    Call it while holding the workspace's lock: then nobody can be running, and what says so was
    left by a process that died.
    """
    abandoned = listed(store, status=RunStatus.RUNNING)
    return tuple(interrupt(store, run.id, at=at) for run in abandoned)


def get(store: Store, run_id: str) -> Run:
    """Return a run by its id.

    Raises
    ------
    UnknownName
        If there is no such run; it says which one has the nearest id.
    """
    with store.read() as connection:
        return _found(connection, run_id)


def listed(
    store: Store, *, status: RunStatus | None = None, limit: int | None = None
) -> tuple[Run, ...]:
    """Return the runs, the one begun last first; only those of a status, at most `limit`."""
    query = select(RUNS).order_by(RUNS.c.number.desc()).limit(limit)
    if status is not None:
        query = query.where(RUNS.c.status == status.value)
    with store.read() as connection:
        return tuple(_run(row) for row in connection.execute(query))


def latest_done(store: Store) -> Run | None:
    """Return the run begun last among those that are done, or None."""
    done = listed(store, status=RunStatus.DONE, limit=1)
    return done[0] if done else None


def done_as_of(store: Store, day: date) -> Run | None:
    """Return the run that tells what was known on `day`, or None.

    It is the one with the newest `as_of` that is not after the day; of several, the last begun.
    """
    query = (
        _done().where(RUNS.c.as_of <= day).order_by(RUNS.c.as_of.desc(), RUNS.c.number.desc())
    ).limit(1)
    with store.read() as connection:
        row = connection.execute(query).one_or_none()
    return _run(row) if row else None


def _done() -> Select[Any]:
    return select(RUNS).where(RUNS.c.status == RunStatus.DONE.value)


def _end(store: Store, run_id: str, status: RunStatus, at: datetime, values: dict[str, Any]) -> Run:
    with store.write() as connection:
        before = _found(connection, run_id)
        if before.status is not RunStatus.RUNNING:
            raise UsageError(
                f"Run {run_id} has ended already: it is {before.status}.",
                hint="Begin a new run.",
            )
        changed = {**values, "status": status.value, "finished_at": at}
        connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(changed))
        after = _found(connection, run_id)
        audit.log(
            connection,
            f"run.{status}",
            f"run {run_id}",
            at=at,
            actor=after.actor,
            before=before,
            after=after,
        )
        return after


def _next_id(connection: Connection, started_at: datetime) -> str:
    prefix = f"r-{in_utc(started_at):%Y-%m-%d}-"
    is_same_day = RUNS.c.id.startswith(prefix, autoescape=True)
    count = connection.execute(select(func.count()).where(is_same_day)).scalar_one()
    return f"{prefix}{count + 1:04d}"


def _found(connection: Connection, run_id: str) -> Run:
    row = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    if row is None:
        known = connection.execute(select(RUNS.c.id)).scalars().all()
        raise UnknownName("run", run_id, known, hint="No run has been made yet.")
    return _run(row)


def _run(row: Row[Any]) -> Run:
    values = row._asdict()
    del values["number"]
    known = {"batch_ids": tuple(row.batch_ids), "status": RunStatus(row.status)}
    return Run(**{**values, **known})
