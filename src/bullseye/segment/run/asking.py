"""The cases of an outcome as columns, without the facts that the outcome may have filled in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from bullseye.cases import cases_of, guard_of
from bullseye.segment.case_columns import CaseColumns, case_columns
from bullseye.segment.suitable import unsuitable
from bullseye.warehouse.cases import Cases, Every
from bullseye.warehouse.guard import Sign
from bullseye.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Asked:
    """Cases and their columns; `refused` are the fields that were left out of them, and why."""

    cases: Cases
    columns: CaseColumns
    refused: tuple[str, ...]


def asked_of(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    outcome: str,
    *,
    as_of: date | None = None,
    as_known_today: bool = False,
    insist: Collection[str] = (),
    tolerate: Collection[Sign] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Asked:
    """Return the cases of an outcome; where facts are not dated, suspicious ones are left out.

    Those the user insists on stay, and signs that are tolerated do not make a fact suspicious.

    Raises
    ------
    UnknownName, NotEnoughEvidence, InputError, UsageError
        As `bullseye.cases.cases_of`.
    """
    cases = cases_of(
        workspace,
        connection,
        outcome,
        as_of=as_of,
        every=Every.QUARTER,
        as_known_today=as_known_today,
        progress=progress,
    )
    columns = case_columns(connection, cases)
    if cases.dated:  # what was known before cannot have been filled in by what came after
        return Asked(cases, columns, ())
    guard = guard_of(workspace, connection, cases, every=Every.QUARTER, progress=progress)
    serious = [each for each in guard.suspicions if each.refuse and each.sign not in tolerate]
    refused = {each.field for each in serious if each.field not in insist}
    facts = {name: fact for name, fact in columns.facts.items() if name not in refused}
    plain = {left.field for left in unsuitable(columns.facts)}  # nobody would look at these
    why = {
        each.field: each.sentence
        for each in serious
        if each.field in refused and each.field not in plain
    }
    said = tuple(f"{name}: {why[name]}" for name in sorted(why))
    return Asked(cases, replace(columns, facts=facts), said)
