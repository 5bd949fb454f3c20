"""Compile profiles to one SQL statement: integers only, one scan of accounts, one of signals.

The statement reads `accounts` and `signals`, joins the small table `weights` (decay per signal
and age, rounded once) and, where a policy has hysteresis, `previous` (the tiers of the run
before). It gives one row per account and, per profile i, the columns ``met_i``, ``unknown_i``,
``strength_i``, ``live_i``, ``why_i``, ``tier_i`` and ``status_i``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from bullseye.definitions.evaluate import folded
from bullseye.definitions.field import Field
from bullseye.definitions.icp import Hierarchy, Icp, Mode
from bullseye.definitions.signal import Signal
from bullseye.definitions.tier import EntryCriteria, Tier, TierPolicy
from bullseye.warehouse.dialect import DUCKDB, Dialect
from bullseye.warehouse.layout import FIRST_BIT, HELD, POINTS, REQUIRED, Layout
from bullseye.warehouse.packing import met_terms, unknown_terms
from bullseye.warehouse.predicates import Predicates, known_value

SCALE = 10_000
"""Signal strength is counted in ten-thousandths of a point."""

WHY = 1 << 38
"""The strongest signal is kept as weight x WHY + its number: one MAX finds it."""

EPOCH = date(1970, 1, 1)
NO_TIER = 4
TIER_CODES = {Tier.T1: 1, Tier.T2: 2, Tier.T3: 3}


class Status(IntEnum):
    """What a profile says about an account, before any tier."""

    SCORED = 0
    EXCLUDED = 1  # it meets an exclusion
    OUT_OF_SCOPE = 2  # it is known not to meet a requirement
    INSUFFICIENT_DATA = 3  # too much is unknown to say

    @property
    def label(self) -> str:
        """The status in words."""
        return self.name.lower().replace("_", "-")


class Weight(NamedTuple):
    """One row of `weights`: what one signal of a type counts at one age."""

    type: str
    signal: int
    age: int
    weight: int
    bit: int


@dataclass(frozen=True)
class Profile:
    """One ICP, ready to be compiled: its clauses typed and laid out, its policy and signals."""

    icp: Icp
    layout: Layout
    policy: TierPolicy
    signals: tuple[Signal, ...]

    @property
    def family(self) -> bool:
        """Whether signals of subsidiaries count for their parent."""
        return self.icp.hierarchy.signals_from_subsidiaries


def has_hysteresis(policy: TierPolicy) -> bool:
    """Whether an account may keep the tier it had: the policy has hysteresis."""
    return bool(policy.hysteresis.fit or policy.hysteresis.signal_strength)


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - EPOCH).days


def weights(signals: Sequence[Signal]) -> list[Weight]:
    """Return the decay table of `signals`; position in the sequence is the bit of `live`.

    ``round(points * SCALE * 0.5 ** (age / half_life))`` for every age from 0 to the window.
    """
    return [
        Weight(
            signal.type,
            number,
            age,
            round(signal.points * SCALE * 0.5 ** (age / signal.half_life)),
            1 << number,
        )
        for number, signal in enumerate(signals)
        for age in range(signal.window + 1)
    ]


def score_sql(
    profiles: Sequence[Profile],
    signals: Sequence[Signal],
    fields: Mapping[str, Field],
    as_of: date,
    dialect: Dialect,
    *,
    accounts: str = "accounts",
    events: str = "signals",
    weights_table: str = "weights",
    previous: str | None = None,
    parents: str | None = None,
) -> str:
    """Return the statement that scores every account of `accounts` against every profile.

    Parameters
    ----------
    profiles
        What to score; column suffixes are their positions, from 0.
    signals
        Every signal of the workspace, in the order `weights` was given.
    fields
        The fields of the accounts table.
    as_of
        The day of the scores; later signals do not count.
    dialect
        The engine.
    accounts, events, weights_table, previous
        Table expressions, already quoted; `previous` may be absent, and is not read where no
        policy has hysteresis.
    parents
        The table expression of every account, where `accounts` are only some of them: what is
        inherited is looked up there.
    """
    if not any(has_hysteresis(profile.policy) for profile in profiles):
        previous = None
    writer = _Writer(profiles, signals, fields, as_of, dialect, previous is not None)
    ctes = [
        *writer.heats(events, weights_table, accounts),
        writer.scan(accounts, parents or accounts),
        writer.marks(previous),
        writer.statuses(),
    ]
    return "WITH " + ",\n".join(ctes) + "\n" + writer.verdicts()


def tiers_at_ends(
    number: int, profile: Profile, signals: Sequence[Signal], dialect: Dialect = DUCKDB
) -> tuple[str, str]:
    """Return the SQL of the tier code at the worst and the best completion of profile `number`.

    It reads ``met``, ``unknown``, ``points``, ``open``, ``strength`` and ``live`` of the profile.
    """
    verdict = _Verdict(number, profile, signals, dialect)
    return verdict.tier_at(worst=True), verdict.tier_at(worst=False)


def signal_class(
    number: int, profile: Profile, signals: Sequence[Signal], dialect: Dialect = DUCKDB
) -> str:
    """Return the SQL of which tiers the signals of an account allow, one bit per tier."""
    verdict = _Verdict(number, profile, signals, dialect)
    terms = [
        f"CASE WHEN {' AND '.join(verdict.signals(entry)) or 'TRUE'} THEN {1 << at} ELSE 0 END"
        for at, entry in enumerate(profile.policy.tiers)
    ]
    return " + ".join(terms)


class _Writer:
    def __init__(
        self,
        profiles: Sequence[Profile],
        signals: Sequence[Signal],
        fields: Mapping[str, Field],
        as_of: date,
        dialect: Dialect,
        has_previous: bool,
    ) -> None:
        self.profiles = profiles
        self.signals = signals
        self.fields = fields
        self.as_of = as_of
        self.dialect = dialect
        self.has_previous = has_previous
        sets = {(tuple(s.name for s in p.signals), p.family): p for p in profiles if p.signals}
        self.sets = {key: number for number, key in enumerate(sets)}

    def heat_of(self, profile: Profile) -> int | None:
        """Return the number of the signal aggregate `profile` reads, or None."""
        return self.sets.get((tuple(s.name for s in profile.signals), profile.family))

    # -- signals ---------------------------------------------------------------------------

    def heats(self, events: str, weights_table: str, accounts: str) -> Iterator[str]:
        for (names, family), number in self.sets.items():
            yield self._heat(number, names, family, events, weights_table, accounts)

    def _heat(
        self,
        number: int,
        names: tuple[str, ...],
        family: bool,
        events: str,
        weights_table: str,
        accounts: str,
    ) -> str:
        quote, big = self.dialect.column, self.dialect.big
        wanted = [(n, s) for n, s in enumerate(self.signals) if s.name in names]
        types = ", ".join(sorted({self.dialect.literal(s.type) for _, s in wanted}))
        numbers = ", ".join(str(n) for n, _ in wanted)
        first = day_number(self.as_of) - max(s.window for _, s in wanted)
        subjects = "".join(f"\n    AND {text}" for n, s in wanted if (text := self._subject(n, s)))
        source = f"{events} AS s"
        owner = f"s.{quote('account_id')}"
        if family:
            source = self._family(events, accounts)
        return f"""heat_{number} AS (
  SELECT {owner} AS account_id,
    CAST(SUM(w.weight) AS {big}) AS strength,
    CAST({self.dialect.bit_or("w.bit")} AS {big}) AS live,
    MAX(CASE WHEN w.weight > 0 THEN CAST(w.weight AS {big}) * {WHY} + s.signal_no END) AS best
  FROM {source}
  JOIN {weights_table} AS w ON w.type = s.type AND w.age = {day_number(self.as_of)} - s.occurred_day
  WHERE s.occurred_day BETWEEN {first} AND {day_number(self.as_of)}
    AND s.type IN ({types}) AND w.signal IN ({numbers}){subjects}
  GROUP BY {owner})"""

    def _family(self, events: str, accounts: str) -> str:
        """Every signal, and once more for the ultimate parent of the account it happened to."""
        kept = "signal_no, type, subject, occurred_day"
        moved = ", ".join(f"e.{column}" for column in kept.split(", "))
        return f"""(SELECT account_id, {kept} FROM {events}
    UNION ALL
    SELECT a._ultimate_parent_id AS account_id, {moved}
    FROM {events} AS e JOIN {accounts} AS a ON a.account_id = e.account_id
    WHERE a._ultimate_parent_id <> a.account_id) AS s"""

    def _subject(self, number: int, signal: Signal) -> str:
        """The condition that an event's subject is one the signal means; always two-valued."""
        if signal.subject is None:
            return ""
        equal = [folded(text) for text in signal.subject.any_of]
        parts = [folded(text) for text in signal.subject.contains]
        subject = self.dialect.lowered("s.subject", [*equal, *parts])
        listed = ", ".join(self.dialect.quoted(text) for text in equal)
        tests = [f"{subject} IN ({listed})"] if equal else []
        tests += [self.dialect.contains(subject, self.dialect.quoted(text)) for text in parts]
        return f"(w.signal <> {number} OR {' OR '.join(tests)})"

    # -- accounts --------------------------------------------------------------------------

    def scan(self, accounts: str, parents: str) -> str:
        """Return the one scan of accounts: two packed integers per profile."""
        quote = self.dialect.column
        inherits = any(p.icp.hierarchy.inherit for p in self.profiles)
        columns = [f"a.{quote('account_id')} AS account_id"]
        for number, profile in enumerate(self.profiles):
            predicates = self._predicates(profile.icp.hierarchy)
            columns.append(f"{self._sum(met_terms(profile.layout, predicates))} AS met_{number}")
            columns.append(
                f"{self._sum(unknown_terms(profile.layout, predicates))} AS unknown_{number}"
            )
        source = f"{accounts} AS a"
        if inherits:
            source += (
                f"\n  LEFT JOIN {parents} AS p ON p.{quote('account_id')}"
                f" = a.{quote('_ultimate_parent_id')}"
            )
        return "scan AS (\n  SELECT " + ",\n    ".join(columns) + f"\n  FROM {source})"

    def _predicates(self, hierarchy: Hierarchy) -> Predicates:
        quote = self.dialect.column

        def column(name: str) -> str:
            own, parents = (self._known(name, f"{side}.{quote(name)}") for side in "ap")
            return f"COALESCE({own}, {parents})" if name in hierarchy.inherit else own

        return Predicates(self.dialect, self.fields, self.as_of, column)

    def _known(self, name: str, column: str) -> str:
        return known_value(self.dialect, self.fields, name, column)

    def _sum(self, terms: Sequence[str]) -> str:
        written = "\n      + ".join(terms) or "0"
        return f"CAST({written} AS {self.dialect.big})"

    # -- verdicts --------------------------------------------------------------------------

    def marks(self, previous: str | None) -> str:
        """Return the CTE that names what verdicts compare: points, what is open, signals."""
        columns = ["scan.account_id"]
        joins = [
            f"LEFT JOIN heat_{n} ON heat_{n}.account_id = scan.account_id"
            for n in self.sets.values()
        ]
        if previous is not None:
            joins.append(
                f"LEFT JOIN {previous} AS previous ON previous.account_id = scan.account_id"
            )
        for number, profile in enumerate(self.profiles):
            columns += self._marks(number, profile)
            if previous is not None:
                columns.append(f"previous.tier_{number} AS previous_{number}")
        select = ",\n    ".join(columns)
        return f"marks AS (\n  SELECT {select}\n  FROM scan\n  " + "\n  ".join(joins) + ")"

    def _marks(self, number: int, profile: Profile) -> list[str]:
        met, unknown, big = f"scan.met_{number}", f"scan.unknown_{number}", self.dialect.big
        base = f" - {profile.layout.base}" if profile.layout.base else ""
        heat = self.heat_of(profile)
        signal = {
            "strength": f"CASE WHEN heat_{heat}.strength > 0 THEN heat_{heat}.strength ELSE 0 END",
            "live": f"CASE WHEN heat_{heat}.live IS NULL THEN 0 ELSE heat_{heat}.live END",
            "why": f"heat_{heat}.best",
        }
        if heat is None:
            signal = {"strength": "0", "live": "0", "why": "NULL"}
        return [
            met,
            unknown,
            f"{self.dialect.modulo(met, POINTS)}{base} AS points_{number}",
            f"{self.dialect.modulo(unknown, POINTS)} AS open_{number}",
            *(f"CAST({sql} AS {big}) AS {name}_{number}" for name, sql in signal.items()),
        ]

    def statuses(self) -> str:
        """Return the CTE that adds the status."""
        columns = ["marks.*"]
        for number, profile in enumerate(self.profiles):
            verdict = _Verdict(number, profile, self.signals, self.dialect)
            columns.append(f"CAST({verdict.status} AS SMALLINT) AS status_{number}")
        select = ",\n    ".join(columns)
        return f"judged AS (\n  SELECT {select}\n  FROM marks)"

    def verdicts(self) -> str:
        """Return the final select, with the tier that follows from the status."""
        columns = ["account_id"]
        for number, profile in enumerate(self.profiles):
            verdict = _Verdict(number, profile, self.signals, self.dialect)
            columns += [f"{name}_{number}" for name in ("met", "unknown", "strength", "live")]
            columns += [
                f"why_{number}",
                f"CAST({verdict.tier(hysteresis=self.has_previous)} AS SMALLINT) AS tier_{number}",
                f"status_{number}",
            ]
        return "SELECT " + ",\n  ".join(columns) + "\nFROM judged"


class _Verdict:
    """The conditions of one profile's verdict, over `marks`; the tier's, over the status too."""

    def __init__(
        self, number: int, profile: Profile, signals: Sequence[Signal], dialect: Dialect
    ) -> None:
        self.dialect = dialect
        self.profile = profile
        self.layout = profile.layout
        self.bits = {signal.name: 1 << at for at, signal in enumerate(signals)}
        self.met, self.unknown = f"met_{number}", f"unknown_{number}"
        self.points, self.open = f"points_{number}", f"open_{number}"
        self.strength, self.live = f"strength_{number}", f"live_{number}"
        self.previous, self.judged = f"previous_{number}", f"status_{number}"
        self.known = f"({self.layout.span} - {self.open})"

    @property
    def status(self) -> str:
        """The status; the order of the cases is its priority."""
        cases = [f"WHEN {self._excluded} THEN {int(Status.EXCLUDED)}"]
        if self.layout.required:
            cases.append(f"WHEN {self._out_of_scope} THEN {int(Status.OUT_OF_SCOPE)}")
        cases.append(f"WHEN {self._insufficient} THEN {int(Status.INSUFFICIENT_DATA)}")
        return _cases(cases, int(Status.SCORED))

    @property
    def _excluded(self) -> str:
        return f"{self.met} >= {self.layout.first_exclusion}"

    @property
    def _out_of_scope(self) -> str:
        """Some requirement is neither met nor unknown."""
        count = 1 << FIRST_BIT
        modulo = self.dialect.modulo
        met, unknown = (
            f"({modulo(packed, count)} - {modulo(packed, POINTS)})"
            for packed in (self.met, self.unknown)
        )
        return f"{met} + {unknown} < {self.layout.required * REQUIRED}"

    @property
    def _insufficient(self) -> str:
        """An unknown clause holds the account, or too little is known and it matters.

        Whether it matters is written where it is asked, for few accounts, and not as a column.
        """
        bound = whole(self.profile.icp.min_coverage) * self.layout.span
        worst, best = self.tier_at(worst=True), self.tier_at(worst=False)
        little = f"10000 * {self.known} < {bound} AND {worst} <> {best}"
        return f"{self.unknown} >= {HELD}" + (f"\n      OR ({little})" if bound else "")

    def tier(self, *, hysteresis: bool) -> str:
        """Return the tier: by entry criteria, or the previous one while hysteresis keeps it."""
        slack = self.profile.policy.hysteresis
        cases = [f"WHEN {self.judged} <> {int(Status.SCORED)} THEN {NO_TIER}"]
        for entry in self.profile.policy.tiers:
            code = TIER_CODES[entry.tier]
            cases.append(f"WHEN {self._enters(entry)} THEN {code}")
            if hysteresis and has_hysteresis(self.profile.policy):
                stays = self._enters(entry, slack.fit, slack.signal_strength)
                cases.append(f"WHEN {self.previous} = {code} AND {stays} THEN {code}")
        return _cases(cases)

    def tier_at(self, *, worst: bool) -> str:
        """Return the tier once everything unknown has turned out worst, or best."""
        points = self.points if worst else f"({self.points} + {self.open})"
        refusals = [self._excluded]
        refusals += [self._out_of_scope] if self.layout.required else []
        if worst and (bits := self._refusing_bits()):
            refusals.append(self.dialect.has_bits(self.unknown, bits))
        cases = [f"WHEN {' OR '.join(refusals)} THEN {NO_TIER}"]
        for entry in self.profile.policy.tiers:
            parts = [f"100 * {points} >= {entry.fit * self.layout.span}"]
            if self.layout.without_points:
                parts = []
            parts += self.signals(entry)
            cases.append(f"WHEN {' AND '.join(parts) or 'TRUE'} THEN {TIER_CODES[entry.tier]}")
        return _cases(cases)

    def _refusing_bits(self) -> int:
        """The bits of clauses that, unknown now, could turn out to refuse the account."""
        modes = enumerate(clause.mode for clause in self.layout.clauses)
        return sum(self.layout.bit(at) for at, mode in modes if mode is not Mode.SCORE)

    def _enters(self, entry: EntryCriteria, fit_slack: int = 0, strength_slack: int = 0) -> str:
        parts = []
        if not self.layout.without_points:
            fit = max(0, entry.fit - fit_slack)
            parts.append(f"100 * {self.points} >= {fit} * {self.known}")
            parts += [f"{self.known} > 0"] if fit else []
        if entry.coverage:
            bound = whole(entry.coverage) * self.layout.span
            parts.append(f"10000 * {self.known} >= {bound}")
        parts += self.signals(entry, strength_slack)
        return " AND ".join(parts) or "TRUE"

    def signals(self, entry: EntryCriteria, slack: int = 0) -> list[str]:
        """Return the conditions on signals that `entry` asks for."""
        parts = []
        if entry.signal_strength:
            bound = max(0, entry.signal_strength - slack) * SCALE
            parts.append(f"{self.strength} >= {bound}")
        if entry.signals:
            wanted = sum(self.bits[name] for name in set(entry.signals))
            parts.append(self.dialect.has_bits(self.live, wanted))
        return parts


def _cases(cases: Sequence[str], otherwise: int = NO_TIER) -> str:
    return "CASE " + "\n      ".join(cases) + f" ELSE {otherwise} END"


def whole(share: float) -> int:
    """Return a share in ten-thousandths, so that SQL compares integers."""
    return round(share * 10_000)
