"""Read claims of ours and of competitors from files, and hold ours against theirs."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from bullseye.connectors.files import open_file
from bullseye.errors import InputError
from bullseye.synthesize.claims import (
    ALIKE,
    Claim,
    ClaimFound,
    ClaimsFound,
    Grounding,
    claims_found,
)
from bullseye.synthesize.prose import BLANK, Format, prose
from bullseye.workspace import Workspace

__all__ = [
    "ALIKE",
    "Claim",
    "ClaimFound",
    "ClaimsChecked",
    "ClaimsFound",
    "Grounding",
    "check_claims",
]

TEXTS = frozenset({".md", ".markdown", ".txt"})
OURS = ""
"""The owner of lines that stand under no heading."""

_OWNER = ("competitor", "company", "account", "name", "owner", "vendor", "brand")
_SAID = ("claim", "text", "headline", "description", "sentence", "one_liner", "tagline")
_PROOF = ("proof",)
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
_NAMED = re.compile(r"\s*[(\[]proof:\s*([a-z][a-z0-9-]*)[)\]]\s*$", re.IGNORECASE)
MOST = 20_000


@dataclass(frozen=True)
class ClaimsChecked:
    """Our claims as found, and how many lines of the two files said nothing."""

    found: ClaimsFound
    blank: int


def check_claims(
    workspace: Workspace, file: Path, competitors: Path, *, names: Sequence[str] = ()
) -> ClaimsChecked:
    """Return who else could make our claims, how specific they are, and what proves them.

    Parameters
    ----------
    workspace
        Whose proofs.
    file
        Our claims: a text or Markdown file with one per line or bullet, or a table with a column
        `claim`; `(proof: NAME)` behind a claim, or a column `proof`, names its proof.
    competitors
        Theirs: Markdown with a heading per competitor and a claim per line or bullet, or a table
        with the columns `competitor` and `claim`.
    names
        Our own names, which are read as "we" as the competitors' are.

    Raises
    ------
    InputError
        If a file cannot be read, or has no claim or no competitor in it.
    """
    ours, blank = _read(workspace, file)
    theirs, more = _read(workspace, competitors)
    if not ours:
        raise InputError(
            "There is no claim in the file.",
            place=str(file),
            hint="Write one per line, or give a table with a column 'claim'.",
        )
    others: dict[str, list[str]] = {}
    for claim in theirs:
        others.setdefault(claim.owner, []).append(claim.text)
    if not others or OURS in others:
        raise InputError(
            "It is not said whose claims these are.",
            place=str(competitors),
            hint="Write a heading per competitor (# Name), or a column 'competitor'.",
        )
    found = claims_found(ours, others, workspace.project.proofs, workspace.today, names=names)
    return ClaimsChecked(found, blank + more)


def _read(workspace: Workspace, path: Path) -> tuple[list[Claim], int]:
    """Return the claims of a file, and how many of its lines have no word."""
    if path.suffix.lower() in TEXTS:
        rows = list(_lines(_text(path)))
    else:
        rows = list(_cells(workspace, path))
    found = [each for each in rows if any(letter.isalpha() for letter in each.text)]
    if len(found) > MOST:
        raise InputError(
            f"There are {len(found):,} claims, more than the {MOST:,} that can be compared.",
            place=str(path),
            hint="Leave out what is no claim.",
        )
    return found, len(rows) - len(found)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InputError(
            f"The file cannot be read: {reason}.", place=str(path), hint="Save it as UTF-8 text."
        ) from error


def _lines(text: str) -> Iterator[Claim]:
    owner = OURS
    for number, line in enumerate(prose(text, Format.MARKDOWN).split("\n"), start=1):
        said = line.replace(BLANK, " ").strip()
        if said.startswith("#"):
            owner = said.lstrip("#").strip()
        elif said:
            yield _claim(owner, _BULLET.sub("", said), number)


def _claim(owner: str, text: str, line: int, proof: str | None = None) -> Claim:
    named = _NAMED.search(text)
    if named is None:
        return Claim(owner, text, line, proof)
    return Claim(owner, text[: named.start()], line, named[1].lower())


def _cells(workspace: Workspace, path: Path) -> Iterator[Claim]:
    scratch = workspace.folder / ".bullseye" / "scratch" / f"claims-{uuid4().hex}"
    try:
        with workspace.connection() as connection:
            reading = open_file(path, connection=connection, scratch=scratch)
            columns = {_header(name): at for at, name in enumerate(reading.columns, start=1)}
            said = _column(columns, _SAID)
            if said is None:
                raise InputError(
                    "The table has no column of claims.",
                    place=str(path),
                    hint=f"Call it one of: {', '.join(_SAID)}.",
                )
            owner, proof = _column(columns, _OWNER), _column(columns, _PROOF)
            rows = connection.execute(f"SELECT * FROM {reading.table} ORDER BY row_no").fetchall()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    for row in rows:
        text = str(row[said] or "").strip()
        whose = str(row[owner] or "").strip() if owner else OURS
        named = str(row[proof] or "").strip() or None if proof else None
        yield _claim(whose, text, int(row[0]), named)


def _header(name: str) -> str:
    return name.strip().casefold().replace(" ", "_")


def _column(columns: Mapping[str, int], known: Sequence[str]) -> int | None:
    return next((columns[name] for name in known if name in columns), None)
