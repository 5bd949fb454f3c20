"""Rules about what is believed of personas: how many there are, for whom, and on what evidence."""

from collections.abc import Iterator, Mapping, Sequence

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.errors import nearest_name

FEWEST, MOST = 2, 4
"""How many personas a segment usually has."""

REJECTED = "rejected"
"""The status of evidence that a person refused."""


@coded(
    "PER007",
    "personas-of-a-segment",
    Severity.INFO,
    wrong="One persona for icps/logistics, or seven.",
    right="Two to four: those who appear in most opportunities of the segment.",
)
def personas_of_a_segment(context: Context) -> Iterator[Hit]:
    """A segment has two to four personas: the roles that appear in most opportunities.

    With one the purchase hangs on one person; with more than four nobody keeps their messages
    true. A persona without `icps` counts for every ICP. Nothing is said while there is none.
    """
    personas = context.project.personas.values()
    for icp in context.project.icps.values() if personas else ():
        own = [each.name for each in personas if not each.icps or icp.name in each.icps]
        if not FEWEST <= len(own) <= MOST:
            said = f"{len(own)} persona is" if len(own) == 1 else f"{len(own)} personas are"
            hint = "Write down who else decides." if len(own) < FEWEST else "Join those alike."
            yield Hit("icps", icp.name, ("name",), f"{said} for it; two to four are usual", hint)


@coded(
    "PER008",
    "evidence-not-standing",
    Severity.WARNING,
    wrong="pains: [{says: Status calls every morning., evidence: [E999]}]   # there is no E999",
    right="pains: [{says: Status calls every morning., evidence: [E12]}]",
    measured=True,
)
def evidence_not_standing(context: Context) -> Iterator[Hit]:
    """The linked evidence does not exist, or a person rejected it.

    What stands on it is a guess that looks like knowledge.
    """
    known = context.facts.evidence
    if known is None:
        return
    for persona in context.project.personas.values():
        for path, statement in persona.statements():
            yield from unfounded("personas", persona.name, path, statement.evidence, known)
    for proof in context.project.proofs.values():
        yield from unfounded("proofs", proof.name, (), proof.evidence, known)


def unfounded(
    kind: str,
    name: str,
    path: tuple[str | int, ...],
    evidence: Sequence[str],
    known: Mapping[str, str],
) -> Iterator[Hit]:
    """Yield a hit per piece of evidence that is not there or was rejected."""
    for at, each in enumerate(evidence):
        hint = "See what there is: bullseye research evidence"
        if each not in known:
            message = f"there is no evidence {each}"
        elif known[each] == REJECTED:
            message = f"evidence {each} was rejected"
        else:
            continue
        yield Hit(kind, name, (*path, "evidence", at), message, hint)


@coded(
    "PER009",
    "only-guesses",
    Severity.INFO,
    wrong="A persona in which no statement links evidence, while research is imported.",
    right="pains: [{says: Status calls every morning., evidence: [E12]}]",
    measured=True,
)
def only_guesses(context: Context) -> Iterator[Hit]:
    """Buyers were heard, and nothing of what they said stands behind this persona.

    It may well be right. Nobody can tell, and the next owner will change it by taste.
    """
    if not context.facts.evidence:
        return
    for persona in context.project.personas.values():
        said = [statement for _, statement in persona.statements()]
        if said and all(statement.is_guess for statement in said):
            message = f"all {len(said)} statements are guesses"
            hint = "Link what buyers said: bullseye research evidence"
            yield Hit("personas", persona.name, ("name",), message, hint)


@coded(
    "PER010",
    "unknown-icp",
    Severity.ERROR,
    wrong="icps: [logistic]",
    right="icps: [logistics]",
)
def unknown_icp(context: Context) -> Iterator[Hit]:
    """The persona is for accounts of an ICP that does not exist, so no contact can be of it."""
    known = context.project.icps
    for persona in context.project.personas.values():
        for at, name in enumerate(persona.icps):
            if name not in known:
                near = nearest_name(name, known)
                hint = f"Did you mean {near!r}?" if near else f"Known: {', '.join(sorted(known))}."
                message = f"no ICP is named {name!r}"
                yield Hit("personas", persona.name, ("icps", at), message, hint)


CHECKS = (personas_of_a_segment, evidence_not_standing, only_guesses, unknown_icp)
