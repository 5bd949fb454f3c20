"""The company of the demo world: who it is, what it sells, and what its market is made of.

Shares say how often a value occurs. What follows from a value is in `bullseye.demo.truth`.
"""

from typing import NamedTuple

COMPANY = "Larkwell"
PRODUCT = "Larkwell Onboarding"
PITCH = "Software that gets a B2B company's new customers live in days instead of months."

LIST_PRICE_PER_SEAT = 360
"""Price of one seat for one year, before discount."""


class Country(NamedTuple):
    """A country of the market, and how its companies and people are named."""

    name: str
    code: str
    share: float
    region: str
    language: str
    legal_forms: tuple[str, ...]
    cities: tuple[str, ...]
    other_spellings: tuple[str, ...]


class Technology(NamedTuple):
    """A technology, and the share of accounts that use it."""

    name: str
    share: float


class SignalKind(NamedTuple):
    """A kind of event, how often it happens to an account, and what it may be about."""

    name: str
    per_year: float
    subjects: tuple[str, ...]


class Band(NamedTuple):
    """A range of employees, both ends included, and the share of accounts in it."""

    name: str
    low: int
    high: int
    share: float


INDUSTRIES: dict[str, float] = {
    "B2B SaaS": 0.16,
    "Fintech": 0.10,
    "Logistics": 0.09,
    "Manufacturing": 0.14,
    "Retail": 0.11,
    "Healthcare": 0.10,
    "Professional Services": 0.09,
    "Public Sector": 0.07,
    "Education": 0.06,
    "Media": 0.04,
    "Energy": 0.04,
}
"""Industry: its share of accounts."""

SMALL, MID, LARGE = 0, 1, 2
BANDS = (
    Band("small", 3, 49, 0.38),
    Band("mid", 51, 500, 0.40),
    Band("large", 501, 20_000, 0.22),
)
"""Employee bands. Headcount moves over time, but never from one band into another."""

TECHNOLOGIES = (
    Technology("Salesforce", 0.35),
    Technology("Snowflake", 0.25),
    Technology("Marketo", 0.15),
    Technology("HubSpot", 0.22),
    Technology("Slack", 0.40),
    Technology("Zendesk", 0.20),
    Technology("Datadog", 0.15),
    Technology("Stripe", 0.18),
    Technology("SAP", 0.12),
    Technology("Jira", 0.30),
    Technology("AWS", 0.35),
    Technology("Azure", 0.30),
    Technology("Shopify", 0.08),
    Technology("Intercom", 0.10),
    Technology("Workday", 0.07),
    Technology("Looker", 0.08),
)
FIRST_ADOPTABLE = 2
"""Accounts adopt only technologies from this position on: none of those has an effect."""

FUNDING_STAGES = (
    "Bootstrapped",
    "Public",
    "Pre-Seed",
    "Seed",
    "Series A",
    "Series B",
    "Series C",
    "Series D",
)
FIRST_ROUND = 2
"""From this position on a funding round moves an account one stage up."""

FUNDING_SHARES: tuple[tuple[float, ...], ...] = (
    (0.40, 0.00, 0.20, 0.25, 0.12, 0.03, 0.00, 0.00),
    (0.25, 0.02, 0.02, 0.13, 0.25, 0.20, 0.10, 0.03),
    (0.20, 0.35, 0.00, 0.01, 0.04, 0.12, 0.15, 0.13),
)
"""Funding stages by employee band."""

SIGNAL_KINDS = (
    SignalKind(
        "executive_hire",
        0.35,
        (
            "Chief Customer Officer",
            "Head of Customer Success",
            "Head of Logistics",
            "VP Operations",
            "Chief Financial Officer",
            "VP Engineering",
        ),
    ),
    SignalKind("funding_round", 0.20, ("Seed", "Series A", "Series B", "Series C")),
    SignalKind(
        "champion_promoted", 0.12, ("Director of Operations", "VP Operations", "Head of Onboarding")
    ),
    SignalKind(
        "intent_surge", 0.60, ("customer onboarding", "implementation software", "time to value")
    ),
    SignalKind("office_opening", 0.10, ("Austin", "Berlin", "Oslo", "Lyon", "Toronto")),
    SignalKind("layoffs", 0.08, ("restructuring", "cost programme", "site closure")),
    SignalKind("product_launch", 0.15, ("new platform", "mobile app", "public API")),
)

OWNERS = (
    "Marisol Vega",
    "Ben Okafor",
    "Claire Dubois",
    "Jonas Lindqvist",
    "Priya Raman",
    "Tom Hartley",
    "Ana Ferreira",
    "Lukas Brandt",
    "Grace Kim",
    "Omar Haddad",
    "Sofie Jensen",
    "Daniel Novak",
)
LUCKY_OWNER = OWNERS[0]

LOSS_REASONS = ("Price", "No decision", "Competitor", "Missing feature", "Timing")
COMPETITORS = ("Rocketpath", "Gosteady", "In-house build")
CHURN_REASONS = ("Price", "No adoption", "Missing feature", "Acquired", "Went out of business")
LEAD_SOURCES = ("Outbound", "Webinar", "Referral", "Partner", "Web", "Event")
STAGES = ("Qualification", "Needs Analysis", "Proposal/Price Quote", "Negotiation/Review")
WON, LOST = "Closed Won", "Closed Lost"
ROLES = ("Champion", "Economic Buyer", "Technical Buyer", "User")
ECONOMIC_BUYER = 1
MESSAGES = (
    "feature-tour",
    "half-the-onboarding-time",
    "payback-in-two-quarters",
    "security-pack",
    "",
)
"""Names of what e-mails carried, as reps pick them from a list; the last is none of them."""
LEAKY_FIELD = "Onboarding Package"
"""A column of the company export that is filled in only after an opportunity was won."""

_EN = ("Inc.", "LLC", "Corp.")
COUNTRIES = (
    Country(
        "United States", "US", 0.40, "North America", "en", _EN,
        ("Austin", "Boston", "Chicago", "Denver", "New York", "San Francisco"),
        ("USA", "U.S.", "united states"),
    ),
    Country(
        "Canada", "CA", 0.05, "North America", "en", ("Inc.", "Ltd."),
        ("Toronto", "Montréal", "Vancouver"), ("CANADA",),
    ),
    Country(
        "United Kingdom", "GB", 0.12, "UK & Ireland", "en", ("Ltd", "PLC", "LLP"),
        ("London", "Leeds", "Manchester", "Bristol"), ("UK", "Great Britain", "England"),
    ),
    Country(
        "Ireland", "IE", 0.02, "UK & Ireland", "en", ("Ltd", "DAC"), ("Dublin", "Cork"),
        ("Republic of Ireland",),
    ),
    Country(
        "Germany", "DE", 0.13, "DACH", "de", ("GmbH", "AG", "GmbH & Co. KG"),
        ("Berlin", "München", "Köln", "Hamburg"), ("Deutschland", "germany"),
    ),
    Country(
        "Switzerland", "CH", 0.02, "DACH", "de", ("AG", "GmbH"), ("Zürich", "Bern"), ("Schweiz",),
    ),
    Country(
        "France", "FR", 0.08, "Southern Europe", "fr", ("SAS", "SARL", "SA"),
        ("Paris", "Lyon", "Orléans"), ("FRANCE",),
    ),
    Country(
        "Spain", "ES", 0.05, "Southern Europe", "es", ("S.L.", "S.A."),
        ("Madrid", "Barcelona", "Málaga"), ("España",),
    ),
    Country(
        "Netherlands", "NL", 0.05, "Benelux", "nl", ("B.V.", "N.V."), ("Amsterdam", "Utrecht"),
        ("The Netherlands", "Holland"),
    ),
    Country(
        "Norway", "NO", 0.03, "Nordics", "en", ("AS", "ASA"), ("Oslo", "Tromsø"), ("Norge",),
    ),
    Country(
        "Sweden", "SE", 0.03, "Nordics", "sv", ("AB",), ("Stockholm", "Malmö"), ("Sverige",),
    ),
    Country(
        "Denmark", "DK", 0.02, "Nordics", "en", ("A/S", "ApS"), ("København", "Aarhus"),
        ("Danmark",),
    ),
)  # fmt: skip
"""Where accounts are. No country and no region has an effect on anything."""

REGION_WITHOUT_EFFECT = "Nordics"
