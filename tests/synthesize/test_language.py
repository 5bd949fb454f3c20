"""Texts are held against the shared language; what is no prose is passed over."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bullseye.errors import InputError, NotEnoughEvidence, UsageError
from bullseye.faces.cli.main import code_of
from bullseye.synthesize.prose import BLANK, Format, language_of, prose
from bullseye.synthesize.run.language import check_language, export_vale


@pytest.fixture
def words(world: Any) -> Any:
    """A world with two terms."""
    said = {"concept": "An account that pays us.", "why": "Reports count one word."}
    wordings = [
        {"preferred": "customer", "allowed": ["account"], "forbidden": ["client"]},
        {"locale": "de", "preferred": "Kunde", "forbidden": ["Klient"]},
    ]
    world.define("terms", "customer", wordings=wordings, **said)
    world.define("terms", "hub", wordings=[{"preferred": "HubSpot"}], **said)
    return world


def checked(words: Any, text: str, name: str = "page.md", **options: Any) -> list[tuple[Any, ...]]:
    file = words.folder / name
    file.write_bytes(text.encode())
    found = check_language(words.workspace, [file], **options).findings
    return [(each.line, each.column, str(each.severity), each.found) for each in found]


def test_each_finding_says_where_and_what_to_write(words: Any) -> None:
    text = "We help\nour clients, and Hubspot.\r\nAn account."
    assert checked(words, text) == [(2, 5, "error", "clients"), (2, 18, "warning", "Hubspot")]
    found = check_language(words.workspace, [words.folder / "page.md"], allowed=True)
    assert [each.instead for each in found.findings] == ["customer", "HubSpot", "customer"]
    first = found.findings[0]
    assert text[first.start : first.end] == "clients"
    assert (found.counts["error"], found.counts["warning"], found.counts["info"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "`client`",
        "``a ` client``",
        "```\nclient\n```\n",
        "~~~ client\nclient\n",
        "> ```\n> client\n> ```\n",
        "https://client.example/client",
        "[us](client.md)",
        "[1]: client.md",
        "a.client@client.example",
        "<!-- client -->",
        '<a title="client">us</a>',
        "---\nclient: 1\n---\n",
        "www.client.example",
    ],
)
def test_code_addresses_and_markup_of_markdown_are_no_prose(words: Any, text: str) -> None:
    assert checked(words, text) == []
    assert len(checked(words, text + "\n\na client")) == (0 if text.startswith("~~~") else 1)


@pytest.mark.parametrize("text", ["`client", "<!-- client", "``client`", "<client", "[client]"])
def test_markup_that_is_never_closed_hides_nothing(words: Any, text: str) -> None:
    assert [each[3] for each in checked(words, text)] == ["client"]


def test_scripts_and_tags_of_html_are_no_prose(words: Any) -> None:
    text = "<script>client</script><style>client</style><pre>client</pre><p class='client'>client"
    assert [each[1] for each in checked(words, text, "page.html")] == [text.rindex("client") + 1]


def test_backticks_mean_nothing_in_a_plain_text(words: Any) -> None:
    assert len(checked(words, "`client`", "page.txt")) == 1


def test_a_file_that_says_its_language_is_read_in_it(words: Any) -> None:
    text = "Klient und client"
    assert [each[3] for each in checked(words, f"---\nlang: de\n---\n{text}")] == ["Klient"]
    assert [each[3] for each in checked(words, text, locale="de-AT")] == ["Klient"]
    assert [each[3] for each in checked(words, text)] == ["client"]
    assert language_of("---\ntitle: x\nlanguage: 'pt-BR'\n---\n") == "pt-BR"


def test_folders_are_searched_and_what_cannot_be_read_is_said(words: Any, tmp_path: Path) -> None:
    folder, empty = tmp_path / "texts", tmp_path / "empty"
    empty.mkdir()
    (folder / ".hidden").mkdir(parents=True)
    (folder / ".hidden/a.md").write_text("client")
    (folder / "a.md").write_text("client")
    (folder / "b.py").write_text("client")
    (folder / "c.txt").write_bytes(b"\xff\x00\x01client")
    (folder / "d.txt").write_bytes("client".encode("utf-16"))
    found = check_language(words.workspace, [folder, folder / "a.md"])
    assert [Path(each.file).name for each in found.findings] == ["a.md", "d.txt"]
    assert [(Path(each.file).name, each.reason) for each in found.skipped] == [
        ("c.txt", "it is no text")
    ]
    with pytest.raises(InputError, match="no text"):
        check_language(words.workspace, [folder / "c.txt"])
    with pytest.raises(InputError, match="There is no text"):
        check_language(words.workspace, [empty])


def test_without_a_term_nothing_can_be_said(world: Any) -> None:
    with pytest.raises(NotEnoughEvidence, match="No term"):
        check_language(world.workspace, [world.folder])


def test_the_command_fails_only_for_what_is_forbidden(
    words: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    words.write()
    page = words.folder / "page.md"
    page.write_text("Our Hubspot customers")
    assert code_of(["-w", str(words.folder), "language", "check", str(page)]) == 0
    page.write_text("Our \x1b[31m clients")
    assert code_of(["-w", str(words.folder), "language", "check", str(page)]) == 1
    said = capsys.readouterr().out
    assert "page.md:1:" in said
    assert "write 'customer'" in said
    assert "\x1b[31m" not in said
    code_of(["-w", str(words.folder), "language", "check", "--json", str(page)])
    found = json.loads(capsys.readouterr().out)
    assert found["findings"][0]["term"] == "customer"
    assert found["counts"] == {"error": 1, "warning": 0, "info": 0}


PIECES = st.sampled_from(
    ["client", "`", "``", "```", "\n", " ", "<", ">", "<!--", "-->", "](", ")", "[a]:", "---", "@"]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.sampled_from(Format))
def test_blanking_keeps_every_place_and_invents_nothing(text: str, form: Format) -> None:
    blanked = prose(text, form)
    assert len(blanked) == len(text)
    assert all(b in (BLANK, t) for b, t in zip(blanked, text, strict=True))


@pytest.mark.parametrize("piece", ["`` ` ", "<!--", "](", "[a]:\n", "a@", "```\n", "<code>", "<"])
def test_a_very_long_hostile_text_keeps_every_place(piece: str) -> None:
    for form in (Format.MARKDOWN, Format.HTML):
        assert len(prose(piece * 80_000, form)) == len(piece) * 80_000


def test_a_style_is_written_whole_and_replaces_only_its_own(words: Any, tmp_path: Path) -> None:
    planned = export_vale(words.workspace, tmp_path / "styles", dry_run=True)
    assert not planned.folder.exists()
    done = export_vale(words.workspace, tmp_path / "styles")
    assert sorted(each.name for each in done.folder.iterdir()) == sorted(planned.files)
    assert export_vale(words.workspace, tmp_path / "styles").files == done.files
    assert [each.name for each in (tmp_path / "styles").iterdir()] == ["Bullseye"]
    (done.folder / "mine.yml").write_text("extends: existence\n")
    with pytest.raises(UsageError, match="did not write"):
        export_vale(words.workspace, tmp_path / "styles")
    assert (done.folder / "mine.yml").exists()
