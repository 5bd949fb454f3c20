"""The leakage guard: which facts were, or may have been, filled in by the outcome itself."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import Field, FieldType
from bullseye.definitions.known import growth
from bullseye.stats.discrimination import Estimate
from bullseye.stats.leakage import (
    FEWEST,
    WEAK_ODDS,
    Contrast,
    Separation,
    contrast,
    order_tells,
    separations,
)
from bullseye.warehouse.cases import CASE_KEY, Cases
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact, read_facts

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]

NUMBER_LEVELS = 10
_NEARLY_ALL = 0.98
_FEW = 30
_STEP_SHARE = 0.5
_STEPS = re.compile(
    r"\b(opened|sent|clicked|closed|called|calling|ringing|contacted|unreachable|(un)?subscribed"
    r"|modified|visited|replied|bounced|received|submitted|interested|(dis|un)?qualified|converted"
    r"|won|lost|customer|opportunity|churned|renewed|active|inactive|pending|in progress"
    r"|no answer|voicemail|follow[- ]?up|revert|conversation|meeting|negotiation|proposal"
    r"|registered|enrolled|signed|paid|cancell?ed|invalid|switched off|busy|nurturing"
    r"|onboarding|evaluat(ing|ion)|in talks|already a)\b"
)
"""Words of values that are steps of the process, in lower-case English."""


class Sign(StrEnum):
    """What the guard looks for; a code keeps its meaning."""

    FILLED_AFTER = "filled-after"  # unknown before the outcome, known after it
    EDITED_AFTER = "edited-after"  # another value after the outcome
    FILL_DIFFERS = "fill-differs"  # undated: known more often with the outcome
    FILL_TIME = "fill-time-unknown"  # undated: known for a part, nobody knows since when
    PROCESS_STEP = "process-step"  # undated: its values are steps of the process
    SEPARATES = "separates"  # tells the outcomes apart too well
    ADDS_ALONE = "adds-alone"  # adds much to all other fields together
    IDENTIFIER = "identifier"  # names the account, or numbers it in the outcome's order


@dataclass(frozen=True)
class Suspicion:
    """One sign at one field, in a sentence with its numbers; `refuse` keeps the field out."""

    sign: Sign
    field: str
    sentence: str
    refuse: bool


@dataclass(frozen=True)
class Guard:
    """What the guard found in `n` decided cases, `yes` of them with the outcome, one per account.

    `dated` says whether the facts were known before. `history` is the number of cases in which
    the facts before could be held against those of today; 0 where there is no history.
    """

    outcome: str
    as_of: date
    dated: bool
    n: int
    yes: int
    history: int
    suspicions: tuple[Suspicion, ...]

    @property
    def judged(self) -> bool:
        """Whether there were enough cases with and without the outcome to judge any fact."""
        return min(self.yes, self.n - self.yes) >= FEWEST

    def refused(self, insist: Collection[str] = ()) -> frozenset[str]:
        """Return the fields to keep out, without those the user insists on."""
        found = {each.field for each in self.suspicions if each.refuse}
        return frozenset(found - set(insist))

    def insisted(self, insist: Collection[str]) -> tuple[Suspicion, ...]:
        """Return what results have to say about the fields that were kept against advice."""
        return tuple(each for each in self.suspicions if each.refuse and each.field in insist)


def guard_cases(
    connection: duckdb.DuckDBPyConnection, cases: Cases, history: Cases | None = None
) -> Guard:
    """Return which facts of `cases` must, or may, not explain the outcome.

    Parameters
    ----------
    connection
        The connection the cases were made on.
    cases
        Whose facts are judged. One decided case per account is taken.
    history
        For cases that are not dated: dated cases of the same outcome, if there are any. They
        show which fields were filled or edited after an outcome.

    Returns
    -------
    Guard
        Suspicions by field. Dated facts were known before the outcome, so what happened to a
        field later is told but not refused.
    """
    rows = _decided(connection, cases)
    facts = _rows_of(read_facts(connection, cases.facts, cases.fields, order=CASE_KEY), rows.at)
    found = list(_identifiers(facts, rows))
    named = {each.field for each in found}
    levels = {name: _levels(fact) for name, fact in facts.items() if name not in named}
    measured = separations(levels, rows.yes, rows.groups)
    found += _separators(measured, cases.dated)
    past = cases if cases.dated else history
    compared = 0
    if past is not None:
        compared, later = _later(connection, past, refuse=not cases.dated)
        found += later
    if not cases.dated:
        judged = {name: fact for name, fact in facts.items() if name not in named}
        found += _filled_oftener(judged, rows)
        if not compared:
            found += _never_dated(judged, measured)
    return Guard(
        outcome=cases.outcome.name,
        as_of=cases.as_of,
        dated=cases.dated,
        n=len(rows.at),
        yes=int(rows.yes.sum()),
        history=compared,
        suspicions=tuple(sorted(found, key=lambda each: (each.field, each.sign))),
    )


# -- rows ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """The decided cases that are judged: their places, outcomes and accounts; shape (n,)."""

    at: NDArray[np.int64]
    yes: Flags
    groups: Codes
    cohorts: Codes


def _decided(connection: duckdb.DuckDBPyConnection, cases: Cases) -> _Rows:
    """Return one decided case per account: cases of one account are no independent witnesses.

    Which one is left to chance, but the same each time: the newest of an account is older where
    the outcome ended its being at risk.
    """
    drawn = "md5(unit_id || '|' || cohort)"
    table = connection.sql(
        f"SELECT arg_min(case_no, {drawn}) AS at, arg_min(happened, {drawn}) AS yes,"
        f" arg_min(cohort - DATE '1970-01-01', {drawn}) AS day FROM {cases.relation}"
        " WHERE happened IS NOT NULL GROUP BY account_id ORDER BY 1"
    ).to_arrow_table()
    at, yes, days = (np.asarray(column, dtype=np.int64) for column in table.columns)
    return _Rows(at, yes == 1, np.arange(len(at)), days)


def _rows_of(facts: Mapping[str, Fact], at: NDArray[np.int64]) -> dict[str, Fact]:
    return {name: _taken(fact, at) for name, fact in facts.items()}


def _taken(fact: Fact, at: NDArray[np.int64]) -> Fact:
    match fact:
        case NumberFact(field, values):
            return NumberFact(field, values[at])
        case TextFact(field, levels, codes):
            return TextFact(field, levels, codes[at])
        case ListFact(field, levels, codes, starts, known):
            lengths = (starts[1:] - starts[:-1])[at]
            ends = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
            places = np.repeat(starts[:-1][at] - ends[:-1], lengths) + np.arange(ends[-1])
            return ListFact(field, levels, codes[places], ends, known[at])


def _levels(fact: Fact) -> Codes:
    """Return the level of each row, -1 where unknown: numbers by tenths, lists as a whole."""
    if isinstance(fact, TextFact):
        return fact.codes.astype(np.int64)
    if isinstance(fact, ListFact):
        return _whole_lists(fact)
    known = fact.values[fact.known]
    cuts = (
        np.unique(np.quantile(known, np.linspace(0, 1, NUMBER_LEVELS + 1)[1:-1]))
        if len(known)
        else known
    )
    return np.where(fact.known, np.searchsorted(cuts, fact.values, side="left"), -1)


def _whole_lists(fact: ListFact) -> Codes:
    seen: dict[tuple[int, ...], int] = {}
    found = np.full(len(fact.known), -1, dtype=np.int64)
    for row in np.flatnonzero(fact.known):
        items = tuple(sorted(set(fact.codes[fact.starts[row] : fact.starts[row + 1]].tolist())))
        found[row] = seen.setdefault(items, len(seen))
    return found


# -- signs that any facts show --------------------------------------------------------------


def _identifiers(facts: Mapping[str, Fact], rows: _Rows) -> Iterator[Suspicion]:
    for name, fact in facts.items():
        known = int(fact.known.sum())
        if isinstance(fact, ListFact) or known < _FEW:
            continue
        distinct = _distinct(fact)
        if distinct < _NEARLY_ALL * known or not _is_name(fact):
            continue
        tells = order_tells(_numbers_in(fact), rows.yes, rows.groups)
        order = f"; their order goes with the outcome: AUC {_ranged(tells)}" if tells else ""
        sentence = f"{distinct:,} different values in {known:,} accounts{order}"
        yield Suspicion(Sign.IDENTIFIER, name, sentence, refuse=True)


def _distinct(fact: NumberFact | TextFact) -> int:
    values = fact.values if isinstance(fact, NumberFact) else fact.codes
    return len(np.unique(values[fact.known]))


def _is_name(fact: NumberFact | TextFact) -> bool:
    """Whether near-unique values name: texts do, and whole numbers that follow each other."""
    if isinstance(fact, TextFact):
        return True
    if fact.field.type not in (FieldType.NUMBER, FieldType.COUNT):
        return False
    values = fact.values[fact.known]
    whole = bool((values == np.floor(values)).all())
    return whole and float(values.max() - values.min()) < _FEW * len(values)


def _numbers_in(fact: NumberFact | TextFact) -> NDArray[np.float64]:
    if isinstance(fact, NumberFact):
        return fact.values
    ends = [re.search(r"(\d{1,15})$", level) for level in fact.levels]
    numbers = np.array([float(end[1]) if end else np.nan for end in ends] + [np.nan])
    return numbers[fact.codes]


def _separators(measured: Mapping[str, Separation], dated: bool) -> Iterator[Suspicion]:
    for name, found in measured.items():
        alone = found.alone
        if found.is_perfect:
            sentence = f"alone it tells the outcomes apart with an AUC of {_ranged(alone)}"
            yield Suspicion(Sign.SEPARATES, name, sentence, refuse=True)
        if found.is_lonely and found.gain is not None:
            sentence = f"its part in the AUC of all fields together is {_ranged(found.gain)}"
            yield Suspicion(Sign.ADDS_ALONE, name, sentence, refuse=not dated)


# -- with history ---------------------------------------------------------------------------


def _later(
    connection: duckdb.DuckDBPyConnection, past: Cases, *, refuse: bool
) -> tuple[int, list[Suspicion]]:
    """Return what happened to the fields after the cases began, by outcome."""
    rows = _decided(connection, past)
    has = {r[0] for r in connection.execute(f"DESCRIBE SELECT * FROM {past.facts}").fetchall()}
    fields = [
        field for name, field in past.fields.items() if name in has and not _turns(past, name)
    ]
    columns = ", ".join(_then_and_now(at, field) for at, field in enumerate(fields))
    if not fields or not len(rows.at):
        return 0, []
    table = connection.sql(
        f"SELECT {columns} FROM {past.facts} AS t JOIN {past.relation} AS c"
        f" ON c.case_no = t.{CASE_KEY} LEFT JOIN {past.known_now} AS n"
        f" ON n.account_id = c.account_id ORDER BY t.{CASE_KEY}"
    ).to_arrow_table()
    looks, found = 2 * len(fields), []
    if min(rows.yes.sum(), (~rows.yes).sum()) < FEWEST:
        return 0, []
    harmless = "" if refuse else "; the facts used here are those known before"
    for at, field in enumerate(fields):
        before, after, other = (
            np.asarray(table.column(f"{part}{at}").fill_null(False), dtype=bool)[rows.at]
            for part in ("before", "after", "other")
        )
        for sign, among, has_it, words in (
            (Sign.FILLED_AFTER, ~before, after, "unknown before, known today"),
            (Sign.EDITED_AFTER, before, other, "another value today than before"),
        ):
            seen = contrast(has_it[among], rows.yes[among], looks=looks, strata=rows.cohorts[among])
            if seen is not None and seen.is_strong:
                sentence = f"{words}: {_said(seen)}{harmless}"
                found.append(Suspicion(sign, field.name, sentence, refuse))
    return len(rows.at), found


def _turns(past: Cases, name: str) -> bool:
    """Whether a field is the one whose turn is the outcome, or its growth."""
    change, derived = past.outcome.change, growth(name)
    return change is not None and change.field in (name, derived.field if derived else name)


def _then_and_now(at: int, field: Field) -> str:
    name = DUCKDB.identifier(field.name)
    return (
        f"t.{name} IS NOT NULL AS before{at}, n.{name} IS NOT NULL AS after{at},"
        f" t.{name} IS DISTINCT FROM n.{name} AS other{at}"
    )


def _said(seen: Contrast) -> str:
    return (
        f"{seen.yes_share:.0%} of {seen.yes_n:,} with the outcome,"
        f" {seen.no_share:.0%} of {seen.no_n:,} without; odds {_odds(seen.odds)} times"
        f" ({_odds(seen.low)} to {_odds(seen.high)})"
    )


def _ranged(found: Estimate) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f}, n = {found.n:,})"


def _odds(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2g}"


# -- without dates --------------------------------------------------------------------------


def _filled_oftener(facts: Mapping[str, Fact], rows: _Rows) -> Iterator[Suspicion]:
    for name, fact in facts.items():
        seen = contrast(fact.known, rows.yes, looks=len(facts))
        if seen is not None and seen.differs_by(WEAK_ODDS):
            sentence = f"known for {_said(seen)}"
            yield Suspicion(Sign.FILL_DIFFERS, name, sentence, refuse=seen.is_strong)


def _never_dated(
    facts: Mapping[str, Fact], measured: Mapping[str, Separation]
) -> Iterator[Suspicion]:
    blocks = _filled_together(facts)
    for name, fact in facts.items():
        share = float(fact.known.mean()) if len(fact.known) else 0.0
        if 0 < share < _NEARLY_ALL:
            sentence = (
                f"known for {share:.0%} of {len(fact.known):,} accounts{blocks[name]}:"
                " nobody can tell whether before the outcome"
            )
            yield Suspicion(Sign.FILL_TIME, name, sentence, refuse=False)
        steps = _step_share(fact)
        if steps >= _STEP_SHARE:
            alone = measured[name].alone if name in measured else None
            tells = alone is not None and alone.low > 0.5
            also = f", and tell with an AUC of {_ranged(alone)}" if alone and tells else ""
            sentence = f"{steps:.0%} of its values are steps of the process{also}"
            yield Suspicion(Sign.PROCESS_STEP, name, sentence, refuse=tells)


def _filled_together(facts: Mapping[str, Fact]) -> dict[str, str]:
    """Return, for fields known in just the same rows as others, words that say so."""
    masks: dict[bytes, list[str]] = {}
    for name, fact in facts.items():
        masks.setdefault(np.packbits(fact.known).tobytes(), []).append(name)
    words = {}
    for names in masks.values():
        for name in names:
            others = [other for other in names if other != name]
            shown = ", ".join(others[:3]) + (" ..." if len(others) > 3 else "")
            words[name] = f", in one go with {shown}" if others else ""
    return words


def _step_share(fact: Fact) -> float:
    """Return the share of known values that are words of a process."""
    if isinstance(fact, NumberFact) or fact.field.type is FieldType.FLAG or not fact.levels:
        return 0.0
    is_step = np.array([bool(_STEPS.search(level.lower())) for level in fact.levels])
    codes = fact.codes[fact.codes >= 0]
    return float(is_step[codes].mean()) if len(codes) else 0.0
