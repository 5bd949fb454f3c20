"""What the demo's buyers say, and what is said around it.

`PLANTED` are the statements that matter: what each is evidence of, a name for the matter, and
ways of saying it. `CHATTER` is what every call is full of.
"""

from typing import NamedTuple


class Matter(NamedTuple):
    """Something buyers say: its kind of evidence, its name, and how they put it.

    `share` is how often it comes up in a conversation; `is_new` matters come up only in the
    last weeks before the world's last day.
    """

    kind: str
    name: str
    share: float
    phrasings: tuple[str, ...]
    is_new: bool = False


PLANTED = (
    Matter("pain", "work-by-hand", 0.45, (
        "Honestly, my people type the same details into three systems for each new customer.",
        "Half of my week goes into chasing documents and updating a giant spreadsheet.",
        "We set up every customer by hand, and when Lena is away nothing moves.",
        "Somebody has to copy the order into the ticket system, then into billing, then back.",
        "It is all mails and attachments, and we lose track of which version is the right one.",
    )),
    Matter("pain", "no-overview", 0.4, (
        "I hear about a late rollout from the customer, never from my own team.",
        "If you asked me today how many projects are stuck, I could not tell you.",
        "Every Friday I ask five people for a status, and I get five different answers.",
        "We have no idea which step holds a customer up until it is too late.",
    )),
    Matter("desired_outcome", "live-sooner", 0.35, (
        "What I want is that a new customer is up and running in two weeks, not in nine.",
        "We would love to see first value before the second invoice goes out.",
        "If we could cut the time to go live by half, the whole year would look different.",
    )),
    Matter("objection", "price", 0.25, (
        "Frankly, the price is more than I can get through finance this year.",
        "It is a lot of money for something we do with spreadsheets today.",
        "I would need a smaller package, there is no budget for all of these seats.",
    )),
    Matter("objection", "security-review", 0.0, (
        "Our security team will not sign off without a current SOC 2 report.",
        "Before anybody logs in, security wants to know where our customers' data is stored.",
        "The last tool sat in the security review for four months, I am not doing that again.",
        "Legal and security have to approve it first, and they are asking for penetration tests.",
    ), is_new=True),
    Matter("evaluation_criterion", "fits-our-crm", 0.25, (
        "We will compare how well each of you works with Salesforce.",
        "For us it has to write back into the CRM, or we will not look at it.",
    )),
    Matter("success_metric", "days-to-live", 0.2, (
        "My bonus depends on the days between signature and go-live.",
        "They measure me by how many customers are live within thirty days.",
    )),
    Matter("competitor", "others", 0.2, (
        "We are also talking to Rocketpath about the same thing.",
        "Gosteady showed us something similar last month.",
    )),
)  # fmt: skip
"""Every matter that is planted in the demo's conversations."""

OPENINGS = (
    "Hi {first}, thanks for taking the time today.",
    "Good to see you again, {first}. Can you hear me well?",
    "Hello {first}, how was your week?",
)
ANSWERS = (
    "Yes, all good here, a bit rainy.",
    "Hi, sorry, I was on mute.",
    "Fine, thanks. Busy as always.",
    "Hello, yes, I can hear you.",
)
QUESTIONS = (
    "What made you look at this now?",
    "How do you bring a new customer live today?",
    "And what happens when that goes wrong?",
    "Who else would have to agree?",
    "What would a good year look like for you?",
    "How would you compare us with the others?",
)
CHATTER = (
    "Let me think about that for a second.",
    "We are about forty people in two offices.",
    "I joined two years ago, before that I was in consulting.",
    "Could you send me the slides afterwards?",
    "Tuesday works better for me than Monday.",
    "My colleague joins a few minutes later.",
    "That is a fair question.",
    "Our fiscal year ends in March.",
    "I will have to check that with the team.",
)
CLOSINGS = (
    "Thanks, I will send you a summary this afternoon.",
    "Great, then let us speak again next week.",
)
"""Everything else that is said in a call; none of it is evidence of anything."""
