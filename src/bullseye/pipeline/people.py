"""Everything a page says about people as of one day, asked for once."""

from dataclasses import dataclass
from datetime import date

from bullseye.errors import NotEnoughEvidence
from bullseye.pipeline.messaging import CoverageMap, PersonaCard, coverage, persona_list
from bullseye.research.run.theming import Themes, themes
from bullseye.synthesize.run.committee import Committees, committees
from bullseye.workspace import Workspace


@dataclass(frozen=True)
class PeopleFound:
    """Personas with what they stand on, what can be said to them, what they said, who is missing.

    `committees` is None where none can be told; `why_no_committees` then says why and what to do.
    """

    personas: tuple[PersonaCard, ...]
    coverage: CoverageMap
    themes: Themes
    committees: Committees | None
    why_no_committees: str


def people(workspace: Workspace, *, as_of: date | None = None) -> PeopleFound:
    """Return what is known of the people as of a day; today where absent."""
    told, why = None, ""
    try:
        told = committees(workspace, as_of=as_of)
    except NotEnoughEvidence as error:
        why = f"{error.problem} {error.hint}".strip()
    return PeopleFound(
        persona_list(workspace, as_of=as_of),
        coverage(workspace, as_of=as_of),
        themes(workspace, as_of=as_of),
        told,
        why,
    )
