"""What a person writes to have somebody left alone: an address, a contact's id or a domain."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bullseye.definitions.addresses import SuppressionKind, normal_domain, normal_email
from bullseye.errors import UsageError

_HOST = re.compile(r"(?=.{1,253}$)(?:[\w-]{1,63}\.)+[\w-]{2,63}")
_LOCAL = re.compile(r"[^\s@,;<>]{1,64}")


@dataclass(frozen=True)
class Meant:
    """Whom a suppression is to cover; `text` is as it is compared."""

    kind: SuppressionKind
    text: str


@dataclass(frozen=True)
class BadRow:
    """A row of a file that names nobody; `row` is its number, from 1."""

    row: int
    reason: str


def is_email(text: str) -> bool:
    """Whether a text can be an address: something, one @, and a host.

    >>> is_email("jane@acme.example"), is_email("jane@acme"), is_email("@acme.example")
    (True, False, False)
    """
    local, _, domain = normal_email(text).rpartition("@")
    return bool(_LOCAL.fullmatch(local) and _HOST.fullmatch(domain))


def is_domain(text: str) -> bool:
    """Whether a text can be a domain.

    >>> is_domain("acme.example"), is_domain("acme")
    (True, False)
    """
    return bool(_HOST.fullmatch(normal_domain(text)))


def meant(written: str) -> Meant:
    """Return whom a text means: an address, every address of an @domain, or a contact's id.

    Raises
    ------
    UsageError
        If it is blank, or has an @ and is neither an address nor a domain.

    Examples
    --------
    >>> meant("@acme.example"), meant("C-17").kind.value
    (Meant(kind=<SuppressionKind.DOMAIN: 'domain'>, text='acme.example'), 'contact')
    """
    text = written.strip()
    if text.startswith("@") and is_domain(text[1:]):
        return Meant(SuppressionKind.DOMAIN, normal_domain(text[1:]))
    if "@" in text and is_email(text):
        return Meant(SuppressionKind.EMAIL, normal_email(text))
    if text and "@" not in text:
        return Meant(SuppressionKind.CONTACT, text)
    raise UsageError(
        f"{written!r} is no e-mail address, no @domain and no contact's id.",
        hint="Write jane@acme.example, @acme.example, or the id of a contact.",
    )


def meant_in(field: str, cell: str | None) -> Meant | None:
    """Return whom a cell of a file means, given what its column holds; None for nobody."""
    text = (cell or "").strip()
    if field == "email":
        return Meant(SuppressionKind.EMAIL, normal_email(text)) if is_email(text) else None
    if field == "domain":
        bare = text.removeprefix("@")
        return Meant(SuppressionKind.DOMAIN, normal_domain(bare)) if is_domain(bare) else None
    return Meant(SuppressionKind.CONTACT, text) if text else None


def masked(about: Meant) -> str:
    """Return how a list shows who is meant: enough to know it again, not to write to it.

    >>> masked(meant("Jane.Roe@acme.example")), masked(meant("C-00017"))
    ('j…@acme.example', '…17')
    """
    if about.kind is SuppressionKind.DOMAIN:
        return f"@{about.text}"
    local, at, domain = about.text.rpartition("@")
    return f"{local[:1]}…@{domain}" if at else f"…{about.text[-2:]}"


def why_bad(values: Sequence[str | None]) -> str:
    """Return why a row of a file names nobody."""
    if not any(value and value.strip() for value in values):
        return "names nobody"
    return "no e-mail address, contact id or domain can be read"
