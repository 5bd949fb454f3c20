"""How good a learnt card is, and what it costs: ``python -m benchmarks.cards --help``.

Real sets are read from the folder that --data or BULLSEYE_TEST_DATA names; worlds are simulated.
The part `peer` needs pysubgroup in an environment of its own, whose Python is named by
``--pysubgroup-python``.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyarrow import csv

from benchmarks.measuring import peak_memory, table
from bullseye.definitions.field import STANDARD_FIELDS, Field, FieldType, TableName
from bullseye.definitions.outcome import Outcome
from bullseye.demo.clean import clean_tables
from bullseye.demo.truth import Truth
from bullseye.errors import NotEnoughEvidence
from bullseye.segment.learn import learn
from bullseye.segment.propose import Proposal, Task, Wish, propose
from bullseye.segment.worse import Measured, search
from bullseye.stats.discrimination import Estimate
from bullseye.warehouse.cases import CASE_KEY, Cases
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact, read_facts
from bullseye.warehouse.guard import guard_cases

TODAY = date(2026, 6, 30)
PARTS = ("real", "worlds", "null", "scale", "peer")


# -- real sets -----------------------------------------------------------------------------

SNAPSHOTS = "yc_snapshots/yc_panel_dev_2021-12_2024-05.parquet"
TURNS = {
    "headcount grows > 50 %": (
        "a.team_size > 0 AND b.team_size > 0",
        "b.team_size > 1.5 * a.team_size",
    ),
    "starts hiring": ("NOT a.isHiring", "b.isHiring"),
    "stays active": ("a.status = 'Active'", "b.status <> 'Inactive'"),
    "is acquired": ("a.status = 'Active'", "b.status = 'Acquired'"),
}
"""Who is at risk on a day, and what is so a year later."""


def snapshot_sql(folder: Path, at_risk: str, happened: str) -> str:
    """Return one case per company and day; the outcome is that of the snapshot a year later."""
    return f"""WITH seen AS (
  SELECT *, TRY_CAST(snapshot AS DATE) AS day FROM '{folder / SNAPSHOTS}'),
years(began, ended) AS (VALUES (DATE '2021-12-02', DATE '2023-01-31'),
  (DATE '2022-04-02', DATE '2023-04-05'), (DATE '2023-04-05', DATE '2024-04-13'))
SELECT {happened} AS _yes, CAST(a.id AS VARCHAR) AS _account, began AS _began, ended AS _decided,
  CAST(a.team_size AS BIGINT) AS employees, a.industry, a.subindustry,
  string_split(a.industries, '|') AS industries, string_split(nullif(a.tags, ''), '|') AS tags,
  string_split(a.regions, '|') AS regions, a.all_locations AS city, a.isHiring AS is_hiring,
  TRY_CAST('20' || regexp_extract(a.batch, '[0-9]+') AS BIGINT) AS founded_year, a.nonprofit
FROM years JOIN seen AS a ON a.day = began JOIN seen AS b ON b.day = ended AND b.id = a.id
WHERE {at_risk}"""


def real_sets(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield the name of a set, the query of its cases, and whether its facts are dated."""
    for name, (at_risk, happened) in TURNS.items():
        yield f"start-ups: {name}", snapshot_sql(folder, at_risk, happened), True
    leads = f"read_csv('{folder / 'x_education_leads/leads.csv'}', nullstr=['', 'Select'])"
    yield (
        "leads: converts",
        f"""SELECT Converted = 1 AS _yes, "Prospect ID" AS _account, NULL::DATE AS _began,
        NULL::DATE AS _decided, * EXCLUDE (Converted, Convertions, "Prospect ID") FROM {leads}""",
        False,
    )
    paid, who = (f"'{folder}/ravenstack/ravenstack_{n}.csv'" for n in ("subscriptions", "accounts"))
    yield (
        "subscriptions: stays",
        f"""SELECT NOT s.churn_flag AS _yes, account_id AS _account, NULL::DATE AS _began,
        NULL::DATE AS _decided, s.plan_tier, s.seats, s.mrr_amount, s.is_trial,
        s.billing_frequency, s.auto_renew_flag, a.industry, a.country, a.referral_source
        FROM {paid} AS s JOIN {who} AS a USING (account_id)""",
        True,
    )
    sold, who = f"'{folder}/maven_crm/sales_pipeline.csv'", f"'{folder}/maven_crm/accounts.csv'"
    yield (
        "CRM: won",
        f"""SELECT deal_stage = 'Won' AS _yes, account AS _account, engage_date AS _began,
        close_date AS _decided, product, sector, year_established AS founded_year, revenue,
        employees, office_location FROM {sold} JOIN {who} USING (account)
        WHERE deal_stage IN ('Won', 'Lost')""",
        True,
    )


KINDS = {
    "BOOLEAN": FieldType.FLAG,
    "BIGINT": FieldType.COUNT,
    "DOUBLE": FieldType.NUMBER,
    "VARCHAR[]": FieldType.LIST,
    "DATE": FieldType.DATE,
}


def task_of(query: str, *, dated: bool) -> tuple[Task, int]:
    """Return the cases of a query without the facts that the guard refuses, and their number."""
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE cases AS SELECT row_number() OVER () - 1 AS {CASE_KEY}, *"
            f" FROM ({query} ORDER BY _began, _account)"
        )
        kinds = connection.execute("DESCRIBE cases").fetchall()
        fields = {
            name: Field(name, _kind(name, kind), "")
            for name, kind, *_ in kinds
            if not name.startswith("_")
        }
        facts = read_facts(connection, "cases", fields, order=CASE_KEY)
        columns = connection.sql(
            "SELECT _yes, dense_rank() OVER (ORDER BY _account) AS account,"
            " CAST(_began - DATE '1970-01-01' AS DOUBLE) AS began,"
            " CAST(_decided - DATE '1970-01-01' AS DOUBLE) AS decided"
            f" FROM cases ORDER BY {CASE_KEY}"
        ).to_arrow_table()
        connection.execute(
            f"CREATE VIEW relation AS SELECT {CASE_KEY} AS case_no, _account AS account_id,"
            f" _account AS unit_id, DATE '{TODAY}' AS cohort,"
            " CAST(_yes AS SMALLINT) AS happened FROM cases"
        )
        refused: frozenset[str] = frozenset()
        if not dated:  # what was known before cannot have been filled in after
            refused = guard_cases(connection, _cases(fields, len(columns))).refused()
    told = {name: fact for name, fact in facts.items() if name not in refused}
    began, decided = (
        np.asarray(columns.column(name).fill_null(np.nan), dtype=np.float64)
        for name in ("began", "decided")
    )
    yes = np.asarray(columns.column("_yes"), dtype=bool)
    account = np.asarray(columns.column("account"), dtype=np.int64)
    return Task(told, yes, account, began, decided, TODAY), len(refused)


def _kind(name: str, kind: str) -> FieldType:
    return FieldType.YEAR if name.endswith("year") else KINDS.get(kind, FieldType.TEXT)


def _cases(fields: dict[str, Field], n: int) -> Cases:
    outcome = Outcome.model_validate(
        {
            "name": "yes",
            "owner": "b",
            "review_by": TODAY,
            "review_when": ["never"],
            "rule": {"x": 1},
        }
    )
    return Cases(
        outcome=outcome,
        relation="relation",
        facts="cases",
        known_now="cases",
        fields=fields,
        cohorts=(),
        as_of=TODAY,
        until=TODAY,
        dated=False,
        left_out=(),
        n=n,
        yes=0,
        no=0,
        undecided=0,
        undated=0,
        account_count=n,
    )


def real(folder: Path, seeds: int) -> str:
    """Return the table of real sets: in time where there are days, and on accounts set aside."""
    rows = []
    for name, query, dated in real_sets(folder):
        task, refused = task_of(query, dated=dated)
        started = process_time()
        in_time = propose(task, Wish(yardstick=True))
        spent = process_time() - started
        rows.append(_row(f"{name}, later" if dated else name, in_time, refused, spent))
        print(rows[-1], file=sys.stderr, flush=True)
        if not in_time.found or not dated:
            continue
        unknown = np.full(len(task.outcome), np.nan)
        aside = Task(task.facts, task.outcome, task.clusters, unknown, unknown, TODAY)
        for seed in range(seeds):
            started = process_time()
            found = propose(aside, Wish(yardstick=True, seed=seed))
            spent = process_time() - started
            rows.append(_row(f"{name}, accounts set aside", found, refused, spent))
            print(rows[-1], file=sys.stderr, flush=True)
    ratios = [float(row[7]) for row in rows if row[7] != "-"]
    head = ["set", "cases", "refused", "gate p", "criteria", "card", "naive Bayes", "LightGBM",
            "of LightGBM", "calibration error", "CPU s"]  # fmt: skip
    print(f"median {median(ratios):.3f}, worst {min(ratios):.3f} of LightGBM" if ratios else "")
    return table(head, [[*row[:7], row[8], *row[7:8], *row[9:]] for row in rows])


def _row(name: str, found: Proposal, refused: int, spent: float) -> list[str]:
    start = [name, f"{found.n:,}", str(refused), f"{found.gate.p:.3f}"]
    held = found.held
    if held is None:
        word = "no ICP found" if not found.found else "too few"
        return [*start, word, "-", "-", "-", "-", "-", f"{spent:.1f}"]
    bayes, box = (each.auc for each in held.beside)
    ratio = f"{held.auc.value / box.value:.3f}"
    return [*start, str(held.criteria), said(held.auc), said(bayes), ratio, said(box),
            f"{held.calibration_error:.3f}", f"{spent:.1f}"]  # fmt: skip


def said(estimate: Estimate) -> str:
    """Return an estimate with its interval."""
    return f"{estimate.value:.3f} ({estimate.low:.3f}-{estimate.high:.3f})"


# -- worlds --------------------------------------------------------------------------------


def world_task(accounts: int, seed: int, truth: Truth) -> Task:
    """Return the closed opportunities of a simulated world, with the facts as they truly are."""
    tables = clean_tables(accounts, seed, TODAY, truth)
    fields = {each.name: each for each in STANDARD_FIELDS[TableName.ACCOUNTS]}
    with duckdb.connect() as connection:
        connection.register("a", tables.accounts)
        connection.register("o", tables.opportunities)
        connection.execute(
            "CREATE TABLE cases AS SELECT row_number() OVER (ORDER BY o.created_on,"
            " o.opportunity_id) AS _no, a.* EXCLUDE (created_on, owner), o.outcome = 'won' AS _yes,"
            " dense_rank() OVER (ORDER BY account_id) AS _account, o.created_on AS _began,"
            " o.closed_on AS _decided FROM o JOIN a USING (account_id) WHERE o.outcome <> 'open'"
        )
        facts = read_facts(connection, "cases", fields, order="_no")
        columns = connection.sql(
            "SELECT _yes, _account, CAST(_began - DATE '1970-01-01' AS DOUBLE) AS began,"
            " CAST(_decided - DATE '1970-01-01' AS DOUBLE) AS decided FROM cases ORDER BY _no"
        ).to_arrow_table()
    yes, account, began, decided = (np.asarray(column) for column in columns.columns)
    return Task(facts, yes.astype(bool), account.astype(np.int64), began, decided, TODAY)


PLANTED = {
    "B2B SaaS": "B2B SaaS",
    "Fintech": "Fintech",
    "Public Sector": "Public Sector",
    "Salesforce": "Salesforce",
    "51-500 employees": "employees",
}
"""What drives winning in the worlds, and the word of a rule that finds it."""


def worlds(accounts: int, runs: int) -> str:
    """Return how often each planted trait is found, and how many criteria are about nothing."""
    told: Counter[str] = Counter()
    beside = found_count = criteria = 0
    aucs = []
    for seed in range(runs):
        found = propose(world_task(accounts, seed, Truth()), Wish())
        found_count += found.found
        rules = [str(each.rule) for each in found.criteria]
        criteria += len(rules)
        told.update(name for name, word in PLANTED.items() if any(word in rule for rule in rules))
        known = (*PLANTED.values(), "revenue", "funding_stage")
        beside += sum(not any(word in rule for word in known) for rule in rules)
        if found.held:
            aucs.append(found.held.auc.value)
    rows = [[name, f"{told[name] / runs:.0%}"] for name in PLANTED]
    rows += [
        ["an ICP at all", f"{found_count / runs:.0%}"],
        ["criteria about nothing", f"{beside} of {criteria}"],
        ["median AUC on later cases", f"{median(aucs):.3f}" if aucs else "-"],
    ]
    return table([f"{runs} worlds of {accounts:,} accounts", "found"], rows)


def null(accounts: int, runs: int) -> str:
    """Return how often an ICP is found where nothing has an effect."""
    found = tried = 0
    for seed in range(runs):
        try:
            found += propose(world_task(accounts, seed, Truth(planted=False)), Wish()).found
            tried += 1
        except NotEnoughEvidence:
            continue
    row = [f"{accounts:,}", str(tried), str(found), f"{found / max(tried, 1):.1%}"]
    return table(["accounts of a null world", "worlds", "ICP found", "share"], [row])


# -- size ----------------------------------------------------------------------------------


def wide(n: int, fields: int, seed: int = 1) -> tuple[dict[str, Fact], np.ndarray]:
    """Return n rows of so many fields, of three kinds by turns, and an outcome of four of them."""
    rng = np.random.default_rng(seed)
    facts: dict[str, Fact] = {}
    eta = np.full(n, -1.5)
    for at in range(fields):
        name = f"f{at:03d}"
        match at % 3:
            case 0:
                values = np.exp(rng.normal(4, 1.5, n)).round()
                eta += (at < 6) * (values > 60)
                values[rng.random(n) < 0.1] = np.nan
                facts[name] = NumberFact(Field(name, FieldType.COUNT, ""), values)
            case 1:
                codes = rng.integers(-1, 12, n).astype(np.int32)
                eta += (at < 6) * (codes == 3)
                levels = tuple(f"level {k}" for k in range(12))
                facts[name] = TextFact(Field(name, FieldType.TEXT, ""), levels, codes)
            case _:
                counts = rng.integers(0, 4, n)
                starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
                codes = rng.integers(0, 30, starts[-1]).astype(np.int32)
                items = tuple(f"item {k}" for k in range(30))
                field = Field(name, FieldType.LIST, "")
                facts[name] = ListFact(field, items, codes, starts, np.ones(n, dtype=bool))
    return facts, rng.random(n) < 1 / (1 + np.exp(-eta))


@dataclass(frozen=True)
class Size:
    """Rows and fields of one measurement."""

    n: int
    fields: int


def scale(size: Size) -> list[str]:
    """Return what learning a card of so many rows and fields takes."""
    facts, outcome = wide(size.n, size.fields)
    held = peak_memory()
    started = process_time()
    learnt = learn(facts, outcome, np.arange(size.n), TODAY)
    spent = process_time() - started
    return [f"{size.n:,}", str(size.fields), str(learnt.considered), str(len(learnt.rules)),
            f"{spent:.1f}", f"{held:,.0f}", f"{peak_memory():,.0f}"]  # fmt: skip


# -- a peer ----------------------------------------------------------------------------------


def peer(size: Size, python: Path) -> list[list[str]]:
    """Return what the same rows take here and in pysubgroup: a card, and segments, and its ten.

    Fields are numbers and texts; it knows no lists.
    """
    every, outcome = wide(size.n, size.fields)
    facts = {name: fact for name, fact in every.items() if not isinstance(fact, ListFact)}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        _write_rows(path, facts, outcome)
        script = Path(__file__).with_name("peer_subgroups.py")
        done = subprocess.run([python, script, path], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    started = process_time()
    order = np.arange(size.n)
    values = outcome.astype(np.float64)
    segments = search(Measured(False, values, order, order.astype(np.float64), facts))
    searched = process_time() - started
    started = process_time()
    learnt = learn(facts, outcome, order, TODAY)
    spent = process_time() - started
    ruled = [each.rule for each in segments.found]
    return [
        [f"{size.n:,}", str(len(facts)), what, f"{looked_at:,}", _planted(found), f"{cpu:.1f}"]
        for what, looked_at, found, cpu in (
            ("pysubgroup, the best 10", told["conditions"], told["found"], told["cpu"]),
            ("segments surely worse", segments.looked_at, ruled, searched),
            ("a card with pairs", learnt.considered, list(learnt.rules), spent),
        )
    ]


EFFECTIVE = {f"f{at:03d}" for at in range(6)}
"""The fields that drive the outcome of `wide`."""


def _planted(found: Sequence[object]) -> str:
    """Return how many of these name no field but those that have an effect."""
    named = [set(re.findall(r"f\d{3}", str(each))) for each in found]
    right = sum(bool(fields) and fields <= EFFECTIVE for fields in named)
    return f"{right} of {len(found)}, {len(set().union(*named) & EFFECTIVE)} fields"


def _write_rows(path: Path, facts: Mapping[str, Fact], outcome: np.ndarray) -> None:
    columns: dict[str, Any] = {"happened": pa.array(outcome.astype(np.int8))}
    for name, fact in facts.items():
        if isinstance(fact, NumberFact):
            columns[name] = pa.array(fact.values, from_pandas=True)
        elif isinstance(fact, TextFact):
            levels = np.array([*fact.levels, None], dtype=object)
            columns[name] = pa.array(levels[fact.codes])
    csv.write_csv(pa.table(columns), path)


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), help="all where none is named")
    parser.add_argument("--data", type=Path, default=os.environ.get("BULLSEYE_TEST_DATA"))
    parser.add_argument("--runs", type=int, default=20, help="worlds per table")
    parser.add_argument("--accounts", type=int, default=2_000, help="accounts per world")
    parser.add_argument("--seeds", type=int, default=1, help="draws of accounts set aside")
    parser.add_argument("--rows", type=int, nargs="*", default=[45_000])
    parser.add_argument("--fields", type=int, default=100)
    parser.add_argument("--pysubgroup-python", type=Path, help="a Python with pysubgroup")
    given = parser.parse_args()
    parts = given.parts or PARTS
    if "real" in parts and given.data:
        print(real(Path(given.data), given.seeds))
    if "worlds" in parts:
        print(worlds(given.accounts, given.runs))
    if "null" in parts:
        print(null(given.accounts, given.runs))
    if "scale" in parts:
        head = ["rows", "fields", "conditions", "criteria", "CPU s", "MB before", "MB at most"]
        print(table(head, [scale(Size(n, given.fields)) for n in given.rows]))
    if "peer" in parts and given.pysubgroup_python:
        head = ["rows", "fields", "what", "looked at", "about what has an effect", "CPU s"]
        sizes = (Size(n, given.fields) for n in given.rows)
        print(table(head, [row for size in sizes for row in peer(size, given.pysubgroup_python)]))


if __name__ == "__main__":
    main()
