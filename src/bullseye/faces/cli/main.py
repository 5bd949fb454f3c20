"""The root command: lists the commands for free, imports one only when it is called."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import click

from bullseye import __version__
from bullseye.errors import BullseyeError, nearest_name
from bullseye.steps import STEPS


class Entry(NamedTuple):
    """One command: the heading it stands under, its module, and its one-line help."""

    heading: str
    module: str
    help: str


def numbered(*names: str) -> str:
    """Return steps as a heading: their numbers and names, as in "1 Segment, 2 Prioritize"."""
    places = {step.name: number for number, step in enumerate(STEPS, start=1)}
    return ", ".join(f"{places[name]} {name.capitalize()}" for name in names)


LIST = numbered("segment", "prioritize")

COMMANDS = {
    "init": Entry("Start", "start", "Make a workspace."),
    "demo": Entry("Start", "start", "Make a demo workspace and run the main job on it."),
    "import": Entry("Data", "importing", "Import files into one table."),
    "imports": Entry("Data", "importing", "List the imports and their data quality."),
    "matches": Entry("Data", "matching", "Show how rows found their account."),
    "match": Entry("Data", "matching", "Decide which account is meant."),
    "duplicates": Entry("Data", "matching", "Show who stands more than once."),
    "merge": Entry("Data", "merging", "Decide that records are one."),
    "unmerge": Entry("Data", "merging", "Take a merge back."),
    "merges": Entry("Data", "merging", "List the merges."),
    "suppress": Entry("Data", "suppressing", "Leave somebody alone from now on."),
    "suppressions": Entry("Data", "suppressing", "List who is left alone."),
    "unsuppress": Entry("Data", "suppressing", "Take somebody off the suppression list."),
    "forget": Entry("Data", "forgetting", "Remove all that is known of one contact."),
    "connect": Entry("Data", "connecting", "Score in your warehouse, where the data lives."),
    "check": Entry("Definitions", "checking", "Find faults in the definitions."),
    "diff": Entry("Definitions", "deciding", "Show what a change of the definitions changes."),
    "publish": Entry("Definitions", "deciding", "Make the definitions live."),
    "versions": Entry("Definitions", "deciding", "List the versions of the definitions."),
    "run": Entry(LIST, "running", "Do all steps and publish the result."),
    "segment": Entry(LIST, "segment_", "Learn from outcomes which segments are worth it."),
    "outcomes": Entry(LIST, "outcomes", "Show what could happen, and how often it did."),
    "markets": Entry(LIST, "running", "Show TAM, SAM and target."),
    "accounts": Entry(LIST, "accounts", "Show the target list."),
    "explain": Entry(LIST, "accounts", "Say why an account has its tier."),
    "worklist": Entry(LIST, "accounts", "Show which field to fill next."),
    "whatif": Entry(LIST, "deciding", "Try other points and cut-offs."),
    "override": Entry(LIST, "accounts", "Decide a tier by hand."),
    "research": Entry(numbered("research"), "research", "What buyers say, in their own words."),
    "prove": Entry(numbered("validate"), "prove", "Make every proof that the data allow."),
    "titles": Entry(numbered("synthesize"), "titles", "Show what job titles say, and decide."),
    "personas": Entry(numbered("synthesize"), "personas", "Show who is who, and on what evidence."),
    "messages": Entry(numbered("synthesize"), "messages", "Show what each persona hears."),
    "coverage": Entry(numbered("synthesize"), "messages", "Show where nothing can be said."),
    "roles": Entry(numbered("synthesize"), "roles", "Show who plays which part, and why."),
    "contacts": Entry(numbered("synthesize"), "contacts", "Rank the contacts of an account."),
    "brief": Entry(numbered("synthesize"), "brief", "Write the one page a seller needs."),
    "claims": Entry(numbered("synthesize"), "claims", "Find claims a competitor could make too."),
    "language": Entry(numbered("synthesize"), "language", "Hold texts against our language."),
    "committee": Entry(numbered("synthesize"), "committee", "Show who is on each opportunity."),
    "at-risk": Entry(numbered("synthesize"), "at_risk", "Show money at risk by missing role."),
    "moves": Entry(numbered("synthesize"), "moves", "Show who moved to another account."),
    "leaky": Entry(numbered("synthesize"), "leaky", "Show wrong people, and wrong accounts."),
    "backtest": Entry(numbered("validate"), "proving", "Judge an ICP by what happened later."),
    "winloss": Entry(numbered("validate"), "winning", "Show wins and losses by one field."),
    "export": Entry(numbered("operationalize"), "exporting", "Write the target list to a file."),
    "report": Entry(numbered("operationalize"), "exporting", "Write the report as one HTML page."),
    "drift": Entry(numbered("govern"), "proving", "Watch whether an ICP still holds."),
    "history": Entry(numbered("govern"), "governing", "Show what happened to an account."),
    "runs": Entry(numbered("govern"), "governing", "List the runs."),
    "replay": Entry(numbered("govern"), "governing", "Compute a run again and compare the bytes."),
}

EXIT_CODES = """\
Exit codes: 0 done · 1 check found problems, a replay differs, or drift opens a review · 2 usage ·
3 a definition is wrong · 4 a file cannot be used as it is · 5 another system failed · 6 the data
cannot answer · 7 another process is writing · 130 interrupted."""


class Root(click.Group):
    """Answers --help from `COMMANDS`, and loads one command on demand."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return every command, in order of work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and return it."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"bullseye.faces.cli.{COMMANDS[cmd_name].module}")
        found: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_")
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command meant, or say which one is near."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = nearest_name(args[0], tuple(COMMANDS))
            hint = f" Did you mean {near!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under their headings."""
        headings: dict[str, list[tuple[str, str]]] = {}
        for name, entry in COMMANDS.items():
            headings.setdefault(entry.heading, []).append((name, entry.help))
        for heading, rows in headings.items():
            with formatter.section(heading):
                formatter.write_dl(rows)


@click.group(
    cls=Root,
    epilog=f"Begin with: bullseye demo\n\n{EXIT_CODES}",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-w",
    "--workspace",
    envvar="BULLSEYE_WORKSPACE",
    default=".",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the workspace.",
)
@click.version_option(__version__, prog_name="bullseye")
def cli(workspace: Path) -> None:
    """Find the right accounts, the right people and the right time: and prove it.

    The seven steps: segment, prioritize, research, synthesize, validate, operationalize, govern.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; exit with the documented code and never with a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a character shows its number
            stream.reconfigure(errors="backslashreplace")
    sys.exit(code_of(arguments))


def code_of(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result: Any = cli.main(
            args=None if arguments is None else list(arguments),
            prog_name="bullseye",
            standalone_mode=False,
        )
        sys.stdout.flush()
    except click.exceptions.Abort:
        click.echo("Interrupted: what was published before stands.", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        click.echo("Interrupted: what was published before stands.", err=True)
        return 130
    except Exception as error:  # noqa: BLE001 - the boundary: no traceback reaches a user
        return _failed(error)
    return result if isinstance(result, int) else 0


def _failed(error: Exception) -> int:
    """Explain an error: one of ours in its words, any other as a bug, kept in a file."""
    from bullseye.faces.cli._shared import explained  # noqa: PLC0415 - keeps --help light
    from bullseye.faces.cli.crash import reported  # noqa: PLC0415

    return explained(error) if isinstance(error, BullseyeError) else reported(error)
