"""A state made from an earlier one of the same day: only what further batches touch is new.

A state is a cache of batches, definitions, engine and day. Where only newer batches of signals
came since, its tables are shared and the signals they add, correct or delete are exchanged; the
rows are those of building anew. Which accounts were touched stands beside the tables, so that
only they need be scored again.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Self

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.events import Counted, extend_signals, summed
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State

TOUCHED = "touched.parquet"
_INPUTS = "inputs.json"
_NOTICED = "noticed.json"


@dataclass(frozen=True)
class Inputs:
    """What a state was made of; `base` are the batches of the state it extends, if it does."""

    project: str
    engine: str
    batches: tuple[int, ...]
    base: tuple[int, ...] | None = None

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return what the state in `folder` was made of."""
        said = json.loads((folder / _INPUTS).read_text())
        base = said.get("base")
        return cls(
            said["project"],
            said["engine"],
            tuple(said["batches"]),
            None if base is None else tuple(base),
        )


def keep(state: State, inputs: Inputs) -> None:
    """Write beside the tables of a state what it was made of and what was noticed."""
    (state.folder / _INPUTS).write_text(json.dumps(asdict(inputs)))
    text = json.dumps([list(each) for each in state.noticed])
    (state.folder / _NOTICED).write_text(text)  # last: it says that the state is whole


def is_kept(folder: Path) -> bool:
    """Whether a whole state is in `folder`."""
    return (folder / _NOTICED).exists()


def kept(folder: Path, as_of: date) -> State:
    """Return the state in `folder`."""
    noticed = json.loads((folder / _NOTICED).read_text())
    return State(as_of, folder, tuple(Counted(*each) for each in noticed))


def extended(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    as_of: date,
    states: Path,
    folder: Path,
) -> tuple[State, tuple[int, ...]] | None:
    """Make in `folder` the state of `batches` from the nearest one in `states`.

    Returns the state and the batches of the one it extends; None where there is none, or all
    must be built anew.
    """
    found = None
    for base, inputs in _of_day(states, as_of):
        same = (inputs.project, inputs.engine) == (project.hash, duckdb.__version__)
        nearer = found is None or len(inputs.batches) > len(found[1].batches)
        if same and nearer and only_newer_signals(batches, inputs.batches):
            found = base, inputs
    if found is None:
        return None
    base, inputs = found
    for file in base.glob("*.parquet"):
        if file.name != TOUCHED:
            _share(file, folder / file.name)
    state = kept(base, as_of)
    added = [batch for batch in batches if batch.number not in inputs.batches]
    accounts = reading(folder / state.accounts.name)
    counted = extend_signals(
        connection, project, batches, added, accounts, as_of, folder, folder / TOUCHED
    )
    if counted is None:
        for file in folder.iterdir():
            file.unlink()
        return None
    return State(as_of, folder, summed(state.noticed, counted)), inputs.batches


def touched_since(
    states: Path, as_of: date, inputs: Inputs, before: tuple[int, ...]
) -> tuple[Path, ...] | None:
    """Return the files of `account_id` that tell `inputs` from the same with batches `before`.

    None where no chain of kept states leads back there.
    """
    known = {
        each.batches: (folder, each.base)
        for folder, each in _of_day(states, as_of)
        if (each.project, each.engine) == (inputs.project, inputs.engine)
    }
    files: list[Path] = []
    at = inputs.batches
    while at != before:
        folder, base = known.get(at, (None, None))
        if folder is None or base is None:
            return None
        files.append(folder / TOUCHED)
        at = base
    return tuple(files)


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


def _of_day(states: Path, as_of: date) -> list[tuple[Path, Inputs]]:
    """Return the whole states of a day and what they were made of."""
    folders = sorted(path.parent for path in states.glob(f"{as_of}-*/{_INPUTS}"))
    return [(folder, Inputs.read(folder)) for folder in folders if is_kept(folder)]


def _share(file: Path, target: Path) -> None:
    """Let `target` be the same file, or a copy where the disk cannot share."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
