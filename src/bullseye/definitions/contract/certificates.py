"""Certificates, audits and laws that a text claims to meet, in one spelling each."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from bullseye.definitions.contract.plain import visible

_TYPES = {"1": "I", "2": "II", "i": "I", "ii": "II"}
_SOC = re.compile(r"\bSOC[\s-]?([123])\b(?:[\s,-]*Type[\s-]?(II|I|2|1)\b)?", re.IGNORECASE)
_ISO = re.compile(r"\bISO(?:\s?/\s?IEC)?[\s-]?(\d{3,5})\b", re.IGNORECASE)
_NAMED = {
    "HIPAA": "hipaa",
    "GDPR": "gdpr|dsgvo|ds-gvo|rgpd|avg",
    "CCPA": "ccpa|cpra",
    "PCI DSS": "pci[ -]?dss|pci",
    "FedRAMP": "fedramp",
    "HITRUST": "hitrust",
    "TISAX": "tisax",
    "BSI C5": "bsi[ -]?c5|c5[ -]attestation|c5[ -]testat",
    "IT-Grundschutz": "it-grundschutz",
    "Cyber Essentials": "cyber essentials(?: plus)?",
    "CSA STAR": "csa[ -]?star",
    "NIS2": "nis[ -]?2",
    "DORA": "dora",
    "SOX": "sox|sarbanes[ -]oxley",
    "FIPS 140": "fips[ -]?140(?:-[23])?",
    "NIST": "nist(?: (?:csf|sp)? ?[0-9-]*)?",
    "WCAG": "wcag(?: ?2(?:\\.[0-2])?)?",
    "ENS": "ens alta|esquema nacional de seguridad",
    "FERPA": "ferpa",
    "GxP": "gxp|21 cfr part 11",
    "AEO": "aeo",
    "IATF 16949": "iatf[ -]?16949",
    "SSAE 18": "ssae[ -]?1[68]|isae[ -]?3402",
}
_OTHERS = {
    name: re.compile(rf"(?<!\w)(?:{spelt})(?!\w)", re.IGNORECASE) for name, spelt in _NAMED.items()
}
_WORDED = re.compile(
    r"(?<!\w)([A-Z][\w/&.]*(?:\s[A-Z0-9][\w/&.]*){0,3})[\s-]"
    r"(?:certified|certification|compliant|compliance|attested|accredited|zertifiziert|konform|certifiée?s?)\b"
)
_PLAIN = frozenset({"fully", "we", "is", "our", "the", "are", "already", "certified", "officially"})


@lru_cache(maxsize=4096)
def certificates(text: str) -> frozenset[str]:
    """Return the certificates that `text` names, each in one spelling.

    Known ones are found wherever they stand; any other only as in "Acme Shield certified".

    >>> sorted(certificates("SOC2 (type 2) and ISO/IEC-27001; DSGVO"))
    ['GDPR', 'ISO 27001', 'SOC 2']
    >>> sorted(certificates("SOC 2 Type II audited, Globex Shield certified"))
    ['Globex Shield', 'SOC 2', 'SOC 2 Type II']
    """
    return frozenset(name for name, _, _ in _named(visible(text)))


def without_certificates(text: str) -> str:
    """Return `text` without the certificates it names, so that only its own numbers are left."""
    seen = visible(text)
    for _, start, end in sorted(_named(seen), key=lambda each: -each[1]):
        if re.search(r"\d", seen[start:end]):
            seen = seen[:start] + " " * (end - start) + seen[end:]
    return seen


def unattested(text: str, by: Iterable[str]) -> tuple[str, ...]:
    """Return the certificates of `text` that none of the texts `by` names, in order.

    >>> unattested("SOC 2 Type II", ["Our SOC 2 Type I report"])
    ('SOC 2 Type II',)
    """
    known = frozenset[str]().union(*(certificates(other) for other in by))
    missing = certificates(text) - known
    return tuple(sorted(c for c in missing if not any(m.startswith(f"{c} Type") for m in missing)))


def _named(text: str) -> Iterator[tuple[str, int, int]]:
    spans: list[tuple[int, int]] = []
    for found in _SOC.finditer(text):
        spans.append(found.span())
        yield f"SOC {found[1]}", *found.span()
        if found[2]:
            yield f"SOC {found[1]} Type {_TYPES[found[2].lower()]}", *found.span()
    for found in _ISO.finditer(text):
        spans.append(found.span())
        yield f"ISO {found[1]}", *found.span()
    for name, pattern in _OTHERS.items():
        for found in pattern.finditer(text):
            spans.append(found.span())
            yield name, *found.span()
    for found in _WORDED.finditer(text):
        start, end = found.span(1)
        inside = any(a < end and start < b for a, b in spans)
        if not inside and found[1].casefold() not in _PLAIN:
            yield found[1], start, end
