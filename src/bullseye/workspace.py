"""The workspace: definitions, warehouse, store and clock, held together and nothing more."""

import getpass
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self
from uuid import uuid4

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.loader import SETTINGS_FILE, Loaded, load
from bullseye.definitions.project import Project
from bullseye.errors import ExternalError, NotEnoughEvidence, UsageError
from bullseye.store import batches as manifest
from bullseye.store import match_decisions, merges
from bullseye.store.db import Store
from bullseye.store.locks import Lease, lock
from bullseye.store.versions import content_hash
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.connect import connect
from bullseye.warehouse.decisions import Decisions, Merged
from bullseye.warehouse.extending import (
    Inputs,
    extended,
    is_kept,
    keep,
    kept,
    made_by,
    touched_since,
)
from bullseye.warehouse.references import Decided
from bullseye.warehouse.state import State, build_state

PRIVATE = ".bullseye"
LEASE = timedelta(minutes=2)
KEPT_STATES = 3


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def utc_today() -> date:
    """Return the day it is, in UTC."""
    return utc_now().date()


def current_actor() -> str:
    """Return who is at work: ``BULLSEYE_ACTOR``, or the account of the operating system."""
    named = os.environ.get("BULLSEYE_ACTOR")
    if named:
        return named
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@dataclass(frozen=True)
class Workspace:
    """What a step's `run` module needs from the outside world.

    The definitions lie in `folder` as YAML; all else in ``.bullseye`` beside them: the store,
    and the warehouse with one folder each for batches, quarantines, states and runs.
    """

    folder: Path
    loaded: Loaded
    store: Store
    now: Callable[[], datetime] = field(default=utc_now)
    actor: str = field(default_factory=current_actor)

    @classmethod
    def open(cls, folder: Path, *, now: Callable[[], datetime] = utc_now) -> Self:
        """Open the workspace kept in `folder`.

        Raises
        ------
        UsageError
            If there is no workspace in `folder`.
        DefinitionError
            If its definitions have mistakes; all of them are named.
        """
        if not (folder / SETTINGS_FILE).is_file():
            raise UsageError(
                f"There is no workspace in {folder}: it has no {SETTINGS_FILE}.",
                hint="Make one with: bullseye init DIR, or name one with: --workspace DIR",
            )
        loaded = load(folder)
        return cls(folder, loaded, Store.open(folder / PRIVATE / "store.db"), now)

    @property
    def project(self) -> Project:
        """Everything the team believes, as it stands in the files now."""
        return self.loaded.project

    @property
    def warehouse(self) -> Path:
        """The folder of the embedded warehouse."""
        return self.folder / PRIVATE / "warehouse"

    @property
    def today(self) -> date:
        """The day it is, in UTC."""
        return self.now().date()

    @contextmanager
    def connection(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Yield a connection to the embedded engine."""
        connection = connect(self.folder / PRIVATE / "scratch")
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def alone(self, doing: str) -> Iterator[Lease]:
        """Hold the workspace for writing; raise `Busy` if another process does."""
        with lock(self.store, "workspace", f"{self.actor}: {doing}", LEASE, clock=self.now) as held:
            yield held

    def batches(self, up_to: date | None = None, ids: tuple[int, ...] | None = None) -> list[Batch]:
        """Return the imported batches: those that stand, or exactly those with `ids`."""
        if ids is not None:
            found = manifest.by_ids(self.store, ids)
        else:
            found = manifest.listed(self.store, up_to=up_to)
        return [
            Batch(b.id, TableName(b.table), b.source, b.as_of, self.warehouse / b.path)
            for b in found
        ]

    def state(
        self,
        connection: duckdb.DuckDBPyConnection,
        project: Project,
        batch_ids: tuple[int, ...],
        as_of: date,
        *,
        known_at: datetime | None = None,
    ) -> State:
        """Return the state of these batches as known on a day, from disk where it was built.

        Without batches it is what the last run in the warehouse fetched, if there is one. Of
        people's decisions on identity it has those of the moment `known_at`: pass
        a run's `started_at` to see what that run saw.

        Raises
        ------
        NotEnoughEvidence
            If none of the batches holds accounts.
        """
        if not batch_ids and (fetched := self.listed_state(project, as_of)).is_dir():
            return kept(fetched, as_of)
        decisions = self.decisions(known_at)
        decided = decisions.digest
        digest = content_hash(f"{project.facts_hash} {batch_ids} {made_by()}{decided}")
        folder = self.states / f"{as_of}-{digest[:16]}"
        if not is_kept(folder):
            batches = self.batches(ids=batch_ids)
            if not any(batch.table is TableName.ACCOUNTS for batch in batches):
                raise NotEnoughEvidence(
                    "No accounts are imported yet.",
                    hint="Import some with: bullseye import accounts FILE",
                )
            unfinished = folder.with_name(f".{folder.name}.{uuid4().hex}")
            _make(unfinished)
            try:
                found = extended(
                    connection,
                    project,
                    batches,
                    as_of,
                    self.states,
                    unfinished,
                    self.titles,
                    decisions,
                )
                state, base = found or (
                    build_state(
                        connection, project, batches, as_of, unfinished, self.titles, decisions
                    ),
                    None,
                )
                keep(state, Inputs(project.facts_hash, made_by(), batch_ids, base, decided))
                _place(unfinished, folder)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
        with suppress(OSError):  # who may only read does not decide what is kept
            os.utime(folder)
        return kept(folder, as_of)

    def decisions(self, known_at: datetime | None = None) -> Decisions:
        """Return what people decided on who is meant and who is one: now, or by a moment."""
        return Decisions(
            tuple(
                Decided(each.domain, each.name, each.country, each.account_id)
                for each in match_decisions.active(self.store, known_at=known_at)
            ),
            tuple(
                Merged(TableName(each.table), each.survivor_id, each.other_ids)
                for each in merges.active(self.store, known_at=known_at)
            ),
        )

    def touched_since(
        self,
        project: Project,
        batch_ids: tuple[int, ...],
        before: tuple[int, ...],
        as_of: date,
        *,
        known_at: datetime | None = None,
    ) -> tuple[Path, ...] | None:
        """Return the files of `account_id` by which the states of two sets of batches differ.

        None where that is not known: the later state was built whole, or one is gone.
        """
        decided = self.decisions(known_at).digest
        inputs = Inputs(project.facts_hash, made_by(), batch_ids, decisions=decided)
        return touched_since(self.states, as_of, inputs, before)

    @property
    def states(self) -> Path:
        """The folder of the states of days; they can be built again."""
        return self.warehouse / "states"

    @property
    def titles(self) -> Path:
        """The folder of the titles that were labelled, one file per version of the lexicon."""
        return self.warehouse / "titles"

    def listed_state(self, project: Project, as_of: date) -> Path:
        """Return where the list of a run in the warehouse is kept: its accounts and signals."""
        return self.warehouse / "listed" / f"{as_of}-{project.hash[:16]}"

    def drop_old_states(self) -> None:
        """Delete all but the states used last; they can be built again."""
        if self.states.is_dir():
            used = sorted(self.states.iterdir(), key=lambda path: path.stat().st_mtime)
            for path in used[:-KEPT_STATES]:
                shutil.rmtree(path, ignore_errors=True)


def _make(folder: Path) -> None:
    """Make the folder of a state that is to be built."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise ExternalError(
            "What was known must be built first, and the workspace cannot be written:"
            f" {error.strerror}.",
            hint="Let somebody who may write to it score first: bullseye run",
            place=str(folder.parent),
        ) from error


def _place(unfinished: Path, folder: Path) -> None:
    """Give a whole state its name; another process that was faster made the same."""
    try:
        unfinished.replace(folder)
    except OSError:
        if not is_kept(folder):  # what is there was cut short before states came whole
            shutil.rmtree(folder, ignore_errors=True)
            unfinished.replace(folder)
