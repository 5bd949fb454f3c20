"""The profiles of a project: every ICP with its clauses typed and laid out, ready to score."""

from collections.abc import Mapping
from datetime import date

from bullseye.definitions.field import Field, TableName
from bullseye.definitions.icp import Clause
from bullseye.definitions.known import readable_fields
from bullseye.definitions.project import Project
from bullseye.definitions.signal import Signal
from bullseye.definitions.typed import typed
from bullseye.errors import DefinitionError
from bullseye.warehouse.compile import Profile
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.layout import layout

MAX_SIGNALS = 63
"""Signals of one workspace: each has its bit in a 64-bit integer."""


def profiles(project: Project, as_of: date) -> tuple[Profile, ...]:
    """Return one profile per ICP, by name.

    Raises
    ------
    DefinitionError
        If an ICP cannot be evaluated; the message names the ICP and the criterion. If there
        are more signals than bits.
    """
    if len(project.signals) > MAX_SIGNALS:
        raise DefinitionError(
            f"There are {len(project.signals)} signals; at most {MAX_SIGNALS} can be told apart.",
            hint="Join signals that mean the same: one event may have several subjects.",
        )
    fields = readable_fields(project, TableName.ACCOUNTS)
    return tuple(
        Profile(
            icp,
            layout(_typed_clauses(project, name, fields), fields, as_of),
            project.tier_policy(icp),
            project.signals_of(icp),
        )
        for name, icp in sorted(project.icps.items())
    )


def signals(project: Project) -> tuple[Signal, ...]:
    """Return every signal of the project, by name: the order of the bits of `live`."""
    return tuple(project.signals[name] for name in sorted(project.signals))


def _typed_clauses(project: Project, name: str, fields: Mapping[str, Field]) -> tuple[Clause, ...]:
    clauses = []
    for clause in project.clauses(project.icps[name]):
        try:
            rule = typed(clause.rule, fields, country=_country)
        except DefinitionError as error:
            raise DefinitionError(
                f"ICP {name}, criterion {clause.name}: {error.problem}", hint=error.hint
            ) from None
        clauses.append(clause.model_copy(update={"rule": rule}))
    return tuple(clauses)


def _country(text: str) -> str:
    return country_code(text) or text
