"""Who is who, as far as a file of words needs it: accounts, contacts and our own people."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from bullseye.research.folding import folded
from bullseye.warehouse.mail_domains import of_nobody, registered

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class KnownAccount:
    """An account that the words may be about; its former names and domains count too."""

    account_id: str
    names: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True)
class KnownContact:
    """A contact that may be a speaker; the e-mail address is in lower case."""

    contact_id: str
    account_id: str | None
    name: str | None
    email: str | None


def name_key(name: str) -> str:
    """Return a name as it is compared: without case, and in the usual order.

    >>> name_key("VOGEL,  Käthe") == name_key("Käthe Vogel")
    True
    """
    text = folded(name).text
    last, comma, first = text.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else text


def mail_domains(email: str | None) -> frozenset[str]:
    """Return the domains an address speaks for; none if anybody can have a mailbox there."""
    domain = (email or "").rpartition("@")[2].strip().lower()
    if "." not in domain or domain in of_nobody():
        return frozenset()
    return frozenset(filter(None, (domain, registered(domain))))


@dataclass(frozen=True)
class Directory:
    """What the workspace knows of the people and accounts that files name."""

    accounts: tuple[KnownAccount, ...] = ()
    contacts: tuple[KnownContact, ...] = ()
    our_domains: frozenset[str] = frozenset()
    our_names: frozenset[str] = frozenset()

    @cached_property
    def by_domain(self) -> Mapping[str, frozenset[str]]:
        """Accounts by their domain, and by what was registered of it."""
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.accounts:
            for domain in each.domains:
                for form in mail_domains(f"x@{domain}"):
                    found[form].add(each.account_id)
        return {domain: frozenset(ids) for domain, ids in found.items()}

    @cached_property
    def by_reference(self) -> Mapping[str, frozenset[str]]:
        """Accounts by how a person may write them: by id, domain or name."""
        found: dict[str, set[str]] = defaultdict(set)
        for each in self.accounts:
            for written in (each.account_id, *each.domains, *each.names):
                found[folded(written).text].add(each.account_id)
        return {key: frozenset(ids) for key, ids in found.items()}

    @cached_property
    def by_email(self) -> Mapping[str, tuple[KnownContact, ...]]:
        """Contacts by their e-mail address."""
        return _grouped((each.email, each) for each in self.contacts)

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], tuple[KnownContact, ...]]:
        """Contacts by account and folded name."""
        return _grouped(
            ((each.account_id, name_key(each.name)), each)
            for each in self.contacts
            if each.name and each.account_id
        )

    def is_ours(self, email: str | None) -> bool:
        """Whether an e-mail address is of our own people."""
        return not self.our_domains.isdisjoint(mail_domains(email))

    def accounts_of(self, email: str | None) -> frozenset[str]:
        """Return the accounts an address speaks for: its contact's, else its domain's."""
        known = {c.account_id for c in self.by_email.get((email or "").lower(), ())} - {None}
        if known:
            return frozenset(str(each) for each in known)
        domains = mail_domains(email)
        return frozenset().union(*(self.by_domain.get(d, frozenset()) for d in domains))

    def one_account(self, emails: Sequence[str]) -> tuple[str | None, int]:
        """Return the one account that addresses speak for, if it is one, and how many are."""
        found = frozenset().union(*(self.accounts_of(e) for e in emails if not self.is_ours(e)))
        return (next(iter(found)) if len(found) == 1 else None), len(found)


def _grouped(pairs: Iterable[tuple[K | None, V]]) -> dict[K, tuple[V, ...]]:
    found: dict[K, list[V]] = defaultdict(list)
    for key, value in pairs:
        if key is not None:
            found[key].append(value)
    return {key: tuple(values) for key, values in found.items()}
