"""Right role: yes, nobody yet, or not known because no contact is on file."""

from typing import Any

import pytest

from bullseye.definitions.field import TableName
from bullseye.definitions.tier import Tier
from bullseye.prioritize import run as prioritize

SIZE = {"name": "size", "points": 10, "rule": {"employees": {"at_least": 100}}}


@pytest.fixture
def three(world: Any) -> Any:
    """Three accounts of the best tier that raised money today."""
    world.icp("north", SIZE)
    world.signal("raised")
    world.define("personas", "buyer", who={"title": {"contains": "Operations"}})
    world.known([{"account_id": each, "employees": 200} for each in "abc"])
    world.happened([{"account_id": each, "type": "raised"} for each in "abc"])
    return world


def roles(world: Any) -> dict[str, tuple[bool | None, str, bool | None]]:
    prioritize.score(world.workspace)
    found = prioritize.targets(world.workspace)
    return {t.account_id: (t.has_role, t.role, t.is_bullseye) for t in found}


def contacts(world: Any, *rows: tuple[str, str | None]) -> None:
    named = [
        {"contact_id": f"p{at}", "account_id": account, "title": title}
        for at, (account, title) in enumerate(rows)
    ]
    world.known(named, table=TableName.CONTACTS, source="people")


def test_an_account_without_a_contact_on_file_is_unknown_not_no(three: Any) -> None:
    contacts(three, ("a", "VP Operations"), ("a", "Clerk"), ("b", "Clerk"), ("b", None))
    assert roles(three) == {
        "a": (True, "yes", True),
        "b": (False, "nobody yet", False),
        "c": (None, "no contact on file", None),
    }


def test_without_any_contact_every_role_is_unknown(three: Any) -> None:
    assert roles(three) == dict.fromkeys("abc", (None, "no contact on file", None))


def test_without_a_persona_no_role_can_be_told(three: Any) -> None:
    three.kinds.pop("personas")
    contacts(three, ("a", "VP Operations"))
    unknown = (None, "no contact on file", None)
    assert roles(three) == {"a": (None, "no persona", None), "b": unknown, "c": unknown}


def test_accounts_are_reached_out_of_those_with_a_contact_on_file(three: Any) -> None:
    contacts(three, ("a", "VP Operations"), ("b", "Clerk"))
    prioritize.score(three.workspace)
    with prioritize.opened(three.workspace) as run:
        counts = prioritize.persona_counts(three.workspace, run) or []
    best = [(c.persona, c.accounts, c.known, c.reached) for c in counts if c.tier is Tier.T1]
    assert best == [(None, 3, 2, 1), ("buyer", 3, 2, 1)]
