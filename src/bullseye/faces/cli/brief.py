"""`bullseye brief`: the one page a seller needs about an account."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import click

from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    as_of_option,
    json_option,
    opened,
    print_json,
    say,
    stages,
)
from bullseye.faces.report.brief_page import BriefPage, SayPart, brief_page
from bullseye.pipeline.brief import Brief, brief

_STAGES = 5


@click.command("brief", epilog="Example: bullseye brief acme.com --html brief.html")
@click.argument("account")
@click.option(
    "--html",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write one HTML page, which prints on A4, to this file.",
)
@click.option("--markdown", is_flag=True, help="Print Markdown, to paste into a note.")
@as_of_option
@json_option
@click.pass_context
def brief_(
    context: click.Context,
    account: str,
    file: Path | None,
    markdown: bool,
    as_of: date | None,
    as_json: bool,
) -> None:
    """Write what a seller needs about ACCOUNT (its id, domain or name), on one page.

    Fit with its range, why now, whom to write to, what to say to each persona, what they said,
    the committee of open opportunities, and what is missing, with the command that finds it. A
    part without data says so. --as-of looks back to an earlier run. Exits with 6 if nothing is
    scored.
    """
    if markdown and as_json:
        raise UsageError("--markdown and --json are two forms.", hint="Choose one of them.")
    with stages(_STAGES, quiet=as_json) as tell:
        found = brief(opened(context), account, as_of=as_of, progress=tell)
    if file is not None:
        from bullseye.faces.report.briefing import write_brief  # noqa: PLC0415 - others need none

        size = write_brief(found, file)
        if not as_json and not markdown:
            say(f"Wrote {file} ({size:,} bytes; open it in a browser, or print it).")
            return
    if as_json:
        print_json(found)
        return
    for line in _lines(found, heading="## " if markdown else ""):
        say(line)


def _lines(found: Brief, *, heading: str) -> Iterator[str]:
    """Yield the page as text; with a mark for headings it is Markdown, and data is escaped."""
    page = brief_page(found)

    def safe(text: str) -> str:
        return _escaped(text) if heading else text

    def head(text: str) -> str:
        return f"\n{heading}{text}"

    yield f"{heading and '# '}{safe(page.account)}: {page.tier}"
    yield " · ".join(f"{name}: {safe(value)}" for name, value in page.facts)
    yield head("Why now")
    for signal in page.signals:
        when = f"{signal.on}, {signal.freshness}; {signal.strength}, until {signal.until}"
        yield f"- {safe(signal.sentence)} ({when})"
    if not page.signals:
        yield "- No signal is live: nothing says why now."
    yield head("Fit")
    yield f"{page.fit_value} {page.fit_note}."
    for reason in page.reasons:
        source = f" ({safe(reason.evidence)})" if reason.evidence else ""
        yield f"- {safe(reason.name)}: {reason.points}, {reason.holds}{source}"
    yield head("Who")
    for contact in page.contacts:
        because = " · ".join(safe(text) for _, text in contact.reasons)
        yield f"{contact.place}. {safe(contact.name)}, {safe(contact.title)}: {because}"
    yield page.contacts_note or "Nobody is known here."
    if page.opportunities:
        yield head("Open opportunities")
    for sale in page.opportunities:
        yield f"- {safe(sale.name)} ({safe(sale.facts)})"
        yield f"  {' · '.join(f'{role.role}: {safe(role.who)}' for role in sale.roles)}"
        yield from (f"  {safe(each)}" for each in sale.findings)
    if page.opportunities_note:
        yield page.opportunities_note
    yield from _said(page, head, safe)
    yield head("What is missing")
    for each in found.missing:
        yield f"- {safe(each.what)}: {safe(each.why)}. {each.command}"
    for part in page.absent:
        yield f"- {part.what}: {safe(part.why)}. {safe(part.command)}"
    for text in page.language:
        yield f"- {safe(text)}"


Words = Callable[[str], str]


def _said(page: BriefPage, head: Words, safe: Words) -> Iterator[str]:
    if page.to_say:
        yield head("What to say")
    for part in page.to_say:
        yield from _to_say(part, safe)
    if page.quotes:
        yield head("What they said")
    for quote in page.quotes:
        yield f'- "{safe(quote.quote)}" ({safe(quote.note)})'
    if page.quotes_note:
        yield page.quotes_note


def _to_say(part: SayPart, safe: Words) -> Iterator[str]:
    yield f"- {part.persona}: {safe(part.to)}"
    for name, line in (("hook", part.hook), ("never", part.trap), ("expect", part.objection)):
        if line is not None:
            yield f"  {name}: {safe(line[0])} ({line[1]})"
    if part.refused:
        yield f"  {safe(part.refused)}"
    for text in part.message.splitlines():
        yield f"  > {safe(text)}"
    for proof in part.proofs:
        yield f"  proof: {safe(proof)}"


def _escaped(text: str) -> str:
    """Return text in which no character means anything to Markdown or HTML."""
    return re.sub(r"([\\`*_\[\]<>#|~!&])", r"\\\1", text)
