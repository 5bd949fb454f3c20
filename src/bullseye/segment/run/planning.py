"""Which source a file is read by: the known one it fits, or a proposed one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import duckdb
from pydantic import ValidationError

from bullseye.connectors import synonyms
from bullseye.connectors.reading import Reading
from bullseye.definitions.field import ROW_FIELDS, STANDARD_FIELDS, FieldType, TableName
from bullseye.definitions.loader import Loaded, load
from bullseye.definitions.source import Column, Source
from bullseye.errors import UnknownName, UsageError
from bullseye.segment.import_options import ImportOptions
from bullseye.segment.import_plan import file_pattern, matching_source, source_name
from bullseye.segment.source_file import source_text
from bullseye.warehouse.map import Match, Proposal, propose, samples, to_source
from bullseye.workspace import Workspace

REVIEW_AFTER = timedelta(days=180)


@dataclass(frozen=True)
class Plan:
    """The source to read a file by, and the text its definition is to have.

    `matches` is the mapping that was proposed, empty where the source is taken as it is; `file`
    and `text` are None where its definition stays as it is.
    """

    source: Source
    matches: tuple[Match, ...]
    file: str | None = None
    text: str | None = None


def plan(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    file_name: str,
    reading: Reading,
    options: ImportOptions,
) -> Plan:
    """Return the source of a file, as it stands in the files now.

    What a person corrected in a known source stays; what the options say is written down too.

    Raises
    ------
    UsageError
        If an option names what cannot be: a source of another table, an impossible name.
    UnknownName
        If an option names a column or a field that does not exist.
    InputError
        If several sources recognise the file, or a needed field has no column.
    """
    _check_constants(table, options)
    loaded = load(workspace.folder)
    known = _known(loaded, table, file_name, reading, options)
    if known is not None and not options.columns and not options.constants:
        return _changed(loaded, known, _with_style(known, options), ())
    try:
        proposal = _proposal(connection, table, reading, known, options)
        if known is not None:
            said = tuple(m for m in proposal.matches if m.field in (options.columns or {}))
            corrected = _corrected(known, said, options.constants or {})
            return _changed(loaded, known, _with_style(corrected, options), said)
        source = _proposed(workspace, loaded, table, file_name, proposal, options)
    except ValidationError as error:
        raise _impossible(error) from None
    text = source_text(source)
    return Plan(source, proposal.matches, f"sources/{source.name}.yaml", text)


def write_source(workspace: Workspace, made: Plan) -> None:
    """Write the definition of a plan's source, whole or not at all, if it changed."""
    if made.file is None or made.text is None:
        return
    target = workspace.folder / made.file
    target.parent.mkdir(exist_ok=True)
    unfinished = target.with_name(f".{target.name}.unfinished")
    try:
        unfinished.write_text(made.text, encoding="utf-8", newline="\n")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _check_constants(table: TableName, options: ImportOptions) -> None:
    fields = [field.name for field in (*STANDARD_FIELDS[table], *ROW_FIELDS)]
    for name in options.constants or {}:
        if name not in fields:
            raise UnknownName(f"field of {table}", name, fields)
        if name in (options.columns or {}):
            raise UsageError(f"{name} has both --map and --set.", hint="Leave one of them out.")


def _known(
    loaded: Loaded, table: TableName, file_name: str, reading: Reading, options: ImportOptions
) -> Source | None:
    sources = loaded.project.sources
    if options.source is None:
        return matching_source(sources, table, file_name, reading.columns)
    known = sources.get(options.source)
    if known is not None and known.table is not table:
        raise UsageError(
            f"Source {known.name} fills {known.table}, not {table}.",
            hint=f"Import {known.table}, or name another source.",
        )
    return known


def _proposal(
    connection: duckdb.DuckDBPyConnection,
    table: TableName,
    reading: Reading,
    known: Source | None,
    options: ImportOptions,
) -> Proposal:
    there = known.columns if known else {}
    kept = {n: c.column for n, c in there.items() if c.column in reading.columns}
    return propose(
        table,
        samples(connection, reading.table, reading.columns),
        synonyms.column_names(table),
        prefixes=synonyms.PREFIXES,
        suffixes=synonyms.SUFFIXES,
        overrides={**kept, **(options.columns or {})},
    )


def _corrected(known: Source, said: tuple[Match, ...], constants: Mapping[str, str]) -> Source:
    """Return a known source with what the user said; all else as it stands."""
    columns = {name: c for name, c in known.columns.items() if name not in constants}
    for match in said:
        before = columns.get(match.field)
        columns[match.field] = (
            before.model_copy(update={"column": match.column})
            if before
            else Column(column=match.column, type=match.type if match.is_own else None)
        )
    kept = {n: v for n, v in known.constants.items() if n not in {m.field for m in said}}
    mapped = {match.column for match in said}
    whole = {
        **known.model_dump(),
        "columns": columns,
        "constants": {**kept, **constants},
        "ignore": tuple(column for column in known.ignore if column not in mapped),
    }
    return Source.model_validate(whole)


def _proposed(
    workspace: Workspace,
    loaded: Loaded,
    table: TableName,
    file_name: str,
    proposal: Proposal,
    options: ImportOptions,
) -> Source:
    sources = loaded.project.sources
    name = options.source or source_name(file_name, table, sources)
    source = to_source(
        proposal,
        name=name,
        describes=name.replace("-", " "),
        owner=workspace.project.settings.owner or workspace.actor,
        review_by=workspace.today + REVIEW_AFTER,
        review_when=("the export changes",),
        files=(file_pattern(file_name),),
        constants=options.constants,
    )
    others = [s.priority for s in sources.values() if s.table is table]
    update = {
        "priority": max(others, default=0) + 10,
        "columns": _agreed(source, sources),
    }
    return _with_style(source.model_copy(update=update), options)


def _agreed(source: Source, sources: Mapping[str, Source]) -> dict[str, Column]:
    """Return a new source's columns: a field of the customer's own has one type in all sources."""
    agreed = {
        field.name: field.type
        for _, other in sorted(sources.items(), reverse=True)
        if other.table is source.table
        for field in other.fields
    }
    return {
        name: column.model_copy(update={"type": agreed.get(name, column.type)})
        if column.type is not None
        else column
        for name, column in source.columns.items()
    }


def _changed(loaded: Loaded, known: Source, wanted: Source, said: tuple[Match, ...]) -> Plan:
    if wanted == known:
        return Plan(known, said)
    origin = loaded.origin("sources", known.name)
    return Plan(wanted, said, origin.file, source_text(wanted, origin.text))


def _with_style(source: Source, options: ImportOptions) -> Source:
    """Write down how the user says dates and decimals are written."""
    if options.dates is None and options.decimals is None:
        return source
    fields = {field.name: field.type for field in source.fields}
    numeric = {FieldType.NUMBER, FieldType.MONEY, FieldType.SHARE, FieldType.COUNT}

    def styled(name: str, column: Column) -> Column:
        dates = options.dates if fields.get(name) is FieldType.DATE else None
        decimals = options.decimals if fields.get(name) in numeric else None
        return column.model_copy(
            update={"dates": dates or column.dates, "decimals": decimals or column.decimals}
        )

    columns = {name: styled(name, column) for name, column in source.columns.items()}
    return source.model_copy(update={"columns": columns})


def _impossible(error: ValidationError) -> UsageError:
    first = error.errors()[0]
    named = ".".join(str(step) for step in first["loc"])
    return UsageError(
        f"This cannot be written into a source: {named[:80]}: {first['msg']}.",
        hint="A source is named like crm-accounts, a field like head_count.",
    )
