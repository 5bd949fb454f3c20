"""Text that is safe inside SQL: every path and name a reader writes goes through here."""

from pathlib import Path


def literal(text: str) -> str:
    """Return `text` as a SQL string literal.

    >>> literal("O'Neil")
    "'O''Neil'"
    """
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Return `name` as a quoted SQL identifier.

    >>> identifier('my "own" table')
    '"my ""own"" table"'
    """
    return '"' + name.replace('"', '""') + '"'


def path_literal(path: Path, scratch: Path) -> str:
    """Return a literal that makes the engine open `path` itself, never a pattern.

    A name such as `accounts[1].csv` would be read as a pattern, and one that is not UTF-8 cannot
    be written in SQL at all; both are opened through a link with a plain name in `scratch`.
    """
    absolute = path.absolute()
    plain = not any(mark in str(absolute) for mark in "*?[]{}")
    if plain and str(absolute).isprintable():
        return literal(str(absolute))
    link = free_path(scratch, "link", path.suffix if path.suffix.isalnum() else "")
    link.symlink_to(absolute)
    return literal(str(link.absolute()))


def free_path(scratch: Path, stem: str, suffix: str) -> Path:
    """Return a path in `scratch` that nothing has yet."""
    number = 0
    while (path := scratch / f"{stem}-{number}{suffix}").exists() or path.is_symlink():
        number += 1
    return path
