"""The benchmark of further signals merges, and stops where a merge is not exact."""

from pathlib import Path

from benchmarks.increments import measured


def test_every_merge_is_measured_beside_a_whole_scoring(tmp_path: Path) -> None:
    spent = measured(tmp_path, accounts=2000, further=50, runs=2)
    assert (len(spent.whole), len(spent.merged)) == (2, 2)
    assert min(spent.whole + spent.merged) > 0
