"""Ask a language model for evidence: what it returns passes the same guard as everything else.

Needs the extra `llm`. What was said goes to the provider of the model, without the speakers'
names and addresses as the source has them; the key comes from the provider's own variable in the
environment.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, Field

from bullseye.errors import BullseyeError, ExternalError, UsageError
from bullseye.research.quote import Refused, verified
from bullseye.research.source import Candidate, EvidenceKind, Source, Turn

PROMPT_VERSION = "1"
BY_MODEL = "model"
MOST_QUOTES = 40
"""Quotes that one answer may hold."""

PART_CHARACTERS = 24_000
"""Characters of a source that are asked about at once."""

_TRIES = 1
_REQUESTS = 4


class Quoted(BaseModel):
    """One quote as the model returns it."""

    kind: EvidenceKind
    turn: int = Field(ge=0)
    quote: str = Field(max_length=2000)


class Answer(BaseModel):
    """Everything that the model returns for one part of a source."""

    quotes: list[Quoted] = Field(max_length=MOST_QUOTES)


@dataclass(frozen=True)
class Usage:
    """What asking took: requests, and tokens read and written."""

    requests: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.requests + other.requests,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
        )


@dataclass(frozen=True)
class Told:
    """Candidates that passed the guard, how many quotes did not, and what it took."""

    candidates: tuple[Candidate, ...]
    dropped: int
    usage: Usage


@dataclass
class _Part:
    """What the validator needs and counts while one part is asked about."""

    source: Source
    turns: frozenset[int]
    found: list[Candidate] = field(default_factory=list)
    dropped: int = 0


def asked(source: Source, model: Any, *, method: str) -> Told:
    """Return what a model finds in one source.

    A quote that was not literally said, by the customer, in the turn that it names, is sent
    back once with the reason, and then dropped and counted.

    Parameters
    ----------
    source
        Where to look. One whose consent was refused must not come here.
    model
        A name as in ``openai:gpt-5-mini``, or a model of pydantic-ai.
    method
        How the candidates call their method.

    Raises
    ------
    UsageError
        If the extra, the provider's package or its key is missing, or no such model is known.
    ExternalError
        If the provider fails, or the model does not keep to the form of the answer.
    """
    agent = _agent(model)
    found: list[Candidate] = []
    dropped, usage = 0, Usage()
    for turns in parts(source):
        part = _Part(source, frozenset(turn.index for turn in turns))
        usage += _run(agent, rendered(turns), part)
        found += part.found
        dropped += part.dropped
    unique = {(c.kind, c.turn_index, c.start, c.end): c for c in found}
    named = (
        Candidate(c.kind, c.turn_index, c.start, c.end, c.quote, method) for c in unique.values()
    )
    return Told(tuple(named), dropped, usage)


def parts(source: Source) -> Iterator[Sequence[Turn]]:
    """Yield the turns of a source in parts of at most `PART_CHARACTERS`, or one long turn."""
    part: list[Turn] = []
    size = 0
    for turn in source.turns:
        if part and size + len(turn.text) > PART_CHARACTERS:
            yield part
            part, size = [], 0
        part.append(turn)
        size += len(turn.text)
    if part:
        yield part


def rendered(turns: Sequence[Turn]) -> str:
    r"""Return turns as the model sees them: data between marks that no text can close.

    >>> from bullseye.research.source import Side
    >>> print(rendered([Turn(3, "Ann", Side.CUSTOMER, "So </source> it is.")]))
    <source>
    {"turn": 3, "side": "customer", "text": "So \u003c/source\u003e it is."}
    </source>
    """
    lines = (
        json.dumps({"turn": turn.index, "side": turn.side.value, "text": turn.text})
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        for turn in turns
    )
    return "\n".join(("<source>", *lines, "</source>"))


def cache_key(source: Source, model: str) -> str:
    """Return what an answer is kept under: the text as it is sent, the prompt and the model."""
    text = "\n".join(rendered(turns) for turns in parts(source))
    whole = json.dumps([source.sha256, text, PROMPT_VERSION, instructions(), model])
    return hashlib.sha256(whole.encode("utf-8", "backslashreplace")).hexdigest()


def instructions() -> str:
    """Return what the model is told to do."""
    return files("bullseye.research").joinpath("prompts", "code.txt").read_text("utf-8")


def _agent(model: Any) -> Any:
    try:
        from pydantic_ai import Agent, ModelRetry, RunContext  # noqa: PLC0415 - an extra
        from pydantic_ai.exceptions import UserError  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "Asking a language model needs the extra llm.",
            hint='Install it with: pip install "bullseye-gtm[llm]"',
        ) from None
    try:
        agent = Agent(
            model,
            output_type=Answer,
            deps_type=_Part,
            instructions=instructions(),
            retries=_TRIES,
        )
    except (ImportError, UserError, ValueError) as error:
        raise UsageError(
            f"The model cannot be used: {_first_line(error)}",
            hint="Write PROVIDER:NAME, install the provider's package, and set its key in the"
            " environment, as in OPENAI_API_KEY.",
        ) from None

    @agent.output_validator
    def validated(context: RunContext[_Part], answer: Answer) -> Answer:
        wrong = _checked(answer, context.deps)
        if wrong and context.retry < _TRIES:
            raise ModelRetry(
                "Some quotes do not count. Return the whole list again, corrected:\n"
                + "\n".join(wrong)
            )
        return answer

    return agent


def _checked(answer: Answer, part: _Part) -> list[str]:
    """Keep the quotes that pass the guard; return what is wrong with the others."""
    part.found.clear()
    wrong = []
    for at, each in enumerate(answer.quotes):
        if each.turn not in part.turns:
            wrong.append(f"{at}: there is no turn {each.turn}.")
            continue
        found = verified(each.quote, part.source, turn=each.turn)
        if isinstance(found, Refused):
            wrong.append(f"{at}: {found.says}")
            continue
        part.found.append(
            Candidate(each.kind, found.turn_index, found.start, found.end, found.text, BY_MODEL)
        )
    part.dropped = len(wrong)
    return wrong


def _run(agent: Any, prompt: str, part: _Part) -> Usage:
    from pydantic_ai.exceptions import AgentRunError, UserError  # noqa: PLC0415 - an extra
    from pydantic_ai.usage import UsageLimits  # noqa: PLC0415

    try:
        done = agent.run_sync(prompt, deps=part, usage_limits=UsageLimits(request_limit=_REQUESTS))
    except UserError as error:
        raise UsageError(
            f"The model cannot be used: {_first_line(error)}",
            hint="Set the provider's key in the environment.",
        ) from None
    except AgentRunError as error:
        raise ExternalError(
            f"The model gave no usable answer: {_first_line(error)}",
            hint="Try again later, or another model; what was found before is kept.",
        ) from error
    except BullseyeError:
        raise
    except Exception as error:
        raise ExternalError(
            f"The provider cannot be reached: {_first_line(error)}",
            hint="Check the network and the key; what was found before is kept.",
        ) from error
    used = done.usage
    return Usage(used.requests, used.input_tokens, used.output_tokens)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
