"""Whether more was heard lately than before: counts in windows of equal length."""

from typing import NamedTuple

from scipy.stats import nbinom

PRIOR_EVENTS = 0.5
PRIOR_WINDOWS = 0.5


class Window(NamedTuple):
    """How many accounts said it, of how many that were heard at all."""

    yes: int
    heard: int


def chance_of_as_many(now: Window, before: tuple[Window, ...]) -> float | None:
    """Return how likely at least as many would say it now if nothing had changed, 0-1.

    None where nobody was heard before, so that nothing can be compared.

    Notes
    -----
    The Poisson rate per account heard has a gamma prior worth half an event in half a window;
    what it predicts for the present window is negative binomial (Gelman and others 2013,
    Bayesian Data Analysis, 3rd edition, section 2.6).

    Examples
    --------
    >>> earlier = (Window(0, 20),) * 6
    >>> round(chance_of_as_many(Window(3, 20), earlier), 4)
    0.0008
    """
    heard = sum(each.heard for each in before)
    if not heard or not now.heard:
        return None
    if not now.yes:
        return 1.0
    windows = sum(each.heard > 0 for each in before)
    shape = PRIOR_EVENTS + sum(each.yes for each in before)
    rate = heard + PRIOR_WINDOWS * heard / windows
    return float(nbinom.sf(now.yes - 1, shape, rate / (rate + now.heard)))
