"""How right the offline methods of research are: ``python -m benchmarks.research --help``.

Public sets are read from the folder that --data or BULLSEYE_TEST_DATA names. Every figure has
its 95 % interval, by the bootstrap over dialogues, posts or sides of a topic (1,000 draws), and a
trivial method in the same run. What is learnt is judged on sources that were left out, and what
it can choose (the cut-off, the weight of neighbours) it chooses on others again.
"""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.metrics import average_precision_score

from benchmarks.measuring import table
from benchmarks.research_sets import Asked, Labelled, dialogues, meetings, suggestions
from benchmarks.research_themes import print_themes
from bullseye.research.cues import cues
from bullseye.research.finding import passages
from bullseye.research.sentences import Sentence
from bullseye.research.source import EvidenceKind, Source
from bullseye.research.tagger import HeldOut, held_out, read, trained

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

DRAWS = 1000
LABELS = (50, 200, 1000)
REPEATS = 5
TRAINING, TRIAL = "V1.4_Training.csv", "SubtaskA_Trial_Test_Labeled.csv"


class Estimate(NamedTuple):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f}-{self.high:.3f})"


def estimate(
    figure: Callable[[NDArray[np.int64]], float], clusters: Sequence[object], draws: int = DRAWS
) -> Estimate:
    """Return a figure of rows with its interval, drawing whole clusters again and again."""
    codes = np.unique(np.array([str(each) for each in clusters]), return_inverse=True)[1]
    members = [np.flatnonzero(codes == at) for at in range(codes.max() + 1)]
    chance = np.random.default_rng(0)
    drawn = [
        figure(
            np.concatenate([members[at] for at in chance.integers(len(members), size=len(members))])
        )
        for _ in range(draws)
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return Estimate(figure(np.arange(len(codes))), float(low), float(high))


def f1(claimed: Bools, happened: Bools) -> float:
    """Return the harmonic mean of precision and recall."""
    return float(2 * (claimed & happened).sum() / max(1, claimed.sum() + happened.sum()))


def judged(name: str, said: Labelled, told: HeldOut) -> list[str]:
    """Return a row: precision, recall, F1 and average precision of one method."""
    y, p, s, where = said.happened, told.claimed, told.scores, said.sources

    def share(part: Bools, whole: Bools) -> Estimate:
        return estimate(lambda at: part[at].sum() / max(1, whole[at].sum()), where)

    def average(at: NDArray[np.int64]) -> float:
        return float(average_precision_score(y[at], s[at])) if y[at].any() else float("nan")

    return [
        name,
        f"{int(p.sum()):,}",
        str(share(y & p, p)),
        str(share(y & p, y)),
        str(estimate(lambda at: f1(p[at], y[at]), where)),
        str(estimate(average, where, draws=300)),
    ]


def everything(said: Labelled) -> HeldOut:
    """Return the trivial method: claim every sentence."""
    return HeldOut(np.zeros(len(said.happened)), np.ones(len(said.happened), dtype=np.bool_))


def by_cue(said: Labelled, kind: EvidenceKind) -> HeldOut:
    """Return what the packaged cues claim; the score is how many of them stand there."""
    lexicon = cues()
    count = [
        sum(len(hit.cues) for hit in lexicon.hits(each.text) if hit.kind is kind)
        for each in said.sentences
    ]
    scores = np.array(count, dtype=np.float64)
    return HeldOut(scores, scores > 0)


def from_few(
    said: Labelled, blocks: Sequence[csr_matrix], labels: int, seed: int
) -> tuple[Bools, Bools]:
    """Learn from so many labelled sentences of whole sources; return claims on all others.

    The second array is true where a sentence was not learnt from.
    """
    chance = np.random.default_rng(seed)
    names = np.array(said.sources)
    order = chance.permutation(np.unique(names))
    learnt = np.zeros(len(names), dtype=np.bool_)
    for name in order:
        if learnt.sum() >= labels:
            break
        learnt |= names == name
    claimed = np.zeros(len(names), dtype=np.bool_)
    here = said.happened[learnt]
    if here.any() and not here.all():
        tagger = trained([b[learnt] for b in blocks], here, names[learnt].tolist())
        rest = [block[~learnt] for block in blocks]
        claimed[~learnt] = tagger.scores(rest, names[~learnt].tolist()) >= tagger.cut_off
    return claimed, ~learnt


def learning_curve(said: Labelled, blocks: Sequence[csr_matrix]) -> list[list[str]]:
    """Return the F1 after 50, 200 and 1,000 labelled sentences, over several draws of them."""
    rows = []
    for labels in LABELS:
        found = [from_few(said, blocks, labels, seed) for seed in range(REPEATS)]
        each = [f1(claimed[rest], said.happened[rest]) for claimed, rest in found]
        positives = [int(said.happened[~rest].sum()) for _, rest in found]
        rows.append(
            [
                f"{labels:,}",
                f"{np.mean(positives):.0f}",
                f"{np.mean(each):.3f}",
                f"{min(each):.3f}-{max(each):.3f}",
            ]
        )
    return rows


def print_tagging(title: str, said: Labelled, kind: EvidenceKind) -> None:
    """Print how right every method is on one set."""
    blocks = read(said.sentences)
    header = ["", "claimed", "precision", "recall", "F1", "average precision"]
    rows = [
        judged("claim everything", said, everything(said)),
        judged("cues, no labels", said, by_cue(said, kind)),
        judged("learnt, held out", said, held_out(blocks, said.happened, said.sources)),
    ]
    n, yes, sources = len(said.happened), int(said.happened.sum()), len(set(said.sources))
    print(f"\n## {title}\n\n{n:,} sentences of {sources:,} sources; {yes:,} are.\n")
    print(table(header, rows))
    curve = learning_curve(said, blocks)
    print(f"\nF1 by labelled sentences, mean and range of {REPEATS} draws:\n")
    print(table(["labelled", "of them yes", "F1", "range"], curve))


def print_trial(data: Path) -> None:
    """Print how right the methods are on the trial set, its posts left out of learning."""
    trial = suggestions(data, TRIAL)
    posts = set(trial.sources)
    every = suggestions(data, TRAINING)
    keep = np.array([source not in posts for source in every.sources])
    kept: list[Sentence] = [s for s, is_kept in zip(every.sentences, keep, strict=True) if is_kept]
    sources = [each.source for each in kept]
    tagger = trained(read(kept), every.happened[keep], sources)
    scores = tagger.scores(read(trial.sentences), trial.sources) - tagger.cut_off
    rows = [
        judged("claim everything", trial, everything(trial)),
        judged("cues, no labels", trial, by_cue(trial, EvidenceKind.DESIRED_OUTCOME)),
        judged("learnt elsewhere", trial, HeldOut(scores, scores >= 0)),
    ]
    header = ["", "claimed", "precision", "recall", "F1", "average precision"]
    yes, n = int(trial.happened.sum()), len(trial.happened)
    print(f"\nThe trial set: {n:,} sentences of {len(posts):,} other posts; {yes:,} are.\n")
    print(table(header, rows))


def print_retrieval(sources: Sequence[Source], asked: Sequence[Asked]) -> None:
    """Print how often a passage among the first k answers a question about its meeting."""
    ours = [_ranks(sources[each.meeting], each, is_random=False) for each in asked]
    chance = [_ranks(sources[each.meeting], each, is_random=True) for each in asked]
    narrow = [len(each.turns) <= 0.1 * len(sources[each.meeting].turns) for each in asked]
    where = np.array([each.meeting for each in asked])
    rows = []
    for name, chosen in (("all questions", [True] * len(asked)), ("narrow ones", narrow)):
        at = np.flatnonzero(chosen)
        for method, ranks in (("by chance", chance), ("by words", ours)):
            best = np.array([ranks[i] for i in at], dtype=np.float64)
            row = [f"{name}, {method}", f"{len(at):,}"]
            for figure in (1 / best, best <= 1, best <= 5, best <= 10):
                values = np.asarray(figure, dtype=np.float64)
                row.append(
                    str(estimate(lambda i, v=values: float(v[i].mean()), where[at].tolist()))
                )
            rows.append(row)
    print(f"\n## Finding the place ({len(sources)} meetings)\n")
    print(table(["", "questions", "MRR", "first", "in 5", "in 10"], rows))


def _ranks(source: Source, asked: Asked, *, is_random: bool) -> float:
    """Return the rank of the first passage that shares a turn with the answer."""
    found = passages(asked.question, [(0, source)], limit=10**6)
    if is_random:
        every = passages(
            "the " + " ".join(t.text for t in source.turns), [(0, source)], limit=10**6
        )
        order = np.random.default_rng(len(asked.question)).permutation(len(every))
        found = tuple(every[i] for i in order)
    for rank, each in enumerate(found, start=1):
        if asked.turns & set(range(each.first_turn, each.last_turn + 1)):
            return float(rank)
    return float("inf")


def main() -> None:
    """Print everything, or the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", help="objections, wishes, themes, places; all if none.")
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(os.environ.get("BULLSEYE_TEST_DATA", ".")),
        help="The folder of the public sets; BULLSEYE_TEST_DATA if absent.",
    )
    given = parser.parse_args()
    parts: list[str] = given.parts or ["objections", "wishes", "themes", "places"]
    if "objections" in parts:
        print_tagging("Objections", dialogues(given.data), EvidenceKind.OBJECTION)
    if "wishes" in parts:
        said = suggestions(given.data, TRAINING)
        print_tagging("Desired outcomes", said, EvidenceKind.DESIRED_OUTCOME)
        print_trial(given.data)
    if "themes" in parts:
        print_themes(given.data)
    if "places" in parts:
        print_retrieval(*meetings(given.data))


if __name__ == "__main__":
    main()
