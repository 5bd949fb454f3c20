"""Fixed sentences: what people say of their part in a purchase, and what only sounds like it."""

import pytest

from bullseye.synthesize.role_statements import LONGEST, statements

TOLD = [
    (
        "I am not the decision maker, talk to Maria.",
        "said_does_not_decide referred_elsewhere:Maria",
    ),
    ("I'm not the decision-maker here.", "said_does_not_decide"),
    ("I don't have the budget authority.", "said_does_not_decide"),
    ("Honestly, I don't have signing authority.", "said_does_not_decide"),
    ("That's not my call.", "said_does_not_decide"),
    ("It's not my decision to make, unfortunately.", "said_does_not_decide"),
    ("I can't sign off on this.", "said_does_not_decide"),
    ("I don't make those decisions.", "said_does_not_decide"),
    ("That is above my pay grade.", "said_does_not_decide"),
    ("I no longer approve any software purchases.", "said_does_not_decide"),
    ("I don\u2019t own the budget.", "said_does_not_decide"),
    ("I'm not authorized to approve this purchase.", "said_does_not_decide"),
    ("I sign off on the budget.", "said_decides"),
    ("I'm the decision maker.", "said_decides"),
    ("As I said, I have the final say.", "said_decides"),
    ("I approve all new vendors.", "said_decides"),
    ("The budget sits with me.", "said_decides"),
    ("It comes out of my budget.", "said_decides"),
    ("I make the final call.", "said_decides"),
    ("The decision is mine.", "said_decides"),
    ("I can sign this today.", "said_decides"),
    ("I'm not just a user, I'm the decision maker.", "said_decides"),
    ("Our CFO has the final say.", "said_another_decides:Our CFO"),
    ("I think our CFO has the final say.", "said_another_decides:our CFO"),
    ("Maria signs off on all contracts.", "said_another_decides:Maria"),
    ("It's up to our board.", "said_another_decides:our board"),
    ("My boss makes the decision.", "said_another_decides:My boss"),
    ("That is Maria's decision.", "said_another_decides:Maria"),
    ("The decision maker is Jan Novák.", "said_another_decides:Jan Novák"),
    ("Anna de Vries holds the budget.", "said_another_decides:Anna de Vries"),
    (
        "Our head of procurement approves every purchase.",
        "said_another_decides:Our head of procurement",
    ),
    (
        "I like it, but the final decision lies with our managing director.",
        "said_another_decides:our managing director",
    ),
    ("I'd have to run this by security.", "said_asks_security"),
    ("I need to check that with our IT security team.", "said_asks_security"),
    ("Security has to approve it first.", "said_asks_security"),
    ("This would have to go through infosec.", "said_asks_security"),
    ("I need to get approval from my boss.", "said_needs_approval"),
    ("I'd have to ask our CFO.", "said_needs_approval"),
    ("I need sign-off for that.", "said_needs_approval"),
    ("You should speak with Jan Novák about this.", "referred_elsewhere:Jan Novák"),
    ("Please contact Maria.", "referred_elsewhere:Maria"),
    ("You'd be better off talking to our CTO.", "referred_elsewhere:our CTO"),
    ("The right person to talk to is Maria Lopez.", "referred_elsewhere:Maria Lopez"),
    ("Jan is the person to talk to.", "referred_elsewhere:Jan"),
    ("I run the security review for new vendors.", "said_judges_technology"),
    ("I'm evaluating the tools for our team.", "said_judges_technology"),
    ("Nothing gets bought without my approval.", "said_gates"),
    ("Every new vendor goes through my desk.", "said_gates"),
    ("I would use it every day.", "said_uses"),
    ("I'd be a daily user.", "said_uses"),
    ("I'll push for this internally.", "said_champions"),
    ("I'm going to make the case to the board.", "said_champions"),
    ("I am all for it.", "said_champions"),
    ("I'm against this.", "said_opposes"),
    ("I don't think we should buy it.", "said_opposes"),
    ("I won't support this.", "said_opposes"),
    ("I don't mind either way.", "said_indifferent"),
]
"""A sentence, and the kinds it tells, each with whom it speaks of."""

NOTHING = [
    # Questions, whoever asks them.
    "Are you the decision maker?",
    "Who signs off on the budget?",
    "I'm the decision maker, right?",
    "Am I the decision maker here",
    "Who has the final say",
    # What is supposed, hoped or not sure.
    "If I were the decision maker, I would sign today.",
    "If it were up to me, we'd start tomorrow.",
    "I'd sign off on the budget if it were half the price.",
    "Maybe our CFO has the final say.",
    "I might be the decision maker soon.",
    "I'm not sure I'm the decision maker.",
    "I wish I had the final say.",
    "Once I'm promoted, I sign off on the budget.",
    "I don't know whether Maria signs off on contracts.",
    # What others said, or think.
    'He said "I am the decision maker".',
    "They told me I have the final say.",
    "My colleagues think I'm the decision maker.",
    "According to the org chart, I own the budget.",
    # What is over, or denied twice.
    "I used to sign off on the budget.",
    "In my last job I was the decision maker.",
    "It's not that I don't have the budget authority.",
    "I'm not saying I'm the decision maker.",
    "I'm not the only decision maker.",
    # Other meanings of the same words.
    "I sign off on the designs.",
    "I sign off at five.",
    "I can't sign in.",
    "I signed up for the trial.",
    "I use this opportunity to say thanks.",
    "I use Excel for that.",
    "We don't have the budget.",
    "I don't have the budget for that.",
    "I'm the decision maker's assistant.",
    "You have the final say.",
    "The judge has the final say.",
    "I talked to Maria.",
    "I will talk to Maria.",
    "Don't talk to Maria about this.",
    "You should not talk to Maria.",
    "Let me talk to Maria.",
    "You should talk to them.",
    "Nobody has the final say.",
    "She has the final say.",
    "We decide as a team.",
    "Our CFO does not have the final say.",
    "I'm not against it.",
    "I'm just kidding, I'm the decision maker.",
    "The decision maker left.",
    "The budget is tight.",
    "Security is important to us.",
    "Please contact us.",
    "I have to run.",
    "I have to run now, speak to you later.",
    "I will have to check that with the team.",
    "",
]
"""Sentences that tell nothing of anybody's part."""


def told(text: str) -> str:
    """Return the kinds a text tells, as they are written above."""
    return " ".join(each.name + (f":{each.who}" if each.who else "") for each in statements(text))


@pytest.mark.parametrize(("sentence", "expected"), TOLD, ids=[each for each, _ in TOLD])
def test_what_people_say_of_their_part_is_read(sentence: str, expected: str) -> None:
    assert told(sentence) == expected


@pytest.mark.parametrize("sentence", NOTHING)
def test_what_only_sounds_like_it_tells_nothing(sentence: str) -> None:
    assert told(sentence) == ""


def test_a_statement_quotes_its_sentence_where_it_stands() -> None:
    text = "Thanks for the call.  I sign off on the budget.\nOur CFO has the final say!"
    found = statements(text)
    assert [each.quote for each in found] == [
        "I sign off on the budget.",
        "Our CFO has the final say!",
    ]
    assert all(text[each.start : each.end] == each.quote for each in found)


def test_a_text_without_full_stops_is_not_read_as_one_sentence() -> None:
    assert statements("and then " * LONGEST + "I sign off on the budget") == ()


def test_hostile_text_costs_no_time_and_tells_nothing() -> None:
    assert statements("i need to " * 50 + "i" * 500 + "\x00 {who} NAME (?P<who>" * 20) == ()
