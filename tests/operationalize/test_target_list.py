"""The exported list: one contract in four formats, stamped, and harmless to open."""

import csv
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bullseye.errors import UsageError
from bullseye.faces.cli.main import code_of
from bullseye.operationalize import run as operationalize
from bullseye.operationalize.target_list import COLUMNS, harmless, membership_hash, target_list
from bullseye.store import audit
from bullseye.workspace import Workspace

DAY = date(2026, 3, 1)
NASTY = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1")


def row(account_id: str, tier: str | None, **differs: Any) -> Mapping[str, Any]:
    """Return one row of the list; name what is known."""
    return {**dict.fromkeys(COLUMNS), "account_id": account_id, "tier": tier, **differs}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    folder = tmp_path / "north"
    assert code_of(["init", str(folder), "--owner", "Ada Lovelace"]) == 0
    return Workspace.open(folder, now=lambda: datetime(2026, 3, 1, tzinfo=UTC))


def export(
    workspace: Workspace, target: Path, rows: list[Mapping[str, Any]], **options: Any
) -> Any:
    return operationalize.export(
        workspace, rows, target, as_of=DAY, definition_version="f" * 64, **options
    )


@pytest.mark.parametrize("cell", NASTY)
def test_a_formula_is_made_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["Acme", "a=b", -5, 3.2, None, True, ""])
def test_what_is_no_formula_stays(cell: Any) -> None:
    assert harmless(cell) == cell


def test_membership_does_not_depend_on_order_but_on_tiers() -> None:
    one = [("a", "T1"), ("b", None)]
    assert membership_hash(one) == membership_hash(reversed(one))
    assert membership_hash(one) != membership_hash([("a", "T2"), ("b", None)])
    assert membership_hash([("a=T1\n1:b", None)]) != membership_hash([("a", "T1"), ("b", None)])


def test_every_row_has_every_column_and_the_stamp() -> None:
    whole = target_list([row("a", "T1"), row("b", None)], DAY, "v1")
    assert all(tuple(each) == tuple(COLUMNS) for each in whole.rows)
    assert {each["definition_version"] for each in whole.rows} == {"v1"}
    assert {each["membership_hash"] for each in whole.rows} == {whole.membership_hash}


def test_csv_and_excel_hold_no_formula(workspace: Workspace, tmp_path: Path) -> None:
    rows = [row(str(at), "T1", name=cell, owner=cell) for at, cell in enumerate(NASTY)]
    export(workspace, tmp_path / "x.csv", rows)
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8-sig") as file:
        read = list(csv.DictReader(file))
    assert [each["name"] for each in read] == [f"'{cell}" for cell in NASTY]
    export(workspace, tmp_path / "x.xlsx", rows)
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Target list"]
    kinds = {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line}
    assert "f" not in kinds


def test_parquet_and_json_hold_the_values_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    rows = [row("1", "T1", name="=1+1", fit_score=71.5, employees=12, all_icps=["x: T1"])]
    done = export(workspace, tmp_path / "x.parquet", rows)
    table = pq.read_table(tmp_path / "x.parquet")
    (read,) = table.to_pylist()
    assert (read["name"], read["fit_score"], read["employees"]) == ("=1+1", 71.5, 12)
    assert table.schema.metadata[b"membership_hash"].decode() == done.membership_hash
    export(workspace, tmp_path / "x.json", rows)
    document = json.loads((tmp_path / "x.json").read_text())
    assert document["accounts"][0]["name"] == "=1+1"
    assert document["as_of"] == "2026-03-01"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet", "json"])
def test_control_characters_and_long_cells_do_not_stop_an_export(
    ending: str, workspace: Workspace, tmp_path: Path
) -> None:
    rows = [row("1", "T1", name="a\x00b\x1b[31m\u202e", why_now="x" * 40_000, owner="\ufffe")]
    assert export(workspace, tmp_path / f"x.{ending}", rows).rows == 1
    assert (tmp_path / f"x.{ending}").stat().st_size > 100


@pytest.mark.parametrize("ending", ["csv", "parquet", "json"])
def test_the_same_list_gives_the_same_bytes(
    ending: str, workspace: Workspace, tmp_path: Path
) -> None:
    rows = [row("1", "T1", name="Acme"), row("2", "T2", name="Beta")]
    digests = set()
    for name in ("a", "b"):
        path = tmp_path / f"{name}.{ending}"
        export(workspace, path, rows)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_an_unknown_ending_is_refused_with_the_nearest(
    workspace: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        export(workspace, tmp_path / "x.cvs", [])
    assert "Did you mean .csv?" in str(refused.value)


def test_a_dry_run_writes_and_logs_nothing(workspace: Workspace, tmp_path: Path) -> None:
    done = export(workspace, tmp_path / "x.csv", [row("1", "T1")], dry_run=True)
    assert (done.rows, done.dry_run) == (1, True)
    assert not (tmp_path / "x.csv").exists()
    assert [e for e in audit.entries(workspace.store) if e.action == "export"] == []


def test_an_export_is_logged_with_its_membership(workspace: Workspace, tmp_path: Path) -> None:
    done = export(workspace, tmp_path / "x.csv", [row("1", "T1")])
    (entry,) = [e for e in audit.entries(workspace.store) if e.action == "export"]
    assert done.membership_hash in str(entry.after)


def test_a_failed_export_leaves_the_earlier_file(workspace: Workspace, tmp_path: Path) -> None:
    target = tmp_path / "x.parquet"
    export(workspace, target, [row("1", "T1")])
    before = target.read_bytes()
    with pytest.raises(pa.ArrowException):
        export(workspace, target, [row("1", "T1", fit_score="no number")])
    assert target.read_bytes() == before
    assert list(tmp_path.glob(".*unfinished")) == []
