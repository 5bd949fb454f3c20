"""A check: one coded rule with what its page says, and the function that looks for breaches."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from inspect import getdoc

from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Finding, Fix, Severity


@dataclass(frozen=True)
class Hit:
    """A breach as a check's function reports it: which definition, and the path inside it."""

    kind: str
    name: str
    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    fix: Fix | None = None


Look = Callable[[Context], Iterator[Hit]]


@dataclass(frozen=True)
class Check:
    """One rule of the catalogue.

    `why` is the docstring of its function, and `look` the function. `error_from` is the day a
    lesser severity becomes an error. A hit is dropped where one of the codes in `unless`
    already explains the same place. `measured` checks need imported data.
    """

    code: str
    name: str
    severity: Severity
    why: str
    wrong: str
    right: str
    look: Look
    error_from: date | None = None
    fixable: bool = False
    measured: bool = False
    unless: frozenset[str] = frozenset()

    def severity_on(self, today: date) -> Severity:
        """Return how much a breach matters on a day."""
        if self.error_from is not None and today >= self.error_from:
            return Severity.ERROR
        return self.severity

    def finding(self, hit: Hit, context: Context) -> Finding:
        """Return the finding a hit amounts to."""
        return Finding(
            code=self.code,
            severity=self.severity_on(context.today),
            place=context.place(hit.kind, hit.name, hit.path),
            message=hit.message,
            hint=hit.hint,
            definition=f"{hit.kind}/{hit.name}" if hit.name else "",
            fix=hit.fix,
        )


def coded(
    code: str,
    name: str,
    severity: Severity,
    *,
    wrong: str,
    right: str,
    error_from: date | None = None,
    fixable: bool = False,
    measured: bool = False,
    unless: tuple[str, ...] = (),
) -> Callable[[Look], Check]:
    """Return a decorator that turns a function yielding hits into a `Check`.

    The function's docstring is the rule's reason, as its page prints it.
    """

    def check(look: Look) -> Check:
        return Check(
            code=code,
            name=name,
            severity=severity,
            why=getdoc(look) or "",
            wrong=wrong.strip("\n"),
            right=right.strip("\n"),
            look=look,
            error_from=error_from,
            fixable=fixable,
            measured=measured,
            unless=frozenset(unless),
        )

    return check
