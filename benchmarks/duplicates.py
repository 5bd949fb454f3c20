"""How well duplicates are found where the truth is known: ``python -m benchmarks.duplicates``.

Public sets of people and firms are read from the folder that --data or BULLSEYE_TEST_DATA names.
Each is cut in halves by the true person or firm: the threshold is the one that does best on the
first half, and what is printed is the second, with a model that saw neither labels nor the
first half. Intervals resample whole persons; where all are right, or none, they are Wilson's for
that many persons.
"""

import argparse
import csv
import hashlib
import os
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import duckdb
import numpy as np

from benchmarks.measuring import table
from bullseye.definitions.field import TableName
from bullseye.segment.duplicates import Link, ruled, tied_groups
from bullseye.segment.likely import Compared, Kind, likely
from bullseye.stats.proportions import wilson
from bullseye.warehouse.connect import connect
from bullseye.warehouse.rows_in import make_table

THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
LEAST = 0.5
SEED = 11

Row = Mapping[str, str]

PEOPLE = {
    "contact_id": "VARCHAR",
    "account_id": "VARCHAR",
    "email": "VARCHAR",
    "full_name": "VARCHAR",
    "first_name": "VARCHAR",
    "last_name": "VARCHAR",
    "title": "VARCHAR",
    "phone": "VARCHAR",
    "linkedin_url": "VARCHAR",
    "country": "VARCHAR",
}
FIRMS = {
    "account_id": "VARCHAR",
    "name": "VARCHAR",
    "domain": "VARCHAR",
    "country": "VARCHAR",
}

FEBRL = (
    Compared("given_name", "given_name", Kind.NAME),
    Compared("surname", "surname", Kind.NAME),
    Compared("date_of_birth", "date_of_birth", Kind.SAME),
    Compared("address_1", "address_1", Kind.NAME),
    Compared("suburb", "suburb", Kind.NAME, tells_who=False),
    Compared("postcode", "postcode", Kind.SAME, tells_who=False),
    Compared("state", "state", Kind.SAME, tells_who=False),
)
"""The number that names a person officially is left out: no list of contacts has one."""

BARE = tuple(each for each in FEBRL if each.name not in ("date_of_birth", "address_1"))
"""What a poor list of contacts has: a name and a town."""

FAKE = (
    Compared("first_name", "lower(first_name)", Kind.NAME),
    Compared("surname", "lower(surname)", Kind.NAME),
    Compared("dob", "dob", Kind.SAME),
    Compared("email", "email", Kind.SAME),
    Compared("city", "lower(city)", Kind.NAME, tells_who=False),
)


class Set(NamedTuple):
    """Records with the person or firm each is in truth, and the fields a model compares."""

    name: str
    records: Sequence[Row]
    truth: Mapping[str, str]
    compared: tuple[Compared, ...]
    exact: tuple[str, ...]


class Half(NamedTuple):
    """One half of a set, in the engine under a name of its own."""

    rows: str
    truth: Mapping[str, str]


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file, with cells and headers stripped."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return [{k.strip(): v.strip() for k, v in row.items() if k} for row in rows]


def febrl(name: str, *paths: Path, compared: tuple[Compared, ...] = FEBRL) -> Set:
    """Return a Febrl set: rec-12-org and rec-12-dup-0 are one person."""
    records = [{"id": row["rec_id"], **row} for path in paths for row in read(path)]
    truth = {row["id"]: row["id"].split("-")[1] for row in records}
    same = ("given_name", "surname", "date_of_birth" if compared == FEBRL else "suburb")
    return Set(name, records, truth, compared, same)


def fake(path: Path) -> Set:
    """Return Splink's made-up persons."""
    records = [{"id": row["unique_id"], **row} for row in read(path)]
    truth = {row["id"]: row["cluster"] for row in records}
    return Set("splink_fake", records, truth, FAKE, ("first_name", "surname", "dob"))


def half_of(connection: duckdb.DuckDBPyConnection, one: Set, number: int) -> Half:
    """Put one half of a set into the engine, drawn by the hash of the true person."""

    def at(person: str) -> int:
        return int(hashlib.sha256(f"{one.name} {person}".encode()).hexdigest(), 16) % 2

    chosen = [row for row in one.records if at(one.truth[row["id"]]) == number]
    columns = [name for name in chosen[0] if name != "rec_id"]
    kinds = dict.fromkeys(columns, "VARCHAR")
    rows = ([row[name] or None for name in columns] for row in chosen)
    made = make_table(connection, f"half_{number}", kinds, rows)
    return Half(made, {row["id"]: one.truth[row["id"]] for row in chosen})


def judged(truth: Mapping[str, str], links: Iterable[Link]) -> tuple[str, ...]:
    """Return precision, recall and F1 of the pairs that links tie together, with intervals."""
    persons = {person: at for at, person in enumerate(sorted(set(truth.values())))}
    counts = np.zeros((len(persons), 3))
    for person, records in Counter(truth.values()).items():
        counts[persons[person], 2] = records * (records - 1) // 2
    for ids, _ in tied_groups(list(links)):
        for one, other in combinations(ids, 2):
            is_right = truth[one] == truth[other]
            counts[persons[truth[one]], 0 if is_right else 1] += 1
    draw = np.random.default_rng(SEED)
    weights = draw.multinomial(len(persons), np.full(len(persons), 1 / len(persons)), size=2000)
    shares = _shares(counts.sum(axis=0)[None, :])[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # nothing found in any draw
        low, high = np.nanquantile(_shares(weights @ counts), [0.025, 0.975], axis=0)
    persons_found = int((counts[:, :2].sum(axis=1) > 0).sum())
    persons_there = int((counts[:, 2] > 0).sum())
    told = [
        _told(share, down, up, n)
        for share, down, up, n in zip(
            shares, low, high, (persons_found, persons_there, persons_there), strict=True
        )
    ]
    right, wrong, there = (f"{int(n):,}" for n in counts.sum(axis=0))
    return (*told, right, wrong, there, f"{persons_there:,}")


def _told(share: float, low: float, high: float, persons: int) -> str:
    if np.isnan(share):
        return "none"
    if share in (0.0, 1.0):
        exact_share = wilson(round(share * persons), persons)
        low, high = exact_share.low, exact_share.high
    return f"{share:.3f} ({low:.3f}-{high:.3f})"


def _shares(counts: np.ndarray) -> np.ndarray:
    right, wrong, there = counts.T
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = right / (right + wrong), right / there
        both = 2 * right / (right + wrong + there)
    return np.stack([precision, recall, both], axis=1)


def f1(truth: Mapping[str, str], links: Iterable[Link]) -> float:
    """Return F1 of the pairs that links tie together."""
    right = wrong = 0
    for ids, _ in tied_groups(list(links)):
        for one, other in combinations(ids, 2):
            right += truth[one] == truth[other]
            wrong += truth[one] != truth[other]
    there = sum(n * (n - 1) // 2 for n in Counter(truth.values()).values())
    return 2 * right / (right + wrong + there)


def exact(connection: duckdb.DuckDBPyConnection, rows: str, columns: Sequence[str]) -> list[Link]:
    """Return the floor: records that are the same in every one of a few columns."""
    same = " || '|' || ".join(f"lower({name})" for name in columns)
    found = connection.execute(
        f"SELECT min(id) OVER (PARTITION BY {same}), id FROM {rows} WHERE {same} IS NOT NULL"
    ).fetchall()
    return [Link(a, b, "exact", ("", ""), 1.0) for a, b in found if a != b]


def by_rules(connection: duckdb.DuckDBPyConnection, rows: str, given: Sequence[str]) -> list[Link]:
    """Return what the rules for contacts find; columns a set does not have are unknown."""
    names = {"first_name": ("first_name", "given_name"), "last_name": ("surname",)}
    columns = []
    for name in PEOPLE:
        source = next((n for n in names.get(name, (name,)) if n in given), "NULL")
        columns.append(f"CAST({'id' if name == 'contact_id' else source} AS VARCHAR) AS {name}")
    return ruled(connection, TableName.CONTACTS, f"(SELECT {', '.join(columns)} FROM {rows})")


def measured(connection: duckdb.DuckDBPyConnection, one: Set) -> list[list[str]]:
    """Return the lines of a table for one set: floor, rules, model, and both together."""
    first, second = (half_of(connection, one, number) for number in (0, 1))
    given = list(one.records[0])
    tried = likely(connection, first.rows, "id", one.compared, threshold=LEAST)
    scores = {
        bound: f1(first.truth, [e for e in tried.links if e.confidence >= bound])
        for bound in THRESHOLDS
    }
    chosen = max(scores, key=lambda bound: (scores[bound], bound))
    rules = by_rules(connection, second.rows, given)
    model = likely(connection, second.rows, "id", one.compared, threshold=LEAST)
    links = [each for each in model.links if each.confidence >= chosen]
    at_default = [each for each in model.links if each.confidence >= 0.9]
    ways = {
        f"floor: equal {', '.join(one.exact)}": exact(connection, second.rows, one.exact),
        "rules": rules,
        "model at 0.9": at_default,
        f"model at {chosen} (chosen on the first half)": links,
        "rules and model": [*rules, *links],
    }
    return [[one.name, way, *judged(second.truth, found)] for way, found in ways.items()]


def nobody_twice(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Return what the model finds where every person stands once: all of it is wrong."""
    one = febrl("febrl 4, originals only", path)
    make_table(
        connection,
        "originals",
        dict.fromkeys([n for n in one.records[0] if n != "rec_id"], "VARCHAR"),
        ([v or None for k, v in row.items() if k != "rec_id"] for row in one.records),
    )
    found = likely(connection, "originals", "id", FEBRL, threshold=0.9)
    return [one.name, f"{found.records:,}", f"{len(found.links):,}", found.reason or "told"]


def firms(connection: duckdb.DuckDBPyConnection, path: Path) -> list[list[str]]:
    """Return how the rules for accounts do on ways of writing company names."""
    records = [row for row in read(path) if _is_second(row["cluster_id"])]
    rows = ((row["record_id"], row["name_variant"], None, row["country"]) for row in records)
    made = make_table(connection, "firms", FIRMS, rows)
    truth = {row["record_id"]: row["cluster_id"] for row in records}
    found = ruled(connection, TableName.ACCOUNTS, made)
    return [["curated company names", "rules", *judged(truth, found)]]


def strangers(connection: duckdb.DuckDBPyConnection, path: Path) -> list[str]:
    """Return how many of the largest French firms, all different, the rules call one."""
    with path.open(encoding="utf-8", newline="") as file:
        names = [row[0] for row in csv.reader(file, delimiter="\t") if row]
    rows = ((str(at), name, None, "FR") for at, name in enumerate(names))
    made = make_table(connection, "strangers", FIRMS, rows)
    found = ruled(connection, TableName.ACCOUNTS, made)
    pairs = "; ".join(f"{names[int(e.one)]} = {names[int(e.other)]}" for e in found)
    return ["largest French firms", f"{len(names):,}", f"{len(found):,}", pairs]


def _is_second(key: str) -> bool:
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 2 == 1


def main() -> None:
    """Print the tables as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("BULLSEYE_TEST_DATA"), type=Path)
    data = parser.parse_args().data
    if data is None:
        parser.error("name the folder of the public sets with --data")
    with TemporaryDirectory() as name, connect(Path(name)) as connection:
        headers = ["set", "way", "precision", "recall", "F1", "right", "wrong", "pairs", "persons"]
        lines = firms(connection, data / "company_pairs_curated" / "company_records.csv")
        folder = data / "febrl"
        for one in (
            febrl("febrl 1", folder / "dataset1.csv"),
            febrl("febrl 4", folder / "dataset4a.csv", folder / "dataset4b.csv"),
            febrl(
                "febrl 4, name and town only",
                *(folder / f"dataset4{part}.csv" for part in "ab"),
                compared=BARE,
            ),
            fake(data / "splink_fake" / "fake_1000.csv"),
        ):
            lines += measured(connection, one)
        print(table(headers, lines))
        null = [
            nobody_twice(connection, folder / "dataset4a.csv"),
            strangers(connection, data / "company_pairs_siren" / "top500verifCom.tsv"),
        ]
        print(table(["set without duplicates", "records", "pairs found", "what"], null))


if __name__ == "__main__":
    main()
