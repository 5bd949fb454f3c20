"""Whatever a workspace holds: a forgotten contact is gone, and every other row is as it was."""

import tempfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.conftest import TODAY, World
from tests.segment.forgetting_house import found_in

from bullseye.definitions.field import TableName
from bullseye.segment.identity import FORGOTTEN
from bullseye.segment.run.forgetting import forget
from bullseye.store import audit
from bullseye.store.db import Store
from bullseye.workspace import PRIVATE

IDS = ("1", "7", "17", "X-0017", "003500000AbCd", "7'; DROP TABLE x; --")
EMAILS = ("jane@acme.example", "ann.jane@acme.example", "jane@eu.acme.example", "ñu@bücher.example")
NAMES = ("Jane Roe", "Jané Roe", "Rowena Jane Smith", "李 小龍", "O'Neil [x]", "Bo")
WORDS = ("call", "about", "%", "_", "x@y", "1", "17", "(", "\\", "é", ",", "\n", "Roe")

contacts = st.lists(
    st.fixed_dictionaries(
        {
            "contact_id": st.sampled_from(IDS),
            "email": st.sampled_from(EMAILS),
            "full_name": st.sampled_from(NAMES),
            "account_id": st.sampled_from(["A1", "A2", None]),
            "title": st.sampled_from(["COO", None]),
        }
    ),
    min_size=1,
    max_size=6,
    unique_by=(lambda row: row["contact_id"], lambda row: row["email"], lambda r: r["full_name"]),
)
texts = st.lists(st.sampled_from([*WORDS, *EMAILS, *NAMES, IDS[3], IDS[4]]), max_size=4).map(
    " ".join
)
touches = st.lists(
    st.fixed_dictionaries(
        {
            "contact_id": st.sampled_from([*IDS, None]),
            "account_id": st.sampled_from(["A1", "A2", None]),
            "subject": texts,
            "outcome": st.sampled_from(["reply", None]),
            "occurred_on": st.dates(date(2026, 1, 1), date(2026, 10, 1)),
        }
    ),
    max_size=6,
)
signals = st.lists(
    st.fixed_dictionaries({"account_id": st.just("A1"), "detail": texts}), max_size=3
)


@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(contacts, touches, signals, st.data())
def test_one_contact_goes_and_all_else_stays(
    people: list[dict[str, Any]],
    touched: list[dict[str, Any]],
    happened: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    chosen = data.draw(st.sampled_from(people))
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(Path(folder) / PRIVATE / "store.db") as store,
    ):
        world = World(Path(folder), store)
        world.known([{"account_id": "A1"}, {"account_id": "A2"}])
        world.known(people[:3], table=TableName.CONTACTS)
        world.known(people, table=TableName.CONTACTS, on=TODAY)
        numbered = [{"touch_id": f"T{at}", **row} for at, row in enumerate(touched)]
        if numbered:
            world.known(numbered, table=TableName.TOUCHES)
        if happened:
            world.happened([{"type": "hire", **row} for row in happened])
        before = files(world)
        forget(
            world.workspace,
            [chosen[data.draw(st.sampled_from(["email", "contact_id"]))]],
            reason="asked",
        )
        after = files(world)
        assert_gone(world, chosen)
        assert_others_stay(before, after, chosen)
        assert audit.verify(store) is None


def files(world: World) -> dict[str, list[dict[str, Any]]]:
    folder = world.workspace.warehouse / "batches"
    return {
        path.relative_to(folder).as_posix(): pq.read_table(path).to_pylist()
        for path in sorted(folder.rglob("*.parquet"))
    }


def assert_gone(world: World, chosen: dict[str, Any]) -> None:
    """No address or clear id is left anywhere; no row is theirs, whatever their id is like."""
    world.store.close()
    said = (chosen["email"],)
    if len(chosen["contact_id"]) > 4 and "'" not in chosen["contact_id"]:
        said += (chosen["contact_id"],)
    apart = {"jane@acme.example": "ann.jane@acme.example"}.get(chosen["email"])
    for name, rows in files(world).items():
        for row in rows:
            assert row.get("contact_id") != chosen["contact_id"], name
            cells = [str(value) for value in row.values() if value is not None]
            for text in said:
                assert not any(text in cell.replace(str(apart), "") for cell in cells)
    if apart is None:
        assert found_in(world.folder, said) == []


def assert_others_stay(
    before: dict[str, list[dict[str, Any]]],
    after: dict[str, list[dict[str, Any]]],
    chosen: dict[str, Any],
) -> None:
    """Rows of others are the same; rows about the contact keep day, account and outcome."""
    assert set(before) == set(after)
    for name, rows in before.items():
        table = name.partition("/")[0]
        mine = [row for row in rows if row.get("contact_id") == chosen["contact_id"]]
        others = [row for row in rows if row not in mine]
        if table == "contacts":
            assert after[name] == others
            continue
        assert len(after[name]) == len(rows)
        for old, new in zip(rows, after[name], strict=True):
            changed = {key for key in old if old[key] != new[key]}
            if old in mine and table == "touches":
                assert changed <= {"contact_id", "subject", "account_id"}
                assert "account_id" not in changed or old["account_id"] is None
            else:
                assert all(FORGOTTEN in new[key] for key in changed)
        kept = ("occurred_on", "outcome")
        counted = [
            Counter(tuple(r.get(k) for k in kept) for r in each) for each in (rows, after[name])
        ]
        assert counted[0] == counted[1]
