"""What a text says against the shared language, at which place, and what to write instead."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bullseye.definitions.checks import Severity
from bullseye.definitions.term import Status, Term
from bullseye.definitions.wording import Sheet, Use
from bullseye.synthesize.prose import Format, format_of, language_of, prose

SEVERITY = {
    Status.FORBIDDEN: Severity.ERROR,
    Status.PREFERRED: Severity.WARNING,
    Status.ALLOWED: Severity.INFO,
}
"""How much a wording matters; a preferred one only where its capitals are others."""


@dataclass(frozen=True)
class Text:
    """A file as read: its name as shown, its characters, and how it is written."""

    file: str
    text: str
    form: Format

    @classmethod
    def of(cls, file: str, text: str) -> "Text":
        """Return a file whose name tells how it is written."""
        return cls(file, text, format_of(file))

    def locale(self, usual: str) -> str:
        """Return the language it says it is in, or the usual one."""
        said = language_of(self.text) if self.form is Format.MARKDOWN else None
        return said or usual


@dataclass(frozen=True)
class LanguageFinding:
    """One wording that the sheet does not prefer.

    `line` and `column` count from 1, `start` and `end` are characters of the file from 0.
    """

    file: str
    line: int
    column: int
    start: int
    end: int
    severity: Severity
    found: str
    instead: str
    term: str
    why: str

    @property
    def place(self) -> str:
        """Where it stands, as file:line:column."""
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def message(self) -> str:
        """What is wrong, in a few words."""
        match self.severity:
            case Severity.ERROR:
                return f"{self.found!r} is forbidden: write {self.instead!r}"
            case Severity.WARNING:
                return f"{self.found!r} has other capitals than {self.instead!r}"
            case _:
                return f"{self.found!r} is allowed; {self.instead!r} is preferred"


class Sheets:
    """The sheets of a project by language, each made once."""

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self.terms = terms
        self._made: dict[str, Sheet] = {}

    def sheet(self, locale: str) -> Sheet:
        """Return the sheet of a language."""
        if locale not in self._made:
            self._made[locale] = Sheet.of(self.terms.values(), locale)
        return self._made[locale]

    def uses(self, text: Text, locale: str) -> Iterator[Use]:
        """Yield the wordings in the prose of a file, in the language it says it is in."""
        sheet = self.sheet(text.locale(locale))
        return sheet.uses(prose(text.text, text.form))


def language_findings(
    texts: Iterable[Text], terms: Mapping[str, Term], *, locale: str = "en", allowed: bool = False
) -> Iterator[LanguageFinding]:
    """Yield what some texts say against the sheet, by file and place.

    Parameters
    ----------
    texts
        The files.
    terms
        The terms by name.
    locale
        The language of files that do not say theirs.
    allowed
        Also yield wordings that are allowed but not preferred.

    Notes
    -----
    The work grows linearly with the text, whatever it holds.
    """
    sheets = Sheets(terms)
    for text in texts:
        lines = _line_starts(text.text)
        for use in sheets.uses(text, locale):
            if use.status is Status.PREFERRED and not use.is_miscased:
                continue
            if use.status is Status.ALLOWED and not allowed:
                continue
            line = bisect_right(lines, use.start)
            yield LanguageFinding(
                text.file,
                line,
                use.start - lines[line - 1] + 1,
                use.start,
                use.end,
                SEVERITY[use.status],
                " ".join(text.text[use.start : use.end].split()),
                use.instead,
                use.term,
                terms[use.term].why,
            )


def _line_starts(text: str) -> list[int]:
    found, at = [0], text.find("\n")
    while at >= 0:
        found.append(at + 1)
        at = text.find("\n", at + 1)
    return found
