"""Rewrite the generated parts of the documentation: python -m docs.generate."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bullseye.definitions.checks.pages import pages as rule_pages
from bullseye.definitions.pages import contract_page, definition_pages, table_pages
from bullseye.faces.cli.reference import reference_pages
from bullseye.operationalize.target_list import CHANGED_COLUMNS
from bullseye.operationalize.target_list import COLUMNS as LIST_COLUMNS
from bullseye.synthesize.stalls import stall_pages
from bullseye.warehouse.rendering import COLUMNS as SCORE_COLUMNS

DOCS = Path(__file__).parent


def results_pages() -> Mapping[str, str]:
    """Return the page of each table that a run gives, by file name."""
    return {
        "scores.md": contract_page(
            "Scores",
            "One row per account and profile: what a run says, in readable form. Null is unknown.",
            SCORE_COLUMNS,
        ),
        "target-list.md": contract_page(
            "Target list",
            "One row per account, with its best profile: what `bullseye export` writes.",
            LIST_COLUMNS,
        ),
        "list-changes.md": contract_page(
            "Changes of the target list",
            "One row per account that is new, changed or gone since an earlier run: what"
            " `bullseye export --since` writes.",
            CHANGED_COLUMNS,
        ),
    }


GENERATED: dict[str, Callable[[], Mapping[str, str]]] = {
    "rules": rule_pages,
    "stalls": stall_pages,
    "reference/definitions": definition_pages,
    "reference/tables": table_pages,
    "reference/results": results_pages,
    "reference/cli": reference_pages,
}
"""Folder below docs/, wholly generated: the function that returns its files' texts by name."""


def stale(docs: Path = DOCS) -> tuple[str, ...]:
    """Return the generated files that are missing, outdated, or generated no more."""
    return tuple(
        f"{folder}/{name}"
        for folder, texts in GENERATED.items()
        for name in _differing(docs / folder, texts())
    )


def _differing(folder: Path, wanted: Mapping[str, str]) -> Iterator[str]:
    there = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    for name in sorted({*wanted, *there}):
        if name not in there or there[name].read_text(encoding="utf-8") != wanted.get(name):
            yield name


def generate(docs: Path = DOCS) -> None:
    """Write every generated file, and delete those that are generated no more."""
    for folder, texts in GENERATED.items():
        wanted = texts()
        for path in _files(docs / folder):
            if path.relative_to(docs / folder).as_posix() not in wanted:
                path.unlink()
        for name, text in wanted.items():
            path = docs / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


if __name__ == "__main__":
    generate()
