"""Won, lost or open: what the words of a CRM say about an opportunity."""

import re
from collections.abc import Collection
from typing import Final

from bullseye.definitions.field import FieldType
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.values import NO, YES

WON: Final = r"(^|[^a-z])(closed)?(won|gewonnen|gagn|ganad|ganho|vint|signed|success)"
"""Pattern (RE2 and Python) of lower-case words that mean won."""

LOST: Final = (
    r"(^|[^a-z])(closed)?(lost|loss|verlor|perdu|perdid|pers[oa]|cancel|abandon|disqualif|unqualif"
    r"|dead|rejected|declined|churned|no decision|not won|unsuccessful|omitted)"
)
"""Pattern (RE2 and Python) of lower-case words that mean lost."""


def outcome(text: str) -> str:
    """Return won, lost or open for a stage or an outcome in words.

    What says neither won nor lost is open. "Lost" is looked for first, so that "Not won" and
    "Won back, then lost" are lost.

    >>> outcome("Closed Won"), outcome("closedlost"), outcome("Negotiation")
    ('won', 'lost', 'open')
    """
    word = text.lower()
    return "lost" if re.search(LOST, word) else "won" if re.search(WON, word) else "open"


def outcome_sql(fields: Collection[tuple[str, FieldType]]) -> str | None:
    """Return the SQL that reads an opportunity's outcome off its other fields.

    Parameters
    ----------
    fields
        Name and type of each field the rows have. In this order: the words of `outcome`; the
        flags `is_won` and `is_closed`; the words of `stage`. A bare "no" under `outcome` is lost
        unless `is_closed` or `stage` says that the opportunity is open.

    Returns
    -------
    str or None
        An expression giving won, lost, open, or null where nothing is known; None if no field
        tells.
    """
    flags = {name for name, kind in fields if kind is FieldType.FLAG}
    texts = {name for name, kind in fields if kind is not FieldType.FLAG}
    stage = _in_words("stage") if "stage" in texts else "NULL"
    closed = '"is_closed"' if "is_closed" in flags else "NULL"
    branches = []
    if "outcome" in texts:
        yes, no = (", ".join(map(DUCKDB.literal, sorted(words))) for words in (YES, NO))
        is_open = f"coalesce(NOT {closed}, {stage} = 'open', false)"
        branches += [
            f"WHEN lower(\"outcome\") IN ({yes}) THEN 'won'",
            f"WHEN lower(\"outcome\") IN ({no}) THEN if({is_open}, 'open', 'lost')",
            f'WHEN "outcome" IS NOT NULL THEN {_in_words("outcome")}',
        ]
    if "is_won" in flags:
        branches.append("WHEN \"is_won\" THEN 'won'")
    if "is_closed" in flags and "is_won" in flags:
        branches.append('WHEN "is_closed" AND NOT "is_won" THEN \'lost\'')
    if "is_closed" in flags:
        branches.append("WHEN NOT \"is_closed\" THEN 'open'")
    if not branches:
        return stage if stage != "NULL" else None
    return f"CASE {' '.join(branches)} ELSE {stage} END"


def _in_words(field: str) -> str:
    word = f"lower({DUCKDB.identifier(field)})"
    won, lost = DUCKDB.literal(WON), DUCKDB.literal(LOST)
    return (
        f"CASE WHEN regexp_matches({word}, {lost}) THEN 'lost' "
        f"WHEN regexp_matches({word}, {won}) THEN 'won' WHEN {word} IS NOT NULL THEN 'open' END"
    )
