"""Measure the exclusions of a workspace again; withdraw what is no longer true."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np

from bullseye.definitions import yaml
from bullseye.definitions.field import TableName
from bullseye.definitions.icp import Mode
from bullseye.definitions.known import readable_fields
from bullseye.definitions.rule import fields_in
from bullseye.definitions.typed import typed
from bullseye.errors import BullseyeError, DefinitionError, InputError
from bullseye.keeping import keep
from bullseye.segment.recheck import (
    Claim,
    Holds,
    Rechecked,
    measure_in,
    not_understood,
    rechecked,
)
from bullseye.segment.run.measuring import Taken, measure_names, take
from bullseye.segment.worse import ratio_of
from bullseye.stats.segments import MIN_CASES
from bullseye.warehouse.answers import answers
from bullseye.warehouse.countries import country_code
from bullseye.workspace import Workspace

WITHDRAWN = "withdrawn"
"""Folder inside exclusions/ where withdrawn ones are kept; definitions there are not read."""


@dataclass(frozen=True)
class Recheck:
    """Every exclusion that has figures, measured again as known on `as_of`.

    `without_figures` cannot be measured again; `updated` files have new figures, `moved` ones lie
    among the withdrawn.
    """

    as_of: date
    found: tuple[Rechecked, ...]
    without_figures: tuple[str, ...]
    updated: tuple[str, ...]
    moved: tuple[str, ...]

    @property
    def withdrawn(self) -> int:
        """How many are no longer true."""
        return sum(each.holds is Holds.WITHDRAWN for each in self.found)


def recheck(
    workspace: Workspace,
    *,
    as_of: date | None = None,
    as_known_today: bool = False,
    write: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> Recheck:
    """Measure every exclusion that has figures again.

    Parameters
    ----------
    workspace, as_of, as_known_today, progress
        As `bullseye.cases.cases_of`.
    write
        Put the new figures into the files of exclusions that still hold, and move those that are
        no longer true to exclusions/withdrawn. Exclusions inside an ICP are only reported.
    """
    day = as_of or workspace.today
    claims = list(_claims(workspace))
    names = sorted(workspace.project.exclusions)
    bare = tuple(name for name in names if workspace.project.exclusions[name].figures is None)
    taken: dict[str, Taken | str] = {}
    with workspace.connection() as connection:
        found = tuple(
            _measured(workspace, connection, claim, taken, day, as_known_today, progress)
            for claim in claims
        )
    updated, moved = _written(workspace.folder, found) if write else ((), ())
    result = Recheck(day, found, bare, updated, moved)
    keep(workspace, "negative", "recheck", day, result)
    return result


def _claims(workspace: Workspace) -> Iterator[Claim]:
    project, loaded = workspace.project, workspace.loaded
    for name, exclusion in sorted(project.exclusions.items()):
        if exclusion.figures is not None:
            origin = loaded.origins.get(("exclusions", name))
            place = origin.place("figures") if origin else f"exclusions/{name}.yaml"
            yield Claim(None, name, place, exclusion.rule, exclusion.figures)
    for icp in sorted(project.icps):
        origin = loaded.origins.get(("icps", icp))
        for at, clause in enumerate(project.icps[icp].criteria):
            if clause.mode is Mode.EXCLUDE and clause.figures is not None:
                place = origin.place("criteria", at) if origin else f"icps/{icp}.yaml"
                yield Claim(icp, clause.name, place, clause.rule, clause.figures)


def _measured(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    claim: Claim,
    taken: dict[str, Taken | str],
    day: date,
    as_known_today: bool,
    progress: Callable[[str], None],
) -> Rechecked:
    names = measure_names(workspace)
    name = measure_in(claim.figures.measure, names)
    if name is None:
        words = f"{claim.figures.measure!r} names no known measure; write one of: "
        return not_understood(claim, words + ", ".join(names), day)
    if name not in taken:
        try:
            taken[name] = take(
                workspace,
                connection,
                name,
                as_of=day,
                as_known_today=as_known_today,
                progress=progress,
            )
        except BullseyeError as error:
            taken[name] = error.problem
    one = taken[name]
    if isinstance(one, str):
        return not_understood(claim, one, day)
    return _again(workspace, claim, one, day)


def _again(workspace: Workspace, claim: Claim, taken: Taken, day: date) -> Rechecked:
    fields = readable_fields(workspace.project, TableName.ACCOUNTS)
    try:
        rule = typed(claim.rule, fields, country=lambda text: country_code(text) or text)
    except DefinitionError as error:
        return not_understood(claim, error.problem, day)
    facts = taken.measured.facts
    if missing := sorted(fields_in(rule) - set(facts)):
        return not_understood(claim, f"its field {missing[0]} was not known to the cases.", day)
    yes, known = answers(rule, facts, day)
    measured_on = (claim.figures.measured_on - date(1970, 1, 1)).days
    new = taken.decided > measured_on
    since = min(int((yes & new).sum()), int((known & ~yes & new).sum())) >= MIN_CASES
    rows = np.flatnonzero(new) if since else np.arange(len(yes))
    ratio = ratio_of(taken.measured.taken(rows), yes[rows], known[rows])
    return rechecked(claim, taken.measure.name, ratio, day, since=since, is_good=taken.is_good)


# -- files ---------------------------------------------------------------------------------


def _written(folder: Path, found: tuple[Rechecked, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    updated, moved = [], []
    for each in found:
        path = folder / each.claim.place.split(":")[0]
        if each.claim.icp is not None or each.ratio is None or not path.is_file():
            continue
        if each.holds in (Holds.CONFIRMED, Holds.WEAKER):
            text = path.read_text(encoding="utf-8")
            path.write_text(refreshed(text, each), encoding="utf-8", newline="\n")
            updated.append(path.relative_to(folder).as_posix())
        elif each.holds is Holds.WITHDRAWN:
            moved.append(_moved(folder, path, each))
    return tuple(updated), tuple(moved)


def refreshed(text: str, each: Rechecked) -> str:
    """Return the text of an exclusion with its new figures; all else stays as it was written."""
    assert each.ratio is not None  # noqa: S101 - only what was measured comes here
    new: dict[str, object] = {"n": each.ratio.n, "measured_on": each.measured_on.isoformat()}
    if each.ratio.value is not None:
        new["times"] = f"{each.ratio.value:.2f}"
    node = yaml.composed(text)
    spans: list[tuple[int, int, str]] = []
    for key, value in getattr(node, "value", ()):
        if key.value == "figures":
            spans += [
                (inner.start_mark.index, inner.end_mark.index, str(new[name.value]))
                for name, inner in value.value
                if name.value in new
            ]
    for start, end, written in sorted(spans, reverse=True):
        text = text[:start] + written + text[end:]
    return text


def _moved(folder: Path, path: Path, each: Rechecked) -> str:
    target = path.parent / WITHDRAWN / path.name
    if target.exists():
        raise InputError(
            f"{target.relative_to(folder)} is there already.",
            hint="Rename or delete it; nothing withdrawn is overwritten.",
        )
    target.parent.mkdir(exist_ok=True)
    words = " ".join(each.sentence.split())
    head = f"# Withdrawn on {each.measured_on}: {words}\n"
    target.write_text(head + path.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    path.unlink()
    return target.relative_to(folder).as_posix()
