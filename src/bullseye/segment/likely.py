"""Records that are likely one: a model learnt without labels, from the workspace's own rows.

The model is that of Fellegi and Sunter (1969): each comparison adds to a weight, for or against,
by how often it comes out so among pairs that are one (m) and among all pairs (u). u is counted
on pairs drawn with a fixed seed, m is estimated by expectation maximisation. Splink does the
work (the extra `splink`); what is compared, when it may answer and what is shown is said here.
"""

import logging
import math
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import ModuleType
from typing import Any

import duckdb
import numpy as np

from bullseye.errors import UsageError
from bullseye.segment.duplicates import WITHOUT_MAIL, Link, Part, tied_groups
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.legal_forms import plain_name

SEED = 20261122
LEAST_RECORDS = 100
"""Records below which nothing is estimated."""
LEAST_PAIRS = 30
"""Pairs that must agree on a field before the others are learnt from them."""

_LEAST_BLOCKS, _LEAST_FIELDS = 2, 3
"""Each field is learnt from pairs that agree on another one."""

_SESSIONS = 3
_MOST_IN_BLOCK = 200
_RULES_FIND = 0.7
"""The share of duplicates that rules are taken to find: where the estimate begins."""
_ROUNDS, _STILL = 500, 1e-6
_PAIRS = 500_000


class Kind(StrEnum):
    """How two values of a field are held against each other."""

    NAME = "name"  # the same, or alike by Jaro-Winkler's measure; a rare one weighs more
    SAME = "same"  # the same or not; a rare one weighs more


@dataclass(frozen=True)
class Compared:
    """A field of the model: its name, the SQL of its value, and how it is compared.

    `tells_who` where it says who somebody is; else it says what many share, as a city does:
    nothing is learnt from records that agree on that alone, and it makes no pair one by itself.
    """

    name: str
    value: str
    kind: Kind
    tells_who: bool = True


@dataclass(frozen=True)
class Likely:
    """Pairs that are likely one, the likeliest first; or why that cannot be told.

    `records` were looked at; `compared` are the fields the model uses, `left_out` those too few
    rows know. Where `reason` is not empty there are no links, and it says what is missing.
    """

    links: tuple[Link, ...]
    records: int
    threshold: float
    compared: tuple[str, ...]
    left_out: tuple[str, ...]
    reason: str = ""


_DIGITS = "nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 9), '')"
_PART = "CASE WHEN contains(trim(full_name), ' ') THEN split_part(trim(full_name), ' ', {}) END"
_FIRST = f"coalesce(first_name, {_PART.format(1)})"
_LAST = f"coalesce(last_name, {_PART.format(-1)})"

# Domains, addresses and numbers are the same or not, never alike: a domain says the name once more,
# and would count twice; colleagues' addresses and extensions differ by one character.
ACCOUNT_FIELDS = (
    Compared("name", plain_name("name"), Kind.NAME),
    Compared("domain", WITHOUT_MAIL, Kind.SAME),
    Compared("city", "lower(strip_accents(city))", Kind.NAME, tells_who=False),
    Compared("country", "country", Kind.SAME, tells_who=False),
    Compared("industry", "lower(industry)", Kind.SAME, tells_who=False),
    Compared("founded_year", "CAST(founded_year AS VARCHAR)", Kind.SAME, tells_who=False),
)
CONTACT_FIELDS = (
    Compared("first_name", f"lower(strip_accents({_FIRST}))", Kind.NAME),
    Compared("last_name", f"lower(strip_accents({_LAST}))", Kind.NAME),
    Compared("email", "lower(trim(email))", Kind.SAME),
    Compared("phone", _DIGITS, Kind.SAME),
    Compared("account_id", "account_id", Kind.SAME, tells_who=False),
    Compared("country", "country", Kind.SAME, tells_who=False),
    Compared("title", "lower(strip_accents(title))", Kind.NAME, tells_who=False),
)


def likely(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    key: str,
    compared: Sequence[Compared],
    *,
    threshold: float,
    settled: Sequence[Link] = (),
) -> Likely:
    """Return the pairs of records that are likely one by a model of these rows.

    Parameters
    ----------
    connection
        The embedded engine.
    rows
        A table expression; `key` names its rows, and the SQL in `compared` reads it.
    key
        The column that names a row.
    compared
        The fields that may speak for or against.
    threshold
        The least probability, 0-1, of a pair that is returned.
    settled
        Pairs that rules found: what they tie together is not returned, and they say how rare
        duplicates are, to begin with.

    Raises
    ------
    UsageError
        If the extra is not installed.
    """
    splink = _installed()
    table = _prepared(connection, rows, key, compared)
    records = _count(connection, f"SELECT count(*) FROM {table}")
    used, left_out = _telling(connection, table, compared)
    names = tuple(each.name for each in used)
    blocks = _learnt_from(connection, table, used)

    def cannot_tell(reason: str) -> Likely:
        return Likely((), records, threshold, names, left_out, reason)

    if records < LEAST_RECORDS:
        return cannot_tell(f"cannot tell yet: {records} records, at least {LEAST_RECORDS} needed")
    if len(blocks) < _LEAST_BLOCKS or len(used) < _LEAST_FIELDS:
        return cannot_tell(
            "cannot tell yet: it takes two fields that tell who a record is, each the same in"
            f" {LEAST_PAIRS} pairs of records, to learn how the others differ"
        )
    first = _prior(records, len(settled))
    coarse: frozenset[str] = frozenset()
    with _quiet() as heard, _one_thread(connection):
        while True:
            heard.clear()
            linker = _trained(splink, connection, table, used, coarse, blocks, first)
            unlearnt = _unlearnt(linker.misc.save_model_to_json())
            if not unlearnt:
                break
            # A field whose levels were not all seen is compared more coarsely, or not at all.
            gone = unlearnt & (coarse | {each.name for each in used if each.kind is Kind.SAME})
            coarse |= unlearnt
            used = tuple(each for each in used if each.name not in gone)
            blocks = [name for name in blocks if name not in gone]
            left_out, names = (*left_out, *sorted(gone)), tuple(each.name for each in used)
            if len(blocks) < _LEAST_BLOCKS or len(used) < _LEAST_FIELDS:
                return cannot_tell(
                    "cannot tell: records that look alike do not agree on enough fields more"
                    " often than any two do, so there may be no duplicates beyond the rules'"
                )
        if sum("EM converged" in text for text in heard) < len(blocks):
            return cannot_tell("cannot tell: the estimate did not settle on these rows")
        found = linker.inference.predict(threshold_match_weight=_log_odds(first))
        judged = DUCKDB.identifier(found.physical_name)
        prior = _learnt_prior(connection, judged, records, first)
        least = _log_odds(threshold) - _log_odds(prior) + _log_odds(first)
        pairs = connection.execute(f"SELECT * FROM {judged} WHERE match_weight >= ?", [least])
        columns = [each[0] for each in pairs.description]
        links = [
            _link(dict(zip(columns, row, strict=True)), used, prior) for row in pairs.fetchall()
        ]
    group = {one: at for at, (ids, _) in enumerate(tied_groups(settled)) for one in ids}
    who = {each.name for each in used if each.tells_who}
    fresh = [
        each
        for each in links
        if group.get(each.one, each.one) != group.get(each.other, each.other)
        and sum(part.weight for part in each.parts if part.what in who) > 0
    ]
    fresh.sort(key=lambda each: (-each.confidence, each.one, each.other))
    return Likely(tuple(fresh), records, threshold, names, left_out)


def _installed() -> ModuleType:
    try:
        import splink  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "Splink is not installed, and it finds the duplicates that rules do not.",
            hint="Install it with: pip install 'bullseye-gtm[splink]'",
        ) from error
    return splink


def _prepared(
    connection: duckdb.DuckDBPyConnection, rows: str, key: str, compared: Sequence[Compared]
) -> str:
    """Make the temporary table that the model reads: values, and blocks that few rows share."""
    values = ", ".join(
        f"nullif(CAST({each.value} AS VARCHAR), '') AS {each.name}" for each in compared
    )
    blocks = []
    for each in compared:
        ends = ("left({}, 4)", "right({}, 4)") if each.kind is Kind.NAME else ("{}",)
        for at, end in enumerate(ends):
            block = end.format(each.name)
            blocks.append(
                f"CASE WHEN count(*) OVER (PARTITION BY {block}) <= {_MOST_IN_BLOCK} THEN {block}"
                f" END AS block_{each.name}_{at}"
            )
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE likely_rows AS SELECT *, {', '.join(blocks)} FROM"
        f" (SELECT CAST({DUCKDB.identifier(key)} AS VARCHAR) AS unique_id, {values} FROM {rows})"
        " ORDER BY unique_id"
    )
    return "likely_rows"


def _telling(
    connection: duckdb.DuckDBPyConnection, table: str, compared: Sequence[Compared]
) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """Return the fields that enough rows know, with more than one value, and the others."""
    used, left_out = [], []
    for each in compared:
        known, values = connection.execute(
            f"SELECT count({each.name}), count(DISTINCT {each.name}) FROM {table}"
        ).fetchall()[0]
        if known >= LEAST_PAIRS and values > 1:
            used.append(each)
        else:
            left_out.append(each.name)
    return tuple(used), tuple(left_out)


def _learnt_from(
    connection: duckdb.DuckDBPyConnection, table: str, used: Sequence[Compared]
) -> list[str]:
    """Return the fields that tell who and whose equal values make the fewest pairs, yet enough."""
    counted = []
    for each in (one for one in used if one.tells_who):
        pairs = _count(
            connection,
            f"SELECT coalesce(sum(n * (n - 1) // 2), 0)::BIGINT FROM (SELECT count(*) AS n"
            f" FROM {table} WHERE {each.name} IS NOT NULL GROUP BY {each.name})",
        )
        if pairs >= LEAST_PAIRS:
            counted.append((pairs, each.name))
    return [name for _, name in sorted(counted)[:_SESSIONS]]


def _prior(records: int, settled: int) -> float:
    """Return how likely two records drawn at random are one, before anything is learnt."""
    return min(max(settled, 1) / _RULES_FIND / (records * (records - 1) / 2), 0.5)


def _learnt_prior(
    connection: duckdb.DuckDBPyConnection, judged: str, records: int, first: float
) -> float:
    """Return how likely two records are one: the share of all pairs that the weights expect.

    Expectation maximisation over the pairs that speak for it; all other pairs count as two.
    """
    weights = connection.execute(f"SELECT match_weight AS w FROM {judged}").fetchnumpy()["w"]
    evidence = np.exp2(np.clip(weights - _log_odds(first), -60, 60))
    prior, pairs = first, records * (records - 1) / 2
    for _ in range(_ROUNDS):
        odds = evidence * prior / (1 - prior)
        learnt = min(max(float(np.sum(odds / (1 + odds))), 1.0) / pairs, 0.5)
        if abs(learnt - prior) < _STILL * prior:
            break
        prior = learnt
    return learnt


def _log_odds(probability: float) -> float:
    return math.log2(probability / (1 - probability))


def _trained(
    splink: ModuleType,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    used: Sequence[Compared],
    coarse: Collection[str],
    blocks: Sequence[str],
    prior: float,
) -> Any:
    """Return Splink's linker with a model learnt from the rows."""
    linker = _model(splink, connection, table, used, coarse, prior)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=SEED)
    for name in blocks:
        linker.training.estimate_parameters_using_expectation_maximisation(
            splink.block_on(name), max_pairs=_PAIRS
        )
    return linker


def _model(
    splink: ModuleType,
    connection: duckdb.DuckDBPyConnection,
    table: str,
    used: Sequence[Compared],
    coarse: Collection[str],
    prior: float,
) -> Any:
    import splink.comparison_level_library as levels  # noqa: PLC0415 - an extra
    import splink.comparison_library as library  # noqa: PLC0415 - an extra

    def comparison(each: Compared) -> Any:
        if each.name in coarse and each.kind is Kind.NAME:
            two: list[Any] = [
                levels.NullLevel(each.name),
                levels.JaroWinklerLevel(each.name, 0.85),
                levels.ElseLevel(),
            ]
            return library.CustomComparison(two, output_column_name=each.name)
        if each.name in coarse:
            return library.ExactMatch(each.name)
        if each.kind is Kind.SAME:
            return library.ExactMatch(each.name).configure(term_frequency_adjustments=True)
        alike = library.JaroWinklerAtThresholds(each.name, [0.92, 0.8])
        return alike.configure(term_frequency_adjustments=True)

    names = {each.name: 2 if each.kind is Kind.NAME else 1 for each in used}
    settings = splink.SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="unique_id",
        comparisons=[comparison(each) for each in used],
        blocking_rules_to_generate_predictions=[
            splink.block_on(f"block_{name}_{at}")
            for name, ends in names.items()
            for at in range(ends)
        ],
        probability_two_random_records_match=prior,
        retain_intermediate_calculation_columns=True,
        retain_matching_columns=True,
        max_iterations=60,
    )
    engine = splink.DuckDBAPI(connection=connection)
    return splink.Linker(engine.register(table), settings)


def _unlearnt(model: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields with a level that was not seen, or that speaks against its own meaning.

    A level that no pair in the training had has no estimate; agreement that is no more frequent
    among records that look alike than among any two tells nothing.
    """
    found = set()
    for each in model["comparisons"]:
        levels = [level for level in each["comparison_levels"] if not level.get("is_null_level")]
        known = [(level.get("m_probability"), level.get("u_probability")) for level in levels]
        first, among_all = known[0]
        if any(m is None for m, _ in known) or among_all is None or first <= among_all:
            found.add(each["output_column_name"])
    return frozenset(found)


def _link(pair: Mapping[str, Any], used: Sequence[Compared], prior: float) -> Link:
    start = Part("before any comparison", (None, None), _log_odds(prior))
    parts = [start]
    for each in used:
        weight = float(pair[f"mw_{each.name}"]) + float(pair.get(f"mw_tf_adj_{each.name}") or 0)
        parts.append(Part(each.name, (pair[f"{each.name}_l"], pair[f"{each.name}_r"]), weight))
    one, other = sorted((str(pair["unique_id_l"]), str(pair["unique_id_r"])))
    swapped = one != str(pair["unique_id_l"])
    if swapped:
        parts = [Part(p.what, (p.values[1], p.values[0]), p.weight) for p in parts]
    said = tuple(", ".join(p.values[side] or "?" for p in parts[1:]) for side in (0, 1))
    odds = 2.0 ** min(sum(part.weight for part in parts), 60.0)
    return Link(one, other, "likely", (said[0], said[1]), odds / (1 + odds), tuple(parts))


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchall()[0][0])


@contextmanager
def _one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Draw with one thread: only then the same seed draws the same pairs."""
    before = _count(connection, "SELECT current_setting('threads')")
    connection.execute("SET threads = 1")
    try:
        yield
    finally:
        connection.execute(f"SET threads = {before}")


@contextmanager
def _quiet() -> Iterator[list[str]]:
    """Yield what Splink has to say, and let nobody else hear it."""
    heard: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, listener = logging.getLogger("splink"), Listener()
    before = logger.level, logger.propagate, logger.handlers[:]
    logger.handlers, logger.propagate = [listener], False
    logger.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield heard
    finally:
        logger.setLevel(before[0])
        logger.propagate, logger.handlers = before[1], before[2]
