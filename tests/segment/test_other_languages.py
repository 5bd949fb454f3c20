"""Files of other languages, and files whose identifier has a name nobody foresaw."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

GERMAN = (
    "Firmen-ID;Firma;Webseite;Branche;Mitarbeiter;Jahresumsatz (EUR);Land\n"
    "1001;Müller & Söhne GmbH;https://www.mueller-soehne.de/start;Maschinenbau;1.250;12,5 Mio;"
    "Deutschland\n"
    "1002;Äpfel AG;aepfel.ch;Handel;ca. 80;3.400.000,00;Schweiz\n"
)
FRENCH = (
    "Code client;Raison sociale;Secteur;Effectif;Pays\n"
    "C1;Société Générale de Café;Commerce;1 250;France\nC2;Bleu SARL;Industrie;30;Belgique\n"
)


def kept(north: Path, done: Any) -> list[tuple[Any, ...]]:
    report = done["report"]
    folder = north / ".bullseye" / "warehouse" / "batches" / "accounts" / report["source"]
    newest = max(folder.glob("*.parquet"), key=lambda path: path.stat().st_mtime_ns)
    columns = "account_id, name, industry, employees, country"
    return duckdb.read_parquet(str(newest)).project(columns).order("account_id").fetchall()


def euros(north: Path) -> None:
    settings = north / "bullseye.yaml"
    settings.write_text(settings.read_text().replace("currency: USD", "currency: EUR"))


def test_a_german_export_maps_by_itself(imported: Callable, north: Path, tmp_path: Path) -> None:
    euros(north)
    path = tmp_path / "firmen.csv"
    path.write_text(GERMAN, encoding="cp1252")
    assert kept(north, imported("accounts", path)) == [
        ("1001", "Müller & Söhne GmbH", "Maschinenbau", 1250, "DE"),
        ("1002", "Äpfel AG", "Handel", 80, "CH"),
    ]


def test_a_french_export_maps_by_itself(imported: Callable, north: Path, tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    path.write_text(FRENCH, encoding="utf-8")
    assert kept(north, imported("accounts", path)) == [
        ("C1", "Société Générale de Café", "Commerce", 1250, "FR"),
        ("C2", "Bleu SARL", "Industrie", 30, "BE"),
    ]


def test_a_column_that_says_it_identifies_is_the_identifier(
    imported: Callable, write: Callable
) -> None:
    path = write("rows.csv", "Widget Key,Company Name\nk1,Acme\nk2,Acme\nk3,Beta\n")
    matches = {m["field"]: m["column"] for m in imported("accounts", path)["matches"]}
    assert (matches["account_id"], matches["name"]) == ("Widget Key", "Company Name")


def test_a_domain_that_doubles_as_identifier_is_a_domain(
    imported: Callable, write: Callable, north: Path
) -> None:
    path = write("sites.csv", "Website,Employees\nhttps://www.acme.com/start,50\nbeta.io,70\n")
    report = imported("accounts", path)["report"]
    folder = north / ".bullseye" / "warehouse" / "batches" / "accounts" / report["source"]
    (batch,) = folder.glob("*.parquet")
    rows = duckdb.read_parquet(str(batch)).project("account_id, domain").order("1").fetchall()
    assert rows == [("acme.com", "acme.com"), ("beta.io", "beta.io")]


def test_a_cell_that_separates_its_items_otherwise_is_split_and_shown(
    imported: Callable, write: Callable, north: Path
) -> None:
    rows = '1,"Salesforce, HubSpot"\n2,Salesforce; Marketo\n3,SAP\n4,"Acme, Inc."\n5,a|b\n'
    report = imported("accounts", write("stack.csv", "Id,Tech Stack\n" + rows))["report"]
    folder = north / ".bullseye" / "warehouse" / "batches" / "accounts" / report["source"]
    (batch,) = folder.glob("*.parquet")
    lists = duckdb.read_parquet(str(batch)).project("technologies").order("1").fetchall()
    assert sorted(each for (each,) in lists) == [
        ["Acme, Inc."],
        ["SAP"],
        ["Salesforce", "HubSpot"],
        ["Salesforce", "Marketo"],
        ["a", "b"],
    ]
    (field,) = [f for f in report["fields"] if f["field"] == "technologies"]
    assert {odd["what"]: odd["rows"] for odd in field["suspicions"]} == {
        "items apart by ',', unlike the column": 1,
        "items apart by '|', unlike the column": 1,
    }
