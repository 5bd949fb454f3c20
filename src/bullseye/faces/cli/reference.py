"""The reference of the command line as a page: written from the commands themselves."""

from collections.abc import Iterator, Mapping

import click

from bullseye.faces.cli.main import COMMANDS, EXIT_CODES, cli

_JSON = {
    "init": "`directory`, `files`, `dry_run`",
    "demo": "`run`, `imports`, `top` (as `accounts`), `report`",
    "import": "a list, one entry per file: `file`, `source`, `source_file`, `matches`, "
    "`was_known`, `report` (as one entry of `imports`)",
    "imports": "a list: `number`, `table`, `source`, `file`, `as_of`, `rows_read` = `kept` + "
    "`quarantined` + `exact_duplicates`, `set_aside_cells`, `quarantine`, `notes`, `fields`; with "
    "`--undo` the one entry taken back",
    "suppress": "one entry of `suppressions`; with `--file` `rows_read`, `added`, `known`, `bad` "
    "(a list: `row`, `reason`)",
    "suppressions": "a list: `id`, `kind`, `shown` (masked; null where the data was removed), "
    "`reason`, `created_on`, `actor`, `is_forgotten`",
    "unsuppress": "the entry of `suppressions` that was taken off",
    "forget": "`deletion_id`, `is_dry_run`, `counts` (by place), `remaining` (a list: `file`, "
    "`places`), `was_forgotten`, `about_accounts`, `changed_runs`, `namesakes`; with `--list` a "
    "list: `reason`, `started_at`, `actor`, `id`, `finished_at`, `counts`",
    "duplicates": "a list: `cluster`, `ids`, `rules`, `agree`, `contradict`, `names`, `links` "
    "(`one`, `other`, `rule`, `values`, `confidence`, `parts`), `fullest`; with `--with` `as_of`, "
    "`model` (`records`, `compared`, `left_out`, `threshold`, `reason`, `links`) and `found` (that "
    "list)",
    "merge": "`merge` (as in `merges`), `as_of`, `takes` (`field`, `value`, `from_ids`, `source`, "
    "`known_on`, `rule`, `why`, `left`), `moved` (`table`, `rows`), `notes`",
    "unmerge": "the merge, as in `merges`",
    "merges": "a list: `id`, `table`, `survivor_id`, `other_ids`, `author`, `reason`, "
    "`created_at`, `withdrawn_at`",
    "check": "`findings` (`code`, `severity`, `place`, `message`, `hint`), `measured`, `fixed`",
    "run": "`run_id`, `as_of`, `is_new`, `accounts`, `result_sha256`, `definitions_hash`, `counts` "
    "(per ICP: `tiers`, `statuses`), `noticed`; with `--dry-run` only `sql`",
    "outcomes": "a list: `outcome`, `asks`, `n` = `yes` + `no` + `undecided`, `undated`, "
    "`account_count`, `cohorts`, `until`, `dated`, `warning`, `left_out`, `problem`, `hint`, and "
    "`guard` (`n`, `yes`, `history`, `suspicions`) with `--guard`",
    "markets": "a list: `market`, `as_of`, `icps`, and `tam`, `sam`, `target`, each with "
    "`accounts` and `money`",
    "accounts": "a list: `account_id`, `name`, `tier`, `standing` (`icp`, `status`, `fit_score`, "
    "`fit_low`, `fit_high`, `fit_coverage`, …), `why_now`, `fill_next`, …",
    "explain": "`account_id`, `target` (as in `accounts`), `verdicts` (per ICP: `standing`, "
    "`reasons` with `evidence`, `signals`, `steps`), `override`, `as_of`, `run_id`",
    "worklist": "a list: `icp`, `rows` (`field`, `unknown_count`, `next_count`, "
    "`expected_changes`, `expected_value`, `known_count`)",
    "override": "the override: `account_id`, `tier`, `author`, `reason`, `expires_on`, …",
    "segment velocity": "`overall` (`shares` by day, `to_won`, `to_end`), `found` (`fields` with "
    "`segments`, `won`, `decided`, `why`; `period`), `stages` (`overall`, `fields` with `paces`, "
    "`total`, `parts`; `reason`), `left_out`, `refused`, `warning`",
    "segment negative": "`looked`, `not_measured`, `proposals` (`rule`, `standing`, `ratio`, "
    "`at_least`, `earlier`, `later`, `economics` (with `parts`), `because`, `exclusion`), "
    "`written`, `kept`; with `--recheck` `found` (`claim`, `ratio`, `holds`), `updated`, `moved`",
    "segment value": "`currency`, `found` (`n`, `overall`, `fields` with `segments`: `n`, "
    "`raw_mean`, `weight`, `expected`, `low`, `high`, `without`)",
    "segment lookalikes": "`likeness` (`auc`, `low`, `high`), `found` (`account_id`, `score`, "
    "`typical`, `reasons`), `listed`, `customers`, `excluded`, `caution`",
    "roles show": "`as_of`, `left_alone`, `beliefs`, a list: `contact_id`, `account_id`, "
    "`opportunity_ids`, `probabilities` and `ranges` per role, `role`, `is_confirmed`, `reasons` "
    "(`name`, `role`, `log_odds`, `says`, `source`, `on`), `stance`, `stance_reasons`, `as_of`",
    "roles check": "`labelled`, `split_on`, `taught`, `tested`, `trials` (`what`, `held`, `named` "
    "per threshold: `precision`, `coverage`, `macro_f1`), `usual`, `gain`, `needed`, `verdict`, "
    "`rows`, `unknown_words`",
    "roles prior": "`own`, `replaced`, `serves`, `threshold`, `unlisted`, `small_below`, `prior`, "
    "`evidence`",
    "backtest": "`verdict` (`answer`, `difference`, `margin`, `n`, `needed`), `sentence`, "
    "`warnings`, `backtest` (`question`, `standings`, `choices`, `gains`, `bands`, `calibration`, "
    "`against`, …)",
    "winloss": "`by`, `outcome`, `base`, `parts` (`name`, `cases`, `rate`, `difference`, `p`, `q`),"
    " `unknown`, `is_share`, `left_out`",
    "research import": "a list, one entry per file: `file`, `format`, `sources` (`number`, `kind`, "
    "`occurred_on`, `account_id`, `account_by`, `turns`, `speakers`, `contacts`, `resolved`, "
    "`problem`, `refused`, `same_as`, `same_share`, "
    "`alike`, `alike_share`), `mapped`, `flaws`, `flaw_count`, `notes`",
    "research list": "a list of sources: `id`, `kind`, `title`, `occurred_on`, `account_id`, …",
    "research show": "`source`, `turns` (`index`, `speaker`, `side`, `text`, `started_ms`, "
    "`contact_id`, `email`), `evidence` (as in `research evidence`)",
    "research evidence": "a list: `number`, `source_number`, `turn_index`, `kind`, `status`, "
    "`quote`, `start`, `end`, `method`, `score`, `speaker`, `side`, `contact_id`, …",
    "drift": "`answer`, `sentence`, `drift` (`periods`, `overall`, `tiers`, `fields`, `watch`, …)",
    "personas": "a list: `name`, `owner`, `as_of`, `contacts`, `share` (`share`, `low`, `high`, "
    "`n`), `blanks`, `statements` (`entry`, `says`, `standing`, `evidence`), `messages`, …",
    "messages": "a list: `definition`, `breaches` (`code`, `slot`, `problem`, `hint`)",
    "messages render": "`message`, `subject`, `text`, `html`, `why_now`, `proofs`, `as_of`, …; or, "
    "with exit code 3, `message` and `breaches`",
    "coverage": "`as_of`, `cells` and `gaps` (`persona`, `stage`, `channel`, `state`, `messages`, "
    "`contacts`, `pipeline`, …), `contacts`, `nobody`, `left_alone`, `how`",
    "export": "`path`, `format`, `rows`, `as_of`, `definition_version`, `membership_hash`, "
    "`dry_run`",
    "history": "`moments` (one per run that changed something), `overrides`",
    "runs": "a list, newest first: `id`, `as_of`, `status`, `definitions_hash`, `rows`, "
    "`result_sha256`, `actor`, …",
    "replay": "`run`, `identical`, `sha256`",
    "segment bullseye": "`as_of`, `dated`, `warning`, `fast` and `sticky` (`measure`, `pool`, "
    "`members`), `overlap`, `both`, `fast_only`, `sticky_only` (lists of `trait` and `sentences`), "
    "`verdict`, `can_tell`, `refused`, `missing`",
    "segment signals": "`as_of`, `warning`, `outcomes`, `preceding` (one per signal and outcome: "
    "`hazard`, `q`, `standing`, `more`, `half_life`, `said`, `finding`, `sentences`), `skipped`",
    "segment together": "`icp`, `outcome`, `as_of`, `least_fit`, `cases`, `unknown`, `found` "
    "(`cells`, `contrasts`)",
}
"""What the JSON document of a command holds, where its help does not say it already."""

_INTRODUCTION = """\
# Command line

Every command takes `--json`, which prints one JSON document on standard output; errors and
progress go to standard error. In JSON days are written as `2026-03-31`, unknown values are
`null`, shares are 0-1 and scores 0-100.
"""


def reference_pages() -> Mapping[str, str]:
    """Return the page of the command line by its file name."""
    return {"index.md": "\n".join(_lines())}


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    yield "```text\nbullseye [-w DIRECTORY] COMMAND …\n```\n"
    yield from _options(cli)
    yield "## Exit codes\n"
    listed = " ".join(EXIT_CODES.removeprefix("Exit codes: ").rstrip(".").split())
    rows = (each.partition(" ") for each in listed.split(" · "))
    yield "| Code | Meaning |\n|---|---|"
    yield from (f"| {code} | {meaning} |" for code, _, meaning in rows)
    heading = ""
    context = click.Context(cli, info_name="bullseye")
    for name, entry in COMMANDS.items():
        if entry.heading != heading:
            heading = entry.heading
            yield f"\n## {heading}"
        command = cli.get_command(context, name)
        assert command is not None  # noqa: S101 - COMMANDS is where get_command looks
        yield from _command(name, command, context)
    yield ""


def _command(
    name: str, command: click.Command, parent: click.Context, *, level: str = "###"
) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    words = context.command_path.removeprefix("bullseye ")
    yield f"\n{level} {words}\n"
    yield f"```text\nbullseye {words} {usage}\n```\n"
    for paragraph in (command.help or "").split("\n\n"):
        yield " ".join(paragraph.split()) + "\n"
    yield from _options(command)
    example = (command.epilog or "").removeprefix("Example: ")
    yield f"Example:\n\n```sh\n{example}\n```"
    if words in _JSON:
        yield f"\nJSON: {_JSON[words]}."
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from _command(inner, one, context, level="####")


def _options(command: click.Command) -> Iterator[str]:
    yield "| Option | Meaning |\n|---|---|"
    context = click.Context(command)
    for option in command.params:
        record = option.get_help_record(context)
        if record is not None:
            written, means = (" ".join(each.replace("|", "\\|").split()) for each in record)
            if means:
                yield f"| `{written}` | {means} |"
    yield ""
