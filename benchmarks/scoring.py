"""Scoring against the floor and against peers: ``python -m benchmarks.scoring --help``."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.beliefs import Form
from benchmarks.inputs import Inputs, written_inputs
from benchmarks.measuring import Cost, Spread, in_a_process, number, ratios, report, table
from benchmarks.ours import floor, profile, score
from bullseye.warehouse.publish import reading

FLOORS = {Form.PORTABLE: "floor", Form.CODED: "floor-coded"}
MOST_FOR_ONE_PROCESS = 1_000_000
"""The most accounts that pandas, which holds all in memory, and Spark here are given."""
MANY = 10
"""ICPs that are scored at once, beside one."""


@dataclass(frozen=True)
class Contestant:
    """One way to do the work: what it is called, and which floor it is compared with."""

    label: str
    work: Callable[[Inputs, Path], Cost]
    form: Form = Form.PORTABLE
    memory: str | None = None


def _peer(name: str, module: str = "peers") -> Callable[[Inputs, Path], Cost]:
    def work(inputs: Inputs, target: Path) -> Cost:
        found: Callable[[Inputs, Path], Cost] = getattr(import_module(f"benchmarks.{module}"), name)
        return found(inputs, target)

    return work


def _floor(form: Form) -> Callable[[Inputs, Path], Cost]:
    ours = {Form.PORTABLE: "ours", Form.CODED: "ours-coded"}[form]
    return lambda inputs, target: floor(inputs, scores_of(inputs, ours), target, form)


CONTESTANTS: Mapping[str, Contestant] = {
    "floor": Contestant("floor: read the used columns, write the result", _floor(Form.PORTABLE)),
    "ours": Contestant("**Bullseye**", score),
    "ours-512mb": Contestant("Bullseye, `BULLSEYE_MEMORY=512MB`", score, memory="512MB"),
    "ours-ten-icps": Contestant(
        f"Bullseye, {MANY} ICPs", lambda inputs, target: score(inputs, target, icps=MANY)
    ),
    "floor-coded": Contestant("floor, coded accounts", _floor(Form.CODED), Form.CODED),
    "ours-coded": Contestant(
        "**Bullseye, coded accounts**",
        lambda inputs, target: score(inputs, target, Form.CODED),
        Form.CODED,
    ),
    "naive-sql": Contestant("SQL as first written, DuckDB", _peer("naive_sql")),
    "polars": Contestant("Polars, streaming", _peer("polars_streaming")),
    "pandas": Contestant("pandas", _peer("pandas_frames")),
    "spark": Contestant("our statement on Spark, local, 2 cores", _peer("spark_local", "spark")),
}
"""In the order they run in every round."""


def scores_of(inputs: Inputs, name: str) -> Path:
    """Return where a contestant leaves its result."""
    return inputs.folder / f"scores-{name}.parquet"


def rounds(inputs: Inputs, names: Sequence[str], runs: int) -> dict[str, list[Cost]]:
    """Run every contestant `runs` times, in turn, each run in a process of its own.

    The floors need a result to write, so ours runs once before, uncounted.
    """
    for form, name in ((Form.PORTABLE, "ours"), (Form.CODED, "ours-coded")):
        if FLOORS[form] in names:
            _run(inputs, name)
    costs: dict[str, list[Cost]] = {name: [] for name in names}
    for _ in range(runs):
        for name in names:
            costs[name].append(_run(inputs, name))
    return costs


def _run(inputs: Inputs, name: str) -> Cost:
    memory = CONTESTANTS[name].memory
    return in_a_process(
        "benchmarks.scoring",
        "--only",
        name,
        "--folder",
        str(inputs.folder),
        environment={"BULLSEYE_MEMORY": memory} if memory else None,
    )


def differing(inputs: Inputs, names: Sequence[str]) -> dict[str, int]:
    """Return per contestant how many accounts have another tier or status than ours gives."""
    found = {}
    for name in names:
        suffix = "_0" if name.startswith("ours") else ""
        if name.startswith("floor") or name == "ours":
            continue
        found[name] = number(
            f"SELECT count(*) FROM {reading(scores_of(inputs, 'ours'))} AS o"
            f" FULL JOIN {reading(scores_of(inputs, name))} AS t USING (account_id)"
            f" WHERE o.tier_0 IS DISTINCT FROM t.tier{suffix}"
            f" OR o.status_0 IS DISTINCT FROM t.status{suffix}"
        )
    return found


def result_table(costs: Mapping[str, Sequence[Cost]]) -> str:
    """Return the table of a series of rounds: seconds, memory, and times the floor."""
    rows = []
    for name, runs in costs.items():
        contestant = CONTESTANTS[name]
        is_floor = name in FLOORS.values()
        times = ratios(runs, costs[FLOORS[contestant.form]])
        rows.append(
            (
                contestant.label,
                Spread.of([run.cpu for run in runs]).text(),
                Spread.of([run.wall for run in runs]).text(),
                "" if is_floor else f"{max(run.memory for run in runs):,.0f}",
                "1" if is_floor else times.text(),
            )
        )
    return table(("", "CPU s", "wall s", "peak MB", "x floor"), rows)


def parts_line(costs: Sequence[Cost]) -> str:
    """Return the middle CPU seconds of every part, in a line."""
    parts = {name: [cost.parts[name] for cost in costs] for name in costs[0].parts}
    return ", ".join(f"{name} {Spread.of(spent).middle:.3f}" for name, spent in parts.items())


def compare(folder: Path, accounts: int, runs: int, names: Sequence[str]) -> dict[str, int]:
    """Measure, print, and return how many accounts each contestant judged otherwise."""
    inputs = written_inputs(folder, accounts)
    costs = rounds(inputs, names, runs)
    print(f"\n## {accounts:,} accounts, {runs} runs\n\n{result_table(costs)}\n")
    for name in ("floor", "ours"):
        if name in costs:
            print(f"- {name}, CPU s: {parts_line(costs[name])}")
    if {"ours", "ours-ten-icps"} <= set(costs):
        print(f"- {MANY} ICPs: {ratios(costs['ours-ten-icps'], costs['ours']).text()} x one")
    if "ours" in costs:
        spent = profile(inputs, folder / "profiled.parquet")
        where = ", ".join(f"{name} {seconds:.2f}" for name, seconds in spent[:6])
        print(f"- ours by operator, seconds on one thread: {where}")
        size = scores_of(inputs, "ours").stat().st_size
        print(f"- result: {size / 1e6:,.1f} MB")
    return differing(inputs, names)


def main() -> None:
    """Read the command line and measure; exit 1 where results are not the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=__doc__)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1_000_000], help="sizes")
    parser.add_argument("--runs", type=int, default=5, help="rounds per size")
    parser.add_argument("--names", nargs="+", choices=CONTESTANTS, help="contestants; all")
    parser.add_argument("--only", choices=CONTESTANTS, help="one measurement over --folder")
    parser.add_argument("--folder", type=Path, help="where the tables are, or are made and kept")
    given = parser.parse_args()
    if given.only:
        inputs = Inputs(given.folder)
        report(CONTESTANTS[given.only].work(inputs, scores_of(inputs, given.only)))
        return
    wrong: dict[str, int] = {}
    for accounts in given.accounts:
        names = [
            name
            for name in given.names or CONTESTANTS
            if name not in ("pandas", "spark") or accounts <= MOST_FOR_ONE_PROCESS
        ]
        with TemporaryDirectory(dir=given.folder, prefix="bullseye-benchmark-") as folder:
            wrong |= {
                k: v for k, v in compare(Path(folder), accounts, given.runs, names).items() if v
            }
    if wrong:
        listed = ", ".join(f"{name}: {count:,} accounts" for name, count in wrong.items())
        raise SystemExit(f"Not the same tiers as ours: {listed}")
    print("- every contestant gave every account the same tier and status")


if __name__ == "__main__":
    main()
