"""Slack: one JSON file per channel and day, with members in a `users.json` beside it.

https://slack.com/help/articles/220556107
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bullseye.connectors.transcripts.keys import number_in, text_in
from bullseye.connectors.transcripts.parts import Flaws, turns_of
from bullseye.definitions.conversation import Conversation, Participant, Utterance
from bullseye.definitions.evidence import SourceKind

_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|([^>]*))?>")
_LINK = re.compile(r"<([^|>@!#\s]+)\|([^>]+)>|<((?:https?|mailto):[^|>\s]+)>")
_ESCAPES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_NOBODY = frozenset({"channel_join", "channel_leave", "channel_topic", "channel_purpose"})
"""Messages of these subtypes are Slack's own words."""


class _Member(NamedTuple):
    name: str | None
    email: str | None


def is_slack(value: object) -> bool:
    """Whether a JSON value is one day of a channel."""
    return isinstance(value, list) and any(_is_message(each) for each in value[:200])


def is_member_list(value: object) -> bool:
    """Whether a JSON value is the list of members of a workspace, and no conversation."""
    return isinstance(value, list) and any(
        isinstance(each, Mapping) and isinstance(each.get("profile"), Mapping) and "id" in each
        for each in value[:200]
    )


def slack_chat(
    value: Sequence[Any], flaws: Flaws, beside: Sequence[object] = ()
) -> Conversation | None:
    """Return the conversation of one channel and day; None if nobody said anything.

    `beside` are the values of other files; the list of members among them gives addresses.
    """
    members = dict(_members(beside))
    messages = [each for each in value if _is_message(each)]
    for number, each in enumerate(value, start=1):
        if not _is_message(each):
            flaws.add(number, "the element is no message")
    messages.sort(key=lambda each: _moment(each) or 0.0)
    said = tuple(_utterances(messages, members, flaws))
    if not said:
        return None
    first = _moment(messages[0])
    present = dict.fromkeys(Participant(each.speaker, each.email) for each in said if each.speaker)
    return Conversation(
        turns_of(said),
        SourceKind.CHAT,
        occurred_on=datetime.fromtimestamp(first, UTC).date() if first else None,
        participants=tuple(present),
    )


def _is_message(value: object) -> bool:
    return isinstance(value, Mapping) and value.get("type") == "message" and "ts" in value


def _moment(message: Mapping[str, Any]) -> float | None:
    """Return when a message was sent, in seconds since 1970."""
    try:
        return number_in(float(message["ts"]))
    except (ValueError, TypeError, OverflowError):
        return None


def _utterances(
    messages: Sequence[Mapping[str, Any]], members: Mapping[str, _Member], flaws: Flaws
) -> Iterator[Utterance]:
    start = _moment(messages[0]) if messages else None
    for number, each in enumerate(messages, start=1):
        if each.get("subtype") in _NOBODY:
            continue
        text = text_in(_readable(each.get("text"), members))
        if text is None:
            flaws.add(number, "the message has no text")
            continue
        user = text_in(each.get("user"))
        member = members.get(user or "", _Member(None, None))
        moment = _moment(each)
        since = round((moment - start) * 1000) if moment and start else None
        yield Utterance(text, member.name or _name(each) or user, member.email, since)


def _name(message: Mapping[str, Any]) -> str | None:
    profile = message.get("user_profile")
    found = _name_of(profile) if isinstance(profile, Mapping) else None
    return found or text_in(message.get("username"))


def _name_of(profile: Mapping[str, Any]) -> str | None:
    return text_in(profile.get("real_name")) or text_in(profile.get("display_name"))


def _members(beside: Sequence[object]) -> Iterator[tuple[str, _Member]]:
    for value in beside:
        for each in value if isinstance(value, list) and is_member_list(value) else ():
            if not isinstance(each, Mapping) or not isinstance(each.get("profile"), Mapping):
                continue
            name = _name_of(each["profile"]) or text_in(each.get("real_name"))
            email = text_in(each["profile"].get("email"))
            member = _Member(name or text_in(each.get("name")), email.lower() if email else None)
            yield str(each.get("id")), member


def _readable(text: object, members: Mapping[str, _Member]) -> str | None:
    """Return a message as its readers saw it: names for ids, labels for links."""
    if not isinstance(text, str):
        return None

    def mention(match: re.Match[str]) -> str:
        member = members.get(match[1])
        return f"@{(member.name if member else None) or match[2] or match[1]}"

    text = _LINK.sub(lambda match: match[2] or match[3], _MENTION.sub(mention, text))
    for escape, character in _ESCAPES:
        text = text.replace(escape, character)
    return text
