"""`bullseye roles check` and `roles prior`: how well beliefs hold, and what is assumed."""

from collections.abc import Iterator, Mapping
from datetime import date

import click

from bullseye.definitions.buying_role import BuyingRole
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    print_table,
    say,
)
from bullseye.synthesize.run.role_checking import (
    Figure,
    RoleCheck,
    Share,
    TaughtRow,
    Trial,
    check_roles,
)
from bullseye.synthesize.run.role_reading import assumed_by

_WORDS = 8


@click.command("check", epilog="Example: bullseye roles check")
@as_of_option
@json_option
@click.pass_context
def check_(context: click.Context, as_of: date | None, as_json: bool) -> None:
    """Test the beliefs on the roles that people gave: precision, coverage, Brier score, macro-F1.

    What was learnt from the roles given before a day is tested on those given from that day on.
    The role in the CRM is the answer, and never evidence. Exits with 0 whatever the answer is.
    """
    found = check_roles(opened(context), as_of=as_of)
    print_json(found) if as_json else _show(found)


@click.command("prior", epilog="Example: bullseye roles prior")
@json_option
@click.pass_context
def prior_(context: click.Context, as_json: bool) -> None:
    """Show what is assumed: the prior by title, what evidence adds, and what your team replaced.

    These are opinions, not measurements. Replace them in roles/NAME.yaml; what your own roles
    taught in their place is shown by: bullseye roles check
    """
    assumed = assumed_by(opened(context))
    if as_json:
        print_json(
            {
                "own": assumed.own,
                "replaced": sorted(assumed.replaced),
                "serves": assumed.serves,
                "threshold": assumed.threshold,
                "unlisted": assumed.unlisted,
                "small_below": assumed.small_below,
                "prior": list(assumed.rows.values()),
                "evidence": dict(assumed.weights),
            }
        )
        return
    say(_serves(assumed.serves, assumed.own))
    say(
        f"Named from {assumed.threshold:.0%} on; a role not listed has {assumed.unlisted:.0%};"
        f" below {assumed.small_below:,} employees people are read one row up."
    )
    rows = [
        (
            row.rank.value,
            row.part.value.replace("_", " "),
            _shares(row.roles) or "none listed",
            _shares(row.small),
            "your team" if f"{row.rank}, {row.part}" in assumed.replaced else "stated",
        )
        for row in assumed.rows.values()
    ]
    print_table(("rank", "part", "probability, assumed", "in small accounts", "by"), rows)
    say("")
    evidence = [
        (
            name,
            ", ".join(f"{_role(role)} {points:+.1f}" for role, points in weight.log_odds.items()),
            "your team" if name in assumed.replaced else "stated",
            weight.why,
        )
        for name, weight in assumed.weights.items()
    ]
    print_table(("evidence", "log-odds, assumed", "by", "why"), evidence, limit=70)


def _serves(functions: tuple[str, ...], own: str | None) -> str:
    if functions:
        return f"roles/{own}.yaml says that the product serves: {', '.join(functions)}."
    return (
        "No definition says which functions your product serves, so only general managers,"
        " finance, IT, security, legal and procurement have a row. Say it in roles/NAME.yaml."
    )


def _shares(roles: Mapping[BuyingRole, float]) -> str:
    return ", ".join(f"{_role(role)} {share:.0%}" for role, share in roles.items())


def _show(found: RoleCheck) -> None:
    say(found.verdict)
    if found.split_on is not None:
        say(
            f"{found.labelled:,} contacts have a role that people gave by {found.as_of}:"
            f" {found.taught:,} before {found.split_on} taught, {found.tested:,} later ones tested"
            f" ({found.late_titles:,} of them with the title known now: none was on file before)."
        )
    if found.trials:
        print_table(_TRIALS, list(_trial_rows(found)), limit=40)
    if found.usual and found.gain:
        say(
            f"For comparison: the most frequent role, given to everybody, is right for"
            f" {_share(found.usual)}."
        )
        say(f"Learnt beliefs err less than base rates by {_figure(found.gain)} (Brier score).")
    _show_rows(found)
    if found.unknown_words:
        first = list(found.unknown_words.items())[:_WORDS]
        words = ", ".join(f"{word!r} ({count:,})" for word, count in first)
        more = f" and {len(found.unknown_words) - _WORDS:,} more" * (
            len(found.unknown_words) > _WORDS
        )
        say(
            f"Roles in the CRM that mean none of ours: {words}{more}. Say what they mean under"
            " crm_words in roles/NAME.yaml."
        )


_TRIALS = ("beliefs from", "named from", "right when named", "got a name", "macro-F1", "Brier")


def _trial_rows(found: RoleCheck) -> Iterator[tuple[str, ...]]:
    for trial in found.trials:
        first = True
        for each in trial.named:
            if trial is not found.trials[-1] and each.threshold != found.threshold:
                continue
            chosen = " (in force)" if each.threshold == found.threshold else ""
            yield (
                trial.what if first else "",
                f"{each.threshold:.0%}{chosen}",
                _share(each.precision) if each.precision.n else "nobody named",
                _share(each.coverage),
                _figure(each.macro_f1),
                _brier(trial) if first else "",
            )
            first = False


def _show_rows(found: RoleCheck) -> None:
    rows = [
        (
            each.row,
            _role(each.role),
            f"{each.stated:.0%}",
            f"{each.count:,} of {each.n:,}",
            _believed(each),
        )
        for each in found.rows
    ]
    if rows:
        print_table(("row", "role", "stated", "people said", "believed"), rows)


def _believed(each: TaughtRow) -> str:
    if each.learnt is None:
        return f"as stated; need {each.needed:,} more"
    if each.needed:
        return f"{each.learnt.mean:.0%}; need {each.needed:,} more to be sure"
    return f"{each.learnt.mean:.0%} ({each.learnt.low:.0%} to {each.learnt.high:.0%})"


def _brier(trial: Trial) -> str:
    return f"{_figure(trial.held.brier)}, calibration error {trial.held.calibration_error:.3f}"


def _figure(each: Figure) -> str:
    return f"{each.value:.3f} ({each.low:.3f} to {each.high:.3f})"


def _share(each: Share) -> str:
    return f"{each.share:.0%} ({each.low:.0%} to {each.high:.0%}) of {each.n:,}"


def _role(role: BuyingRole) -> str:
    return role.value.replace("_", " ")
