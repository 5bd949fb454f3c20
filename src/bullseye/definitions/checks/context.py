"""What every check sees: the definitions with their places, the measured facts, and the day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from bullseye.definitions import yaml
from bullseye.definitions.checks import written
from bullseye.definitions.checks.facts import Facts
from bullseye.definitions.checks.finding import Fix
from bullseye.definitions.checks.logic import Logic
from bullseye.definitions.contract import Breach, Contract, breaches
from bullseye.definitions.field import Field, TableName
from bullseye.definitions.known import readable_fields, stored_fields
from bullseye.definitions.loader import SETTINGS_FILE, Loaded
from bullseye.definitions.project import Project
from bullseye.definitions.rule import Rule, Test, write_rule
from bullseye.errors import DefinitionError

Path = tuple[str | int, ...]

ACCOUNTS, CONTACTS = TableName.ACCOUNTS, TableName.CONTACTS


@dataclass(frozen=True)
class Standing:
    """A rule and where it stands: in which definition, at which path, over which table."""

    kind: str
    name: str
    path: Path
    rule: Rule
    table: TableName = ACCOUNTS


@dataclass(frozen=True)
class Context:
    """The input of every check."""

    loaded: Loaded
    facts: Facts
    today: date

    @property
    def project(self) -> Project:
        """The definitions."""
        return self.loaded.project

    @cached_property
    def _agreeing(self) -> Project:
        """The project without the sources that contradict others about a field's type."""
        project = replace(self.project, sources={})
        for name, source in self.project.sources.items():
            wider = replace(project, sources={**project.sources, name: source})
            try:
                stored_fields(wider, source.table)
            except DefinitionError:
                continue
            project = wider
        return project

    @cached_property
    def _fields(self) -> Mapping[TableName, Mapping[str, Field]]:
        return {table: readable_fields(self._agreeing, table) for table in TableName}

    def fields(self, table: TableName) -> Mapping[str, Field]:
        """Return the fields a rule over `table` may read."""
        return self._fields[table]

    @cached_property
    def _logic(self) -> Mapping[TableName, Logic]:
        return {table: Logic(self.fields(table), self.today) for table in (ACCOUNTS, CONTACTS)}

    def logic(self, table: TableName = ACCOUNTS) -> Logic:
        """Return the reasoning over the fields of `table`."""
        return self._logic[table]

    @cached_property
    def breaches(self) -> Mapping[str, tuple[Breach, ...]]:
        """What each message breaks of the contract of messages, by its name."""
        contract = Contract.of(self.project, self.today)
        return {name: breaches(each, contract) for name, each in self.project.messages.items()}

    @cached_property
    def rules(self) -> tuple[Standing, ...]:
        """Every rule of the project, in the order of kinds and names."""
        return tuple(self._rules())

    def _rules(self) -> Iterator[Standing]:
        for name, icp in self.project.icps.items():
            for at, clause in enumerate(icp.criteria):
                yield Standing("icps", name, ("criteria", at, "rule"), clause.rule)
        for name, exclusion in self.project.exclusions.items():
            yield Standing("exclusions", name, ("rule",), exclusion.rule)
        for name, market in self.project.markets.items():
            for part in ("tam", "sam"):
                rule = getattr(market, part)
                if rule is not None:
                    yield Standing("markets", name, (part,), rule)
        for name, persona in self.project.personas.items():
            yield Standing("personas", name, ("who",), persona.who, CONTACTS)
        for name, outcome in self.project.outcomes.items():
            for part in ("rule", "among"):
                rule = getattr(outcome, part)
                if rule is not None:
                    yield Standing("outcomes", name, (part,), rule)

    def tests(self, standing: Standing) -> Iterator[tuple[Test, Path]]:
        """Yield the comparisons of a rule, each with its path in the file."""
        content = written.dig(self._content(standing.kind, standing.name), standing.path)
        if not isinstance(content, Mapping):
            content = write_rule(standing.rule)
        yield from written.tests_at(content, standing.path)

    def _content(self, kind: str, name: str) -> Any:
        origin = self.loaded.origins.get((kind, name))
        return written.content(origin.text) if origin else None

    def operand(self, standing: Standing, path: Path) -> Any:
        """Return what is written at `path`, or None."""
        return written.dig(self._content(standing.kind, standing.name), path)

    def place(self, kind: str, name: str, path: Path) -> str:
        """Return ``file:line:column`` of the value at `path`, or of its nearest parent.

        Where the definition holds nothing at `path`, its name stands for it.
        """
        origin = self.loaded.origins.get((kind, name))
        if origin is None:
            return f"{kind}/{name}.yaml:1:1" if name else f"{SETTINGS_FILE}:1:1"
        nearest = yaml.place_of(origin.text, path)
        return origin.place(*(path if nearest != (1, 1) else ("name",)))

    def rewriting(self, kind: str, name: str, path: Path, new: str) -> Fix | None:
        """Return the edit that writes `new` instead of the text at `path`, or None."""
        return self._fix(kind, name, written.value_span, path, new)

    def renaming(self, kind: str, name: str, path: Path, new: str) -> Fix | None:
        """Return the edit that writes `new` instead of the key at `path`, or None."""
        return self._fix(kind, name, written.key_span, path, new)

    def removing(self, kind: str, name: str, path: Path) -> Fix | None:
        """Return the edit that takes the list item at `path` out, or None where unsafe."""
        origin = self.loaded.origins.get((kind, name))
        span = written.item_span(origin.text, path) if origin else None
        if origin is None or span is None:
            return None
        return Fix(origin.file, *span, origin.text[slice(*span)], "")

    def _fix(
        self, kind: str, name: str, span_of: written.SpanOf, path: Path, new: str
    ) -> Fix | None:
        origin = self.loaded.origins.get((kind, name))
        span = span_of(origin.text, path) if origin else None
        if origin is None or span is None:
            return None
        old = origin.text[slice(*span)]
        text = written.scalar(new, like=old)
        return Fix(origin.file, *span, old, text) if text is not None else None
