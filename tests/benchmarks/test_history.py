"""A year's history is measured on deltas that add up to the scores they stand for."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from benchmarks.history import Pace, differing, kept_files, last_scores, summary, weekly_runs

ACCOUNTS = 4000


def test_deltas_add_up_to_the_newest_scores(tmp_path: Path) -> None:
    weeks = list(weekly_runs(tmp_path, ACCOUNTS, 5, Pace()))
    assert differing(tmp_path) == 0
    assert [week.accounts for week in weeks] == [ACCOUNTS] * 5
    assert len(kept_files(tmp_path)) == 5


def test_only_the_first_delta_is_whole(tmp_path: Path) -> None:
    first, *later = weekly_runs(tmp_path, ACCOUNTS, 4, Pace())
    assert first.changed == ACCOUNTS
    assert all(0 < week.changed < ACCOUNTS // 10 for week in later)
    assert all(week.delta_bytes < first.delta_bytes / 3 for week in later)


def test_a_faster_world_leaves_more_behind(tmp_path: Path) -> None:
    calm = list(weekly_runs(tmp_path / "calm", ACCOUNTS, 3, Pace(0.01, 0.005)))
    fast = list(weekly_runs(tmp_path / "fast", ACCOUNTS, 3, Pace(0.1, 0.05)))
    assert sum(week.changed for week in fast[1:]) > 3 * sum(week.changed for week in calm[1:])


def test_a_lost_delta_is_noticed(tmp_path: Path) -> None:
    list(weekly_runs(tmp_path, ACCOUNTS, 4, Pace(0.1, 0.05)))
    kept_files(tmp_path)[2].unlink()
    assert differing(tmp_path) > 0


@pytest.mark.parametrize("scattered", [False, True])
def test_scattered_ids_name_the_same_number_of_accounts(tmp_path: Path, scattered: bool) -> None:
    list(weekly_runs(tmp_path, ACCOUNTS, 2, Pace(scattered_ids=scattered)))
    ids = pq.read_table(last_scores(tmp_path))["account_id"]
    assert len(ids.unique()) == ACCOUNTS
    assert {len(each) for each in ids.to_pylist()} == {18 if scattered else 11}


def test_the_year_is_one_whole_run_and_51_deltas(tmp_path: Path) -> None:
    weeks = list(weekly_runs(tmp_path, ACCOUNTS, 2, Pace()))
    year = (weeks[0].delta_bytes + 51 * weeks[1].delta_bytes) / 1e6
    assert f"**{year:,.1f}**" in summary(weeks)
