"""Proof pages: what could happen at all, how fast segments are won, and what they are worth."""

from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_charts import Dot, chance, forest, number_axis
from bullseye.faces.report.proof_parts import (
    Body,
    Figure,
    Listing,
    caution,
    days,
    left_out,
    refused,
    share_ends,
    share_says,
)
from bullseye.faces.report.proof_reading import Doc, Interval, Unreadable
from bullseye.faces.report.words import compact, first_of, percent, points


def outcomes_body(doc: Doc, limits: Limits, _chart_id: str) -> Body:
    """Return what could happen, how often it did, and which facts may be leaks."""
    found = doc.parts("outcomes")
    asked = [each for each in found if not _said(each, "problem")]
    lines = [
        f"{each.text('outcome')}: {each.text('problem')}" for each in found if each not in asked
    ]
    for each in asked:
        lines += [f"{each.text('outcome')}. {said}" for said in _leaks(each)]
    rows = tuple(_outcome(each) for each in asked[: limits.effects])
    told = [each for each in asked if each.whole("yes") + each.whole("no")]
    head = ("Outcome", "Cases", "Yes", "No", "Not decided", "Facts of", "Seen until")
    return Body(
        answer=f"{len(told):,} of {len(found):,} outcomes have decided cases to learn from.",
        standing=f"{len(told):,} of {len(found):,} outcomes",
        facts=(("Outcomes", f"{len(found):,}"),),
        listings=(Listing("What could happen, and how often did it?", head, rows),),
        lines=tuple(lines[: 4 * limits.notes]),
    )


def _said(each: Doc, name: str) -> str:
    return each.text(name) if each.has(name) else ""


def _outcome(each: Doc) -> tuple[str, ...]:
    cohorts = each.texts("cohorts")
    counts = (f"{each.whole(name):,}" for name in ("n", "yes", "no", "undecided"))
    span = days(cohorts[0], cohorts[-1]) if cohorts else "no day"
    return (f"{each.text('outcome')}: {each.text('asks')}", *counts, span, _said(each, "until"))


def _leaks(each: Doc) -> list[str]:
    guard = each.optional("guard")
    if guard is None:
        return []
    named = [
        f"{one.text('field')} ({one.text('sentence')})"
        for one in guard.parts("suspicions")
        if one.flag("refuse")
    ]
    more = f" and {len(named) - 6:,} more" if len(named) > 6 else ""
    return [f"The leakage guard refuses {', '.join(named[:6])}{more}."] if named else []


def velocity_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return how fast segments are won, with open opportunities counted as long as they are."""
    whole, found = doc.part("overall"), doc.part("found")
    fields = found.parts("fields")
    differing = [each for each in fields if each.part("won").number("q") <= 0.05]
    day = _last_day(whole)
    pace = _by(whole, day)
    answer = (
        f"By {day:.0f} days {share_says(pace)} ({share_ends(pace)}) are won; segments of"
        f" {len({each.text('field') for each in differing}):,} fields differ."
        if differing
        else f"By {day:.0f} days {share_says(pace)} ({share_ends(pace)}) are won;"
        " that segments differ cannot be told."
    )
    shown = (differing or fields)[: limits.segments]
    return Body(
        answer=answer,
        standing="segments differ" if differing else "cannot tell yet",
        facts=(
            ("Opportunities", f"{whole.whole('n'):,}"),
            ("Won", f"{whole.whole('won'):,}"),
            ("Lost", f"{whole.whole('lost'):,}"),
            ("Seen until", doc.text("until")),
        ),
        cautions=caution(doc),
        figures=tuple(
            _pace_figure(each, whole, day, f"{chart_id}-{at}") for at, each in enumerate(shown)
        ),
        lines=(
            _shown(len(shown), len(fields)),
            "Open opportunities count for as long as they were open; lost ones cannot be won.",
            *left_out(doc),
            *refused(doc),
        ),
    )


def _last_day(pace: Doc) -> float:
    known = [each.number("day") for each in pace.parts("shares") if each.has("share")]
    if not known:
        raise Unreadable("no share of a day is known")
    return max(known)


def _by(pace: Doc, day: float) -> Interval:
    for each in pace.parts("shares"):
        if each.maybe("day") == day:
            return each.interval(value="share")
    return Interval(None, None, None, None)


def _pace_figure(field: Doc, whole: Doc, day: float, chart_id: str) -> Figure:
    dots = []
    for each in field.parts("segments")[:8]:
        seen = _by(each, day)
        middle = each.part("to_end")
        ended = (
            f"; half decided in {points(middle.number('days'))} days" if middle.has("days") else ""
        )
        dots.append(Dot(each.text("name"), seen, share_says(seen), share_ends(seen) + ended))
    base = _by(whole, day)
    name, q = field.text("field"), field.part("won").number("q")
    told = "they differ" if q <= 0.05 else "that they differ cannot be told"
    question = f"Which share is won by {day:.0f} days, by {name}?"
    axis = number_axis([each.seen for each in dots], percent, base.value)
    title = f"{question} Division {chart_id.rsplit('-', 1)[-1]}: {_names(dots)}"
    chart = forest(chart_id, title, dots, axis, ("Segment", "Won", "Interval and n"))
    return Figure(
        question,
        chart,
        (("even-swatch", f"all: {share_says(base)}"), ("t1", f"{told} (q {chance(q)})")),
    )


def _shown(shown: int, total: int) -> str:
    return f"Shown: {first_of(shown, total, 'division')}, those that differ most first."


def _names(dots: list[Dot]) -> str:
    return ", ".join(each.label for each in dots)


def value_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return what an account of each segment is worth a year."""
    found, currency = doc.part("found"), doc.text("currency")
    overall, fields = found.number("overall"), found.parts("fields")
    shown = fields[: limits.segments]
    return Body(
        answer=f"An account is worth {compact(overall)} {currency} a year on average.",
        standing=f"{compact(overall)} {currency} on average",
        facts=(("Accounts with an amount", f"{found.whole('n'):,}"), ("Currency", currency)),
        figures=tuple(
            _value_figure(each, overall, currency, f"{chart_id}-{at}")
            for at, each in enumerate(shown)
        ),
        lines=(
            _shown(len(shown), len(fields)),
            "A segment's own mean counts as far as its n tells it from the mean of all (weight Z).",
        ),
    )


def _value_figure(field: Doc, overall: float, currency: str, chart_id: str) -> Figure:
    dots = []
    for each in field.parts("segments")[:8]:
        seen = each.interval(value="expected")
        says = f"{compact(seen.value)} {currency}" if seen.value is not None else "cannot tell yet"
        ends = "no interval"
        if seen.low is not None and seen.high is not None:
            ends = f"{compact(seen.low)} to {compact(seen.high)}"
        note = f"{ends}, n {each.whole('n'):,}, Z {each.number('weight'):.2f}"
        dots.append(Dot(each.text("segment"), seen, says, note))
    question = f"What is an account worth a year, by {field.text('field')}?"
    axis = number_axis([each.seen for each in dots], compact, overall)
    title = f"{question} Division {chart_id.rsplit('-', 1)[-1]}: {_names(dots)}"
    chart = forest(chart_id, title, dots, axis, ("Segment", "Expected ACV", "Interval and n"))
    return Figure(question, chart, (("even-swatch", f"all: {compact(overall)} {currency}"),))
