"""Run step 5: judge a definition by what happened after the days it is put back to."""

from bullseye.validate.against import Against, Paired, Spent, against
from bullseye.validate.backtest import (
    Backtest,
    Choice,
    backtest,
    more,
    points,
    rate_words,
    sentence,
)
from bullseye.validate.seen import STANDINGS, Happened, Judged, Question
from bullseye.validate.standings import Standing
from bullseye.validate.verdict import Answer, Verdict
from bullseye.validate.winloss import OutcomeSplit, Part, Split, base, parts, reasons

__all__ = [
    "STANDINGS",
    "Against",
    "Answer",
    "Backtest",
    "Choice",
    "Happened",
    "Judged",
    "OutcomeSplit",
    "Paired",
    "Part",
    "Question",
    "Spent",
    "Split",
    "Standing",
    "Verdict",
    "against",
    "backtest",
    "base",
    "more",
    "parts",
    "points",
    "rate_words",
    "reasons",
    "sentence",
]
