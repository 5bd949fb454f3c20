"""The same work by other means: SQL as one would first write it, Polars, pandas.

They know the definitions by heart, as a script would, and share no code with the product; that
their tiers are the same is part of the benchmark.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import polars as pl

from benchmarks.beliefs import COLUMNS, SIGNALS, TIERS, TODAY, Form
from benchmarks.inputs import Inputs
from benchmarks.measuring import Cost
from bullseye.warehouse.compile import day_number
from bullseye.warehouse.connect import connect
from bullseye.warehouse.publish import publish, reading

TODAY_NUMBER = day_number(TODAY)
WHY = 1 << 38
NO_TIER = 4
_SUBJECT = "customer|operations|logistics"

# -- SQL -------------------------------------------------------------------------------------

POINTS = {
    "industry IN ('B2B SaaS', 'Fintech')": 20,
    "employees BETWEEN 51 AND 500": 20,
    "employees BETWEEN 501 AND 2000": 10,
    "revenue > 5000000": 10,
    "headcount_growth_6m > 0.15": 10,
    "list_has_all(technologies, ['Salesforce', 'Snowflake'])": 15,
    "list_has_any(technologies, ['HubSpot', 'Marketo', 'Zendesk'])": 10,
    "funding_stage IN ('Series A', 'Series B', 'Series C')": 10,
    "country IN ('US', 'CA', 'GB', 'IE', 'DE')": 5,
}
OPEN = {
    "industry": 20,
    "employees": 20,
    "revenue": 10,
    "headcount_growth_6m": 10,
    "technologies": 25,
    "funding_stage": 10,
    "country": 5,
}
REFUSALS = (
    "is_customer",
    "industry = 'Public Sector'",
    "list_has_any(technologies, ['Intercom'])",
    "employees < 10",
)


def naive_sql(inputs: Inputs, target: Path) -> Cost:
    """Score with SQL as an analyst writes it: a select per signal, floats, reasons as JSON."""
    connection, cost = connect(inputs.scratch), Cost()
    with cost.part("run"):
        publish(connection, _naive_statement(inputs), target)
    return cost


def _naive_statement(inputs: Inputs) -> str:
    today = f"DATE '{TODAY}'"
    events = "\n  UNION ALL\n  ".join(
        f"SELECT account_id, '{name}: ' || subject || ' on ' || occurred_on AS why_now,"
        f" {points} * power(0.5, date_diff('day', occurred_on, {today}) / {half_life}.0)"
        " AS strength"
        f" FROM {reading(inputs.signals)} WHERE type = '{event}'"
        f" AND occurred_on BETWEEN {today} - INTERVAL {window} DAY AND {today}"
        + (f" AND regexp_matches(lower(subject), '{_SUBJECT}')" if contains else "")
        for name, event, contains, window, half_life, points in SIGNALS
    )
    points = " + ".join(f"CASE WHEN {c} THEN {n} ELSE 0 END" for c, n in POINTS.items())
    opened = " + ".join(f"CASE WHEN {c} IS NULL THEN {n} ELSE 0 END" for c, n in OPEN.items())
    reasons = ", ".join(f"'{k}', {c}" for k, c in enumerate(POINTS))
    return f"""WITH events AS (
  {events}),
heat AS (
  SELECT account_id, greatest(round(sum(round(strength, 4)), 4), 0) AS strength,
    arg_max(why_now, strength) FILTER (strength > 0) AS why_now
  FROM events GROUP BY account_id),
fit AS (
  SELECT account_id, {points} AS points, {opened} AS open,
    COALESCE({" OR ".join(REFUSALS)}, FALSE) AS is_excluded,
    ({" OR ".join(REFUSALS)}) IS NULL AS may_be_excluded,
    CAST(json_object({reasons}) AS VARCHAR) AS reasons
  FROM {reading(inputs.accounts())}),
ranged AS (
  SELECT fit.*, COALESCE(heat.strength, 0) AS strength, heat.why_now,
    {_tier("points", "100.0")} AS worst_tier, {_tier("points + open", "100.0")} AS best_tier
  FROM fit LEFT JOIN heat USING (account_id)),
judged AS (
  SELECT *, 100.0 * points / nullif(100 - open, 0) AS fit_score, (100 - open) / 100.0 AS coverage,
    CASE WHEN is_excluded THEN 1
      WHEN open > 50 AND best_tier <> (CASE WHEN may_be_excluded THEN {NO_TIER} ELSE worst_tier END)
      THEN 3 ELSE 0 END AS status
  FROM ranged)
SELECT account_id, fit_score, coverage, reasons, strength, why_now, status,
  CASE WHEN status > 0 OR open = 100 THEN {NO_TIER}
    WHEN fit_score >= 65 AND coverage >= 0.6 AND strength >= 15 THEN 1
    WHEN fit_score >= 50 AND coverage >= 0.5 THEN 2
    WHEN fit_score >= 30 THEN 3 ELSE {NO_TIER} END AS tier
FROM judged ORDER BY account_id"""


def _tier(points: str, whole: str) -> str:
    score = f"100 * ({points}) / {whole}"
    return (
        f"CASE WHEN {score} >= 65 AND COALESCE(heat.strength, 0) >= 15 THEN 1"
        f" WHEN {score} >= 50 THEN 2 WHEN {score} >= 30 THEN 3 ELSE {NO_TIER} END"
    )


# -- Polars ----------------------------------------------------------------------------------


def polars_streaming(inputs: Inputs, target: Path) -> Cost:
    """Score with Polars' streaming engine: lazy scans, integers, the product's own columns."""
    cost = Cost()
    with cost.part("run"):
        heat = _polars_heat(pl.scan_parquet(inputs.signals))
        accounts = pl.scan_parquet(inputs.accounts()).select(COLUMNS[Form.PORTABLE])
        scored = _polars_verdicts(_polars_fit(accounts).join(heat, "account_id", "left"))
        scored.sort("account_id").sink_parquet(target, compression="zstd", engine="streaming")
    return cost


def _polars_heat(signals: pl.LazyFrame) -> pl.LazyFrame:
    age = TODAY_NUMBER - pl.col("occurred_day")
    kind, subject = pl.col("type"), pl.col("subject").str.to_lowercase()
    weight, bit = pl.lit(None, pl.Int64), pl.lit(None, pl.Int64)
    for at, (_, event, contains, window, half_life, points) in enumerate(SIGNALS):
        counts = (kind == event) & (age <= window)
        if contains:
            counts &= subject.str.contains(_SUBJECT)
        decayed = (points * 10_000 * pl.lit(0.5).pow(age / half_life)).round().cast(pl.Int64)
        weight = pl.when(counts).then(decayed).otherwise(weight)
        bit = pl.when(counts).then(pl.lit(1 << at, pl.Int64)).otherwise(bit)
    recent = age.is_between(0, max(window for *_, window, _, _ in SIGNALS))
    weighed = signals.filter(recent & kind.is_in([each[1] for each in SIGNALS])).select(
        "account_id", "signal_no", weight.alias("weight"), bit.alias("bit")
    )
    strong = pl.when(pl.col("weight") > 0).then(pl.col("weight") * WHY + pl.col("signal_no"))
    return (
        weighed.filter(pl.col("weight").is_not_null())
        .group_by("account_id")
        .agg(
            pl.col("weight").sum().clip(0).alias("strength"),
            pl.col("bit").bitwise_or().alias("live"),
            strong.max().alias("why"),
        )
    )


def _polars_fit(accounts: pl.LazyFrame) -> pl.LazyFrame:
    tools, employees = pl.col("technologies").list, pl.col("employees")
    criteria = (
        (pl.col("industry").is_in(["B2B SaaS", "Fintech"]), 20),
        (employees.is_between(51, 500), 20),
        (employees.is_between(501, 2000), 10),
        (pl.col("revenue") > 5_000_000, 10),
        (pl.col("headcount_growth_6m") > 0.15, 10),
        (tools.contains("Salesforce") & tools.contains("Snowflake"), 15),
        (tools.contains("HubSpot") | tools.contains("Marketo") | tools.contains("Zendesk"), 10),
        (pl.col("funding_stage").is_in(["Series A", "Series B", "Series C"]), 10),
        (pl.col("country").is_in(["US", "CA", "GB", "IE", "DE"]), 5),
    )
    refusals = (
        pl.col("is_customer"),
        pl.col("industry") == "Public Sector",
        tools.contains("Intercom"),
        employees < 10,
    )
    fields = ("industry", "employees", "technologies", "is_customer")
    return accounts.select(
        "account_id",
        _polars_sum(criteria, lambda at, points: points + (1 << (20 + at))).alias("met"),
        _polars_sum(criteria, lambda _, points: points).alias("points"),
        _polars_sum(
            [(pl.col(name).is_null(), points) for name, points in OPEN.items()],
            lambda at, points: points + (1 << (20 + at)),
        ).alias("unknown"),
        _polars_sum(
            [(pl.col(name).is_null(), points) for name, points in OPEN.items()],
            lambda _, points: points,
        ).alias("open"),
        pl.any_horizontal(each.fill_null(False) for each in refusals).alias("excluded"),
        pl.any_horizontal(pl.col(name).is_null() for name in fields).alias("doubtful"),
    )


def _polars_sum(terms: Any, value: Any) -> pl.Expr:
    total = pl.lit(0, pl.Int64)
    for at, (condition, points) in enumerate(terms):
        total = total + pl.when(condition).then(value(at, points)).otherwise(0)
    return total


def _polars_verdicts(joined: pl.LazyFrame) -> pl.LazyFrame:
    points, opened, strength = pl.col("points"), pl.col("open"), pl.col("strength").fill_null(0)
    known = 100 - opened

    def entered(score: pl.Expr, whole: Any, *, covered: bool) -> pl.Expr:
        tier = pl.lit(NO_TIER, pl.Int16)
        for number, entry in reversed(list(enumerate(TIERS, 1))):
            enters = 100 * score >= entry["fit"] * whole
            enters &= strength >= 10_000 * entry.get("signal_strength", 0)
            if covered:
                enters &= (known > 0) & (known >= 100 * entry.get("coverage", 0))
            tier = pl.when(enters).then(pl.lit(number, pl.Int16)).otherwise(tier)
        return tier

    worst = pl.when("doubtful").then(NO_TIER).otherwise(entered(points, 100, covered=False))
    too_little = (known < 50) & (worst != entered(points + opened, 100, covered=False))
    status = pl.when("excluded").then(1).when(too_little).then(3).otherwise(0)
    tier = pl.when(status > 0).then(NO_TIER).otherwise(entered(points, known, covered=True))
    return joined.select(
        "account_id",
        "met",
        "unknown",
        strength.alias("strength"),
        pl.col("live").fill_null(0),
        "why",
        tier.cast(pl.Int16).alias("tier"),
        status.cast(pl.Int16).alias("status"),
    )


# -- pandas ----------------------------------------------------------------------------------


def pandas_frames(inputs: Inputs, target: Path) -> Cost:
    """Score with pandas: everything in memory, one array operation after the other."""
    cost = Cost()
    with cost.part("run"):
        heat = _pandas_heat(pd.read_parquet(inputs.signals))
        columns = list(COLUMNS[Form.PORTABLE])
        fit = _pandas_fit(pd.read_parquet(inputs.accounts(), columns=columns))
        scored = _pandas_verdicts(fit.merge(heat, on="account_id", how="left"))
        scored.sort_values("account_id").to_parquet(target, compression="zstd", index=False)
    return cost


def _pandas_heat(signals: pd.DataFrame) -> pd.DataFrame:
    parts = []
    for at, (_, event, contains, window, half_life, points) in enumerate(SIGNALS):
        age = TODAY_NUMBER - signals["occurred_day"]
        counts = (signals["type"] == event) & age.between(0, window)
        if contains:
            counts &= signals["subject"].str.lower().str.contains(_SUBJECT)
        part = signals.loc[counts, ["account_id", "signal_no"]].copy()
        weight = points * 10_000 * 0.5 ** (age[counts] / half_life)
        part["weight"] = weight.round().astype("int64")
        part["bit"] = 1 << at
        part["best"] = np.where(part["weight"] > 0, part["weight"] * WHY + part["signal_no"], -1)
        parts.append(part)
    every = pd.concat(parts).drop_duplicates(["signal_no", "bit"])
    live = every.drop_duplicates(["account_id", "bit"]).groupby("account_id")["bit"].sum()
    heat = every.groupby("account_id").agg(strength=("weight", "sum"), why=("best", "max"))
    why = heat["why"].astype("Int64")  # in floats, as pandas would have it, digits are lost
    heat["why"] = why.where(why > 0)
    return heat.assign(live=live, strength=heat["strength"].clip(lower=0)).reset_index()


def _pandas_fit(accounts: pd.DataFrame) -> pd.DataFrame:
    tools = accounts["technologies"].map(lambda items: set() if items is None else set(items))
    employees = accounts["employees"]
    criteria: Mapping[str, tuple[Any, int]] = {
        "industry": (accounts["industry"].isin(["B2B SaaS", "Fintech"]), 20),
        "mid": (employees.between(51, 500), 20),
        "upper-mid": (employees.between(501, 2000), 10),
        "revenue": (accounts["revenue"] > 5_000_000, 10),
        "growth": (accounts["headcount_growth_6m"] > 0.15, 10),
        "stack": (tools.map({"Salesforce", "Snowflake"}.issubset), 15),
        "marketing": (tools.map(lambda t: not t.isdisjoint({"HubSpot", "Marketo", "Zendesk"})), 10),
        "funded": (accounts["funding_stage"].isin(["Series A", "Series B", "Series C"]), 10),
        "country": (accounts["country"].isin(["US", "CA", "GB", "IE", "DE"]), 5),
    }
    unknown = accounts.isna()
    return pd.DataFrame(
        {
            "account_id": accounts["account_id"],
            "met": sum(
                (points + (1 << 20 + at)) * met for at, (met, points) in _numbered(criteria)
            ),
            "points": sum(points * met for met, points in criteria.values()),
            "unknown": sum(
                (points + (1 << 20 + at)) * unknown[name]
                for at, (name, points) in enumerate(OPEN.items())
            ),
            "open": sum(points * unknown[name] for name, points in OPEN.items()),
            "excluded": (accounts["is_customer"] == True)  # noqa: E712 unknown is not true
            | (accounts["industry"] == "Public Sector")
            | tools.map(lambda t: "Intercom" in t)
            | (employees < 10),
            "doubtful": unknown[["industry", "employees", "technologies", "is_customer"]].any(
                axis=1
            ),
        }
    )


def _numbered(criteria: Mapping[str, tuple[Any, int]]) -> list[tuple[int, tuple[Any, int]]]:
    return list(enumerate(criteria.values()))


def _pandas_verdicts(joined: pd.DataFrame) -> pd.DataFrame:
    points, opened = joined["points"], joined["open"]
    strength, known = joined["strength"].fillna(0).astype("int64"), 100 - opened

    def entered(score: Any, whole: Any, *, covered: bool) -> Any:
        conditions = []
        for entry in TIERS:
            enters = 100 * score >= entry["fit"] * whole
            enters &= strength >= 10_000 * entry.get("signal_strength", 0)
            if covered:
                enters &= (known > 0) & (known >= 100 * entry.get("coverage", 0))
            conditions.append(enters)
        return np.select(conditions, [1, 2, 3], NO_TIER)

    worst = np.where(joined["doubtful"], NO_TIER, entered(points, 100, covered=False))
    too_little = (known < 50) & (worst != entered(points + opened, 100, covered=False))
    status = np.select([joined["excluded"], too_little], [1, 3], 0)
    return pd.DataFrame(
        {
            "account_id": joined["account_id"],
            "met": joined["met"],
            "unknown": joined["unknown"],
            "strength": strength,
            "live": joined["live"].fillna(0).astype("int64"),
            "why": joined["why"],
            "tier": np.where(status > 0, NO_TIER, entered(points, known, covered=True)),
            "status": status,
        }
    )
