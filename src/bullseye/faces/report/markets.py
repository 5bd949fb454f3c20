"""The part of the report about markets: how big each is, and how much of it is aimed at."""

from collections.abc import Sequence
from dataclasses import dataclass

from bullseye.definitions.project import Project
from bullseye.faces.report.charts import Bar, Chart, bars
from bullseye.faces.report.words import between, compact, counted, percent, plain, thousands
from bullseye.pipeline import Funnel, Money
from bullseye.prioritize.run import more_values_needed

_CLASSES = ("tam", "sam", "t1")


@dataclass(frozen=True)
class MarketPart:
    """One market: its two charts, who aims at it, and the share of it that is selected."""

    name: str
    icps: str
    share: str
    accounts: Chart
    money: Chart
    missing: int


def market_parts(project: Project, funnels: Sequence[Funnel], currency: str) -> list[MarketPart]:
    """Return a part per market."""
    return [
        _part(at, funnel, project.markets[funnel.market].value_field, currency)
        for at, funnel in enumerate(funnels)
    ]


def _part(at: int, funnel: Funnel, value_field: str, currency: str) -> MarketPart:
    sizes = (
        ("TAM: could ever buy", funnel.tam),
        ("SAM: we can serve", funnel.sam),
        ("Target: in a tier now", funnel.target),
    )
    counts = [_accounts(name, size.accounts.estimate, size.accounts.low, size.accounts.high,
                        size.accounts.yes + size.accounts.no, size.accounts.unknown)
              for name, size in sizes]  # fmt: skip
    sums = [_money(name, size.money, value_field, currency) for name, size in sizes]
    name = plain(funnel.market)
    return MarketPart(
        name,
        ", ".join(funnel.icps) or "no ICP",
        percent(funnel.share) if funnel.share is not None else "cannot tell yet",
        bars(f"m{at}a", f"How many accounts are in the market {name}?", counts, _CLASSES),
        bars(f"m{at}m", f"What is the market {name} worth a year?", sums, _CLASSES),
        funnel.tam.accounts.unknown,
    )


def _accounts(name: str, estimate: float, low: int, high: int, known: int, unknown: int) -> Bar:
    note = between(thousands(low), thousands(high))
    note = f"between {note}; n {known:,}" if low != high else f"exactly; n {known:,}"
    note += f", {unknown:,} unknown" if unknown else ""
    if not known:
        return Bar(name, None, low, high, "cannot tell yet", note)
    about = "about " if low != high else ""
    return Bar(name, estimate, low, high, f"{about}{thousands(estimate)} accounts", note)


def _money(name: str, money: Money, value_field: str, currency: str) -> Bar:
    of_all = f"n {money.n:,} of {money.n + money.missing:,} values known"
    if money.estimate is None or money.low is None or money.high is None:
        need = counted(more_values_needed(money.n), "more value")
        return Bar(name, None, 0, 0, "cannot tell yet", f"needs {need} of {value_field}; {of_all}")
    said = f"{compact(money.estimate)} {currency} a year"
    ends = between(compact(money.low), compact(money.high))
    exact = money.low == money.high
    note = f"exactly; {of_all}" if exact and not money.missing else f"between {ends}; {of_all}"
    return Bar(name, money.estimate, money.low, money.high, said, note)
