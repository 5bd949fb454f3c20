"""Job titles labelled in SQL: the same rules, and the same answers, on every engine.

The reference in Python is `bullseye.definitions.titles.labelled`.
"""

from collections.abc import Sequence

from bullseye.definitions.titles import FOLDS, LONG_FOLDS, Lexicon, Stage
from bullseye.definitions.titles.folding import MARKS, PLACE
from bullseye.definitions.titles.reading import NO_FIELD, NO_RANK
from bullseye.warehouse.dialect import Dialect

TITLE_COLUMNS = ("level", "level_rule", "function", "function_rule")
"""What every title gets, beside the flags."""

_NO_WORD = "[^a-z0-9]*[^a-z0-9 ][^a-z0-9]*|  +"
"""Signs between words, but for the one space that becomes itself: most titles have no other."""

GROUP = 6
"""Stages asked at once."""


def normalised_sql(dialect: Dialect, relation: str) -> str:
    """Return a query of `title_no` and `title_norm`: the titles as the rules read them.

    `relation` is SQL of a relation with the columns `title_no` and `title`, text that may be
    NULL; a title without a word is two spaces, never NULL. One row per row of `relation`.
    """
    number, title, norm = map(dialect.column, ("title_no", "title", "title_norm"))
    folded = dialect.folded(f"COALESCE({title}, '')", LONG_FOLDS, FOLDS, MARKS)
    cut = dialect.replaced(norm, PLACE, " ")
    words = dialect.replaced(norm, _NO_WORD, " ")
    return (
        f"SELECT {number}, CONCAT(' ', TRIM({words}), ' ') AS {norm} FROM\n"
        f" (SELECT {number}, {cut} AS {norm} FROM\n"
        f"  (SELECT {number}, {folded} AS {norm} FROM {relation}) AS folded) AS cut"
    )


def titles_sql(dialect: Dialect, lexicon: Lexicon, relation: str, *, flags: bool = True) -> str:
    """Return a query that labels every title of a relation; as `labels_sql`, from raw titles.

    `relation` has the columns `title_no` and `title`, text that may be NULL.
    """
    return labels_sql(dialect, lexicon, f"({normalised_sql(dialect, relation)})", flags=flags)


def labels_sql(dialect: Dialect, lexicon: Lexicon, relation: str, *, flags: bool = True) -> str:
    """Return a query that labels every title that is normalised already.

    Parameters
    ----------
    dialect
        The engine's hooks.
    lexicon
        The rules.
    relation
        SQL of a relation with the columns `title_no` and `title_norm` (see `normalised_sql`).
    flags
        Whether to add a column per flag, true or false.

    Returns
    -------
    str
        A query of `title_no`, `title_norm` (the title as the rules read it), `level`,
        `level_rule`, `function`, `function_rule` and the flags; one row per row of `relation`.
    """
    column = dialect.column
    number, norm = column("title_no"), column("title_norm")
    told = [
        f"{_rule(dialect, lexicon.levels, norm, NO_RANK)} AS {column('level_rule')}",
        f"{_rule(dialect, lexicon.functions, norm, NO_FIELD)} AS {column('function_rule')}",
    ]
    names = [column("level_rule"), column("function_rule")]
    if flags:
        for rule in lexicon.flags:
            told.append(f"{dialect.finds(norm, rule.pattern)} AS {column(rule.name)}")
            names.append(column(rule.name))
    labels = [
        f"{dialect.before(column(rule), '.')} AS {column(name)}"
        for name, rule in (("level", "level_rule"), ("function", "function_rule"))
    ]
    every = ", ".join([number, norm, labels[0], names[0], labels[1], *names[1:]])
    told_sql = ",\n  ".join(told)
    return (
        f"SELECT {every}\nFROM (SELECT {number}, {norm},\n  {told_sql}\n"
        f"FROM {relation} AS padded) AS told"
    )


def _rule(dialect: Dialect, stages: Sequence[Stage], norm: str, otherwise: str) -> str:
    """Return the name of the first rule that fires.

    One pattern per group of stages, and one per stage, finds its words in all languages; only
    where it does, the stages and then the languages are asked one by one. The order decides all
    the same, and a title meets a dozen patterns rather than sixty.
    """
    groups = [stages[at : at + GROUP] for at in range(0, len(stages), GROUP)]
    cases = "\n  ".join(
        f"WHEN {dialect.finds(norm, '|'.join(stage.pattern for stage in group))}"
        f" THEN {_within(dialect, group, norm)}"
        for group in groups
    )
    return f"CASE {cases}\n  ELSE {dialect.literal(otherwise)} END"


def _within(dialect: Dialect, group: Sequence[Stage], norm: str) -> str:
    *others, last = group
    if not others:
        return _language(dialect, last, norm)
    cases = " ".join(
        f"WHEN {dialect.finds(norm, stage.pattern)} THEN {_language(dialect, stage, norm)}"
        for stage in others
    )
    return f"CASE {cases} ELSE {_language(dialect, last, norm)} END"


def _language(dialect: Dialect, stage: Stage, norm: str) -> str:
    *others, last = stage.rules
    if not others:
        return dialect.literal(last.name)
    cases = " ".join(
        f"WHEN {dialect.finds(norm, rule.pattern)} THEN {dialect.literal(rule.name)}"
        for rule in others
    )
    return f"CASE {cases} ELSE {dialect.literal(last.name)} END"
