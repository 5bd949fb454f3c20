"""What the documentation shows works: its YAML loads, its commands exist, its links lead somewhere.

A fenced YAML block says behind the word ``yaml`` which kind of definition it is, as in
``yaml signal``; one without a kind is a picture of something else and is not loaded.
"""

import doctest
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from bullseye import errors
from bullseye.definitions import Clause, TableName, checks, load, yaml
from bullseye.definitions.known import field_named, readable_fields
from bullseye.definitions.project import KINDS
from bullseye.definitions.rule import fields_in, read_rule
from bullseye.definitions.starter import write_starter
from bullseye.definitions.typed import typed
from bullseye.faces.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda path: path.as_posix()
)
FOLDERS = {
    "icp": "icps",
    "exclusion": "exclusions",
    "signal": "signals",
    "tiers": "tiers",
    "market": "markets",
    "persona": "personas",
    "proof": "proofs",
    "message": "messages",
    "roles": "roles",
    "outcome": "outcomes",
    "term": "terms",
    "theme": "themes",
    "source": "sources",
}
FRAGMENTS = ("rule", "contact-rule", "criterion", "settings")
TODAY = date(2026, 11, 21)
_BLOCK = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?P<target>[^)\s#:]+)(?:#[^)]*)?\)|src=\"(?P<image>[^\":]+)\"")


class Block(NamedTuple):
    """One fenced block: the first word behind the fence, the rest, and the text."""

    language: str
    about: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """Yield the fenced blocks of a page."""
    for found in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        language, _, about = found["info"].strip().partition(" ")
        yield Block(language, about.strip(), found["text"])


def written(page: Path, kinds: tuple[str, ...]) -> list[Block]:
    """Return the YAML blocks of a page that are of one of these kinds."""
    return [each for each in blocks(page) if each.language == "yaml" and each.about in kinds]


def ids(pages: list[Path]) -> list[str]:
    """Return readable names of pages."""
    return [page.relative_to(ROOT).as_posix() for page in pages]


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    write_starter(tmp_path, title="North", owner="Ada Lovelace", today=TODAY)
    return tmp_path


def test_every_kind_of_definition_can_be_shown() -> None:
    assert set(FOLDERS.values()) == set(KINDS)


def test_yaml_blocks_name_a_kind_that_exists() -> None:
    known = {*FOLDERS, *FRAGMENTS, ""}
    wrong = [
        f"{page.name}: {each.about}"
        for page in PAGES
        for each in blocks(page)
        if each.language == "yaml" and each.about not in known
    ]
    assert wrong == []


WITH_DEFINITIONS = [page for page in PAGES if written(page, tuple(FOLDERS))]


@pytest.mark.parametrize("page", WITH_DEFINITIONS, ids=ids(WITH_DEFINITIONS))
def test_definitions_shown_load_beside_the_starter_and_have_no_errors(
    page: Path, workspace: Path
) -> None:
    for each in written(page, tuple(FOLDERS)):
        name = yaml.read(each.text)["name"]
        folder = workspace / FOLDERS[each.about]
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.yaml").write_text(each.text, encoding="utf-8")
    found = checks.check(load(workspace), None, TODAY)
    assert [str(f) for f in found if f.severity is checks.Severity.ERROR] == []


def test_some_page_shows_each_kind() -> None:
    shown = {each.about for page in PAGES for each in written(page, tuple(FOLDERS))}
    assert shown == set(FOLDERS)


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_rules_and_criteria_shown_are_written_as_they_must_be(page: Path, workspace: Path) -> None:
    project = load(workspace).project
    for each in written(page, ("rule", "contact-rule")):
        table = TableName.ACCOUNTS if each.about == "rule" else TableName.CONTACTS
        fields = readable_fields(project, table)
        for name, value in yaml.read(each.text).items():
            rule = typed(read_rule({name: value}), fields)
            assert all(field_named(fields, used) for used in fields_in(rule))
    for each in written(page, ("criterion",)):
        for clause in yaml.read(each.text):
            assert Clause.model_validate(clause).name == clause["name"]


WITH_SETTINGS = [page for page in PAGES if written(page, ("settings",))]


@pytest.mark.parametrize("page", WITH_SETTINGS, ids=ids(WITH_SETTINGS))
def test_settings_shown_load(page: Path, workspace: Path) -> None:
    for each in written(page, ("settings",)):
        (workspace / "bullseye.yaml").write_text(each.text, encoding="utf-8")
        wanted = yaml.read(each.text)["title"]
        assert load(workspace).project.settings.title == wanted


WITH_SESSIONS = [page for page in PAGES if any(b.language == "pycon" for b in blocks(page))]


@pytest.mark.parametrize("page", WITH_SESSIONS, ids=ids(WITH_SESSIONS))
def test_python_sessions_give_what_the_page_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_starter(tmp_path / "north", title="North", owner="Ada Lovelace", today=date.today())
    for each in blocks(page):
        if each.language == "csv" and each.about:
            (tmp_path / each.about).write_text(each.text, encoding="utf-8")
    session = "".join(each.text for each in blocks(page) if each.language == "pycon")
    monkeypatch.chdir(tmp_path)
    test = doctest.DocTestParser().get_doctest(session, {}, page.name, str(page), 0)
    complaints: list[str] = []
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, tried = doctest.DocTestRunner(optionflags=flags).run(test, out=complaints.append)
    assert (failed, tried > 0) == (0, True), "".join(complaints)


def commands(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of each `bullseye` command in the shell blocks of a page."""
    for each in blocks(page):
        if each.language not in ("console", "sh"):
            continue
        for line in each.text.replace("\\\n", " ").splitlines():
            said = line.removeprefix("$ ").split(" #")[0]
            if said.startswith("bullseye ") and (each.language == "sh" or line.startswith("$ ")):
                yield shlex.split(said.split(" > ")[0].split(" | ")[0])[1:]


WITH_COMMANDS = [page for page in PAGES if list(commands(page))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=ids(WITH_COMMANDS))
def test_commands_shown_exist_with_their_options(page: Path) -> None:
    for arguments in commands(page):
        with cli.make_context("bullseye", list(arguments)) as root:
            rest = [*root._protected_args, *root.args]
            if not rest:
                continue
            command = cli.get_command(root, rest[0])
            assert command is not None, f"{rest[0]} is none of {', '.join(COMMANDS)}"
            try:
                command.make_parser(click.Context(command, parent=root)).parse_args(rest[1:])
            except click.UsageError as error:
                pytest.fail(f"{shlex.join(arguments)}: {error.format_message()}")


@pytest.mark.parametrize("page", PAGES, ids=ids(PAGES))
def test_links_lead_to_files(page: Path) -> None:
    text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    targets = [found["target"] or found["image"] for found in _LINK.finditer(text)]
    missing = [each for each in targets if not (page.parent / each).exists()]
    assert missing == []


def error_classes(base: type[errors.BullseyeError]) -> Iterator[type[errors.BullseyeError]]:
    """Yield `base` and every error below it."""
    yield base
    for each in base.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from error_classes(each)


def test_every_exit_code_is_documented() -> None:
    page = (ROOT / "docs/reference/errors.md").read_text(encoding="utf-8")
    said = set(re.findall(r"^\| `(\d+)` \|", page, re.MULTILINE))
    raised = {str(each.exit_code) for each in error_classes(errors.BullseyeError)}
    assert said == raised | {"0", "1", "130"}


def test_every_environment_variable_is_documented() -> None:
    page = (ROOT / "docs/reference/environment.md").read_text(encoding="utf-8")
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    used = {name for text in sources for name in re.findall(r"[\"']BULLSEYE_[A-Z]+[\"']", text)}
    assert {name.strip("\"'") for name in used} == set(re.findall(r"`(BULLSEYE_[A-Z]+)`", page))
