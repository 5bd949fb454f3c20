"""Themes as the text of their files: a new one drafted, and small edits of one that is there."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bullseye.definitions import yaml
from bullseye.definitions.theme import ENOUGH_EXEMPLARS, Theme, ThemeStatus
from bullseye.errors import DefinitionError
from bullseye.research.proposals import Proposal

REVIEW_AFTER = timedelta(days=90)
SCHEMA = "# yaml-language-server: $schema=../schemas/themes.schema.json"
_LONGEST = 500


def drafted(
    proposal: Proposal,
    *,
    name: str,
    owner: str,
    today: date,
    says: str | None = None,
    status: ThemeStatus = ThemeStatus.ACTIVE,
) -> Theme:
    """Return the theme that a proposal becomes; exemplars are quotes, the most typical first."""
    return Theme(
        name=name,
        owner=owner,
        review_by=today + REVIEW_AFTER,
        review_when=("three new quotes in a month fit it badly",),
        kind=proposal.kind,
        says=says or f"Buyers say things like: {proposal.typical[:_LONGEST]}",
        exemplars=tuple(text[:_LONGEST] for text in proposal.exemplars(ENOUGH_EXEMPLARS)),
        status=status,
    )


def theme_text(theme: Theme, told: str) -> str:
    """Return the text of a new theme's file; `told` says where it came from."""
    plain = theme.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
    return f"{SCHEMA}\n# {told}\n\n{yaml.write(plain)}"


def edited(text: str, changes: Mapping[str, str | Sequence[str]], *, place: str) -> str:
    """Return the text with top-level entries set; comments, order and all else stay.

    Raises
    ------
    DefinitionError
        If the file is written so that an entry cannot be set on a line of its own.
    """
    wanted = {**_content(text), **{k: _plain(v) for k, v in changes.items()}}
    for key, value in changes.items():
        line = f"{key}: {_written(value)}"
        entry = re.compile(rf"^{re.escape(key)}:[^\n]*$", re.MULTILINE)
        if there := entry.search(text):
            text = f"{text[: there.start()]}{line}{text[there.end() :]}"
        else:
            text = f"{text.rstrip()}\n{line}\n"
    if _content(text) != wanted:
        raise DefinitionError(
            "The file is written in a way that cannot be edited safely.",
            place=place,
            hint=f"Set by hand: {', '.join(changes)}.",
        )
    return text


def _content(text: str) -> dict[str, object]:
    try:
        content = yaml.read(text)
    except yaml.NotYaml:
        return {}
    return dict(content) if isinstance(content, dict) else {}


def _plain(value: str | Sequence[str]) -> object:
    return value if isinstance(value, str) else list(value)


def _written(value: str | Sequence[str]) -> str:
    if isinstance(value, str):
        return value if re.fullmatch(r"[a-z][a-z0-9-]*", value) else yaml.quoted(value)
    return f"[{', '.join(map(_written, value))}]"
