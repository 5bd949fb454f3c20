"""Proof pages: whether an ICP holds, and whether it still does."""

from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_charts import (
    Dot,
    Moment,
    chance,
    forest,
    gains,
    number_axis,
    over_time,
    ratio_axis,
    times,
)
from bullseye.faces.report.proof_parts import (
    Body,
    Fact,
    Figure,
    Listing,
    days,
    left_out,
    ratio_ends,
    share_ends,
    share_says,
)
from bullseye.faces.report.proof_reading import Doc, Interval
from bullseye.faces.report.words import counted, percent, points

_TIERS = {"T1": "t1", "T2": "t2", "T3": "t3"}


def backtest_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return what happened after past days, by the tier accounts had on them."""
    asked, base = doc.part("question"), doc.part("base").interval(value="share")
    cohorts, outcome = asked.texts("cohorts"), asked.text("outcome")
    dated = "yes, as known on each day" if asked.flag("dated") else "no: as known today"
    period = days(cohorts[0], cohorts[-1]) if cohorts else "no day"
    lines = left_out(asked)
    lines += _order_lines(doc)
    lines.append(f"Rule: {doc.text('rule')}")
    return Body(
        answer=doc.text("sentence"),
        standing=doc.text("answer"),
        facts=(
            ("Outcome", f"{outcome}: {asked.text('outcome_sentence')}"),
            ("Cases", f"{doc.whole('cases'):,} of {counted(doc.whole('accounts'), 'account')}"),
            ("Not decided", f"{doc.whole('undecided'):,}"),
            ("Scored on", f"{counted(len(cohorts), 'day')}, {period}"),
            ("Facts dated", dated),
            ("Version", asked.text("version")[:12]),
        ),
        cautions=tuple(f"{each.rstrip('.')}." for each in doc.texts("warnings")),
        listings=(_choices(doc),),
        figures=(
            _by_tier(doc, base, outcome, f"{chart_id}-t"),
            _gains(doc, outcome, f"{chart_id}-g"),
            *_bands(doc, base, outcome, f"{chart_id}-b"),
        ),
        lines=tuple(lines[: 3 * limits.notes + 4]),
    )


def _by_tier(doc: Doc, base: Interval, outcome: str, chart_id: str) -> Figure:
    dots = []
    for each in doc.parts("standings"):
        seen, name = each.interval("rate", "share"), each.text("name")
        if not seen.n:
            seen = Interval(None, None, None, 0)
        dots.append(Dot(name, seen, share_says(seen), share_ends(seen), _TIERS.get(name, "dull")))
    question = f"How often did {outcome} follow, by tier?"
    axis = number_axis([each.seen for each in dots], percent, base.value)
    chart = forest(chart_id, question, dots, axis, ("Tier", "Rate", "Interval and n"))
    return Figure(question, chart, (("even-swatch", f"all cases: {share_says(base)}"),))


def _gains(doc: Doc, outcome: str, chart_id: str) -> Figure:
    steps = [
        (each.number("share"), each.interval("captured", "estimate")) for each in doc.parts("gains")
    ]
    question = f"Which share of {outcome} does the best part of the list hold?"
    heads = ("Best share of accounts", "Share of the outcomes")
    chart = gains(chart_id, question, steps, heads)
    rows = tuple(row[:2] for row in chart.rows)
    drawn = type(chart)(chart.title, chart.drawing, heads, rows)
    return Figure(question, drawn, (("t1", "the list"), ("even-swatch", "a list by lot")))


def _bands(doc: Doc, base: Interval, outcome: str, chart_id: str) -> tuple[Figure, ...]:
    dots = []
    for each in doc.parts("bands"):
        seen = each.interval("rate", "share")
        if seen.n:
            label = f"fit {points(each.number('low'))} to {points(each.number('high'))}"
            dots.append(Dot(label, seen, share_says(seen), share_ends(seen)))
    if not dots:
        return ()
    question = f"Does a higher fit come before {outcome} more often?"
    axis = number_axis([each.seen for each in dots], percent, base.value)
    chart = forest(chart_id, question, dots, axis, ("Fit", "Rate", "Interval and n"))
    return (Figure(question, chart),)


def _choices(doc: Doc) -> Listing:
    rows = []
    for each in doc.parts("choices"):
        chosen, control = each.part("chosen"), each.optional("control")
        lift, rate = chosen.interval("lift", "estimate"), chosen.interval("rate", "share")
        has = bool(rate.n) and lift.value is not None
        rows.append(
            (
                chosen.text("name"),
                percent(chosen.number("share")),
                f"{share_says(rate)} ({share_ends(rate)})" if rate.n else "no decided case",
                f"{times(lift.value)} ({ratio_ends(lift)})" if has else "cannot tell yet",
                each.part("verdict").text("answer"),
                "" if control is None else f"p {control.number('p'):.3f}",
            )
        )
    title = "What would have been gained, against shuffled outcomes as a control?"
    head = ("Choice", "Share of cases", "Rate", "Lift over all", "Against the rest", "Control")
    return Listing(title, head, tuple(rows), place="after")


def _order_lines(doc: Doc) -> list[str]:
    lines = []
    for name, said in (("list_auc", "The order of the list"), ("fit_auc", "Fit alone")):
        if doc.has(name):
            seen = doc.interval(name)
            if seen.value is not None:
                told = f"AUC {seen.value:.2f} ({ratio_ends(seen)}); 0.5 is chance."
                lines.append(f"{said}: {told}")
    held = doc.optional("calibration")
    if held is not None and held.part("ratio").has("ratio"):
        ratio = held.part("ratio")
        lines.append(
            f"Calibration: rates by fit of earlier days foretell {ratio.number('expected'):,.0f}"
            f" on the later ones, {ratio.whole('observed'):,} came:"
            f" {times(ratio.maybe('ratio'))} ({ratio_ends(ratio.interval(value='ratio'))})."
        )
    return lines


def drift_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return whether outcomes still come as often as the tiers say."""
    periods, outcome = doc.parts("periods"), doc.text("outcome")
    span = days(periods[0].text("first"), periods[-1].text("last")) if periods else "no period"
    moved = [each for each in doc.parts("fields") if each.number("q") <= 0.05]
    lines = [_moved_line(moved, len(doc.parts("fields")))] if doc.has("fields") else []
    lines += left_out(doc)
    lines.append(f"Rule: {doc.text('rule')}")
    facts: tuple[Fact, ...] = (
        ("Outcome", f"{outcome}: {doc.text('outcome_sentence')}"),
        ("Watched", span),
        ("Cases", f"{doc.whole('cases'):,}, {doc.number('a_month'):,.0f} a month"),
        ("Cases before", f"{doc.whole('reference_cases'):,}"),
        ("Version", doc.text("version")[:12]),
    )
    figures = _over_periods(doc, periods, outcome, chart_id) if periods else ()
    listings = (_shifts(moved, limits),) if moved else ()
    return Body(
        answer=doc.text("sentence"),
        standing=doc.text("answer"),
        facts=facts,
        listings=listings,
        figures=figures,
        lines=tuple(lines),
    )


def _over_periods(doc: Doc, periods: list[Doc], outcome: str, chart_id: str) -> tuple[Figure, ...]:
    moments, sums = [], []
    watch = doc.part("watch")
    limit = watch.number("sum_limit")
    for each in periods:
        ratio, label = each.interval("ratio", "ratio"), each.text("first")[:7]
        came = f"{each.part('ratio').whole('observed'):,}"
        expected = f"{each.part('ratio').number('expected'):,.1f}"
        moments.append(
            Moment(label, ratio, (came, expected, times(ratio.value), ratio_ends(ratio)))
        )
        total = each.number("running_sum")
        css = "bad" if total > limit else "t2"
        seen = Interval(total, None, None, ratio.n)
        sums.append(Moment(label, seen, (f"{total:.1f}", f"{limit:.1f}"), css))
    asked = f"How many came, against how many were expected of {outcome}?"
    head = ("Period from", "Came", "Expected", "Times", "Interval and n")
    axis = ratio_axis([each.seen for each in moments])
    first = over_time(f"{chart_id}-o", asked, moments, axis, head)
    summed = f"Does a change of {outcome} add up to an alarm?"
    line = number_axis([Interval(limit, None, None, 0), *(s.seen for s in sums)], points, limit)
    heads = ("Period from", "Running sum", "Opens a review above")
    second = over_time(f"{chart_id}-s", summed, sums, line, heads, columns=True)
    alarms = percent(watch.number("false_alarms"))
    return (
        Figure(asked, first, (("even-swatch", "as expected"),)),
        Figure(
            summed,
            second,
            (("even-swatch", f"above it a review opens, as in {alarms} of healthy watches"),),
        ),
    )


def _moved_line(moved: list[Doc], asked: int) -> str:
    if not moved:
        return f"None of {counted(asked, 'field')} looks otherwise than before."
    return (
        f"{len(moved):,} of {counted(asked, 'field')} look otherwise than before the watch:"
        " that may explain a change, and never opens a review."
    )


def _shifts(moved: list[Doc], limits: Limits) -> Listing:
    rows = tuple(
        (
            each.text("field"),
            f"{each.number('index'):.2f}",
            chance(each.number("q")),
            f"{each.whole('n_before'):,}",
            f"{each.whole('n_now'):,}",
        )
        for each in moved[: limits.effects]
    )
    head = ("Field", "Shift (index)", "False-discovery rate", "Accounts before", "Accounts now")
    title = "Who is asked now is not who was asked before"
    return Listing(title, head, rows, place="after")
