"""Rules about messages: the contract they keep, whoever writes them."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity


def _broken(context: Context, code: str) -> Iterator[Hit]:
    for name, broken in context.breaches.items():
        for each in broken:
            if each.code == code:
                yield Hit("messages", name, (each.slot,), f"{each.slot}: {each.problem}", each.hint)


@coded(
    "MSG001",
    "empty-slot",
    Severity.ERROR,
    wrong='response: ""',
    right="response: Two days, and your team keeps its tools.",
)
def empty_slot(context: Context) -> Iterator[Hit]:
    """Every slot says something, or the message says nothing at that place.

    Before the purchase `why_now` is a slot too: without a reason of the day a message is noise.
    """
    yield from _broken(context, "MSG001")


@coded(
    "MSG002",
    "unknown-persona",
    Severity.ERROR,
    wrong="persona: vp-operation",
    right="persona: vp-operations",
)
def unknown_persona(context: Context) -> Iterator[Hit]:
    """The message is for a persona that does not exist, so no contact can be found for it."""
    yield from _broken(context, "MSG002")


@coded(
    "MSG003",
    "hook-not-a-pain",
    Severity.ERROR,
    wrong="hook: Do more with less.   # no pain of the persona",
    right="hook: Status calls every morning.   # a pain of the persona, word for word",
)
def hook_not_a_pain(context: Context) -> Iterator[Hit]:
    """A message opens with what hurts this persona, word for word as the persona says it.

    What the persona does not say, nobody has heard. Its hook and its anxiety count as pains.
    """
    yield from _broken(context, "MSG003")


@coded(
    "MSG004",
    "unknown-proof",
    Severity.ERROR,
    wrong="proofs: [nordfracht-goliv]",
    right="proofs: [nordfracht-golive]",
)
def unknown_proof(context: Context) -> Iterator[Hit]:
    """The message leans on a proof that does not exist."""
    yield from _broken(context, "MSG004")


@coded(
    "MSG005",
    "proof-not-valid",
    Severity.ERROR,
    wrong="proofs: [soc-2]   # expired on 2025-01-31",
    right="proofs: [soc-2]   # valid until 2027-01-31",
)
def proof_not_valid(context: Context) -> Iterator[Hit]:
    """The message leans on a proof that expired, is still to come, or names no source."""
    yield from _broken(context, "MSG005")


@coded(
    "MSG006",
    "number-not-in-proof",
    Severity.ERROR,
    wrong="after: Go-lives take 60 % less time.   # the proof says 40 %",
    right="after: Go-lives take 40 % less time.",
)
def number_not_in_proof(context: Context) -> Iterator[Hit]:
    """Every number in a message stands in a proof it cites, with the same unit.

    1,000 is 1k, and forty percent is 40 %. What is counted is not compared: 40 sites are 40
    customers here.
    """
    yield from _broken(context, "MSG006")


@coded(
    "MSG007",
    "customer-not-in-proof",
    Severity.ERROR,
    wrong="after: Live in days, as at Globex.   # no cited proof is about Globex",
    right="proofs: [globex-golive]",
)
def customer_not_in_proof(context: Context) -> Iterator[Hit]:
    """A message drops the names of those customers only that its proofs are about.

    Names are known from all proofs, and told by words such as "as at" or "trusted by".
    """
    yield from _broken(context, "MSG007")


@coded(
    "MSG008",
    "certificate-not-in-proof",
    Severity.ERROR,
    wrong="response: We are HIPAA compliant.   # no cited proof attests it",
    right="proofs: [hipaa-audit]",
)
def certificate_not_in_proof(context: Context) -> Iterator[Hit]:
    """A certificate, an audit or a law that a message names is attested by a proof it cites.

    SOC 2 Type II is more than SOC 2 or Type I.
    """
    yield from _broken(context, "MSG008")


@coded(
    "MSG009",
    "objection-not-theirs",
    Severity.ERROR,
    wrong="objection: Is it in the cloud?   # no objection of the persona",
    right="objection: We have no time for a project.   # one of the persona's, word for word",
)
def objection_not_theirs(context: Context) -> Iterator[Hit]:
    """A message answers an objection of its persona, word for word.

    To answer what nobody asks raises the doubt.
    """
    yield from _broken(context, "MSG009")


@coded(
    "MSG010",
    "before-is-after",
    Severity.ERROR,
    wrong="""
before: Go-lives are late.
after: go-lives are late
""",
    right="after: The first customer is live in two weeks, and you know it in advance.",
)
def before_is_after(context: Context) -> Iterator[Hit]:
    """Before and after say the same, so nothing changes with us."""
    yield from _broken(context, "MSG010")


@coded(
    "MSG011",
    "features-to-an-economic-buyer",
    Severity.ERROR,
    wrong="after: A dashboard shows every step.   # role: economic_buyer",
    right="after: Renewals are no longer lost to late go-lives.",
)
def features_to_an_economic_buyer(context: Context) -> Iterator[Hit]:
    """An economic buyer hears what comes of it: money, time, risk; and is shown an outcome.

    Features are told by a list of words, which is a floor: a feature with a name of its own is
    missed.
    """
    yield from _broken(context, "MSG011")


@coded(
    "MSG012",
    "blocker-without-safety",
    Severity.ERROR,
    wrong="proofs: [nordfracht-golive]   # role: blocker",
    right="proofs: [soc-2]",
)
def blocker_without_safety(context: Context) -> Iterator[Hit]:
    """Who can block a purchase is shown that it is safe: compliance, security or integration."""
    yield from _broken(context, "MSG012")


@coded(
    "MSG013",
    "champion-keeps-the-work",
    Severity.ERROR,
    wrong="before: Customers wait too long.   # role: champion",
    right="before: Your team chases customers by e-mail and keeps the plan in a spreadsheet.",
)
def champion_keeps_the_work(context: Context) -> Iterator[Hit]:
    """A champion hears which work by hand goes away, since it is theirs.

    It is told by a list of words; `speaks_of: [manual_work]` says so where the list does not
    know it.
    """
    yield from _broken(context, "MSG013")


@coded(
    "MSG014",
    "too-long",
    Severity.ERROR,
    wrong="channel: ad   # and 900 characters of slots",
    right="channel: email",
)
def too_long(context: Context) -> Iterator[Hit]:
    """A message is read, or said, within a minute; each channel has its own limit.

    Here the slots that the channel shows are counted; the finished text is measured once more.
    """
    yield from _broken(context, "MSG014")


@coded(
    "MSG015",
    "forbidden-term",
    Severity.ERROR,
    wrong="after: The best-in-class solution.",
    right="after: Go-lives on the promised day.",
)
def forbidden_term(context: Context) -> Iterator[Hit]:
    """The shared language sheet forbids the term, so no message says it."""
    yield from _broken(context, "MSG015")


@coded(
    "MSG016",
    "unknown-signal",
    Severity.ERROR,
    wrong="why_now: funding-rounds",
    right="why_now: funding-round",
)
def unknown_signal(context: Context) -> Iterator[Hit]:
    """The message waits for a signal that does not exist, so its moment never comes."""
    yield from _broken(context, "MSG016")


@coded(
    "MSG017",
    "role-not-of-persona",
    Severity.WARNING,
    wrong="role: blocker   # the persona's roles are champion and user",
    right="role: champion",
)
def role_not_of_persona(context: Context) -> Iterator[Hit]:
    """The message is written for a part in the purchase that its persona does not usually play."""
    for name, message in context.project.messages.items():
        persona = context.project.personas.get(message.persona)
        if persona is not None and persona.roles and message.role not in persona.roles:
            usual = ", ".join(persona.roles)
            problem = f"{persona.name} is not usually a {message.role}, but {usual}"
            yield Hit("messages", name, ("role",), problem, "Correct the role, or the persona.")


@coded(
    "MSG018",
    "channel-not-of-persona",
    Severity.WARNING,
    wrong="channel: ad   # the persona's channels are email and call",
    right="channel: email",
)
def channel_not_of_persona(context: Context) -> Iterator[Hit]:
    """The message goes by a channel that does not reach its persona, as the persona says itself."""
    for name, message in context.project.messages.items():
        persona = context.project.personas.get(message.persona)
        if persona is not None and persona.channels and message.channel not in persona.channels:
            problem = f"{persona.name} is reached by {', '.join(persona.channels)}"
            yield Hit(
                "messages", name, ("channel",), problem, "Take one of these, or add it there."
            )


CHECKS = (
    empty_slot,
    unknown_persona,
    hook_not_a_pain,
    unknown_proof,
    proof_not_valid,
    number_not_in_proof,
    customer_not_in_proof,
    certificate_not_in_proof,
    objection_not_theirs,
    before_is_after,
    features_to_an_economic_buyer,
    blocker_without_safety,
    champion_keeps_the_work,
    too_long,
    forbidden_term,
    unknown_signal,
    role_not_of_persona,
    channel_not_of_persona,
)
