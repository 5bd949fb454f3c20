"""Job titles: the words that tell a level and a function, and how a title is read by them."""

from bullseye.definitions.titles.folding import FOLDS, LONG_FOLDS, normalised
from bullseye.definitions.titles.lexicon import Lexicon, Rule, Stage, lexicon, lexicon_version
from bullseye.definitions.titles.reading import (
    FLAGS,
    FUNCTIONS,
    LEVELS,
    Confidence,
    Labels,
    labelled,
)

__all__ = [
    "FLAGS",
    "FOLDS",
    "FUNCTIONS",
    "LEVELS",
    "LONG_FOLDS",
    "Confidence",
    "Labels",
    "Lexicon",
    "Rule",
    "Stage",
    "labelled",
    "lexicon",
    "lexicon_version",
    "normalised",
]
