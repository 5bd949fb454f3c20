"""Which contact of an account somebody means by "Maria" or "our CFO": the only one it can be."""

from collections import defaultdict
from collections.abc import Iterable

from bullseye.definitions.titles import labelled
from bullseye.definitions.titles.folding import folded
from bullseye.warehouse.role_facts import ContactFacts

_POSSESSIVES = ("our ", "my ", "the ")
_SAYS_NOTHING = ("unknown", "other")


class Colleagues:
    """The contacts of each account, by name and by what their titles say."""

    def __init__(self, contacts: Iterable[ContactFacts]) -> None:
        self._of = defaultdict[str, list[ContactFacts]](list)
        for each in contacts:
            if each.account_id is not None:
                self._of[each.account_id].append(each)

    def meant(self, account_id: str | None, who: str) -> str | None:
        """Return the contact that is meant; None where nobody, or more than one, can be.

        A name is a whole name, a given name or a family name of exactly one contact. Words for a
        place in the account ("our CFO") are read as titles are: level and function must both be
        told, and exactly one contact must have them. "My boss" is nobody's title.
        """
        known = self._of.get(account_id or "", ())
        described = who.lower().startswith(_POSSESSIVES)
        found = _titled(known, who) if described else _called(known, who)
        return found[0].contact_id if len(found) == 1 else None


def _called(known: Iterable[ContactFacts], who: str) -> list[ContactFacts]:
    asked = folded(who).split()
    return [
        each
        for each in known
        if (parts := folded(each.full_name or "").split())
        and (asked == parts or asked in ([parts[0]], parts[1:], parts[-1:]))
    ]


def _titled(known: Iterable[ContactFacts], who: str) -> list[ContactFacts]:
    labels = labelled(who.split(" ", 1)[1])
    told = labels.level_rule != "ic.plain" and labels.level not in _SAYS_NOTHING
    if not told or labels.function in _SAYS_NOTHING:
        return []
    return [
        each for each in known if (each.level, each.function) == (labels.level, labels.function)
    ]
