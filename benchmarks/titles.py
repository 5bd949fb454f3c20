"""How right and how fast titles are read: ``python -m benchmarks.titles --help``.

The public lists are keyword-made and have label conventions of their own: each has a crosswalk
here, which says which of our labels agree with which of theirs. Half of each list, chosen by a
hash of the title, was never looked at while the rules were written; only that half is reported.
"""

import argparse
import csv
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from bullseye.definitions.titles import FUNCTIONS, LEVELS, labelled, lexicon, lexicon_version
from bullseye.stats.proportions import wilson
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.titles import titles_sql

FIXED = Path(__file__).parents[1] / "tests/definitions/titles/labelled.txt"
REPEATS = 10

_TOP = {"owner", "cxo", "vp"}
_OURS = {
    "titles_rootstrap/level.tsv": {
        "C-Suite": {"owner", "cxo"},
        "VP": {"vp"},
        "Director": {"director", "head"},
        "Manager": {"manager", "lead"},
        "Other": {"senior", "ic", "junior", "unknown"},
    },
    "titles_snapaddy/seniority-v2.csv": {
        "Management": _TOP,
        "Director": {"director"},
        "Lead": {"head", "lead"},
        "Senior": {"manager", "senior"},
        "Junior": {"junior", "ic"},
    },
    "titles_snapaddy/department-v2.csv": {
        "Administrative": {"admin"},
        "Business Development": {"sales"},
        "Consulting": {"consulting"},
        "Customer Support": {"customer_support", "customer_success"},
        "Human Resources": {"hr"},
        "Information Technology": {"it", "engineering", "data", "security"},
        "Marketing": {"marketing"},
        "Other": {"operations", "supply_chain", "executive", "other", "unknown"},
        "Project Management": {"project_management", "product"},
        "Purchasing": {"procurement"},
        "Sales": {"sales", "revenue_operations"},
    },
}
"""Which of our labels agree with each label of a public list."""


class Quality(NamedTuple):
    """How often labels agree: n titles, accuracy with its 95 % interval, macro-F1."""

    name: str
    n: int
    accuracy: float
    low: float
    high: float
    macro_f1: float


def quality(name: str, pairs: Sequence[tuple[str, str]]) -> Quality:
    """Return how often the second label of each pair is the first, which is the true one."""
    right = sum(true == told for true, told in pairs)
    share = wilson(right, len(pairs))
    return Quality(name, len(pairs), right / len(pairs), share.low, share.high, macro_f1(pairs))


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """Return the mean F1 over the true labels there are."""
    true, told = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    both = Counter(a for a, b in pairs if a == b)
    return sum(2 * both[each] / (true[each] + told[each]) for each in true) / len(true)


def fixed_list() -> list[Quality]:
    """Return the quality on the fixed list, which was labelled before the rules were written."""
    rows = [
        line.rsplit(" => ", 1)
        for line in FIXED.read_text(encoding="utf-8").splitlines()
        if " => " in line
    ]
    found = [(labels.split(), labelled(title)) for title, labels in rows]
    return [
        quality("fixed list, level", [(said[0], told.level) for said, told in found]),
        quality("fixed list, function", [(said[1], told.function) for said, told in found]),
    ]


def is_held_out(title: str) -> bool:
    """Whether a title belongs to the half nobody looked at."""
    return sha256(title.encode()).digest()[0] % 2 == 1


def public_list(data: Path, file: str, agreeing: Mapping[str, set[str]]) -> Quality:
    """Return the quality on the half of a public list that was held out."""
    delimiter = "\t" if file.endswith(".tsv") else ","
    with (data / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter=delimiter))[1:]
    theirs = {ours: label for label, labels in agreeing.items() for ours in labels}
    part = "function" if "department" in file else "level"
    pairs = []
    for title, label in {tuple(row) for row in rows}:
        if is_held_out(title):
            told = getattr(labelled(title), part)
            # two of their labels may share one of ours: then either is right
            agrees = told in agreeing[label]
            pairs.append((label, label if agrees else theirs.get(told, f"({told})")))
    return quality(f"{file}, held out", pairs)


def speed(titles: Sequence[str]) -> list[tuple[str, int, float]]:
    """Return titles per CPU-second on one thread: the floor, both labels, and the flags too.

    The floor reads and writes the titles and looks for one word in each.
    """
    table = pa.table({"title_no": range(len(titles)), "title": list(titles)})
    found = []
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given", table)
        connection.execute(
            "CREATE TABLE titles AS SELECT row_number() OVER () AS title_no, title"
            f" FROM given, range({REPEATS})"
        )
        counted = len(titles) * REPEATS
        for name, sql in (
            ("floor: one word", "SELECT title_no, contains(title, 'head') AS h FROM titles"),
            ("both labels", titles_sql(DUCKDB, lexicon(), "titles", flags=False)),
            ("both labels and flags", titles_sql(DUCKDB, lexicon(), "titles")),
        ):
            begun = time.process_time()
            connection.execute(f"CREATE OR REPLACE TEMP TABLE told AS {sql}")
            found.append((name, counted, counted / (time.process_time() - begun)))
    return found


def titles_in(data: Path) -> list[str]:
    """Return all titles of the public lists there are, or of the fixed list without any."""
    found: list[str] = []
    for file in _OURS:
        if (data / file).is_file():
            delimiter = "\t" if file.endswith(".tsv") else ","
            with (data / file).open(encoding="utf-8", newline="") as lines:
                found += [row[0] for row in csv.reader(lines, delimiter=delimiter)]
    onet = data / "onet/Alternate Titles.txt"
    if onet.is_file():
        with onet.open(encoding="utf-8", newline="") as lines:
            found += [row[1] for row in csv.reader(lines, delimiter="\t")]
    if not found:
        text = FIXED.read_text(encoding="utf-8")
        found = [line.split(" => ")[0] for line in text.splitlines() if " => " in line] * 50
    return found


def main() -> None:
    """Print the quality and the speed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("BULLSEYE_TEST_DATA", ".")),
        help="The folder of the public lists; BULLSEYE_TEST_DATA if absent.",
    )
    data = parser.parse_args().data
    print(f"lexicon {lexicon_version()}; {len(LEVELS)} levels, {len(FUNCTIONS)} functions")
    measured = fixed_list()
    measured += [public_list(data, f, a) for f, a in _OURS.items() if (data / f).is_file()]
    for each in measured:
        print(
            f"{each.name}: n {each.n:,}; accuracy {each.accuracy:.3f}"
            f" ({each.low:.3f} to {each.high:.3f}); macro-F1 {each.macro_f1:.3f}"
        )
    for name, n, rate in speed(titles_in(data)):
        print(f"{name}: {rate:,.0f} titles per CPU-second (n {n:,}, one thread)")


if __name__ == "__main__":
    main()
