"""Addresses of warehouses: which engine a URL names, and how it is shown without its secrets."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

HIDDEN = "***"
_SECRET_KEYS = re.compile(r"pass|token|secret|key|credential|pwd", re.IGNORECASE)
_SECRET_PARTS = re.compile(
    r"((?:pass\w*|token|secret|pwd|\w*key|credential\w*)\s*[=:]\s*)[^\s;&,'\"]+", re.IGNORECASE
)


def scheme(url: str) -> str:
    """Return the scheme of a URL, in lower case; "" where it has none.

    >>> scheme("postgresql://ada@db/crm")
    'postgresql'
    """
    match = re.match(r"^([A-Za-z][A-Za-z0-9+.-]*)://", url)
    return match[1].lower() if match else ""


def shown(url: str) -> str:
    """Return a URL as it may be shown: no password, and no parameter that is a secret.

    >>> shown("postgresql://ada:s3cret@db/crm?sslmode=require")
    'postgresql://ada:***@db/crm?sslmode=require'
    >>> shown("sc://host:15002/;token=abc;user_id=ada")
    'sc://host:15002/;token=***;user_id=ada'
    """
    hidden = re.sub(r"^([^:/]+://[^:/@?;]*):.*@", rf"\1:{HIDDEN}@", url)
    return _SECRET_PARTS.sub(rf"\g<1>{HIDDEN}", hidden)


def secrets(url: str) -> frozenset[str]:
    """Return the texts in a URL that must not be shown, as written and decoded."""
    found: set[str] = set()
    try:
        parts = urlsplit(url)
        found |= {parts.password or ""}
    except ValueError:
        parts = urlsplit("")
    written = re.match(r"^[^:/]+://[^:/@?;]*:(.*)@", url)
    found |= {written[1] if written else ""}
    for text in (parts.query.replace(";", "&"), parts.path.replace(";", "&")):
        found |= {value for key, value in parse_qsl(text) if _SECRET_KEYS.search(key)}
    return frozenset(found | {unquote(each) for each in found}) - {""}


def without_secrets(text: str, url: str) -> str:
    """Return a text from a driver without what is secret in the URL it was given."""
    for secret in sorted(secrets(url), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return shown(text)
