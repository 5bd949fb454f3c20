"""Explain one account: the parts of its score with their evidence, on any scored day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bullseye.definitions.field import TableName
from bullseye.definitions.known import growth, stored_fields
from bullseye.definitions.tier import Tier
from bullseye.errors import UnknownName
from bullseye.prioritize.explanation import Explanation, Provenance, Verdict, reasons, steps
from bullseye.prioritize.listing import Standing, Wish
from bullseye.prioritize.run.published import Opened, active_overrides, opened
from bullseye.prioritize.run.target_list import targets_of
from bullseye.prioritize.verdict import Answer
from bullseye.prioritize.why_now import Event, WhyNow, live
from bullseye.store import batches as manifest
from bullseye.warehouse.batches import typed_column
from bullseye.warehouse.compile import Profile
from bullseye.warehouse.dialect import DUCKDB
from bullseye.warehouse.matching import clean_name
from bullseye.warehouse.publish import reading
from bullseye.workspace import Workspace


def explain(workspace: Workspace, account: str, *, as_of: date | None = None) -> Explanation:
    """Return why an account stands where it stands, as of the newest run or an earlier one.

    `account` is its id, domain or name; the id of a record that was merged means what stays.

    Raises
    ------
    UnknownName
        If no account, or more than one, is called so.
    NotEnoughEvidence
        If nothing has been scored yet, or not by that day.
    """
    with opened(workspace, as_of=as_of) as run:
        merged = workspace.decisions(run.run.started_at)
        account_id = _account_id(run, merged.survivor(TableName.ACCOUNTS, account))
        (target,) = targets_of(workspace, run, Wish(account_id=account_id))
        evidence = _evidence(workspace, run, account_id)
        verdicts = [
            _verdict(run, profile, account_id, evidence) for profile in run.scoring.profiles
        ]
        verdicts.sort(key=lambda each: each.standing.icp != target.standing.icp)
        active = active_overrides(workspace, run)
        mine = next((o for o in active if o.account_id == account_id), None)
        return Explanation(
            target,
            run.run.as_of,
            run.run.id,
            run.run.definitions_hash,
            f"{mine.tier} by {mine.author} until {mine.expires_on}: {mine.reason}"
            if mine
            else None,
            tuple(verdicts),
        )


def _account_id(run: Opened, wanted: str) -> str:
    """Return the id of the account with this id, domain or name."""
    accounts, text = reading(run.state.accounts), DUCKDB.literal(wanted)
    ways = (
        f"account_id = {text}",
        f"domain = lower({text})",
        f"{clean_name('name')} = {clean_name(text)}",
    )
    for way in ways:
        rows = run.connection.execute(
            f"SELECT account_id, name FROM {accounts} WHERE {way} ORDER BY ALL LIMIT 6"
        ).fetchall()
        if len(rows) == 1:
            return str(rows[0][0])
        if rows:
            hint = "Say which: " + ", ".join(f"{name} ({id_})" for id_, name in rows)
            raise UnknownName("single account", wanted, (), hint=hint)
    near = run.connection.execute(
        f"SELECT account_id, name FROM {accounts} WHERE jaro_winkler_similarity(lower(account_id),"
        f" lower({text})) > 0.8 OR jaro_winkler_similarity(lower(name), lower({text})) > 0.8"
        f" OR contains({clean_name('name')}, {clean_name(text)}) ORDER BY name, account_id LIMIT 6"
    ).fetchall()
    said = ", ".join(f"{name or id_} ({id_})" for id_, name in near)
    raise UnknownName(
        "account", wanted, (), hint=f"Near: {said}" if said else "List them: bullseye accounts"
    )


def _verdict(
    run: Opened,
    profile: Profile,
    account_id: str,
    evidence: Mapping[str, Provenance],
) -> Verdict:
    rendered = run.scoring.rendered(run.scores)
    icp, text = DUCKDB.literal(profile.icp.name), DUCKDB.literal(account_id)
    row = run.connection.execute(
        "SELECT icp, status, fit_score, fit_low, fit_high, fit_coverage, tier, tier_low,"
        " tier_high, excluded_by, signal_strength, met, unknown, signal_class"
        f" FROM ({rendered}) WHERE icp = {icp} AND account_id = {text}"
    ).fetchone()
    assert row is not None  # noqa: S101 - the account was found in the same run
    standing = Standing(*row[:6], *map(_tier, row[6:9]), *row[9:11])
    answer = Answer(*row[11:])
    signals = _live(run, profile, account_id)
    return Verdict(
        standing,
        reasons(profile, answer, evidence),
        signals,
        steps(profile, standing, signals),
    )


def _tier(text: str | None) -> Tier | None:
    return Tier(text) if text else None


def _live(run: Opened, profile: Profile, account_id: str) -> tuple[WhyNow, ...]:
    """Return everything the signal strength adds up from, strongest first.

    That is every live signal of an account, those that argue against it too, and those of its
    subsidiaries where the profile counts them.
    """
    text = DUCKDB.literal(account_id)
    owners = f"account_id = {text}"
    if profile.family:
        accounts = reading(run.state.accounts)
        owners += (
            f" OR account_id IN (SELECT account_id FROM {accounts}"
            f" WHERE _ultimate_parent_id = {text})"
        )
    rows = run.connection.execute(
        "SELECT type, occurred_on, known_on, subject, detail, url, value, source"
        f" FROM {reading(run.state.signals)} WHERE {owners} ORDER BY signal_no"
    ).fetchall()
    found = [each for row in rows for each in live(Event(*row), profile.signals, run.run.as_of)]
    return tuple(sorted(found, key=lambda r: (-r.strength, r.signal, r.occurred_on)))


def _evidence(workspace: Workspace, run: Opened, account_id: str) -> dict[str, Provenance]:
    """Return where each field of an account comes from: the import that last said so."""
    fields = stored_fields(run.project, TableName.ACCOUNTS)
    wanted = {n for p in run.scoring.profiles for c in p.layout.clauses for n in c.fields}
    columns = (*fields, *sorted(wanted - fields.keys()))
    described = run.connection.execute(
        f"DESCRIBE SELECT * FROM {reading(run.state.accounts)}"
    ).fetchall()
    present = {name for name, *_ in described}
    names = [name for name in columns if name in present]
    row = run.connection.execute(
        f"SELECT {', '.join(map(DUCKDB.identifier, names))} FROM {reading(run.state.accounts)}"
        f" WHERE account_id = {DUCKDB.literal(account_id)}"
    ).fetchone()
    values = dict(zip(names, row or (), strict=True))
    origins = _origins(workspace, run, account_id, {n: values[n] for n in names if n in fields})
    return {
        name: Provenance(name, values[name], *origins[_origin_of(name)])
        for name in names
        if values[name] is not None and _origin_of(name) in origins
    }


def _origin_of(name: str) -> str:
    derived = growth(name)
    return derived.field if derived else name


def _origins(
    workspace: Workspace, run: Opened, account_id: str, values: Mapping[str, Any]
) -> dict[str, tuple[str, str, date]]:
    """Return, per field, the source, file and day of the newest import that gave its value."""
    if run.is_list:
        return _columns_there(run)
    fields = stored_fields(run.project, TableName.ACCOUNTS)
    clusters = workspace.decisions(run.run.started_at).clusters(TableName.ACCOUNTS)
    others = clusters.get(account_id, ())
    found: dict[str, tuple[str, str, date]] = {}
    imports = manifest.by_ids(workspace.store, run.run.batch_ids)
    accounts = [batch for batch in imports if batch.table is TableName.ACCOUNTS]
    newest = sorted(accounts, key=lambda batch: (batch.as_of, batch.id), reverse=True)
    for batch in sorted(newest, key=lambda batch: (_priority(run, batch.source), batch.source)):
        relation = reading(workspace.warehouse / batch.path)
        described = run.connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
        names = [n for n, *_ in described if n in values]
        columns = ", ".join(typed_column(fields[name]) for name in names)
        conditions = _conditions((account_id, *others), batch.source, values, set(names))
        rows = run.connection.execute(
            f"SELECT known_on, {columns} FROM {relation}"
            f" WHERE ({conditions}) AND known_on <= {DUCKDB.literal(run.run.as_of)}"
            " ORDER BY known_on DESC, row_no DESC"
        ).fetchall()
        system = run.project.sources.get(batch.source)
        label = system.describes if system else batch.source
        for name, known_on, value in (
            (name, row[0], value)
            for row in rows
            for name, value in zip(names, row[1:], strict=True)
        ):
            if value is not None and value == values[name] and name not in found:
                said = system.columns.get(name) if system else None
                where = (said.source if said else None) or label
                found[name] = (where, batch.file_name, known_on)
    return found


def _columns_there(run: Opened) -> dict[str, tuple[str, str, date]]:
    """Return, per field, the system, relation and day of a run that scored in the warehouse."""
    return {
        name: (column.source or source.describes, source.relation, run.run.as_of)
        for source in run.project.sources.values()
        if source.table is TableName.ACCOUNTS and source.relation
        for name, column in source.columns.items()
    }


def _priority(run: Opened, source: str) -> int:
    return run.project.sources[source].priority if source in run.project.sources else 1000


def _conditions(
    records: Sequence[str], source: str, values: Mapping[str, Any], present: set[str]
) -> str:
    """Return the condition that a row of a batch may be the account: by id, domain or name."""
    ids = {each for one in records for each in (one, one.removeprefix(f"{source}:"))}
    parts = [f"account_id IN ({', '.join(DUCKDB.literal(each) for each in sorted(ids))})"]
    if "domain" in present and values["domain"] is not None:
        parts.append(f"domain = {DUCKDB.literal(values['domain'])}")
    if "name" in present and values["name"] is not None:
        parts.append(f"{clean_name('name')} = {clean_name(DUCKDB.literal(values['name']))}")
    return " OR ".join(parts)
