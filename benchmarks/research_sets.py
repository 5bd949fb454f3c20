"""Public sets for research, as sentences with their truth; read from the folder of --data."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
from numpy.typing import NDArray

from bullseye.research.sentences import Sentence
from bullseye.research.source import Side, Source, SourceKind, Turn

OBJECTIONS = frozenset(
    {"negative-reaction-to-donation", "disagree-donation", "disagree-donation-more"}
)
"""Labels of the persuadee that count as an objection."""


@dataclass(frozen=True)
class Labelled:
    """Sentences, each with its truth; `source` of a sentence names its dialogue or post."""

    sentences: list[Sentence]
    happened: NDArray[np.bool_]

    @property
    def sources(self) -> list[str]:
        """The dialogue or post of each sentence."""
        return [each.source for each in self.sentences]


def dialogues(folder: Path) -> Labelled:
    """Return what the persuadees of 300 annotated dialogues said; the truth is an objection."""
    path = folder / "persuasion_for_good/300_dialog.xlsx"
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    sentences: list[Sentence] = []
    happened: list[bool] = []
    for name, lines in groupby(rows, key=lambda row: row[1]):
        blocks = [list(block) for _, block in groupby(lines, key=lambda row: row[2])]
        texts = [" ".join(str(row[4] or "") for row in block) for block in blocks]
        for at, block in enumerate(blocks):
            if block[0][2] == 1:
                sentences += _units(str(name), at, [str(row[4] or "") for row in block], texts)
                happened += [row[6] in OBJECTIONS for row in block]
    return Labelled(sentences, np.array(happened))


def _units(name: str, at: int, said: list[str], texts: list[str]) -> list[Sentence]:
    return [
        Sentence(
            name,
            at,
            0,
            len(text),
            text,
            theirs_before=texts[at - 1] if at else "",
            own_before=" ".join(said[:place]),
            own_after=" ".join(said[place + 1 :]),
            theirs_after=texts[at + 1] if at + 1 < len(texts) else "",
            own_earlier=texts[at - 2] if at > 1 else "",
        )
        for place, text in enumerate(said)
    ]


def suggestions(folder: Path, file: str) -> Labelled:
    """Return sentences of a software forum; the truth is a suggestion, a wish for the product."""
    path = folder / "semeval2019_suggestions" / file
    with path.open(encoding="utf-8", errors="replace", newline="") as lines:
        rows = [row for row in csv.reader(lines) if row[0] != "id"]
    said = [row[1].strip('"') for row in rows]
    posts = [row[0].split("_")[0] for row in rows]
    sentences = [
        Sentence(post, 0, 0, len(text), text) for post, text in zip(posts, said, strict=True)
    ]
    return Labelled(sentences, np.array([row[2] == "1" for row in rows]))


@dataclass(frozen=True)
class Debate:
    """One side of one topic: what people argued, the key points, and which argument makes which.

    `truth` has a row per argument and a column per key point: 1, 0, or -1 where the annotators
    did not agree.
    """

    name: str
    arguments: list[str]
    points: list[str]
    truth: NDArray[np.int64]


def debates(folder: Path, part: str) -> list[Debate]:
    """Return the sides of all topics of a part, `train` or `dev`."""

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / f"kpa_2021/{name}_{part}.csv").open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    labels = {(r["arg_id"], r["key_point_id"]): int(r["label"]) for r in rows("labels")}
    arguments, points = rows("arguments"), rows("key_points")
    sides = sorted({(r["topic"], r["stance"]) for r in arguments})
    return [_debate(side, arguments, points, labels) for side in sides]


def _debate(
    side: tuple[str, str],
    arguments: list[dict[str, str]],
    points: list[dict[str, str]],
    labels: dict[tuple[str, str], int],
) -> Debate:
    mine = [row for row in arguments if (row["topic"], row["stance"]) == side]
    theirs = [row for row in points if (row["topic"], row["stance"]) == side]
    truth = [
        [labels.get((row["arg_id"], point["key_point_id"]), -1) for point in theirs] for row in mine
    ]
    return Debate(
        " ".join(side),
        [row["argument"] for row in mine],
        [row["key_point"] for row in theirs],
        np.array(truth),
    )


@dataclass(frozen=True)
class Asked:
    """A question about one meeting, and the turns that answer it."""

    meeting: int
    question: str
    turns: frozenset[int]


def meetings(folder: Path) -> tuple[list[Source], list[Asked]]:
    """Return product meetings, and questions about them with the turns that annotators chose."""
    lines = (folder / "qmsum_product/val.jsonl").read_text(encoding="utf-8").splitlines()
    sources, asked = [], []
    for number, meeting in enumerate(map(json.loads, lines)):
        sources.append(_meeting(meeting))
        asked += [Asked(number, q, turns) for q, turns in _questions(meeting)]
    return sources, asked


def _meeting(meeting: dict[str, Any]) -> Source:
    turns = tuple(
        Turn(at, turn["speaker"], Side.CUSTOMER, turn["content"])
        for at, turn in enumerate(meeting["meeting_transcripts"])
    )
    return Source(SourceKind.CALL, "", None, None, None, turns, "")


def _questions(meeting: dict[str, Any]) -> Iterator[tuple[str, frozenset[int]]]:
    for each in meeting["specific_query_list"]:
        spans = [range(int(a), int(b) + 1) for a, b in each["relevant_text_span"]]
        yield each["query"], frozenset(turn for span in spans for turn in span)
