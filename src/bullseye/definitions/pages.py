"""The reference pages of definitions and tables, in Markdown, made from the models themselves."""

from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc
from typing import Any

from bullseye.definitions.field import KEYS, MADE_KEYS, ROW_FIELDS, STANDARD_FIELDS, TableName
from bullseye.definitions.project import KINDS, Settings
from bullseye.definitions.rule import Op
from bullseye.definitions.schema import schemas

_TITLES = {
    "icps": "Ideal customer profiles",
    "exclusions": "Exclusions",
    "signals": "Signals",
    "tiers": "Tier policies",
    "markets": "Markets",
    "personas": "Personas",
    "proofs": "Proofs that messages lean on",
    "messages": "Messages",
    "roles": "Buying roles",
    "outcomes": "Outcomes",
    "themes": "Themes",
    "terms": "Terms",
    "sources": "Sources",
    "settings": "Settings of the workspace",
}


def definition_pages() -> Mapping[str, str]:
    """Return a page per kind of definition, and an index, by file name."""
    pages = {f"{kind}.md": _kind_page(kind, schema) for kind, schema in schemas().items()}
    return {"index.md": _kinds_index(), "rule.md": _rule_page(), **pages}


def table_pages() -> Mapping[str, str]:
    """Return a page per imported table, and an index, by file name."""
    return {
        "index.md": _tables_index(),
        **{f"{table}.md": _table_page(table) for table in TableName},
    }


def contract_page(title: str, grain: str, columns: Mapping[str, str]) -> str:
    """Return the page of a table that Bullseye gives: what each column means.

    >>> print(contract_page("Scores", "One row per account.", {"tier": "T1"}).splitlines()[-1])
    | `tier` | T1 |
    """
    rows = [(f"`{name}`", means) for name, means in columns.items()]
    return _page(title, [grain], ("Column", "Means"), rows)


# -- definitions ---------------------------------------------------------------------------


def _kinds_index() -> str:
    lines = [
        "A definition is one YAML file in the folder of its kind. Unknown entries are refused,",
        "and every mistake is named at once with file, line and column.",
        "",
        "Every kind but the settings needs `name`, `owner`, `review_by` and `review_when`.",
        "Conditions on fields are written as [rules](rule.md).",
    ]
    rows = [(f"[{_TITLES[kind]}]({kind}.md)", f"`{_file(kind)}`") for kind in (*KINDS, "settings")]
    return _page("Definitions", lines, ("Kind", "File"), rows)


def _file(kind: str) -> str:
    return "bullseye.yaml" if kind == "settings" else f"{kind}/NAME.yaml"


def _kind_page(kind: str, schema: Mapping[str, Any]) -> str:
    model = KINDS.get(kind, Settings)
    intro = [f"File: `{_file(kind)}`.", "", cleandoc(model.__doc__ or "")]
    defs = schema.get("$defs", {})
    parts = [_page(_TITLES[kind], intro, _ENTRY, _entries(schema, defs))]
    for name, part in defs.items():
        if "enum" in part:
            continue
        text = [cleandoc(part.get("description", ""))]
        parts.append("\n#" + _page(name, text, _ENTRY, _entries(part, defs)))
    return "".join(parts)


_ENTRY = ("Entry", "Written as", "Needed", "Means")


def _entries(schema: Mapping[str, Any], defs: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    needed = schema.get("required", ())
    for name, entry in schema.get("properties", {}).items():
        need = "yes" if name in needed else _not_needed(entry.get("default"))
        means = "The condition." if name == "rule" else entry.get("description", "")
        yield f"`{name}`", _written(entry, defs), need, means


def _not_needed(default: object) -> str:
    """Return that an entry may be left out, with what then holds where that is one value."""
    if default in (None, "") or isinstance(default, list | dict):
        return "no"
    shown = str(default).lower() if isinstance(default, bool) else str(default)
    return f"no; `{shown}`"


def _written(entry: Mapping[str, Any], defs: Mapping[str, Any]) -> str:
    """Return in words how a value of this schema is written."""
    if _is_rule(entry):
        return "[rule](rule.md)"
    if "$ref" in entry:
        name = str(entry["$ref"]).rsplit("/", 1)[-1]
        return _choice(name, defs.get(name, {}))
    if "anyOf" in entry:
        kinds = [_written(each, defs) for each in entry["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(kinds))
    match entry.get("type"):
        case "array":
            return f"list of {_written(entry.get('items', {}), defs)}"
        case "object":
            patterns = entry.get("patternProperties", {}).values()
            inner = next(iter(patterns), entry.get("additionalProperties", {}))
            return f"entries, name: {_written(inner, defs)}"
        case "string":
            return "day" if entry.get("format") == "date" else "text"
        case other:
            names = {"integer": "whole number", "number": "number", "boolean": "true or false"}
            return names.get(str(other), "text")


def _choice(name: str, target: Mapping[str, Any]) -> str:
    known = {"Tier": "T1, T2, T3"}
    if name in known:
        return known[name]
    if "enum" in target:
        return ", ".join(f"`{value}`" for value in target["enum"])
    return f"[{name}](#{name.lower()})"


def _is_rule(entry: Mapping[str, Any]) -> bool:
    options = entry.get("anyOf", [entry])
    return any({"all", "any", "not"} <= each.get("properties", {}).keys() for each in options)


def _rule_page() -> str:
    rule = schemas()["exclusions"]["properties"]["rule"]
    comparisons = rule["additionalProperties"]["anyOf"][-1]["properties"]
    lines = [
        "A rule is a condition on fields, written `field: {comparison: value}`. A plain value",
        "means `is`, a list means `any_of`. Several fields, or several comparisons on one field,",
        "must all hold. `all:` and `any:` take a list of rules, `not:` takes one; they nest.",
        "",
        "Numbers may be written as `20%`, `50M`, `1,000`, days as `2026-03-31`, spans as",
        "`90 days` or `6 months`. A rule has three answers:",
        "[it holds, it does not, or it is unknown](../../concepts/unknown.md).",
    ]
    rows = [(f"`{op}`", str(comparisons[str(op)]["description"])) for op in Op]
    return _page("Rules", lines, ("Comparison", "Holds for"), rows)


# -- tables --------------------------------------------------------------------------------


def _tables_index() -> str:
    lines = [
        "What an import fills. A field that a file does not have is unknown; fields of your own",
        "join these by being declared in a [source](../definitions/sources.md).",
        "",
        "Every table also has:",
        "",
        *(f"- `{each.name}` ({each.type}): {_lower(each.means)}" for each in ROW_FIELDS),
    ]
    rows = [
        (f"[{table}]({table}.md)", f"`{KEYS[table]}`", str(len(STANDARD_FIELDS[table])))
        for table in TableName
    ]
    return _page("Tables", lines, ("Table", "Key", "Standard fields"), rows)


def _table_page(table: TableName) -> str:
    made = " It is made from the row where the file has none." if table in MADE_KEYS else ""
    lines = [f"One row per `{KEYS[table]}` and day it was known.{made}"]
    rows = [
        (f"`{field.name}`", str(field.type), "yes" if field.required else "", field.means)
        for field in STANDARD_FIELDS[table]
    ]
    return _page(f"Table {table}", lines, ("Field", "Type", "Needed", "Means"), rows)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _page(
    title: str, lines: Sequence[str], head: Sequence[str], rows: Iterator[Any] | Sequence[Any]
) -> str:
    table = [head, ["---"] * len(head), *rows]
    body = "\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in table)
    return f"# {title}\n\n" + "\n".join(lines) + f"\n\n{body}\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
