"""Rules about themes: what was merged leads somewhere, and each quote belongs to one theme."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.theme import ENOUGH_EXEMPLARS, ThemeStatus
from bullseye.errors import nearest_name

FEWEST = 3
"""Exemplars below which other words for the same are mostly missed."""


@coded(
    "THM001",
    "theme-merged-into-nothing",
    Severity.ERROR,
    wrong="merged_into: too-expensve",
    right="""
status: retired
merged_into: too-expensive
""",
)
def theme_merged_into_nothing(context: Context) -> Iterator[Hit]:
    """A theme that was merged is retired, and the other is a theme of the same kind.

    Otherwise its evidence would be counted twice, or nowhere.
    """
    themes = context.project.themes
    for theme in themes.values():
        into = theme.merged_into
        if into is None:
            continue
        heir = themes.get(into)
        if heir is None:
            near = nearest_name(into, tuple(themes))
            message = f"no theme is named {into!r}"
            hint = f"Did you mean {near!r}?" if near else "Name a theme that there is."
        elif heir.name == theme.name or heir.status is ThemeStatus.RETIRED:
            message = f"{into} is retired, so nothing stands for this theme"
            hint = "Name a theme that is active or noise."
        elif heir.kind is not theme.kind:
            message = f"{into} is of kind {heir.kind}, this one of kind {theme.kind}"
            hint = "Merge themes of one kind."
        elif theme.status is not ThemeStatus.RETIRED:
            message = f"it was merged into {into}, but is still {theme.status}"
            hint = "Write: status: retired"
        else:
            continue
        yield Hit("themes", theme.name, ("merged_into",), message, hint)


@coded(
    "THM002",
    "theme-of-few-exemplars",
    Severity.WARNING,
    wrong="exemplars: [It is too expensive for us.]",
    right="""
exemplars:
  - It is too expensive for us.
  - We cannot afford that this year.
  - The other tool costs half as much.
""",
)
def theme_of_few_exemplars(context: Context) -> Iterator[Hit]:
    """Buyers say one thing in many words, and a theme knows those of its exemplars.

    Of one or two exemplars it misses most of what belongs to it; eight are enough. Competitors
    are told by name and need one.
    """
    for theme in context.project.themes.values():
        count = len(theme.exemplars)
        if theme.status is ThemeStatus.RETIRED or theme.is_told_by_name or count >= FEWEST:
            continue
        message = f"it has {count} exemplar{'' if count == 1 else 's'}"
        hint = f"Add what other buyers said; {ENOUGH_EXEMPLARS} are enough."
        yield Hit("themes", theme.name, ("exemplars",), message, hint)


@coded(
    "THM003",
    "exemplar-of-two-themes",
    Severity.ERROR,
    wrong="exemplars: [It is too expensive for us.]   # which another theme has too",
    right="exemplars: [The licence costs more than the problem.]",
)
def exemplar_of_two_themes(context: Context) -> Iterator[Hit]:
    """What stands for two themes of one kind tells neither from the other."""
    owners: dict[tuple[str, str], str] = {}
    for theme in context.project.themes.values():
        if theme.status is ThemeStatus.RETIRED:
            continue
        for at, exemplar in enumerate(theme.exemplars):
            key = (theme.kind.value, " ".join(exemplar.casefold().split()))
            owner = owners.setdefault(key, theme.name)
            if owner != theme.name:
                message = f"{owner} has the same exemplar: {exemplar:.60}"
                hint = "Leave it with the theme that it belongs to."
                yield Hit("themes", theme.name, ("exemplars", at), message, hint)


CHECKS = (theme_merged_into_nothing, theme_of_few_exemplars, exemplar_of_two_themes)
"""The rules of this module, in the order of their codes."""
