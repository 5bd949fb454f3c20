"""Comments that silence a rule where a breach is meant: ``# bullseye: ignore ICP003 because …``.

A comment behind something speaks for its line; a comment on a line of its own for the next
line that is not a comment. The reason is compulsory.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import yaml as pyyaml

from bullseye.definitions import yaml
from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Finding, Severity
from bullseye.definitions.loader import Origin
from bullseye.errors import nearest_name

SHORTEST_REASON = 10

_MARK = re.compile(r"#\s*bullseye\s*:\s*(?P<said>.*)$", re.IGNORECASE)
_IGNORE = re.compile(
    r"^ignore\s+(?P<codes>\w+(?:\s*,\s*\w+)*)(?:\s+because\b[\s:]*(?P<reason>.*))?$", re.IGNORECASE
)


@dataclass(frozen=True)
class Silence:
    """One comment: the codes it silences, on which line; `problem` says why it does not count."""

    definition: str
    place: str
    file: str
    line: int
    codes: tuple[str, ...] = ()
    problem: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it silences a finding."""
        file, line, *_ = finding.order
        return (
            not self.problem
            and finding.code in self.codes
            and (file, line) == (self.file, self.line)
        )


def silences(context: Context, known: Collection[str]) -> Iterator[Silence]:
    """Yield every comment that means to silence a rule, with `known` codes, in all files."""
    for (kind, name), origin in context.loaded.origins.items():
        if "bullseye" in origin.text.casefold():
            yield from _silences(f"{kind}/{name}", origin, known)


def _silences(definition: str, origin: Origin, known: Collection[str]) -> Iterator[Silence]:
    lines = origin.text.split("\n")
    inside = _scalars(origin.text)
    start = 0
    for number, text in enumerate(lines, 1):
        match = _MARK.search(text)
        if match and not any(a <= start + match.start() < b for a, b in inside):
            codes, problem = _read(match["said"].strip(), known)
            alone = not text[: match.start()].strip()
            line = _next_content(lines, number) if alone else number
            place = f"{origin.file}:{number}:{match.start() + 1}"
            yield Silence(definition, place, origin.file, line, codes, problem)
        start += len(text) + 1


def _scalars(text: str) -> Sequence[tuple[int, int]]:
    """Return where values stand: a # inside one starts no comment."""
    try:
        return [
            (token.start_mark.index, token.end_mark.index)
            for token in pyyaml.scan(text, yaml.Loader)
            if isinstance(token, pyyaml.ScalarToken)
        ]
    except pyyaml.YAMLError:
        return []


def _next_content(lines: Sequence[str], after: int) -> int:
    """Return the number of the next line that is neither blank nor a comment."""
    following = enumerate(lines[after:], after + 1)
    found = (n for n, text in following if text.strip() and not text.strip().startswith("#"))
    return next(found, after)


def _read(said: str, known: Collection[str]) -> tuple[tuple[str, ...], str]:
    match = _IGNORE.match(said)
    if not match:
        return (), "it is not written as: ignore CODE because REASON"
    codes = tuple(code.strip().upper() for code in match["codes"].split(","))
    for code in codes:
        if code not in known:
            near = nearest_name(code, known)
            return codes, f"no rule has the code {code}" + (
                f"; did you mean {near}?" if near else ""
            )
    if len((match["reason"] or "").strip()) < SHORTEST_REASON:
        return codes, f"its because needs a reason of at least {SHORTEST_REASON} characters"
    return codes, ""


@coded(
    "GOV006",
    "ignored-without-reason",
    Severity.ERROR,
    wrong="max_share: 40%   # bullseye: ignore ICP003",
    right="max_share: 40%   # bullseye: ignore ICP003 because the market is 300 named accounts",
)
def ignored_without_reason(_: Context) -> Iterator[Hit]:
    """A rule may be wrong about you, and then it is silenced on the spot, with the reason.

    Without it the next owner cannot tell a decision from a convenience.
    """
    yield from ()  # what a comment silences only shows once all other rules have been held


@coded(
    "GOV007",
    "ignored-in-vain",
    Severity.WARNING,
    wrong="max_share: 5%   # bullseye: ignore ICP003 because the market was small once",
    right="max_share: 5%",
)
def ignored_in_vain(_: Context) -> Iterator[Hit]:
    """The comment silences nothing any more.

    Left behind, it would silence the next breach, which nobody has looked at.
    """
    yield from ()  # as above


CHECKS = (ignored_without_reason, ignored_in_vain)
