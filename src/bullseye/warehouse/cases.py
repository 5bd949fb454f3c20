"""Cases: something that could happen after a day, with the facts as they were known on that day.

Facts come from states as known on cohort days, so nothing known later can be among them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import duckdb

from bullseye.definitions.field import Field, TableName
from bullseye.definitions.known import field_named, readable_fields, stored_fields
from bullseye.definitions.outcome import Outcome
from bullseye.definitions.project import Project
from bullseye.errors import InputError, NotEnoughEvidence, UnknownName, UsageError
from bullseye.warehouse import case_units
from bullseye.warehouse.batches import Batch
from bullseye.warehouse.case_units import Asked
from bullseye.warehouse.changes import growths_wanted
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import reading
from bullseye.warehouse.rows_in import make_table
from bullseye.warehouse.state import State

CASE_KEY = "_case_no"
"""Names the case in `Cases.facts`; no field of a customer begins with an underscore."""

TODAY_WARNING = "facts as known today: they may have been filled in by the outcome itself"
"""What has to be said beside every number that rests on cases which are not dated."""


class Every(StrEnum):
    """How far cohort days lie apart."""

    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class LeftOut:
    """How many units are no cases, and why."""

    reason: str
    n: int


@dataclass(frozen=True)
class Cases:
    """The cases of one outcome: two temporary tables of a connection, and what is in them.

    `relation` has one row per case: `case_no` BIGINT (0 and up, in order of cohort, account and
    unit), `account_id`, `unit_id` (opportunity, subscription or account), `cohort` DATE (the
    day its facts are of), `began_on` DATE, `ended_on` DATE (null while open, or if not known),
    `happened` SMALLINT (1 yes, 0 no, null not decided), `state` SMALLINT (0 open, 1 yes, 2 the
    competing end, such as lost), `days` INTEGER (from its begin to its end, or while open to
    the last day it was watched; null where either is not known), `amount` DOUBLE, `discount`
    DOUBLE (a share).

    `facts` has one row per case too: `_case_no`, and the account's facts on its cohort day, of
    which `fields` may explain the outcome. `known_now` is a table expression of all accounts as
    known on `as_of`. `until` is the last day on which an end could be seen. Where `dated` is
    false the facts are of the day of the question, and every result has to show `TODAY_WARNING`.
    `n` cases are `yes` + `no` + `undecided`; `undated` ones have an end whose day is not known.
    """

    outcome: Outcome
    relation: str
    facts: str
    known_now: str
    fields: Mapping[str, Field]
    cohorts: tuple[date, ...]
    as_of: date
    until: date
    dated: bool
    left_out: tuple[LeftOut, ...]
    n: int
    yes: int
    no: int
    undecided: int
    undated: int
    account_count: int

    @property
    def warning(self) -> str:
        """What has to be said beside every number made of these cases; empty if nothing."""
        return "" if self.dated else TODAY_WARNING


def cohort_days(
    first: date, as_of: date, *, every: Every = Every.MONTH, most: int | None = 24
) -> tuple[date, ...]:
    """Return the days on which facts are looked at: `first`, then the ends of months or quarters.

    They lie before `as_of`; of more than `most`, the newest stay; all where it is None.

    >>> [str(day) for day in cohort_days(date(2026, 1, 20), date(2026, 4, 30))]
    ['2026-01-20', '2026-01-31', '2026-02-28', '2026-03-31']
    """
    step = 1 if every is Every.MONTH else 3
    months = range(first.year * 12 + first.month - 1, as_of.year * 12 + as_of.month)
    ends = (_end_of(month) for month in months if (month + 1) % step == 0)
    days = sorted({first, *ends} if first < as_of else ())
    kept = tuple(day for day in days if first <= day < as_of)
    return kept if most is None else kept[-most:]


def days_that_matter(
    connection: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    days: Sequence[date],
    latest: State,
    batches: Sequence[Batch],
) -> tuple[date, ...]:
    """Return those of `days` from which a case can come, in order.

    For won and churned, the newest day before an opportunity or a subscription begins; for an
    event and a change, the days before the last one that was watched. So what an old export
    tells is not lost to the months since.
    """
    begins = {
        "won": (TableName.OPPORTUNITIES, "created_on"),
        "churned": (TableName.SUBSCRIPTIONS, "started_on"),
    }
    if (kind := _kind(outcome)) not in begins:
        until = watched_until(connection, outcome, batches, latest.as_of)
        return tuple(day for day in days if day < until)
    table, column = begins[kind]
    name = make_table(connection, "days-there-are", {"day": "DATE"}, [(day,) for day in days])
    rows = connection.execute(
        f"SELECT DISTINCT d.day FROM {reading(latest.table(table))} AS u"
        f" ASOF JOIN {name} AS d ON u.{DUCKDB.identifier(column)} > d.day ORDER BY 1"
    ).fetchall()
    return tuple(row[0] for row in rows)


def _end_of(month: int) -> date:
    year, after = divmod(month + 1, 12)
    return date(year, after + 1, 1) - timedelta(days=1)


def fact_fields(project: Project, outcome: Outcome | None = None) -> dict[str, Field]:
    """Return the fields that facts of accounts have, without those that say the outcome itself."""
    fields = stored_fields(project, TableName.ACCOUNTS)
    own = outcome.own_fields if outcome is not None else frozenset()
    for wanted in growths_wanted(project, fields):
        found = field_named(fields, wanted.name)
        if found is not None:
            fields[wanted.name] = found
    return {name: field for name, field in fields.items() if name not in own}


def build_cases(
    connection: duckdb.DuckDBPyConnection,
    project: Project,
    outcome: Outcome,
    states: Sequence[State],
    latest: State,
    batches: Sequence[Batch],
    *,
    as_known_today: bool = False,
    further: Sequence[State] = (),
    cut_from: date | None = None,
) -> Cases:
    """Write the cases of `outcome` as temporary tables, and return what they are.

    Parameters
    ----------
    connection
        The embedded engine; the tables live as long as it.
    project
        The definitions the states were built with.
    outcome
        What could happen.
    states
        The states of the cohort days.
    latest
        The state of the day of the question: what happened is taken from it.
    batches
        The imports the states were built from: they say how long each table was watched.
    as_known_today
        Take facts from `latest` instead of the cohort days: for won and churned. Always so for
        a rule.
    further
        For a change: states of further days on which the field is looked at again.
    cut_from
        The first day on which accounts were known, where earlier cohort days than those of
        `states` were left away; else None.

    Raises
    ------
    NotEnoughEvidence
        If the table that could say what happened is empty or says nothing.
    InputError
        If no row has the day that dates its case.
    UsageError
        If an event or a change is asked of facts as known today.
    UnknownName, DefinitionError
        If the outcome reads a field that does not exist, or compares it wrongly.
    """
    today = as_known_today or outcome.rule is not None
    if as_known_today and _kind(outcome) in ("event", "change"):
        raise UsageError(
            f"Outcome {outcome.name} is about what follows a day: today is the last one.",
            hint="Ask it of dated facts.",
        )
    cohorts = [latest] if today else sorted(states, key=lambda state: state.as_of)
    fields = {**readable_fields(project, TableName.ACCOUNTS), **fact_fields(project)}
    until = watched_until(connection, outcome, batches, latest.as_of)
    name = f"{outcome.name}{'-today' if today else ''}"
    asked = Asked(
        outcome,
        latest,
        _facts(connection, name, cohorts, latest, outcome, fields),
        _days(connection, f"days-{name}", [state.as_of for state in cohorts]),
        until,
        today,
        cut_from,
    )
    _require(connection, asked)
    staged = _staged(connection, asked, fields, (*states, *further, latest), batches)
    return _written(connection, project, asked, staged, name)


# -- what the statements need --------------------------------------------------------------


def _facts(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    states: Sequence[State],
    latest: State,
    outcome: Outcome,
    fields: Mapping[str, Field],
) -> str:
    view = DUCKDB.identifier(f"known-{name}")
    sql = case_units.facts_sql(states or [latest], outcome, fields)
    sql += "" if states else " WHERE FALSE"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS {sql}")
    return f"FROM {view}"


def _days(connection: duckdb.DuckDBPyConnection, name: str, days: Sequence[date]) -> str:
    return make_table(connection, name, {"day": "DATE"}, [(day,) for day in days])


_WATCHED = {
    "won": TableName.OPPORTUNITIES,
    "churned": TableName.SUBSCRIPTIONS,
    "event": TableName.SIGNALS,
    "change": TableName.ACCOUNTS,
}


def _kind(outcome: Outcome) -> str:
    return next((kind for kind in _WATCHED if getattr(outcome, kind) is not None), "rule")


def watched_until(
    connection: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    batches: Sequence[Batch],
    as_of: date,
) -> date:
    """Return the last day, not after `as_of`, that an import of the outcome's table speaks of.

    A change is seen by comparing rows, so the last day of a row counts: a file with a history
    may be imported long after its last row.
    """
    table = _WATCHED.get(_kind(outcome))
    if outcome.change is not None:
        days = list(known_days(connection, batches, TableName.ACCOUNTS))
    else:
        days = [batch.as_of for batch in batches if batch.table is table]
    return min(as_of, max(days, default=as_of))


def _require(connection: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    """Raise where the table that says what happened is empty, or lacks what it has to say."""
    check = {"won": _require_opportunities, "churned": _require_subscriptions}
    kind = _kind(asked.outcome)
    if kind in check:
        check[kind](connection, asked)
    elif kind == "event":
        _require_events(connection, asked)


def _require_opportunities(connection: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    rows, opened, told = _counts(
        connection,
        "count(*), count(created_on), count(outcome)",
        reading(asked.latest.table(TableName.OPPORTUNITIES)),
    )
    hint = "Map the columns with: bullseye import opportunities FILE --map"
    if not rows:
        raise _none_yet(TableName.OPPORTUNITIES, asked)
    if not told:
        raise NotEnoughEvidence(
            f"None of {rows:,} opportunities says whether it was won or lost.",
            hint=f"{hint} outcome=COLUMN (or stage=COLUMN)",
        )
    if not opened and not asked.as_known_today:
        raise InputError(
            f"None of {rows:,} opportunities says when it was opened, so nobody can tell what"
            " was known before.",
            hint=f"{hint} created_on=COLUMN, or ask for facts as known today.",
        )


def _require_subscriptions(connection: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    rows, ends = _counts(
        connection,
        "count(*), count(*) FILTER (ended_on IS NOT NULL OR churned IS NOT NULL)",
        reading(asked.latest.table(TableName.SUBSCRIPTIONS)),
    )
    if not rows:
        raise _none_yet(TableName.SUBSCRIPTIONS, asked)
    if not ends:
        raise NotEnoughEvidence(
            f"None of {rows:,} subscriptions has an end or says whether the customer left.",
            hint="Map one with: bullseye import subscriptions FILE --map ended_on=COLUMN",
        )


def _require_events(connection: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    found = connection.execute(
        f"SELECT DISTINCT type FROM {reading(asked.latest.signals)}"
        " WHERE match_method <> 'derived' ORDER BY type"
    ).fetchall()
    known = [str(row[0]) for row in found]
    if not known:
        raise _none_yet(TableName.SIGNALS, asked)
    if asked.outcome.event not in known:
        raise UnknownName("type of imported signal", str(asked.outcome.event), known)


def _none_yet(table: TableName, asked: Asked) -> NotEnoughEvidence:
    return NotEnoughEvidence(
        f"No {table} are known on {asked.latest.as_of}, so outcome {asked.outcome.name} has no"
        " cases.",
        hint=f"Import some with: bullseye import {table} FILE",
    )


def _counts(connection: duckdb.DuckDBPyConnection, what: str, where: str) -> tuple[int, ...]:
    return tuple(connection.execute(f"SELECT {what} FROM {where}").fetchall()[0])


# -- staging -------------------------------------------------------------------------------


def _staged(
    connection: duckdb.DuckDBPyConnection,
    asked: Asked,
    fields: Mapping[str, Field],
    looked: Sequence[State],
    batches: Sequence[Batch],
) -> str:
    """Return the name of the temporary table of all units, cases or not."""
    outcome = asked.outcome
    plain: dict[str, Callable[[Asked], str]] = {
        "won": case_units.opportunities_sql,
        "churned": case_units.subscriptions_sql,
        "event": case_units.events_sql,
        "rule": case_units.rule_sql,
    }
    if outcome.change is not None:
        field = field_named(fields, outcome.change.field)
        if field is None:
            raise UnknownName("field", outcome.change.field, fields)
        seen = _seen(looked, field)
        sql = case_units.turns_sql(asked, outcome.change, field, seen)
    else:
        sql = plain[_kind(outcome)](asked)
    watched = _watched_sql(connection, asked, batches)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE staged AS SELECT *, {_happened(asked)} AS happened,"
        f" {watched} AS watched FROM ({sql})"
    )
    return "staged"


def _seen(states: Sequence[State], field: Field) -> str:
    """Return the values of a field on every day looked at."""
    name = DUCKDB.identifier(field.name)
    by_day = {state.as_of: state for state in states}
    return " UNION ALL ".join(
        f"SELECT account_id, {DUCKDB.literal(day)} AS day, {name} AS value"
        f" FROM {reading(state.accounts)}"
        for day, state in sorted(by_day.items())
    )


def _happened(asked: Asked) -> str:
    """Return the SQL of yes, no and not decided.

    A span that is not complete is not decided even where the event came early: to keep the
    early ones alone would count them too often.
    """
    if asked.outcome.within is None:
        return "CASE state WHEN 1 THEN 1 WHEN 2 THEN 0 END"
    end = f"began_on + {asked.outcome.within}"
    return (
        f"CASE WHEN began_on IS NULL OR {end} > {asked.day} THEN NULL"
        f" WHEN state = 1 AND ended_on IS NULL THEN NULL"
        f" WHEN state = 1 AND ended_on <= {end} THEN 1 ELSE 0 END"
    )


def _watched_sql(
    connection: duckdb.DuckDBPyConnection, asked: Asked, batches: Sequence[Batch]
) -> str:
    """Return whether anybody looked during the span: a change needs an import to be seen."""
    if asked.outcome.change is None:
        return "TRUE"
    seen = _days(connection, "looked", known_days(connection, batches, TableName.ACCOUNTS))
    return (
        f"EXISTS (FROM {seen} WHERE day > cohort AND day <= cohort + {asked.outcome.within}"
        f" AND day <= {asked.day})"
    )


def known_days(
    connection: duckdb.DuckDBPyConnection, batches: Sequence[Batch], table: TableName
) -> tuple[date, ...]:
    """Return the days on which rows of a table became known, in order."""
    relations = [reading(batch.path) for batch in batches if batch.table is table]
    if not relations:
        return ()
    union = " UNION ".join(f"SELECT known_on FROM {each}" for each in relations)
    rows = connection.execute(f"SELECT DISTINCT known_on FROM ({union}) ORDER BY 1").fetchall()
    return tuple(row[0] for row in rows if row[0] is not None)


# -- writing -------------------------------------------------------------------------------


def _written(
    connection: duckdb.DuckDBPyConnection, project: Project, asked: Asked, staged: str, name: str
) -> Cases:
    relation, facts = DUCKDB.identifier(f"cases-{name}"), DUCKDB.identifier(f"facts-{name}")
    last = f"least({asked.day}, began_on + {asked.outcome.within or 36500})"
    last = last if _kind(asked.outcome) in ("event", "change") else asked.day
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE {relation} AS
SELECT CAST(row_number() OVER (ORDER BY cohort, account_id, unit_id) - 1 AS BIGINT) AS case_no,
  account_id, unit_id, cohort, began_on, ended_on,
  CAST(CASE WHEN watched THEN happened END AS SMALLINT) AS happened,
  CAST(state AS SMALLINT) AS state,
  CAST(CASE WHEN state > 0 THEN ended_on - began_on ELSE {last} - began_on END AS INTEGER) AS days,
  amount, discount
FROM {staged} WHERE reason IS NULL ORDER BY case_no"""
    )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {facts} AS SELECT c.case_no AS {CASE_KEY},"
        " f.* EXCLUDE (_cohort, _among, _rule, _ultimate_parent_id)"
        f" FROM {relation} AS c JOIN ({asked.facts}) AS f ON f._cohort = c.cohort"
        f" AND f.account_id = c.account_id ORDER BY {CASE_KEY}"
    )
    reasons = connection.execute(
        f"SELECT reason, count(*) FROM {staged} WHERE reason IS NOT NULL"
        " GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    undated = "FALSE" if asked.outcome.rule is not None else "state > 0 AND ended_on IS NULL"
    counts = _counts(
        connection,
        "count(*), count(*) FILTER (happened = 1), count(*) FILTER (happened = 0),"
        f" count(*) FILTER (happened IS NULL), count(*) FILTER ({undated}),"
        " count(DISTINCT account_id)",
        relation,
    )
    days = connection.execute(f"SELECT DISTINCT cohort FROM {relation} ORDER BY 1").fetchall()
    connection.execute(f"DROP TABLE {staged}")
    n, yes, no, undecided, undated_count, accounts = counts
    return Cases(
        outcome=asked.outcome,
        relation=relation,
        facts=facts,
        known_now=reading(asked.latest.accounts),
        fields=fact_fields(project, asked.outcome),
        cohorts=tuple(row[0] for row in days),
        as_of=asked.latest.as_of,
        until=asked.until,
        dated=not asked.as_known_today,
        left_out=tuple(LeftOut(str(reason), int(count)) for reason, count in reasons),
        n=n,
        yes=yes,
        no=no,
        undecided=undecided,
        undated=undated_count,
        account_count=accounts,
    )
