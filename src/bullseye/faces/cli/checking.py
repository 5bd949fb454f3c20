"""`bullseye check`: find faults in the definitions before the market does."""

from collections.abc import Sequence

import click

from bullseye import pipeline
from bullseye.definitions.checks import Finding, Severity
from bullseye.faces.cli._shared import (
    dry_run_option,
    folder,
    json_option,
    opened,
    print_json,
    say,
)


@click.command("check", epilog="Example: bullseye check --fix")
@click.option("--fix", is_flag=True, help="Correct what is safe to correct.")
@dry_run_option
@json_option
@click.pass_context
def check_(context: click.Context, fix: bool, dry_run: bool, as_json: bool) -> int:
    """Find faults in the definitions: each with its file, line, column and coded rule.

    Where data is imported, the definitions are measured on it too: a profile that selects too
    much, a criterion that never discriminates, a value no account has. Silence a finding that
    is meant with a comment: # bullseye: ignore ICP003 because REASON. Exits with 1 if there
    is an error; warnings are shown and pass.
    """
    done = pipeline.check(opened(context), fix=fix and not dry_run)
    if as_json:
        print_json(done)
    else:
        _show(done.findings, measured=done.measured, fix=fix, dry_run=dry_run)
        for file in done.fixed:
            say(f"corrected {folder(context) / file}")
    return 1 if any(f.severity is Severity.ERROR for f in done.findings) else 0


def _show(findings: Sequence[Finding], *, measured: bool, fix: bool, dry_run: bool) -> None:
    for finding in findings:
        say(f"{finding.place}: {finding.severity} {finding.code}: {finding.message}")
        if finding.hint:
            say(f"    {finding.hint}")
        if finding.fix and (dry_run or not fix):
            say("    bullseye check --fix can correct this")
    if not findings:
        say("No findings.")
    if not measured:
        say("Nothing is imported yet: what needs data was not checked.")
