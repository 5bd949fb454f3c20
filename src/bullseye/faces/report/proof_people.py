"""Proof pages: what open opportunities stand to lose where a buying role is missing."""

from bullseye.faces.report.limits import Limits
from bullseye.faces.report.proof_charts import Dot, forest, number_axis
from bullseye.faces.report.proof_parts import Body, Figure, Listing
from bullseye.faces.report.proof_reading import Doc, Interval
from bullseye.faces.report.words import clipped, compact

_HEAD = ("Role", "Chance to be won", "Rests on")


def at_risk_body(doc: Doc, limits: Limits, chart_id: str) -> Body:
    """Return what went along with a missing role before, in chance and in money."""
    roles = doc.parts("roles")
    told = [role for role in roles if role.has("points") and role.has("money")]
    matter = [role for role in told if _is_apart(role.part("money"))]
    currency = doc.text("currency")
    silent = [f"{_name(role)}: {role.text('reason')}" for role in roles if role not in told]
    return Body(
        answer=_answer(told, matter, currency),
        standing="a missing role goes along with less"
        if matter
        else "no role can be told to matter"
        if told
        else "cannot tell yet",
        facts=(
            ("Seen until", doc.text("until")),
            ("Won within", f"{doc.whole('span'):,} days of entering a stage"),
            ("Held alike", ", ".join(doc.texts("adjusted_for"))),
        ),
        cautions=_cautions(doc, told),
        listings=(_money(told, currency),) if told else (),
        figures=(_figure(told, chart_id),) if told else (),
        lines=(
            "Roles as written down by the day a stage was entered; later ones do not count."
            " It is what went along with a role, not what it causes. Roles overlap: their sums"
            " do not add up.",
            *silent[: 2 * limits.notes],
        ),
    )


def _answer(told: list[Doc], matter: list[Doc], currency: str) -> str:
    if matter:
        said = (f"{_name(role)} {_amount(role.part('money'), currency)}" for role in matter)
        return f"Money at risk where a role is missing: {'; '.join(said)}."
    if told:
        return "In this history no missing role can be told to cost anything."
    return "History is too thin to tell what a missing role goes along with."


def _cautions(doc: Doc, told: list[Doc]) -> tuple[str, ...]:
    aside = tuple(f"Set aside: {each}." for each in doc.texts("set_aside"))
    naive = [role.number("as_of_today") for role in told if role.has("as_of_today")]
    if not naive:
        return aside
    return (
        "With roles as they stand today they would look worth up to"
        f" {100 * max(naive):+.0f} points: who is won gets more roles written down.",
        *aside,
    )


def _figure(told: list[Doc], chart_id: str) -> Figure:
    question = "How much likelier is it won with the role than without, in points?"
    dots = [_dot(role) for role in told]
    axis = number_axis([dot.seen for dot in dots], lambda share: f"{100 * share:+.0f}", 0.0)
    return Figure(question, forest(f"{chart_id}-roles", question, dots, axis, _HEAD))


def _dot(role: Doc) -> Dot:
    points = role.part("points")
    low, high = points.number("low"), points.number("high")
    seen = Interval(points.number("value"), low, high, role.whole("n"))
    note = (
        f"{100 * low:+.0f} to {100 * high:+.0f} points, n {role.whole('n'):,},"
        f" {role.whole('with_role'):,} with it"
    )
    return Dot(_name(role), seen, f"{100 * points.number('value'):+.0f} points", note)


def _money(told: list[Doc], currency: str) -> Listing:
    rows = tuple(
        (
            _name(role),
            f"{role.whole('opportunities'):,}",
            compact(role.number("amount")),
            _amount(role.part("money"), currency),
            f"{role.whole('unpriced'):,}",
            f"{role.whole('beyond'):,}",
        )
        for role in told
    )
    head = (
        "Missing",
        "Open ones",
        f"Worth, {currency}",
        "At risk, 95 %",
        "Without amount",
        "Where it cannot be told",
    )
    return Listing("What hangs on it today?", head, rows)


def _amount(money: Doc, currency: str) -> str:
    value, low, high = (money.number(name) for name in ("value", "low", "high"))
    return f"{compact(value)} ({compact(low)} to {compact(high)}) {currency}"


def _is_apart(money: Doc) -> bool:
    return money.number("low") > 0 or money.number("high") < 0


def _name(role: Doc) -> str:
    return clipped(role.text("role").replace("_", " "), 40)
