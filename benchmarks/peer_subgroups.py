"""The ten best subgroups of two conditions by pysubgroup, in an environment of its own.

It needs numpy below 2, so `benchmarks.cards` runs this file with the Python that
``--pysubgroup-python`` names; it imports nothing of the product. Reads a CSV with a column
``happened``; prints one JSON document.
"""

import json
import resource
import sys
import time

import pandas  # type: ignore[import-untyped]
import pysubgroup  # type: ignore[import-not-found]

BINS = 10
BEST = 10


def main(path: str) -> None:
    """Search the file, and print what was found and what it took."""
    frame = pandas.read_csv(path)
    frame["happened"] = frame["happened"] == 1
    cpu, wall = time.process_time(), time.perf_counter()
    selectors = pysubgroup.create_selectors(frame, nbins=BINS, ignore=["happened"])
    task = pysubgroup.SubgroupDiscoveryTask(
        frame,
        pysubgroup.BinaryTarget("happened", True),
        selectors,
        result_set_size=BEST,
        depth=2,
        qf=pysubgroup.WRAccQF(),
    )
    found = pysubgroup.BeamSearch().execute(task).to_dataframe()
    told = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "conditions": len(selectors),
        "found": [str(each) for each in found["subgroup"]],
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
