"""How long it takes to compile definitions to SQL: ``python -m benchmarks.compile``."""

import time
from collections.abc import Callable

from tests.engines.golden import world

from benchmarks.beliefs import TODAY, project
from benchmarks.measuring import Spread, table
from bullseye.definitions.known import TableName, readable_fields
from bullseye.prioritize.profiles import profiles, signals
from bullseye.warehouse.compile import score_sql
from bullseye.warehouse.dialects import DIALECTS

RUNS = 50


def milliseconds(work: Callable[[], object]) -> Spread:
    """Return the time `work` takes in processor milliseconds, after one run to warm up."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(1000 * (time.process_time() - start))
    return Spread.of(times)


def main() -> None:
    """Measure, and print a table."""
    beliefs = project()
    chosen, named = profiles(beliefs, TODAY), signals(beliefs)
    fields = readable_fields(beliefs, TableName.ACCOUNTS)
    rows = [
        [
            "profiles: type the rules, lay out the bits",
            milliseconds(lambda: profiles(beliefs, TODAY)).text(),
        ]
    ]
    for name, dialect in DIALECTS.items():
        compiled = milliseconds(lambda d=dialect: score_sql(chosen, named, fields, TODAY, d))
        rows.append([f"{name}: the statement", compiled.text()])
        texts = milliseconds(lambda d=dialect: world().sql(d))
        rows.append(
            [f"{name}: with texts to look for and the decay table written out", texts.text()]
        )
    print(table(["what", "ms: median (least-most)"], rows))


if __name__ == "__main__":
    main()
