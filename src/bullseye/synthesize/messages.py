"""Write a message to one contact, or refuse it: the contract holds for the finished text."""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.channel import LONGEST, LONGEST_SUBJECT, Channel
from bullseye.definitions.contract import (
    Breach,
    Contract,
    breaches,
    claim_breaches,
    feature_breaches,
    visible,
)
from bullseye.definitions.journey import JourneyStage
from bullseye.definitions.message import ANY, Message
from bullseye.synthesize.templates import built_in, filled, template_names

LONGEST_FACT = 200
"""Most characters of one fact from the data: a longer one is cut."""

_SLOT = re.compile(r"\{([a-z_]+)\}")
_MASK = "…"
"""Stands for a fact while the claims of the author are looked for."""


@dataclass(frozen=True)
class LiveSignal:
    """A signal that is live at the account: its sentence, its facts, and how strong it is."""

    signal: str
    sentence: str
    occurred_on: date
    strength: float = 0.0
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipient:
    """Who a message is for, as the data says; `contact` is a given name, None if not known."""

    account: str
    contact: str | None = None
    signals: tuple[LiveSignal, ...] = ()


@dataclass(frozen=True)
class CitedProof:
    """A proof that a message leans on, with what is said beside it."""

    name: str
    says: str
    dated: date
    valid_until: date | None
    trade_off: str | None


@dataclass(frozen=True)
class Written:
    """A message that keeps the contract, ready to be sent.

    `subject` and `html` are there for e-mails only; `why_now` is the live signal it speaks of.
    """

    message: str
    persona: str
    role: BuyingRole
    channel: Channel
    stage: JourneyStage
    as_of: date
    subject: str | None
    text: str
    html: str | None
    why_now: LiveSignal | None
    proofs: tuple[CitedProof, ...]


@dataclass(frozen=True)
class Refused:
    """A message that breaks the contract, with everything it breaks."""

    message: str
    breaches: tuple[Breach, ...]

    @property
    def sentence(self) -> str:
        """What is broken, in a line."""
        return "; ".join(map(str, self.breaches))


TemplateOf = Callable[[str], str]
"""Gives the text of a template by its file's name."""


def written(
    message: Message,
    contract: Contract,
    recipient: Recipient,
    template: TemplateOf = built_in,
) -> Written | Refused:
    """Return `message` as written to a recipient, or why it is refused.

    The claims are looked for twice: in the text with its facts masked, where only the cited
    proofs support them, and in the finished text, where the facts do too. So neither a fact can
    lend its number to a claim, nor can the two be put together to a new one.

    Parameters
    ----------
    message, contract
        The message, and what it is held against.
    recipient
        What the data says of the account and the contact.
    template
        Gives the text of a template by its file's name.

    Raises
    ------
    DefinitionError
        If a template of the workspace cannot be used.
    """
    broken = list(breaches(message, contract))
    signal = _live(message, recipient)
    if signal is None and message.why_now is not None:
        is_any = message.why_now.signal == ANY
        silent = "no signal is live" if is_any else f"{message.why_now.signal} is not live"
        problem = f"the slot why_now is empty: {silent} here"
        broken.append(Breach("MSG001", "why_now", problem, "Wait for it, or write without it."))
    if recipient.contact is None and any("{contact}" in text for _, text in message.texts):
        problem = "it names the contact, whose name is not known"
        broken.append(Breach("MSG001", "contact", problem, "Give a contact with --contact."))
    if broken:
        return Refused(message.name, tuple(broken))
    facts = _facts(recipient, signal)
    texts = _rendered(message, contract, signal, facts, template)
    masked = _rendered(message, contract, signal, _masks(facts), template)
    found = tuple(_broken_texts(message, contract, texts, masked, facts))
    if found:
        return Refused(message.name, found)
    return _finished(message, contract, signal, texts)


def _live(message: Message, recipient: Recipient) -> LiveSignal | None:
    """Return the live signal that the message speaks of: the strongest that it may."""
    if message.why_now is None:
        return None
    wanted = message.why_now.signal
    able = [each for each in recipient.signals if wanted in (ANY, each.signal)]
    return max(able, key=lambda each: (each.strength, each.occurred_on, each.signal), default=None)


def _facts(recipient: Recipient, signal: LiveSignal | None) -> dict[str, str]:
    """Return what the braces of slots mean, cleaned: one line, nothing invisible, not too long."""
    found = {"account": recipient.account, "contact": recipient.contact or ""}
    if signal is not None:
        found |= {"subject": "", "detail": "", "value": "", **signal.facts}
        found |= {"date": signal.occurred_on.isoformat(), "sentence": signal.sentence}
    return {name: clean(text) for name, text in found.items()}


def clean(text: str) -> str:
    r"""Return a fact from the data as it may stand in a message.

    >>> clean("Acme\nBcc: all@example.com \u202e")
    'Acme Bcc: all@example.com'
    """
    seen = visible(text)
    return seen if len(seen) <= LONGEST_FACT else seen[: LONGEST_FACT - 1].rstrip() + "…"


def _masks(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: _MASK if text else "" for name, text in facts.items()}


def _slots(
    message: Message, contract: Contract, signal: LiveSignal | None, facts: Mapping[str, str]
) -> dict[str, object]:
    """Return what a template gets: every slot with its braces filled, in one pass."""
    slots: dict[str, object] = {
        name: _SLOT.sub(lambda slot: facts[slot[1]], text) for name, text in message.texts
    }
    if signal is not None and "why_now" not in slots:
        slots["why_now"] = facts["sentence"]
    slots.setdefault("why_now", "")
    slots["account"], slots["contact"] = facts["account"], facts["contact"]
    slots["proofs"] = [clean_proof(proof.says) for proof in contract.cited(message)]
    return slots


def clean_proof(says: str) -> str:
    """Return what a proof says on one line."""
    return " ".join(says.split())


def _rendered(
    message: Message,
    contract: Contract,
    signal: LiveSignal | None,
    facts: Mapping[str, str],
    template: TemplateOf,
) -> dict[str, str]:
    """Return the finished texts by the kind of template: txt, subject, html."""
    slots = _slots(message, contract, signal, facts)
    return {
        name.split(".")[1]: _tidy(filled(name, template(name), dict(slots)))
        for name in template_names(message.channel)
    }


def _tidy(text: str) -> str:
    lines = (line.rstrip() for line in text.strip().split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _broken_texts(
    message: Message,
    contract: Contract,
    texts: Mapping[str, str],
    masked: Mapping[str, str],
    facts: Mapping[str, str],
) -> Iterator[Breach]:
    """Yield what the finished texts break."""
    told = [text for text in facts.values() if text]
    seen: set[Breach] = set()
    for kind in texts:
        plain = _without_tags(texts[kind]) if kind == "html" else texts[kind]
        bare = _without_tags(masked[kind]) if kind == "html" else masked[kind]
        own = list(claim_breaches(kind, bare, message, contract))
        own += feature_breaches(kind, bare.replace(message.objection, " "), message)
        whole = claim_breaches(kind, plain, message, contract, told)
        own += [b for b in whole if b.code != "MSG015"]  # a fact may be called what it likes
        yield from (each for each in own if each not in seen)
        seen |= set(own)
    yield from _too_long(message, texts)


def _too_long(message: Message, texts: Mapping[str, str]) -> Iterator[Breach]:
    for kind, longest in (("txt", LONGEST[message.channel]), ("subject", LONGEST_SUBJECT)):
        count = len(texts.get(kind, ""))
        if count > longest:
            problem = f"it has {count:,} characters; {message.channel} takes {longest:,}"
            yield Breach("MSG014", kind, problem, "Cut it, or cite fewer proofs.")


def _without_tags(text: str) -> str:
    """Return the text of a page as a reader sees it."""
    bare = re.sub(r"(?is)<(style|script|head)\b.*?</\1\s*>|<!--.*?-->", " ", text)
    return html.unescape(re.sub(r"<[^<>]*>", " ", bare))


def _finished(
    message: Message, contract: Contract, signal: LiveSignal | None, texts: Mapping[str, str]
) -> Written:
    subject = texts.get("subject")
    return Written(
        message.name,
        message.persona,
        message.role,
        message.channel,
        message.stage,
        contract.today,
        None if subject is None else " ".join(subject.split()),
        texts["txt"],
        texts.get("html"),
        signal,
        tuple(
            CitedProof(p.name, p.says, p.dated, p.valid_until, p.trade_off)
            for p in contract.cited(message)
        ),
    )
