"""Backtest and drift on whole worlds: the demo's planted and null ones, and real snapshots.

python -m benchmarks.backtest_worlds --worlds 3 --accounts 1500
BULLSEYE_TEST_DATA=../data python -m benchmarks.backtest_worlds --worlds 0 --snapshots
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import dedent

from bullseye import pipeline
from bullseye.definitions.field import TableName
from bullseye.definitions.starter import Starter, write_starter
from bullseye.pipeline.proving import backtest
from bullseye.pipeline.watching import drift
from bullseye.segment import run as segment
from bullseye.validate.run import Backtest, points
from bullseye.workspace import Workspace

TODAY = date(2026, 6, 30)
SNAPSHOTS = Path("yc_snapshots") / "yc_panel_dev_2021-12_2024-05.parquet"
LAST_SNAPSHOT = date(2024, 5, 13)


@dataclass(frozen=True)
class Judged:
    """One backtest of one world."""

    world: str
    asked: str
    cases: str
    verdict: str
    order: str
    best_tenth: str
    watched: str
    seconds: float

    @property
    def row(self) -> str:
        """The line of a Markdown table."""
        return (
            f"| {self.world} | {self.asked} | {self.cases} | {self.verdict} | {self.order} |"
            f" {self.best_tenth} | {self.watched} | {self.seconds:.0f} |"
        )


def demo_worlds(
    folder: Path, seeds: range, accounts: int, kinds: tuple[bool, ...], *, watch: bool
) -> Iterator[Judged]:
    """Judge both ICPs of the demo in planted (True) and in null worlds."""
    for seed in seeds:
        for planted in kinds:
            where = folder / f"{seed}-{planted}"
            write_starter(where, title="Larkwell", owner="Ada", today=TODAY, starter=Starter.DEMO)
            pipeline.demo(where, accounts=accounts, seed=seed, today=TODAY, planted=planted)
            workspace = Workspace.open(where)
            name = f"{'planted' if planted else 'null'}, seed {seed}"
            for icp in sorted(workspace.project.icps):
                yield judged(workspace, name, icp, "won", as_of=TODAY, watch=watch)
            workspace.store.close()


def snapshots(folder: Path, data: Path) -> Iterator[Judged]:
    """Judge a hand-written fit, and the same fit with signals, on real snapshots."""
    write_starter(folder, title="Start-ups", owner="Ada", today=LAST_SNAPSHOT)
    for each in folder.glob("*/*.yaml"):
        each.unlink()
    for name, text in DEFINITIONS.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    workspace = Workspace.open(folder)
    options = segment.ImportOptions(
        as_of=LAST_SNAPSHOT, source="directory", columns={"known_on": "snapshot"}
    )
    segment.import_file(workspace, TableName.ACCOUNTS, str(data / SNAPSHOTS), options)
    workspace.store.close()
    for outcome in ("grows", "hires", "acquired", "inactive"):
        for icp in ("fit", "fit-and-signals"):
            workspace = Workspace.open(folder)
            yield judged(workspace, "snapshots", icp, outcome, as_of=LAST_SNAPSHOT, watch=False)
            workspace.store.close()


def judged(
    workspace: Workspace, world: str, icp: str, outcome: str, *, as_of: date, watch: bool = True
) -> Judged:
    """Return what a backtest and a watch say."""
    started = time.perf_counter()
    found = backtest(workspace, icp, outcome=outcome, every="quarter", as_of=as_of, dry_run=True)
    seconds = time.perf_counter() - started
    answer = ""
    if watch:
        watched = drift(workspace, icp, outcome=outcome, as_of=as_of, dry_run=True)
        answer = f"{watched.answer} ({watched.a_month:.0f} a month)"
    return Judged(
        world,
        f"{icp}: {outcome}",
        f"{found.cases - found.undecided:,} of {found.accounts:,} accounts",
        _verdict(found),
        _order(found),
        _tenth(found),
        answer,
        seconds,
    )


def _verdict(found: Backtest) -> str:
    name = found.headline.chosen.name.partition(" (")[0]
    return f"{name} {found.verdict.answer}, {points(found.verdict)}"


def _order(found: Backtest) -> str:
    each = found.list_auc
    return "" if each is None else f"{each.value:.3f} ({each.low:.3f}-{each.high:.3f})"


def _tenth(found: Backtest) -> str:
    lift = next(each.lift for each in found.gains if each.share == 0.1)
    return f"{lift.estimate:.2f} ({lift.low:.2f}-{lift.high:.2f})"


GOVERNED = "owner: Ada\nreview_by: 2030-01-01\nreview_when: [the market moves]\n"
CRITERIA = """\
criteria:
  - name: alive
    mode: require
    rule: {status: Active}
  - {name: b2b, points: 20, rule: {industry: [B2B, Fintech]}}
  - {name: small-team, points: 40, rule: {employees: {between: [3, 50]}}}
  - {name: early, points: 30, rule: {funding_stage: Early}}
  - {name: america, points: 10, rule: {regions: {any_of: ["United States of America"]}}}
"""
DEFINITIONS = {
    "icps/fit.yaml": f"name: fit\n{GOVERNED}goal: Young B2B teams.\n{CRITERIA}tiers: fit-only\n",
    "icps/fit-and-signals.yaml": (
        f"name: fit-and-signals\n{GOVERNED}goal: Young B2B teams that move.\n{CRITERIA}"
        "tiers: with-signals\nsignals: [started-hiring, grew]\n"
    ),
    "tiers/fit-only.yaml": (
        f"name: fit-only\n{GOVERNED}tiers:\n  - {{tier: T1, fit: 80}}\n  - {{tier: T2, fit: 60}}\n"
    ),
    "tiers/with-signals.yaml": (
        f"name: with-signals\n{GOVERNED}tiers:\n"
        "  - {tier: T1, fit: 60, signal_strength: 10}\n  - {tier: T2, fit: 60}\n"
    ),
    "signals/started-hiring.yaml": (
        f"name: started-hiring\n{GOVERNED}change: {{field: is_hiring, becomes: true}}\n"
        "window: 365 days\nhalf_life: 180 days\npoints: 40\nwhy_now: Started hiring.\n"
    ),
    "signals/grew.yaml": (
        f"name: grew\n{GOVERNED}change: {{field: employees, grows_over: 20%, within: 12 months}}\n"
        "window: 365 days\nhalf_life: 180 days\npoints: 40\nwhy_now: Grew.\n"
    ),
    "outcomes/grows.yaml": (
        f"name: grows\n{GOVERNED}change: {{field: employees, grows_over: 50%}}\nwithin: 365 days\n"
        "among: {status: Active}\n"
    ),
    "outcomes/hires.yaml": (
        f"name: hires\n{GOVERNED}change: {{field: is_hiring, becomes: true}}\nwithin: 365 days\n"
        "among: {status: Active}\n"
    ),
    "outcomes/acquired.yaml": (
        f"name: acquired\n{GOVERNED}change: {{field: status, becomes: Acquired}}\n"
        "within: 365 days\namong: {status: Active}\n"
    ),
    "outcomes/inactive.yaml": (
        f"name: inactive\n{GOVERNED}change: {{field: status, becomes: Inactive}}\n"
        "within: 365 days\namong: {status: Active}\ngood: false\n"
    ),
}
"""What is believed of the snapshots, written down before any outcome was looked at."""


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=3, help="Demo worlds of each kind.")
    parser.add_argument("--first", type=int, default=0, help="Seed of the first world.")
    parser.add_argument("--null-only", action="store_true", help="No planted world, no watch.")
    parser.add_argument("--accounts", type=int, default=1_500)
    parser.add_argument("--snapshots", action="store_true")
    parser.add_argument("--data", type=Path, default=os.environ.get("BULLSEYE_TEST_DATA"))
    chosen = parser.parse_args()
    print(
        "| world | ICP: outcome | decided cases | verdict | AUC of the list | lift at 10 % |",
        end="",
    )
    print(" watch | seconds |\n|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        seeds = range(chosen.first, chosen.first + chosen.worlds)
        kinds = (False,) if chosen.null_only else (True, False)
        for each in demo_worlds(
            Path(folder), seeds, chosen.accounts, kinds, watch=not chosen.null_only
        ):
            print(each.row, flush=True)
        if chosen.snapshots:
            if chosen.data is None or not (chosen.data / SNAPSHOTS).exists():
                parser.error("--snapshots needs --data (or BULLSEYE_TEST_DATA): the test data")
            for each in snapshots(Path(folder) / "real", chosen.data):
                print(each.row, flush=True)


if __name__ == "__main__":
    main()
