"""Whether an owner is one person, as far as a name can tell."""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GROUPS = _words(
    "team teams department departments dept everyone everybody all squad committee staff crew "
    "guild tribe office company people group mailbox stakeholders abteilung équipe equipo"
)
_FUNCTIONS = _words(
    "sales marketing revops salesops mops ops operations growth gtm product finance success "
    "support revenue demand generation sdr sdrs bdr bdrs ae aes csm csms cs it hr legal data "
    "analytics engineering leadership management board business development enablement "
    "partnerships info hello contact admin vertrieb"
)
_TITLES = _words(
    "head of vp svp evp cmo cro ceo coo cfo cto cso chief director manager lead officer the our "
    "global regional emea dach apac amer us uk eu customer account executive intern rev go "
    "to market"
)
_NOBODY = _words(
    "tbd tba todo tbc na n/a none null nil unknown nobody noone someone somebody anyone anybody "
    "unassigned owner name me you xxx xx x test fixme pending vacant open someone-else"
)
_SEVERAL = re.compile(r"\s(?:and|und|et|or|oder|ou)\s|[&,;/+|]", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+")


def is_group(owner: str) -> bool:
    """Whether `owner` names several persons, a team or a function.

    >>> [is_group(each) for each in ("Marketing", "RevOps team", "sales@acme.com", "Ann & Bob")]
    [True, True, True, True]
    >>> [is_group(each) for each in ("Ana Sales", "dana@acme.com", "Dana Whitfield (RevOps)")]
    [False, False, False]
    """
    if is_nobody(owner):
        return False
    local, at, _ = owner.strip().partition("@")
    written = local if at and local else owner
    if owner.strip().startswith("#") or (not at and _SEVERAL.search(owner)):
        return True
    words = [word.casefold() for word in _WORDS.findall(written)]
    if any(word in _GROUPS for word in words):
        return True
    known = all(word in _FUNCTIONS or word in _TITLES for word in words)
    return known and bool(words) and (any(w in _FUNCTIONS for w in words) or len(words) > 1)


def is_nobody(owner: str) -> bool:
    """Whether `owner` is a placeholder, or no word at all.

    >>> [is_nobody(each) for each in ("TBD", "?", "n/a", "Ó Briain", "李娜")]
    [True, True, True, False, False]
    """
    plain = owner.strip().strip("<>[](){}.?!- ").casefold()
    return plain in _NOBODY or not _WORDS.search(plain)
