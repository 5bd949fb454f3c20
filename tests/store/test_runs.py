"""Runs from their begin to their end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from bullseye.errors import UnknownName, UsageError
from bullseye.store import audit, runs
from bullseye.store.db import Store
from bullseye.store.runs import Run, RunResult, RunStatus

Begin = Callable[..., Run]
HOUR = timedelta(hours=1)


def test_a_run_is_named_by_its_day_and_its_number_on_it(begun: Begin, monday: datetime) -> None:
    named = [begun().id, begun().id, begun(started_at=monday + 24 * HOUR).id]
    assert named == ["r-2026-03-02-0001", "r-2026-03-02-0002", "r-2026-03-03-0001"]


def test_a_run_remembers_what_it_read_and_what_it_left(
    store: Store, begun: Begin, a_result: RunResult, monday: datetime
) -> None:
    first = begun()
    run = begun(previous_run_id=first.id, batch_ids=(3, 1))
    assert run.status is RunStatus.RUNNING
    done = runs.finish(store, run.id, a_result, at=monday + HOUR)
    assert done == runs.get(store, run.id)
    assert done.batch_ids == (3, 1)
    assert done.previous_run_id == first.id
    assert (done.rows, done.summary, done.delta_path) == (3, '{"T1":1}', None)
    assert (done.started_at, done.finished_at) == (monday, monday + HOUR)
    assert done.status is RunStatus.DONE


def test_a_failed_run_says_why(store: Store, begun: Begin, monday: datetime) -> None:
    failed = runs.fail(store, begun().id, 'The "disk" is full.', at=monday)
    assert failed.status is RunStatus.FAILED
    assert failed.summary == '{"problem": "The \\"disk\\" is full."}'
    assert failed.rows is None


def test_a_run_ends_once(store: Store, begun: Begin, a_result: RunResult, monday: datetime) -> None:
    run = begun()
    runs.interrupt(store, run.id, at=monday)
    with pytest.raises(UsageError, match="ended already: it is interrupted"):
        runs.finish(store, run.id, a_result, at=monday)
    assert runs.get(store, run.id).status is RunStatus.INTERRUPTED


def test_runs_a_dead_process_left_are_marked_interrupted(
    store: Store, begun: Begin, a_result: RunResult, monday: datetime
) -> None:
    done = runs.finish(store, begun().id, a_result, at=monday)
    left = begun()
    marked = runs.interrupt_abandoned(store, at=monday + HOUR)
    assert [run.id for run in marked] == [left.id]
    assert runs.get(store, done.id) == done
    assert runs.listed(store, status=RunStatus.RUNNING) == ()


def test_the_latest_done_is_the_one_begun_last_that_succeeded(
    store: Store, begun: Begin, a_result: RunResult, monday: datetime
) -> None:
    assert runs.latest_done(store) is None
    newest_data = runs.finish(store, begun(as_of=date(2026, 3, 1)).id, a_result, at=monday)
    older_data = runs.finish(store, begun(as_of=date(2026, 1, 1)).id, a_result, at=monday)
    runs.fail(store, begun().id, "No.", at=monday)
    begun()
    assert runs.latest_done(store) == older_data
    assert runs.done_as_of(store, date(2026, 3, 5)) == newest_data
    assert runs.done_as_of(store, date(2026, 2, 1)) == older_data
    assert runs.done_as_of(store, date(2025, 12, 31)) is None


def test_of_several_runs_of_one_day_the_last_tells_it(
    store: Store, begun: Begin, a_result: RunResult, monday: datetime
) -> None:
    runs.finish(store, begun().id, a_result, at=monday)
    second = runs.finish(store, begun().id, a_result, at=monday)
    assert runs.done_as_of(store, second.as_of) == second


def test_runs_are_listed_newest_first(store: Store, begun: Begin) -> None:
    made = [begun().id for _ in range(3)]
    assert [run.id for run in runs.listed(store)] == made[::-1]
    assert [run.id for run in runs.listed(store, limit=1)] == made[-1:]


def test_a_run_nobody_knows_is_answered_with_the_nearest(store: Store, begun: Begin) -> None:
    with pytest.raises(UnknownName, match="No run has been made yet"):
        runs.get(store, "r-1")
    run = begun()
    with pytest.raises(UnknownName, match=f"Did you mean '{run.id}'"):
        runs.get(store, run.id + "0")


def test_a_run_needs_definitions_and_a_run_before_it_that_are_kept(
    store: Store, begun: Begin
) -> None:
    with pytest.raises(UnknownName, match="No definition version"):
        begun(definitions_hash="f" * 64)
    with pytest.raises(UnknownName, match="No run"):
        begun(previous_run_id="r-2020-01-01-0001")
    assert runs.listed(store) == ()


def test_each_change_of_a_run_is_in_the_trail(
    store: Store, begun: Begin, a_result: RunResult, monday: datetime
) -> None:
    run = begun()
    runs.finish(store, run.id, a_result, at=monday)
    done, start = audit.entries(store, subject=f"run {run.id}")
    assert (start.action, done.action) == ("run.begin", "run.done")
    assert done.before == start.after
    assert '"result_path":"runs/1"' in str(done.after)
