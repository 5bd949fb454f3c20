"""Rows of the target list under the columns of its export contract."""

from typing import Any

from bullseye.prioritize.run import Target


def row_of(target: Target) -> dict[str, Any]:
    """Return one target as a row: plain values, None where unknown."""
    standing, reason = target.standing, target.why_now
    return {
        "account_id": target.account_id,
        "name": target.name,
        "domain": target.domain,
        "tier": _text(target.tier),
        "computed_tier": _text(standing.tier),
        "overridden_by": target.overridden_by,
        "status": standing.status,
        "icp": standing.icp,
        "all_icps": list(target.icps),
        "fit_score": _rounded(standing.fit_score),
        "fit_low": _rounded(standing.fit_low),
        "fit_high": _rounded(standing.fit_high),
        "fit_coverage": _rounded(standing.fit_coverage, 4),
        "tier_low": _text(standing.tier_low),
        "tier_high": _text(standing.tier_high),
        "excluded_by": standing.excluded_by,
        "signal_strength": _rounded(standing.signal_strength),
        "why_now": reason.sentence if reason else None,
        "why_now_signal": reason.signal if reason else None,
        "why_now_on": reason.occurred_on if reason else None,
        "why_now_age_days": reason.age_days if reason else None,
        "why_now_source": reason.event.source if reason else None,
        "has_role": target.has_role,
        "is_bullseye": target.is_bullseye,
        "fill_next": target.fill_next,
        "fill_chance": _rounded(target.fill_chance, 4),
        "industry": target.industry,
        "country": target.country,
        "employees": target.employees,
        "revenue": target.revenue,
        "owner": target.owner,
        "parent_account_id": target.parent_account_id,
        "expected_acv": target.expected_acv,
    }


def _rounded(number: float | None, digits: int = 2) -> float | None:
    return None if number is None else round(number, digits)


def _text(tier: object) -> str | None:
    return None if tier is None else str(tier)
