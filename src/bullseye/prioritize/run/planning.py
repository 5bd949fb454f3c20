"""The statements of a run in the customer's warehouse, written before anything runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bullseye.definitions.field import Field, FieldType, TableName
from bullseye.definitions.known import field_named, readable_fields, stored_fields
from bullseye.definitions.project import Project
from bullseye.errors import UnknownName
from bullseye.prioritize.profiles import signals
from bullseye.prioritize.run.past import icps_of
from bullseye.prioritize.scores import Scoring, previous_tiers
from bullseye.store.runs import Run
from bullseye.warehouse import remote
from bullseye.warehouse.changes import growths_wanted
from bullseye.warehouse.compile import Weight, score_sql, weights
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.engines import Engine
from bullseye.warehouse.mapped import Bound, Reader
from bullseye.warehouse.remote import Names
from bullseye.workspace import Workspace

MOST_COUNTRIES = 5_000
"""Spellings of countries that are looked up; a column with more holds something else."""


@dataclass(frozen=True)
class Plan:
    """Every statement of a run, ready to be executed or shown."""

    names: Names
    signals: str
    scores: str
    view: str
    accounts: str
    fields: tuple[Field, ...]

    def shown(self, engine: Engine) -> str:
        """Return the statements that write, as text to be read."""
        statements = (
            engine.table_as(self.names.signals, self.signals),
            engine.table_as(self.names.scores, self.scores),
            engine.view_as(self.names.view, self.view),
        )
        return ";\n\n".join(statements) + ";"


@dataclass(frozen=True)
class Planner:
    """Writes the statements of one run; of the warehouse it asks only how countries are spelled.

    `before` is the run whose tiers count as the previous ones.
    """

    workspace: Workspace
    engine: Engine
    scoring: Scoring
    names: Names
    before: Run | None

    def plan(self, accounts: Bound, events: Sequence[Bound]) -> Plan:
        """Return every statement, for these sources."""
        project, dialect, as_of = self.scoring.project, self.engine.dialect, self.scoring.as_of
        reader = Reader(dialect, as_of, self._countries(accounts))
        readable = readable_fields(project, TableName.ACCOUNTS)
        used = [_named(readable, name) for name in sorted(_names_used(self.scoring))]
        every = _stored(project)
        named = signals(project)
        first = as_of - timedelta(days=max((s.window for s in named), default=0))
        quoted = self.engine.quoted
        numbered = reader.events(
            events or (_no_events(accounts),), sorted({s.type for s in named}) or [""], first
        )
        scored = score_sql(
            self.scoring.profiles,
            named,
            readable,
            as_of,
            dialect,
            accounts=reader.accounts(accounts, used),
            events=quoted(self.names.signals),
            weights_table=_weights(self.engine, project),
            previous=self._previous(),
        )
        view = remote.view_sql(
            dialect,
            quoted(self.names.scores),
            self.scoring.profiles,
            named,
            self.names.run_id,
            as_of,
        )
        return Plan(
            self.names, numbered, scored, view, reader.accounts(accounts, every), tuple(every)
        )

    def _countries(self, accounts: Bound) -> Mapping[str, str]:
        """Return the codes of the countries as the relation writes them."""
        found = accounts.columns.get("country")
        if found is None:
            return {}
        dialect = self.engine.dialect
        text = f"TRIM(CAST({dialect.identifier(found.name)} AS {dialect.text}))"
        rows = self.engine.rows(
            f"SELECT DISTINCT {text} AS country FROM {accounts.relation} LIMIT {MOST_COUNTRIES}"
        )
        codes = {str(name): country_code(str(name)) for (name,) in rows if name}
        return {name: code for name, code in codes.items() if code}

    def _previous(self) -> str | None:
        if self.before is None:
            return None
        before = icps_of(self.workspace, self.before)
        return previous_tiers(self.table_of(self.before), before, self.scoring.icps)

    def table_of(self, before: Run) -> str:
        """Return the table of scores of an earlier run, quoted."""
        return self.engine.quoted(Names(self.names.schema, before.id).scores)


def _weights(engine: Engine, project: Project) -> str:
    """Return the decay table inline; without signals, one row that no signal joins."""
    rows = weights(signals(project)) or [Weight("", 0, 0, 0, 0)]
    return f"(SELECT * FROM {engine.dialect.rows('v', Weight._fields, rows)})"


def _names_used(scoring: Scoring) -> set[str]:
    """Return every field that scoring reads, and the value that cubes add up."""
    names = {"account_id"}
    for profile in scoring.profiles:
        names |= {name for clause in profile.layout.clauses for name in clause.fields}
        names |= set(profile.icp.hierarchy.inherit)
    return names


def _named(fields: Mapping[str, Field], name: str) -> Field:
    found = field_named(fields, name)
    if found is None:
        raise UnknownName("field", name, fields)
    return found._replace(name=name)


def _stored(project: Project) -> list[Field]:
    """Return every field of an account on the list: stored ones and derived ones."""
    stored = stored_fields(project, TableName.ACCOUNTS)
    derived = [
        Field(wanted.name, FieldType.SHARE, "") for wanted in growths_wanted(project, stored)
    ]
    return [*stored.values(), *derived]


def _no_events(accounts: Bound) -> Bound:
    """Return a source without events: the relation of accounts, with no column of events."""
    return Bound(accounts.source, accounts.relation, {}, ())
