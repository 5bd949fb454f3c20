"""What a text speaks of, told by its words: features, manual work, safety.

The method is a list of words in English and German. It is a floor: it misses a feature that is
called by a name of its own, and takes a word for a feature that means something else there. A
message may declare topics beside those found; it cannot declare one away.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bullseye.definitions.contract.plain import visible
from bullseye.definitions.message import Message, Topic

_WORDS: Mapping[Topic, str] = MappingProxyType(
    {
        Topic.FEATURE: (
            "features?|functionalit\\w+|dashboards?|widgets?|buttons?|drag[ -]and[ -]drop|"
            "one[ -]click|user interface|ui|ux|apis?|sdks?|webhooks?|plug-?ins?|add-?ons?|modules?|"
            "templates?|workflow builder|rules? engine|algorithms?|machine learning|ai[ -]powered|"
            "ai assistant|chatbot|single sign-on|sso|mobile app|dark mode|integrat\\w+|connectors?|"
            "configurable|customi[sz]able|no-code|low-code|kanban|gantt|checklists?|notifications?|"
            "real-time sync|roadmap|release|funktion(?:en)?|oberfläche|"
            "schnittstellen?|module|vorlagen?"
        ),
        Topic.MANUAL_WORK: (
            "by hand|manual(?:ly)?|spreadsheets?|excel|copy(?:ing)?(?: and |-)?past\\w+|retyp\\w+|"
            "re-?enter\\w*|re-?key\\w*|chas(?:e|es|ing)|follow-?ups?|reminders?|status (?:calls?|"
            "meetings?|updates?)|double entry|paperwork|e-?mails? back and forth|evenings|weekends|"
            "overtime|another hire|by e-?mail|von hand|manuell\\w*|tabellen?|abtippen|"
            "hinterhertelefonieren|überstunden|papierkram"
        ),
        Topic.COMPLIANCE: (
            "complian\\w+|audit\\w*|certifi\\w+|attest\\w+|data protection|privacy|"
            "penetration test\\w*|"
            "encrypt\\w+|soc ?[12]|iso ?27\\d+|gdpr|dsgvo|hipaa|datenschutz|zertifi\\w+"
        ),
        Topic.INTEGRATION: (
            "integrat\\w+|connectors?|native\\w*|plugs into|works with|schnittstellen?"
        ),
        Topic.OUTCOME: (
            "revenue|margin|cost|costs|saves?|saved|savings?|grow\\w*|renewals?|churn|retention|"
            "cash|payback|roi|profit\\w*|headcount|time to value|go-?lives?|on time|risk|faster|"
            "umsatz|kosten|marge|gewinn|spart|wachs\\w+|pünktlich"
        ),
    }
)
_PATTERNS = {
    topic: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
    for topic, words in _WORDS.items()
}


def topics(text: str) -> frozenset[Topic]:
    """Return what `text` speaks of, as far as its words tell.

    >>> sorted(topics("A dashboard that ends the retyping."))
    [<Topic.FEATURE: 'feature'>, <Topic.MANUAL_WORK: 'manual_work'>]
    """
    seen = visible(text)
    return frozenset(topic for topic, pattern in _PATTERNS.items() if pattern.search(seen))


def words_of(text: str, topic: Topic) -> tuple[str, ...]:
    """Return the words by which `text` speaks of `topic`, in order."""
    return tuple(dict.fromkeys(found[0] for found in _PATTERNS[topic].finditer(visible(text))))


def topics_of(message: Message) -> frozenset[Topic]:
    """Return what a message speaks of: what it declares, and what our words in it show.

    The buyer's objection is theirs, not ours, and does not count.
    """
    ours = " ".join(text for name, text in message.texts if name != "objection")
    return topics(ours) | frozenset(message.speaks_of)
