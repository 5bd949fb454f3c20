"""The page of each rule, and the index of all, in Markdown."""

from collections.abc import Mapping

from bullseye.definitions.checks.catalogue import RULES
from bullseye.definitions.checks.coded import Check

AREAS = {
    "ICP": "Ideal customer profiles",
    "RUL": "Rules, wherever they stand",
    "EXC": "Exclusions",
    "SIG": "Signals",
    "TIE": "Tiers",
    "PER": "Personas",
    "PRF": "Proofs that messages lean on",
    "MSG": "Messages",
    "ROL": "Buying roles",
    "MKT": "Markets",
    "OUT": "Outcomes",
    "TRM": "Terms",
    "SRC": "Sources",
    "GOV": "Ownership and review",
}


_NEVER_SILENT = frozenset({"GOV006", "GOV007", "ICP012"})
"""Rules about silencing itself, and about files that are not there to hold a comment."""


def page(check: Check) -> str:
    """Return the documentation page of one rule."""
    parts = [
        f"# {check.code} {check.name}",
        _facts(check),
        " ".join(check.why.split()),
        "## Wrong",
        _example(check.wrong),
        "## Right",
        _example(check.right),
        "## Where it is meant",
        _silencing(check),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(check: Check) -> str:
    said = [f"Severity: **{check.severity}**."]
    if check.error_from:
        said.append(f"An **error** from {check.error_from.isoformat()}.")
    if check.measured:
        said.append("Measured on imported data; says nothing before the first import.")
    if check.fixable:
        said.append("`bullseye check --fix` corrects what is certain.")
    return " ".join(said)


def _example(text: str) -> str:
    return f"```yaml\n{text}\n```" if ":" in text else text


def _silencing(check: Check) -> str:
    if check.code in _NEVER_SILENT:
        return "This rule cannot be silenced."
    return (
        "Say so behind the line, or on a line of its own above it; the reason is compulsory.\n\n"
        f"```yaml\n# bullseye: ignore {check.code} because REASON\n```"
    )


def index() -> str:
    """Return the page that lists every rule by area."""
    lines = [
        "# The rules of `bullseye check`",
        "",
        "A finding names its rule by code, with file, line and column. Only errors make the",
        "command fail. A code keeps its meaning for ever.",
    ]
    for area, title in AREAS.items():
        lines += ["", f"## {title}", "", "| Code | Rule | Severity | Fix |", "|---|---|---|---|"]
        lines += [_row(check) for check in RULES.values() if check.code.startswith(area)]
    return "\n".join(lines) + "\n"


def _row(check: Check) -> str:
    later = f", error from {check.error_from.isoformat()}" if check.error_from else ""
    fixable = "yes" if check.fixable else ""
    return (
        f"| [{check.code}]({check.code}.md) | {check.name} | {check.severity}{later} | {fixable} |"
    )


def pages() -> Mapping[str, str]:
    """Return every page by its file name."""
    return {"index.md": index(), **{f"{code}.md": page(check) for code, check in RULES.items()}}
