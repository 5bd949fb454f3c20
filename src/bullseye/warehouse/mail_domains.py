"""What a domain says about an account: the part that was registered, or nothing at all."""

from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


@cache
def of_nobody() -> frozenset[str]:
    """Return the domains where anybody can have a mailbox: free ones and throw-away ones.

    The free ones are a list of ours; the throw-away ones are the `disposable-email-domains`
    list, as installed. Nothing is fetched.
    """
    text = files("bullseye.warehouse").joinpath("free_mail.txt").read_text(encoding="utf-8")
    own = (line.strip() for line in text.splitlines() if not line.startswith("#"))
    library = vars(import_module("disposable_email_domains"))  # 10,000 texts, needed by few
    return frozenset(own) | frozenset(map(str, library["blocklist"]))


def registered(domain: str | None) -> str | None:
    """Return the part of a domain that somebody registered, or None where that is not told.

    Every host below it belongs to the same registrant, but for those under a suffix that is
    public or lets its customers have names of their own (the Public Suffix List, as installed).

    >>> registered("mail.shop.co.uk"), registered("ada.github.io"), registered("co.uk")
    ('shop.co.uk', 'ada.github.io', None)
    >>> registered("mail.gmail.com") is None
    True
    """
    if not domain or "." not in domain:
        return None
    found = _suffixes().privatesuffix(domain.strip(".").lower())
    return None if found is None or found in of_nobody() else str(found)


@cache
def _suffixes() -> "PublicSuffixList":
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415 - reads a file of 330 kB

    return PublicSuffixList(accept_unknown=False)
