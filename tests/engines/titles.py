"""Real and hostile titles, and the reviewed SQL of a small lexicon per dialect.

``python -m tests.engines.titles`` rewrites the reviewed files.
"""

import random
from pathlib import Path

from bullseye.definitions.titles import FOLDS, Lexicon
from bullseye.definitions.titles.folding import LONG_FOLDS, MARKS
from bullseye.definitions.titles.lexicon import merged
from bullseye.warehouse.dialects import DIALECTS, NOT_EXECUTED
from bullseye.warehouse.dialects.base import Dialect
from bullseye.warehouse.titles import titles_sql

FOLDER = Path(__file__).with_name("golden_titles")
FIXED = Path(__file__).parents[1] / "definitions/titles/labelled.txt"

_ORDER = {
    "level": ["unknown.blank", "head.of", "manager.manager"],
    "function": ["sales.sales", "it.it"],
    "flags": {"is_board": ["board"]},
}
_PACKS = {
    "en": {
        "level": {
            "unknown.blank": ["^$"],
            "head.of": ["head", "chief ... officer"],
            "manager.manager": ["manager*"],
            "board": ["board member"],
        },
        "function": {"sales.sales": ["sales*"], "it.it": ["it", "(data|cloud) engineer"]},
    },
    "de": {
        "level": {"head.of": ["*leiter", "Geschäftsführer*"]},
        "function": {"sales.sales": ["*vertrieb*"]},
    },
}


def real() -> list[str | None]:
    """Return the titles of the fixed list."""
    lines = FIXED.read_text(encoding="utf-8").splitlines()
    return [line.rsplit(" => ", 1)[0] for line in lines if " => " in line]


def hostile() -> list[str | None]:
    """Return titles that were made to break something, and letters of all kinds at random."""
    made: list[str | None] = [
        *(None, "", " ", "   ", "\t\n", "'", "''; DROP TABLE titles; --", '"', "\\", "\\b", "$1"),
        *(
            "${title}",
            "$(id)",
            "%s",
            "{0}",
            "\x00CEO".replace("\x00", ""),
            "CEO\r\nCFO",
            "🚀 CEO 🚀",
        ),
        *(
            "HEAD OF IT",
            "İT Müdürü",
            "\N{LATIN SMALL LETTER LONG S}ales",
            "Kelvin K",
            "\uff23 \uff25 \uff2f",
            "\uff23\uff25\uff2f",
            "\U0001d402\U0001d404\U0001d40e",
            "\U0001d5db\U0001d5f2\U0001d5ee\U0001d5f1 \U0001d5fc\U0001d5f3",
        ),
        *(
            "Ge\u0308scha\u0308ftsfu\u0308hrer",
            "a\u0301\u0302\u0303\u0304",
            "\u0301",
            "東京 CEO",
            "Директор",
        ),
        *(
            "CEO" * 500,
            "a " * 2000,
            "at " * 300,
            "@" * 300,
            "- " * 300,
            "( at | at ( at )",
            "at",
            " at ",
        ),
        *(
            "CEO at",
            "@CEO",
            "CEO@",
            "CEO @ A, CFO",
            "head \u00a0 of \u2003 sales",
            "c.e.o.",
            "C E O",
        ),
        *(
            "ß",
            "ẞ",
            "Ærø",
            "Œuvre",
            "Þór",
            "Łódź",
            "Đorđe",
            "ð",
            "Straße|Leiter",
            "Leiter/in",
            "Leiter*in",
        ),
        *(
            "(m/w/d) Vertriebsleiter",
            "R&D",
            "Sr.Software-Engineer   II",
            "-",
            " - ",
            "a - b - c",
            "A -B",
        ),
    ]
    made += [f"a{chr(code)}b {chr(code)}" for code in (*range(1, 0x370), *range(0x1E00, 0x2200))]
    chance = random.Random(5)
    letters = [*FOLDS, *LONG_FOLDS, *MARKS, *"abcdefghijklmnopqrstuvwxyz0123456789      |,;/()-@"]
    words = ["head", "Leiter", "VP", "sales", "IT", "at", "Chef", "Assistent", "director", "of"]
    for _ in range(300):
        made.append("".join(chance.choices(letters, k=chance.randrange(1, 40))))
        made.append(" ".join(chance.choices([*words, *letters], k=chance.randrange(1, 9))))
    return made


def small() -> Lexicon:
    """Return a lexicon that a person can review the SQL of."""
    return merged(_ORDER, _PACKS, "small")


def golden(dialect: Dialect) -> str:
    """Return the reviewed text of a dialect: the SQL, and whether an engine executes it."""
    told = "NOT executed" if dialect in NOT_EXECUTED else "executed"
    sql = titles_sql(dialect, small(), "titles")
    return f"-- {dialect.name}, {told} by the tests.\n{sql}\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in DIALECTS.values():
        (FOLDER / f"{each.name}.sql").write_text(golden(each), encoding="utf-8")
