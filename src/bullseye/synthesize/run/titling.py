"""The titles of the workspace's contacts: which there are, what they say, and who corrected it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import duckdb

from bullseye.definitions.field import TableName
from bullseye.definitions.titles import (
    FUNCTIONS,
    LEVELS,
    Confidence,
    Labels,
    labelled,
    lexicon_version,
    normalised,
)
from bullseye.definitions.titles.reading import confidence
from bullseye.errors import InputError, NotEnoughEvidence, UnknownName, UsageError
from bullseye.store import titles as overrides
from bullseye.store.titles import NewTitleOverride, TitleOverride
from bullseye.warehouse.contacts import contacts_sql, dictionary, label_titles
from bullseye.warehouse.dialect import DUCKDB
from bullseye.workspace import Workspace

OVERRIDDEN = "override"
"""The rule that is shown where a person decided."""


@dataclass(frozen=True)
class TitleRow:
    """One title of the reviewable table.

    `title_norm` is the title as the rules read it, `title` its most frequent spelling, and
    `contacts` how many contacts on file have it. `level_rule` and `function_rule` name the rule
    that fired, or "override".
    """

    title_norm: str
    title: str
    contacts: int
    level: str
    level_rule: str
    function: str
    function_rule: str
    flags: tuple[str, ...]
    confidence: Confidence
    lexicon_version: str
    override_by: str | None = None
    override_at: datetime | None = None
    override_reason: str | None = None


@dataclass(frozen=True)
class Titles:
    """The table of titles as known on the day it was asked for.

    `contacts` and `titles` count all; `rows` are those that were asked for, most contacts first.
    """

    contacts: int
    titles: int
    lexicon_version: str
    rows: tuple[TitleRow, ...]


class Decision(NamedTuple):
    """What a person wants a title to mean; None leaves a label to the rules."""

    title: str
    level: str | None
    function: str | None
    reason: str


def titles(workspace: Workspace, *, unknown_only: bool = False, limit: int = 50) -> Titles:
    """Return the titles of the contacts on file, those of most contacts first.

    Parameters
    ----------
    workspace
        Where the contacts are.
    unknown_only
        Only titles of which the level or the function is unknown, or that no word decided.
    limit
        At most so many rows.

    Raises
    ------
    NotEnoughEvidence
        If no contacts are imported.
    """
    ids = tuple(batch.number for batch in workspace.batches())
    if not any(batch.table is TableName.CONTACTS for batch in workspace.batches()):
        raise NotEnoughEvidence(
            "No contacts are imported, so there are no titles.",
            hint="Import some with: bullseye import contacts FILE",
        )
    said = {each.title_norm: each for each in overrides.active(workspace.store)}
    with workspace.connection() as connection:
        state = workspace.state(connection, workspace.project, ids, workspace.today)
        contacts = contacts_sql(state.table(TableName.CONTACTS))
        if not dictionary(workspace.titles).exists():
            label_titles(connection, contacts, workspace.titles)
        found = [_row(*row, said) for row in _counted(connection, contacts, workspace)]
    wanted = [row for row in found if not unknown_only or _is_open(row)]
    return Titles(
        sum(row.contacts for row in found), len(found), lexicon_version(), tuple(wanted[:limit])
    )


def override(workspace: Workspace, decision: Decision, *, dry_run: bool = False) -> Labels:
    """Record what a title means from now on, for all its spellings; return what rules said.

    Raises
    ------
    UnknownName
        If the level or the function is none.
    UsageError
        If the title has no word, no label is given, or the reason is blank.
    """
    for kind, label, known in (
        ("level", decision.level, LEVELS),
        ("function", decision.function, FUNCTIONS),
    ):
        if label is not None and label not in known:
            raise UnknownName(kind, label, known)
    if decision.level is None and decision.function is None:
        raise UsageError(
            "Nothing to override: neither a level nor a function is given.",
            hint="Give --level, --function or both.",
        )
    if not normalised(decision.title).strip():
        raise UsageError(
            f"{decision.title!r} has no word that the rules could read.",
            hint="Titles without a word are unknown, whatever they are.",
        )
    if not dry_run:
        with workspace.alone("title override"):
            _add(workspace, decision)
    return labelled(decision.title)


def _add(workspace: Workspace, decision: Decision) -> TitleOverride:
    return overrides.add(
        workspace.store,
        NewTitleOverride(
            title_norm=normalised(decision.title),
            level=decision.level,
            function=decision.function,
            author=workspace.actor,
            reason=decision.reason,
            created_at=workspace.now(),
        ),
    )


_Counted = tuple[str, str, int, str, str, str, str, list[str]]


def _counted(
    connection: duckdb.DuckDBPyConnection, contacts: str, workspace: Workspace
) -> list[_Counted]:
    file = DUCKDB.literal(str(dictionary(workspace.titles)))
    try:
        return connection.execute(
            f"""WITH spelled AS (
  SELECT _title_norm, title, count(*) AS n FROM {contacts}
  WHERE title IS NOT NULL AND _title_norm IS NOT NULL GROUP BY ALL)
SELECT s._title_norm, arg_max(s.title, (s.n, s.title)), CAST(sum(s.n) AS BIGINT),
  d.level, d.level_rule, d.function, d.function_rule, d.flags
FROM spelled AS s JOIN read_parquet({file}) AS d ON d.title_norm = s._title_norm
GROUP BY ALL ORDER BY 3 DESC, 1"""
        ).fetchall()
    except duckdb.IOException as error:
        raise InputError(
            "The table of titles cannot be read.",
            place=str(dictionary(workspace.titles)),
            hint="Delete the file: it is made again from the contacts.",
        ) from error


def _row(
    norm: str,
    title: str,
    contacts: int,
    level: str,
    level_rule: str,
    function: str,
    function_rule: str,
    flags: list[str],
    said: dict[str, TitleOverride],
) -> TitleRow:
    found = said.get(norm)
    if found is None:
        sure = confidence(level_rule, function_rule)
        told = (level, level_rule, function, function_rule, tuple(flags), sure)
        return TitleRow(norm, title, contacts, *told, lexicon_version())
    return TitleRow(
        norm,
        title,
        contacts,
        found.level or level,
        OVERRIDDEN if found.level else level_rule,
        found.function or function,
        OVERRIDDEN if found.function else function_rule,
        tuple(flags),
        Confidence.OVERRIDE,
        lexicon_version(),
        found.author,
        found.created_at,
        found.reason,
    )


def _is_open(row: TitleRow) -> bool:
    """Whether a person should look: something is unknown, or no word decided."""
    by_default = row.level_rule == "ic.plain", row.function_rule == "other.plain"
    return "unknown" in (row.level, row.function) or all(by_default)
