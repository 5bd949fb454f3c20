"""Random definitions over random rows, both chosen to be as awkward as engines allow."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa

from bullseye.definitions.field import Field, TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import KINDS, Project
from bullseye.definitions.signal import Signal
from bullseye.prioritize.profiles import profiles, signals
from bullseye.warehouse.compile import Profile, Weight, day_number, score_sql, weights
from bullseye.warehouse.dialect import Dialect
from bullseye.warehouse.rendering import rendered

TODAY = date(2026, 6, 30)
GOVERNED = {"owner": "Dana Whitfield", "review_by": "2030-01-01", "review_when": ["it moves"]}

TEXTS = (
    "Fintech",
    "fintech ",
    "O'Neil & Söhne",
    'the "best"',
    "back\\slash",
    "ends with \\",
    "\\'; DROP TABLE accounts; --",
    "two\nlines\tand\r",
    "50%_off",
    "$1 ${spark.app.name} {{x}} :y ?",
    "`ticks`",
    "😀 emoji",
    "Zoe\u0308",
    "Zoë",
    "ΟΔΟΣ",
    "οδος",
    "İstanbul",
    "STRASSE ẞ",
    "\u212aelvin",
    "-- not a comment",
    "/* nor this */",
    "",
    " ",
    "a\ue000b",
    "\u200bzero width",
    "\U00010400 deseret",
)
PARTS = (
    "fin",
    "'",
    "\\",
    "%",
    "_",
    "${",
    "drop table",
    "e\u0308",
    "ë",
    "σ",  # noqa: RUF001
    "ς",
    "i",
    "kelvin",
    "K",
    "ß",
    "\n",
    "😀",
    "\ue000",
    "b, a",
    "\U00010428",
    "STRASSE",
)
WHOLE = (0, 1, 50, 51, 500, 2**31 - 1, 2**31, 2**53)
FRACTIONS = (0.0, 0.1, 0.2, 0.15, 0.1 + 0.2, 50.5, -1.5, 5_000_000, 1e15, 1e22, 1e300, 1e-7)
DAYS = (date(1, 1, 1), date(1899, 12, 31), date(2020, 2, 29), TODAY, date(9999, 12, 31))
YEARS = (1850, 1999, 2000, 2026)

KIND = {
    "employees": WHOLE,
    "founded_year": YEARS,
    "revenue": FRACTIONS,
    "headcount_growth_6m": FRACTIONS,
    "created_on": DAYS,
    "industry": TEXTS,
    "description": TEXTS,
    "country": ("DE", "US", "AT"),
    "technologies": TEXTS,
    "is_customer": (True, False),
}
LISTS = {"technologies"}
FLOATS = {"revenue", "headcount_growth_6m"}
INHERITED = ("revenue", "industry", "employees", "technologies")

ACCOUNTS = pa.schema([
    ("account_id", pa.string()),
    ("employees", pa.int64()),
    ("founded_year", pa.int32()),
    ("revenue", pa.float64()),
    ("headcount_growth_6m", pa.float64()),
    ("created_on", pa.date32()),
    ("industry", pa.string()),
    ("description", pa.string()),
    ("country", pa.string()),
    ("technologies", pa.list_(pa.string())),
    ("is_customer", pa.bool_()),
    ("_ultimate_parent_id", pa.string()),
])  # fmt: skip
SIGNALS = pa.schema([
    ("signal_no", pa.int64()),
    ("account_id", pa.string()),
    ("type", pa.string()),
    ("subject", pa.string()),
    ("occurred_day", pa.int32()),
])  # fmt: skip

Row = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """Definitions, and the rows they are asked about."""

    project: Project
    accounts: Sequence[Row]
    events: Sequence[Row]
    previous: Sequence[Row]

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        return profiles(self.project, TODAY)

    @cached_property
    def signals(self) -> tuple[Signal, ...]:
        return signals(self.project)

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        return readable_fields(self.project, TableName.ACCOUNTS)

    @property
    def columns(self) -> tuple[str, ...]:
        names = ("met", "unknown", "strength", "live", "why", "tier", "status")
        return ("account_id", *(f"{x}_{n}" for n in range(len(self.profiles)) for x in names))

    @cached_property
    def events_of(self) -> Mapping[str, Sequence[Row]]:
        """The events of each account."""
        found: dict[str, list[Row]] = {}
        for event in self.events:
            found.setdefault(event["account_id"], []).append(event)
        return found

    @cached_property
    def subsidiaries_of(self) -> Mapping[str, Sequence[str]]:
        """The other accounts whose ultimate parent an account is."""
        found: dict[str, list[str]] = {}
        for row in self.accounts:
            if row["_ultimate_parent_id"] != row["account_id"]:
                found.setdefault(row["_ultimate_parent_id"], []).append(row["account_id"])
        return found

    @cached_property
    def tables(self) -> dict[str, pa.Table]:
        """The tables the statement reads, by name."""
        tiers = [(f"tier_{n}", pa.int16()) for n in range(len(self.profiles))]
        before = pa.schema([("account_id", pa.string()), *tiers])
        return {
            "accounts": pa.Table.from_pylist(list(self.accounts), ACCOUNTS),
            "signals": pa.Table.from_pylist(list(self.events), SIGNALS),
            "previous": pa.Table.from_pylist(list(self.previous), before),
        }

    def sql(self, dialect: Dialect) -> str:
        """Return the statement, with the decay table written into it."""
        rows = weights(self.signals)
        inline = f"(SELECT * FROM {dialect.rows('v', Weight._fields, rows)})" if rows else "none"
        return score_sql(
            self.profiles,
            self.signals,
            self.fields,
            TODAY,
            dialect,
            weights_table=inline,
            previous="previous",
        )

    def rendered_sql(self, dialect: Dialect) -> str:
        """Return the statement that puts the scores in plain units."""
        return rendered(f"({self.sql(dialect)}) AS s", self.profiles, self.signals, dialect)


def random_world(seed: int, accounts: int = 200) -> World:
    """Return a world; the same for the same seed."""
    pick = random.Random(seed)
    project = random_project(pick)
    rows = [_account(pick, number, accounts) for number in range(accounts)]
    return World(project, rows, _events(pick, project, accounts), _previous(pick, rows, project))


# -- definitions -----------------------------------------------------------------------------


def random_project(pick: random.Random) -> Project:
    """Return one to three ICPs with their tiers, signals and perhaps a shared exclusion."""
    made: dict[str, dict[str, Any]] = {"signals": {}, "icps": {}, "tiers": {}, "exclusions": {}}

    def define(kind: str, name: str, **written: Any) -> None:
        made[kind][name] = KINDS[kind].model_validate({"name": name, **GOVERNED, **written})

    for number in range(pick.randrange(4)):
        define("signals", f"signal-{number}", **_signal(pick))
    names = sorted(made["signals"])
    for number in range(pick.choice((1, 1, 2, 3))):
        define("tiers", f"policy-{number}", **_policy(pick, names))
        define("icps", f"icp-{number}", **_icp(pick, names), tiers=f"policy-{number}")
    if pick.random() < 0.5:
        define("exclusions", "shared", rule=_rule(pick), because="They churn three times faster.")
    return Project(**made)


def _signal(pick: random.Random) -> dict[str, Any]:
    signal: dict[str, Any] = {
        "event": pick.choice(("funding_round", "it's \\ new", "hired")),
        "window": pick.choice((1, 7, 60)),
        "half_life": pick.choice((1, 30)),
        "points": pick.choice((40, 100, 1, -15)),
        "why_now": "Call them: {subject}.",
    }
    if pick.random() < 0.7:
        some = pick.sample(TEXTS, pick.randrange(3))
        signal["subject"] = {"any_of": some, "contains": pick.sample(PARTS, pick.randrange(1, 3))}
    return signal


def _policy(pick: random.Random, signals: Sequence[str]) -> dict[str, Any]:
    tiers = [
        {
            "tier": tier,
            "fit": pick.choice((fit, fit, 0, 100)),
            "coverage": pick.choice((0, 0, 0.5, 1)),
            "signal_strength": pick.choice((0, 0, 10, 40)),
            "signals": pick.sample(signals, pick.randrange(len(signals) + 1)),
        }
        for tier, fit in (("T1", 60), ("T2", 40), ("T3", 20))
    ]
    slack = {"fit": pick.choice((0, 10)), "signal_strength": pick.choice((0, 20))}
    return {"tiers": tiers[: pick.randrange(1, 4)], "hysteresis": slack}


def _icp(pick: random.Random, signals: Sequence[str]) -> dict[str, Any]:
    counted = None if pick.random() < 0.6 else pick.sample(signals, len(signals) // 2)
    hierarchy = {
        "signals_from_subsidiaries": pick.random() < 0.3,
        "inherit": pick.sample(INHERITED, 2) if pick.random() < 0.4 else [],
    }
    return {
        "criteria": [_criterion(pick, f"c{n}") for n in range(pick.randrange(2, 9))],
        "min_coverage": pick.choice((0, 0.3, 0.5, 1)),
        "signals": counted,
        "hierarchy": hierarchy,
    }


def _criterion(pick: random.Random, name: str) -> dict[str, Any]:
    mode = pick.choice(("score", "score", "score", "require", "exclude"))
    written: dict[str, Any] = {"name": name, "mode": mode, "rule": _rule(pick)}
    if mode == "score":
        return {**written, "points": pick.choice((5, 10, 40, 100, -10, -100))}
    held = pick.choice((None, "admit", "hold"))
    return {**written, "when_unknown": held, "because": "They churn three times faster."}


def _rule(pick: random.Random, depth: int = 0) -> dict[str, Any]:
    chance = pick.random()
    if depth < 2 and chance < 0.25:
        word = pick.choice(("all", "any"))
        return {word: [_rule(pick, depth + 1) for _ in range(pick.randrange(2, 4))]}
    if depth < 2 and chance < 0.35:
        return {"not": _rule(pick, depth + 1)}
    field = pick.choice(sorted(KIND))
    return {field: _test(pick, field, KIND[field])}


def _test(pick: random.Random, field: str, values: Sequence[Any]) -> dict[str, Any]:
    some = pick.sample(values, min(len(values), pick.choice((1, 1, 2, 3, 12))))
    if field == "is_customer":
        return {pick.choice(("is", "none_of")): values[pick.randrange(2)]}
    if isinstance(values[0], str):
        op = pick.choice(("any_of", "none_of", "contains", *(["all_of"] * (field in LISTS))))
        if op == "contains":
            return {op: pick.sample(PARTS, pick.randrange(1, 4))}
        return {op: some[:2] if op == "all_of" else some}
    op = pick.choice(("any_of", "none_of", "between", "over", "under", "at_least", "at_most"))
    if field == "created_on" and pick.random() < 0.4:
        return {"within": pick.choice((1, 90, 10**7))}
    if op == "between":
        low, high = sorted(pick.choices(values, k=2))
        return {op: [low, high]}
    return {op: some if op in ("any_of", "none_of") else some[0]}


# -- rows ------------------------------------------------------------------------------------


def _account(pick: random.Random, number: int, of: int) -> Row:
    row: dict[str, Any] = {"account_id": _id(number)}
    row |= {field: _cell(pick, field) for field in KIND}
    parent = pick.randrange(of) if pick.random() < 0.3 else number
    row["_ultimate_parent_id"] = None if pick.random() < 0.1 else _id(parent)
    return row


def _id(number: int) -> str:
    return f"{number}-{TEXTS[number % len(TEXTS)]}"


def _cell(pick: random.Random, field: str) -> Any:
    if pick.random() < 0.25:
        return None
    values = KIND[field]
    if field in LISTS:
        return [pick.choice((*values, None)) for _ in range(pick.choice((0, 1, 2, 5)))]
    value = pick.choice(values)
    if field in FLOATS:
        strange = (math.nan, math.inf, -math.inf, -0.0, 1.7976931348623157e308, 5e-324)
        near = [math.nextafter(value, end) for end in (-math.inf, math.inf)]
        return pick.choice((float(value), *near, pick.choice(strange)))
    if isinstance(value, date):
        step = pick.choice((-1, 0, 1))
        return value + timedelta(days=step) if date.min < value < date.max else value
    if isinstance(value, bool | str):
        return value
    return max(0, value + pick.choice((-1, 0, 1)))


def _events(pick: random.Random, project: Project, accounts: int) -> list[Row]:
    types = sorted({each.type for each in project.signals.values()} | {"unheard of"})
    ages = (-1, 0, 1, 6, 7, 8, 59, 60, 61, 4000)
    return [
        {
            "signal_no": number,
            "account_id": _id(pick.randrange(accounts + 5)),
            "type": pick.choice(types),
            "subject": pick.choice((None, *TEXTS)),
            "occurred_day": day_number(TODAY) - pick.choice(ages),
        }
        for number in range(1, 2 * accounts)
    ]


def _previous(pick: random.Random, rows: Sequence[Row], project: Project) -> list[Row]:
    columns = [f"tier_{number}" for number in range(len(project.icps))]
    return [
        {"account_id": row["account_id"], **{c: pick.choice((1, 2, 3, 4, None)) for c in columns}}
        for row in rows
        if pick.random() < 0.8
    ]
