"""Merging as a property: it can be undone to the byte, and its order does not matter."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bullseye.definitions.field import TableName
from bullseye.definitions.project import Settings
from bullseye.errors import DefinitionError, UnknownName, UsageError
from bullseye.store import merges
from bullseye.store.merges import NewMerge
from bullseye.warehouse.decisions import Decisions, Merged
from bullseye.warehouse.state import build_state

ACCOUNTS = TableName.ACCOUNTS
IDS = "abcde"
DAYS = (date(2026, 1, 5), date(2026, 2, 5))


@pytest.fixture
def firms(world: Any) -> Any:
    """Five records of two imports, some fields known of each, and who speaks of them."""
    for day in DAYS:
        rows = [
            {
                "account_id": one,
                "name": f"Firm {one}" + " Limited" * (at % 2),
                "employees": None if at == 1 else 10 * at + day.month,
                "country": "DE" if at < 3 else "FR",
                "technologies": [one, "SAP"] if at % 2 else None,
                "is_customer": at == 4,
                "parent_account_id": IDS[at - 1] if at else None,
                "known_on": day if at != 2 else DAYS[0],
            }
            for at, one in enumerate(IDS)
        ]
        world.known(rows, on=day)
    people = [{"contact_id": one, "account_id": one, "phone": one} for one in IDS]
    world.known(people, table=TableName.CONTACTS, source="people")
    world.happened([{"type": "news", "account_id": one} for one in IDS])
    return world


def built(world: Any, folder: Path, merged: Sequence[Merged], **stated: str) -> dict[str, str]:
    """Return the hash of every table of a state built anew with these merges."""
    workspace = world.workspace
    setting = Settings.model_validate({"survivorship": {"accounts": stated}})
    project = type(world.project)(settings=setting, **world.kinds)
    with workspace.connection() as connection:
        decisions = Decisions(merged=tuple(merged))
        build_state(connection, project, workspace.batches(), world.today, folder, None, decisions)
    return {p.name: sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.parquet"))}


def account(world: Any, folder: Path, merged: Sequence[Merged], **stated: str) -> dict[str, Any]:
    """Return the account that stays."""
    built(world, folder, merged, **stated)
    with world.workspace.connection() as connection:
        path = folder / "accounts.parquet"
        found = connection.sql(f"SELECT * FROM '{path}'").to_arrow_table().to_pylist()
    return next(row for row in found if row["account_id"] == merged[0].survivor_id)


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_order_and_the_shape_of_merges_do_not_matter(firms, tmp_path_factory, data):
    """Whether b and c go into a one by one, at once, or c through b: the same bytes."""
    a, b, c = data.draw(st.permutations(IDS))[:3]
    one_by_one = [Merged(ACCOUNTS, a, (b,)), Merged(ACCOUNTS, a, (c,))]
    chain = data.draw(st.permutations([Merged(ACCOUNTS, b, (c,)), Merged(ACCOUNTS, a, (b,))]))
    shapes = [one_by_one, chain, [Merged(ACCOUNTS, a, (c, b))]]
    found = [built(firms, tmp_path_factory.mktemp("state"), shape) for shape in shapes]
    assert found[0] == found[1] == found[2]
    assert found[0] != built(firms, tmp_path_factory.mktemp("state"), [])


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_taking_all_merges_back_in_any_order_gives_the_bytes_of_before(
    firms, tmp_path_factory, data
):
    def now() -> dict[str, str]:
        held = firms.workspace.decisions().merged
        return built(firms, tmp_path_factory.mktemp("state"), held)

    before = now()
    for _ in range(data.draw(st.integers(1, 4))):
        one, *others = data.draw(st.lists(st.sampled_from(IDS), min_size=2, unique=True))
        with suppress(UsageError):  # a circle, or merged already
            merge = NewMerge(
                table="accounts",
                survivor_id=one,
                other_ids=tuple(others),
                author="rita",
                reason="the same",
                created_at=firms.workspace.now(),
            )
            merges.add(firms.store, merge)
    assert now() != before
    held = merges.active(firms.store)
    for each in data.draw(st.permutations(held)):
        merges.withdraw(firms.store, each.id, at=firms.workspace.now(), actor="rita")
    assert now() == before


@pytest.mark.parametrize(
    ("stated", "name", "employees"),
    [
        ({}, "Firm a", 2),
        ({"name": "longest"}, "Firm b Limited", 2),
        ({"employees": "newest known"}, "Firm a", 2),
        ({"employees": "most frequent"}, "Firm a", 2),
        ({"employees": "source priority"}, "Firm a", 2),
    ],
)
def test_a_stated_rule_says_which_value_survives(firms, tmp_path, stated, name, employees):
    left = account(firms, tmp_path, [Merged(ACCOUNTS, "a", ("b", "e"))], **stated)
    assert (left["name"], left["employees"]) == (name, employees)
    assert left["is_customer"] is True
    assert left["technologies"] == ["SAP", "b"]


def test_what_the_survivor_does_not_know_is_the_newest_that_another_does(firms, tmp_path):
    left = account(firms, tmp_path, [Merged(ACCOUNTS, "b", ("c", "d"))])
    assert left["employees"] == 32  # d of February, not c of January


@pytest.mark.parametrize(
    ("stated", "error"),
    [
        ({"technologies": "longest"}, DefinitionError),
        ({"employees": "any yes"}, DefinitionError),
        ({"emploees": "longest"}, UnknownName),
    ],
)
def test_a_rule_that_does_not_suit_its_field_is_refused(firms, tmp_path, stated, error):
    with pytest.raises(error):
        built(firms, tmp_path, [Merged(ACCOUNTS, "a", ("b",))], **stated)
