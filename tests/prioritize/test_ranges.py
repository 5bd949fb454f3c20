"""Scoring range by range gives what scoring all at once gives."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.beliefs import TODAY, project
from benchmarks.inputs import Inputs, written_inputs

from bullseye.definitions.project import Project
from bullseye.prioritize import run as prioritize
from bullseye.prioritize.scores import Scoring, load_weights
from bullseye.warehouse.publish import file_hash, publish_rows, reading


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    """Three thousand accounts in row groups of 400."""
    inputs = written_inputs(tmp_path_factory.mktemp("ranges"), 3000)
    for path in (inputs.accounts(), inputs.signals):
        pq.write_table(pq.read_table(path), path, row_group_size=400)
    return inputs


@pytest.mark.parametrize("threads", [1, 2])
def test_ranges_leave_no_trace_in_the_file(inputs: Inputs, tmp_path: Path, threads: int) -> None:
    scoring, hashes = Scoring.of(project(), TODAY), set()
    earlier = (
        f"(SELECT account_id, CAST(1 AS SMALLINT) AS tier_0 FROM {reading(inputs.accounts())})"
    )
    with duckdb.connect(config={"threads": threads}) as connection:
        load_weights(connection, scoring.project)
        for rows in (400, 1000, 5000):
            parts = scoring.parts(connection, inputs.accounts(), inputs.signals, earlier, rows)
            target = tmp_path / f"{rows}.parquet"
            assert publish_rows(parts, target, varied=scoring.varied) == 3000
            hashes.add(file_hash(target))
    assert len(hashes) == 1
    scores = pq.read_table(tmp_path / "400.parquet")
    assert scores["account_id"].to_pylist() == sorted(scores["account_id"].to_pylist())
    assert pa.compute.sum(scores["strength_0"]).as_py() > 0


def of_families(hierarchy: dict[str, Any]) -> Project:
    beliefs = project()
    icp = beliefs.icps["benchmark"]
    shaped = type(icp).model_validate({**icp.model_dump(), "hierarchy": hierarchy})
    return replace(beliefs, icps={"benchmark": shaped})


@pytest.mark.parametrize(
    "hierarchy", [{"inherit": ["revenue"]}, {"signals_from_subsidiaries": True}]
)
def test_profiles_that_look_at_other_accounts_are_scored_at_once(
    inputs: Inputs, hierarchy: dict[str, Any]
) -> None:
    assert len(Scoring.of(project(), TODAY).ranges(inputs.accounts(), 400)) > 5
    scoring = Scoring.of(of_families(hierarchy), TODAY)
    assert len(scoring.ranges(inputs.accounts(), 400)) == 1


def test_an_account_scored_anew_still_inherits_from_a_parent_that_is_not(world: Any) -> None:
    world.icp(
        "north",
        {"points": 10, "rule": {"industry": "Fintech"}},
        hierarchy={"inherit": ["industry"]},
    )
    world.signal("raised")
    world.tiers({"tier": "T1", "fit": 50, "signal_strength": 30}, {"tier": "T2", "fit": 50})
    world.known(
        [
            {"account_id": "parent", "industry": "Fintech"},
            {"account_id": "child", "parent_account_id": "parent"},
        ]
    )
    world.happened([{"account_id": "parent", "type": "raised", "signal_id": "s1"}])
    prioritize.score(world.workspace)
    world.happened([{"account_id": "child", "type": "raised", "signal_id": "s2"}])
    done = prioritize.score(world.workspace).run
    tiers = {target.account_id: target.tier for target in prioritize.targets(world.workspace)}
    assert tiers == {"parent": "T1", "child": "T1"}
    assert prioritize.replay(world.workspace, done.id).identical
