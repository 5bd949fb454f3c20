"""`bullseye connect`: score in the customer's warehouse, where the data lives."""

from pathlib import Path

import click

from bullseye.errors import UsageError
from bullseye.faces.cli._shared import dry_run_option, json_option, opened, print_json, say
from bullseye.pipeline import connecting
from bullseye.pipeline.connecting import Connected

PROBLEMS = 1


@click.command(
    "connect", epilog="Example: bullseye connect --url-env WAREHOUSE_URL --schema bullseye"
)
@click.argument("url", required=False)
@click.option("--url-env", metavar="NAME", help="The variable that holds the URL; only it is kept.")
@click.option("--schema", metavar="NAME", help="The one schema to write to.  [default: bullseye]")
@click.option("--dbt", type=click.Path(path_type=Path, dir_okay=False), help="Write a sources.yml.")
@click.option("--off", is_flag=True, help="Forget the connection.")
@dry_run_option
@json_option
@click.pass_context
def connect_(
    context: click.Context,
    url: str | None,
    url_env: str | None,
    schema: str | None,
    dbt: Path | None,
    off: bool,
    dry_run: bool,
    as_json: bool,
) -> int | None:
    """Connect a warehouse by URL, so that `bullseye run` scores there.

    URL begins with duckdb://, postgresql://, spark://, sc://, snowflake://, bigquery:// or
    trino://; without one, the kept connection is checked again. Every table and column that
    sources name is looked at, and every permission that is missing is named; exits with 1 if
    something is missing.
    """
    workspace = opened(context)
    if off:
        if url or url_env or dbt:
            raise UsageError("--off goes with nothing else.")
        was_kept = connecting.disconnect(workspace)
        words = "Forgot the connection." if was_kept else "There was no connection."
        print_json({"forgotten": was_kept}) if as_json else say(words)
        return None
    connection = connecting.wanted(workspace, url, url_env, schema)
    found = connecting.connect(workspace, connection, dry_run=dry_run)
    written = None
    if dbt is not None and not dry_run:
        written = connecting.write_dbt_sources(workspace, dbt)
    if as_json:
        print_json({"connection": found, "is_usable": found.is_usable, "dbt": written})
    else:
        _show(found)
        if written:
            say(f"Wrote {written}: put it into the models of your dbt project.")
    return None if found.is_usable else PROBLEMS


def _show(found: Connected) -> None:
    say(f"{found.address}: {found.engine}")
    for each in found.relations:
        unread = "" if each.is_read else "; scoring in the warehouse does not read it"
        what = f"{each.relation} as {each.table} ({each.source})"
        say(f"  {what}: {len(each.columns)} columns{unread}")
        say(f"    {', '.join(f'{name} {kind}' for name, kind in each.columns)}")
        for problem in each.problems:
            say(f"    PROBLEM {problem}")
    if not found.relations:
        say(
            "  No source reads a table of the warehouse yet: write relation: schema.table into one."
        )
    for denied in found.denied:
        say(f"  PROBLEM We may not {denied.what} ({denied.said}). Grant: {denied.grant}")
    if not found.denied and found.checked_writing:
        say(f"  Tables and views in {found.schema}: may be written.")
    if found.is_kept:
        say("Connected. Score there with: bullseye run")
