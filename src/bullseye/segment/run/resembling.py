"""Find the accounts of a workspace that are most like a list."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.field import TableName
from bullseye.definitions.known import readable_fields
from bullseye.definitions.rule import fields_in
from bullseye.definitions.typed import typed
from bullseye.errors import DefinitionError, NotEnoughEvidence
from bullseye.keeping import keep
from bullseye.segment.lookalikes import (
    LEAST_LISTED,
    Likeness,
    Lookalike,
    learned,
    most_alike,
)
from bullseye.segment.run.asking import asked_of
from bullseye.segment.run.money import latest_state
from bullseye.segment.segmentation import segmentations
from bullseye.stats.survival import YES
from bullseye.warehouse.answers import answers
from bullseye.warehouse.cases import fact_fields
from bullseye.warehouse.countries import country_code
from bullseye.warehouse.facts import Fact, read_facts
from bullseye.warehouse.guard import Sign
from bullseye.warehouse.publish import reading
from bullseye.warehouse.state import State
from bullseye.workspace import Workspace

Bools = NDArray[np.bool_]

RESEMBLE = "lookalikes resemble the list; that they do what it did is not shown by this"


@dataclass(frozen=True)
class Lookalikes:
    """The accounts most like a list, as known on `as_of`; none where likeness tells nothing.

    `listed` accounts make the list; `customers` and `excluded` accounts were left out of the
    answer; `refused` fields of the reasons.
    """

    as_of: date
    of: str
    likeness: Likeness
    found: tuple[Lookalike, ...]
    listed: int
    customers: int
    excluded: int
    refused: tuple[str, ...]
    caution: str = RESEMBLE


def lookalikes(
    workspace: Workspace,
    *,
    listed: Collection[str] | None = None,
    of: str = "won",
    limit: int = 50,
    as_of: date | None = None,
    seed: int = 0,
    progress: Callable[[str], None] = lambda _: None,
) -> Lookalikes:
    """Return the accounts most like a list that are neither customers nor excluded.

    Parameters
    ----------
    workspace, as_of, progress
        Whose accounts, as known on which day; `progress` is told what is read.
    limit
        At most so many accounts.
    seed
        Of the parts that likeness is tested on.
    listed
        The accounts of the list; those that were won where absent. Fields that winning may have
        filled in are then refused.
    of
        What the list is called.

    Raises
    ------
    NotEnoughEvidence
        If fewer than 20 accounts are in the list, or no others are known.
    """
    day = as_of or workspace.today
    refused: tuple[str, ...] = ()
    ours = set(listed or ())
    with workspace.connection() as connection:
        if listed is None:
            asked = asked_of(
                workspace,
                connection,
                "won",
                as_of=day,
                as_known_today=True,
                tolerate=(Sign.ADDS_ALONE,),  # a strong fact is a fine reason to resemble
                progress=progress,
            )
            won = asked.columns.account[asked.columns.state == YES]
            ours = {asked.columns.account_ids[at] for at in won}
            allowed, refused = set(asked.columns.facts), asked.refused
        state = latest_state(workspace, connection, day)
        accounts = reading(state.accounts)
        fields = fact_fields(workspace.project)
        facts = every = read_facts(connection, accounts, fields, order="account_id")
        rows = connection.execute(
            f"SELECT account_id, name FROM {accounts} ORDER BY account_id"
        ).fetchall()
        customers = _customers(connection, state)
    if listed is None:
        facts = {name: fact for name, fact in facts.items() if name in allowed}
    ids = [row[0] for row in rows]
    in_list = np.array([each in ours for each in ids], dtype=bool)
    is_customer = np.array([each in customers for each in ids], dtype=bool)
    is_excluded = _excluded(workspace, every, len(ids), day)
    divisions = segmentations(facts)
    model = learned(divisions, in_list, seed=seed)
    if model is None:
        raise NotEnoughEvidence(
            f"{int(in_list.sum()):,} of the {len(ids):,} accounts are in the list: at least"
            f" {LEAST_LISTED} in it and outside it are needed to tell what is alike.",
            hint="Name a longer list with --of FILE, or import more accounts.",
        )
    eligible = ~is_customer & ~is_excluded
    names = [row[1] for row in rows]
    alike = (
        most_alike(model, divisions, in_list, eligible, ids, names, limit=limit)
        if model.likeness.tells
        else ()
    )
    result = Lookalikes(
        day,
        of,
        model.likeness,
        alike,
        int(in_list.sum()),
        int((is_customer & ~in_list).sum()),
        int((is_excluded & ~is_customer & ~in_list).sum()),
        refused,
    )
    keep(workspace, "lookalikes", of, day, result)
    return result


def _customers(connection: duckdb.DuckDBPyConnection, state: State) -> set[str]:
    """Return who is or was a customer: a subscription, or an opportunity that was won."""
    subscriptions = reading(state.table(TableName.SUBSCRIPTIONS))
    opportunities = reading(state.table(TableName.OPPORTUNITIES))
    rows = connection.execute(
        f"SELECT account_id FROM {subscriptions} WHERE account_id IS NOT NULL UNION"
        f" SELECT account_id FROM {opportunities}"
        " WHERE account_id IS NOT NULL AND lower(outcome) = 'won' UNION"
        f" SELECT account_id FROM {reading(state.accounts)} WHERE is_customer"
    ).fetchall()
    return {row[0] for row in rows}


def _excluded(workspace: Workspace, facts: dict[str, Fact], n: int, day: date) -> Bools:
    """Return which accounts an exclusion of the workspace refuses."""
    fields = readable_fields(workspace.project, TableName.ACCOUNTS)
    refused = np.zeros(n, dtype=bool)
    for exclusion in workspace.project.exclusions.values():
        try:
            rule = typed(exclusion.rule, fields, country=lambda text: country_code(text) or text)
        except DefinitionError:
            continue
        if fields_in(rule) <= set(facts):
            refused |= answers(rule, facts, day).yes
    return refused
