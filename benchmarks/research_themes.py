"""How right evidence finds its theme: key points as themes, arguments as what was said."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, average_precision_score

from benchmarks.measuring import table
from benchmarks.research_sets import Debate, debates
from bullseye.definitions.theme import Theme
from bullseye.research.codebook import Quoted, matching, nearness
from bullseye.research.likeness import Spelling
from bullseye.research.proposals import groups
from bullseye.research.source import EvidenceKind

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXEMPLARS = (0, 1, 3, 5, 8)
SEEDS = range(5)
MONTHS = 40
GOVERNED = {"owner": "Rita", "review_by": "2030-01-01", "review_when": ["it moves"]}


class Asked(NamedTuple):
    """A debate with a codebook of so many exemplars, and the arguments that are asked for."""

    book: dict[str, tuple[str, ...]]
    texts: list[str]
    truth: Ints


def asked(debate: Debate, exemplars: int, seed: int) -> Asked:
    """Part the arguments in halves: exemplars come from one, the other is asked for."""
    chance = np.random.default_rng(seed)
    half = chance.random(len(debate.arguments)) < 0.5
    book = {}
    for at, point in enumerate(debate.points):
        mine = chance.permutation(np.flatnonzero(half & (debate.truth[:, at] == 1)))[:exemplars]
        book[f"k{at}"] = (point, *(debate.arguments[i] for i in mine))
    rest = np.flatnonzero(~half)
    return Asked(book, [debate.arguments[i] for i in rest], debate.truth[rest])


class Told(NamedTuple):
    """Per debate: hits and asked for top-1, strict average precision, gated hits and claims."""

    hits: int
    asked: int
    precision: float
    gated: int
    claimed: int


def told(given: Asked, ranks: Floats, gates: Floats, gate: float) -> Told:
    """Judge the nearest key point of each argument."""
    best = ranks.argmax(axis=1)
    rows = np.arange(len(best))
    label = given.truth[rows, best]
    has = (given.truth == 1).any(axis=1)
    order = np.argsort(-ranks.max(axis=1), kind="stable")[: len(best) // 2]
    strict = (label[order] == 1).astype(int)
    average = average_precision_score(strict, -np.arange(len(order))) if strict.any() else 0.0
    is_near = gates[rows, best] >= gate
    sure = label != -1
    return Told(
        int((label == 1)[has].sum()),
        int(has.sum()),
        float(average),
        int((is_near & (label == 1)).sum()),
        int((is_near & sure).sum()),
    )


def _interval(per_debate: Sequence[Sequence[Told]], figure: str) -> str:
    """Return a figure with its interval, drawing sides of topics; seeds are averaged."""

    def value(rows: Sequence[Sequence[Told]]) -> float:
        flat = [each for row in rows for each in row]
        if figure == "top":
            return sum(e.hits for e in flat) / sum(e.asked for e in flat)
        if figure == "map":
            return float(np.mean([e.precision for e in flat]))
        if figure == "precision":
            return sum(e.gated for e in flat) / max(1, sum(e.claimed for e in flat))
        return sum(e.gated for e in flat) / sum(e.asked for e in flat)

    chance = np.random.default_rng(0)
    count = len(per_debate)
    drawn = [
        value([per_debate[i] for i in chance.integers(count, size=count)]) for _ in range(1000)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{value(per_debate):.3f} ({low:.3f}-{high:.3f})"


def print_themes(data: Path) -> None:
    """Print matching, grouping and the month rule on the topics of the dev part."""
    sides = debates(data, "dev")
    reader = Spelling()
    rows = []
    for exemplars in (-1, *EXEMPLARS):
        per_debate = []
        for side in sides:
            found = []
            for seed in SEEDS:
                given = asked(side, max(0, exemplars), seed)
                if exemplars < 0:
                    chance = np.random.default_rng(seed)
                    ranks = gates = chance.random((len(given.texts), len(given.book)))
                else:
                    ranks, gates = nearness(given.book, given.texts, reader)
                found.append(told(given, ranks, gates, reader.gate))
            per_debate.append(found)
        name = "by chance" if exemplars < 0 else f"{exemplars} exemplars"
        figures = ["top", "map"] + ([] if exemplars < 0 else ["precision", "recall"])
        row = [name, *(_interval(per_debate, each) for each in figures)]
        rows.append(row + [""] * (5 - len(row)))
    n = sum(len(side.arguments) for side in sides)
    print(f"\n## Themes ({len(sides)} sides of topics, {n:,} arguments)\n")
    print(table(["", "top-1", "strict mAP", "matched: precision", "matched: recall"], rows))
    print_strangers(sides)
    print_groups(sides)
    print_months(sides)


def print_strangers(sides: Sequence[Debate]) -> None:
    """Print how often something is matched that makes no key point of the side."""
    reader = Spelling()
    found = []
    for at, side in enumerate(sides):
        given = asked(side, 8, 0)
        other = sides[at - 3].arguments
        ranks, gates = nearness(given.book, [*given.texts, *other], reader)
        near = gates[np.arange(len(ranks)), ranks.argmax(axis=1)] >= reader.gate
        own, strange = near[: len(given.texts)], near[len(given.texts) :]
        none = (given.truth == 0).all(axis=1)
        found.append((strange.sum(), len(strange), own[none].sum(), int(none.sum())))
    total = np.array(found).sum(axis=0)
    print("\nMatched with 8 exemplars though it makes no key point of the side:\n")
    cells = [f"{int(total[at]):,} of {int(total[at + 1]):,}" for at in (0, 2)]
    print(table(["of another topic", "of the same side"], [cells]))


def print_groups(sides: Sequence[Debate]) -> None:
    """Print how well leftovers are grouped without a codebook."""
    reader = Spelling()
    found = []
    for side in sides:
        one = np.flatnonzero((side.truth == 1).sum(axis=1) == 1)
        point = (side.truth[one] == 1).argmax(axis=1)
        rows = reader.vectors([side.arguments[i] for i in one]).gating
        kept = [group for group in groups(rows, reader.alike) if len(group) >= 3]
        label = -np.arange(1, len(one) + 1)
        pure = 0
        for at, group in enumerate(kept):
            label[group] = at
            pure += int(np.bincount(point[group]).max())
        inside = sum(map(len, kept))
        found.append((adjusted_rand_score(point, label), inside / len(one), pure / max(1, inside)))
    means = np.mean(found, axis=0)
    low, high = np.array(found).min(axis=0), np.array(found).max(axis=0)
    print("\nWithout a codebook, mean over sides and their range:\n")
    cells = [f"{m:.2f} ({a:.2f}-{b:.2f})" for m, a, b in zip(means, low, high, strict=True)]
    print(table(["adjusted Rand", "inside a group", "of these, the group's own"], [cells]))


def print_months(sides: Sequence[Debate]) -> None:
    """Print how right "three accounts in a month" fires, on months put together from arguments.

    Each key point is said by a Poisson number of accounts (mean 2); as much of what was said
    makes no key point of the side, or is of another topic.
    """
    rows = []
    for exemplars in (0, 3, 5, 8):
        counted = np.zeros((len(sides), 3))
        for at, side in enumerate(sides):
            for seed in range(MONTHS // len(SEEDS)):
                counted[at] += _month(side, sides[at - 3], exemplars, seed)
        yes, fired, both = counted.sum(axis=0)
        chance = np.random.default_rng(0)
        drawn = [
            counted[chance.integers(len(sides), size=len(sides))].sum(axis=0) for _ in range(1000)
        ]
        low, high = np.quantile([2 * c / (a + b) for a, b, c in drawn], [0.025, 0.975])
        rows.append(
            [
                f"{exemplars} exemplars",
                f"{int(yes):,}",
                f"{int(fired):,}",
                f"{both / fired:.2f}",
                f"{both / yes:.2f}",
                f"{2 * both / (yes + fired):.3f} ({low:.3f}-{high:.3f})",
            ]
        )
    print("\nThree accounts in a month:\n")
    print(table(["", "should fire", "fires", "precision", "recall", "F1"], rows))


def _month(side: Debate, other: Debate, exemplars: int, seed: int) -> Floats:
    """Return how many key points should fire, do, and both, in one month."""
    given = asked(side, exemplars, seed)
    chance = np.random.default_rng(1000 + seed)
    said: list[str] = []
    true = np.zeros(len(given.book), dtype=np.int64)
    only = (given.truth == 1).sum(axis=1) == 1
    for at in range(len(given.book)):
        mine = np.flatnonzero(only & (given.truth[:, at] == 1))
        drawn = chance.permutation(mine)[: int(chance.poisson(2.0))]
        said += [given.texts[i] for i in drawn]
        true[at] = len(drawn)
    none = [t for t, row in zip(given.texts, given.truth, strict=True) if (row == 0).all()]
    noise = chance.permutation(np.array([*none, *other.arguments]))[: len(said)]
    evidence = [
        Quoted(n, EvidenceKind.OBJECTION, str(text)) for n, text in enumerate([*said, *noise])
    ]
    found = matching(_codebook(given.book), evidence, Spelling()).matches
    names = list(given.book)
    count = np.bincount([names.index(m.theme) for m in found], minlength=len(names))
    should, fires = true >= 3, count >= 3
    return np.array([should.sum(), fires.sum(), (should & fires).sum()], dtype=np.float64)


def _codebook(book: dict[str, tuple[str, ...]]) -> dict[str, Theme]:
    return {
        name: Theme.model_validate(
            {
                "name": name,
                **GOVERNED,
                "kind": "objection",
                "says": f"{texts[0]:<10}",
                "exemplars": [text[:500] for text in texts[1:] or texts],
            }
        )
        for name, texts in book.items()
    }
