"""Files of every format, and files that are not what they seem."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bullseye.errors import BullseyeError, InputError


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_json_lines_take_all_keys_as_columns(read) -> None:
    content = b'{"id": 1, "tags": ["a", "b"]}\n\n{"id": 2.0, "size": {"n": 1}, "ok": true}\n'
    found = read(content, name="accounts.jsonl")
    assert found.reading.columns == ("id", "tags", "size", "ok")
    assert found.cells == [("1", "a; b", None, None), ("2", None, '{"n": 1}', "true")]


def test_damaged_json_lines_are_listed(read) -> None:
    found = read(b'{"id": 1}\n{"id": \n[1]\n{"id": 4}\n', name="accounts.jsonl")
    assert found.cells == [("1",), ("4",)]
    assert [(each.row, each.line) for each in found.reading.damaged] == [(2, 2), (3, 3)]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_json_array_is_read_however_it_is_laid_out(read, indent) -> None:
    rows = [{"id": n, "name": f"Näme {n}"} for n in range(3_000)]
    found = read(json.dumps(rows, indent=indent).encode(), name="accounts.json")
    assert found.reading.rows_read == 3_000
    assert found.cells[2_999] == ("2999", "Näme 2999")


def test_a_json_array_cut_short_keeps_what_is_whole(read) -> None:
    content = json.dumps([{"id": 1}, {"id": 2}, {"id": 3}]).encode()[:-6]
    found = read(content, name="accounts.json")
    assert found.cells == [("1",), ("2",)]
    assert found.reading.damaged_count == 1


def test_numbers_in_json_are_written_plainly(read) -> None:
    found = read(b'{"a": 1e-7, "b": 1054.0, "c": NaN, "d": 1e400, "e": 1e22}\n', name="a.jsonl")
    assert found.cells == [("0.0000001", "1054", None, None, "10000000000000000000000")]


def test_an_excel_sheet_is_read_as_text(read, tmp_path) -> None:
    rows = [
        ["id", "size", "founded", "seen", "ok", None],
        [1, 50.0, date(2019, 5, 1), datetime(2024, 1, 2, 3, 4), True, None],
        [],
        [2, 0.25, None, None, False, "note"],
    ]
    found = read(workbook(tmp_path / "a.xlsx", {"Empty": [], "Data": rows, "More": [[1]]}))
    assert found.reading.columns == ("id", "size", "founded", "seen", "ok", "column 6")
    assert found.cells == [
        ("1", "50", "2019-05-01", "2024-01-02 03:04:00", "true", None),
        ("2", "0.25", None, None, "false", "note"),
    ]
    assert "Read sheet 'Data'; not read: Empty, More." in found.reading.notes


def test_a_sheet_can_be_chosen_and_is_missed_by_its_nearest_name(read, tmp_path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Accounts": [["id"], [1]], "Contacts": [["cid"], [7]]})
    assert read(path, sheet="Contacts").cells == [("7",)]
    with pytest.raises(InputError, match="Did you mean 'Contacts'"):
        read(path, sheet="contact")


def test_titles_above_an_excel_header_are_skipped(read, tmp_path) -> None:
    rows = [["Accounts, May"], [], ["id", "name", "city"], [1, "Acme", "Bonn"]]
    found = read(workbook(tmp_path / "a.xlsx", {"S": rows}))
    assert found.reading.columns == ("id", "name", "city")
    assert found.cells == [("1", "Acme", "Bonn")]


def test_parquet_types_become_plain_text(read, tmp_path) -> None:
    table = pa.table(
        {
            "n": pa.array([1054.0, float("nan"), 1e-7]),
            "big": pa.array([1e20, -0.5, None]),
            "day": pa.array([date(2024, 1, 2), None, date(1999, 12, 31)]),
            "at": pa.array([datetime(2024, 1, 2), datetime(2024, 1, 2, 3), None]),
            "ok": pa.array([True, False, None]),
            "tags": pa.array([["a", "b"], [], None]),
            "who": pa.array([{"x": 1}, None, {"x": 2}]),
            "raw": pa.array([b"caf\xc3\xa9", b"\xff", None]),
            "text": pa.array(["", "x", "y\0z"]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    first = ("1054", "100000000000000000000", "2024-01-02", "2024-01-02", "true", "a; b")
    assert found.cells[0] == (*first, '{"x":1}', "café", None)
    assert found.cells[1][0] is None
    assert found.cells[1][1] == "-0.5"
    assert found.cells[1][3] == "2024-01-02 03:00:00"
    assert found.cells[2][0] == "0.0000001"
    assert found.cells[2][8] == "yz"


def test_a_table_in_a_duckdb_file_is_read(read, tmp_path) -> None:
    path = tmp_path / "base.duckdb"
    with duckdb.connect(str(path)) as database:
        database.execute("CREATE SCHEMA crm")
        database.execute("CREATE TABLE crm.\"ac'c\" AS SELECT 1 AS id, 'Acme' AS name, [1, 2] AS l")
        database.execute("CREATE TABLE other AS SELECT 2 AS id")
    found = read(Path(f"{path}#crm.ac'c"))
    assert found.cells == [("1", "Acme", "1; 2")]
    assert read(Path(f"{path}#OTHER")).cells == [("2",)]
    with pytest.raises(InputError, match="Did you mean 'other'"):
        read(Path(f"{path}#othr"))
    with pytest.raises(InputError, match="several tables"):
        read(path)


def test_a_view_in_a_duckdb_file_cannot_read_other_files(read, tmp_path) -> None:
    (tmp_path / "secret.csv").write_text("secret\n42\n")
    path = tmp_path / "evil.duckdb"
    with duckdb.connect(str(path)) as database:
        secret = str(tmp_path / "secret.csv")
        database.execute(f"CREATE VIEW accounts AS SELECT * FROM read_csv('{secret}')")
    with pytest.raises(InputError):
        read(path)


def test_a_table_in_a_sqlite_file_is_read(read, tmp_path) -> None:
    path = tmp_path / "crm.db"
    database = sqlite3.connect(path)
    database.execute('CREATE TABLE "a""b" (id INTEGER, name TEXT, size REAL, raw BLOB)')
    database.execute(
        "INSERT INTO \"a\"\"b\" VALUES (1, 'Acme', 50.0, x'61'), (2, NULL, 1e-7, NULL)"
    )
    database.commit()
    database.close()
    assert read(path).cells == [("1", "Acme", "50", "a"), ("2", None, "0.0000001", None)]
    with pytest.raises(InputError, match="no table 'zzz'"):
        read(Path(f"{path}#zzz"))


def test_a_file_is_read_by_its_content_not_its_name(read, tmp_path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["id"], [1]]}).rename(tmp_path / "a.csv")
    found = read(path)
    assert found.cells == [("1",)]
    assert found.reading.format == "xlsx"
    assert any("The name says csv" in note for note in found.reading.notes)
    assert read(b"id;name\n1;Acme\n", name="b.xlsx").cells == [("1", "Acme")]
    assert read(b'{"id": 1}\n', name="c.csv").reading.format == "json"


def test_a_missing_file_is_told_with_its_nearest_name(read, tmp_path) -> None:
    (tmp_path / "accounts.csv").write_text("a,b\n")
    with pytest.raises(InputError, match=r"accounts\.csv"):
        read(tmp_path / "acounts.csv")


def test_folders_and_pipes_are_refused(read, tmp_path) -> None:
    with pytest.raises(InputError, match="folder"):
        read(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no ordinary file"):
        read(tmp_path / "pipe")


LOCKED = """
import sys, duckdb
from pathlib import Path
from bullseye.connectors.files import open_file
from bullseye.errors import InputError
try:
    open_file(sys.argv[1], connection=duckdb.connect(), scratch=Path(sys.argv[2]))
except InputError as error:
    print(error)
"""


def test_a_file_that_may_not_be_read_is_said_to_be_so(tmp_path) -> None:
    locked = tmp_path / "locked.csv"
    locked.write_text("a,b\n1,2\n")
    locked.chmod(0)
    rights = "-dac_override,-dac_read_search"  # what lets root read everything
    fall = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    call = [sys.executable, "-c", LOCKED, str(locked), str(tmp_path / "scratch")]
    call = [*fall, *call] if os.geteuid() == 0 else call
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert "cannot be read" in done.stdout, done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old or encrypted Excel"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF"),
        (b"<!DOCTYPE html><html><table><tr><td>1</td></tr></table>", "web page"),
        (bytes(range(256)) * 40, "not a table"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged or cut short"),
        (b"PAR1" + b"\0" * 40, "damaged or incomplete"),
        (b"SQLite format 3\0" + b"\1" * 200, "damaged or incomplete"),
        (b"\0" * 8 + b"DUCK" + b"\0" * 5000, "damaged or incomplete"),
        (b"\x1f\x8b\x08\x00garbage", "gzip file is damaged"),
        (b"", "empty"),
        (b"[]", "empty"),
        (b"[1, 2]", "no JSON object"),
        (b"[" * 100_000, "no JSON object"),
    ],
)
def test_what_holds_no_table_is_refused_with_the_next_action(read, content, said) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(content, name="accounts.json")
    assert caught.value.hint
    assert "accounts.json" in caught.value.place


def test_a_failing_engine_is_quoted_in_our_words_with_the_next_action(read, tmp_path) -> None:
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as engine:
        engine.execute("CREATE TABLE gone AS SELECT 1 AS id")
        engine.execute("CREATE VIEW broken AS SELECT * FROM gone")
        engine.execute("CREATE VIEW nosy AS SELECT * FROM read_csv('/etc/hostname')")
        engine.execute("CREATE VIEW failing AS SELECT error('no rate for XXX') AS id")
        engine.execute("DROP TABLE gone")
        engine.execute(f"COPY (SELECT 1 AS id) TO '{tmp_path / 'cut.parquet'}'")
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(cut.read_bytes()[:-20])
    said = {
        "crm.duckdb#broken": "refers to something that is not in the file",
        "crm.duckdb#nosy": "reads other files",
        "crm.duckdb#failing": "cannot be read: no rate for XXX",
        "cut.parquet": "ends too early",
    }
    for name, words in said.items():
        with pytest.raises(InputError, match=words) as caught:
            read(tmp_path / name)
        assert caught.value.hint
        assert not re.search(r"Error|read_csv|magic", str(caught.value))


def test_a_zip_archive_is_told_apart_from_a_workbook(read, tmp_path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("accounts.csv", "a,b\n1,2\n")
    with pytest.raises(InputError, match="ZIP archive"):
        read(tmp_path / "a.zip")


def test_files_cut_anywhere_are_read_or_refused_but_never_break(read, tmp_path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"S": [["id", "n"], *([i, "x"] for i in range(50))]})
    pq.write_table(pa.table({"id": list(range(500))}), tmp_path / "a.parquet")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE t AS SELECT range AS id FROM range(100)")
    refused = 0
    for whole in (book, tmp_path / "a.parquet", tmp_path / "a.duckdb"):
        content = whole.read_bytes()
        for share in (0.1, 0.5, 0.9, 0.99):
            try:
                read(content[: int(len(content) * share)], name=f"cut{whole.suffix}")
            except BullseyeError:
                refused += 1
    assert refused >= 8


def test_bytes_changed_inside_a_file_never_break_the_reader(read, tmp_path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"S": [["id", "n"], *([i, "x"] for i in range(50))]})
    pq.write_table(pa.table({"id": list(range(500)), "t": ["é"] * 500}), tmp_path / "a.parquet")
    outcomes = set()
    for whole in (book, tmp_path / "a.parquet"):
        content = bytearray(whole.read_bytes())
        for at in range(0, len(content), max(1, len(content) // 40)):
            changed = content.copy()
            changed[at] ^= 0xFF
            try:
                read(bytes(changed), name=f"changed{whole.suffix}")
                outcomes.add("read")
            except BullseyeError:
                outcomes.add("refused")
    assert "refused" in outcomes
