"""Repeated accounts are scored as the accounts they repeat."""

from pathlib import Path

import pyarrow.parquet as pq
from benchmarks.growth import differing, repeated, scored
from benchmarks.inputs import Inputs
from benchmarks.scoring import scores_of

from bullseye.warehouse.connect import connect
from bullseye.warehouse.publish import publish, reading


def test_repeated_accounts_have_the_scores_of_the_first(
    small_world: Inputs, tmp_path: Path
) -> None:
    often = repeated(small_world, tmp_path, 3)
    costs = [scored(inputs, "512MB") for inputs in (small_world, often)]
    assert all(cost.cpu > 0 and cost.memory > 10 for cost in costs)
    scores = pq.read_table(scores_of(often, "ours"))
    assert scores.num_rows == 9000
    assert scores["account_id"].to_pylist() == sorted(scores["account_id"].to_pylist())
    assert differing(small_world, often) == 0

    wrong = f"SELECT * REPLACE (1 - tier_0 AS tier_0) FROM {reading(scores_of(often, 'ours'))}"
    connection = connect(tmp_path / "scratch")
    publish(connection, wrong, tmp_path / "wrong.parquet")
    (tmp_path / "wrong.parquet").replace(scores_of(often, "ours"))
    assert differing(small_world, often) == 9000 / 3
