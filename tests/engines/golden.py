"""The SQL of one fixed project per dialect, kept so that a change of it can be reviewed.

``python -m tests.engines.golden`` rewrites the files, and the table of hooks in the docs.
"""

from pathlib import Path

from tests.engines.worlds import GOVERNED, World

from bullseye.definitions.project import KINDS, Project
from bullseye.warehouse.dialects import DIALECTS, NOT_EXECUTED
from bullseye.warehouse.dialects.base import Dialect

FOLDER = Path(__file__).with_name("golden")
PAGE = Path(__file__).parents[2] / "docs/reference/dialects.md"
NOTES = {True: "executed by the tests", False: "NOT executed by the tests: compared and parsed"}

_ICP = {
    "criteria": [
        {"name": "industry", "rule": {"industry": ["Fintech", "O'Neil \\ ${x}"]}, "points": 20},
        {"name": "size", "rule": {"employees": {"between": [50, 500]}}, "points": 20},
        {"name": "rich", "rule": {"revenue": {"over": "5M"}}, "points": 10},
        {"name": "shrinking", "rule": {"headcount_growth_6m": {"under": "-10%"}}, "points": -10},
        {"name": "stack", "rule": {"technologies": {"all_of": ["SAP", "Marketo"]}}, "points": 9},
        {"name": "warehouse", "rule": {"technologies": {"contains": "Köln db"}}, "points": 5},
        {"name": "about", "rule": {"description": {"contains": ["b2b", "100%"]}}, "points": 5},
        {"name": "new", "rule": {"created_on": {"within": "90 days"}}, "points": 1},
        {"name": "where", "mode": "require", "rule": {"country": {"none_of": ["KP"]}}},
        {
            "name": "tiny",
            "mode": "exclude",
            "rule": {"any": [{"employees": {"under": 5}}, {"not": {"is_customer": False}}]},
            "because": "They churn three times faster.",
        },
    ],
    "hierarchy": {"signals_from_subsidiaries": True, "inherit": ["revenue"]},
}  # fmt: skip
_SIGNAL = {
    "event": "funding_round",
    "subject": {"any_of": ["Series B"], "contains": ["growth"]},
    "window": 2,
    "half_life": 1,
    "points": 40,
    "why_now": "Call them about {subject}.",
}
_POLICY = {
    "tiers": [
        {"tier": "T1", "fit": 70, "coverage": 0.6, "signal_strength": 10, "signals": ["funding"]},
        {"tier": "T2", "fit": 50},
    ],
    "hysteresis": {"fit": 5},
}


def world() -> World:
    """Return the fixed project, over no rows."""

    def made(kind: str, name: str, **written: object) -> dict[str, object]:
        return {name: KINDS[kind].model_validate({"name": name, **GOVERNED, **written})}

    project = Project(
        icps=made("icps", "b2b", **_ICP),
        signals=made("signals", "funding", **_SIGNAL),
        tiers=made("tiers", "default", **_POLICY),
    )
    return World(project, [], [], [])


def golden(dialect: Dialect) -> str:
    """Return the text of a dialect's file."""
    note = NOTES[dialect not in NOT_EXECUTED]
    return f"-- {dialect.name}: {note}\n{world().sql(dialect)}\n"


def hooks(dialect: Dialect) -> list[str]:
    """Return what a dialect writes, hook by hook, as `HOOKS` lists them."""
    quoted = dialect.quoted("it's \\ ${x}")
    return [
        "yes" if dialect not in NOT_EXECUTED else "**no**",
        dialect.identifier('a"b`c'),
        quoted,
        dialect.finite("c"),
        dialect.has("c", "x"),
        dialect.joined("c", "x"),
        dialect.lowered("c", ["ab"]),
        dialect.contains("c", "x"),
        dialect.has_bits("c", 4),
        dialect.bit_or("c"),
        dialect.modulo("c", 4),
        dialect.day_number("c"),
        dialect.rows("v", ["n"], [[1], [2]]),
        ", ".join((dialect.big, dialect.double, dialect.text)),
    ]


HOOKS = (
    "executed in tests",
    "name",
    "text",
    "number, if it is one",
    "list has",
    "list as text",
    "text lowered",
    "text contains",
    "has bits",
    "join bits",
    "remainder",
    "day number",
    "rows",
    "types",
)


def page(kept: str) -> str:
    """Return the page on dialects with its tables as the hooks are now."""
    written = {name: hooks(dialect) for name, dialect in DIALECTS.items()}
    tables = []
    for at, hook in enumerate(HOOKS):
        alike: dict[str, list[str]] = {}
        for name, sql in written.items():
            alike.setdefault(_cell(sql[at], is_code=at > 0), []).append(name)
        tables += [f"| {hook} | {sql} | {', '.join(names)} |" for sql, names in alike.items()]
    table = "\n".join(["| hook | written | on |", "|---|---|---|", *tables])
    head, tail = kept.split("<!-- hooks -->", maxsplit=1)[0], kept.split("<!-- /hooks -->")[1]
    return f"{head}<!-- hooks -->\n{table}\n<!-- /hooks -->{tail}"


def _cell(sql: str, *, is_code: bool) -> str:
    """Return SQL as a cell of a Markdown table."""
    flat = " ".join(sql.split()).replace("|", "\\|").replace("1.7976931348623157e+308", "1.79…e308")
    return f"`` {flat} ``" if is_code else flat


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, dialect in DIALECTS.items():
        (FOLDER / f"{name}.sql").write_text(golden(dialect), encoding="utf-8", newline="\n")
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
