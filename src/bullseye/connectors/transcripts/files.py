"""Opens any file of somebody's words; the content says what it is, the name only helps."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from bullseye.connectors.formats import claimed_format
from bullseye.connectors.transcripts.calls import calls_of, is_call
from bullseye.connectors.transcripts.chats import is_chat, read_chat
from bullseye.connectors.transcripts.cues import read_cues
from bullseye.connectors.transcripts.keys import PARTIES
from bullseye.connectors.transcripts.notes import read_note
from bullseye.connectors.transcripts.parties import mappings_with
from bullseye.connectors.transcripts.parts import Flaws
from bullseye.connectors.transcripts.slack import is_member_list, is_slack, slack_chat
from bullseye.connectors.transcripts.texts import FileText, file_text
from bullseye.definitions.conversation import Conversation, Conversations
from bullseye.definitions.evidence import SourceKind
from bullseye.errors import InputError

ROW_KINDS = frozenset({SourceKind.SURVEY, SourceKind.REVIEW})
"""Kinds that come as tables, one source per row."""

_TABLES = frozenset({"csv", "xlsx", "parquet", "duckdb", "sqlite"})
_CUE = re.compile(r"^\s*[\d:.,]{4,}\s*-->", re.MULTILINE)
_JSON = frozenset({".json", ".jsonl", ".ndjson"})
_JSON_STARTS = ("{", "[{", "[\n", "[ ", "[]")
_MEMBERS = "users.json"
_PROSE = frozenset({".md", ".markdown", ".txt", ".text", ".vtt", ".srt"})


def read_file(
    path: Path,
    *,
    kind: SourceKind | None = None,
    encoding: str | None = None,
    beside: Sequence[object] = (),
) -> Conversations | None:
    """Return the conversations of a file, or None if it is a table, of one source per row.

    Parameters
    ----------
    path
        WebVTT, SubRip, JSON of calls or of a Slack channel, a chat as text, or a note.
    kind
        What the user says it is; a survey or a review is a table.
    encoding
        Of the text; detected where absent.
    beside
        Values of JSON files that list people, as `people_in` finds them.

    Raises
    ------
    InputError
        The file is missing, too large, no text, broken, or nobody says anything in it.
    """
    is_prose = path.suffix.casefold() in _PROSE
    claims_table = claimed_format(path) in _TABLES and not is_prose
    is_row_kind = kind in ROW_KINDS and path.suffix.casefold() not in _PROSE
    if path.is_file() and (claims_table or is_row_kind):
        return None
    file = file_text(path, encoding)
    start = file.text[:200].lstrip()
    if start.startswith("WEBVTT"):
        return read_cues(file, "vtt")
    if _CUE.search(file.text[:20_000]):
        return read_cues(file, "srt")
    is_json = path.suffix.casefold() in _JSON or start.startswith(_JSON_STARTS)
    if is_json and not is_chat(file.text):
        return _json(file, kind, beside)
    return _chat(file) if is_chat(file.text) else _note(file)


def people_in(paths: Iterable[Path]) -> dict[Path, object]:
    """Return the JSON values that list people and no words: among the files, or beside them.

    Some systems keep the names of speakers in a file of its own: Slack in `users.json`, Gong in
    its list of calls.
    """
    found: dict[Path, object] = {}
    wanted = dict.fromkeys(
        each
        for path in paths
        if path.suffix.casefold() == ".json"
        for each in (path, path.parent / _MEMBERS, path.parent.parent / _MEMBERS)
    )
    for path in wanted:
        try:
            value = _loaded(file_text(path)) if path.is_file() else None
        except InputError:
            continue  # it is read again, and complained of, as one of the files
        if is_member_list(value) or (
            value is not None and not _has_words(value) and any(mappings_with(value, PARTIES, 4))
        ):
            found[path] = value
    return found


def _has_words(value: object) -> bool:
    return is_slack(value) or is_call(value)


def _json(
    file: FileText, kind: SourceKind | None, beside: Sequence[object]
) -> Conversations | None:
    value = _loaded(file)
    flaws = Flaws()
    if is_slack(value) and isinstance(value, list):
        form, found = "slack", tuple(filter(None, [slack_chat(value, flaws, beside)]))
    elif is_call(value):
        form, found = "json", tuple(calls_of(value, flaws, beside))
    elif isinstance(value, list) and kind in {None, *ROW_KINDS}:
        return None
    else:
        raise InputError(
            "The JSON holds no words with who said them.",
            place=str(file.path),
            hint='Give pieces such as {"speaker": "Käthe", "start": 12.5, "text": "…"}, in a list.',
        )
    return _made(form, file, found, flaws)


def _loaded(file: FileText) -> object:
    try:
        value: object = json.loads(file.text)
    except json.JSONDecodeError as error:
        lines = _json_lines(file.text)
        if lines is not None:
            return lines
        cut = error.pos >= len(file.text.rstrip())
        problem = "The JSON breaks off" if cut else f"The JSON is broken: {error.msg}"
        raise InputError(
            f"{problem}.", place=f"{file.path}:{error.lineno}", hint="Export the file again."
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(
            "The JSON is nested too deeply, or holds a number of absurd length.",
            place=str(file.path),
            hint="Check what the file is.",
        ) from error
    return value


def _json_lines(text: str) -> list[object] | None:
    """Return the objects of a file with one per line, or None where it is something else."""
    lines = [line for line in text.split("\n") if line.strip()]
    try:
        values: list[object] = [json.loads(line) for line in lines[:-1]]
    except (ValueError, RecursionError):
        return None
    try:
        values.append(json.loads(lines[-1]))
    except (ValueError, RecursionError):
        values.append(None)  # the last line was cut off; it counts as a flaw
    return values if len(values) > 1 and isinstance(values[0], dict) else None


def _chat(file: FileText) -> Conversations:
    flaws = Flaws()
    conversation, notes = read_chat(file, flaws)
    made = _made("chat", file, (conversation,) if conversation else (), flaws)
    return Conversations(
        made.format, made.conversations, made.flaws, made.flaw_count, (*made.notes, *notes)
    )


def _note(file: FileText) -> Conversations:
    flaws = Flaws()
    conversation, notes = read_note(file, flaws)
    made = _made("note", file, (conversation,), flaws)
    return Conversations(
        made.format, made.conversations, made.flaws, made.flaw_count, (*made.notes, *notes)
    )


def _made(
    form: str, file: FileText, found: tuple[Conversation, ...], flaws: Flaws
) -> Conversations:
    spoken = tuple(each for each in found if each.utterances)
    if not spoken:
        raise InputError(
            "Nobody says anything in this file.",
            place=str(file.path),
            hint="Check that the transcript was written before it was exported.",
        )
    return Conversations(form, spoken, tuple(flaws.first), flaws.count, file.notes)
