"""Proof pages: the model card of a learnt ICP, and whom to leave alone."""

from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_charts import Dot, chance, forest, number_axis, ratio_axis, times
from bullseye.faces.report.proof_parts import (
    Body,
    Fact,
    Figure,
    Listing,
    days,
    left_out,
    ratio_ends,
    refused,
    share_ends,
    share_says,
)
from bullseye.faces.report.proof_reading import Doc, Interval
from bullseye.faces.report.words import compact, counted, first_of, percent, points


def card_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return the card: criteria with points, and how well it foretells what it did not see."""
    proposal = doc.part("proposal")
    gate, held = proposal.part("gate"), proposal.optional("held")
    found, thin = proposal.flag("found"), proposal.flag("provisional")
    standing = "no ICP found" if not found else "provisional" if thin else "passed its gate"
    cautions = list(doc.texts("warnings"))
    if thin:
        cautions.append("Provisional: below 100 cases of either answer, so at most five criteria.")
    facts: tuple[Fact, ...] = (
        ("Outcome", f"{doc.text('outcome')}: {doc.text('asked')}"),
        ("Cases", f"{proposal.whole('n'):,} of {counted(proposal.whole('accounts'), 'account')}"),
        ("As wanted", f"{proposal.whole('yes'):,}"),
        ("Conditions looked at", f"{proposal.whole('considered'):,}"),
        ("Gate", f"p {chance(gate.number('p'))} of {gate.whole('permutations'):,} shuffles"),
        ("Facts dated", "yes, as known before" if doc.flag("dated") else "no: as known today"),
    )
    figures: tuple[Figure, ...] = ()
    if held is not None:
        facts = (*facts, ("Tested", f"{held.whole('n'):,} later cases, from {held.text('since')}"))
        figures = (_aucs(held, chart_id), *_foretold(held, chart_id))
    said = doc.texts("sentences")
    tested = held.interval("auc") if held is not None else Interval(None, None, None, None)
    later = "whether it holds later cannot be told yet"
    if tested.value is not None:
        later = (
            f"on later cases its AUC is {tested.value:.2f} ({ratio_ends(tested)}); 0.5 is chance"
        )
    named = counted(len(proposal.parts("criteria")), "criterion", "criteria")
    answer = f"{named} told the outcomes apart better than shuffled ones; {later}."
    return Body(
        answer=answer if found else said[0] if said else "No ICP found.",
        standing=standing,
        facts=facts,
        cautions=tuple(cautions),
        listings=(_criteria(doc, proposal, limits),) if found else (),
        figures=figures,
        lines=(*said, *doc.texts("cuts"), *refused(doc)),
    )


def _criteria(doc: Doc, proposal: Doc, limits: Limits) -> Listing:
    rows = []
    for said, each in zip(doc.texts("criteria"), proposal.parts("criteria"), strict=False):
        rule = said.split(": ", 1)[0].split(None, 1)[-1]
        with_it, without = each.interval("with_it"), each.interval("without")
        rows.append(
            (
                rule,
                f"{each.whole('points'):+d}",
                f"{share_says(with_it)} ({share_ends(with_it)})",
                f"{share_says(without)} ({share_ends(without)})",
                f"{each.whole('unknown'):,}",
            )
        )
    head = ("Criterion", "Points", "Rate with it", "Rate without", "Unknown")
    shown = first_of(min(limits.criteria, len(rows)), len(rows), "rule")
    return Listing("What counts, and for how much?", head, tuple(rows[: limits.criteria]), shown)


def _aucs(held: Doc, chart_id: str) -> Figure:
    dots = [_auc("this card", held.interval("auc"), "t1")]
    dots += [_auc(each.text("name"), each.interval("auc"), "dull") for each in held.parts("beside")]
    question = "How well are later cases told apart? 0.5 is chance, 1 is never wrong."
    seen = [each.seen for each in dots]
    axis = number_axis([*seen, Interval(1.0, None, None, 0)], lambda v: f"{v:g}", 0.5)
    chart = forest(f"{chart_id}-a", question, dots, axis, ("Model", "AUC", "Interval and n"))
    return Figure(question, chart)


def _auc(name: str, seen: Interval, css: str) -> Dot:
    says = "cannot tell yet" if seen.value is None else f"{seen.value:.2f}"
    return Dot(name, seen, says, ratio_ends(seen), css)


def _foretold(held: Doc, chart_id: str) -> tuple[Figure, ...]:
    dots = []
    for each in held.parts("bands"):
        seen, told = each.interval("rate", "share"), each.maybe("foretold")
        if seen.n:
            label = f"fit {points(each.number('low'))} to {points(each.number('high'))}"
            foretold = "" if told is None else f"; foretold {percent(told)}"
            dots.append(Dot(label, seen, share_says(seen), share_ends(seen) + foretold, "t1", told))
    if not dots:
        return ()
    question = "Does what it foretells come true?"
    told_ends = [Interval(each.foretold, None, None, 0) for each in dots]
    axis = number_axis([*(each.seen for each in dots), *told_ends], percent)
    chart = forest(f"{chart_id}-c", question, dots, axis, ("Fit", "Rate", "Interval and n"))
    return (Figure(question, chart, (("t1", "what came"), ("even-swatch", "what was foretold"))),)


def negative_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return which segments do harm, and what leaving them alone would save."""
    proposals, currency = doc.parts("proposals"), doc.text("currency")
    firm = [each for each in proposals if each.text("standing") == "confirmed"]
    shown = proposals[: limits.effects]
    lines = [_looked(each) for each in doc.parts("looked")]
    for each in doc.parts("looked"):
        told = (*left_out(each), *refused(each))
        lines += [f"{each.text('measure')}: {said[:1].lower()}{said[1:]}" for said in told]
    lines += [
        f"{each.text('measure')}: cannot tell. {each.text('reason')}"
        for each in doc.parts("not_measured")
    ]
    lines += [said for each in shown for said in _costs(each, currency)]
    answer = (
        " ".join(f"{each.text('rule')}: {each.text('because')}" for each in firm[:2])
        if firm
        else "No segment is surely 1.5 times as bad as the others, and confirmed by later cases."
    )
    ids, seen = list(dict.fromkeys(lines)), [_worse(each) for each in shown]
    cautions = [each.text("warning") for each in doc.parts("looked") if each.has("warning")]
    return Body(
        answer=answer,
        standing=counted(len(firm), "segment") + ", confirmed" if firm else "nobody for sure",
        facts=(
            ("Proposed", f"{len(proposals):,}"),
            ("Measured", ", ".join(each.text("measure") for each in doc.parts("looked")) or "none"),
        ),
        cautions=tuple(dict.fromkeys(each for each in cautions if each)),
        listings=(_money(shown, currency),) if shown else (),
        figures=_worse_figure(seen, chart_id),
        lines=tuple(ids),
    )


def _looked(each: Doc) -> str:
    return (
        f"{each.text('measure')}: {each.whole('looked_at'):,} segments looked at on"
        f" {each.whole('n'):,} cases, {each.whole('happened'):,} with it."
    )


def _worse(each: Doc) -> Dot:
    seen, standing = each.interval("ratio"), each.text("standing")
    note = f"{ratio_ends(seen)}; {standing}"
    css = "harm" if standing == "confirmed" else "dull"
    return Dot(each.text("rule"), seen, times(seen.value), note, css)


def _worse_figure(dots: list[Dot], chart_id: str) -> tuple[Figure, ...]:
    if not dots:
        return ()
    question = "How many times as bad as the others?"
    axis = ratio_axis([each.seen for each in dots])
    chart = forest(chart_id, question, dots, axis, ("Segment", "Ratio", "Interval and n"))
    return (Figure(question, chart, (("harm", "confirmed by later cases"), ("dull", "not yet"))),)


def _money(shown: list[Doc], currency: str) -> Listing:
    rows = []
    for each in shown:
        money = each.part("economics")
        rows.append(
            (
                each.text("rule"),
                f"{each.part('measure').text('words')}, at least {times(each.maybe('at_least'))}",
                each.text("standing"),
                f"{money.whole('customers'):,}",
                _amount(money.interval("cost_avoided"), currency),
                _amount(money.interval("revenue_forgone"), currency),
                each.text("covered_by") if each.has("covered_by") else "no",
                each.text("measured_on"),
            )
        )
    head = (
        "Segment",
        "What, true for all at once",
        "Standing",
        "Customers a year",
        "Support cost avoided",
        "Revenue forgone",
        "Excluded already by",
        "Measured on",
    )
    title = "What would leaving them alone save, and cost?"
    return Listing(title, head, tuple(rows), place="after")


def _costs(each: Doc, currency: str) -> list[str]:
    """Return in words what one of these accounts costs, each cost by itself."""
    money = each.part("economics")
    return [
        f"{each.text('rule')}: {part.text('name')} {_amount(part.interval('each'), currency)}"
        f" per {part.text('per')}."
        for part in (money.parts("parts") if money.has("parts") else [])
    ]


def _amount(seen: Interval, currency: str) -> str:
    if seen.value is None or seen.low is None or seen.high is None:
        return "cannot tell yet"
    return f"{compact(seen.value)} {currency} ({compact(seen.low)} to {compact(seen.high)})"


def recheck_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return which exclusions are still true."""
    found = doc.parts("found")
    gone = [each for each in found if each.text("holds") == "withdrawn"]
    dots, lines = [], []
    for each in found[: limits.effects]:
        seen = each.optional("ratio")
        name, holds = each.part("claim").text("name"), each.text("holds")
        lines.append(f"{name}, measured {each.text('measured_on')}: {each.text('sentence')}")
        if seen is not None:
            ratio = seen.interval()
            css = "dull" if holds == "withdrawn" else "harm"
            note = f"{ratio_ends(ratio)}; {holds}"
            dots.append(Dot(name, ratio, times(ratio.value), note, css))
    names = ", ".join(each.part("claim").text("name") for each in gone[:6])
    return Body(
        answer=f"No longer true: {names}." if gone else "Every exclusion with figures stands.",
        standing=f"{len(gone):,} no longer true" if gone else "stands",
        facts=(("Measured again", f"{len(found):,}"), ("On", days(*[doc.text("as_of")] * 2))),
        figures=_worse_figure(dots, chart_id),
        lines=tuple(lines),
    )
