"""How many job changes are found in a demo workspace, and how often rightly.

``bullseye demo DIR --accounts 5000 --seed 3 && python -m benchmarks.moves DIR 5000 3``
"""

import argparse
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from benchmarks.measuring import table
from bullseye.demo.contact_exports import contact_ids
from bullseye.demo.simulate import Block, day_number, simulated_blocks
from bullseye.stats.proportions import wilson
from bullseye.synthesize.run.role_reading import state_on
from bullseye.warehouse.moves import JobChange, job_changes
from bullseye.workspace import Workspace

Pair = tuple[str, str]
"""The new record and the old one."""


def true_moves(accounts: int, seed: int, today: date) -> tuple[dict[Pair, date], set[Pair]]:
    """Return who moved by a day, with the day, and those of them who have a public profile."""
    found: dict[Pair, date] = {}
    profiled = set()
    for block in simulated_blocks(accounts, seed, today):
        for pair, day, has_profile in _moved(block, day_number(today)):
            found[pair] = date(1970, 1, 1) + timedelta(days=day)
            if has_profile:
                profiled.add(pair)
    return found, profiled


def _moved(block: Block, today: int) -> list[tuple[Pair, int, bool]]:
    people = block.contacts
    ids = contact_ids(block.number, np.arange(len(people))).to_pylist()
    records: dict[int, list[int]] = {}
    for at, who in enumerate(people.person.tolist()):
        records.setdefault(who, []).append(at)
    return [
        ((ids[new], ids[old]), int(people.created_day[new]), bool(who % 3))
        for who, (old, *later) in records.items()
        for new in later
        if people.account[new] != people.account[old] and people.created_day[new] <= today
    ]


def summary(found: list[JobChange], true: dict[Pair, date], profiled: set[Pair]) -> str:
    """Return the table of what was found, with intervals."""
    sure = {(each.contact_id, each.old_contact_id): each for each in found if not each.review}
    right = sure.keys() & true.keys()
    review = {(each.contact_id, each.old_contact_id) for each in found if each.review}
    held = [
        pair
        for pair in right
        if (sure[pair].after is None or sure[pair].after < true[pair])  # type: ignore[operator]
        and true[pair] <= sure[pair].until
    ]
    rows = [
        ("moves without review that are right", len(right), len(sure)),
        ("moves found without review, of all", len(right), len(true)),
        ("the same, of those with a profile", len(right & profiled), len(profiled)),
        ("moves to review that are right", len(review & true.keys()), len(review)),
        ("the interval holds the day", len(held), len(right)),
    ]
    return table(
        ("", "n", "share, 95 % interval"),
        [(what, f"{count:,} of {n:,}", _share(count, n)) for what, count, n in rows],
    )


def _share(count: int, n: int) -> str:
    share = wilson(count, n)
    return f"{share.share:.3f} ({share.low:.3f}-{share.high:.3f})"


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.moves", description=__doc__)
    parser.add_argument("workspace", type=Path, help="a demo workspace")
    parser.add_argument("accounts", type=int, help="the number of accounts it was made with")
    parser.add_argument("seed", type=int, help="the seed it was made with")
    given = parser.parse_args()
    workspace = Workspace.open(given.workspace)
    true, profiled = true_moves(given.accounts, given.seed, workspace.today)
    with workspace.connection() as connection:
        state = state_on(workspace, connection, workspace.today)
        found = job_changes(connection, workspace.project, workspace.batches(), state)
    print(summary(found, true, profiled))
    workspace.store.close()


if __name__ == "__main__":
    main()
