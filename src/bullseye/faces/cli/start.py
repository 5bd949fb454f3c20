"""`bullseye init` and `bullseye demo`: make a workspace."""

import secrets
import shutil
from datetime import date
from pathlib import Path

import click

from bullseye import pipeline
from bullseye.definitions.starter import Starter, starter_files, write_starter
from bullseye.errors import UsageError
from bullseye.faces.cli._shared import (
    DAY,
    dry_run_option,
    json_option,
    note,
    print_json,
    say,
    stages,
)
from bullseye.faces.cli.accounts import show_targets
from bullseye.prioritize.run import Wish, targets
from bullseye.workspace import PRIVATE, Workspace, current_actor, utc_today

MARK = "demo-world.json"
PROVED = ("bullseye", "backtest", "negative", "value", "money_at_risk")
"""Proofs that a demo makes; all others take longer than the rest of it together."""

MOST_PROVED = 20_000
"""Accounts up to which a demo is proved without being asked."""


@click.command("init", epilog="Example: bullseye init north --owner 'Ada Lovelace'")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--title", metavar="TEXT", help="Shown at the top of reports.")
@click.option("--owner", metavar="NAME", help="The person accountable for the definitions.")
@dry_run_option
@json_option
def init_(
    directory: Path, title: str | None, owner: str | None, dry_run: bool, as_json: bool
) -> None:
    """Make a workspace in DIRECTORY: definitions to edit, schemas for editors, a secret.

    Nothing that is there already is overwritten.
    """
    owner = owner or current_actor()
    title = title or directory.resolve().name
    files = make_workspace(directory, title, owner, utc_today(), Starter.SAAS, dry_run=dry_run)
    if as_json:
        print_json({"directory": directory, "files": files, "dry_run": dry_run})
        return
    for file in files:
        say(f"{'would write' if dry_run else 'wrote'} {file}")
    say(f"Owner of the definitions: {owner}.")
    say(f"Next: bullseye -w {directory} import accounts FILE, then: bullseye -w {directory} run")


def make_workspace(
    folder: Path, title: str, owner: str, today: date, starter: Starter, *, dry_run: bool = False
) -> list[Path]:
    """Write a new workspace and return its files."""
    if (folder / "bullseye.yaml").exists():
        raise UsageError(
            f"There is a workspace in {folder} already.", hint="Choose another directory."
        )
    if dry_run:
        names = starter_files(title=title, owner=owner, today=today, starter=starter)
        return [folder / name for name in names]
    files = list(write_starter(folder, title=title, owner=owner, today=today, starter=starter))
    private = folder / PRIVATE
    private.mkdir(mode=0o700, exist_ok=True)
    secret = private / "secret"
    if not secret.exists():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(32), encoding="utf-8")
    return [*files, secret]


@click.command("demo", epilog="Example: bullseye demo larkwell --accounts 5000")
@click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), default=Path("bullseye-demo")
)
@click.option("--accounts", default=2000, show_default=True, type=click.IntRange(20, 10_000_000))
@click.option("--seed", default=7, show_default=True, type=click.IntRange(0))
@click.option("--today", type=DAY, metavar="DATE", help="The day the world ends; today if absent.")
@click.option("--no-effects", is_flag=True, help="A world in which nothing has an effect.")
@click.option("--force", is_flag=True, help="Replace an earlier demo in DIRECTORY.")
@json_option
def demo_(
    directory: Path,
    accounts: int,
    seed: int,
    today: date | None,
    no_effects: bool,
    force: bool,
    as_json: bool,
) -> None:
    """Make a demo workspace in DIRECTORY and run the main job on it.

    Writes a believable company's exports (with their dirt), imports them as a user would,
    scores every account, makes the proofs that are quick, and prints the top of the target list.
    What is planted in the data is written down in demo-world.json.
    """
    from bullseye.faces.report import write_report  # noqa: PLC0415 - init needs none of it
    from bullseye.pipeline.prove import prove  # noqa: PLC0415

    day = today or utc_today()
    _make_room(directory, force=force)
    with stages(60, quiet=as_json) as tell:
        tell("Writing definitions")
        directory.mkdir(parents=True, exist_ok=True)
        (directory / MARK).write_text("{}", encoding="utf-8")  # first: what it marks may go
        make_workspace(directory, "Larkwell demo", "Ada Lovelace", day, Starter.DEMO)
        done = pipeline.demo(
            directory,
            accounts=accounts,
            seed=seed,
            today=day,
            planted=not no_effects,
            progress=tell,
        )
        workspace = Workspace.open(directory)
        if accounts <= MOST_PROVED:
            prove(workspace, only=PROVED, as_of=day, progress=tell)
        tell("Writing the report")
        report = write_report(workspace, directory / "report.html")
        top = targets(workspace, Wish(limit=10))
    if as_json:
        print_json({"run": done.run, "imports": done.imports, "top": top, "report": report.path})
        return
    for one in done.imports:
        note(
            f"  {one.file}: {one.rows_read:,} rows = {one.kept:,} kept"
            f" + {one.quarantined:,} quarantined + {one.exact_duplicates:,} duplicates"
        )
    say(f"\nThe top of the target list on {done.run.as_of}:\n")
    show_targets(top)
    say(f"\nWritten: {directory}/ (the workspace), {report.path} (open it in a browser)")
    say(f"More proofs for the report: bullseye -w {directory} prove")
    account = top[0].account_id if top else "ACCOUNT"
    say(f"Next: bullseye -w {directory} brief {account}")
    say(f"Who is missing where you sell: bullseye -w {directory} committee")


def _make_room(directory: Path, *, force: bool) -> None:
    """Refuse to overwrite anything but an earlier demo, and that only when told to."""
    if not directory.exists() or not any(directory.iterdir()):
        return
    if not (directory / MARK).exists():
        raise UsageError(
            f"{directory} is not empty and not a demo: nothing was touched.",
            hint="Name another directory: bullseye demo DIRECTORY",
        )
    if not force:
        raise UsageError(
            f"There is a demo in {directory} already.",
            hint="Replace it with --force, or name another directory.",
        )
    shutil.rmtree(directory)
