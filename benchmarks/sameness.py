"""Whether the same talk is known again: ``python -m benchmarks.sameness --help``.

Meetings are transcribed a second time by changing a share of their words at random, as another
recogniser would, and looked for among all meetings. Both thresholds are the product's own; the
upper one was set before anything was measured, the lower one after its figures were seen.
"""

import argparse
import os
import random
import time
from pathlib import Path

from benchmarks.measuring import table
from benchmarks.quotes import SEED, meetings
from bullseye.research.sameness import (
    ALIKE,
    NEARLY_THE_SAME,
    Signatures,
    common_share,
    signature,
    spoken_words,
)
from bullseye.stats.proportions import wilson

SHARES = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.08, 0.1)


def heard_again(spoken: list[str], share: float, draw: random.Random) -> list[str]:
    """Return the words with a share of them changed to other words of the same talk."""
    return [draw.choice(spoken) if draw.random() < share else word for word in spoken]


def _shown(common: list[float], least: float) -> str:
    found = wilson(sum(each >= least for each in common), len(common))
    return f"{found.share:.2f} ({found.low:.2f}-{found.high:.2f})"


def main() -> None:
    """Print how many second transcripts are known again, and how alike two talks are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=os.environ.get("BULLSEYE_TEST_DATA"))
    options = parser.parse_args()
    every = meetings(Path(options.data) / "qmsum_product" / "val.jsonl")
    began = time.process_time()
    talks = [spoken_words(turn.text for turn in each.source.turns) for each in every]
    known = Signatures()
    for number, spoken in enumerate(talks):
        known.add(number, signature(spoken) or "")
    cost = time.process_time() - began
    draw = random.Random(SEED)
    rows = []
    for share in SHARES:
        common = []
        for number, spoken in enumerate(talks):
            again = heard_again(spoken, share, draw)
            is_likely = number in known.likely(signature(again) or "")
            common.append(common_share(again, spoken) if is_likely else 0.0)
        shown = [_shown(common, least) for least in (NEARLY_THE_SAME, ALIKE)]
        rows.append((f"{100 * share:g} %", f"{len(talks)}", *shown))
    print(table(("Words changed", "n", "Taken for the same", "Said to be alike, at least"), rows))
    pairs = [
        common_share(talks[one], talks[other]) for one in range(len(talks)) for other in range(one)
    ]
    wrong = wilson(sum(each >= NEARLY_THE_SAME for each in pairs), len(pairs))
    words = sum(map(len, talks))
    print(f"Two talks: {len(pairs)} pairs, at most {max(pairs):.4f} in common, taken for one:")
    print(f"{wrong.share:.3f} ({wrong.low:.3f}-{wrong.high:.3f}).")
    print(f"{words:,} words, {cost:.1f} CPU-s.")


if __name__ == "__main__":
    main()
