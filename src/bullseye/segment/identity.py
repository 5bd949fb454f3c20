"""All that names one contact, and what to put in its place."""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bullseye.definitions.addresses import normal_email

FORGOTTEN = "[forgotten]"
"""What stands where a text named a contact whose data was removed."""

_LEAST_LETTERS = 5
_LEAST_DIGITS = 7
_EMAIL = re.compile(r"[^\s<>()\[\],;:\"'|=&?]+@[^\s<>()\[\],;:\"'|=&?/]+\.\w+")
_CLEAR_ID = re.compile(r"(?=.*[A-Za-z])(?=.*\d).{5,}|\d{9,}")


@dataclass(frozen=True)
class Identity:
    """All that names one contact.

    Attributes
    ----------
    contact_ids
        The ids it has in the CRM.
    emails
        Its addresses, as they are compared.
    names
        Its names as written, in any order of given and family name.
    others
        Telephone numbers and addresses of profiles, as written.
    account_ids
        The accounts it belongs to.
    namesakes
        Other contacts with one of the names. Where there is one, a name alone says who is meant
        only in a row of one of the accounts.
    accounts
        The account of each contact id, where it is known.
    """

    contact_ids: frozenset[str]
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    account_ids: frozenset[str] = frozenset()
    namesakes: frozenset[str] = frozenset()
    accounts: Mapping[str, str] = field(default_factory=dict)

    @property
    def searched_names(self) -> tuple[str, ...]:
        """The names that are told from a common word: two words, and five letters, at least."""
        found = {folded(name).text for name in self.names}
        return tuple(sorted(n for n in found if " " in n.strip() and len(n) > _LEAST_LETTERS))

    @property
    def clear_ids(self) -> tuple[str, ...]:
        """The ids that no other number or word is like, so that they may be sought in texts."""
        return tuple(sorted(each for each in self.contact_ids if _CLEAR_ID.fullmatch(each)))


@dataclass(frozen=True)
class Folded:
    """A text in small letters without accents, and where each of its letters stood."""

    text: str
    places: tuple[int, ...]


def folded(text: str) -> Folded:
    """Return a text as names are compared.

    >>> folded("José  Ōta").text
    'jose  ota'
    """
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for each in unicodedata.normalize("NFKD", letter.lower()):
            if not unicodedata.combining(each):
                letters.append(each)
                places.append(place)
    return Folded("".join(letters), tuple(places))


def names_of(
    full_name: str | None, first_name: str | None, last_name: str | None
) -> frozenset[str]:
    """Return the names a contact goes by, from what a row says.

    >>> sorted(names_of("Jane Alexandra Roe", None, None))
    ['Jane Alexandra Roe', 'Jane Roe', 'Roe Jane', 'Roe Jane Alexandra']
    """
    written = []
    if full_name and full_name.strip():
        last, comma, first = full_name.partition(",")
        written.append(f"{first} {last}" if comma else full_name)
    if first_name and last_name:
        written.append(f"{first_name} {last_name}")
    found = set()
    for name in written:
        words = name.split()
        found.add(" ".join(words))
        if len(words) > 1:
            found.add(" ".join((words[-1], *words[:-1])))
            found |= {f"{words[0]} {words[-1]}", f"{words[-1]} {words[0]}"}
    return frozenset(found)


def token_of(secret: bytes, contact_id: str) -> str:
    """Return what stands for a contact in counts: the same for the same id, and telling nothing.

    Nothing that is kept leads from the token to the contact: it takes the secret *and* the id.
    """
    digest = hmac.digest(secret, f"token\0{contact_id}".encode(), hashlib.sha256)
    return f"forgotten-{digest.hex()[:20]}"


def rekeyed(secret: bytes, key: str) -> str:
    """Return another key for a row whose key was made from what the row said.

    A hash of the row's content would let whoever guesses the contact check the guess.
    """
    return hmac.digest(secret, f"key\0{key}".encode(), hashlib.sha256).hex()[:24]


class Known:
    """Finds one contact, of whom all is known, in rows and texts."""

    def __init__(self, identity: Identity, secret: bytes) -> None:
        self.identity = identity
        self.secret = secret

    @property
    def pieces(self) -> tuple[tuple[str, ...], ...]:
        """Words that stand together in every text that names the contact."""
        found: list[tuple[str, ...]] = [
            tuple(email.split("@")) for email in _forms(self.identity.emails)
        ]
        found += [tuple(name.split()) for name in self.identity.searched_names]
        found += [(each,) for each in (*_others(self.identity), *self.identity.clear_ids)]
        return tuple(dict.fromkeys(found))

    def is_theirs(self, contact_id: str | None, email: str | None) -> bool:
        """Whether a contact's row is theirs."""
        is_known = contact_id in self.identity.contact_ids
        return is_known or (email is not None and normal_email(email) in self.identity.emails)

    def token(self, contact_id: str) -> str | None:
        """Return what stands for a contact id that is theirs; None for any other."""
        is_theirs = contact_id in self.identity.contact_ids
        return token_of(self.secret, contact_id) if is_theirs else None

    def new_key(self, key: str) -> str:
        """Return another key for a row of theirs."""
        return rekeyed(self.secret, key)

    def account_of(self, contact_id: str) -> str | None:
        """Return the account of a contact id, where it is known."""
        return self.identity.accounts.get(contact_id)

    def redacted(self, text: str, account_id: str | None = None) -> str:
        """Return a text without what names the contact."""
        for pattern in self._patterns(account_id):
            text = _without(text, pattern)
        return text

    def covered(self, text: str, account_id: str | None = None) -> str:
        """Return a text of the same length, with what names the contact under a black bar."""
        for pattern in self._patterns(account_id):
            text = _without(text, pattern, covered)
        return text

    def _patterns(self, account_id: str | None) -> list[re.Pattern[str]]:
        is_sure = not self.identity.namesakes or account_id in self.identity.account_ids
        found = (self._sure, self._names if is_sure else None)
        return [pattern for pattern in found if pattern is not None]

    @cached_property
    def _sure(self) -> re.Pattern[str] | None:
        """What is theirs alone: addresses, numbers, profiles, ids."""
        parts = []
        for email in sorted(_forms(self.identity.emails), key=len, reverse=True):
            local, _, domain = email.rpartition("@")
            parts.append(
                rf"(?:(?<![\w.%+-])|(?<=%[0-9a-f]{{2}})){re.escape(local)}(?:@|%40)"
                rf"{re.escape(domain)}(?![\w-]|\.\w)"
            )
        exact = [folded(each).text for each in (*_others(self.identity), *self.identity.clear_ids)]
        parts += [rf"(?<!\w){re.escape(each)}(?!\w)" for each in exact]
        return re.compile("|".join(parts)) if parts else None

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        named = sorted(self.identity.searched_names, key=len, reverse=True)
        parts = [r"[\W_]{1,3}".join(map(re.escape, name.split())) for name in named]
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(parts)})(?![^\W_])") if parts else None


def addresses_in(text: str) -> list[str]:
    """Return what looks like an e-mail address in a text, as it is written.

    >>> addresses_in("From: Jane <jane@acme.example>, cc bob@x.example.")
    ['jane@acme.example', 'bob@x.example']
    """
    return _EMAIL.findall(text)


def covered(text: str) -> str:
    """Return a black bar as long as a text: offsets into what stands around it still hold."""
    return "█" * len(text)


def _without(
    text: str, pattern: re.Pattern[str], instead: Callable[[str], str] = lambda _text: FORGOTTEN
) -> str:
    """Return a text with every match, sought in its folded form, replaced."""
    plain = folded(text)
    parts, end = [], 0
    for match in pattern.finditer(plain.text):
        start, stop = plain.places[match.start()], plain.places[match.end() - 1] + 1
        while stop < len(text) and unicodedata.combining(text[stop]):
            stop += 1
        parts += [text[end:start], instead(text[start:stop])]
        end = stop
    return "".join((*parts, text[end:])) if parts else text


def _forms(emails: Iterable[str]) -> list[str]:
    """Return addresses in both ways a domain is written: for people and on the wire."""
    found = set()
    for email in emails:
        local, _, domain = folded(email).text.rpartition("@")
        found.add(f"{local}@{domain}")
        try:
            found.add(f"{local}@{folded(domain.encode('ascii').decode('idna')).text}")
        except UnicodeError:
            continue
    return sorted(found)


def _others(identity: Identity) -> list[str]:
    """Return telephone numbers and profiles that are long enough to be theirs alone."""
    found = set()
    for written in identity.others:
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", written.strip()).rstrip("/")
        if len(re.findall(r"\d", bare)) >= _LEAST_DIGITS or ("/" in bare and len(bare) > 9):
            found.add(bare)
    return sorted(found)
