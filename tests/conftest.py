"""A small world to score: definitions said in Python, and what was known on which day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.presence import ABSENT

from bullseye.definitions import yaml
from bullseye.definitions.field import ROW_FIELDS, STANDARD_FIELDS, FieldType, TableName
from bullseye.definitions.loader import SETTINGS_FILE, Loaded
from bullseye.definitions.project import KINDS, Project
from bullseye.store import batches
from bullseye.store.batches import NewBatch
from bullseye.store.db import Store
from bullseye.workspace import PRIVATE, Workspace

GOVERNED = {"owner": "Dana Whitfield", "review_by": date(2030, 1, 1), "review_when": ["it moves"]}
TODAY = date(2026, 11, 2)
ARROW = {
    FieldType.COUNT: pa.int64(),
    FieldType.YEAR: pa.int32(),
    FieldType.NUMBER: pa.float64(),
    FieldType.SHARE: pa.float64(),
    FieldType.MONEY: pa.float64(),
    FieldType.DATE: pa.date32(),
    FieldType.FLAG: pa.bool_(),
    FieldType.LIST: pa.list_(pa.string()),
}
DEFAULT_TIERS = [
    {"tier": "T1", "fit": 70, "coverage": 0.6},
    {"tier": "T2", "fit": 50},
    {"tier": "T3", "fit": 30},
]


@dataclass
class World:
    """A workspace in the making; `today` is its clock."""

    folder: Path
    store: Store
    today: date = TODAY
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def define(self, kind: str, name: str, /, **written: Any) -> None:
        """Write one definition; one of the same name gives way to it."""
        model = KINDS[kind].model_validate({"name": name, **GOVERNED, **written})
        self.kinds.setdefault(kind, {})[name] = model

    def icp(self, name: str, *criteria: dict[str, Any], **written: Any) -> None:
        """Write an ICP; a criterion without a mode scores, one without a name is called by it."""
        named = [{"name": f"c{at}", **each} for at, each in enumerate(criteria)]
        self.define("icps", name, criteria=named, **written)

    def signal(self, name: str, **written: Any) -> None:
        usual = {"window": 90, "half_life": 30, "points": 40, "why_now": "Call them: {subject}."}
        if "change" not in written:
            usual["event"] = name.replace("-", "_")
        self.define("signals", name, **{**usual, **written})

    def tiers(self, *entries: dict[str, Any], **written: Any) -> None:
        self.define("tiers", "default", tiers=list(entries), **written)

    @property
    def project(self) -> Project:
        return Project(**self.kinds)

    @property
    def workspace(self) -> Workspace:
        """The workspace as it stands: these definitions, this store, this day."""
        moment = datetime.combine(self.today, time(12), UTC)
        return Workspace(self.folder, Loaded(self.project), self.store, lambda: moment, "rita")

    def write(self) -> None:
        """Write the definitions into the folder, for another process to open."""
        (self.folder / SETTINGS_FILE).write_text("title: A small world\n", encoding="utf-8")
        for kind, definitions in self.kinds.items():
            (self.folder / kind).mkdir(exist_ok=True)
            for name, each in definitions.items():
                text = yaml.write(each.model_dump(mode="json", exclude_none=True))
                (self.folder / kind / f"{name}.yaml").write_text(text, encoding="utf-8")

    def known(
        self,
        rows: Sequence[Mapping[str, Any]],
        *,
        on: date | None = None,
        table: TableName = TableName.ACCOUNTS,
        source: str = "crm",
    ) -> int:
        """Add a batch of rows as an import leaves it, and return its number."""
        on = on or self.today
        number = next(self.numbers)
        path = Path("batches") / table / f"{number}.parquet"
        target = self.folder / PRIVATE / "warehouse" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(self._table(rows, on, table), target)
        new = NewBatch(
            table=table,
            source=source,
            as_of=on,
            sha256=f"{number:064d}",
            path=path.as_posix(),
            file_name=f"{source}-{on}.csv",
            rows_read=len(rows),
            kept=len(rows),
            quarantined=0,
            exact_duplicates=0,
            quarantine_path=None,
            report="{}",
            imported_at=datetime.combine(self.today, time(8), UTC),
            actor="rita",
        )
        return batches.add(self.store, new).batch.id

    def happened(self, rows: Sequence[Mapping[str, Any]], *, on: date | None = None) -> int:
        """Add a batch of signals; each row has its account, type and day."""
        numbered = [
            {"signal_id": f"{next(self.numbers)}", **({"occurred_on": self.today} | dict(row))}
            for row in rows
        ]
        return self.known(numbered, on=on, table=TableName.SIGNALS, source="events")

    def _table(self, rows: Sequence[Mapping[str, Any]], on: date, table: TableName) -> pa.Table:
        kinds = {f.name: f.type for f in (*STANDARD_FIELDS[table], *ROW_FIELDS)}
        for each in self.kinds.get("sources", {}).values():
            if each.table is table:
                kinds |= {f.name: f.type for f in each.fields}
        names = [name for name in kinds if any(name in row for row in rows)]
        columns = {
            name: pa.array([row.get(name) for row in rows], ARROW.get(kinds[name], pa.string()))
            for name in names
            if name != "known_on"
        }
        columns["known_on"] = pa.array([row.get("known_on", on) for row in rows], pa.date32())
        columns["row_no"] = pa.array(range(1, len(rows) + 1), pa.int64())
        return pa.table(columns)

    def state(
        self, table: TableName = TableName.ACCOUNTS, *, as_of: date | None = None
    ) -> list[dict[str, Any]]:
        """Return a table as known on a day, in its order."""
        workspace = self.workspace
        ids = tuple(batch.number for batch in workspace.batches())
        with workspace.connection() as connection:
            state = workspace.state(connection, self.project, ids, as_of or self.today)
        rows: list[dict[str, Any]] = pq.read_table(state.table(table)).to_pylist()
        return rows

    def at(self, day: date) -> "World":
        """Return the same world on another day."""
        return replace(self, today=day)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for what in sorted(ABSENT):
        terminalreporter.write_line(f"NOT EXECUTED: {what}", yellow=True)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A workspace with usual tiers and nothing else."""
    with Store.open(tmp_path / PRIVATE / "store.db") as store:
        made = World(tmp_path, store)
        made.tiers(*DEFAULT_TIERS)
        yield made
