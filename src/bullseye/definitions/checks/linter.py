"""Hold every rule of the catalogue against a project."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from bullseye.definitions.checks.catalogue import RULES
from bullseye.definitions.checks.coded import Check, Hit
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.facts import Facts
from bullseye.definitions.checks.finding import Finding
from bullseye.definitions.checks.silence import (
    Silence,
    ignored_in_vain,
    ignored_without_reason,
    silences,
)
from bullseye.definitions.loader import Loaded


def check(loaded: Loaded, facts: Facts | None, today: date) -> tuple[Finding, ...]:
    """Return what is wrong, or unwise, about a project.

    Parameters
    ----------
    loaded
        The definitions with their places.
    facts
        What was measured on the imported data; None while nothing is imported, and then rules
        that need data say nothing.
    today
        The day reviews and figures are judged on.

    Returns
    -------
    tuple of Finding
        Sorted by file, line and column. Silenced findings are left out; a comment that does
        not count, or silences nothing, is a finding itself.
    """
    context = Context(loaded, facts or Facts(), today)
    findings = list(dict.fromkeys(rule.finding(hit, context) for rule, hit in _hits(context)))
    comments = list(silences(context, RULES))
    kept = [each for each in findings if not any(c.covers(each) for c in comments)]
    kept.extend(_about_comments(context, comments, findings))
    return tuple(sorted(kept, key=lambda finding: finding.order))


def _hits(context: Context) -> list[tuple[Check, Hit]]:
    """Return all hits that no other hit explains."""
    hits = [(rule, hit) for rule in RULES.values() for hit in rule.look(context)]
    return [(rule, hit) for rule, hit in hits if not _is_explained(rule, hit, hits)]


def _is_explained(rule: Check, hit: Hit, hits: Sequence[tuple[Check, Hit]]) -> bool:
    return any(
        other.code in rule.unless
        and (there.kind, there.name) == (hit.kind, hit.name)
        and _nested(there.path, hit.path)
        for other, there in hits
    )


def _nested(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _about_comments(
    context: Context, comments: Sequence[Silence], findings: Sequence[Finding]
) -> Iterator[Finding]:
    for comment in comments:
        if comment.problem:
            hint = "Write: # bullseye: ignore CODE because REASON"
            yield _about(context, ignored_without_reason, comment, comment.problem, hint)
        elif not any(comment.covers(each) for each in findings) and _is_judged(context, comment):
            message = f"it silences no {' or '.join(comment.codes)} on line {comment.line}"
            yield _about(context, ignored_in_vain, comment, message, "Delete the comment.")


def _is_judged(context: Context, comment: Silence) -> bool:
    """Whether the rules it silences were held against anything: some need imported data."""
    has_data = bool(context.facts.fields or context.facts.icps)
    return has_data or not any(RULES[code].measured for code in comment.codes)


def _about(context: Context, rule: Check, comment: Silence, message: str, hint: str) -> Finding:
    kind, _, name = comment.definition.partition("/")
    found = rule.finding(Hit(kind, name, ("name",), message, hint), context)
    return replace(found, place=comment.place)
