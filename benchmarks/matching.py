"""How often a match is right, and what matching costs: ``python -m benchmarks.matching --help``.

Public sets are read from the folder that --data or BULLSEYE_TEST_DATA names. The rules for names
were improved by looking at one half of the pairs of names; what is printed is the other half,
which nobody looked at. The halves are drawn by a hash of the firm, or of the pair.
"""

import argparse
import csv
import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb

from benchmarks.measuring import Cost, in_a_process, report, table
from bullseye.stats.proportions import wilson
from bullseye.warehouse.connect import connect
from bullseye.warehouse.matching import clean_name, key_accounts, matched
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.references import match_the_rest
from bullseye.warehouse.rows_in import make_table

ACCOUNT = {
    "account_id": "VARCHAR",
    "name": "VARCHAR",
    "domain": "VARCHAR",
    "former_names": "VARCHAR[]",
    "country": "VARCHAR",
}
ROW = {"account_id": "VARCHAR", "domain": "VARCHAR", "name": "VARCHAR", "country": "VARCHAR"}


class Judged(NamedTuple):
    """A row's method, the account it got, and the one it is in truth."""

    method: str
    found: str | None
    truth: str | None
    is_shown: bool = False
    """Whether a person is shown the right account, where it was not taken."""


def is_reported(key: str) -> bool:
    """Whether a firm or pair lies in the half that no rule was improved by."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 == 1


def judged(
    connection: duckdb.DuckDBPyConnection,
    accounts: Iterable[Sequence[object]],
    rows: Iterable[Sequence[object]],
    former: Path,
) -> list[Judged]:
    """Match rows of domain, name, country and truth to accounts as a state does."""
    make_table(connection, "accounts", ACCOUNT, accounts)
    kinds = {"domain": "VARCHAR", "name": "VARCHAR", "country": "VARCHAR", "truth": "VARCHAR"}
    make_table(connection, "given", kinds, rows)
    match(connection, "(SELECT NULL::VARCHAR AS account_id, * FROM given)", "accounts", former)
    found = connection.execute("SELECT _match_method, account_id, truth FROM other").fetchall()
    return [Judged(*row) for row in found]


def match(connection: duckdb.DuckDBPyConnection, rows: str, accounts: str, former: Path) -> None:
    """Make the table `other`: the rows with their account, by every step."""
    select = matched(
        rows,
        accounts,
        domain="r.domain",
        name=clean_name("r.name"),
        reference=("r.domain", "r.name", "r.country"),
    )
    key_accounts(connection, accounts)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE other AS"
        f" SELECT * REPLACE (_matched_id AS account_id) FROM ({select})"
    )
    match_the_rest(connection, "other", accounts, former=former)


def figures(label: str, found: Sequence[Judged]) -> list[list[str]]:
    """Return the lines of a table: precision per method, and recall over all."""
    by_method: dict[str, list[Judged]] = {}
    for each in found:
        if each.found is not None:
            by_method.setdefault(each.method, []).append(each)
    lines = [
        [label, method, f"{len(some):,}", _share(sum(e.found == e.truth for e in some), len(some))]
        for method, some in sorted(by_method.items())
    ]
    right = sum(e.found == e.truth for e in found if e.found is not None)
    taken = sum(e.found is not None for e in found)
    there = sum(e.truth is not None for e in found)
    ambiguous = sum(e.method == "ambiguous" for e in found)
    lines.append([label, "precision of all", f"{taken:,}", _share(right, taken)])
    lines.append([label, "recall of all", f"{there:,}", _share(right, there)])
    told = sum(e.truth is not None and (e.found == e.truth or e.is_shown) for e in found)
    lines.append([label, "found, or shown to a person", f"{there:,}", _share(told, there)])
    lines.append([label, "left to a person", f"{len(found):,}", _share(ambiguous, len(found))])
    return lines


def _share(count: int, n: int) -> str:
    if not n:
        return "none"
    share = wilson(count, n)
    return f"{count / n:.3f} ({share.low:.3f}-{share.high:.3f})"


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path) -> list[list[str]]:
    """Judge pairs of names, each alone: whether the second finds the first where it should."""
    found = []
    for row in _read(path):
        if not is_reported(row["cluster_a"] or row["pair_id"]):
            continue
        alone = [("a", row["name_a"], None, None, None)]
        truth = "a" if row["label"] == "1" else None
        connection.execute("CREATE OR REPLACE TEMP TABLE candidates AS SELECT 1 WHERE FALSE")
        (one,) = judged(connection, alone, [(None, row["name_b"], None, truth)], folder)
        shown = connection.execute("SELECT count(*) FROM candidates").fetchall()[0][0]
        found.append(one._replace(is_shown=one.found is None and shown > 0))
    return figures(path.stem, found)


def records(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path) -> list[list[str]]:
    """Judge ways of writing a name: whether each finds its account among the proper names."""
    every = [row for row in _read(path) if is_reported(row["cluster_id"])]
    proper = {row["cluster_id"]: (row["canonical_name"], row["country"]) for row in every}
    accounts = [(key, name, None, None, country) for key, (name, country) in proper.items()]
    rows = [
        (None, row["name_variant"], row["country"], row["cluster_id"])
        for row in every
        if row["name_variant"] != row["canonical_name"]
    ]
    return figures("company_records", judged(connection, accounts, rows, folder))


def renames(connection: duckdb.DuckDBPyConnection, path: Path, folder: Path) -> list[list[str]]:
    """Judge links of the first snapshot's names and domains to the last snapshot's accounts.

    The stable id is the truth and never an input. Names and domains that stayed the same are
    left out: what is asked is whether a changed one is found.
    """
    source = f"(SELECT *, {_host('website')} AS domain FROM {reading(path)})"
    first, last = connection.execute(
        f"SELECT min(snapshot), max(snapshot) FROM {source}"
    ).fetchall()[0]
    now = connection.execute(
        f"SELECT id::VARCHAR, name, domain, nullif(split(coalesce(former_names, ''), '|'), ['']),"
        f" NULL FROM {source} WHERE snapshot = ? ORDER BY id",
        [last],
    ).fetchall()
    then = connection.execute(
        f"SELECT o.id::VARCHAR, o.name, o.domain FROM {source} AS o JOIN {source} AS n"
        " ON n.id = o.id AND n.snapshot = ? AND o.snapshot = ?"
        " WHERE o.name <> n.name ORDER BY o.id",
        [last, first],
    ).fetchall()
    past = folder / "former.parquet"
    publish(
        connection,
        f"SELECT DISTINCT id::VARCHAR AS account_id, name, domain FROM {source}"
        f" WHERE snapshot > '{first}' AND snapshot < '{last}'",
        past,
    )
    bare = [(row[0], row[1], row[2], None, None) for row in now]
    by_name = [(None, name, None, number) for number, name, _ in then]
    by_domain = [(domain, None, None, number) for number, _, domain in then if domain]
    without, nothing = [], folder / "none"
    for label, rows in (("old name", by_name), ("old domain", by_domain)):
        without += figures(
            f"renamed, {label}, without former names", judged(connection, bare, rows, nothing)
        )
        without += figures(
            f"renamed, {label}, with the directory's", judged(connection, now, rows, nothing)
        )
        without += figures(
            f"renamed, {label}, with our history's", judged(connection, bare, rows, past)
        )
    return without


def _host(column: str) -> str:
    return (
        f"nullif(regexp_replace(regexp_extract(lower({column}), '^(?:https?://)?([^/:?#]+)', 1),"
        " '^www[.]', ''), '')"
    )


def many(folder: Path, contacts: int, accounts: int, *, is_floor: bool) -> Cost:
    """Match so many contacts to so many accounts; the floor joins equal domains only.

    Of the contacts, 60 % give the account's domain, 10 % a host below it, 10 % its name with
    another legal form, 5 % its name with a letter missing, 10 % free mail, 5 % what is not there.
    """
    connection = connect(folder / "scratch")
    connection.execute(
        f"""CREATE TEMP TABLE accounts AS SELECT 'A' || i AS account_id,
  w1 || ' ' || w2 || ' GmbH' AS name, lower(w1 || w2) || '.de' AS domain,
  NULL::VARCHAR[] AS former_names, 'DE' AS country
FROM (SELECT i, {_word("i")} AS w1, {_word("i + 7919")} AS w2 FROM range({accounts}) AS t(i))"""
    )
    connection.execute(
        f"""CREATE TEMP TABLE contacts AS SELECT NULL::VARCHAR AS account_id, c.i,
  CASE WHEN c.i % 100 < 60 THEN a.domain WHEN c.i % 100 < 70 THEN 'mail.' || a.domain
    WHEN c.i % 100 BETWEEN 85 AND 94 THEN 'gmail.com' END AS domain,
  CASE WHEN c.i % 100 BETWEEN 70 AND 79 THEN replace(a.name, ' GmbH', ', Inc.')
    WHEN c.i % 100 BETWEEN 80 AND 84 THEN left(a.name, 6) || substr(a.name, 8)
    WHEN c.i % 100 >= 95 THEN 'Nobody ' || {_word("c.i * 31")} END AS name,
  'DE' AS country, a.account_id AS truth
FROM range({contacts}) AS c(i) JOIN accounts AS a
  ON a.account_id = 'A' || (hash(c.i) % {accounts})"""
    )
    cost = Cost()
    if is_floor:
        with cost.part("join"):
            connection.execute(
                "CREATE TEMP TABLE other AS SELECT c.*, a.account_id AS found FROM contacts AS c"
                " LEFT JOIN accounts AS a USING (domain)"
            )
        return cost
    with cost.part("match"):
        match(connection, "contacts", "accounts", folder / "none")
    found = connection.execute(
        "SELECT _match_method, count(*), count(*) FILTER (account_id = truth) FROM other"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for method, n, right in found:
        cost.parts[f"{method}: rows"] = float(n)
        cost.parts[f"{method}: right"] = float(right)
    return cost


def _word(number: str) -> str:
    """Return the SQL of a word of five syllables made of a number."""
    parts = (
        "['ba','ce','di','fo','gu','ha','ke','li','mo','nu','pa','re','si','to','vu','za']",
    ) * 4
    return " || ".join(
        f"{each}[1 + ((hash({number}) >> {shift * 8}) % 16)::INTEGER]"
        for shift, each in enumerate(parts)
    )


def main() -> None:
    """Print what the words of the command line ask for, as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("BULLSEYE_TEST_DATA"), type=Path)
    parser.add_argument("--contacts", default=1_000_000, type=int)
    parser.add_argument("--accounts", default=100_000, type=int)
    parser.add_argument("--part", choices=("match", "floor"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        if given.part:
            floor = given.part == "floor"
            report(many(folder, given.contacts, given.accounts, is_floor=floor))
            return
        if given.data is not None:
            print(_quality(given.data, folder))
    sizes = ("--contacts", str(given.contacts), "--accounts", str(given.accounts))
    costs = {
        p: in_a_process("benchmarks.matching", "--part", p, *sizes) for p in ("match", "floor")
    }
    lines = [
        [part, f"{cost.cpu:.2f}", f"{cost.wall:.2f}", f"{cost.memory:,.0f}"]
        for part, cost in costs.items()
    ]
    print(table(["part", "CPU s", "wall s", "MB"], lines))
    print({k: v for k, v in costs["match"].parts.items() if k != "match"})


def _quality(data: Path, folder: Path) -> str:
    connection = connect(folder / "scratch")
    curated = data / "company_pairs_curated"
    lines = records(connection, curated / "company_records.csv", folder / "none")
    for path in (curated / "company_pairs.csv", *data.glob("company_pairs_opensanctions/*.csv")):
        lines += pairs(connection, path, folder / "none")
    for path in data.glob("yc_snapshots/*.parquet"):
        lines += renames(connection, path, folder)
    return table(["set", "what", "n", "share (95 %)"], lines)


if __name__ == "__main__":
    main()
