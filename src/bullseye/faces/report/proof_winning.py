"""Proof pages: where we win, and which events come before."""

from bullseye.faces.report.charts import Chart
from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_charts import Dot, chance, forest, ratio_axis, times
from bullseye.faces.report.proof_parts import (
    Body,
    Figure,
    Listing,
    caution,
    days,
    left_out,
    ratio_ends,
    refused,
)
from bullseye.faces.report.proof_reading import Doc
from bullseye.faces.report.words import DASH, counted, first_of, percent, points

STANDINGS = {
    "evidence": "evidence: chance alone hardly makes this",
    "lead": "a lead: worth a look, not proved",
    "anecdote": "an anecdote: chance makes this easily",
}
COLOURS = {"evidence": "t1", "lead": "t2", "anecdote": "dull"}
KEY = tuple((css, STANDINGS[name]) for name, css in COLOURS.items())

_LISTS = (
    ("both", "Both lists"),
    ("fast_only", "The fast list"),
    ("sticky_only", "The sticky list"),
)


def bullseye_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return who is won fastest and uses it most, and what they share."""
    fast, sticky, overlap = doc.part("fast"), doc.part("sticky"), doc.part("overlap")
    found = [(name, each) for key, name in _LISTS for each in doc.parts(key)]
    shown = found[: limits.effects]
    shared = any(each.part("trait").text("standing") == "evidence" for _, each in found[:50])
    lines = [_trait_line(name, each) for name, each in shown]
    lines += [
        f"Looked at: {doc.whole('conditions'):,} conditions, {doc.whole('tests'):,} tests.",
        *doc.texts("can_tell"),
        *refused(doc),
        *left_out(doc, "missing"),
    ]
    return Body(
        answer=doc.text("verdict"),
        standing="evidence of a shared trait"
        if shared
        else "leads at most"
        if found
        else "nothing shared",
        facts=(
            ("Customers", f"{doc.whole('customers'):,}"),
            ("Won fast", days(fast.text("first_day"), fast.text("last_day"))),
            ("Use measured", days(sticky.text("first_day"), sticky.text("last_day"))),
            ("Facts as known", doc.text("facts_known")),
        ),
        cautions=caution(doc),
        listings=(
            _members("Won fastest, for the least discount", fast, limits),
            _members("Using it most", sticky, limits),
        ),
        figures=_traits(chart_id, shown),
        lines=(overlap.text("sentence"), *lines),
    )


def _members(title: str, listed: Doc, limits: Limits) -> Listing:
    members = listed.parts("members")
    rows = tuple(
        (
            each.text("name") if each.has("name") else each.text("account_id"),
            each.text("won_on") if each.has("won_on") else DASH,
            _or_dash(each.maybe("days"), "{:,.0f}"),
            percent(each.number("discount")) if each.has("discount") else DASH,
            _or_dash(each.maybe("use"), "{:.2f}"),
        )
        for each in members[: limits.members]
    )
    shown = f"{first_of(len(rows), listed.whole('pool'), 'customer')}, by {listed.text('measure')}"
    return Listing(title, ("Account", "Won on", "Days", "Discount", "Use"), rows, shown, "beside")


def _or_dash(number: float | None, form: str) -> str:
    return DASH if number is None else form.format(number)


def _traits(chart_id: str, shown: list[tuple[str, Doc]]) -> tuple[Figure, ...]:
    dots = []
    for name, told in shown:
        trait = told.part("trait")
        seen, standing = trait.interval(value="lift"), trait.text("standing")
        listed = trait.part("listed")
        held = f"{listed.whole('x'):,} of {listed.whole('n'):,}"
        note = f"{ratio_ends(seen)}; {held} of {name.lower()}"
        css = COLOURS.get(standing, "dull")
        dots.append(Dot(trait.text("rule"), seen, times(seen.value), note, css))
    if not dots:
        return ()
    question = "What do they share, how many times as often as all customers?"
    axis = ratio_axis([each.seen for each in dots])
    chart = forest(chart_id, question, dots, axis, ("Trait", "Lift", "Interval and n"))
    return (Figure(question, chart, KEY),)


def _trait_line(name: str, told: Doc) -> str:
    trait = told.part("trait")
    standing, q = trait.text("standing"), trait.number("q")
    said = f"{trait.text('rule')} ({name.lower()}) is {STANDINGS.get(standing, standing)}"
    said += f"; by lot {chance(trait.number('by_lot'))}, false-discovery rate {chance(q)}."
    more = trait.maybe("more")
    if more and standing != "evidence":
        said += f" About {more:,.0f} more listed customers would tell."
    return said


def signals_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return which signals came before which outcomes."""
    outcomes = doc.parts("outcomes")
    whole = [each for each in doc.parts("preceding") if not each.has("part_of")]
    firm = [each for each in whole if each.text("standing") == "evidence"]
    answer = (
        "Before an outcome, more often than chance makes it: "
        + "; ".join(f"{each.text('signal')} ({each.text('outcome')})" for each in firm[:6])
        + "."
        if firm
        else "No event is proved to come before an outcome yet; leads are marked as such."
    )
    lines = [
        f"{each.text('name')} ({each.text('sentence')}): {each.whole('outcomes'):,} of"
        f" {each.whole('at_risk'):,} at risk, {each.text('first_day')} to {each.text('last_day')}."
        for each in outcomes
        if each.has("first_day") and each.has("last_day")
    ]
    lines += [f"Not asked: {each.rstrip('.')}." for each in doc.texts("skipped")[:8]]
    figures, lives = [], []
    for at, outcome in enumerate(outcomes[: limits.outcomes]):
        name = outcome.text("name")
        mine = [each for each in whole if each.text("outcome") == name]
        mine.sort(key=lambda each: (_place(each), each.number("q")))
        if mine:
            shown = mine[: limits.effects]
            question = f"Which events come before {name}?"
            title = f"{question} Shown: {first_of(len(shown), len(mine), 'event type')}."
            figures.append(Figure(title, _hazards(f"{chart_id}-{at}", title, shown), KEY))
            lines += [_more_line(each) for each in shown if each.text("standing") == "lead"]
            lives += [_life(each) for each in shown if each.has("said")]
    listing = Listing(
        "How long does a signal count?",
        ("Signal and outcome", "Half-life written", "Half-life seen"),
        tuple(lives[: limits.effects]),
        place="after",
    )
    return Body(
        answer=answer,
        standing=f"{counted(len(firm), 'event type')} proved" if firm else "leads at most",
        facts=(
            ("Events", f"{doc.whole('signals'):,}"),
            ("Pairs judged", f"{doc.whole('tests'):,}"),
            ("Counted from", "the day an event was known"),
        ),
        cautions=caution(doc),
        listings=(listing,) if lives else (),
        figures=tuple(figures),
        lines=tuple(lines),
    )


def _place(each: Doc) -> int:
    names = list(STANDINGS)
    standing = each.text("standing")
    return names.index(standing) if standing in names else len(names)


def _hazards(chart_id: str, title: str, shown: list[Doc]) -> Chart:
    dots = []
    for each in shown:
        hazard = each.part("hazard")
        seen, standing = hazard.interval(value="ratio"), each.text("standing")
        n = f"{hazard.whole('exposed'):,} of {hazard.whole('outcomes'):,} had it"
        note = f"{ratio_ends(seen)}; {n} in {each.whole('window')} days"
        label = each.text("signal")
        dots.append(Dot(label, seen, times(seen.value), note, COLOURS.get(standing, "dull")))
    axis = ratio_axis([each.seen for each in dots])
    return forest(chart_id, title, dots, axis, ("Event", "Hazard ratio", "Interval and n"))


def _more_line(each: Doc) -> str:
    more = f": about {each.whole('more'):,} more would tell" if each.has("more") else ""
    return f"{each.text('signal')} before {each.text('outcome')} is a lead{more}."


def _life(each: Doc) -> tuple[str, str, str]:
    seen = each.part("half_life")
    told = "cannot tell yet"
    if seen.has("days"):
        low, high = (points(seen.number(end)) if seen.has(end) else "?" for end in ("low", "high"))
        told = f"{points(seen.number('days'))} days ({low} to {high})"
    name = f"{each.text('signal')}, {each.text('outcome')}"
    return name, f"{each.whole('said')} days", told
