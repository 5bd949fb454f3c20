"""The contract of messages: what breaks it, slot by slot, with the code of the broken rule.

The linter reports the breaches of every message, and rendering refuses a message that has one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bullseye.definitions.buying_role import BuyingRole
from bullseye.definitions.channel import LONGEST, SHOWN
from bullseye.definitions.contract.certificates import unattested, without_certificates
from bullseye.definitions.contract.names import dropped, unproven
from bullseye.definitions.contract.numbers import unsupported
from bullseye.definitions.contract.plain import folded, is_among, phrases_in, visible
from bullseye.definitions.contract.topics import topics, words_of
from bullseye.definitions.message import ANY, Message, Topic
from bullseye.definitions.persona import Persona
from bullseye.definitions.project import Project
from bullseye.definitions.proof import RESULTS, SAFETY, Proof
from bullseye.definitions.term import forms
from bullseye.errors import nearest_name


@dataclass(frozen=True)
class Breach:
    """One broken rule of the contract: its code, the slot, what is wrong, and what to do."""

    code: str
    slot: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.slot}: {self.problem}"


@dataclass(frozen=True)
class Contract:
    """What messages are held against: people, proofs, signals, words, names, and the day.

    `forbidden` are phrases no message may say; `customers` are names of customers beside those
    the proofs are about.
    """

    personas: Mapping[str, Persona]
    proofs: Mapping[str, Proof]
    signals: Collection[str]
    today: date
    forbidden: Sequence[str] = ()
    customers: Sequence[str] = field(default=())

    @classmethod
    def of(cls, project: Project, today: date, customers: Sequence[str] = ()) -> "Contract":
        """Return the contract that the definitions of a project make on a day."""
        said = (
            form
            for term in project.terms.values()
            for wording in term.wordings
            for phrase in wording.forbidden
            for form in forms(phrase, wording.locale)
        )
        return cls(
            project.personas,
            project.proofs,
            tuple(project.signals),
            today,
            tuple(dict.fromkeys(said)),
            customers,
        )

    def cited(self, message: Message) -> tuple[Proof, ...]:
        """Return the proofs a message names, those that exist."""
        return tuple(self.proofs[name] for name in message.proofs if name in self.proofs)

    @property
    def names(self) -> tuple[str, ...]:
        """Every customer that is known by name."""
        proven = (proof.customer for proof in self.proofs.values() if proof.customer)
        return tuple(dict.fromkeys((*proven, *self.customers)))


def breaches(message: Message, contract: Contract) -> tuple[Breach, ...]:
    """Return everything by which a message breaks the contract, in the order of the codes."""
    found = (each for rule in _RULES for each in rule(message, contract))
    return tuple(sorted(found, key=lambda each: each.code))


def claim_breaches(
    slot: str, text: str, message: Message, contract: Contract, facts: Sequence[str] = ()
) -> Iterator[Breach]:
    """Yield the claims of `text` that neither the cited proofs nor `facts` support.

    `facts` are texts from the data: the account's name, and what a signal says happened.
    """
    proofs = [proof.text for proof in contract.cited(message)]
    by = [*proofs, *facts]
    cited = ", ".join(message.proofs) or "no proof"
    for number in unsupported(without_certificates(text), map(without_certificates, by)):
        hint = "Take the number out, or cite a proof that says it."
        yield Breach("MSG006", slot, f"{number!r:.60} does not stand in {cited}", hint)
    known = unproven(text, contract.names, by)
    for name in (*known, *_unheard(text, by, known)):
        hint = "Take the name out, or cite a proof about this customer."
        yield Breach("MSG007", slot, f"{name!r:.60} is not the customer of {cited}", hint)
    for certificate in unattested(text, by):
        hint = "Take it out, or cite a proof that attests it."
        yield Breach("MSG008", slot, f"{certificate!r:.60} is not attested by {cited}", hint)
    for phrase in phrases_in(text, contract.forbidden):
        hint = "Say it as the language sheet does: bullseye language"
        yield Breach("MSG015", slot, f"{phrase!r:.60} is a forbidden term", hint)


def _unheard(text: str, by: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    """Yield what `text` names as customers are named, and no proof says; `known` are told."""
    told = visible(" ".join((*by, *known))).casefold()
    yield from (name for name in dict.fromkeys(dropped(text)) if name.casefold() not in told)


# The rules, one by one


def _empty(message: Message, _: Contract) -> Iterator[Breach]:
    for slot in message.empty_slots:
        yield Breach("MSG001", slot, f"the slot {slot} is empty", "Fill it: no slot is optional.")


def _unknown_persona(message: Message, contract: Contract) -> Iterator[Breach]:
    if message.persona not in contract.personas:
        hint = _near(message.persona, contract.personas)
        yield Breach("MSG002", "persona", f"no persona is named {message.persona!r}", hint)


def _foreign_hook(message: Message, contract: Contract) -> Iterator[Breach]:
    persona = contract.personas.get(message.persona)
    if persona is None or not message.hook.strip():
        return
    known = [each.says for each in persona.hooks]
    if not is_among(message.hook, known):
        hint = _nearest(message.hook, known, "Write it as a pain into the persona first.")
        yield Breach("MSG003", "hook", f"it is no pain of {persona.name}", hint)


def _missing_proof(message: Message, contract: Contract) -> Iterator[Breach]:
    for name in message.proofs:
        if name not in contract.proofs:
            yield Breach(
                "MSG004", "proofs", f"no proof is named {name!r}", _near(name, contract.proofs)
            )


def _invalid_proof(message: Message, contract: Contract) -> Iterator[Breach]:
    for proof in (contract.proofs[name] for name in message.proofs if name in contract.proofs):
        problem = ""
        if proof.is_expired(contract.today):
            problem = f"proof {proof.name} expired on {proof.valid_until}"
        elif proof.dated > contract.today:
            problem = f"proof {proof.name} is of {proof.dated}, which is still to come"
        elif not proof.is_sourced:
            problem = f"proof {proof.name} has no source"
        if problem:
            yield Breach("MSG005", "proofs", problem, "Renew the proof, or cite another.")


def _claims(message: Message, contract: Contract) -> Iterator[Breach]:
    if not message.proofs or any(name not in contract.proofs for name in message.proofs):
        return  # said by another rule; what the missing proof would support is not known
    for slot, text in message.texts:
        yield from claim_breaches(slot, text, message, contract)
    for proof in contract.cited(message):
        for phrase in phrases_in(proof.says, contract.forbidden):
            problem = f"{phrase!r:.60} in {proof.name} is a forbidden term"
            yield Breach("MSG015", "proofs", problem, "Say it otherwise in the proof.")


def _foreign_objection(message: Message, contract: Contract) -> Iterator[Breach]:
    persona = contract.personas.get(message.persona)
    if persona is None or not message.objection.strip():
        return
    known = [each.says for each in persona.known_objections]
    if not is_among(message.objection, known):
        hint = _nearest(
            message.objection, known, "Write it as an objection into the persona first."
        )
        yield Breach("MSG009", "objection", f"it is no objection of {persona.name}", hint)


def _unchanged(message: Message, _: Contract) -> Iterator[Breach]:
    if message.before.strip() and folded(message.before) == folded(message.after):
        hint = "Say what is different with us."
        yield Breach("MSG010", "after", "it says the same as before", hint)


def feature_breaches(slot: str, text: str, message: Message) -> Iterator[Breach]:
    """Yield the breach of saying features to an economic buyer, told by their words."""
    if message.role is BuyingRole.ECONOMIC_BUYER and (said := words_of(text, Topic.FEATURE)):
        shown = ", ".join(map(repr, said[:3]))
        hint = "Say what comes of it instead: money, time, risk."
        yield Breach("MSG011", slot, f"an economic buyer hears features: {shown}", hint)


def _feature_talk(message: Message, contract: Contract) -> Iterator[Breach]:
    if message.role is not BuyingRole.ECONOMIC_BUYER:
        return
    for slot, text in message.texts:
        if slot != "objection":
            yield from feature_breaches(slot, text, message)
    for proof in contract.cited(message):
        yield from feature_breaches("proofs", proof.says, message)
    if Topic.FEATURE in message.speaks_of:
        hint = "Say what comes of it instead, and take feature out of speaks_of."
        yield Breach("MSG011", "speaks_of", "an economic buyer hears features", hint)
    cited = contract.cited(message)
    if cited and not any(proof.kind in RESULTS for proof in cited):
        hint = f"Cite a proof of kind {', '.join(sorted(RESULTS))}."
        yield Breach("MSG011", "proofs", "an economic buyer is shown no outcome", hint)


def _blocker(message: Message, contract: Contract) -> Iterator[Breach]:
    cited = contract.cited(message)
    answered = not cited or any(proof.kind in SAFETY for proof in cited)
    if message.role is BuyingRole.BLOCKER and not answered:
        hint = f"Cite a proof of kind {', '.join(sorted(SAFETY))}."
        yield Breach("MSG012", "proofs", "a blocker is shown no proof of safety", hint)


def _champion(message: Message, _: Contract) -> Iterator[Breach]:
    if message.role is not BuyingRole.CHAMPION or not message.before.strip():
        return
    if Topic.MANUAL_WORK not in topics(message.before) | frozenset(message.speaks_of):
        hint = "Say which work they do by hand today, or add manual_work to speaks_of."
        yield Breach("MSG013", "before", "a champion hears of no manual work that ends", hint)


def _too_long(message: Message, contract: Contract) -> Iterator[Breach]:
    shown = [text for slot, text in message.texts if slot in SHOWN[message.channel]]
    count = sum(len(text) for text in (*shown, *(p.says for p in contract.cited(message))))
    longest = LONGEST[message.channel]
    if count > longest:
        problem = f"its slots have {count:,} characters; {message.channel} takes {longest:,}"
        yield Breach("MSG014", "name", problem, "Cut it, or cite fewer proofs.")


def _unknown_signal(message: Message, contract: Contract) -> Iterator[Breach]:
    occasion = message.why_now
    if occasion is None or occasion.signal == ANY or occasion.signal in contract.signals:
        return
    hint = _near(occasion.signal, contract.signals)
    yield Breach("MSG016", "why_now", f"no signal is named {occasion.signal!r}", hint)


def _near(name: str, known: Collection[str]) -> str:
    near = nearest_name(name, known)
    return f"Did you mean {near!r}?" if near else f"Known: {', '.join(sorted(known)[:8])}."


def _nearest(text: str, known: Sequence[str], fallback: str) -> str:
    near = nearest_name(text, known)
    return f"Did you mean {near!r:.120}?" if near else fallback


_RULES: tuple[Callable[[Message, Contract], Iterator[Breach]], ...] = (
    _empty,
    _unknown_persona,
    _foreign_hook,
    _missing_proof,
    _invalid_proof,
    _claims,
    _foreign_objection,
    _unchanged,
    _feature_talk,
    _blocker,
    _champion,
    _too_long,
    _unknown_signal,
)
