"""Engines nobody runs here are asked in their own words: shown on a driver that only listens."""

import sys
from collections.abc import Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from bullseye.errors import ExternalError, UsageError
from bullseye.warehouse.engines import Engine, open_engine


class Listening:
    """A connection that keeps what it is asked, and answers with the rows it was given."""

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.asked: list[str] = []
        self.answers: dict[str, Sequence[Any]] = {}
        self.description = [("column",)]
        self.refuses = ""

    def cursor(self) -> "Listening":
        return self

    def execute(self, sql: str) -> None:
        self.asked.append(sql)
        if self.refuses and self.refuses in sql:
            raise RuntimeError("Insufficient privileges\n  at line 1 of a long trace")

    def fetchall(self) -> Sequence[Any]:
        return next((rows for part, rows in self.answers.items() if part in self.asked[-1]), [])

    def close(self) -> None:
        """Stay: the test still looks at what was asked."""


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Listening:
    """The connection that every driver gives."""
    listening = Listening()

    def connect(*_: Any, **given: Any) -> Listening:
        listening.given = given
        return listening

    client = SimpleNamespace(get_service_account_email=lambda: "b@p.example")
    modules = {
        "snowflake.connector": {"connect": connect},
        "trino.dbapi": {"connect": connect},
        "trino.auth": {"BasicAuthentication": lambda user, password: (user, password)},
        "google.cloud.bigquery": {
            "Client": lambda **_: client,
            "QueryJobConfig": lambda **settings: settings,
        },
        "google.cloud.bigquery.dbapi": {"connect": connect},
    }
    for name, members in modules.items():
        parts = name.split(".")
        for end in range(1, len(parts)):
            parent = ".".join(parts[:end])
            monkeypatch.setitem(sys.modules, parent, sys.modules.get(parent) or ModuleType(parent))
        module = ModuleType(name)
        module.__dict__.update(members)
        monkeypatch.setitem(sys.modules, name, module)
    return listening


def test_snowflake_finds_names_written_in_lower_case(driver: Listening) -> None:
    driver.answers = {"columns": [("ID", "TEXT"), ("STAFF", "NUMBER")], "current_role": [("R",)]}
    with open_engine("snowflake://ada:pw@acme/sales?warehouse=w") as engine:
        found = engine.columns("sales.crm.accounts")
        assert engine.quoted("crm.accounts") == '"CRM"."ACCOUNTS"'
        assert engine.quoted('crm."Accounts') == '"CRM"."""Accounts"'
        assert engine.grant_reading("crm.accounts").endswith(
            'GRANT SELECT ON "CRM"."ACCOUNTS" TO ROLE "R"'
        )
    assert [column.name for column in found or ()] == ["ID", "STAFF"]
    assert '"SALES".information_schema.columns' in driver.asked[0]
    assert driver.given["account"] == "acme"
    assert driver.given["warehouse"] == "w"


def test_bigquery_asks_the_datasets_own_catalogue(driver: Listening) -> None:
    with open_engine("bigquery://project") as engine:
        assert engine.columns("crm.accounts") is None
        assert "serviceAccount:b@p.example" in engine.grant_writing("bullseye")
    assert "FROM `crm`.INFORMATION_SCHEMA.columns" in driver.asked[0]


def test_trino_sends_a_password_only_over_https(driver: Listening) -> None:
    with open_engine("trino://ada:p%40ss@host:8443/hive"):
        assert driver.given["http_scheme"] == "https"
        assert driver.given["auth"] == ("ada", "p@ss")
    with open_engine("trino://ada@host/hive"):
        assert driver.given["http_scheme"] == "http"


def test_what_a_driver_raises_is_one_line_without_the_password(driver: Listening) -> None:
    driver.refuses = "SELECT"
    with open_engine("trino://ada:p%40ss@host/hive") as engine:
        with pytest.raises(ExternalError) as error:
            engine.rows("SELECT 1")
        assert error.value.problem == "Trino says: Insufficient privileges"


def denied(engine: Engine) -> str:
    found = engine.write_denied("bullseye")
    return found.what if found else "nothing"


@pytest.mark.parametrize(
    ("refused", "what"),
    [
        ("CREATE SCHEMA", "make the schema bullseye"),
        ("CREATE TABLE", "make tables in bullseye"),
        ("CREATE OR REPLACE VIEW", "make views in bullseye"),
        ("nothing", "nothing"),
    ],
)
def test_of_what_may_not_be_written_the_first_is_named(
    driver: Listening, refused: str, what: str
) -> None:
    driver.refuses = refused
    with open_engine("trino://ada@host/hive") as engine:
        assert denied(engine) == what


@pytest.mark.parametrize("relation", ["", "a..b", "a.b.c.d", " . "])
def test_a_relation_that_names_no_table_is_refused(driver: Listening, relation: str) -> None:
    with open_engine("trino://ada@host/hive") as engine, pytest.raises(UsageError):
        engine.quoted(relation)
