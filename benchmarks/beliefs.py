"""What the benchmarks score by: one ICP of nine criteria, four exclusions, five signals."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from bullseye.definitions.icp import Exclusion, Icp
from bullseye.definitions.project import Project
from bullseye.definitions.signal import Signal
from bullseye.definitions.source import Source
from bullseye.definitions.tier import TierPolicy

TODAY = date(2026, 6, 30)
"""The day of the scores."""

GOVERNED = {"owner": "Robin Reyes", "review_by": "2027-06-30", "review_when": ["numbers change"]}


class Form(StrEnum):
    """How the accounts hold their categories."""

    PORTABLE = "portable"  # text, and technologies as a list of text: as they are imported
    CODED = "coded"  # whole numbers, and one boolean per technology that a rule mentions


CODES = {
    "industry": ("B2B SaaS", "Fintech", "Public Sector"),
    "funding_stage": ("Series A", "Series B", "Series C"),
    "country": ("US", "CA", "GB", "IE", "DE"),
}
"""Values the rules mention, by field; the code of a value is its place, from 0."""

TECHNOLOGIES = ("Salesforce", "Snowflake", "HubSpot", "Marketo", "Zendesk", "Intercom")
"""Technologies the rules mention."""

COLUMNS = {
    Form.PORTABLE: (
        "account_id",
        *CODES,
        "technologies",
        "employees",
        "revenue",
        "headcount_growth_6m",
        "is_customer",
    ),
    Form.CODED: (
        "account_id",
        *(f"{name}_code" for name in CODES),
        *(f"uses_{name.lower()}" for name in TECHNOLOGIES),
        "employees",
        "revenue",
        "headcount_growth_6m",
        "is_customer",
    ),
}
"""The columns of the accounts that scoring reads."""

SIGNALS = (
    ("champion-promoted", "champion_promoted", None, 120, 60, 20),
    ("executive-hire", "executive_hire", ["Customer", "Operations", "Logistics"], 120, 45, 30),
    ("funding-round", "funding_round", None, 180, 90, 25),
    ("intent-surge", "intent_surge", None, 60, 30, 15),
    ("layoffs", "layoffs", None, 120, 60, -20),
)
"""Name, type of event, what its subject contains, window and half-life in days, points.

No window reaches five half-lives: every weight that lies on a tie has then at most four
decimals, and engines that round ties differently agree.
"""

TIERS: tuple[Mapping[str, Any], ...] = (
    {"tier": "T1", "fit": 65, "coverage": 0.6, "signal_strength": 15},
    {"tier": "T2", "fit": 50, "coverage": 0.5},
    {"tier": "T3", "fit": 30},
)


def project(form: Form = Form.PORTABLE, icps: int = 1) -> Project:
    """Return the definitions; both forms mean the same and give the same tiers.

    The first ICP is always the same. Further ones are about the same fields, each with points
    and bounds of its own, as markets of one seller are.
    """
    profiles = [Icp.model_validate(_icp(form, number)) for number in range(icps)]
    return Project(
        icps={icp.name: icp for icp in profiles},
        exclusions={name: _exclusion(name, rule) for name, rule in _refusals(form).items()},
        signals={signal.name: signal for signal in map(_signal, SIGNALS)},
        tiers={"default": TierPolicy.model_validate(_policy())},
        sources={"codes": Source.model_validate(_codes())} if form is Form.CODED else {},
    )


def _icp(form: Form, number: int) -> dict[str, Any]:
    criteria = (
        ("software-or-finance", 20, _any_of(form, "industry", "B2B SaaS", "Fintech")),
        ("mid-size", 20, {"employees": {"between": [51 + number, 500 + 10 * number]}}),
        ("upper-mid-size", 10, {"employees": {"between": [501 + 10 * number, 2000]}}),
        ("earning", 10 + number, {"revenue": {"over": 5_000_000 + 100_000 * number}}),
        ("growing", 10, {"headcount_growth_6m": {"over": (15 + number) / 100}}),
        ("our-stack", 15, _uses(form, "all", "Salesforce", "Snowflake")),
        ("marketing-stack", 10, _uses(form, "any", "HubSpot", "Marketo", "Zendesk")),
        ("venture-funded", 10, _any_of(form, "funding_stage", *CODES["funding_stage"])),
        ("reachable", 5, _any_of(form, "country", *CODES["country"])),
    )
    return {
        **GOVERNED,
        "name": f"benchmark-{number}" if number else "benchmark",
        "criteria": [{"name": n, "points": points, "rule": rule} for n, points, rule in criteria],
    }


def _refusals(form: Form) -> dict[str, Mapping[str, Any]]:
    return {
        "customer": {"is_customer": True},
        "public-sector": _any_of(form, "industry", "Public Sector"),
        "rival-in-use": _uses(form, "any", "Intercom"),
        "too-small": {"employees": {"under": 10}},
    }


def _any_of(form: Form, field: str, *values: str) -> Mapping[str, Any]:
    if form is Form.PORTABLE:
        return {field: {"any_of": list(values)}}
    return {f"{field}_code": {"any_of": [CODES[field].index(value) for value in values]}}


def _uses(form: Form, how: str, *technologies: str) -> Mapping[str, Any]:
    if form is Form.PORTABLE:
        return {"technologies": {f"{how}_of": list(technologies)}}
    rules = [{f"uses_{name.lower()}": True} for name in technologies]
    return {how: rules} if len(rules) > 1 else rules[0]


def _exclusion(name: str, rule: Mapping[str, Any]) -> Exclusion:
    because = "Opportunities there have been lost."
    return Exclusion.model_validate({**GOVERNED, "name": name, "rule": rule, "because": because})


def _signal(written: tuple[str, str, list[str] | None, int, int, int]) -> Signal:
    name, event, contains, window, half_life, points = written
    return Signal.model_validate(
        {
            **GOVERNED,
            "name": name,
            "event": event,
            "subject": {"contains": contains} if contains else None,
            "window": f"{window} days",
            "half_life": f"{half_life} days",
            "points": points,
            "why_now": "{subject} on {date}.",
        }
    )


def _policy() -> dict[str, Any]:
    hysteresis = {"fit": 5, "signal_strength": 5}
    return {**GOVERNED, "name": "default", "tiers": TIERS, "hysteresis": hysteresis}


def _codes() -> dict[str, Any]:
    columns = {
        name: {"column": name, "type": "flag" if name.startswith("uses_") else "count"}
        for name in COLUMNS[Form.CODED]
        if name.startswith("uses_") or name.endswith("_code")
    }
    return {**GOVERNED, "name": "codes", "table": "accounts", "columns": columns}
