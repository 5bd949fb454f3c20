"""The target list: one row per account, its best profile, its tier and what is not known."""

from dataclasses import dataclass

from bullseye.definitions.tier import Tier
from bullseye.prioritize.why_now import WhyNow
from bullseye.warehouse.dialect import DUCKDB

ACCOUNT_FIELDS = (
    "name",
    "domain",
    "industry",
    "country",
    "employees",
    "revenue",
    "owner",
    "parent_account_id",
    "expected_acv",
)
"""Fields of the account that the list shows beside its scores."""


@dataclass(frozen=True)
class Standing:
    """What one profile says about one account, in plain units; see `rendering.COLUMNS`."""

    icp: str
    status: str
    fit_score: float | None
    fit_low: float
    fit_high: float
    fit_coverage: float
    tier: Tier | None
    tier_low: Tier | None
    tier_high: Tier | None
    excluded_by: str | None
    signal_strength: float


@dataclass(frozen=True)
class Target:
    """One row of the target list.

    `standing` is that of the best profile; `icps` lists every profile with its tier or status.
    `tier` is the override's where one is active, else the computed one, which stays in
    `standing.tier`. `has_contacts` says whether any contact of the account is on file,
    `has_role` whether one fits a persona: None without contacts or personas. `fill_next` names
    the field whose filling would most often change the tier.
    """

    account_id: str
    name: str | None
    domain: str | None
    industry: str | None
    country: str | None
    employees: int | None
    revenue: float | None
    owner: str | None
    parent_account_id: str | None
    expected_acv: float | None
    tier: Tier | None
    standing: Standing
    icps: tuple[str, ...]
    overridden_by: str | None
    why_now: WhyNow | None
    has_contacts: bool
    has_role: bool | None
    fill_next: str | None
    fill_chance: float | None

    @property
    def is_bullseye(self) -> bool | None:
        """Right logo, right role and right time at once; None while the role is unknown."""
        if self.tier is None or self.why_now is None:
            return False
        return self.has_role

    @property
    def role(self) -> str:
        """Whether a contact fits a persona, in words."""
        if self.has_role is not None:
            return "yes" if self.has_role else "nobody yet"
        return "no persona" if self.has_contacts else "no contact on file"

    @property
    def label(self) -> str:
        """The name an account is called by: its name, else its id."""
        return self.name or self.account_id


@dataclass(frozen=True)
class Wish:
    """Which rows of the target list are wanted."""

    tiers: tuple[Tier, ...] = ()
    icp: str | None = None
    why_now: bool = False
    status: str | None = None
    account_id: str | None = None
    limit: int | None = None


def listing_sql(
    rendered: str, accounts: str, overrides: str, signals: str, roles: str, fills: str, wish: Wish
) -> str:
    """Return the select of the target list, best first.

    Parameters
    ----------
    rendered
        The readable scores, one row per account and profile (`rendering.rendered`).
    accounts, overrides, signals, roles, fills
        Table expressions: the state's accounts and signals; ``account_id, tier, author`` of
        active overrides; ``account_id, has_role`` of accounts with contacts; and ``icp,
        met, unknown, signal_class, field, chance`` of the worklist.
    wish
        What is wanted.

    Notes
    -----
    An account's best profile is the one with the best tier, then a status that is scored, then
    the highest fit, then the name. Among accounts: tier, then signal strength, fit, coverage
    and id.
    """
    facts = ", ".join(f"a.{DUCKDB.identifier(name)}" for name in ACCOUNT_FIELDS)
    only = f"WHERE icp = {DUCKDB.literal(wish.icp)}" if wish.icp else ""
    return f"""WITH standings AS (SELECT * FROM ({rendered}) {only}),
ranked AS (
  SELECT *,
    row_number() OVER (PARTITION BY account_id ORDER BY COALESCE(tier, 'T9'),
      CASE status WHEN 'scored' THEN 0 WHEN 'insufficient-data' THEN 1 ELSE 2 END,
      fit_score DESC NULLS LAST, icp) AS place,
    list(icp || ': ' || COALESCE(tier, status)) OVER (PARTITION BY account_id
      ORDER BY icp ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS icps
  FROM standings)
SELECT r.account_id, {facts}, COALESCE(o.tier, r.tier) AS effective_tier, o.author,
  r.icp, r.status, r.fit_score, r.fit_low, r.fit_high, r.fit_coverage, r.tier, r.tier_low,
  r.tier_high, r.excluded_by, r.signal_strength, r.icps,
  h.account_id IS NOT NULL AS has_contacts, h.has_role, f.field, f.chance,
  e.type, e.occurred_on, e.known_on, e.subject, e.detail, e.url, e.value, e.source
FROM ranked AS r
LEFT JOIN {accounts} AS a ON a.account_id = r.account_id
LEFT JOIN {overrides} AS o ON o.account_id = r.account_id
LEFT JOIN {roles} AS h ON h.account_id = r.account_id
LEFT JOIN {fills} AS f ON f.icp = r.icp AND f.met = r.met AND f.unknown = r.unknown
  AND f.signal_class = r.signal_class
LEFT JOIN {signals} AS e ON e.signal_no = r.signal_no
WHERE r.place = 1{_conditions(wish)}
ORDER BY COALESCE(effective_tier, 'T9'), r.signal_strength DESC, r.fit_score DESC NULLS LAST,
  r.fit_coverage DESC, r.account_id{f" LIMIT {int(wish.limit)}" if wish.limit else ""}"""


def _conditions(wish: Wish) -> str:
    parts = []
    if wish.tiers:
        tiers = ", ".join(DUCKDB.literal(str(tier)) for tier in wish.tiers)
        parts.append(f"COALESCE(o.tier, r.tier) IN ({tiers})")
    if wish.why_now:
        parts.append("r.signal_no IS NOT NULL")
    if wish.status:
        parts.append(f"r.status = {DUCKDB.literal(wish.status)}")
    if wish.account_id:
        parts.append(f"r.account_id = {DUCKDB.literal(wish.account_id)}")
    return "".join(f" AND {part}" for part in parts)
