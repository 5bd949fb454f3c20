"""How fast texts are held against the language, and how often intervals of drift hold.

``python -m benchmarks.language --help``
"""

import argparse
import time
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bullseye.definitions.term import Term
from bullseye.stats.divergence import divergence
from bullseye.stats.proportions import wilson
from bullseye.synthesize.language import Text, language_findings
from bullseye.synthesize.prose import Format

IDEA = np.array([0, 0, 0, 1, 1])
ONE = np.array([0.5, 0.3, 0.2, 0.7, 0.3])
OTHERS = {
    "alike": ONE,
    "a little": np.array([0.35, 0.35, 0.3, 0.55, 0.45]),
    "far": np.array([0.1, 0.2, 0.7, 0.2, 0.8]),
}
"""Shares of wordings of two ideas, in one group and in three others."""

SENTENCE = (
    "Our clients see the time-to-value of every project on one page, and the team knows what is"
    " due this week. `code` stays out of it, and so does https://example.com/clients.\n\n"
)


def sheet_of(terms: int) -> dict[str, Term]:
    """Return a sheet of so many terms with two forbidden phrases each."""
    governed = {"owner": "Ada", "review_by": date(2030, 1, 1), "review_when": ["x"]}
    return {
        f"t{at}": Term(
            name=f"t{at}",
            concept="An idea that is talked about.",
            why="Because buyers say it so.",
            wordings=[{"preferred": f"word{at}", "forbidden": [f"wrong{at}", f"bad word{at}"]}],
            **governed,
        )
        for at in range(terms)
    } | {
        "customer": Term(
            name="customer",
            concept="An account that pays us.",
            why="Because buyers say it so.",
            wordings=[{"preferred": "customer", "forbidden": ["client", "time-to-value"]}],
            **governed,
        )
    }


def speed(megabytes: int, terms: int) -> None:
    """Print how fast a Markdown text of this size is read."""
    text = (SENTENCE * (megabytes * 1_000_000 // len(SENTENCE) + 1))[: megabytes * 1_000_000]
    sheet = sheet_of(terms)
    begun = time.process_time()
    found = sum(1 for _ in language_findings([Text("a.md", text, Format.MARKDOWN)], sheet))
    taken = time.process_time() - begun
    begun = time.process_time()
    lowered = text.lower()
    floor = sum(lowered.count(word) for word in ("client", "time-to-value"))
    least = time.process_time() - begun
    print(
        f"{megabytes} MB, {terms + 1} terms: {taken:.2f} CPU s ({megabytes / taken:.1f} MB/s),"
        f" {found:,} findings; floor: lower and count two words, {least:.3f} CPU s, {floor:,}"
    )


def texts(shares: NDArray[np.float64], n: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Return n texts with three uses of the first idea and two of the second."""
    first, second = random.multinomial(3, shares[:3], n), random.multinomial(2, shares[3:], n)
    return np.concatenate((first, second), axis=1)


def truth(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the divergence of two languages, the ideas weighted 3 to 2."""
    found = 0.0
    for idea, weight in ((0, 0.6), (1, 0.4)):
        p, q = one[idea == IDEA], other[idea == IDEA]
        middle = (p + q) / 2
        found += weight * float((p * np.log2(p / middle) + q * np.log2(q / middle)).sum()) / 2
    return found


def coverage(simulations: int) -> None:
    """Print how often the interval holds the truth, and how often a difference is told."""
    random = np.random.default_rng(11)
    for n in (6, 12, 40, 120):
        for name, shares in OTHERS.items():
            true, held, told, estimates = truth(ONE, shares), 0, 0, []
            for seed in range(simulations):
                one, other = texts(ONE, n, random), texts(shares, n, random)
                found = divergence(one, other, IDEA, draws=199, seed=seed)
                held += found.low - 1e-12 <= true <= found.high + 1e-12
                told += found.is_told
                estimates.append(found.estimate)
            covered = wilson(held, simulations)
            print(
                f"{5 * n:>4} uses each, {name:>8}: truth {true:.3f}, mean {np.mean(estimates):.3f},"
                f" interval holds {covered.share:.3f} ({covered.low:.3f} to {covered.high:.3f}),"
                f" told apart {told / simulations:.3f}"
            )


def main() -> None:
    """Print speed and coverage."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulations", type=int, default=400, help="Per row of the table.")
    simulations = parser.parse_args().simulations
    for megabytes in (1, 10):
        for terms in (10, 500):
            speed(megabytes, terms)
    coverage(simulations)


if __name__ == "__main__":
    main()
