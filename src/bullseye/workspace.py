"""The workspace: definitions, warehouse, store and clock, held together and nothing more."""

import getpass
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.loader import SETTINGS_FILE, Loaded, load
from bullseye.definitions.project import Project
from bullseye.errors import NotEnoughEvidence, UsageError
from bullseye.store import batches as manifest
from bullseye.store.db import Store
from bullseye.store.locks import Lease, lock
from bullseye.store.versions import content_hash
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.connect import connect
from bullseye.warehouse.events import Counted, extend_signals, summed
from bullseye.warehouse.publish import reading
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
    ) -> State:
        """Return the state of these batches as known on a day, from disk where it was built.

        Without batches it is what the last run in the warehouse fetched, if there is one.

        Raises
        ------
        NotEnoughEvidence
            If none of the batches holds accounts.
        """
        if not batch_ids and (fetched := self.listed_state(project, as_of)).is_dir():
            return _state_in(fetched, as_of)
        digest = content_hash(f"{project.hash} {batch_ids} {duckdb.__version__}")
        folder = self.warehouse / "states" / f"{as_of}-{digest[:16]}"
        noticed = folder / "noticed.json"
        if not noticed.exists():
            batches = self.batches(ids=batch_ids)
            if not any(batch.table is TableName.ACCOUNTS for batch in batches):
                raise NotEnoughEvidence(
                    "No accounts are imported yet.",
                    hint="Import some with: bullseye import accounts FILE",
                )
            unfinished = folder.with_name(f".{folder.name}.{os.getpid()}")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(parents=True)
            state = self._extended(connection, project, batches, as_of, unfinished)
            state = state or build_state(connection, project, batches, as_of, unfinished)
            text = json.dumps([list(each) for each in state.noticed])
            (unfinished / "noticed.json").write_text(text)
            inputs = {"project": project.hash, "engine": duckdb.__version__, "batches": batch_ids}
            (unfinished / "inputs.json").write_text(json.dumps(inputs))
            if not noticed.exists():
                shutil.rmtree(folder, ignore_errors=True)
                unfinished.replace(folder)
        os.utime(folder)
        return _state_in(folder, as_of)

    def _extended(
        self,
        connection: duckdb.DuckDBPyConnection,
        project: Project,
        batches: Sequence[Batch],
        as_of: date,
        folder: Path,
    ) -> State | None:
        """Return a state that was built before with newer signals added; None if there is none."""
        for base in sorted((self.warehouse / "states").glob(f"{as_of}-*/inputs.json")):
            inputs = json.loads(base.read_text())
            if (inputs["project"], inputs["engine"]) != (project.hash, duckdb.__version__):
                continue
            if not only_newer_signals(batches, tuple(inputs["batches"])):
                continue
            for file in base.parent.glob("*.parquet"):
                _share(file, folder / file.name)
            state = State(as_of, folder, _state_in(base.parent, as_of).noticed)
            added = [batch for batch in batches if batch.number not in inputs["batches"]]
            accounts = reading(state.accounts)
            counted = extend_signals(connection, project, batches, added, accounts, as_of, folder)
            if counted is None:
                for file in folder.iterdir():
                    file.unlink()
                continue
            return State(as_of, folder, summed(state.noticed, counted))
        return None

    def listed_state(self, project: Project, as_of: date) -> Path:
        """Return where the list of a run in the warehouse is kept: its accounts and signals."""
        return self.warehouse / "listed" / f"{as_of}-{project.hash[:16]}"

    def drop_old_states(self) -> None:
        """Delete all but the states used last; they can be built again."""
        states = self.warehouse / "states"
        if states.is_dir():
            used = sorted(states.iterdir(), key=lambda path: path.stat().st_mtime)
            for path in used[:-KEPT_STATES]:
                shutil.rmtree(path, ignore_errors=True)


def _state_in(folder: Path, as_of: date) -> State:
    noticed = json.loads((folder / "noticed.json").read_text())
    return State(as_of, folder, tuple(Counted(*each) for each in noticed))


def only_newer_signals(batches: Sequence[Batch], before: tuple[int, ...]) -> bool:
    """Whether `batches` are those of `before` and newer ones, all of signals."""
    numbers = {batch.number for batch in batches}
    added = [batch for batch in batches if batch.number not in before]
    return (
        bool(added)
        and numbers.issuperset(before)
        and all(batch.table is TableName.SIGNALS for batch in added)
        and min(batch.number for batch in added) > max(before, default=0)
    )


def _share(file: Path, target: Path) -> None:
    """Let `target` be the same file, or a copy where the disk cannot share."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
