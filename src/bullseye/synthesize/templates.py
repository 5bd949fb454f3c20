"""The templates of messages: one per channel, in a sandbox, strict about what they name.

A workspace replaces one by a file of its name in `templates/`. A template gets the slots as
texts, so nothing that comes from data is ever read as a template.
"""

from functools import lru_cache
from importlib.resources import files
from typing import Any, NoReturn

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bullseye.definitions.channel import Channel
from bullseye.errors import DefinitionError

FOLDER = "templates"
"""Where a workspace keeps templates of its own."""

LONGEST = 20_000
"""Most characters of a template: a message is never that long."""

NAMES = (
    "account", "after", "before", "call_to_action", "contact", "hook", "objection", "proofs",
    "response", "why_now",
)  # fmt: skip
"""What a template may name; `contact` and `why_now` are empty where there is none."""


def template_names(channel: Channel) -> tuple[str, ...]:
    """Return the files of a channel's templates: the text first.

    >>> template_names(Channel.EMAIL)
    ('email.txt.j2', 'email.subject.j2', 'email.html.j2')
    """
    if channel is Channel.EMAIL:
        return tuple(f"{channel}.{part}.j2" for part in ("txt", "subject", "html"))
    return (f"{channel}.txt.j2",)


def built_in(name: str) -> str:
    """Return the text of a template that comes with Bullseye."""
    return (files("bullseye.synthesize") / FOLDER / name).read_text(encoding="utf-8")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Also refuses arithmetic by which a short template makes a huge text."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> NoReturn:
        raise SecurityError(f"{operator} is not for templates")


def filled(name: str, text: str, slots: dict[str, Any]) -> str:
    """Return the template `text` with `slots` filled in; what ends in .html.j2 is escaped.

    Parameters
    ----------
    name
        The file's name, for messages.
    text
        The template.
    slots
        Texts by the names of `NAMES`; `proofs` is a list of texts.

    Raises
    ------
    DefinitionError
        If the template cannot be read, names what it does not get, or does what it may not.
    """
    place = f"{FOLDER}/{name}"
    if len(text) > LONGEST:
        raise DefinitionError(f"It is longer than {LONGEST:,} characters.", place=place)
    try:
        return _compiled(text, is_page=name.endswith(".html.j2")).render(slots)
    except TemplateSyntaxError as error:
        _refuse(str(error.message or "cannot be read"), f"{place}:{error.lineno}")
    except UndefinedError as error:
        _refuse(str(error.message), place)
    except SecurityError as error:
        _refuse(f"the sandbox refuses it: {error}", place)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        _refuse(f"it fails: {error}", place)
    except (RecursionError, MemoryError):
        _refuse("it asks for too much", place)


@lru_cache(maxsize=64)
def _compiled(text: str, *, is_page: bool) -> Template:
    return _Sandbox(autoescape=is_page, undefined=StrictUndefined).from_string(text)


def _refuse(problem: str, place: str) -> NoReturn:
    raise DefinitionError(
        f"The template cannot be used: {problem:.300}.",
        place=place,
        hint=f"It may name {', '.join(NAMES)}.",
    )
