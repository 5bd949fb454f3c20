"""SQL that renders a typed DuckDB column as the text a CSV export would hold."""

import duckdb

from bullseye.connectors.quoting import identifier

_FLOATS = frozenset({"FLOAT", "DOUBLE"})
_TIMES = frozenset({"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"})
_ZONED = "TIMESTAMP WITH TIME ZONE"


def text_columns(relation: list[tuple[str, str]]) -> str:
    """Return the SELECT list that renders (name, type) columns as text columns c0 to cN."""
    return ", ".join(
        f"nullif(replace({as_text(identifier(name), kind)}, chr(0), ''), '') AS c{at}"
        for at, (name, kind) in enumerate(relation)
    )


def described(connection: duckdb.DuckDBPyConnection, select: str) -> list[tuple[str, str]]:
    """Return name and type of each column of a SELECT, without running it."""
    rows = connection.execute(f"DESCRIBE {select}").fetchall()
    return [(str(row[0]), str(row[1])) for row in rows]


def as_text(value: str, kind: str) -> str:
    """Return an expression for `value`, of DuckDB type `kind`, as VARCHAR.

    >>> as_text("x", "INTEGER")
    'CAST(x AS VARCHAR)'
    >>> as_text("x", "VARCHAR[]")
    "array_to_string(list_transform(x, lambda e: CAST(e AS VARCHAR)), '; ')"
    """
    if kind.endswith("[]") and not _is_nested(kind[:-2]):
        inner = as_text("e", kind[:-2])
        return f"array_to_string(list_transform({value}, lambda e: {inner}), '; ')"
    if _is_nested(kind):
        return f"CAST(to_json({value}) AS VARCHAR)"
    if kind in _FLOATS:
        return _float_text(value)
    if kind.startswith("DECIMAL"):
        return _without_zeros(f"CAST({value} AS VARCHAR)")
    if kind in _TIMES or kind == _ZONED:
        moment = f"({value} AT TIME ZONE 'UTC')" if kind == _ZONED else value
        day = f"CAST({moment} AS DATE)"
        return (
            f"CASE WHEN {moment} = {day} THEN CAST({day} AS VARCHAR) "
            f"ELSE CAST({moment} AS VARCHAR) END"
        )
    if kind == "BLOB":  # text, in files whose writer did not say so
        return f"coalesce(TRY(decode({value})), CAST({value} AS VARCHAR))"
    return f"CAST({value} AS VARCHAR)"


def _is_nested(kind: str) -> bool:
    return kind.endswith("]") or kind.startswith(("STRUCT(", "MAP(", "UNION(", "VARIANT"))


def _float_text(value: str) -> str:
    written = f"CAST({value} AS VARCHAR)"
    small = f"CAST(CAST({written} AS DECIMAL(38, 20)) AS VARCHAR)"
    # by their text, as isnan() is folded to false where a file's statistics leave out NaN
    return (
        f"CASE WHEN {written} IN ('nan', '-nan', 'inf', '-inf') THEN NULL "
        f"WHEN {value} = 0 THEN '0' "
        f"WHEN abs({value}) >= 1e15 THEN format('{{:.0f}}', CAST({value} AS DOUBLE)) "
        f"WHEN contains({written}, 'e') THEN {_without_zeros(small)} "
        f"ELSE {_without_zeros(written)} END"
    )


def _without_zeros(text: str) -> str:
    return f"CASE WHEN contains({text}, '.') THEN rtrim(rtrim({text}, '0'), '.') ELSE {text} END"
