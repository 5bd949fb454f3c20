"""Which characters of a file are prose: code, addresses and markup are not what anybody says."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath

Span = tuple[int, int]

BLANK = "\0"
"""What stands in the place of what is no prose: no word, and no white space either."""


class Format(StrEnum):
    """How a text is written."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    HTML = "html"


FORMATS = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".txt": Format.PLAIN,
}
"""The endings of files that are looked for in a folder."""

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]*|(?<!\S)[^\s@]+@\S+", re.IGNORECASE)
_TARGET = re.compile(r"\]\([^()\s]*")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]*\]:[^\n]*", re.MULTILINE)
_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")
_FENCE = re.compile(r" {0,3}(?:> ?)*(?:[-*+] +)?(`{3,}|~{3,})(.*)")
_TICKS = re.compile(r"`+")
_ELEMENT = re.compile(r"<(script|style|pre|code)\b[^<>]*>", re.IGNORECASE)
_FRONT_LANGUAGE = re.compile(
    r"^lang(?:uage)?:[ \t]*[\"']?([a-z]{2,3}(?:-[A-Z]{2})?)\b", re.MULTILINE
)


def format_of(name: str) -> Format:
    """Return how a file is written, by the ending of its name; plain where it says nothing."""
    return FORMATS.get(PurePath(name).suffix.lower(), Format.PLAIN)


def prose(text: str, form: Format) -> str:
    r"""Return a text of the same length in which all that is no prose is blank.

    Blank are addresses of the web and of mail; in Markdown also the front matter, fenced and
    inline code, targets of links, and markup of HTML with what stands in comments; in HTML the
    tags, comments, scripts, styles and code. Text that is cut short is read as far as it goes.

    >>> prose("Say `lead` at https://x.y now", Format.MARKDOWN).replace(BLANK, "_")
    'Say ______ at ___________ now'
    """
    spans = sorted(_ignored(text, form))
    parts, done = [], 0
    for start, end in spans:
        if end > done:
            parts.append(text[done : max(start, done)])
            parts.append(BLANK * (end - max(start, done)))
            done = end
    return "".join((*parts, text[done:])) if parts else text


def language_of(text: str) -> str | None:
    """Return the language that the front matter of a Markdown file names, as in ``lang: de``."""
    end = _front_matter(text)
    found = _FRONT_LANGUAGE.search(text, 0, end) if end else None
    return found[1] if found else None


def _ignored(text: str, form: Format) -> Iterator[Span]:
    yield from (found.span() for found in _ADDRESS.finditer(text))
    if form is Format.PLAIN:
        return
    yield from _between(text, "<!--", "-->")
    yield from (found.span() for found in _TAG.finditer(text))
    if form is Format.HTML:
        yield from _elements(text)
        return
    if end := _front_matter(text):
        yield 0, end
    yield from (found.span() for found in _TARGET.finditer(text))
    yield from (found.span() for found in _REFERENCE.finditer(text))
    yield from _code(text)


def _front_matter(text: str) -> int:
    """Return where the front matter ends, 0 if there is none."""
    if not text.startswith(("---\n", "---\r\n")):
        return 0
    found = text.find("\n---", 3)
    return found + 4 if found > 0 else 0


def _between(text: str, opening: str, closing: str) -> Iterator[Span]:
    at = text.find(opening)
    while at >= 0:
        end = text.find(closing, at + len(opening))
        if end < 0:  # never closed: then it is no comment
            return
        yield at, end + len(closing)
        at = text.find(opening, end + len(closing))


def _elements(text: str) -> Iterator[Span]:
    """Yield scripts, styles and code of HTML with what stands in them."""
    done, lowered, gone = 0, text.lower(), set[str]()
    for found in _ELEMENT.finditer(text):
        name = found[1].lower()
        if found.start() < done or name in gone:
            continue
        end = lowered.find(f"</{name}", found.end())
        if end < 0:
            gone.add(name)
            continue
        yield found.start(), end
        done = end


def _code(text: str) -> Iterator[Span]:
    """Yield fenced blocks, and inline code of the lines outside of them."""
    at, fence, begun = 0, "", 0
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not mark[2].strip():
                yield begun, at + len(line)
                fence = ""
        elif mark and not (mark[1][0] == "`" and "`" in mark[2]):
            fence, begun = mark[1], at
        else:
            yield from ((at + start, at + end) for start, end in _inline(line))
        at += len(line)
    if fence:
        yield begun, len(text)


def _inline(line: str) -> Iterator[Span]:
    """Yield the code between two runs of backticks of the same length."""
    runs = [found.span() for found in _TICKS.finditer(line)]
    later: dict[int, list[int]] = {}
    for at in range(len(runs) - 1, -1, -1):
        later.setdefault(runs[at][1] - runs[at][0], []).append(at)
    at = 0
    while at < len(runs):
        alike = later[runs[at][1] - runs[at][0]]
        while alike and alike[-1] <= at:
            alike.pop()
        if alike:
            yield runs[at][0], runs[alike[-1]][1]
            at = alike[-1]
        at += 1
