"""A state made from an earlier one of the same day: only what further batches touch is new.

A state is a cache of batches, definitions, engine and day. Where only further batches came, its
tables are shared, and what they add, correct or delete is exchanged; the rows are those of
building anew. Which accounts were touched stands beside the tables, so that only they need be
scored again.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Self

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Project
from bullseye.definitions.titles import lexicon_version
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.corrections import correct_accounts
from bullseye.warehouse.decisions import NO_DECISIONS, Decisions
from bullseye.warehouse.events import Counted, extend_signals, summed
from bullseye.warehouse.matching import key_accounts
from bullseye.warehouse.merging import make_maps
from bullseye.warehouse.moves import READ_FOR_MOVES, counts_moves
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.state import OTHER_TABLES, THROUGH, State, build_other

TOUCHED = "touched.parquet"
_INPUTS = "inputs.json"
_NOTICED = "noticed.json"


@dataclass(frozen=True)
class Inputs:
    """What a state was made of; `base` are the batches of the state it extends, if it does.

    `decisions` is the hash of people's decisions on identity; empty without any.
    """

    project: str
    engine: str
    batches: tuple[int, ...]
    base: tuple[int, ...] | None = None
    decisions: str = ""

    @property
    def beliefs(self) -> tuple[str, str, str]:
        """All but the batches: what two states share where one can be made from the other."""
        return self.project, self.engine, self.decisions

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
            said.get("decisions", ""),
        )


def made_by() -> str:
    """Return the versions a state depends on: the engine's and the title lexicon's."""
    return f"{duckdb.__version__} {lexicon_version()}"


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
    titles: Path | None = None,
    decisions: Decisions = NO_DECISIONS,
) -> tuple[State, tuple[int, ...]] | None:
    """Make in `folder` the state of `batches` from the nearest one in `states`.

    Returns the state and the batches of the one it extends; None where there is none, or all
    must be built anew.
    """
    found = None
    wanted = (project.hash, made_by(), decisions.digest)
    for base, inputs in _of_day(states, as_of):
        same = inputs.beliefs == wanted
        nearer = found is None or len(inputs.batches) > len(found[1].batches)
        if same and nearer and can_extend(batches, inputs.batches):
            found = base, inputs
    if found is None:
        return None
    base, inputs = found
    for file in base.glob("*.parquet"):
        if file.name != TOUCHED:
            _share(file, folder / file.name)
    added = [batch for batch in batches if batch.number not in inputs.batches]
    state = State(as_of, folder, kept(base, as_of).noticed)
    noticed = _exchanged(connection, project, batches, added, state, titles, decisions)
    if noticed is None:
        for file in folder.iterdir():
            file.unlink()
        return None
    return State(as_of, folder, noticed), inputs.batches


def _exchanged(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    batches: Sequence[Batch],
    added: Sequence[Batch],
    state: State,
    titles: Path | None,
    decisions: Decisions,
) -> tuple[Counted, ...] | None:
    """Take `added` batches into the tables of `state`; return what there is to notice now.

    None where all must be built anew.
    """
    make_maps(connection, decisions)
    by_table = {table: [b for b in added if b.table is table] for table in TableName}
    if counts_moves(project) and any(by_table[table] for table in READ_FOR_MOVES):
        return None  # another record may say that somebody moved, years ago
    noticed = state.noticed
    touched = ["SELECT CAST(NULL AS VARCHAR) AS account_id WHERE FALSE"]
    if said := by_table[TableName.ACCOUNTS]:
        if decisions.clusters(TableName.ACCOUNTS):
            return None  # what is said of one record may change what another one's field is
        if not correct_accounts(connection, project, batches, said, state.as_of, state.accounts):
            return None
        touched.append("SELECT account_id FROM corrected")
    accounts = reading(state.accounts)
    key_accounts(connection, accounts)
    if happened := by_table[TableName.SIGNALS]:
        further = extend_signals(
            connection, project, batches, happened, accounts, state.as_of, state.folder, decisions
        )
        if further is None:
            return None
        noticed = summed(noticed, further)
        touched.append("SELECT account_id FROM met_anew")
    for table in _tables_to_rebuild(by_table):
        counted = build_other(connection, project, batches, table, state, titles, decisions)
        noticed = (*(each for each in noticed if each.table != table), *counted)
    publish(connection, " UNION ".join(touched), state.folder / TOUCHED)
    return noticed


def _tables_to_rebuild(added: Mapping[TableName, Sequence[Batch]]) -> list[TableName]:
    """Return the tables that no score reads and that are built whole, in order."""
    found = {table for table in OTHER_TABLES if added[table]}
    found |= {table for table, through in THROUGH.items() if found & set(through)}
    return [table for table in OTHER_TABLES if table in found]


def touched_since(
    states: Path, as_of: date, inputs: Inputs, before: tuple[int, ...]
) -> tuple[Path, ...] | None:
    """Return the files of `account_id` that tell `inputs` from the same with batches `before`.

    None where no chain of kept states leads back there.
    """
    known = {
        each.batches: (folder, each.base)
        for folder, each in _of_day(states, as_of)
        if each.beliefs == inputs.beliefs
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


def can_extend(batches: Sequence[Batch], before: tuple[int, ...]) -> bool:
    """Whether `batches` are those of `before` and further ones, of signals only newer ones."""
    further = [batch for batch in batches if batch.number not in before]
    signals = [batch.number for batch in batches if batch.table is TableName.SIGNALS]
    older = max((number for number in signals if number in before), default=0)
    return (
        bool(further)
        and {batch.number for batch in batches}.issuperset(before)
        and all(number > older for number in signals if number not in before)
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
