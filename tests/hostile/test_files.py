"""384 hostile files, and some very large ones: each is imported, or refused in a sentence."""

import csv
import gzip
import io
import json
import random
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest

FILES_PER_BATCH = 12
BATCHES = 32
ASKED_EVERY = 8  # batches: scoring what came in takes longer than importing it

SCRIPT = "<script>alert('acme')</script>"
FORMULAS = ("=1+1", '=HYPERLINK("http://x.test","click")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)")
TRICKS = (
    "\u202eemca",
    "Ac\u200bme",
    "A\u0301cme",
    "\ufeffAcme",
    "\U0001f4a5" * 5,
    "Zalgo" + "\u0335" * 60,
    "\x1b[31mred\x1b[0m",
    "line\u2028break",
    "\x85",
    "İstanbul",
    "ﬁrm",
)
PATHS = ("../../etc/passwd", "C:\\windows\\system32", "/dev/null", "~root", "file:///etc/passwd")
SQL = ("'; DROP TABLE accounts; --", '"; SELECT 1; --', "x' OR '1'='1", "$$", "{{7*7}}", "%s%n")
NUMBERS = (
    "1e309",
    "-1",
    "9" * 400,
    "NaN",
    "Infinity",
    "0x10",
    "1,2,3",
    "١٢٣",
    "--5",
    "1e-400",
    "½",
)
DATES = (
    "0000-00-00",
    "9999-12-31",
    "31/02/2024",
    "2024-13-45",
    "1/1/1",
    "-5",
    "2e9",
    "12/12/12/12",
)
TYPES = ("true", "[]", "{}", '{"a": 1}', "null", "\\N", "#N/A", "#REF!", "None", "undefined")
NASTY = (SCRIPT, *FORMULAS, *TRICKS, *PATHS, *SQL, *NUMBERS, *DATES, *TYPES, "", " ", "a" * 5000)
HEADERS = (
    "Id",
    "Name",
    "Industry",
    "Employees",
    "Country",
    "Parent Id",
    "Created Date",
    "Revenue",
    "Website",
    "Technologies",
    "Account Name",
    "Stage",
    "Amount",
    "Close Date",
    "Type",
    "Date",
    "Start Date",
)
TABLES = ("accounts", "contacts", "accounts", "opportunities", "accounts", "accounts", "usage")

Content = tuple[str, bytes]
Maker = Callable[[random.Random], Content]


def table_of(chance: random.Random, *, rows: int = 12) -> list[list[str]]:
    """Return a table of plausible headers and nasty cells."""
    width = chance.randint(1, 8)
    headers = ["Id", "Name", *chance.sample(HEADERS[2:], width)]
    if chance.random() < 0.3:
        headers[chance.randrange(len(headers))] = chance.choice([*NASTY[:30], headers[0]])
    return [headers, *([_cell(chance) for _ in headers] for _ in range(rows))]


def _cell(chance: random.Random) -> str:
    pick = chance.random()
    if pick < 0.3:
        return str(chance.randint(0, 30))
    return "Acme" if pick < 0.4 else chance.choice(NASTY)


def csv_bytes(rows: list[list[str]], delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def random_bytes(chance: random.Random) -> Content:
    ending = chance.choice(("csv", "xlsx", "parquet", "json", "jsonl", "gz", "db", "duckdb", "txt"))
    start = chance.choice(
        (b"", b"", b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"SQLite format 3\0", b"[")
    )
    return f"x.{ending}", start + chance.randbytes(chance.randint(0, 4000))


def nasty_csv(chance: random.Random) -> Content:
    return "nasty.csv", csv_bytes(table_of(chance), chance.choice(",;\t|"))


def with_nuls(chance: random.Random) -> Content:
    content = bytearray(csv_bytes(table_of(chance)))
    for _ in range(chance.randint(1, 9)):
        content.insert(chance.randrange(len(content)), 0)
    return "nul.csv", bytes(content)


def broken_quotes(chance: random.Random) -> Content:
    content = bytearray(csv_bytes(table_of(chance)))
    for _ in range(chance.randint(1, 6)):
        content.insert(chance.randrange(len(content)), chance.choice(b"\"'\r\n,;\\"))
    return "quotes.csv", bytes(content)


def odd_encoding(chance: random.Random) -> Content:
    text = csv_bytes(table_of(chance)).decode()
    encoding = chance.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7", "shift_jis"))
    content = text.encode(encoding, "replace")
    return "odd.csv", content[: len(content) - chance.randint(0, 3)]


def cyclic(chance: random.Random) -> Content:
    ids = [str(n) for n in range(chance.randint(2, 12))]
    rows = [[i, f"Account {i}", chance.choice(ids)] for i in ids]
    return "cycle.csv", csv_bytes([["Id", "Name", "Parent Id"], *rows])


def doubled_headers(chance: random.Random) -> Content:
    headers = [chance.choice(("Id", "id", " ID ", "Name", "", "\ufeffId")) for _ in range(6)]
    return "double.csv", csv_bytes([headers, *([_cell(chance) for _ in headers] for _ in range(5))])


def shapeless(chance: random.Random) -> Content:
    texts = ("", "\n", " ", "Id", "Id,Name", "Id,Name\n\n\n", ",,,\n,,,\n", "\ufeff", '"', "\r\r\r")
    ending = chance.choice(("csv", "xlsx", "json", "parquet", "gz"))
    return f"empty.{ending}", chance.choice(texts).encode()


def nasty_json(chance: random.Random) -> Content:
    headers, *rows = table_of(chance, rows=6)
    records: list[object] = [dict(zip(headers, row, strict=True)) for row in rows]
    records.insert(chance.randrange(6), chance.choice((1, None, [], "x", {"Id": {"a": [1]}}, {})))
    if chance.random() < 0.3:
        return "deep.json", b"[" * 5000 + b"]" * chance.randint(0, 5000)
    text = "\n".join(map(json.dumps, records)) if chance.random() < 0.5 else json.dumps(records)
    return "nasty.json", text[: len(text) - chance.choice((0, 0, 5, 50))].encode()


def damaged_binary(chance: random.Random) -> Content:
    ending = chance.choice(("xlsx", "parquet", "csv.gz", "sqlite", "duckdb"))
    content = bytearray(whole(ending))
    match chance.randrange(3):
        case 0:
            del content[chance.randrange(len(content)) :]
        case 1:
            for _ in range(chance.randint(1, 40)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        case _:
            start = chance.randrange(len(content))
            content[start : start + chance.randint(1, 200)] = b""
    return f"damaged.{ending}", bytes(content)


_WHOLE: dict[str, bytes] = {}


def whole(ending: str) -> bytes:
    """Return a sound file of accounts with nasty cells in a binary format."""
    if ending not in _WHOLE:
        rows = [["Id", "Name", "Industry"], *([str(n), NASTY[n], NASTY[-n]] for n in range(25))]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"accounts.{ending}"
            _save(rows, path, ending)
            _WHOLE[ending] = path.read_bytes()
    return _WHOLE[ending]


def _save(rows: list[list[str]], path: Path, ending: str) -> None:
    columns = ", ".join(f'"{name}" VARCHAR' for name in rows[0])
    if ending == "csv.gz":
        path.write_bytes(gzip.compress(csv_bytes(rows)))
    elif ending == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            assert book.active is not None
            book.active.append(["".join(c for c in cell if c >= " ") for cell in row])
        book.save(path)
    elif ending == "sqlite":
        with sqlite3.connect(path) as database:
            database.execute(f"CREATE TABLE accounts ({columns})")
            database.executemany("INSERT INTO accounts VALUES (?, ?, ?)", rows[1:])
        database.close()
    else:
        file = str(path) if ending == "duckdb" else ":memory:"
        with duckdb.connect(file) as engine:
            engine.execute(f"CREATE TABLE accounts ({columns})")
            engine.executemany("INSERT INTO accounts VALUES (?, ?, ?)", rows[1:])
            if ending == "parquet":
                engine.execute(f"COPY accounts TO '{path}' (FORMAT parquet)")


MAKERS: tuple[Maker, ...] = (
    random_bytes,
    nasty_csv,
    nasty_csv,
    with_nuls,
    broken_quotes,
    odd_encoding,
    cyclic,
    doubled_headers,
    shapeless,
    nasty_json,
    damaged_binary,
    damaged_binary,
)


def stands(bullseye: Callable, workspace: Path) -> None:
    """Check that the manifest, the files and the identity of rows agree."""
    warehouse = workspace / ".bullseye" / "warehouse"
    imports = bullseye("-w", workspace, "imports", "--json").document
    for each in imports:
        assert each["rows_read"] == each["kept"] + each["quarantined"] + each["exact_duplicates"]
        if each["quarantine"] is not None:
            assert (warehouse / each["quarantine"]).is_file()
    files = list((warehouse / "batches").rglob("*.parquet"))
    assert len(files) == len(imports)
    kept = sum(duckdb.read_parquet(str(f)).aggregate("count(*)").fetchall()[0][0] for f in files)
    assert kept == sum(each["kept"] for each in imports)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_hostile_file_is_imported_or_refused_in_words(
    batch: int, bullseye: Callable, workspace: Path, tmp_path: Path
) -> None:
    published = bullseye("-w", workspace, "runs", "--json").document
    files = []
    for number in range(FILES_PER_BATCH):
        chance = random.Random(batch * FILES_PER_BATCH + number)
        name, content = chance.choice(MAKERS)(chance)
        files.append(tmp_path / f"{number}-{name}")
        files[-1].write_bytes(content)
    table = TABLES[batch % len(TABLES)]
    said = ("--as-of", "2026-03-01", "--json")
    ran = bullseye("-w", workspace, "import", table, *files, *said)
    refused = f"\n{ran.err}".count("\nError: ")
    assert len(ran.document) + refused == FILES_PER_BATCH, ran.err
    assert ran.code in ({3, 4} if refused else {0})
    assert bullseye("-w", workspace, "runs", "--json").document == published
    stands(bullseye, workspace)
    if batch % ASKED_EVERY == 0:
        _answers(bullseye, workspace, tmp_path)


def _answers(bullseye: Callable, workspace: Path, tmp_path: Path) -> None:
    """Score what came in, and see that every face keeps it harmless."""
    run = bullseye("-w", workspace, "run", "--as-of", "2026-03-02")
    assert run.code in {0, 6}, run.err
    bullseye("-w", workspace, "check")
    listed = bullseye("-w", workspace, "accounts", "--limit", "500", "--json").document
    assert bullseye("-w", workspace, "accounts", "--limit", "500").code == 0
    for each in listed[:3]:
        assert bullseye("-w", workspace, "explain", "--", each["account_id"]).code == 0
    sheet = tmp_path / "list.csv"
    assert bullseye("-w", workspace, "export", sheet, "--all").code == 0
    with sheet.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(listed)
    cells = [cell for row in rows for name, cell in row.items() if not _is_number(cell)]
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def test_a_cell_of_ten_megabytes_is_kept_or_set_aside(
    bullseye: Callable, workspace: Path, tmp_path: Path
) -> None:
    path = tmp_path / "large.csv"
    path.write_text("Id,Name\n1,Acme\n2," + "x" * 10_000_000 + "\n3,Gamma\n")
    ran = bullseye("-w", workspace, "import", "accounts", path, "--json")
    assert ran.code in {0, 4}
    if ran.code == 0:
        (done,) = ran.document
        assert done["report"]["rows_read"] == 3
    stands(bullseye, workspace)


def test_five_thousand_columns_are_read_or_refused(
    bullseye: Callable, workspace: Path, tmp_path: Path
) -> None:
    path = tmp_path / "wide.csv"
    names = ["Id", "Name", *(f"c{n}" for n in range(5000))]
    path.write_text(",".join(names) + "\n" + ",".join(["1"] * len(names)) + "\n")
    ran = bullseye("-w", workspace, "import", "accounts", path)
    assert ran.code in {0, 4}
    stands(bullseye, workspace)


def test_a_packed_bomb_does_not_fill_the_disk_for_ever(
    bullseye: Callable, workspace: Path, tmp_path: Path
) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"Id,Name\n" + b"0" * 50_000_000))
    assert bullseye("-w", workspace, "import", "accounts", path).code in {0, 4}
    stands(bullseye, workspace)
