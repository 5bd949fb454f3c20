"""The benchmark of further imports merges, and stops where a merge is not exact."""

from pathlib import Path

from benchmarks.increments import KINDS, measured


def test_every_merge_is_measured_beside_a_whole_scoring(tmp_path: Path) -> None:
    spent = measured(tmp_path, accounts=2000, further=50, runs=2)
    assert {name: len(each) for name, each in spent.merged.items()} == dict.fromkeys(KINDS, 2)
    assert len(spent.whole) == 2
    assert min(spent.whole) > 0
