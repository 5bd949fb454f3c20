"""The exports look like those of real systems: same bytes per seed, dirty, but consistent."""

import csv
import hashlib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bullseye.definitions.field import TableName
from bullseye.demo.generate import ExportedFile, World, generate
from bullseye.demo.sales_exports import opportunity_ids
from bullseye.demo.story import INDUSTRIES, LEAKY_FIELD, STAGES
from bullseye.demo.truth import Dirt
from bullseye.errors import UsageError

TODAY = date(2026, 6, 30)
Rows = list[dict[str, str]]


def rows_of(file: ExportedFile) -> Rows:
    encoding = "cp1252" if file.table == TableName.CONTACTS else "utf-8-sig"
    delimiter = ";" if file.source == "enrichment" else ","
    with file.path.open(encoding=encoding, newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def newest(world: World, source: str) -> Rows:
    return rows_of([file for file in world.files if file.source == source][-1])


def digest(world: World) -> str:
    whole = hashlib.sha256()
    for file in world.files:
        whole.update(file.path.read_bytes())
    return whole.hexdigest()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return generate(tmp_path_factory.mktemp("world"), accounts=5_000, seed=3, today=TODAY)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", accounts=300, seed=5, today=TODAY)
    again = generate(tmp_path / "b", accounts=300, seed=5, today=TODAY)
    other = generate(tmp_path / "c", accounts=300, seed=6, today=TODAY)
    assert digest(first) == digest(again)
    assert digest(first) != digest(other)


def test_the_smallest_world_has_every_file_with_a_header(tmp_path: Path) -> None:
    small = generate(tmp_path, accounts=20, today=TODAY)
    heads = [f.path.read_bytes().splitlines()[0].removeprefix(b"\xef\xbb\xbf") for f in small.files]
    assert all(head.startswith(b'"') for head in heads)
    assert len(rows_of(small.of_table(TableName.ACCOUNTS)[-1])) >= 14


def test_the_row_counts_reported_are_those_in_the_files(world: World) -> None:
    assert [file.rows for file in world.files] == [len(rows_of(file)) for file in world.files]


def test_accounts_are_exported_every_quarter_and_grow(world: World) -> None:
    exports = [file for file in world.files if file.source == "crm_companies"]
    days = [file.as_of for file in exports]
    assert days[-1] == TODAY
    assert {b - a for a, b in pairwise(days)} == {timedelta(days=91)}
    assert [file.rows for file in exports] == sorted(file.rows for file in exports)
    assert all(str(file.as_of) in file.path.name for file in exports)


def test_headcount_hiring_technologies_and_funding_change_between_exports(world: World) -> None:
    first, *_, last = [file for file in world.files if file.source == "enrichment"]
    before = {row["CRM Record ID"]: row for row in rows_of(first)}
    after = {row["CRM Record ID"]: row for row in rows_of(last)}
    both = before.keys() & after.keys()
    for column in ("Employee Range", "Hiring", "Technologies", "Funding Stage"):
        changed = sum(before[key][column] != after[key][column] for key in both)
        assert 0.02 < changed / len(both) < 0.6, column


def test_usage_of_two_thousand_accounts_stays_below_100_000_rows(tmp_path: Path) -> None:
    world = generate(tmp_path, accounts=2_000, today=TODAY)
    (usage,) = world.of_table(TableName.USAGE)
    assert 20_000 < usage.rows < 100_000


def test_exact_duplicates_are_as_frequent_as_stated(world: World) -> None:
    rows = [tuple(row.values()) for row in newest(world, "opportunities")]
    again = len(rows) - len(set(rows))
    assert 0.3 * Dirt().exact_duplicate < again / len(rows) < 2 * Dirt().exact_duplicate


def test_some_record_numbers_appear_twice_with_different_facts(world: World) -> None:
    rows = {tuple(row.values()) for row in newest(world, "crm_companies")}
    twice = [key for key, n in Counter(row[0] for row in rows).items() if n > 1]
    assert 0.002 < len(twice) / len(rows) < 0.01


def test_some_accounts_exist_twice_under_one_domain(world: World) -> None:
    rows = newest(world, "crm_companies")
    keys: dict[str, set[str]] = {}
    for row in rows:
        keys.setdefault(row["Company Domain Name"], set()).add(row["Record ID"])
    twins = sum(len(ids) == 2 for domain, ids in keys.items() if domain.endswith(".example"))
    assert 0.004 < twins / len(rows) < 0.02


def test_industries_are_spelled_in_several_ways(world: World) -> None:
    written = [row["Industry"] for row in newest(world, "crm_companies")]
    odd = [word for word in written if word not in INDUSTRIES]
    assert {word.strip().lower() for word in written} >= {name.lower() for name in INDUSTRIES}
    assert 0.05 < len(odd) / len(written) < 0.2


def test_names_include_what_breaks_careless_software(world: World) -> None:
    names = [row["Company name"] for row in newest(world, "crm_companies")]
    for mark in ('"', ",", "\n", "=HYPERLINK", "<script>", "株式会社", "Ελλάς"):
        assert any(mark in name for name in names), mark
    assert sum(not name.isascii() for name in names) / len(names) < 0.03


def test_numbers_and_dates_include_the_impossible(world: World) -> None:
    companies = newest(world, "crm_companies")
    assert {"99999999", "-5", "many"} <= {row["Number of Employees"] for row in companies}
    dates = {row["Event Date"] for row in newest(world, "signals")}
    assert {"31/02/2025", "45/13/2024"} <= dates


def test_two_accounts_own_each_other_and_one_owns_itself(world: World) -> None:
    parent = {row["Record ID"]: row["Parent Company"] for row in newest(world, "crm_companies")}
    cyclic = {key for key, above in parent.items() if above and parent.get(above) == key}
    assert len(cyclic) >= 3
    assert any(parent[key] == key for key in cyclic)


def test_about_a_third_of_accounts_is_unknown_somewhere(world: World) -> None:
    enriched = {r["CRM Record ID"]: r["Funding Stage"] for r in newest(world, "enrichment")}
    companies = {row["Record ID"]: row["Industry"] for row in newest(world, "crm_companies")}
    known_words = {name.lower() for name in INDUSTRIES}
    unknown = [
        key
        for key, industry in companies.items()
        if key not in enriched or " ".join(industry.lower().split()) not in known_words
    ]
    assert 0.28 < len(unknown) / len(companies) < 0.40


def test_contacts_are_in_windows_1252_and_nothing_is_lost(world: World) -> None:
    file = world.of_table(TableName.CONTACTS)[-1]
    raw = file.path.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")
    assert "Jürgen" in raw.decode("cp1252")
    assert not any("?" in row["LastName"] for row in rows_of(file))


def test_champions_are_promoted_and_contacts_move(world: World) -> None:
    earlier, later = (rows_of(file) for file in world.of_table(TableName.CONTACTS))
    titles = {row["Id"]: row["Title"] for row in earlier if row["Title"]}
    promoted = [r for r in later if r["Id"] in titles and r["Title"] not in ("", titles[r["Id"]])]
    profiles: dict[str, set[str]] = {}
    for row in later:
        profiles.setdefault(row["LinkedIn URL"], set()).add(row["AccountId"])
    moved = [url for url, at in profiles.items() if url and len(at) > 1]
    assert len(promoted) > 50
    assert len(moved) > 20


def test_everything_refers_to_what_exists(world: World) -> None:
    accounts = {row["Record ID"] for row in newest(world, "crm_companies")}
    contacts = {row["Id"] for row in newest(world, "contacts")}
    sold = {row["Id"] for row in newest(world, "opportunities")}
    paid = {row["Subscription ID"] for row in newest(world, "subscriptions")}
    for source, column, known in (
        ("contacts", "AccountId", accounts),
        ("opportunities", "AccountId", accounts),
        ("opportunity_history", "Id", sold),
        ("contact_roles", "OpportunityId", sold),
        ("contact_roles", "ContactId", contacts),
        ("subscriptions", "Account ID", accounts),
        ("usage", "Subscription ID", paid),
        ("signals", "Record ID", accounts | {""}),
        ("touches", "WhoId", contacts),
        ("touches", "AccountId", accounts),
    ):
        assert {row[column] for row in newest(world, source)} <= known, (source, column)


def test_history_ends_where_the_opportunity_stands(world: World) -> None:
    now = {row["Id"]: row["StageName"] for row in newest(world, "opportunities")}
    last: dict[str, tuple[str, str]] = {}
    for row in newest(world, "opportunity_history"):
        last[row["Id"]] = max(last.get(row["Id"], ("", "")), (row["LastModifiedDate"], ""))
    by_day: dict[tuple[str, str], set[str]] = {}
    for row in newest(world, "opportunity_history"):
        by_day.setdefault((row["Id"], row["LastModifiedDate"]), set()).add(row["StageName"])
    assert all(now[key] in by_day[key, day] for key, (day, _) in last.items())
    assert last.keys() == now.keys()


def test_nothing_was_known_before_it_happened_or_after_today(world: World) -> None:
    history = newest(world, "opportunity_history")
    assert all(row["CreatedDate"] <= row["LastModifiedDate"][:10] <= str(TODAY) for row in history)


def test_open_opportunities_carry_an_expected_close_date(world: World) -> None:
    rows = [row for row in newest(world, "opportunities") if row["StageName"] in STAGES]
    assert rows
    assert all(row["CloseDate"] for row in rows)


def test_the_leaky_field_is_filled_only_after_a_win(world: World) -> None:
    won = {
        row["AccountId"]
        for row in newest(world, "opportunities")
        if row["StageName"] == "Closed Won"
    }
    filled = {row["Record ID"] for row in newest(world, "crm_companies") if row[LEAKY_FIELD]}
    own = {key for key in filled if not key.startswith("95")}
    assert own <= won
    assert len(own) / len(won) > 0.85


def test_in_a_null_world_the_leaky_field_says_nothing(tmp_path: Path) -> None:
    null = generate(tmp_path, accounts=2_000, today=TODAY, planted=False)
    won = {r["AccountId"] for r in newest(null, "opportunities") if r["StageName"] == "Closed Won"}
    companies = newest(null, "crm_companies")
    filled = {row["Record ID"] for row in companies if row[LEAKY_FIELD]}
    assert len(filled & won) / len(filled) == pytest.approx(len(won) / 2_000, abs=0.08)


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UsageError, match="cannot be written"):
        generate(tmp_path / "taken", accounts=20, today=TODAY)


def test_no_snapshot_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too few"):
        generate(tmp_path, accounts=20, today=TODAY, snapshots=0)


def test_identifiers_of_different_blocks_never_meet() -> None:
    rows = np.arange(5)
    first, second = opportunity_ids(0, rows).to_pylist(), opportunity_ids(1, rows).to_pylist()
    assert not set(first) & set(second)


def test_files_are_listed_in_the_order_they_were_exported(world: World) -> None:
    days = [file.as_of for file in world.files]
    assert days == sorted(days)
