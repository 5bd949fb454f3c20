"""What a published run adds up to: counts by fit, tier, signal, criterion and persona.

Every function counts inside the engine and returns a few frozen rows, whatever the number of
accounts. Unless a docstring says otherwise, tiers are the computed ones of one profile.
"""

from dataclasses import dataclass

from bullseye.definitions.field import TableName
from bullseye.definitions.tier import Tier
from bullseye.prioritize.profiles import signals
from bullseye.prioritize.run.corrected import corrected_titles
from bullseye.prioritize.run.published import Opened, active_overrides
from bullseye.stats.totals import MIN_KNOWN
from bullseye.warehouse.contacts import contacts_sql
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.personas import fits_sql, segments_sql
from bullseye.workspace import Workspace

FIT_BAND = 5
"""Width of a band of the fit histogram, in points of fit_score."""

GRID_STEP = 10
"""Width of a cell of the fit x signal grid across, in points of fit_score."""

SIGNAL_STEPS = (1, 2, 5, 10, 20, 50, 100)
"""Heights a cell of the grid may have: ten of them hold the strongest signal."""

NAMED_TIERS = tuple(Tier)


@dataclass(frozen=True)
class FitBand:
    """Scored accounts of one tier with a fit_score from `fit_from` to below the next band.

    The last band holds 100 too. `tier` is None for accounts in no tier.
    """

    fit_from: int
    tier: Tier | None
    accounts: int


@dataclass(frozen=True)
class FitSpread:
    """The distribution of fit_score under one profile.

    `n` accounts are scored and stand in `bands`; `cannot_tell` are insufficient-data and stand
    in none, whatever is known of their fit.
    """

    icp: str
    n: int
    cannot_tell: int
    bands: tuple[FitBand, ...]


@dataclass(frozen=True)
class GridCell:
    """Scored accounts in one cell of fit x signal; `signal_from` is None without a live one."""

    fit_from: int
    signal_from: int | None
    accounts: int


@dataclass(frozen=True)
class Grid:
    """Where fit and signal meet under one profile: `n` scored accounts, in cells.

    Ten steps of fit by ten of `signal_step` points of strength; the last of a side is open.
    """

    icp: str
    n: int
    signal_step: int
    cells: tuple[GridCell, ...]


@dataclass(frozen=True)
class TierRange:
    """How many accounts are in `tier` or a better one, and how far that could move.

    `sure` stay there whatever turns out of the unknown; `possible` are there now or would be
    at the best completion. ``sure <= now <= possible``.
    """

    icp: str
    tier: Tier
    sure: int
    now: int
    possible: int


@dataclass(frozen=True)
class Certainty:
    """Of `n` accounts that could be in scope, how many are `decided`.

    Decided means that filling what is unknown cannot change the tier.
    """

    icp: str
    n: int
    decided: int
    tiers: tuple[TierRange, ...]


@dataclass(frozen=True)
class CriterionCount:
    """How many accounts of the run meet one criterion or exclusion, do not, or are unknown."""

    icp: str
    criterion: str
    met: int
    not_met: int
    unknown: int


@dataclass(frozen=True)
class SignalCount:
    """On how many accounts a signal is live, and how many of those are in a tier."""

    signal: str
    accounts: int
    tiered: int


@dataclass(frozen=True)
class ListSize:
    """How long the target list is: all accounts, by effective tier, and with a why-now.

    Overrides count here as they do on the list; each account stands under its best tier.
    """

    accounts: int
    t1: int
    t2: int
    t3: int
    with_why_now: int
    tiered_with_why_now: int

    @property
    def tiered(self) -> int:
        """Accounts in any tier."""
        return self.t1 + self.t2 + self.t3


@dataclass(frozen=True)
class PersonaCount:
    """In how many accounts of a tier somebody fits a persona; None stands for any persona.

    `known` of the accounts have a contact on file, and of those `reached` have one who fits.
    """

    persona: str | None
    tier: Tier
    accounts: int
    known: int
    reached: int


def fit_spreads(run: Opened) -> list[FitSpread]:
    """Return the distribution of fit under every profile, by name."""
    rows = run.connection.execute(
        f"""SELECT icp, tier, status = 'scored' AS is_scored,
  CAST(least(floor(fit_score / {FIT_BAND}) * {FIT_BAND}, {100 - FIT_BAND}) AS INTEGER) AS band,
  count(*)
FROM ({_standings(run)}) WHERE status IN ('scored', 'insufficient-data')
GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    found = []
    for icp in run.scoring.icps:
        mine = [row[1:] for row in rows if row[0] == icp]
        scored = [(band, tier, n) for tier, is_scored, band, n in mine if is_scored]
        bands = (FitBand(b, _tier(t), n) for b, t, n in scored if b is not None)
        unsure = sum(n for *_, n in mine) - sum(n for *_, n in scored)
        found.append(FitSpread(icp, sum(n for *_, n in scored), unsure, tuple(bands)))
    return found


def fit_signal_grids(run: Opened) -> list[Grid]:
    """Return where scored accounts lie by fit and signal strength, per profile, by name."""
    scored = f"({_standings(run)}) WHERE status = 'scored' AND fit_score IS NOT NULL"
    strongest = _row(run, f"SELECT COALESCE(max(signal_strength), 0) FROM {scored}")[0]
    step = next((s for s in SIGNAL_STEPS if 10 * s >= strongest), SIGNAL_STEPS[-1])
    rows = run.connection.execute(
        f"""SELECT icp, {_stepped("fit_score", GRID_STEP)} AS fit_from,
  CASE WHEN signal_strength > 0 THEN {_stepped("signal_strength", step)} END AS signal_from,
  count(*)
FROM {scored} GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    found = []
    for icp in run.scoring.icps:
        cells = tuple(GridCell(*row[1:]) for row in rows if row[0] == icp)
        found.append(Grid(icp, sum(cell.accounts for cell in cells), step, cells))
    return found


def _stepped(column: str, step: int) -> str:
    """Return the SQL of where the step that holds a value begins; ten steps, the last open."""
    return f"CAST(least(floor({column} / {step}), 9) * {step} AS INTEGER)"


def certainties(run: Opened) -> list[Certainty]:
    """Return how sure the tiers are under every profile, by name."""
    parts = []
    for tier in NAMED_TIERS:
        name = DUCKDB.literal(str(tier))
        parts += [
            f"count(*) FILTER (tier <= {name} AND tier_low <= {name})",
            f"count(*) FILTER (tier <= {name})",
            f"count(*) FILTER (tier <= {name} OR tier_high <= {name})",
        ]
    rows = run.connection.execute(
        f"""SELECT icp, count(*), count(*) FILTER (tier_low IS NOT DISTINCT FROM tier_high),
  {", ".join(parts)}
FROM ({_standings(run)}) WHERE status IN ('scored', 'insufficient-data') GROUP BY icp"""
    ).fetchall()
    by_icp = {icp: counts for icp, *counts in rows}
    found = []
    for icp in run.scoring.icps:
        n, decided, *ranges = by_icp.get(icp, [0] * (2 + len(parts)))
        tiers = (
            TierRange(icp, tier, *ranges[3 * at : 3 * at + 3])
            for at, tier in enumerate(NAMED_TIERS)
        )
        found.append(Certainty(icp, n, decided, tuple(tiers)))
    return found


def criterion_counts(run: Opened) -> list[CriterionCount]:
    """Return how many accounts answer each clause of each profile which way."""
    found = []
    for number, profile in enumerate(run.scoring.profiles):
        layout = profile.layout
        parts = []
        for at in range(len(layout.clauses)):
            bit = layout.bit(at)
            parts.append(f"count(*) FILTER (unknown_{number} & {bit} > 0)")
            parts.append(
                f"count(*) FILTER (unknown_{number} & {bit} = 0 AND met_{number} & {bit} > 0)"
            )
        total, *counts = _row(run, f"SELECT count(*), {', '.join(parts)} FROM {run.scores}")
        for at, clause in enumerate(layout.clauses):
            unknown, met = counts[2 * at : 2 * at + 2]
            not_met = total - met - unknown
            found.append(CriterionCount(profile.icp.name, clause.name, met, not_met, unknown))
    return found


def signal_counts(run: Opened) -> list[SignalCount]:
    """Return on how many accounts each signal is live, the most frequent first."""
    named = signals(run.project)
    if not named:
        return []
    parts = [
        f"count(*) FILTER (live & {1 << at} > 0), "
        f"count(*) FILTER (live & {1 << at} > 0 AND tier IS NOT NULL)"
        for at in range(len(named))
    ]
    row = _row(
        run,
        f"SELECT {', '.join(parts)} FROM (SELECT account_id, bit_or(live) AS live,"
        f" min(tier) AS tier FROM ({_standings(run)}) GROUP BY account_id)",
    )
    found = [SignalCount(s.name, *row[2 * at : 2 * at + 2]) for at, s in enumerate(named)]
    return sorted(found, key=lambda each: (-each.accounts, each.signal))


def list_size(workspace: Workspace, run: Opened) -> ListSize:
    """Return how many accounts the target list has, by effective tier."""
    tiers = ", ".join(
        f"count(*) FILTER (tier = {DUCKDB.literal(str(tier))})" for tier in NAMED_TIERS
    )
    row = _row(
        run,
        f"SELECT count(*), {tiers}, count(signal_no), count(signal_no) FILTER (tier IS NOT NULL)"
        f" FROM ({_effective(workspace, run)})",
    )
    return ListSize(*row)


def persona_counts(workspace: Workspace, run: Opened) -> list[PersonaCount] | None:
    """Return in how many accounts of each effective tier somebody fits each persona.

    The rows of "any persona" come first. None where no contacts are imported or no persona is
    defined: then nothing can be said.
    """
    at = run.state.table(TableName.CONTACTS)
    contacts = contacts_sql(at, corrected_titles(workspace))
    known = _row(run, f"SELECT count(*) FROM {contacts}")[0]
    personas = sorted(run.project.personas)
    if not personas or not known:
        return None
    segments = segments_sql(run.scoring.rendered(run.scores))
    by_name = fits_sql(run.project, run.state, segments)
    fits = [by_name[name] for name in personas]
    columns = ", ".join(
        f"COALESCE(bool_or({sql}), FALSE) AS fits_{at}" for at, sql in enumerate(fits)
    )
    any_of_them = " OR ".join(f"fits_{at}" for at in range(len(fits)))
    reached = ", ".join(f"count(*) FILTER (fits_{at})" for at in range(len(fits)))
    rows = run.connection.execute(
        f"""SELECT tier, count(*), count(fits_0), count(*) FILTER ({any_of_them}), {reached}
FROM ({_effective(workspace, run)}) AS e LEFT JOIN (
  SELECT account_id, {columns} FROM {contacts}
  WHERE account_id IS NOT NULL GROUP BY account_id) AS c USING (account_id)
WHERE tier IS NOT NULL GROUP BY tier"""
    ).fetchall()
    by_tier = {tier: counts for tier, *counts in rows}
    names: list[str | None] = [None, *personas]
    nobody = [0] * (2 + len(names))
    return [
        PersonaCount(name, tier, counts[0], counts[1], counts[2 + at])
        for at, name in enumerate(names)
        for tier in NAMED_TIERS
        for counts in [by_tier.get(str(tier), nobody)]
    ]


def more_values_needed(known: int) -> int:
    """Return how many more known values a total of money needs before it can be estimated."""
    return max(0, MIN_KNOWN - known)


def _row(run: Opened, sql: str) -> tuple[int, ...]:
    """Return the one row of an aggregate; reading to its end frees the connection."""
    found: tuple[int, ...] = run.connection.execute(sql).fetchall()[0]
    return found


def _standings(run: Opened) -> str:
    return run.scoring.rendered(run.scores)


def _effective(workspace: Workspace, run: Opened) -> str:
    """Return the select of account_id, tier (an override's first) and signal_no.

    Each account stands under its best profile, in the order of `prioritize.listing`.
    """
    active = active_overrides(workspace, run)
    rows = [f"({DUCKDB.literal(o.account_id)}, {DUCKDB.literal(o.tier)})" for o in active]
    decided = ", ".join(rows) or "(CAST(NULL AS VARCHAR), CAST(NULL AS VARCHAR))"
    best = f"""SELECT account_id, tier, signal_no FROM ({_standings(run)})
QUALIFY row_number() OVER (PARTITION BY account_id ORDER BY COALESCE(tier, 'T9'),
  CASE status WHEN 'scored' THEN 0 WHEN 'insufficient-data' THEN 1 ELSE 2 END,
  fit_score DESC NULLS LAST, icp) = 1"""
    return (
        f"SELECT b.account_id, COALESCE(o.tier, b.tier) AS tier, b.signal_no FROM ({best}) AS b"
        f" LEFT JOIN (VALUES {decided}) AS o(account_id, tier) USING (account_id)"
    )


def _tier(name: str | None) -> Tier | None:
    return Tier(name) if name else None
