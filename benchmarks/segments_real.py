"""Public sets through the import and the commands: what ``benchmarks.segments real`` asks."""

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from bullseye.faces.cli.main import code_of

SNAPSHOTS = (
    "2021-12-02",
    "2022-04-02",
    "2023-01-31",
    "2023-06-13",
    "2023-11-13",
    "2024-05-13",
)

INACTIVE = """name: goes-inactive
owner: Ann
review_by: 2030-01-01
review_when: [never]
change: {field: status, becomes: Inactive}
within: 12 months
good: false
"""


def answers(data: Path, work: Path) -> Iterator[tuple[str, Any]]:
    """Yield a name and a short answer per set that is there; `work` is an empty folder."""
    if (data / "maven_crm").is_dir():
        yield "maven: velocity", _maven(data / "maven_crm", work / "maven")
    if (data / "ravenstack").is_dir():
        yield "ravenstack: churn", _ravenstack(data / "ravenstack", work / "ravenstack")
    panels = sorted((data / "yc_snapshots").glob("*.parquet"))
    if panels:
        yield "yc: goes inactive", _directory(panels[0], work / "yc")


def _maven(data: Path, folder: Path) -> Any:
    day = "2017-12-31"
    _run(folder, "init", str(folder), "--owner", "Ann", outside=True)
    _run(
        folder,
        "import",
        "accounts",
        data / "accounts.csv",
        "--map",
        "account_id=account",
        "--as-of",
        day,
    )
    _run(folder, "import", "opportunities", data / "sales_pipeline.csv", "--as-of", day)
    found = _run(folder, "segment", "velocity", "--as-of", day, "--as-known-today", "--json")
    value = _run(folder, "segment", "value", "--as-of", day, "--by", "industry", "--json")
    shares = found["overall"]["shares"]
    won, lost = found["overall"]["won"], found["overall"]["lost"]
    return {
        "won by 90 days": [shares[2][key] for key in ("share", "low", "high", "n")],
        "won of closed": won / (won + lost),
        "fields that differ": [
            field["field"]
            for field in found["found"]["fields"]
            if min(field["won"]["q"], field["decided"]["q"]) <= 0.05
        ],
        "periods differ, p": found["found"]["period"]["p"],
        "value by industry": [
            (one["segment"], one["n"], round(one["weight"], 2), round(one["expected"]))
            for one in value["found"]["fields"][0]["segments"]
        ],
    }


def _ravenstack(data: Path, folder: Path) -> Any:
    day = "2024-12-31"
    _run(folder, "init", str(folder), "--owner", "Ann", outside=True)
    for table in ("accounts", "subscriptions"):
        _run(folder, "import", table, data / f"ravenstack_{table}.csv", "--as-of", day)
    arguments = ("--outcome", "churned", "--as-of", day, "--as-known-today", "--json")
    return _brief(_run(folder, "segment", "negative", *arguments))


def _directory(panel: Path, folder: Path) -> Any:
    _run(folder, "init", str(folder), "--owner", "Ann", outside=True)
    (folder / "outcomes").mkdir(exist_ok=True)
    (folder / "outcomes" / "goes-inactive.yaml").write_text(INACTIVE, encoding="utf-8")
    with duckdb.connect() as connection:
        for day in SNAPSHOTS:
            path = folder / f"directory-{day}.csv"
            connection.execute(
                f"""COPY (SELECT id AS account_id, name, website AS domain, team_size AS employees,
  industry, subindustry, regions, batch, stage, status, isHiring AS is_hiring
  FROM '{panel}' WHERE snapshot = '{day}') TO '{path}' (HEADER)"""
            )
            if path.stat().st_size > 200:
                _run(
                    folder,
                    "import",
                    "accounts",
                    path,
                    "--source",
                    "directory",
                    "--as-of",
                    day,
                )
    return _brief(
        _run(
            folder,
            "segment",
            "negative",
            "--outcome",
            "goes-inactive",
            "--as-of",
            "2024-05-13",
            "--json",
        )
    )


def _brief(found: Any) -> Any:
    looked = found["looked"][0]
    return {
        "cases": looked["n"],
        "with it": looked["happened"],
        "looked at": looked["looked_at"],
        "refused": looked["refused"],
        "found": [
            {
                "rule": one["rule"],
                "standing": one["standing"],
                "because": one["because"],
                "earlier": one["earlier"],
                "later": one["later"],
            }
            for one in found["proposals"]
        ],
    }


def _run(folder: Path, *arguments: object, outside: bool = False) -> Any:
    """Run a command and return its JSON, or None where it prints none."""
    words = [str(each) for each in arguments]
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = code_of(words if outside else ["-w", str(folder), *words])
    if code:
        raise SystemExit(f"{' '.join(words)} ended with {code}")
    return json.loads(printed.getvalue()) if "--json" in words else None
