"""What tables of answers and reviews call their columns, best name first."""

from collections.abc import Mapping
from typing import Final

ANSWER_COLUMNS: Final[Mapping[str, str]] = {
    "email": "email, e-mail, email address, respondent email, reviewer email, contact email, mail",
    "name": (
        "respondent, respondent name, reviewer, reviewer name, full name, author, author name, "
        "contact, contact name, user, user name, username, person, interviewee, name"
    ),
    "account_id": (
        "account id, account_id, company id, customer id, crm id, crm account id, organization id, "
        "organisation id, associated company id"
    ),
    "account_name": (
        "account, account name, company, company name, organization, organisation, organization "
        "name, customer, customer name, client, client name, employer, business"
    ),
    "domain": "domain, company domain, website, company website, email domain",
    "date": (
        "date, submitted at, submitted on, submitted, submission date, submit date, response date, "
        "responded at, review date, published at, published, completed at, completed, end date, "
        "created at, created, created date, timestamp, answered at, date submitted"
    ),
    "title": "review title, title, headline, subject, summary",
    "opportunity_id": "opportunity id, opportunity_id, deal id",
    "text": (
        "comment, comments, feedback, review, review text, text, response, answer, verbatim, "
        "open text, free text, body, content, message, pros, cons, what do you like best, "
        "what do you dislike, reason, reason for score, why, suggestions, notes, quote"
    ),
}
"""Field of an answer: the usual headers of its column, in lower case."""
