"""What changed between dated imports: growth as a fact, and changes as signals.

Values of different sources are never compared with each other: a change of the tool that
counts is not a change of the account.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from bullseye.definitions.field import NUMERIC, TEXTUAL, Field, FieldType
from bullseye.definitions.known import Growth, growth
from bullseye.definitions.project import Project
from bullseye.definitions.rule import fields_in
from bullseye.definitions.signal import Change, Signal
from bullseye.errors import DefinitionError, UnknownName
from bullseye.warehouse.batches import SourceRows
from bullseye.warehouse.dialect import DUCKDB


class Wanted(NamedTuple):
    """A derived fact: its field's name, and what it measures."""

    name: str
    growth: Growth


def growths_wanted(project: Project, fields: Mapping[str, Field]) -> list[Wanted]:
    """Return every growth that definitions read, and the usual one, by name."""
    rules = [c.rule for icp in project.icps.values() for c in project.clauses(icp)]
    for market in project.markets.values():
        rules += [rule for rule in (market.tam, market.sam) if rule is not None]
    for outcome in project.outcomes.values():
        rules += [rule for rule in (outcome.rule, outcome.among) if rule is not None]
    names = {name for rule in rules for name in fields_in(rule)} - fields.keys()
    found = {name: derived for name in names if (derived := growth(name))}
    found["headcount_growth_6m"] = Growth(("employees", 6))
    known = {name for name, f in fields.items() if f.type in NUMERIC}
    return [Wanted(n, g) for n, g in sorted(found.items()) if g.field in known]


def months_before(day: date, months: int) -> date:
    """Return the same day `months` earlier, or the last day of that month.

    >>> months_before(date(2024, 8, 31), 6)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(1))


def growth_sql(sources: Sequence[SourceRows], wanted: Growth, as_of: date) -> str:
    """Return the select of `account_id` and `growth`, a share, unknown where it cannot be told.

    The newest value known in the last m months is compared with the newest known m months ago
    or before; that one may be older by half of m, no more, and must be above zero. Otherwise
    the growth is unknown: an old value is not the value of six months ago.
    """
    base_day = months_before(as_of, wanted.months)
    oldest = base_day - (as_of - base_day) / 2
    field = DUCKDB.identifier(wanted.field)
    # Of several values said for one day the last import's counts, as everywhere.
    selects = [
        f"SELECT account_id, {rank} AS rank, known_on, CAST({field} AS DOUBLE) AS value,"
        " row(known_on, _batch, _row) AS said"
        f" FROM ({source.sql}) WHERE {field} IS NOT NULL"
        f" AND known_on BETWEEN {DUCKDB.literal(oldest)} AND {DUCKDB.literal(as_of)}"
        for rank, source in enumerate(sources)
        if wanted.field in source.fields and not source.dated_once  # one day shows no change
    ]
    if not selects:
        return "SELECT CAST(NULL AS VARCHAR) AS account_id, CAST(NULL AS DOUBLE) AS growth LIMIT 0"
    base = DUCKDB.literal(base_day)
    return f"""WITH seen AS ({" UNION ALL ".join(selects)}),
ends AS (
  SELECT account_id, rank,
    arg_max(value, said) FILTER (known_on > {base}) AS now_value,
    arg_max(value, said) FILTER (known_on <= {base}) AS base_value
  FROM seen GROUP BY account_id, rank)
SELECT account_id, arg_min(growth, rank) AS growth
FROM (SELECT *, (now_value - base_value) / base_value AS growth FROM ends)
WHERE now_value IS NOT NULL AND base_value > 0 AND isfinite(growth) GROUP BY account_id"""


def change_signals(
    project: Project,
    sources: Sequence[SourceRows],
    fields: Mapping[str, Field],
    accounts: str,
    as_of: date,
) -> list[str]:
    """Return one select of events per signal that is derived from a change.

    An event's day is the day the new value was first known.
    """
    selects = []
    for signal in project.signals.values():
        if signal.change is None:
            continue
        kind = _kind(signal, signal.change, fields)
        for source in sources:
            if signal.change.field in source.fields and not source.dated_once:
                events = _events(signal, signal.change, kind, source, as_of)
                selects.append(_labelled(signal, events, source, accounts))
    return selects


def _kind(signal: Signal, change: Change, fields: Mapping[str, Field]) -> FieldType:
    place = f"signals/{signal.name}.yaml"
    if change.field not in fields:
        raise UnknownName("field", change.field, fields)
    kind = fields[change.field].type
    moves = change.grows_over is not None or change.falls_over is not None
    if moves and kind not in NUMERIC:
        raise DefinitionError(f"{change.field} holds a {kind}: it cannot grow.", place=place)
    if (change.gains is not None) != (kind is FieldType.LIST):
        hint = "Use gains for lists, becomes or changes for the others."
        raise DefinitionError(f"{change.field} holds a {kind}.", place=place, hint=hint)
    if kind is FieldType.FLAG and isinstance(change.becomes, str):
        raise DefinitionError(f"{change.field} becomes true or false.", place=place)
    if change.becomes is not None and kind not in TEXTUAL | {FieldType.FLAG}:
        hint = "Use changes: true, grows_over or falls_over."
        raise DefinitionError(f"{change.field} holds a {kind}.", place=place, hint=hint)
    if kind in TEXTUAL and isinstance(change.becomes, bool):
        hint = "Write the text it becomes in quotes."
        raise DefinitionError(f"{change.field} holds a {kind}.", place=place, hint=hint)
    return kind


def _labelled(signal: Signal, events: str, source: SourceRows, accounts: str) -> str:
    label = DUCKDB.literal(source.source)
    return (
        f"SELECT e.account_id, {DUCKDB.literal(signal.type)} AS type, e.subject,"
        " e.known_on AS occurred_on, e.detail, CAST(NULL AS VARCHAR) AS url, e.value,"
        f" e.known_on, {label} AS source, 'derived' AS match_method,"
        " CAST(NULL AS BIGINT) AS batch_number, CAST(NULL AS BIGINT) AS row_no"
        f" FROM ({events}) AS e JOIN {accounts} AS a ON a.account_id = e.account_id"
    )


def _events(
    signal: Signal, change: Change, kind: FieldType, source: SourceRows, as_of: date
) -> str:
    field = DUCKDB.identifier(change.field)
    first = DUCKDB.literal(as_of - timedelta(days=signal.window))
    seen = (
        f"SELECT account_id, known_on, {field} AS value FROM ({source.sql})"
        f" WHERE {field} IS NOT NULL AND known_on <= {DUCKDB.literal(as_of)}"
        " QUALIFY row_number() OVER (PARTITION BY account_id, known_on"
        " ORDER BY _batch DESC, _row DESC) = 1"
    )
    if change.grows_over is not None or change.falls_over is not None:
        return _crossings(change, seen, first)
    return f"""WITH seen AS ({seen}),
steps AS (
  SELECT account_id, known_on, value,
    lag(value) OVER (PARTITION BY account_id ORDER BY known_on) AS before
  FROM seen)
SELECT account_id, known_on, {_subject(change, kind)} AS subject,
  {_detail(change, kind)} AS detail, CAST(NULL AS DOUBLE) AS value
FROM steps WHERE before IS NOT NULL AND known_on >= {first} AND {_condition(change)}"""


def _condition(change: Change) -> str:
    if change.gains is not None:
        gained = "len(list_filter(value, lambda x: NOT list_contains(before, x)))"
        if not change.gains:
            return f"{gained} > 0"
        wanted = [DUCKDB.literal(item) for item in change.gains]
        return (
            "("
            + " OR ".join(
                f"(list_contains(value, {w}) AND NOT list_contains(before, {w}))" for w in wanted
            )
            + ")"
        )
    if change.becomes is not None:
        value = DUCKDB.literal(change.becomes)
        return f"value = {value} AND before <> {value}"
    return "value <> before"


def _subject(change: Change, kind: FieldType) -> str:
    if change.gains is not None:
        gained = "list_filter(value, lambda x: NOT list_contains(before, x))"
        if change.gains:
            wanted = ", ".join(DUCKDB.literal(item) for item in change.gains)
            gained = f"list_filter({gained}, lambda x: x IN ({wanted}))"
        return f"array_to_string(list_sort({gained}), ', ')"
    return "CAST(value AS VARCHAR)" if kind is not FieldType.FLAG else "CAST(NULL AS VARCHAR)"


def _detail(change: Change, kind: FieldType) -> str:
    name = DUCKDB.literal(change.field)
    if kind is FieldType.LIST:
        return f"{name} || ' gained ' || {_subject(change, kind)}"
    return f"{name} || ': ' || CAST(before AS VARCHAR) || ' -> ' || CAST(value AS VARCHAR)"


def _crossings(change: Change, seen: str, first: str) -> str:
    """Events where growth over the span passes the bound: once per episode, not per import."""
    span = change.within or 0
    grows = change.grows_over is not None
    bound = DUCKDB.literal(float((change.grows_over if grows else change.falls_over) or 0))
    share = "(n.value - b.value) / b.value" if grows else "(b.value - n.value) / b.value"
    name = DUCKDB.literal(change.field)
    sign = "'+'" if grows else "'-'"
    return f"""WITH seen AS (
  SELECT account_id, known_on, CAST(value AS DOUBLE) AS value, CAST(value AS VARCHAR) AS written
  FROM ({seen})),
compared AS (
  SELECT n.account_id, n.known_on, n.written, b.written AS base_written, {share} AS share
  FROM seen AS n ASOF JOIN (SELECT *, known_on + {span} AS ripe_on FROM seen) AS b
    ON b.account_id = n.account_id AND n.known_on >= b.ripe_on
  WHERE b.value > 0 AND b.known_on >= n.known_on - {span + span // 2}),
flagged AS (
  SELECT *, lag(share > {bound}) OVER (PARTITION BY account_id ORDER BY known_on) AS already
  FROM compared)
SELECT account_id, known_on,
  {sign} || format('{{:.0f}}', share * 100) || ' %' AS subject,
  {name} || ': ' || base_written || ' -> ' || written AS detail, share AS value
FROM flagged
WHERE share > {bound} AND isfinite(share) AND NOT COALESCE(already, FALSE)
  AND known_on >= {first}"""
