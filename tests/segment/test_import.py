"""An import keeps every row, happens once, asks where it cannot know, and heeds corrections."""

import csv
import hashlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from bullseye.workspace import Workspace

ACCOUNTS = "Id,Name,Industry,Employees\n1,Acme,Software,120\n2,Beta,Fintech,300\n3,Gamma,Retail,9\n"
AMBIGUOUS = (
    "Opportunity Id,Account Id,Stage,Amount,Close Date\n"
    "o1,1,Closed Won,100,3/4/2026\no2,2,Closed Lost,200,5/6/2026\n"
)


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file but the store's own, which a reader may touch."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith("store.db")
    }


def batch(north: Path, done: Any) -> duckdb.DuckDBPyRelation:
    """Return the rows that an import kept."""
    warehouse = north / ".bullseye" / "warehouse"
    report = done["report"]
    folder = warehouse / "batches" / report["table"] / report["source"]
    newest = max(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    return duckdb.read_parquet(str(newest))


def cells(relation: duckdb.DuckDBPyRelation, *columns: str) -> list[tuple[Any, ...]]:
    listed = ", ".join(f'"{each}"' for each in columns)
    return relation.project(listed).order(listed).fetchall()


# -- rows ------------------------------------------------------------------------------------


def test_every_row_is_kept_set_aside_or_a_duplicate(imported: Callable, write: Callable) -> None:
    rows = ["1,Acme,50", "1,Acme,50", "2,Beta,lots", ",Nobody,7", "3,Gamma,9,surplus", "4,Delta,8"]
    path = write("accounts.csv", "Id,Name,Employees\n" + "\n".join(rows) + "\n")
    report = imported("accounts", path)["report"]
    assert report["rows_read"] == 6
    assert (report["kept"], report["quarantined"], report["exact_duplicates"]) == (3, 2, 1)
    assert report["set_aside_cells"] == 1


def test_what_is_set_aside_stands_in_a_file_with_row_column_value_and_reason(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", "Id,Name,Employees\n1,Acme,lots\n,Nobody,7\n3,G,9,=1+1\n4,D,5\n")
    report = imported("accounts", path)["report"]
    with (north / ".bullseye" / "warehouse" / report["quarantine"]).open(newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["row_no", "column", "value", "reason", "scope"]
    assert ["1", "Employees", "lots"] in [row[:3] for row in rows]
    assert {row[0] for row in rows} == {"1", "2", "3"}
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_same_file_twice_changes_nothing(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", ACCOUNTS)
    assert not imported("accounts", path)["was_known"]
    before = tree(north)
    again = imported("accounts", path)
    assert again["was_known"]
    assert again["report"]["number"] == 1
    assert tree(north) == before


def test_a_dry_run_changes_nothing(imported: Callable, write: Callable, north: Path) -> None:
    imported("accounts", write("accounts.csv", ACCOUNTS))
    before = tree(north)
    done = imported("accounts", write("more.csv", ACCOUNTS + "4,Delta,Retail,3\n"), "--dry-run")
    assert done["report"]["kept"] == 4
    assert done["report"]["number"] is None
    assert tree(north) == before


def test_an_import_taken_back_can_be_done_again(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", ACCOUNTS)
    imported("accounts", path)
    undone = bullseye("-w", north, "imports", "1", "--undo", "--json")
    assert undone.document["number"] == 1
    assert bullseye("-w", north, "imports", "--json").document == []
    assert bullseye("-w", north, "run").code == 6
    again = imported("accounts", path)
    assert not again["was_known"]
    files = list((north / ".bullseye" / "warehouse" / "batches").rglob("*.parquet"))
    assert len(files) == 2, "earlier runs still read the batch that was taken back"


def test_a_future_day_is_pointed_out(imported: Callable, write: Callable) -> None:
    done = imported("accounts", write("accounts.csv", ACCOUNTS), "--as-of", "2999-01-01")
    assert any("in the future" in note for note in done["report"]["notes"])


def test_several_files_are_imported_and_one_bad_one_is_named(
    bullseye: Callable, write: Callable, north: Path
) -> None:
    good, bad = write("accounts.csv", ACCOUNTS), write("empty.csv", "")
    ran = bullseye("-w", north, "import", "accounts", bad, good, "--json")
    assert ran.code == 4
    assert "empty.csv" in ran.err
    assert [done["report"]["kept"] for done in ran.document] == [3]


# -- crashes and rivals ----------------------------------------------------------------------


def started(north: Path, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    code = "from bullseye.faces.cli.main import main; main()"
    call = [sys.executable, "-c", code, "-w", str(north), *map(str, arguments)]
    return subprocess.Popen(call, stderr=subprocess.PIPE, stdout=subprocess.PIPE, **options)


@pytest.fixture
def large(write: Callable) -> Path:
    lines = (f"{n},Account {n},Software,{n % 900},2025-01-{n % 28 + 1:02d}" for n in range(150_000))
    return write("large.csv", "Id,Name,Industry,Employees,Created Date\n" + "\n".join(lines) + "\n")


def test_a_killed_import_leaves_the_previous_state_and_the_next_one_works(
    bullseye: Callable, imported: Callable, write: Callable, north: Path, large: Path
) -> None:
    imported("accounts", write("accounts.csv", ACCOUNTS))
    assert bullseye("-w", north, "run").code == 0
    imports = bullseye("-w", north, "imports", "--json").document
    runs = bullseye("-w", north, "runs", "--json").document
    chance = random.Random(7)
    for _ in range(5):
        process = started(north, "import", "accounts", large)
        time.sleep(chance.uniform(0.8, 3.5))
        finished = process.poll() is not None
        process.kill()
        process.communicate()
        after = bullseye("-w", north, "imports", "--json").document
        if finished or len(after) == len(imports) + 1:  # killed while it said that it was done
            break
        assert after == imports
        assert bullseye("-w", north, "runs", "--json").document == runs
        assert bullseye("-w", north, "accounts", "--json").code == 0
    done = imported("accounts", large)
    assert done["report"]["kept"] == 150_000
    scratch = north / ".bullseye" / "warehouse" / "scratch"
    assert list(scratch.iterdir()) == [], "what killed imports left is gone"
    batches = list((north / ".bullseye" / "warehouse" / "batches").rglob("*.parquet"))
    assert len(batches) == 2


def test_of_two_imports_at_once_one_is_told_to_wait(
    bullseye: Callable, write: Callable, north: Path
) -> None:
    small = write("accounts.csv", ACCOUNTS)
    with Workspace.open(north).alone("import accounts"):
        second = started(north, "import", "accounts", small)
        _, err = second.communicate(timeout=120)
    assert second.returncode == 7
    assert b"import accounts" in err
    assert b"Wait" in err
    assert bullseye("-w", north, "import", "accounts", small).code == 0


def test_an_interrupted_import_says_that_what_was_published_stands(
    bullseye: Callable, north: Path, large: Path
) -> None:
    process = started(north, "import", "accounts", large)
    lock = north / ".bullseye" / "warehouse" / "scratch"
    deadline = time.monotonic() + 60
    while not (lock.is_dir() and any(lock.iterdir())) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"what was published before stands" in err
    assert b"Traceback" not in err
    assert bullseye("-w", north, "imports", "--json").document == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX")
def test_a_full_disk_leaves_the_previous_state(
    bullseye: Callable, imported: Callable, write: Callable, north: Path, large: Path
) -> None:
    imported("accounts", write("accounts.csv", ACCOUNTS))
    before = tree(north)
    code = (
        "import resource, sys; from bullseye.faces.cli.main import main;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); main()"
    )
    call = [sys.executable, "-c", code, "-w", str(north), "import", "accounts", str(large)]
    done = subprocess.run(call, capture_output=True, check=False, timeout=120)
    assert done.returncode in {4, 5}, done.stderr
    assert done.stderr.startswith(b"Error: ")
    assert b"Traceback" not in done.stderr
    assert b"fault in Bullseye" not in done.stderr
    assert tree(north) == before


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are POSIX")
def test_a_workspace_that_cannot_be_written_is_said_to_be_so(write: Callable, north: Path) -> None:
    path = write("accounts.csv", ACCOUNTS)
    code = "from bullseye.faces.cli.main import main; main()"
    call = [sys.executable, "-c", code, "-w", str(north), "import", "accounts", str(path)]
    for folder in (north / ".bullseye", north):
        folder.chmod(0o555)
    try:
        done = subprocess.run([*_unprivileged(), *call], capture_output=True, check=False)
    finally:
        for folder in (north, north / ".bullseye"):
            folder.chmod(0o755)
    assert done.returncode == 5, done.stderr
    assert done.stderr.startswith(b"Error: ")
    assert b"fault in Bullseye" not in done.stderr


def _unprivileged() -> list[str]:
    """Return what takes from root the power to write where rights forbid it."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]


# -- questions and answers -------------------------------------------------------------------


def test_an_ambiguous_date_stops_the_import_and_the_option_named_answers_it(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    path = write("deals.csv", AMBIGUOUS)
    ran = bullseye("-w", north, "import", "opportunities", path)
    assert ran.code == 4
    assert "Close Date" in ran.err
    assert "--dates" in ran.err
    assert bullseye("-w", north, "imports", "--json").document == []
    done = imported("opportunities", path, "--dates", "day-first")
    days = [str(day) for (day,) in cells(batch(north, done), "closed_on")]
    assert days == ["2026-04-03", "2026-06-05"]


def test_the_answer_is_kept_for_the_next_file(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("deals_2026-01-01.csv", AMBIGUOUS)
    imported("opportunities", path, "--dates", "month-first", "--as-of", "2026-01-01")
    later = write("deals_2026-02-01.csv", AMBIGUOUS.replace("100", "150"))
    done = imported("opportunities", later, "--as-of", "2026-02-01")
    days = [str(day) for (day,) in cells(batch(north, done), "closed_on")]
    assert days == ["2026-03-04", "2026-05-06"]


def test_one_date_settles_its_whole_column(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("deals.csv", AMBIGUOUS + "o3,1,Closed Won,5,25/12/2025\n")
    days = [
        str(day) for (day,) in cells(batch(north, imported("opportunities", path)), "closed_on")
    ]
    assert days == ["2025-12-25", "2026-04-03", "2026-06-05"]


# -- mappings and corrections ----------------------------------------------------------------


def test_a_correction_in_the_sources_file_is_heeded_and_kept(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", "Id,Name,Staff,Bereich\n1,Acme,120,Software\n2,Beta,30,Retail\n")
    imported("accounts", path)
    file = north / "sources" / "accounts.yaml"
    corrected = file.read_text().replace("bereich:", "sub_industry:")
    corrected = corrected.replace("    type: text\n", "").replace(
        "columns:", "# checked by Ada\ncolumns:"
    )
    assert corrected != file.read_text()
    file.write_text(corrected)
    done = imported("accounts", path)
    assert not done["was_known"], "another mapping is another import"
    assert file.read_text() == corrected
    assert cells(batch(north, done), "account_id", "sub_industry") == [
        ("1", "Software"),
        ("2", "Retail"),
    ]
    assert any("imports 1 --undo" in note for note in done["report"]["notes"])


def test_an_option_adds_to_a_corrected_source_and_loses_nothing(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", "Id,Name,Staff,Bereich\n1,Acme,120,Software\n")
    imported("accounts", path)
    file = north / "sources" / "accounts.yaml"
    text = file.read_text().replace("owner: Ada Lovelace", "owner: Grace Hopper  # since March")
    file.write_text(text)
    imported("accounts", path, "--map", "industry=Bereich", "--set", "country=NO")
    after = file.read_text()
    assert "Grace Hopper  # since March" in after
    assert "industry: Bereich" in after
    assert "country: 'NO'" in after
    assert imported("accounts", path)["was_known"], "what the options said is written down"


def test_a_column_can_be_named_and_a_value_set_for_the_whole_file(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("cuts.csv", "who,when,n\nAcme,2026-01-05,40\nBeta,2026-01-07,9\n")
    options = ("--set", "type=layoffs", "--map", "account_name=who", "--map", "occurred_on=when")
    done = imported("signals", path, *options)
    rows = cells(batch(north, done), "account_name", "type")
    assert rows == [("Acme", "layoffs"), ("Beta", "layoffs")]


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--map", "employees=Hedcount"), 3, "Did you mean 'Headcount'?"),
        (("--map", "nonsense"), 2, "FIELD=VALUE"),
        (("--map", "Head Count=Headcount"), 2, "head_count"),
        (("--set", "indutry=Software"), 3, "Did you mean 'industry'?"),
        (("--set", "name=x", "--map", "name=Name"), 2, "both"),
        (("--source", "My Source"), 2, "crm-accounts"),
        (("--source", "../../evil"), 2, "crm-accounts"),
        (("--sheet", "One"), 2, "Excel"),
        (("--delimiter", "ab"), 2, "delimiter"),
        (("--encoding", "klingon"), 2, "klingon"),
        (("--dates", "upwards"), 2, "month-first"),
        (("--as-of", "yesterday"), 2, "2026-03-31"),
    ],
)
def test_a_wrong_option_is_refused_with_the_right_one(
    options: tuple[str, ...], code: int, said: str, bullseye: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", "Id,Name,Headcount\n1,Acme,5\n")
    ran = bullseye("-w", north, "import", "accounts", path, *options)
    assert (ran.code, said in ran.err) == (code, True), ran.err
    assert list((north / "sources").glob("*")) == [] if (north / "sources").exists() else True


def test_two_sources_of_one_name_pattern_are_told_apart_by_name(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    imported("accounts", write("a/export.csv", ACCOUNTS), "--source", "crm")
    other = write("b/export.csv", "domain,company,headcount\nacme.com,Acme,130\n")
    ran = bullseye("-w", north, "import", "accounts", other)
    assert ran.code == 4
    assert "--source NAME" in ran.err
    assert imported("accounts", other, "--source", "enrichment")["source"] == "enrichment"


def test_a_field_of_ones_own_has_one_type_in_all_sources(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    imported("accounts", write("one.csv", "Id,Name,Shoe Size\n1,Acme,12\n2,Beta,9\n"))
    imported("accounts", write("two.csv", "Id,Name,Shoe Size\n3,C,large\n4,D,small\n"))
    assert bullseye("-w", north, "run").code == 0


# -- formats ---------------------------------------------------------------------------------

ROWS = [("1", "Acme", "Zürich", "1.234,5"), ("2", "Beta", "Oslo", "7,25")]
HEADERS = ("Id", "Name", "City", "Revenue")


def _text(delimiter: str) -> str:
    lines = [HEADERS, *ROWS]
    return "\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_same_table_comes_out_of_every_dialect(
    encoding: str, delimiter: str, imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.csv", _text(delimiter).encode(encoding))
    rows = cells(batch(north, imported("accounts", path)), "account_id", "city", "revenue")
    assert [(i, c, float(r)) for i, c, r in rows] == [("1", "Zürich", 1234.5), ("2", "Oslo", 7.25)]


def test_delimiter_and_encoding_can_be_said(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("accounts.txt", _text("^").encode("iso-8859-1"))
    done = imported("accounts", path, "--delimiter", "^", "--encoding", "iso-8859-1")
    assert cells(batch(north, done), "city") == [("Oslo",), ("Zürich",)]


def test_a_sheet_can_be_named(imported: Callable, north: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["nothing to see"])
    sheet = book.create_sheet("Accounts")
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    done = imported("accounts", tmp_path / "book.xlsx", "--sheet", "Accounts")
    assert cells(batch(north, done), "account_id") == [("1",), ("2",)]


def test_tables_of_databases_are_imported_by_name(
    imported: Callable, north: Path, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "crm.sqlite") as database:
        database.execute("CREATE TABLE firms (Id TEXT, Name TEXT, Employees INT)")
        database.executemany("INSERT INTO firms VALUES (?, ?, ?)", [("1", "Acme", 5)])
        database.execute("CREATE TABLE other (x TEXT)")
    database.close()
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as engine:
        engine.execute("CREATE SCHEMA sales; CREATE TABLE sales.firms (Id INT, Name VARCHAR)")
        engine.execute("INSERT INTO sales.firms VALUES (2, 'Beta')")
        engine.execute("CREATE TABLE other (x VARCHAR)")
    one = imported("accounts", f"{tmp_path}/crm.sqlite#firms")
    assert cells(batch(north, one), "account_id", "employees") == [("1", 5)]
    two = imported("accounts", f"{tmp_path}/crm.duckdb#sales.firms")
    assert cells(batch(north, two), "account_id", "name") == [("2", "Beta")]


def test_a_file_with_a_number_sign_in_its_name_is_a_file(
    imported: Callable, write: Callable
) -> None:
    done = imported("accounts", write("accounts#2.csv", ACCOUNTS))
    assert done["report"]["file"] == "accounts#2.csv"


def test_json_lines_and_parquet_give_the_same_rows(
    imported: Callable, write: Callable, north: Path, tmp_path: Path
) -> None:
    records = [{"Id": n, "Name": f"A{n}", "Technologies": ["X", "Y"]} for n in range(3)]
    lines = write("one.jsonl", "\n".join(map(json.dumps, records)))
    wanted = [(str(n), f"A{n}", ["X", "Y"]) for n in range(3)]
    columns = ("account_id", "name", "technologies")
    assert cells(batch(north, imported("accounts", lines)), *columns) == wanted
    parquet = tmp_path / "two.parquet"
    duckdb.read_json(str(lines)).write_parquet(str(parquet))
    assert cells(batch(north, imported("accounts", parquet)), *columns) == wanted


# -- the other tables, and time --------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "text", "kept"),
    [
        ("contacts", "Contact Id,Email,Title,Account Id\nc1,a@x.com,CFO,1\nc2,b@x.com,COO,2\n", 2),
        ("opportunities", "Opportunity Id,Account Id,Stage,Amount\no1,1,Closed Won,5\n", 1),
        ("subscriptions", "Subscription Id,Account Id,Start Date,MRR\ns1,1,2025-01-31,99.5\n", 1),
        ("usage", "Account Id,Usage Date,Active Users\n1,2025-01-31,4\n1,2025-02-01,5\n", 2),
        ("signals", "Account Id,Type,Date,Detail\n1,funding_round,2025-01-31,Series B\n", 1),
        ("touches", "Account Id,Contact Id,Date,Channel\n1,c1,2025-01-31,e-mail\n", 1),
    ],
)
def test_every_table_can_be_imported(
    table: str, text: str, kept: int, imported: Callable, write: Callable
) -> None:
    assert imported(table, write(f"{table}.csv", text))["report"]["kept"] == kept


def test_imports_of_different_days_give_growth(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    for day, employees in (("2025-06-01", 100), ("2025-12-01", 150)):
        path = write(f"crm_{day}.csv", f"Id,Name,Employees\n1,Acme,{employees}\n")
        imported("accounts", path, "--as-of", day)
    assert bullseye("-w", north, "run", "--as-of", "2025-12-01").code == 0
    text = bullseye("-w", north, "explain", "1").out
    assert "headcount_growth_6m = 50 %" in text


def test_a_history_in_one_file_is_dated_by_its_own_column(
    bullseye: Callable, imported: Callable, write: Callable, north: Path
) -> None:
    lines = "1,Acme,100,2025-06-01\n1,Acme,150,2025-12-01\n2,Beta,10,2025-12-01\n"
    path = write("panel.csv", "Id,Name,Employees,snapshot\n" + lines)
    imported("accounts", path, "--map", "known_on=snapshot", "--as-of", "2025-12-01")
    assert bullseye("-w", north, "run", "--as-of", "2025-07-01").code == 0
    early = bullseye("-w", north, "accounts", "--as-of", "2025-07-01", "--json").document
    assert [each["account_id"] for each in early] == ["1"], "what came later does not leak back"
    assert bullseye("-w", north, "run", "--as-of", "2025-12-01").code == 0
    assert "headcount_growth_6m = 50 %" in bullseye("-w", north, "explain", "1").out
