"""Rules about accountability: one person owns each definition and reviews it in time."""

from collections.abc import Iterator
from datetime import date

from bullseye.definitions.base import Definition
from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.checks.owners import is_group, is_nobody
from bullseye.definitions.project import KINDS

LONGEST_DAYS = 548
"""Eighteen months: further ahead, a review date is a way of never reviewing."""


def definitions(context: Context) -> Iterator[tuple[str, Definition]]:
    """Yield every definition with its kind."""
    for kind in KINDS:
        for definition in context.project.of_kind(kind).values():
            yield kind, definition


@coded(
    "GOV001",
    "owner-is-a-group",
    Severity.ERROR,
    wrong="owner: Marketing",
    right="owner: Dana Whitfield",
)
def owner_is_a_group(context: Context) -> Iterator[Hit]:
    """What a team owns nobody owns.

    When the figures turn bad there must be one person who decides whether the definition stays.
    """
    for kind, definition in definitions(context):
        if is_group(definition.owner):
            message = f"owner {definition.owner!r:.60} is a group or a function, not one person"
            yield Hit(kind, definition.name, ("owner",), message, "Name the one accountable.")


@coded(
    "GOV002",
    "owner-missing",
    Severity.ERROR,
    wrong="owner: tbd",
    right="owner: Dana Whitfield",
)
def owner_missing(context: Context) -> Iterator[Hit]:
    """A placeholder is no owner: nobody will be asked, and nobody will answer."""
    for kind, definition in definitions(context):
        if is_nobody(definition.owner):
            message = f"owner {definition.owner!r:.60} names nobody"
            yield Hit(kind, definition.name, ("owner",), message, "Name the one accountable.")


@coded(
    "GOV003",
    "review-overdue",
    Severity.WARNING,
    wrong="review_by: 2025-01-31",
    right="review_by: 2027-01-31",
)
def review_overdue(context: Context) -> Iterator[Hit]:
    """The day by which somebody promised to look at this again has passed.

    Until then it is what the team believed, not what it believes.
    """
    for kind, definition in definitions(context):
        if definition.is_stale(context.today):
            days = (context.today - definition.review_by).days
            message = f"its review is {days} day{'s' if days > 1 else ''} overdue"
            hint = f"{definition.owner:.60}: keep, change or retire it, then set the next date."
            yield Hit(kind, definition.name, ("review_by",), message, hint)


@coded(
    "GOV004",
    "review-too-far-away",
    Severity.WARNING,
    wrong="review_by: 2099-12-31",
    right="review_by: 2027-01-31",
)
def review_too_far_away(context: Context) -> Iterator[Hit]:
    """Markets change within months.

    A review more than eighteen months away will not happen.
    """
    for kind, definition in definitions(context):
        if (definition.review_by - context.today).days > LONGEST_DAYS:
            message = f"its review is on {definition.review_by}, more than 18 months ahead"
            hint = f"Review it before {_latest(context.today)}."
            yield Hit(kind, definition.name, ("review_by",), message, hint)


def _latest(today: date) -> date:
    return date.fromordinal(min(today.toordinal() + LONGEST_DAYS, date.max.toordinal()))


CHECKS = (owner_is_a_group, owner_missing, review_overdue, review_too_far_away)
