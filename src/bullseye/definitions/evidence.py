"""The words for what was said: kinds of sources, sides, kinds of evidence and its status."""

from enum import StrEnum


class SourceKind(StrEnum):
    """What a source is; it says how to read the text, never whose it is."""

    CALL = "call"
    INTERVIEW = "interview"
    WINLOSS = "winloss"
    NOTE = "note"
    SURVEY = "survey"
    REVIEW = "review"
    CHAT = "chat"


class Side(StrEnum):
    """On whose side a speaker is. Unknown is a side: nobody is guessed to be a customer."""

    CUSTOMER = "customer"
    US = "us"
    UNKNOWN = "unknown"


class Consent(StrEnum):
    """What the source says of the speakers' consent to be recorded and read."""

    GIVEN = "given"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class EvidenceKind(StrEnum):
    """What a quote is evidence of."""

    PAIN = "pain"
    DESIRED_OUTCOME = "desired_outcome"
    OBJECTION = "objection"
    EVALUATION_CRITERION = "evaluation_criterion"
    SUCCESS_METRIC = "success_metric"
    COMPETITOR = "competitor"


class Status(StrEnum):
    """What a person decided on a piece of evidence; a candidate waits for it."""

    CANDIDATE = "candidate"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
