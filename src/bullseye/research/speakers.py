"""Speakers as contacts and sides: by address, by what the source says, by name; never guessed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bullseye.definitions.conversation import Conversation, Participant, Utterance
from bullseye.research.directory import Directory, KnownContact, mail_domains, name_key
from bullseye.research.folding import folded
from bullseye.research.source import Side, SourceKind, Turn

_ASIDE = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\|.*)\s*$")
"""What people add to their name: "(Acme)", "[Guest]", "| Acme"."""

_FORMS = frozenset({SourceKind.SURVEY, SourceKind.REVIEW})


class By(StrEnum):
    """How a speaker's side was found."""

    EMAIL = "e-mail"
    SOURCE = "said by the source"
    NAME = "name of a contact"
    OWNER = "name of an owner"
    FORM = "answer to a form"
    QUESTION = "question of a form"
    ONLY = "only customer present"


@dataclass(frozen=True)
class Heard:
    """A turn with how its speaker's side was found; None where the side is unknown."""

    turn: Turn
    by: By | None


@dataclass(frozen=True)
class Found:
    """The account of a source and how it was found; `problem` says why there is none."""

    account_id: str | None
    by: str | None
    problem: str = ""


def account_of(conversation: Conversation, directory: Directory, given: str | None = None) -> Found:
    """Return the account a conversation is with.

    The one the user gives, else the one the source names (by id, domain or exact name), else
    the one that its speakers' addresses belong to. Two that fit are none.
    """
    if given is not None:
        return Found(given, "given")
    named: frozenset[str] = frozenset()
    if conversation.account:
        named = directory.by_reference.get(folded(conversation.account).text, frozenset())
        if len(named) == 1:
            return Found(next(iter(named)), "name")
    emails = [e for e in (u.email for u in conversation.utterances) if e]
    emails += [p.email for p in conversation.participants if p.email]
    found, count = directory.one_account(emails)
    if found is not None and (not named or found in named):
        return Found(found, "e-mail")
    return Found(None, None, f"{_problem(conversation.account, named, count)}; say it: --account")


def _problem(written: str | None, named: frozenset[str], count: int) -> str:
    if written:
        who = f"{len(named)} accounts are" if named else "no account is"
        return f"{who} known as {written[:60]!r}"
    if count:
        return f"the addresses belong to {count} accounts"
    return "nothing names its account"


def heard(
    conversation: Conversation, directory: Directory, account_id: str | None, kind: SourceKind
) -> tuple[Heard, ...]:
    """Return the turns of a conversation with the side and the contact of each speaker.

    A name is a contact's only if it is exactly one of the account's contacts', without case;
    a name that two have, or one of theirs and one of ours, is nobody's.
    """
    cast = _Cast(conversation.participants, directory, account_id, kind)
    known: dict[tuple[object, ...], _Who] = {}
    found = []
    for index, each in enumerate(conversation.utterances):
        key = (each.speaker, each.email, each.side, each.is_quoted, each.is_question)
        who = known[key] if key in known else known.setdefault(key, cast.who(each))
        name = each.speaker or who.name
        turn = Turn(index, name, who.side, each.text, each.started_ms, who.contact_id, who.email)
        found.append(Heard(turn, who.by))
    return tuple(found)


def resolution(turns: Sequence[Heard]) -> Mapping[str, int]:
    """Return how many turns were resolved by each way, and how many are unknown."""
    counted = Counter(each.by.value if each.by else "unknown" for each in turns)
    return dict(sorted(counted.items()))


@dataclass(frozen=True)
class _Who:
    side: Side = Side.UNKNOWN
    by: By | None = None
    contact_id: str | None = None
    email: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class _Cast:
    """Those who may speak in one conversation."""

    participants: tuple[Participant, ...]
    directory: Directory
    account_id: str | None
    kind: SourceKind

    def who(self, said: Utterance) -> _Who:
        """Return who said something."""
        if said.is_question:
            return _Who(Side.US, By.QUESTION)
        if said.speaker is None and said.email is None and said.is_quoted:
            return self._only_customer()
        participant = self._participant(said.speaker)
        name = (participant.name if participant else None) or said.speaker
        email = said.email or (participant.email if participant else None)
        stated = said.side or (participant.side if participant else None)
        found = self._by_email(name, email) or self._by_statement(name, email, stated)
        found = found or (None if _speaks_for_others(email) else self._by_name(name))
        if found is None and self.kind in _FORMS:
            found = _Who(Side.CUSTOMER, By.FORM)
        return replace(found or _Who(), email=email)

    def _by_email(self, name: str | None, email: str | None) -> _Who | None:
        if email is None:
            return None
        if self.directory.is_ours(email):
            return _Who(Side.US, By.EMAIL)
        accounts = self.directory.accounts_of(email)
        if self.account_id is None or self.account_id not in accounts:
            return None
        listed = self.directory.by_email.get(email, ())
        own = [c for c in listed if c.account_id in (None, self.account_id)]
        contacts = own or self._named(name)
        return _Who(Side.CUSTOMER, By.EMAIL, _one(contacts))

    def _by_statement(self, name: str | None, email: str | None, side: Side | None) -> _Who | None:
        if side is None or side is Side.UNKNOWN:
            return None
        contacts = () if side is Side.US or _speaks_for_others(email) else self._named(name)
        return _Who(side, By.SOURCE, _one(contacts))

    def _by_name(self, name: str | None) -> _Who | None:
        contacts = self._named(name)
        is_ours = any(key in self.directory.our_names for key in _keys(name))
        if is_ours and not contacts:
            return _Who(Side.US, By.OWNER)
        if len(contacts) == 1 and not is_ours:
            return _Who(Side.CUSTOMER, By.NAME, _one(contacts))
        return None

    def _named(self, name: str | None) -> Sequence[KnownContact]:
        for key in _keys(name):
            if found := self.directory.by_name.get((self.account_id or "", key)):
                return found
        return ()

    def _participant(self, speaker: str | None) -> Participant | None:
        """Return the participant a label means: by the whole name, or the only such first name."""
        for key in _keys(speaker):
            whole = [p for p in self.participants if key in (_key(p.name), (p.email or "").lower())]
            first = [p for p in self.participants if p.name and _key(p.name).split()[:1] == [key]]
            for matching in (whole, first):
                if len(matching) == 1:
                    return matching[0]
        return None

    def _only_customer(self) -> _Who:
        """Return the one customer present: a quote in a note that names nobody is theirs."""
        present = [
            replace(self.who(Utterance("", p.name, p.email, side=p.side)), name=p.name)
            for p in self.participants
        ]
        customers = [each for each in present if each.side is Side.CUSTOMER]
        is_sure = len(customers) == 1 and all(each.side is not Side.UNKNOWN for each in present)
        return replace(customers[0], by=By.ONLY) if is_sure else _Who()


def _speaks_for_others(email: str | None) -> bool:
    """Whether an address is of somebody's own domain; known ones were tried before."""
    return bool(mail_domains(email))


def _one(contacts: Sequence[KnownContact]) -> str | None:
    ids = {each.contact_id for each in contacts}
    return ids.pop() if len(ids) == 1 else None


def _keys(name: str | None) -> tuple[str, ...]:
    """Return a name as it is compared: as it is written, then without what was added to it."""
    if not name:
        return ()
    return tuple(dict.fromkeys(filter(None, (name_key(name), name_key(_ASIDE.sub("", name))))))


def _key(name: str | None) -> str:
    return name_key(name) if name else ""
