"""`bullseye backtest` and `bullseye drift`: hold a definition against what happened."""

from datetime import date
from math import isnan

import click

from bullseye.faces.cli._shared import (
    as_of_option,
    dry_run_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
    stages,
)
from bullseye.faces.cli.words import compact, number_of
from bullseye.govern import run as govern
from bullseye.govern.run import Answer, Drift, Period
from bullseye.pipeline import proving, watching
from bullseye.validate import run as validate
from bullseye.validate.run import Backtest, Choice, Paired, Standing

STAGES = 60
"""Stages a long test tells of: a day is put together, and scored."""


SURE = 0.05
"""The false-discovery rate up to which a field is named."""


@click.command(
    "backtest",
    epilog="Example: bullseye backtest mid-size-software --outcome won --every quarter",
)
@click.argument("icp", required=False)
@click.option("--outcome", default="won", show_default=True, help="What should have followed.")
@click.option("--version", metavar="VERSION", help="Test this version, or live; else the files.")
@click.option("--against", metavar="VERSION", help="Compare with this version, or live.")
@click.option(
    "--every",
    type=click.Choice(["month", "quarter"]),
    default="month",
    show_default=True,
    help="How far the days lie apart on which accounts are scored.",
)
@click.option("--capacity", type=click.IntRange(1), help="Accounts that can be worked; else 10 %.")
@click.option(
    "--as-known-today", is_flag=True, help="Use today's facts, though outcomes may have made them."
)
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def backtest_(
    context: click.Context,
    icp: str | None,
    outcome: str,
    version: str | None,
    against: str | None,
    every: str,
    capacity: int | None,
    as_known_today: bool,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Judge ICP by what happened after past days, scoring accounts as known on those days.

    The result is kept with its date; --dry-run only shows it. VERSION is the beginning of a
    version's hash, or live. The verdict is better, no worse, worse or cannot tell yet; each
    exits with 0. Exits with 3 if there is no such ICP, outcome or version, with 6 if no case
    has facts that were known before it.
    """
    with stages(STAGES, quiet=as_json) as progress:
        found = proving.backtest(
            opened(context),
            icp,
            outcome=outcome,
            version=version,
            against=against,
            every=every,
            capacity=capacity,
            as_known_today=as_known_today,
            as_of=as_of,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json({"verdict": found.verdict, "sentence": validate.sentence(found), **_all(found)})
    else:
        show_backtest(found)


def _all(found: Backtest) -> dict[str, object]:
    return {"warnings": found.warnings, "backtest": found}


def show_backtest(found: Backtest) -> None:
    """Print a backtest for people."""
    asked = found.question
    for warning in found.warnings:
        say(f"Caution: {warning}.")
    say(validate.sentence(found))
    days = f"{asked.cohorts[0]} to {asked.cohorts[-1]}" if asked.cohorts else "no day"
    say(
        f"{asked.icp}, version {asked.version[:12]}: {found.cases:,} cases of {found.accounts:,}"
        f" accounts, {found.undecided:,} not decided on {asked.as_of}; scored as known on"
        f" {number_of(len(asked.cohorts), 'day')}, {days}."
    )
    for reason, n in asked.left_out:
        say(f"Left out: {n:,}, {reason}.")
    say("")
    day = next((each.pace.day for each in found.standings), None)
    first = ("standing", "cases", "decided", asked.outcome, "95 % interval")
    by_day = f"by day {day:.0f}" if day is not None else "by day"
    rows = [_standing_row(each) for each in found.standings]
    print_table((*first, by_day, "95 % interval", "mean amount", "95 % interval"), rows)
    say("")
    choices = [_choice_row(each) for each in found.choices]
    heads = ("choice", "share of cases", "lift over all", "against the rest", "p if shuffled")
    print_table(heads, choices)
    say("\nThe best share of each day's list holds this share of all that happened:")
    gains = [
        (
            f"{each.share:.0%}",
            _percent(each.captured.estimate, each.captured.low, each.captured.high),
            _times(each.lift.estimate, each.lift.low, each.lift.high),
            f"{each.n:,}",
        )
        for each in found.gains
    ]
    print_table(("of accounts", "of outcomes", "lift over all", "decided cases"), gains)
    say("\nBy fit score:")
    bands = [(f"{each.low}-{each.high}", validate.rate_words(each.rate)) for each in found.bands]
    print_table(("fit", "rate"), bands, limit=80)
    _show_order(found)
    if found.against:
        _show_against(found)
    say(f"\nRule: {found.rule}")


def _show_order(found: Backtest) -> None:
    for name, auc in (("The list's order", found.list_auc), ("Fit alone", found.fit_auc)):
        if auc is not None:
            say(
                f"{name}: AUC {auc.value:.3f} ({auc.low:.3f}-{auc.high:.3f}, n = {auc.n:,};"
                " 0.5 is chance)."
            )
    held = found.calibration
    if held is not None and held.ratio.ratio is not None:
        ratio = held.ratio
        say(
            f"Calibration: rates by fit of the earlier days expect {ratio.expected:,.0f} on the"
            f" later ones, {ratio.observed:,} came: {ratio.ratio:.2f} times"
            f" ({ratio.low:.2f}-{ratio.high:.2f}, n = {ratio.n:,})."
        )


def _show_against(found: Backtest) -> None:
    other = found.against
    if other is None:
        return
    say(f"\nAgainst version {other.other[:12]}, on the same cases:")
    rows = [_paired_row(each) for each in (other.t1, other.capacity, *other.spend)]
    heads = ("choice", "this version", "the other", "only this / only other", "verdict")
    print_table(heads, rows, limit=70)
    if other.order is not None:
        order = other.order
        say(
            f"AUC of the list, this less the other: {order.value:+.3f}"
            f" ({order.low:+.3f} to {order.high:+.3f}, n = {order.n:,})."
        )


def _standing_row(each: Standing) -> tuple[str, ...]:
    rate, pace, amount = each.rate, each.pace, each.amount
    return (
        each.name,
        f"{each.cases:,}",
        f"{rate.n:,}",
        f"{rate.share:.1%}" if rate.n else "",
        f"{rate.low:.1%}-{rate.high:.1%}" if rate.n else "",
        f"{pace.share:.1%}" if pace.share is not None else "",
        f"{pace.low:.1%}-{pace.high:.1%}" if pace.share is not None else "",
        compact(amount.mean) if amount.mean is not None else "",
        f"{compact(amount.low or 0)}-{compact(amount.high or 0)}"
        if amount.mean is not None
        else "",
    )


def _choice_row(each: Choice) -> tuple[str, ...]:
    lift = each.chosen.lift
    return (
        each.chosen.name,
        f"{each.chosen.share:.1%}",
        _times(lift.estimate, lift.low, lift.high) if each.chosen.rate.n else "no decided case",
        validate.points(each.verdict) if each.control else "",
        f"{each.control.p:.3f}" if each.control else "",
    )


def _paired_row(each: Paired) -> tuple[str, ...]:
    answer = f"{each.verdict.answer}: {validate.points(each.verdict)}"
    if not (each.tested.n and each.other.n):
        answer = str(each.verdict.answer)
    return (
        each.name,
        validate.rate_words(each.tested),
        validate.rate_words(each.other),
        f"{each.only_tested:,} / {each.only_other:,}",
        answer,
    )


def _times(estimate: float, low: float, high: float) -> str:
    if isnan(estimate):
        return ""
    return f"{estimate:.2f} ({low:.2f}-{high:.2f})"


def _percent(estimate: float, low: float, high: float) -> str:
    if isnan(estimate):
        return ""
    return f"{estimate:.0%} ({low:.0%}-{high:.0%})"


@click.command(
    "drift", epilog="Example: bullseye drift mid-size-software --outcome won --every month"
)
@click.argument("icp", required=False)
@click.option("--outcome", default="won", show_default=True, help="What should still happen.")
@click.option("--version", metavar="VERSION", help="Watch this version, or live; else the files.")
@click.option(
    "--every",
    type=click.Choice(["month", "quarter"]),
    default="month",
    show_default=True,
    help="Length of a period.",
)
@as_of_option
@dry_run_option
@json_option
@click.pass_context
def drift_(
    context: click.Context,
    icp: str | None,
    outcome: str,
    version: str | None,
    every: str,
    as_of: date | None,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Watch whether an outcome still comes as often as ICP's tiers say.

    The watch covers up to the last 12 months; the time before tells what to expect. In 10 % of
    healthy years a review opens by chance. The result is kept with its date; --dry-run only
    shows it. Exits with 0 if no drift is seen or nobody can tell yet, with 1 if a review opens,
    with 3 if there is no such ICP, outcome or version, with 6 if the past is too short.
    """
    with stages(STAGES, quiet=as_json) as progress:
        found = watching.drift(
            opened(context),
            icp,
            outcome=outcome,
            version=version,
            every=every,
            as_of=as_of,
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        print_json({"answer": found.answer, "sentence": govern.sentence(found), "drift": found})
    else:
        show_drift(found)
    return 1 if found.answer is Answer.REVIEW else 0


def show_drift(found: Drift) -> None:
    """Print a watch for people."""
    say(govern.sentence(found))
    say(
        f"{found.icp}, version {found.version[:12]}, outcome {found.outcome}"
        f" ({found.outcome_sentence}), as of {found.as_of}: {found.reference_cases:,} cases decided"
        f" before the watch, {found.cases:,} within it, {found.a_month:.0f} a month."
    )
    for reason, n in found.left_out:
        say(f"Left out: {n:,}, {reason}.")
    say("")
    limit = f"alarm above {found.watch.sum_limit:.1f}"
    score = f"alarm below {found.watch.z_limit:.1f}"
    heads = ("period", "decided", "came", "expected", "times expected", f"sum ({limit})")
    rows = [_period_row(each) for each in found.periods]
    print_table((*heads, f"quarter ({score})", "AUC"), rows)
    say("\nBy tier, at its past rate:")
    tiers = [
        (
            each.name,
            validate.rate_words(each.past),
            f"{each.ratio.n:,}",
            f"{each.ratio.observed:,}",
            f"{each.ratio.expected:,.1f}",
            _interval(each.ratio.ratio, each.ratio.low, each.ratio.high),
        )
        for each in found.tiers
    ]
    print_table(("tier", "past rate", "decided", "came", "expected", "times"), tiers, limit=70)
    moved = [each for each in found.fields if each.q <= SURE]
    if moved:
        say("\nFields that look otherwise than before (they explain, and never alarm):")
        shifts = [
            (each.field, f"{each.index:.2f}", f"{each.q:.3f}", f"{each.n_before:,}, {each.n_now:,}")
            for each in moved[:10]
        ]
        print_table(("field", "index", "false-discovery rate", "accounts before, now"), shifts)
    else:
        say(f"\nNone of {len(found.fields):,} fields looks otherwise than before.")
    say(f"\nRule: {found.rule}")


def _period_row(each: Period) -> tuple[str, ...]:
    ratio = each.ratio
    return (
        f"{each.first} to {each.last}",
        f"{ratio.n:,}",
        f"{ratio.observed:,}",
        f"{ratio.expected:,.1f}",
        _interval(ratio.ratio, ratio.low, ratio.high),
        f"{each.running_sum:.1f}",
        "" if each.score is None else f"{each.score:.1f}",
        "" if each.auc is None else _interval(each.auc.value, each.auc.low, each.auc.high),
    )


def _interval(value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return ""
    return f"{value:.2f} ({low:.2f}-{high:.2f})"
