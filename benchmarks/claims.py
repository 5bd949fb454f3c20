"""How well a claim tells whose it is: ``python -m benchmarks.claims --help``.

A directory of start-ups, kept over years: many have described themselves in one sentence twice, in
other words. The later sentence is the claim; the earlier ones are what everybody says of himself.
Names are read as "we". The cut-off of likeness is chosen on one half of the companies, told apart
by a hash of the id, and everything is reported on the other half.
"""

import argparse
import os
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from bullseye.stats.clusters import Clustered
from bullseye.stats.ngrams import LetterSpace
from bullseye.stats.proportions import Share, wilson
from bullseye.synthesize.claims import ALIKE
from bullseye.synthesize.specificity import words

SNAPSHOTS = "yc_snapshots/yc_panel_dev_2021-12_2024-05.parquet"
FALSE = 1 / 300
RIVALS = 9
BUZZWORDS_TEXT = (
    "platform solution solutions leading seamless seamlessly powerful smart easy simple modern best"
    " innovative intelligent empower empowering unlock transform revolutionize reimagine"
    " next-generation future global effortless ultimate all-in-one cutting-edge scalable efficient"
    " trusted"
)
BUZZWORDS = frozenset(BUZZWORDS_TEXT.split())
"""What a list of empty words usually holds; the baseline."""


class Company(NamedTuple):
    """A company's earlier and later sentence, its names read as "we", and its industry."""

    number: int
    before: str
    after: str
    industry: str


def companies(data: Path) -> list[Company]:
    """Return the companies that have described themselves twice, in different sentences."""
    rows = duckdb.sql(
        "SELECT id, max_by(name, snapshot), min_by(one_liner, snapshot),"
        " max_by(one_liner, snapshot), max_by(subindustry, snapshot)"
        f" FROM read_parquet('{data / SNAPSHOTS}') WHERE trim(coalesce(one_liner, '')) <> ''"
        " GROUP BY id ORDER BY id"
    ).fetchall()
    return [
        Company(number, _we(before, name), _we(after, name), industry or "")
        for number, name, before, after, industry in rows
        if before.casefold().split() != after.casefold().split()
    ]


def _we(text: str, name: str) -> str:
    return re.sub(re.escape(name), "we", text, flags=re.IGNORECASE)


def is_reported(company: Company) -> bool:
    """Whether a company belongs to the half on which nothing was chosen."""
    return sha256(str(company.number).encode()).digest()[0] % 2 == 1


def likeness(some: Sequence[Company]) -> NDArray[np.float64]:
    """Return how alike each later sentence is to each earlier one, shape (n, n)."""
    before, after = [each.before for each in some], [each.after for each in some]
    return LetterSpace.of([*before, *after]).likeness(after, before)


def same_industry(some: Sequence[Company]) -> NDArray[np.bool_]:
    """Return which pairs are different companies of one industry."""
    named = np.array([each.industry for each in some])
    found: NDArray[np.bool_] = named[:, None] == named[None]
    np.fill_diagonal(found, False)
    return found


def first_among(near: NDArray[np.float64], rivals: NDArray[np.bool_]) -> Share:
    """Return how often the owner goes before all its rivals; a tie is a miss."""
    own = np.diag(near)
    best = np.where(rivals, near, -1.0).max(axis=1)
    asked = rivals.any(axis=1)
    return wilson(int((own > best)[asked].sum()), int(asked.sum()))


def drawn(rivals: NDArray[np.bool_], count: int, seed: int = 7) -> NDArray[np.bool_]:
    """Return so many random rivals per company, none where there are fewer."""
    random = np.random.default_rng(seed)
    found = np.zeros_like(rivals)
    for row, there in enumerate(rivals):
        places = np.flatnonzero(there)
        if len(places) >= count:
            found[row, random.choice(places, count, replace=False)] = True
    return found


def false_alarms(near: NDArray[np.float64], rivals: NDArray[np.bool_], cut: float) -> str:
    """Return how often two companies of one industry are taken to say the same.

    Each claim is in many pairs, so pairs of one claim are not independent.
    """
    row, column = np.nonzero(rivals)
    found = Clustered.of(near[row, column] >= cut, row, np.zeros(len(row), dtype=np.int64), 1)
    rate = found.rate(0)
    return f"{rate.share:.4f} ({rate.low:.4f} to {rate.high:.4f}), n {rate.n:,} pairs"


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("BULLSEYE_TEST_DATA", ".")),
        help="The folder of the public sets; BULLSEYE_TEST_DATA if absent.",
    )
    everybody = companies(parser.parse_args().data)
    chosen = [each for each in everybody if not is_reported(each)]
    near, rivals = likeness(chosen), same_industry(chosen)
    cut = float(np.quantile(near[rivals], 1 - FALSE))
    print(f"chosen on {len(chosen):,}: {1 / FALSE:.0f} pairs to one above {cut:.3f}; used {ALIKE}")
    told = [each for each in everybody if is_reported(each)]
    near, rivals = likeness(told), same_industry(told)
    others = ~np.eye(len(told), dtype=bool)
    for name, among in (
        (f"among all {len(told):,}", others),
        (f"among its industry, mean {rivals.sum(axis=1).mean():.0f} rivals", rivals),
        (f"among {RIVALS} random rivals of its industry", drawn(rivals, RIVALS)),
    ):
        print(f"owner first {name}: {_share(first_among(near, among))}")
    print(f"two companies alike: {false_alarms(near, rivals, ALIKE)}")
    own = np.diag(near)
    print(f"one company twice alike: {_share(wilson(int((own >= ALIKE).sum()), len(own)))}")
    place = 1 + (near > own[:, None]).sum(axis=1)
    empty = [sum(word in BUZZWORDS for word in words(each.after)) for each in told]
    rank, chance = spearmanr(empty, place)
    print(f"empty words against place: Spearman {rank:.3f} (p {chance:.2f}), n {len(told):,}")


def _share(found: Share) -> str:
    return f"{found.share:.3f} ({found.low:.3f} to {found.high:.3f}), n {found.n:,}"


if __name__ == "__main__":
    main()
