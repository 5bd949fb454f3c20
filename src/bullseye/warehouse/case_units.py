"""The SQL of cases: which units there are, what happened to each, and which are left out, and why.

Every statement gives the columns of `STAGED`. `until` is the last day on which what happened can
be known: a unit that is open then is open, whatever comes later.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.outcome import Outcome, Turn
from bullseye.definitions.rule import Rule
from bullseye.definitions.typed import typed
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.predicates import Predicates
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State

STAGED = "account_id, unit_id, cohort, began_on, ended_on, state, amount, discount, reason"
"""The columns of every statement here; `reason` is null for a case, else why it is none."""

RENEWED_WITHIN = 31
"""Days after the end of a subscription in which another one of the account continues it."""

NO_ACCOUNT = "their account is not known"
NO_DAY = "the day they began is not known"
TOO_LATE = "they begin after the last day that was imported"
NOT_KNOWN = "the account's facts were not known before the outcome"
TOO_EARLY = "they began before the days that are looked at: the newest that matter"
OUTSIDE = "the account is not among those asked about"
UNSURE = "it is not known whether the account is among those asked about"
ALREADY = "it was so already"
NO_VALUE = "the field was not known on the day"
NO_FEED = "no signal was known that early"


@dataclass(frozen=True)
class Asked:
    """What every statement is made of.

    `facts` is a table expression of the accounts on each cohort day: `_cohort`, `_among` (1, 0
    or null) and the fields; `cohorts` one of the cohort days, `day`. `cut_from` is the first day
    with facts where not all cohort days since are looked at, else None.
    """

    outcome: Outcome
    latest: State
    facts: str
    cohorts: str
    until: date
    as_known_today: bool
    cut_from: date | None = None

    @property
    def day(self) -> str:
        """The last day known, as a literal."""
        return DUCKDB.literal(self.until)


def facts_sql(states: Sequence[State], outcome: Outcome, fields: Mapping[str, Field]) -> str:
    """Return the accounts of every state in one, with their day and whether they are asked about.

    Rules about spans of time count from the state's own day.
    """
    selects = (
        f"SELECT {DUCKDB.literal(state.as_of)} AS _cohort,"
        f" {truth(outcome.among, fields, state.as_of)} AS _among,"
        f" {truth(outcome.rule, fields, state.as_of)} AS _rule, *"
        f" FROM {reading(state.accounts)}"
        for state in states
    )
    return "\nUNION ALL BY NAME\n".join(selects)


def truth(rule: Rule | None, fields: Mapping[str, Field], as_of: date) -> str:
    """Return the SQL of a rule's answer: 1, 0, or null where it is unknown; 1 without a rule."""
    if rule is None:
        return "1"
    suited = typed(rule, fields, country=lambda text: country_code(text) or text)
    says = Predicates(DUCKDB, fields, as_of)
    return f"CASE WHEN {says.yes(suited)} THEN 1 WHEN {says.no(suited)} THEN 0 END"


# -- opportunities and subscriptions -------------------------------------------------------


def opportunities_sql(asked: Asked) -> str:
    """Return one row per opportunity: won (1), lost (2) or open (0)."""
    rows = reading(asked.latest.table(TableName.OPPORTUNITIES))
    closed = f"closed_on <= {asked.day} AND (created_on IS NULL OR closed_on >= created_on)"
    return _placed(
        asked,
        "SELECT opportunity_id AS unit_id, account_id, created_on AS began_on,"
        " CASE lower(outcome) WHEN 'won' THEN 1 WHEN 'lost' THEN 2 ELSE 0 END AS state,"
        f" CASE WHEN lower(outcome) IN ('won', 'lost') AND {closed} THEN closed_on END AS ended_on,"
        " CAST(amount AS DOUBLE) AS amount, CAST(discount AS DOUBLE) AS discount"
        f" FROM {rows}",
    )


def subscriptions_sql(asked: Asked) -> str:
    """Return one row per subscription: left (1), ended but continued (2) or running (0).

    Where no flag says whether the customer left, an end counts as leaving unless another
    subscription of the account runs on, or starts within `RENEWED_WITHIN` days.
    """
    rows = reading(asked.latest.table(TableName.SUBSCRIPTIONS))
    over = f"s.ended_on <= {asked.day}"
    stays = (
        f"EXISTS (FROM {rows} AS o WHERE o.account_id = s.account_id"
        " AND o.subscription_id <> s.subscription_id"
        f" AND o.started_on <= s.ended_on + {RENEWED_WITHIN}"
        " AND (o.ended_on IS NULL OR o.ended_on > s.ended_on))"
    )
    return _placed(
        asked,
        "SELECT s.subscription_id AS unit_id, s.account_id, s.started_on AS began_on,"
        f" CASE WHEN s.ended_on > {asked.day} THEN 0 WHEN s.churned THEN 1"
        f" WHEN {over} AND NOT s.churned THEN 2 WHEN {over} AND {stays} THEN 2"
        f" WHEN {over} THEN 1 ELSE 0 END AS state,"
        f" CASE WHEN {over} AND s.ended_on >= s.started_on THEN s.ended_on END AS ended_on,"
        " CAST(coalesce(s.arr, 12 * s.mrr) AS DOUBLE) AS amount, CAST(NULL AS DOUBLE) AS discount"
        f" FROM {rows} AS s",
    )


def _placed(asked: Asked, units: str) -> str:
    """Return the units, each with the newest cohort day before it began, or why it has none."""
    if asked.as_known_today:
        placed = f"SELECT u.*, c.day AS cohort FROM units AS u CROSS JOIN {asked.cohorts} AS c"
        early, missing = "FALSE", NO_ACCOUNT
    else:
        placed = (
            f"SELECT u.*, c.day AS cohort FROM units AS u ASOF LEFT JOIN {asked.cohorts} AS c"
            " ON u.began_on > c.day"
        )
        early, missing = "p.began_on IS NULL", NOT_KNOWN
    unseen = "FALSE"
    if asked.cut_from is not None:
        unseen = f"p.cohort IS NULL AND p.began_on > {DUCKDB.literal(asked.cut_from)}"
    return f"""WITH units AS ({units}), placed AS ({placed})
SELECT p.account_id, p.unit_id, p.cohort, p.began_on, p.ended_on, p.state, p.amount, p.discount,
  CASE WHEN p.account_id IS NULL THEN {DUCKDB.literal(NO_ACCOUNT)}
    WHEN {early} THEN {DUCKDB.literal(NO_DAY)}
    WHEN p.began_on > {asked.day} THEN {DUCKDB.literal(TOO_LATE)}
    WHEN {unseen} THEN {DUCKDB.literal(TOO_EARLY)}
    WHEN f.account_id IS NULL THEN {DUCKDB.literal(missing)}
    {_outside("f._among")} END AS reason
FROM placed AS p LEFT JOIN ({asked.facts}) AS f
  ON f._cohort = p.cohort AND f.account_id = p.account_id"""


def _outside(among: str) -> str:
    return (
        f"WHEN {among} IS NULL THEN {DUCKDB.literal(UNSURE)}"
        f" WHEN {among} = 0 THEN {DUCKDB.literal(OUTSIDE)}"
    )


# -- accounts ------------------------------------------------------------------------------


def rule_sql(asked: Asked) -> str:
    """Return one row per account: the rule holds now (1), does not (2) or is unknown (0)."""
    return f"""SELECT account_id, account_id AS unit_id, _cohort AS cohort, _cohort AS began_on,
  CAST(NULL AS DATE) AS ended_on,
  CASE _rule WHEN 1 THEN 1 WHEN 0 THEN 2 ELSE 0 END AS state,
  CAST(NULL AS DOUBLE) AS amount, CAST(NULL AS DOUBLE) AS discount,
  CASE {_outside("_among")} END AS reason FROM ({asked.facts})"""


def events_sql(asked: Asked) -> str:
    """Return one row per account and cohort day: the event happens in the span (1) or not (0)."""
    signals = reading(asked.latest.signals)
    type_ = DUCKDB.literal(asked.outcome.event or "")
    imported = f"{signals} WHERE match_method <> 'derived'"
    return f"""WITH events AS (
  SELECT account_id, occurred_on FROM {imported} AND type = {type_}
    AND occurred_on <= {asked.day}),
feed AS (SELECT min(occurred_on) AS first_on FROM {imported}),
found AS (
  SELECT f.account_id, f._cohort, f._among, e.occurred_on,
    f._cohort < coalesce((SELECT first_on FROM feed), DATE '9999-12-31') AS is_early
  FROM ({asked.facts}) AS f ASOF LEFT JOIN events AS e
    ON e.account_id = f.account_id AND e.occurred_on > f._cohort)
{_spanned(asked, "found", "occurred_on", f"WHEN is_early THEN {DUCKDB.literal(NO_FEED)}")}"""


def turns_sql(asked: Asked, turn: Turn, field: Field, seen: str) -> str:
    """Return one row per account and cohort day: the field turns in the span (1) or not (0).

    `seen` is a table expression of what was known on later days: `account_id`, `day`, `value`.
    """
    base, now = f"f.{DUCKDB.identifier(field.name)}", "s.value"
    at_risk, turned = turning(turn, field, base, now)
    within = f"s.day > f._cohort AND s.day <= f._cohort + {asked.outcome.within}"
    return f"""WITH found AS (
  SELECT f.account_id, f._cohort, any_value(f._among) AS _among,
    any_value({at_risk}) AS at_risk, min(s.day) FILTER ({turned}) AS turned_on
  FROM ({asked.facts}) AS f LEFT JOIN ({seen}) AS s
    ON s.account_id = f.account_id AND {within}
  GROUP BY f.account_id, f._cohort)
{_spanned(asked, "found", "turned_on", _at_risk_words())}"""


def turning(turn: Turn, field: Field, base: str, now: str) -> tuple[str, str]:
    """Return the SQL of whether a field can still turn (null if unknown), and of whether it did."""
    if turn.becomes is not None:
        value = turn.becomes
        if field.type is FieldType.COUNTRY:
            value = country_code(str(value)) or value
        literal = DUCKDB.literal(value)
        return f"{base} <> {literal}", f"{now} = {literal}"
    if turn.gains is not None:
        new = f"list_filter({now}, lambda x: NOT list_contains({base}, x))"
        if not turn.gains:
            return f"CASE WHEN {base} IS NOT NULL THEN TRUE END", f"len({new}) > 0"
        wanted = "[" + ", ".join(DUCKDB.literal(each) for each in turn.gains) + "]"
        return f"NOT list_has_any({base}, {wanted})", f"list_has_any({now}, {wanted})"
    base, now = f"CAST({base} AS DOUBLE)", f"CAST({now} AS DOUBLE)"
    can = f"CASE WHEN {base} > 0 THEN TRUE END"
    if turn.grows_over is not None:
        return can, f"({now} - {base}) / {base} > {DUCKDB.literal(float(turn.grows_over))}"
    return can, f"({base} - {now}) / {base} > {DUCKDB.literal(float(turn.falls_over or 0))}"


def _at_risk_words() -> str:
    return (
        f"WHEN at_risk IS NULL THEN {DUCKDB.literal(NO_VALUE)}"
        f" WHEN NOT at_risk THEN {DUCKDB.literal(ALREADY)}"
    )


def _spanned(asked: Asked, found: str, on: str, further: str) -> str:
    """Return the cases of accounts: an event after the span, or after the last day, is none."""
    inside = f"{on} <= _cohort + {asked.outcome.within} AND {on} <= {asked.day}"
    return f"""SELECT account_id, account_id AS unit_id, _cohort AS cohort, _cohort AS began_on,
  CASE WHEN {inside} THEN {on} END AS ended_on,
  CASE WHEN {inside} THEN 1 ELSE 0 END AS state,
  CAST(NULL AS DOUBLE) AS amount, CAST(NULL AS DOUBLE) AS discount,
  CASE WHEN _cohort >= {asked.day} THEN {DUCKDB.literal(TOO_LATE)}
    {further} {_outside("_among")} END AS reason
FROM {found}"""
