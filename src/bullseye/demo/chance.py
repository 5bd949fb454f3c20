"""Random streams that depend on the seed, the block and the purpose, and on nothing else."""

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Stream(IntEnum):
    """What a stream of random numbers is for; a new purpose never disturbs the others."""

    ACCOUNTS = 1
    SIGNALS = 2
    OPPORTUNITIES = 3
    SUBSCRIPTIONS = 4
    USAGE = 5
    CONTACTS = 6
    TOUCHES = 7
    DIRT = 8
    LEAK = 9
    GHOST_ACCOUNTS = 101
    GHOST_SIGNALS = 102
    BENCHMARK_ACCOUNTS = 201
    BENCHMARK_SIGNALS = 202


def random_stream(seed: int, block: int, stream: Stream, part: int = 0) -> np.random.Generator:
    """Return the generator of one purpose within one block of one world."""
    return np.random.Generator(np.random.PCG64([seed, block, int(stream), part]))


def drawn_codes(random: np.random.Generator, shares: Sequence[float], n: int) -> Ints:
    """Draw `n` positions in `shares`, each as often as its share of their sum."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.searchsorted(edges / edges[-1], random.random(n), side="right").astype(np.int64)


def drawn_days(random: np.random.Generator, first: Ints, last: Ints) -> Ints:
    """Draw a day from `first` to `last`, both included, for each row."""
    return first + np.floor(random.random(len(first)) * (last - first + 1)).astype(np.int64)
