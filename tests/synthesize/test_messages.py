"""A message is written as the contract allows, or refused; data never becomes a template."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bullseye.definitions.contract import Contract
from bullseye.definitions.message import Message
from bullseye.definitions.persona import Persona
from bullseye.definitions.proof import Proof
from bullseye.errors import DefinitionError
from bullseye.synthesize.messages import LiveSignal, Recipient, Refused, Written, clean, written
from bullseye.synthesize.templates import built_in, filled

TODAY = date(2026, 11, 2)
GOVERNED = {"owner": "Dana Whitfield", "review_by": "2030-01-01", "review_when": ["it moves"]}
WORDS = ("late", "customer", "morning", "plan", "waits", "promise", "quiet", "paper", "honest")
SPOKEN = {12: "twelve", 25: "twenty-five", 40: "forty", 90: "ninety", 300: "three hundred"}
FEEDBACK = LiveSignal(
    "funding-round",
    "Raised $20M on 2026-10-01.",
    date(2026, 10, 1),
    9.0,
    {"subject": "$20M", "detail": "", "value": "20000000"},
)
ACME = Recipient("Acme Logistics", "Ana", (FEEDBACK,))


def persona(**said: Any) -> Persona:
    usual = {"pains": ["Go-lives are late."], "objections": ["We have no time."]}
    return Persona.model_validate(
        {"name": "ops", **GOVERNED, "who": {"title": "COO"}, **usual, **said}
    )


def proof(name: str = "saving", **said: Any) -> Proof:
    usual = {"says": "They work 40 % less.", "kind": "saving", "source": "A study"}
    return Proof.model_validate({"name": name, **GOVERNED, "dated": "2026-01-01", **usual, **said})


def message(**slots: Any) -> Message:
    usual = {
        "persona": "ops",
        "role": "champion",
        "channel": "email",
        "stage": "problem",
        "hook": "Go-lives are late.",
        "why_now": "any",
        "before": "Your team copies files by hand.",
        "after": "At {account} nobody does, which is forty percent less work.",
        "proofs": ["saving"],
        "objection": "We have no time.",
        "response": "A morning is enough.",
        "call_to_action": "May I show you?",
    }
    return Message.model_validate({"name": "first", **GOVERNED, **usual, **slots})


def contract(*proofs: Proof, who: Persona | None = None, **more: Any) -> Contract:
    found = {each.name: each for each in proofs or (proof(),)}
    signals = ("funding-round", "executive-hire")
    return Contract({"ops": who or persona()}, found, signals, TODAY, **more)


def codes(found: Written | Refused) -> set[str]:
    return {each.code for each in found.breaches} if isinstance(found, Refused) else set()


def test_a_message_that_keeps_the_contract_is_written_with_every_slot() -> None:
    found = written(message(), contract(), ACME)
    assert isinstance(found, Written)
    assert found.subject == '"Go-lives are late."'
    for text in (
        "Hello Ana,",
        "Raised $20M on 2026-10-01.",
        "Your team copies files by hand.",
        "At Acme Logistics nobody does, which is forty percent less work.",
        "They work 40 % less.",
        'You may say: "We have no time." A morning is enough.',
        "May I show you?",
    ):
        assert text in found.text
    assert found.why_now == FEEDBACK
    assert [each.name for each in found.proofs] == ["saving"]


@pytest.mark.parametrize("channel", ["email", "linkedin", "call", "ad"])
def test_every_channel_says_the_hook_the_change_the_proof_and_the_request(channel: str) -> None:
    found = written(message(channel=channel), contract(), ACME)
    assert isinstance(found, Written)
    for text in ("Go-lives are late.", "less work.", "They work 40 % less.", "May I show you?"):
        assert text in found.text
    assert (found.subject is None, found.html is None) == (channel != "email",) * 2


def test_the_strongest_signal_that_the_message_may_speak_of_is_taken() -> None:
    hire = LiveSignal("executive-hire", "New COO.", date(2026, 10, 9), 12.0, {"subject": "COO"})
    both = replace(ACME, signals=(FEEDBACK, hire))
    of_any = written(message(), contract(), both)
    of_one = written(message(why_now="funding-round"), contract(), both)
    assert isinstance(of_any, Written)
    assert isinstance(of_one, Written)
    assert (of_any.why_now, of_one.why_now) == (hire, FEEDBACK)


def test_its_own_sentence_is_filled_with_the_facts_of_the_signal() -> None:
    says = {"signal": "any", "says": "You raised {subject} on {date}."}
    found = written(message(why_now=says), contract(), ACME)
    assert isinstance(found, Written)
    assert "You raised $20M on 2026-10-01." in found.text


def test_without_a_live_signal_there_is_no_moment() -> None:
    assert codes(written(message(), contract(), Recipient("Acme"))) == {"MSG001"}
    later = message(stage="renewal", why_now=None)
    assert isinstance(written(later, contract(), Recipient("Acme")), Written)


def test_a_name_that_is_not_known_is_an_empty_slot() -> None:
    asked = message(call_to_action="{contact}, may I show you?")
    assert codes(written(asked, contract(), replace(ACME, contact=None))) == {"MSG001"}
    nameless = written(message(), contract(), replace(ACME, contact=None))
    assert isinstance(nameless, Written)
    assert nameless.text.startswith("Hello,\n")


def test_a_fact_lends_its_number_to_no_claim() -> None:
    twenty = Recipient("20 % Club", "Ana", (FEEDBACK,))
    asked = message(after="At {account} it is 20 % less.")
    assert codes(written(asked, contract(), twenty)) == {"MSG006"}
    honest = written(message(after="At {account} it is less."), contract(), twenty)
    assert isinstance(honest, Written)


def test_a_claim_cannot_be_put_together_from_a_word_and_a_fact() -> None:
    says = {"signal": "any", "says": "You save 4{value} %."}
    zero = replace(FEEDBACK, facts={"value": "0"})
    for allowed in (proof(), proof(says="They save 4 %.")):
        found = written(
            message(why_now=says, after="Less."), contract(allowed), replace(ACME, signals=(zero,))
        )
        assert codes(found) == {"MSG006"}


def test_a_customer_in_the_data_is_dropped_only_with_its_proof() -> None:
    asked = message(after="Globex gave it up, and nobody does.")
    known = contract(proof(), customers=("Globex Inc.",))
    assert codes(written(asked, known, ACME)) == {"MSG007"}
    assert isinstance(written(asked, contract(), ACME), Written)
    unheard = message(after="As at Hooli, nobody does.")
    assert codes(written(unheard, contract(), ACME)) == {"MSG007"}
    itself = Recipient("Globex Inc.", "Ana", (FEEDBACK,))
    assert isinstance(written(message(), known, itself), Written)


def test_a_message_too_long_for_its_channel_is_refused() -> None:
    assert codes(written(message(response="A morning. " * 90), contract(), ACME)) == {"MSG014"}
    long_name = Recipient("N" * 199, "Ana", (FEEDBACK,))
    ad = message(channel="ad", after="At {account} nobody does. {account} {account}")
    assert codes(written(ad, contract(), long_name)) == {"MSG014"}


def test_a_hook_longer_than_a_subject_line_is_refused_for_an_email() -> None:
    hook = "Go-lives are late " * 5 + "again."
    who = persona(pains=[hook])
    assert codes(written(message(hook=hook), contract(who=who), ACME)) == {"MSG014"}
    assert isinstance(written(message(hook=hook, channel="call"), contract(who=who), ACME), Written)


def test_forbidden_terms_are_refused_but_an_account_may_be_called_so() -> None:
    strict = contract(forbidden=("synergy",))
    assert codes(written(message(response="Pure synergy."), strict, ACME)) == {"MSG015"}
    named = Recipient("Synergy AG", "Ana", (FEEDBACK,))
    assert isinstance(written(message(), strict, named), Written)


# -- properties ------------------------------------------------------------------------------


def sentences(least: int = 3) -> st.SearchStrategy[str]:
    words = st.lists(st.sampled_from(WORDS), min_size=least, max_size=7)
    return words.map(lambda each: " ".join(each).capitalize() + ".")


@st.composite
def sound(draw: st.DrawFn) -> tuple[Message, Contract]:
    """A message that keeps the contract: its number stands in its proof, in another form."""
    number = draw(st.sampled_from(sorted(SPOKEN)))
    unit = draw(st.sampled_from([" %", " hours", ""]))
    forms = [str(number), f"{number}.0", SPOKEN[number]]
    said, proven = draw(st.sampled_from(forms)), draw(st.sampled_from(forms))
    pain, objection = draw(sentences()), draw(sentences())
    who = persona(pains=[pain, draw(sentences())], objections=[objection])
    fact = proof(says=f"{draw(sentences())} They do {proven}{unit} less.")
    other = proof("other", says=draw(sentences()), kind="compliance", certificates=["SOC 2"])
    asked = message(
        hook=pain,
        objection=objection,
        before=f"{draw(sentences())} It is done by hand.",
        after=f"{draw(sentences())} {said.capitalize()}{unit} less.",
        response=draw(sentences()),
        call_to_action=draw(sentences()),
        proofs=["saving", "other"],
        channel=draw(st.sampled_from(["email", "call"])),
    )
    return asked, contract(fact, other, who=who)


def digits(text: str) -> set[str]:
    """Return the numbers in figures, told without our own reader."""
    return {each.rstrip(".").removesuffix(".0") for each in re.findall(r"\d[\d.]*", text)}


@settings(max_examples=60)
@given(sound())
def test_what_is_written_has_all_slots_and_no_number_without_a_source(
    made: tuple[Message, Contract],
) -> None:
    asked, held = made
    found = written(asked, held, ACME)
    assert isinstance(found, Written), found
    for _, text in asked.texts:
        assert text in found.text
    for name in asked.proofs:
        assert held.proofs[name].says in found.text
    proven = " ".join(each.text for each in held.cited(asked))
    spoken = {str(n) for n, word in SPOKEN.items() if word in proven.lower()}
    assert digits(found.text) - digits(FEEDBACK.sentence) <= digits(proven) | spoken


def _other_number(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"after": asked.after + " And 77 more."}), held


def _other_unit(asked: Message, held: Contract) -> tuple[Message, Contract]:
    forms = "|".join([*SPOKEN.values(), *map(str, SPOKEN)])
    changed = re.sub(rf"(?i)({forms})(\.0)? *(%|hours)? less", r"\1 years less", asked.after)
    assume(changed != asked.after)
    return asked.model_copy(update={"after": changed}), held


def _dropped_proof(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"proofs": ("other",)}), held


def _no_proof(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"proofs": ()}), held


def _deleted_proof(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked, replace(held, proofs={"other": held.proofs["other"]})


def _expired(asked: Message, held: Contract) -> tuple[Message, Contract]:
    old = held.proofs["saving"].model_copy(update={"valid_until": TODAY - timedelta(days=1)})
    return asked, replace(held, proofs={**held.proofs, "saving": old})


def _unsourced(asked: Message, held: Contract) -> tuple[Message, Contract]:
    bare = held.proofs["other"].model_copy(update={"source": " "})
    return asked, replace(held, proofs={**held.proofs, "other": bare})


def _swapped_hook(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"hook": "Another pain altogether."}), held


def _swapped_objection(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"objection": "Another doubt altogether."}), held


def _other_certificate(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"response": "We are ISO 27001 certified."}), held


def _better_certificate(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"response": "We have SOC 2 Type II."}), held


def _other_customer(asked: Message, held: Contract) -> tuple[Message, Contract]:
    globex = proof("globex", customer="Globex", kind="case")
    told = asked.model_copy(update={"response": "Globex did."})
    return told, replace(held, proofs={**held.proofs, "globex": globex})


def _nothing_changes(asked: Message, held: Contract) -> tuple[Message, Contract]:
    return asked.model_copy(update={"after": asked.before.upper()}), held


def _emptied(slot: str) -> Callable[[Message, Contract], tuple[Message, Contract]]:
    def emptied(asked: Message, held: Contract) -> tuple[Message, Contract]:
        return asked.model_copy(update={slot: "  "}), held

    return emptied


MUTATIONS = {
    "another number": (_other_number, "MSG006"),
    "another unit": (_other_unit, "MSG006"),
    "the number's proof dropped": (_dropped_proof, "MSG006"),
    "no proof": (_no_proof, "MSG001"),
    "a proof deleted": (_deleted_proof, "MSG004"),
    "a proof expired": (_expired, "MSG005"),
    "a proof without source": (_unsourced, "MSG005"),
    "hook swapped": (_swapped_hook, "MSG003"),
    "objection swapped": (_swapped_objection, "MSG009"),
    "another certificate": (_other_certificate, "MSG008"),
    "a better certificate": (_better_certificate, "MSG008"),
    "another customer": (_other_customer, "MSG007"),
    "nothing changes": (_nothing_changes, "MSG010"),
    **{
        f"no {slot}": (_emptied(slot), "MSG001")
        for slot in ("hook", "before", "after", "objection", "response", "call_to_action")
    },
}


@pytest.mark.parametrize("name", MUTATIONS)
@settings(max_examples=20)
@given(made=sound())
def test_every_mutation_is_refused_by_its_rule(name: str, made: tuple[Message, Contract]) -> None:
    change, code = MUTATIONS[name]
    assert code in codes(written(*change(*made), ACME))


HOSTILE = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        [
            "{{ 7 * 7 }}",
            "{% for x in range(9) %}x{% endfor %}",
            "{account}{contact}{date}",
            "{{ cycler.__init__.__globals__ }}",
            "<script>alert(1)</script>",
            "\"'><img src=x onerror=alert(1)>",
            "Acme\r\nBcc: everyone@example.com",
            "\u202eevil\u2066",
            "${7*7} #{7*7} %(account)s",
            "\\1 \\g<0>",
        ]
    ),
)
TOKEN = "Zwxq"  # noqa: S105 - a name that nothing else in the message has


@settings(max_examples=80)
@given(HOSTILE, HOSTILE)
def test_facts_stand_as_they_are_and_never_act(account: str, subject: str) -> None:
    assume(clean(account) and clean(subject))
    says = {"signal": "any", "says": "We read of {subject}."}
    asked = message(why_now=says, after="At {account} nobody does.")

    def told(name: str, about: str) -> Written | Refused:
        live = replace(FEEDBACK, facts={"subject": about})
        return written(asked, contract(), Recipient(name, None, (live,)))

    found, plain = told(account, subject), told(f"{TOKEN}a", f"{TOKEN}s")
    assert isinstance(plain, Written)
    assert isinstance(found, Written), found

    def by_hand(text: str, of: Callable[[str], str]) -> str:
        return text.replace(f"{TOKEN}a", of(clean(account))).replace(
            f"{TOKEN}s", of(clean(subject))
        )

    assert found.text == by_hand(plain.text, str)
    assert found.html == by_hand(
        plain.html or "",
        lambda text: html.escape(text).replace("&#x27;", "&#39;").replace("&quot;", "&#34;"),
    )
    assert found.text.count("\n") == plain.text.count("\n")
    assert re.findall(r"<[^>]*>", found.html or "") == re.findall(r"<[^>]*>", plain.html or "")


# -- templates of the workspace --------------------------------------------------------------


def with_text(text: str) -> Written | Refused:
    def template(name: str) -> str:
        return text if name == "email.txt.j2" else built_in(name)

    return written(message(), contract(), ACME, template)


def test_a_template_of_the_workspace_takes_the_place_of_ours() -> None:
    found = with_text("{{ hook }} {{ proofs | join(', ') }}")
    assert isinstance(found, Written)
    assert found.text == "Go-lives are late. They work 40 % less."


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}",
        "{{ hook.missing }}",
        "{{ hook",
        "{% include 'email.txt.j2' %}",
        "{% import 'os' as os %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ hook.__init__.__globals__ }}",
        "{{ proofs.append(1) }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 2 ** 100000 }}",
        "{{ '%s' % hook }}",
        "{% for i in range(1000000) %}x{% endfor %}",
        "{{ hook / 2 }}",
        "{{ proofs[9] }}",
        "{{ hook | nosuchfilter }}",
        "x" * 20_001,
    ],
    ids=lambda text: text[:40],
)
def test_a_template_that_asks_for_more_is_refused_by_place(text: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape("email.txt.j2")):
        with_text(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We save you 90 %.", "MSG006"),
        ("ISO 27001 certified.", "MSG008"),
        ("{{ hook }}" * 90, "MSG014"),
    ],
)
def test_what_a_template_claims_is_held_to_the_contract(text: str, code: str) -> None:
    assert codes(with_text(text)) == {code}


def test_an_economic_buyer_hears_features_neither_from_a_proof_nor_from_a_template() -> None:
    buyer = message(role="economic_buyer")
    assert isinstance(written(buyer, contract(), ACME), Written)
    told = contract(proof(says="The dashboard takes 40 % less work."))
    assert codes(written(buyer, told, ACME)) == {"MSG011"}
    doubt = "We have three dashboards."
    theirs = contract(proof(says="Three say 40 % less."), who=persona(objections=[doubt]))
    assert isinstance(
        written(message(role="economic_buyer", objection=doubt), theirs, ACME), Written
    )

    def template(name: str) -> str:
        return "See our API. {{ hook }}" if name == "email.txt.j2" else built_in(name)

    assert codes(written(buyer, contract(), ACME, template)) == {"MSG011"}


def test_a_claim_hidden_in_the_page_alone_is_found() -> None:
    def template(name: str) -> str:
        page = "<style>p {margin: 14px}</style><p title='3'>Up to <b>9</b>0&nbsp;% off</p>"
        return page if name == "email.html.j2" else built_in(name)

    found = written(message(), contract(), ACME, template)
    assert codes(found) == {"MSG006"}


def test_only_pages_are_escaped() -> None:
    assert filled("call.txt.j2", "{{ hook }}", {"hook": "a < b"}) == "a < b"
    assert filled("email.html.j2", "{{ hook }}", {"hook": "a < b"}) == "a &lt; b"
