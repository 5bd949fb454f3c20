"""The worklist: its chances are those of trying every known value."""

from collections import defaultdict
from dataclasses import asdict

import pytest

from bullseye.prioritize import run as prioritize

FIELDS = ("employees", "country", "is_hiring")


def small_world(world):
    """Forty accounts: all fields known of 31, gaps in the others."""
    world.icp(
        "b2b",
        {"rule": {"employees": {"between": [50, 500]}}, "points": 40},
        {"rule": {"employees": {"over": 1000}}, "points": -20},
        {"rule": {"country": ["DE", "AT"]}, "points": 25},
        {"rule": {"is_hiring": True}, "points": 15},
        {"rule": {"country": "RU"}, "mode": "exclude", "because": "We cannot be paid there."},
        {"rule": {"employees": {"over": 5}}, "mode": "require", "when_unknown": "admit"},
        min_coverage=0.3,
    )
    sizes, countries = (1, 20, 60, 300, 2000), ("DE", "AT", "FR", "RU")
    rows = [
        {
            "account_id": f"a{n:02}",
            "employees": sizes[n % 5],
            "country": countries[n * 7 % 4],
            "is_hiring": n % 3 == 0,
            "expected_acv": 1000.0 * n,
        }
        for n in range(40)
    ]
    for n, row in enumerate(rows[31:]):
        for at, name in enumerate(FIELDS):
            if (n + 1) >> at & 1:
                row[name] = None
    return rows


def tiers(world) -> dict[str, str | None]:
    return {t.account_id: t.tier for t in prioritize.targets(world.workspace)}


def test_the_chances_are_those_of_trying_every_known_value(world):
    rows = small_world(world)
    world.known(rows)
    prioritize.score(world.workspace)
    now = tiers(world)
    with prioritize.opened(world.workspace) as run:
        ((_, listed),) = prioritize.worklists(run)
    next_fields = {t.account_id: (t.fill_next, t.fill_chance)
                   for t in prioritize.targets(world.workspace)}  # fmt: skip
    tried = [
        {**row, name: donor[name], "account_id": f"{row['account_id']}|{name}|{at}"}
        for name in FIELDS
        for row in rows
        for at, donor in enumerate(rows)
        if row[name] is None and donor[name] is not None
    ]
    world.known(tried, source="tried")
    prioritize.score(world.workspace)
    outcomes: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for key, tier in tiers(world).items():
        if "|" in key:
            account, name, _ = key.split("|")
            outcomes[account, name].append(tier != now[account])
    chances = {key: sum(changed) / len(changed) for key, changed in outcomes.items()}
    for name, unknown in ((each.field, each) for each in listed):
        mine = {account: c for (account, field), c in chances.items() if field == name and c}
        assert unknown.unknown_count == len(mine)
        assert unknown.expected_changes == pytest.approx(sum(mine.values()))
        worth = sum(c * 1000.0 * int(account[1:]) for account, c in mine.items())
        assert unknown.expected_value == pytest.approx(worth)
        assert unknown.known_count == sum(row[name] is not None for row in rows)
    assert {each.field for each in listed} == {name for (_, name), c in chances.items() if c}
    for account in now:
        best = max((c, field) for (a, field), c in chances.items() if a == account) if any(
            a == account and c for (a, _), c in chances.items()
        ) else (None, None)  # fmt: skip
        assert next_fields[account][1] == pytest.approx(best[0])
    assert sum(each.next_count for each in listed) == sum(c is not None for _, c in
                                                          next_fields.values())  # fmt: skip


def test_equal_chances_are_told_apart_by_name_every_time(world):
    world.icp(
        "b2b", *({"rule": {name: True}, "points": 50} for name in ("is_hiring", "is_customer"))
    )
    world.known([
        *({"account_id": f"k{n}", "is_hiring": n % 2 == 0, "is_customer": n % 2 == 1}
          for n in range(60)),
        {"account_id": "gap"},
    ])  # fmt: skip
    prioritize.score(world.workspace)
    with prioritize.opened(world.workspace) as run:
        first, second = (prioritize.worklists(run) for _ in range(2))
    assert first == second
    (target,) = (t for t in prioritize.targets(world.workspace) if t.account_id == "gap")
    assert target.fill_next == "is_customer"
    assert [asdict(row)["next_count"] for row in first[0].rows] == [1, 0]


def test_a_field_hardly_known_has_no_chance_to_tell(world):
    world.icp("b2b", {"rule": {"is_hiring": True}, "points": 50})
    world.known([{"account_id": "gap"},
                 *({"account_id": f"k{n}", "is_hiring": True} for n in range(29))])  # fmt: skip
    prioritize.score(world.workspace)
    with prioritize.opened(world.workspace) as run:
        assert prioritize.worklists(run)[0].rows == ()
