"""The fields a table may have: their types, what they mean, and who they are about.

This catalogue is the one place that lists the standard fields. A customer's own fields are
declared in a source (`bullseye.definitions.source`) and join these.
"""

from enum import StrEnum
from typing import NamedTuple


class FieldType(StrEnum):
    """How a field's cells are read, stored and compared."""

    ID = "id"  # text that names a row; never a number
    TEXT = "text"  # a category or free text
    COUNTRY = "country"  # ISO 3166-1 alpha-2
    DOMAIN = "domain"  # host name without scheme, "www." and path
    COUNT = "count"  # whole number, zero or more
    YEAR = "year"  # calendar year
    NUMBER = "number"  # any number
    MONEY = "money"  # amount in the workspace's currency, two decimals
    SHARE = "share"  # 0-1 and beyond: 0.2 is 20 %
    DATE = "date"  # calendar day
    FLAG = "flag"  # yes or no
    LIST = "list"  # set of texts


NUMERIC = frozenset(
    {FieldType.COUNT, FieldType.YEAR, FieldType.NUMBER, FieldType.MONEY, FieldType.SHARE}
)
"""Types that compare by size."""

TEXTUAL = frozenset({FieldType.ID, FieldType.TEXT, FieldType.COUNTRY, FieldType.DOMAIN})
"""Types that compare by equality of text."""


class TableName(StrEnum):
    """The tables a workspace imports."""

    ACCOUNTS = "accounts"
    CONTACTS = "contacts"
    OPPORTUNITIES = "opportunities"
    OPPORTUNITY_CONTACTS = "opportunity_contacts"
    SUBSCRIPTIONS = "subscriptions"
    USAGE = "usage"
    SIGNALS = "signals"
    TOUCHES = "touches"


class Field(NamedTuple):
    """One column of one table.

    `required` fields decide whether a row can be kept at all; a bad cell in any other field
    leaves the row and makes the cell unknown.
    """

    name: str
    type: FieldType
    means: str
    required: bool = False


_T = FieldType

STANDARD_FIELDS: dict[TableName, tuple[Field, ...]] = {
    TableName.ACCOUNTS: (
        Field("account_id", _T.ID, "The account's identifier in the CRM.", required=True),
        Field("name", _T.TEXT, "Its name."),
        Field("domain", _T.DOMAIN, "Its web domain."),
        Field("former_names", _T.LIST, "Names it had before."),
        Field("parent_account_id", _T.ID, "The account that owns it."),
        Field("industry", _T.TEXT, "Its main industry."),
        Field("sub_industry", _T.TEXT, "Its industry in finer words."),
        Field("employees", _T.COUNT, "Number of employees."),
        Field("revenue", _T.MONEY, "Yearly revenue."),
        Field("country", _T.COUNTRY, "Country of its headquarters."),
        Field("region", _T.TEXT, "State, province or sales region."),
        Field("city", _T.TEXT, "City of its headquarters."),
        Field("founded_year", _T.YEAR, "Year it was founded."),
        Field("funding_stage", _T.TEXT, "Last funding stage, as in Series B."),
        Field("funding_total", _T.MONEY, "Money raised so far."),
        Field("technologies", _T.LIST, "Technologies it uses."),
        Field("tags", _T.LIST, "Free labels."),
        Field("is_hiring", _T.FLAG, "Whether it has open positions."),
        Field("is_customer", _T.FLAG, "Whether it buys from us today."),
        Field("status", _T.TEXT, "Its state in the source, as in Active."),
        Field("description", _T.TEXT, "What it does, in a sentence."),
        Field("owner", _T.TEXT, "The person who owns the account on our side."),
        Field("expected_acv", _T.MONEY, "Expected annual contract value."),
        Field("created_on", _T.DATE, "Day it was created in the CRM."),
    ),
    TableName.CONTACTS: (
        Field("contact_id", _T.ID, "The contact's identifier in the CRM.", required=True),
        Field("account_id", _T.ID, "The account it belongs to."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("email", _T.TEXT, "E-mail address."),
        Field("full_name", _T.TEXT, "Whole name."),
        Field("first_name", _T.TEXT, "Given name."),
        Field("last_name", _T.TEXT, "Family name."),
        Field("title", _T.TEXT, "Job title as written."),
        Field("department", _T.TEXT, "Department as written."),
        Field("seniority", _T.TEXT, "Seniority as written."),
        Field("country", _T.COUNTRY, "Country the contact works in."),
        Field("phone", _T.TEXT, "Telephone number."),
        Field("linkedin_url", _T.TEXT, "Public profile."),
        Field("do_not_contact", _T.FLAG, "Whether the contact asked to be left alone."),
        Field("created_on", _T.DATE, "Day it was created in the CRM."),
    ),
    TableName.OPPORTUNITIES: (
        Field("opportunity_id", _T.ID, "The opportunity's identifier.", required=True),
        Field("account_id", _T.ID, "The account it is a sale to."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("name", _T.TEXT, "Its name."),
        Field("stage", _T.TEXT, "Stage as written in the CRM."),
        Field("outcome", _T.TEXT, "won, lost or open; read from the stage where absent."),
        Field("amount", _T.MONEY, "Contract value."),
        Field("discount", _T.SHARE, "Discount granted, as a share of list price."),
        Field("created_on", _T.DATE, "Day it was opened."),
        Field("closed_on", _T.DATE, "Day it was won or lost."),
        Field("product", _T.TEXT, "What is sold."),
        Field("owner", _T.TEXT, "The person who owns it on our side."),
        Field("origin", _T.TEXT, "Where it came from, as in Webinar."),
        Field("loss_reason", _T.TEXT, "Why it was lost."),
        Field("competitor", _T.TEXT, "Who else was considered."),
    ),
    TableName.OPPORTUNITY_CONTACTS: (
        Field(
            "opportunity_contact_id",
            _T.ID,
            "The record's identifier; made from the row where absent.",
        ),
        Field("opportunity_id", _T.ID, "The opportunity the contact has a part in.", required=True),
        Field("contact_id", _T.ID, "The contact.", required=True),
        Field("account_id", _T.ID, "The account; the opportunity's where absent."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("role", _T.TEXT, "Part in the purchase as written in the CRM, as in Decision Maker."),
        Field("is_primary", _T.FLAG, "Whether the contact is the main one."),
        Field("added_on", _T.DATE, "Day the contact was put on the opportunity."),
    ),
    TableName.SUBSCRIPTIONS: (
        Field("subscription_id", _T.ID, "The subscription's identifier.", required=True),
        Field("account_id", _T.ID, "The account that pays."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("plan", _T.TEXT, "Plan bought."),
        Field("seats", _T.COUNT, "Seats bought."),
        Field("mrr", _T.MONEY, "Monthly recurring revenue."),
        Field("arr", _T.MONEY, "Annual recurring revenue."),
        Field("started_on", _T.DATE, "First day.", required=True),
        Field("ended_on", _T.DATE, "Last day; unknown while it runs."),
        Field("churned", _T.FLAG, "Whether the customer left."),
        Field("churn_reason", _T.TEXT, "Why the customer left."),
        Field("support_cost", _T.MONEY, "Support cost so far."),
    ),
    TableName.USAGE: (
        Field("usage_id", _T.ID, "The record's identifier; made from the row where absent."),
        Field("account_id", _T.ID, "The account that used the product."),
        Field("subscription_id", _T.ID, "The subscription it was used under."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("used_on", _T.DATE, "The day.", required=True),
        Field("active_users", _T.COUNT, "Distinct users active that day."),
        Field("event_count", _T.COUNT, "Things done that day."),
        Field("feature", _T.TEXT, "Feature used."),
    ),
    TableName.SIGNALS: (
        Field("signal_id", _T.ID, "The event's identifier; made from the row where absent."),
        Field("account_id", _T.ID, "The account it happened to."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("domain", _T.DOMAIN, "Domain of that account, where no id is given."),
        Field("type", _T.TEXT, "Kind of event, as in funding_round.", required=True),
        Field("subject", _T.TEXT, "What it was about, as in Head of Logistics."),
        Field("occurred_on", _T.DATE, "Day it happened.", required=True),
        Field("detail", _T.TEXT, "The event in a sentence."),
        Field("url", _T.TEXT, "Where it can be read."),
        Field("value", _T.NUMBER, "Its size, where it has one."),
    ),
    TableName.TOUCHES: (
        Field("touch_id", _T.ID, "The outreach's identifier; made from the row where absent."),
        Field("account_id", _T.ID, "The account addressed."),
        Field("contact_id", _T.ID, "The contact addressed."),
        Field("account_name", _T.TEXT, "Name of that account, where no id is given."),
        Field("occurred_on", _T.DATE, "Day it happened.", required=True),
        Field("channel", _T.TEXT, "E-mail, call, meeting …"),
        Field("direction", _T.TEXT, "outbound or inbound."),
        Field("outcome", _T.TEXT, "What came of it, as in reply or meeting."),
        Field("subject", _T.TEXT, "What it was about."),
        Field("opportunity_id", _T.ID, "The opportunity it was about."),
        Field("message", _T.TEXT, "Name of the message or asset it carried."),
    ),
}
"""Every standard field, by table, in the order it is shown."""

KEYS: dict[TableName, str] = {table: fields[0].name for table, fields in STANDARD_FIELDS.items()}
"""The field that names a row, by table."""

MADE_KEYS = frozenset(
    {TableName.OPPORTUNITY_CONTACTS, TableName.USAGE, TableName.SIGNALS, TableName.TOUCHES}
)
"""Tables whose key is made from the row's content where the source has none."""

KNOWN_ON = Field("known_on", FieldType.DATE, "Day we knew the row; the import's date if absent.")
"""A field every table has beside its own: what keeps late knowledge from leaking backwards."""

IS_DELETED = Field("is_deleted", FieldType.FLAG, "Whether the system deleted the row by then.")
"""A field every table has beside its own: from the day it is yes, the row is not there."""

ROW_FIELDS = (KNOWN_ON, IS_DELETED)
"""What every table has beside its own fields: said of the row, and read by no rule."""
