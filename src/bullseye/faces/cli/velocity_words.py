"""Shares and days with their intervals, as the command line writes them."""

from bullseye.segment.run.learning import MedianDays, ShareBy


def share_words(share: ShareBy) -> str:
    """Return a share with its interval, or that it cannot be told yet."""
    if share.share is None or share.low is None or share.high is None:
        return "cannot tell yet"
    return f"{share.share:.1%} ({share.low:.1%}-{share.high:.1%})"


def days_words(median: MedianDays) -> str:
    """Return the day by which half have ended with its interval, or that it is not reached."""
    if median.days is None:
        return "not reached"
    low = "?" if median.low is None else f"{median.low:.0f}"
    high = "?" if median.high is None else f"{median.high:.0f}"
    return f"{median.days:.0f} days ({low}-{high})"
