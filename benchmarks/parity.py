"""The same definitions on every engine that is here: ``python -m benchmarks.parity --help``.

Random definitions over adversarial rows, as the tests ask them, only more rows; the first line
is the slow reference in plain Python that every engine must equal.
"""

import argparse
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.engines.executing import ENGINES, Absent, Executing, canonical, written
from tests.engines.reference import expected
from tests.engines.worlds import World, random_world

from benchmarks.measuring import table

HEADER = ("engine", "accounts", "cells", "SHA-256", "equal")


def report(worlds: Sequence[World], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the reference's line, then one line per engine; an absent one says so."""
    reference = _digest([canonical(expected(world)) for world in worlds])
    accounts = sum(len(world.accounts) for world in worlds)
    cells = sum(len(world.accounts) * len(world.columns) for world in worlds)
    counts = (f"{accounts:,}", f"{cells:,}")
    yield ("plain Python, the reference", *counts, reference, "")
    for name in names:
        try:
            engine = ENGINES[name]()
        except Absent as absent:
            yield (f"{name}: {absent}", "", "", "", "not executed")
            continue
        found = _digest(_answers(engine, worlds))
        yield (engine.version, *counts, found, "yes" if found == reference else "**NO**")


def _answers(engine: Executing, worlds: Sequence[World]) -> list[bytes]:
    try:
        with TemporaryDirectory() as folder:
            return [
                canonical(
                    engine.rows(
                        world.sql(engine.dialect), written(world.tables, Path(folder) / f"{at}")
                    )
                )
                for at, world in enumerate(worlds)
            ]
    finally:
        engine.close()


def _digest(parts: Sequence[bytes]) -> str:
    return sha256(b"\0".join(parts)).hexdigest()


def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description="Compare every engine with plain Python.")
    parser.add_argument("--worlds", type=int, default=5, help="sets of definitions (5)")
    parser.add_argument("--accounts", type=int, default=2000, help="accounts in each (2000)")
    parser.add_argument("--engine", nargs="*", choices=list(ENGINES), default=list(ENGINES))
    chosen = parser.parse_args()
    worlds = [random_world(seed, chosen.accounts) for seed in range(chosen.worlds)]
    print(table(HEADER, list(report(worlds, chosen.engine))))


if __name__ == "__main__":
    main()
