"""Three lines of Python: tables that other libraries take, and HTML that is safe to show."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars
import pyarrow as pa
import pytest

from bullseye import Workspace
from bullseye.errors import UnknownName, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.faces.notebook import Table


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two accounts, one of them named by somebody malicious."""
    folder = tmp_path_factory.mktemp("notebook") / "north"
    assert code_of(["init", str(folder), "--owner", "Ada Lovelace"]) == 0
    accounts = folder.parent / "accounts.csv"
    accounts.write_text(
        "Id,Name,Industry,Employees,Country\n"
        "1,Acme,Software,120,US\n2,<script>alert(1)</script>,Software,300,DE\n"
    )
    Workspace.open(folder).import_file("accounts", accounts, as_of=date(2026, 1, 1))
    return folder


def test_three_lines_give_the_target_list(folder: Path) -> None:
    table = Workspace.open(folder).prioritize()
    assert len(table) == 2
    assert {row["account_id"] for row in table} == {"1", "2"}
    assert "fit_coverage" in table.columns
    assert repr(table).startswith("<Target list: 2 rows")


def test_other_libraries_take_the_table_as_it_is(folder: Path) -> None:
    found = Workspace.open(folder).prioritize()
    assert duckdb.sql("SELECT count(*) FROM found").fetchall() == [(2,)]
    assert polars.DataFrame(found).shape == (2, len(found.columns))
    assert list(found.to_pandas()["account_id"]) == [row["account_id"] for row in found]
    assert pa.table(found).num_rows == 2


def test_the_html_escapes_names_and_captions(folder: Path) -> None:
    html = Workspace.open(folder).prioritize()._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<b>" not in Table(pa.table({"<b>": [1]}), "<b>x</b>")._repr_html_()


def test_an_empty_table_has_the_columns_of_its_contract(folder: Path) -> None:
    none = Workspace.open(folder).prioritize("T1")
    assert len(none) == 0
    assert "account_id" in none.columns
    assert "<table>" in none._repr_html_()
    assert duckdb.sql("SELECT count(account_id) FROM none").fetchall() == [(0,)]


def test_every_question_is_answered_with_a_table(folder: Path) -> None:
    ws = Workspace.open(folder)
    ws.run()
    assert set(ws.markets().columns) >= {"market", "size", "accounts_low"}
    assert set(ws.worklist().columns) >= {"icp", "field"}
    assert len(ws.history("1")) >= 1
    assert len(ws.check()) >= 0
    assert ws.explain("Acme").target.account_id == "1"
    assert "b2b-saas" in repr(ws)


def test_what_cannot_be_is_refused_with_the_nearest(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no workspace"):
        Workspace.open(tmp_path)
    with pytest.raises(UnknownName, match="acounts"):
        Workspace.open(folder).import_file("acounts", "x.csv")
    with pytest.raises(UnknownName, match="T9"):
        Workspace.open(folder).prioritize("T9")


def test_an_import_is_seen_at_once(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "north"))
    ws = Workspace.open(copy)
    more = tmp_path / "more.csv"
    more.write_text("key,label,Employees\n3,Gamma,50\n")
    report = ws.import_file("accounts", more, account_id="key", name="label")
    assert (report.rows_read, report.kept) == (1, 1)
    assert len(ws.prioritize()) == 3
