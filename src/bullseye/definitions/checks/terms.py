"""Rules about terms: they agree with each other, and the definitions themselves keep to them."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context, Path
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.term import Status, Term, forms
from bullseye.definitions.wording import Sheet

_SAID_BY_PERSONAS = ("anxiety", "ambition", "kpis", "cares_about", "hook", "trap")
"""Entries of a persona in which we speak; what buyers say is theirs."""


class _Said(NamedTuple):
    """One phrase of one term, where it stands."""

    term: str
    path: Path
    status: Status
    phrase: str


@coded(
    "TRM001",
    "wordings-contradict",
    Severity.ERROR,
    wrong="""
preferred: time to value
forbidden: [onboarding time]    # which another term prefers
""",
    right="""
preferred: time to value
forbidden: [time-to-benefit]
""",
)
def wordings_contradict(context: Context) -> Iterator[Hit]:
    """What one term forbids, another may not prefer or allow.

    Whoever writes cannot keep to both. Simple plurals count as the same phrase.
    """
    for one, other in _meeting(context):
        if (one.status is Status.FORBIDDEN) != (other.status is Status.FORBIDDEN):
            message = f"{other.phrase!r} is {other.status} here, and {one.status} in {one.term}"
            yield Hit("terms", other.term, other.path, message, "Keep one of the two.")


@coded(
    "TRM002",
    "wording-of-two-ideas",
    Severity.WARNING,
    wrong="""
preferred: adoption        # activation.yaml allows it too
""",
    right="""
preferred: product adoption
""",
)
def wording_of_two_ideas(context: Context) -> Iterator[Hit]:
    """One word for two ideas is what a shared language is there to end.

    Drift between teams cannot be counted for it either: it is not known which idea was meant.
    """
    for one, other in _meeting(context):
        both = {one.status, other.status}
        if one.term != other.term and (Status.FORBIDDEN not in both or len(both) == 1):
            message = f"{other.phrase!r} stands for {one.term} too"
            yield Hit("terms", other.term, other.path, message, "Say one of the two otherwise.")


@coded(
    "TRM003",
    "term-without-alternatives",
    Severity.WARNING,
    wrong="wordings: [{preferred: time to value}]",
    right="wordings: [{preferred: time to value, forbidden: [time to benefit]}]",
)
def term_without_alternatives(context: Context) -> Iterator[Hit]:
    """A term that forbids nothing and allows nothing else changes nobody's wording.

    List what people say instead: it is what the check finds, and what drift is counted by. A
    name with capitals of its own does without, since other capitals are found.
    """
    for term in context.project.terms.values():
        if not any(
            w.allowed or w.forbidden or w.preferred != w.preferred.lower() for w in term.wordings
        ):
            message = "it has one wording, so no text can differ from it"
            hint = "Add what others say to allowed or forbidden."
            yield Hit("terms", term.name, ("wordings",), message, hint)


@coded(
    "TRM004",
    "forbidden-word-in-persona",
    Severity.WARNING,
    wrong="""
anxiety: Our time-to-benefit is too long.    # forbidden: time-to-benefit
""",
    right="""
anxiety: Our time to value is too long.
""",
)
def forbidden_word_in_persona(context: Context) -> Iterator[Hit]:
    """Personas are read by everybody, so they are the first to keep to the shared language.

    What buyers say in their own words (pains, objections, quotes) is left as they say it.
    """
    sheet = Sheet.of(context.project.terms.values())
    for persona in context.project.personas.values():
        dumped = persona.model_dump(mode="json")
        for path, text in _texts({k: dumped.get(k) for k in _SAID_BY_PERSONAS}):
            for use in sheet.uses(text):
                if use.status is Status.FORBIDDEN:
                    message = f"{text[use.start : use.end]!r} is forbidden by {use.term}"
                    hint = f"Write {use.instead!r}."
                    yield Hit("personas", persona.name, path, message, hint)


CHECKS = (
    wordings_contradict,
    wording_of_two_ideas,
    term_without_alternatives,
    forbidden_word_in_persona,
)


def _meeting(context: Context) -> Iterator[tuple[_Said, _Said]]:
    """Yield the pairs of phrases of one language that have a form in common, once each."""
    said: dict[tuple[str, str], list[_Said]] = {}
    for name in sorted(context.project.terms):
        for locale, form, each in _said(context.project.terms[name]):
            said.setdefault((locale, form), []).append(each)
    seen = set()
    for alike in said.values():
        for pair in combinations(dict.fromkeys(alike), 2):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _said(term: Term) -> Iterator[tuple[str, str, _Said]]:
    for at, wording in enumerate(term.wordings):
        counts = dict.fromkeys(Status, 0)
        for status, phrase in wording.phrases():
            inside = () if status is Status.PREFERRED else (counts[status],)
            counts[status] += 1
            each = _Said(term.name, ("wordings", at, str(status), *inside), status, phrase)
            for form in forms(phrase, wording.locale):
                yield wording.locale, " ".join(form.casefold().split()), each


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text inside a value with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, str(key)))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _texts(inner, (*path, at))
