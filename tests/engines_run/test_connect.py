"""`bullseye connect`: what it looks at, what it keeps, and what it never shows."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.engines_run.worlds import ACCOUNTS, CUSTOMERS, believe, filled, related

from bullseye.definitions.source import Source
from bullseye.errors import UsageError
from bullseye.faces.cli.main import code_of
from bullseye.pipeline.connecting import dbt_sources
from bullseye.warehouse.connection import FILE, Connection, chosen, kept
from bullseye.warehouse.engines import ENGINES, open_engine
from bullseye.warehouse.engines.address import shown, without_secrets
from bullseye.warehouse.remote import VIEW_COLUMNS
from bullseye.workspace import PRIVATE


class Said:
    """What commands answered."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capfd = folder, capfd

    def __call__(self, *arguments: object) -> tuple[int, str]:
        self.capfd.readouterr()
        code = code_of(["-w", str(self.folder), *(str(each) for each in arguments)])
        out, err = self.capfd.readouterr()
        assert "Traceback" not in out + err
        return code, out + err


@pytest.fixture
def bullseye(world: Any, duckdb_house: Any, capfd: pytest.CaptureFixture[str]) -> Said:
    """The command line over a workspace whose sources are tables of a DuckDB file."""
    believe(world)
    related(world, filled(duckdb_house))
    (world.folder / PRIVATE / FILE).unlink()
    world.write()
    return Said(world.folder, capfd)


def test_it_names_the_engine_the_tables_and_their_columns(
    bullseye: Said, duckdb_house: Any
) -> None:
    code, said = bullseye("connect", duckdb_house.url, "--json")
    found = json.loads(said)
    assert code == 0
    assert found["is_usable"] is True
    assert found["connection"]["engine"].startswith("duckdb ")
    relations = {each["relation"]: each for each in found["connection"]["relations"]}
    assert [name for name, _ in relations["crm.accounts"]["columns"]] == list(ACCOUNTS)
    assert relations["crm.events"]["problems"] == []


def test_connected_run_accounts_and_explain_work_as_ever(bullseye: Said, duckdb_house: Any) -> None:
    assert bullseye("connect", duckdb_house.url)[0] == 0
    code, said = bullseye("run")
    assert (code, "6 accounts" in said) == (0, True)
    assert "a1" in bullseye("accounts", "--json")[1]
    assert bullseye("explain", "a1")[0] == 0
    assert bullseye("report", bullseye.folder / "r.html")[0] == 0
    code, said = bullseye("markets", "--json")
    assert code == 0
    assert json.loads(said)


def test_a_run_in_the_warehouse_cannot_be_replayed_and_says_why(
    bullseye: Said, duckdb_house: Any
) -> None:
    bullseye("connect", duckdb_house.url)
    run = json.loads(bullseye("run", "--json")[1])["run_id"]
    code, said = bullseye("replay", run)
    assert code == 2
    assert "cannot be replayed to the byte" in said
    assert "bullseye run" in said


def test_dry_run_prints_the_statements_and_writes_nothing(
    bullseye: Said, duckdb_house: Any
) -> None:
    bullseye("connect", duckdb_house.url)
    code, said = bullseye("run", "--dry-run")
    assert code == 0
    assert 'CREATE TABLE "bullseye"."scores_next" AS' in said
    assert 'CREATE OR REPLACE VIEW "bullseye"."scores" AS' in said
    names = {name for (name,) in duckdb_house.query("SELECT table_name FROM duckdb_tables()")}
    assert names == {"accounts", "events"}


def test_a_dry_run_of_connect_keeps_and_writes_nothing(bullseye: Said, duckdb_house: Any) -> None:
    assert bullseye("connect", duckdb_house.url, "--dry-run")[0] == 0
    assert kept(bullseye.folder / PRIVATE) is None
    schemas = duckdb_house.query("SELECT schema_name FROM duckdb_schemas()")
    assert ("bullseye",) not in schemas


def test_a_column_that_is_missing_is_named(bullseye: Said, duckdb_house: Any) -> None:
    without = {name: kind for name, kind in ACCOUNTS.items() if name != "staff"}
    duckdb_house.table("crm.accounts", without, CUSTOMERS)
    code, said = bullseye("connect", duckdb_house.url)
    assert code == 1
    assert "employees: 'staff': there is no such column" in said
    code, said = bullseye("run")
    assert code == 4
    assert "crm.accounts: employees: 'staff': there is no such column" in said


def test_a_column_of_another_type_is_named(bullseye: Said, duckdb_house: Any) -> None:
    duckdb_house.table("crm.accounts", {**ACCOUNTS, "staff": "list"}, [])
    code, said = bullseye("connect", duckdb_house.url)
    assert code == 1
    assert "its type VARCHAR[] cannot be read as count" in said


def test_a_table_that_is_not_there_is_named(bullseye: Said, duckdb_house: Any) -> None:
    duckdb_house.query("DROP TABLE crm.events")
    code, said = bullseye("connect", duckdb_house.url)
    assert code == 1
    assert "crm.events is not there" in said


def test_the_connection_is_kept_for_its_owner_only(bullseye: Said, duckdb_house: Any) -> None:
    bullseye("connect", duckdb_house.url)
    path = bullseye.folder / PRIVATE / FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_of_a_variable_only_the_name_is_kept(
    bullseye: Said, duckdb_house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", duckdb_house.url)
    assert bullseye("connect", "--url-env", "WAREHOUSE_URL")[0] == 0
    assert duckdb_house.url not in (bullseye.folder / PRIVATE / FILE).read_text()
    assert bullseye("run")[0] == 0
    monkeypatch.delenv("WAREHOUSE_URL")
    code, said = bullseye("run")
    assert (code, "WAREHOUSE_URL holds no URL" in said) == (2, True)


def test_off_forgets_the_connection_and_a_run_says_so(bullseye: Said, duckdb_house: Any) -> None:
    bullseye("connect", duckdb_house.url)
    assert bullseye("connect", "--off") == (0, "Forgot the connection.\n")
    code, said = bullseye("run")
    assert (code, "none is connected" in said) == (2, True)
    assert bullseye("connect")[0] == 2


@pytest.mark.parametrize("schema", ["bullseye", "analytics.bullseye"])
def test_the_view_is_described_to_dbt_with_every_column(schema: str) -> None:
    (source,) = yaml.safe_load(dbt_sources(schema))["sources"]
    (table,) = source["tables"]
    assert source["schema"] == "bullseye"
    assert table["name"] == "scores"
    assert [column["name"] for column in table["columns"]] == list(VIEW_COLUMNS)
    assert all(column["description"] for column in table["columns"])


def test_what_dbt_is_told_is_what_the_view_has(bullseye: Said, duckdb_house: Any) -> None:
    target = bullseye.folder / "sources.yml"
    assert bullseye("connect", duckdb_house.url, "--dbt", target)[0] == 0
    bullseye("run")
    (source,) = yaml.safe_load(target.read_text())["sources"]
    there = duckdb_house.query("SELECT column_name FROM (DESCRIBE bullseye.scores)")
    assert [column["name"] for column in source["tables"][0]["columns"]] == [n for (n,) in there]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:p%40ss@db/crm",
        "postgresql://db/crm?user=ada&password=p%40ss",
        "snowflake://ada:p%40ss@acme/crm?private_key_file_pwd=p%40ss",
        "sc://host:15002/;token=p%40ss",
        "trino://ada:p%40ss@host/hive",
    ],
)
def test_no_secret_of_a_url_is_shown(url: str) -> None:
    assert "p%40ss" not in shown(url)
    said = without_secrets(f"cannot reach {url} (password p@ss)", url)
    assert "p%40ss" not in said
    assert "p@ss" not in said
    assert "p%40ss" not in repr(Connection("bullseye", url))


@pytest.mark.parametrize("url", ["", "crm.duckdb", "mysql://db/crm", "http://host"])
def test_an_address_of_no_engine_is_refused_with_those_there_are(url: str) -> None:
    with pytest.raises(UsageError, match="names no warehouse we know") as error, open_engine(url):
        pass
    assert all(f"{name}://" in error.value.hint for name in ENGINES)


@pytest.mark.parametrize("name", ["snowflake", "bigquery", "trino"])
def test_a_driver_that_is_not_installed_names_its_extra(name: str) -> None:
    with pytest.raises(UsageError) as error, open_engine(f"{name}://ada@host/crm"):
        pass
    assert error.value.hint == f"Install it with: pip install 'bullseye-gtm[{name}]'"


def test_a_url_in_the_place_of_a_variables_name_is_not_echoed() -> None:
    with pytest.raises(UsageError) as error:
        chosen(None, "postgresql://ada:s3cret@db/crm", "bullseye")
    assert "s3cret" not in str(error.value)


def test_a_source_takes_files_or_a_relation() -> None:
    with pytest.raises(ValueError, match="either files or a relation"):
        Source.model_validate(
            {
                "name": "crm",
                "owner": "Ada",
                "review_by": "2030-01-01",
                "review_when": ["it moves"],
                "table": "accounts",
                "files": ["a.csv"],
                "relation": "crm.accounts",
                "columns": {"account_id": "id"},
            }
        )
