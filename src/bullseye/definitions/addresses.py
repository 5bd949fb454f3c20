"""Whom a suppression covers, and how addresses and domains are compared."""

import re
import unicodedata
from enum import StrEnum

_IN_BRACKETS = re.compile(r"<([^<>\s]+@[^<>\s]+)>")


class SuppressionKind(StrEnum):
    """What a suppression covers."""

    EMAIL = "email"  # one address
    CONTACT = "contact"  # one contact, by its id
    DOMAIN = "domain"  # every address of a domain and of its subdomains


def normal_email(written: str) -> str:
    """Return an address as it is compared: trimmed, in small letters, its domain as on the wire.

    Tags after a plus and dots stay: whether they mean the same mailbox only its provider knows,
    and leaving a stranger alone is as wrong as writing to who asked not to be.

    >>> normal_email(" Jane Roe <Jane.Roe@BÜCHER.example> ")
    'jane.roe@xn--bcher-kva.example'
    """
    text = unicodedata.normalize("NFC", written).strip()
    if "<" in text and (inside := _IN_BRACKETS.search(text)):
        text = inside[1]
    local, at, domain = text.lower().removeprefix("mailto:").rpartition("@")
    return f"{local}{at}{normal_domain(domain)}"


def normal_domain(written: str) -> str:
    """Return a domain as it is compared: in small letters, without a last dot, as on the wire.

    >>> normal_domain("Bücher.example.")
    'xn--bcher-kva.example'
    """
    text = unicodedata.normalize("NFC", written).strip().lower().rstrip(".")
    if text.isascii():
        return text
    try:
        return text.encode("idna").decode("ascii")
    except UnicodeError:  # no host can have it; it still equals itself
        return text
