"""What a card is held against: the naive Bayes of open CRMs, and what a black box would gain."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bullseye.errors import UsageError
from bullseye.stats.naive_bayes import binned, membership, naive_bayes
from bullseye.warehouse.facts import Fact, ListFact, NumberFact, TextFact

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Bools = NDArray[np.bool_]

ITEMS = 50
"""Commonest items of a list, and levels of a text, that are looked at."""

TREES = 200
"""Trees of the black box, of 15 leaves each; no tuning, which would look at the outcome."""


def naive_bayes_scores(
    facts: Mapping[str, Fact], outcome: Bools, past: Places, future: Places
) -> Floats:
    """Return the chance of the outcome of the later cases by naive Bayes, learnt on the past.

    Numbers are cut at the deciles of the past.
    """
    learnt = {name: _values(fact, past, past) for name, fact in facts.items()}
    asked = {name: _values(fact, future, past) for name, fact in facts.items()}
    if not learnt:
        return np.full(len(future), float(outcome[past].mean()))
    return naive_bayes(learnt, outcome[past]).probabilities(asked)


def _values(fact: Fact, rows: Places, past: Places) -> Bools:
    """Return which value each row has, shape (rows, values)."""
    match fact:
        case NumberFact(_, values):
            known = values[past][~np.isnan(values[past])]
            bounds = np.unique(np.quantile(known, np.arange(0.1, 1, 0.1))) if len(known) else known
            return membership(binned(values[rows], bounds.tolist()), len(bounds) + 1)
        case TextFact(_, _, codes):
            places = _commonest(codes)
            return np.asarray(codes[rows][:, None] == places)
        case ListFact():
            return _items(fact)[rows]


def _items(fact: ListFact) -> Bools:
    found = [fact.has(int(code)) for code in _commonest(fact.codes)]
    return np.column_stack(found) if found else np.zeros((len(fact.known), 0), dtype=bool)


def _commonest(codes: NDArray[np.int32]) -> NDArray[np.int64]:
    counts = np.bincount(codes[codes >= 0])
    return np.asarray(np.argsort(-counts, kind="stable")[:ITEMS], dtype=np.int64)


def black_box_scores(
    facts: Mapping[str, Fact], outcome: Bools, past: Places, future: Places, *, seed: int = 0
) -> Floats:
    """Return the chance of the outcome of the later cases by boosted trees, learnt on the past.

    Raises
    ------
    UsageError
        If LightGBM is not installed.
    """
    library = _library()
    columns, categories = _matrix(facts)
    settings: dict[str, Any] = {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 15,
        "min_data_in_leaf": 20,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "feature_fraction": 0.8,
        "num_threads": 1,
        "deterministic": True,
        "seed": seed,
        "verbosity": -1,
    }
    data = library.Dataset(
        columns[past], outcome[past].astype(float), categorical_feature=categories, params=settings
    )
    model = library.train(settings, data, num_boost_round=TREES)
    return np.asarray(model.predict(columns[future]), dtype=np.float64)


def _library() -> Any:
    try:
        return import_module("lightgbm")
    except ImportError:
        raise UsageError(
            "The yardstick is LightGBM, and it is not installed.",
            hint="Install it with: pip install 'bullseye-gtm[yardstick]', or leave it out.",
        ) from None
    except OSError as error:
        raise UsageError(
            f"LightGBM is installed, but a library of the system is missing: {error}.",
            hint="On Debian and Ubuntu install libgomp1; or leave the yardstick out.",
        ) from None


def _matrix(facts: Mapping[str, Fact]) -> tuple[Floats, list[int]]:
    """Return all facts as numbers, NaN where unknown, and which columns are categories."""
    columns: list[Floats] = []
    categories: list[int] = []
    for _, fact in sorted(facts.items()):
        match fact:
            case NumberFact(_, values):
                columns.append(values)
            case TextFact(_, _, codes):
                categories.append(len(columns))
                columns.append(np.where(codes < 0, np.nan, codes).astype(np.float64))
            case ListFact(_, _, _, _, known):
                columns += [np.where(known, item, np.nan) for item in _items(fact).T]
    return np.column_stack(columns), categories
