"""The benchmark compares like with like: the same work, the same answers, the right floor."""

import duckdb
import pyarrow.parquet as pq
import pytest
from benchmarks import ours, peers
from benchmarks.beliefs import Form
from benchmarks.inputs import Inputs
from benchmarks.measuring import Cost, Spread, number, ratios
from benchmarks.scoring import CONTESTANTS, FLOORS, differing, result_table, rounds, scores_of

from bullseye.warehouse.publish import publish, reading


@pytest.fixture(scope="module")
def scored(small_world: Inputs) -> Inputs:
    ours.score(small_world, scores_of(small_world, "ours"))
    return small_world


@pytest.mark.parametrize("name", ["naive-sql", "polars", "pandas", "ours-coded", "ours-ten-icps"])
def test_every_contestant_gives_every_account_our_tier(scored: Inputs, name: str) -> None:
    CONTESTANTS[name].work(scored, scores_of(scored, name))
    assert differing(scored, [name]) == {name: 0}


@pytest.mark.parametrize("work", [peers.polars_streaming, peers.pandas_frames])
def test_peers_find_our_signal_strength_and_strongest_signal(scored: Inputs, work) -> None:
    work(scored, scored.folder / "peer.parquet")
    other = number(
        f"SELECT count(*) FROM {reading(scores_of(scored, 'ours'))}"
        f" JOIN {reading(scored.folder / 'peer.parquet')} USING (account_id)"
        " WHERE strength_0 <> strength OR live_0 <> live OR why_0 IS DISTINCT FROM why"
    )
    assert other == 0


def test_the_benchmark_gives_every_tier_and_status_it_could(scored: Inputs) -> None:
    scores = pq.read_table(scores_of(scored, "ours"))
    assert set(scores["tier_0"].to_pylist()) == {1, 2, 3, 4}
    assert set(scores["status_0"].to_pylist()) == {0, 1, 3}


def rewritten(scored: Inputs, name: str, select: str) -> None:
    with duckdb.connect() as connection:
        ours = reading(scores_of(scored, "ours"))
        publish(connection, f"SELECT {select.format(ours=ours)}", scores_of(scored, name))


def test_a_wrong_tier_is_counted(scored: Inputs) -> None:
    wrong = "CASE WHEN row_number() OVER () <= 7 THEN 9 ELSE tier_0 END AS tier"
    rewritten(scored, "polars", f"account_id, {wrong}, status_0 AS status FROM {{ours}}")
    assert differing(scored, ["polars"]) == {"polars": 7}


def test_an_account_left_out_is_counted(scored: Inputs) -> None:
    less = "account_id, tier_0 AS tier, status_0 AS status FROM {ours} OFFSET 3"
    rewritten(scored, "pandas", less)
    assert differing(scored, ["pandas"]) == {"pandas": 3}


@pytest.mark.parametrize("form", list(Form))
def test_the_floor_writes_the_rows_of_the_result(scored: Inputs, target, form: Form) -> None:
    scores = scores_of(scored, "ours")
    cost = ours.floor(scored, scores, target, form)
    assert pq.read_table(target).to_pylist() == pq.read_table(scores).to_pylist()
    assert set(cost.parts) == {"accounts", "signals", "write"}
    assert cost.cpu == pytest.approx(sum(cost.parts.values()))


def test_ratios_compare_each_run_with_the_floor_of_its_round() -> None:
    runs = [Cost(cpu=2.0), Cost(cpu=9.0), Cost(cpu=8.0)]
    floors = [Cost(cpu=1.0), Cost(cpu=3.0), Cost(cpu=2.0)]
    assert ratios(runs, floors) == Spread(2.0, 3.0, 4.0)


def test_the_table_has_a_ratio_for_all_but_the_floors() -> None:
    costs = {
        "floor": [Cost(cpu=1.0, wall=1.0, memory=100)],
        "floor-coded": [Cost(cpu=0.5, wall=1.0, memory=100)],
        "ours": [Cost(cpu=3.0, wall=2.0, memory=1234.4)],
        "ours-coded": [Cost(cpu=2.0, wall=2.0, memory=900)],
    }
    lines = result_table(costs).splitlines()[2:]
    assert [line.split("|")[-2].strip() for line in lines] == ["1", "1", "3.00", "4.00"]
    assert "1,234" in lines[2]


def test_every_run_is_a_process_of_its_own(small_world: Inputs) -> None:
    costs = rounds(small_world, ["floor", "ours"], runs=1)
    assert {name: len(runs) for name, runs in costs.items()} == {"floor": 1, "ours": 1}
    assert all(runs[0].cpu > 0 and runs[0].memory > 10 for runs in costs.values())
    assert set(costs) <= {*FLOORS.values(), "ours"}


def test_the_profile_names_the_reads_and_the_write(scored: Inputs, target) -> None:
    names = [name for name, _ in ours.profile(scored, target)]
    assert any("SCAN" in name for name in names)
    assert any("COPY" in name for name in names)
