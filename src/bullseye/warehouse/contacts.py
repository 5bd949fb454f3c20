"""What the titles of contacts say: labelled once per title, kept, and corrected by people."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from bullseye.definitions.titles import lexicon, lexicon_version, normalised
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.publish import publish, reading
from bullseye.warehouse.titles import labels_sql, normalised_sql

DERIVED = ("level", "function")
"""The fields of a contact that its title tells; NULL where it says nothing."""

_KEPT = "title_norm, level, level_rule, function, function_rule, flags"


@dataclass(frozen=True)
class Corrected:
    """What a person says a title means; None where the rules are to decide."""

    title_norm: str
    level: str | None
    function: str | None


def dictionary(folder: Path) -> Path:
    """Return the file of the titles labelled by the lexicon of this version.

    Grain: one normalised title. Columns: `title_norm`, `level`, `level_rule`, `function`,
    `function_rule` and `flags` (a list of texts).
    """
    return folder / f"{lexicon_version()}.parquet"


def label_titles(connection: duckdb.DuckDBPyConnection, relation: str, folder: Path | None) -> None:
    """Make the temporary tables `title_norms` and `title_labels` for the titles in a relation.

    Titles that `folder` has labels for are not labelled again; the others are, and are kept
    there. Labels of another version of the lexicon are not used. Without a folder all titles
    are labelled and nothing is kept.

    Parameters
    ----------
    connection
        The embedded engine.
    relation
        SQL of a relation with a column `title`.
    folder
        Where the dictionary is kept.
    """
    distinct = (
        "(SELECT row_number() OVER () AS title_no, title FROM"
        f" (SELECT DISTINCT title FROM {relation} WHERE title IS NOT NULL))"
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE title_texts AS SELECT * FROM {distinct}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE title_norms AS SELECT t.title, n.title_norm FROM"
        f" title_texts AS t JOIN ({normalised_sql(DUCKDB, 'title_texts')}) AS n USING (title_no)"
    )
    connection.execute("DROP TABLE title_texts")
    known = dictionary(folder) if folder else None
    before = f"SELECT {_KEPT} FROM {reading(known)}" if known and known.exists() else None
    unseen = _label_unseen(connection, before)
    every = "SELECT * FROM unseen_labels" + (f" UNION ALL {before}" if before else "")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE title_labels AS SELECT l.* FROM"
        f" ({every}) AS l SEMI JOIN title_norms USING (title_norm)"
    )
    if known and unseen:
        publish(connection, f"SELECT * FROM ({every}) ORDER BY title_norm", known)
    connection.execute("DROP TABLE unseen_labels")


def _label_unseen(connection: duckdb.DuckDBPyConnection, before: str | None) -> int:
    """Make the temporary table `unseen_labels`; return how many titles it has."""
    seen = f" ANTI JOIN ({before}) AS b USING (title_norm)" if before else ""
    unseen = (
        "(SELECT row_number() OVER () AS title_no, title_norm FROM"
        f" (SELECT DISTINCT title_norm FROM title_norms{seen}))"
    )
    counted = connection.execute(f"SELECT count(*) FROM {unseen}").fetchall()[0][0]
    if not counted:  # the packs need not even be read
        texts = ("title_norm", "level", "level_rule", "function", "function_rule")
        columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in texts)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE unseen_labels AS SELECT {columns},"
            " CAST(NULL AS VARCHAR[]) AS flags WHERE FALSE"
        )
        return 0
    rules = lexicon()
    flags = ", ".join(
        f"CASE WHEN {DUCKDB.identifier(rule.name)} THEN {DUCKDB.literal(rule.name)} END"
        for rule in rules.flags
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE unseen_labels AS SELECT title_norm, level, level_rule,"
        f" function, function_rule, list_filter([{flags}], lambda f: f IS NOT NULL) AS flags"
        f" FROM ({labels_sql(DUCKDB, rules, unseen)})"
    )
    return int(counted)


def contacts_sql(contacts: Path, corrected: Sequence[Corrected] = ()) -> str:
    """Return the contacts of a state as a table expression; people's labels go before rules'.

    A state that was built before titles were labelled has its labels unknown.
    """
    none = ", ".join(f"CAST(NULL AS VARCHAR) AS {name}" for name in (*DERIVED, "_title_norm"))
    known = f"(SELECT {none} WHERE FALSE UNION ALL BY NAME SELECT * FROM {reading(contacts)})"
    if not corrected:
        return known
    rows = ", ".join(
        f"({', '.join(map(_text, (each.title_norm, each.level, each.function)))})"
        for each in corrected
    )
    return (
        "(SELECT k.* REPLACE (NULLIF(COALESCE(o.level, k.level), 'unknown') AS level,"
        f" NULLIF(COALESCE(o.function, k.function), 'unknown') AS function) FROM {known} AS k"
        f" LEFT JOIN (VALUES {rows}) AS o(title_norm, level, function)"
        " ON o.title_norm = k._title_norm)"
    )


def correction(title: str, level: str | None, function: str | None) -> Corrected:
    """Return what a person says of every title that reads like `title`."""
    return Corrected(normalised(title), level, function)


def _text(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else DUCKDB.literal(value)
