"""A small project without a fault, and what would be measured on its data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from bullseye.definitions import FieldType, TableName, load
from bullseye.definitions.checks import (
    ClauseFacts,
    Facts,
    FieldFacts,
    Finding,
    IcpFacts,
    Interval,
    check,
)

settings.register_profile("steady", deadline=None)  # machines differ, answers do not
settings.load_profile("steady")

TODAY = date(2026, 11, 21)
GOVERNED = "owner: Dana Whitfield\nreview_by: 2027-01-31\nreview_when: [the market moves]\n"

FILES = {
    "bullseye.yaml": "title: Payments\nowner: Dana Whitfield\n",
    "icps/fintech.yaml": f"""\
name: fintech
{GOVERNED}\
goal: Win the companies that move money.
focus: {{size: 50 to 500 employees}}
criteria:
  - name: industry
    mode: require
    rule:
      industry: [Fintech, Banking]
  - name: mid-size
    points: 40
    rule:
      employees: {{between: [50, 500]}}
  - name: salesforce
    points: 30
    rule: {{technologies: [Salesforce]}}
  - name: growing
    points: 30
    rule: {{headcount_growth_6m: {{over: 20%}}}}
signals: [funding-round, executive-hire, started-hiring]
tiers: default
market: finance
max_share: 10%
""",
    "exclusions/too-small.yaml": f"""\
name: too-small
{GOVERNED}\
rule:
  employees: {{under: 20}}
because: They left four times as often as others.
figures: {{measure: churn within a year, times: 4, n: 212, measured_on: 2026-09-30}}
""",
    "signals/funding-round.yaml": f"""\
name: funding-round
{GOVERNED}\
event: funding_round
window: 180 days
half_life: 60 days
points: 25
why_now: Raised {{subject}} on {{date}}.
""",
    "signals/executive-hire.yaml": f"""\
name: executive-hire
{GOVERNED}\
event: executive_hire
window: 90 days
half_life: 30 days
points: 30
why_now: Hired {{subject}} on {{date}}.
""",
    "signals/started-hiring.yaml": f"""\
name: started-hiring
{GOVERNED}\
change: {{field: is_hiring, becomes: true}}
window: 90 days
half_life: 30 days
points: 10
why_now: Hiring since {{date}}.
""",
    "tiers/default.yaml": f"""\
name: default
{GOVERNED}\
tiers:
  - {{tier: T1, fit: 70, coverage: 60%, signal_strength: 20}}
  - {{tier: T2, fit: 50, coverage: 50%, signal_strength: 5}}
  - {{tier: T3, fit: 30, coverage: 40%}}
hysteresis: {{fit: 5, signal_strength: 3}}
""",
    "markets/finance.yaml": f"""\
name: finance
{GOVERNED}\
tam:
  industry: [Fintech, Banking]
sam:
  country: [DE, "NO"]
value_field: expected_acv
""",
    "outcomes/starts-hiring.yaml": f"""\
name: starts-hiring
{GOVERNED}\
change: {{field: is_hiring, becomes: true}}
within: 180 days
""",
    "themes/too-expensive.yaml": f"""\
name: too-expensive
{GOVERNED}\
kind: objection
says: The price is above what they can spend.
exemplars:
  - It is too expensive for us.
  - We have no budget for this.
  - The price is hard to justify.
""",
    "themes/no-licence.yaml": f"""\
name: no-licence
{GOVERNED}\
kind: objection
status: retired
says: The licence is what they cannot pay.
merged_into: too-expensive
exemplars: [The licence costs too much., Licences are dear., We pay no licence fees.]
""",
    "personas/finance-chief.yaml": f"""\
name: finance-chief
{GOVERNED}\
who:
  title: {{contains: [Finance]}}
anxiety: The auditors find it first.
ambition: To close the books in two days.
killer_objection: Our own sheets have always done.
kpis: [days to close]
roles: [champion]
channels: [email]
pains: [{{says: Month ends are spent in spreadsheets., evidence: [E12]}}]
objections: [We have no time for a project.]
""",
    "roles/our-buyers.yaml": f"""\
name: our-buyers
{GOVERNED}\
serves: [finance]
threshold: 70%
prior:
  - {{rank: top, part: in_domain, roles: {{economic_buyer: 80%}}}}
evidence: {{replied: {{champion: 0.5}}}}
""",
    "personas/managing-director.yaml": f"""\
name: managing-director
{GOVERNED}\
who:
  title: {{contains: [CEO]}}
anxiety: A surprise in the last quarter.
ambition: To know the result before the bank does.
killer_objection: It works as it is.
kpis: [margin]
pains: [{{says: Nobody knows the result in time., evidence: [E13]}}]
""",
    "proofs/ledger.yaml": f"""\
name: ledger
{GOVERNED}\
says: Ledgerly ends its months in 40 % less time.
kind: case
customer: Ledgerly
source: Interview with its finance chief
dated: 2026-05-31
valid_until: 2027-05-31
""",
    "messages/close-sooner.yaml": f"""\
name: close-sooner
{GOVERNED}\
persona: finance-chief
role: champion
channel: email
stage: problem
hook: Month ends are spent in spreadsheets.
why_now: funding-round
before: Your team retypes every entry by hand.
after: The books are closed in forty percent less time, as at Ledgerly.
proofs: [ledger]
objection: We have no time for a project.
response: The first month runs beside the old one.
call_to_action: May I show you how Ledgerly does it?
""",
    "terms/close.yaml": f"""\
name: close
{GOVERNED}\
concept: The end of a month or a year in the books.
why: Finance says close, and so do we.
wordings:
  - {{preferred: close, allowed: [month-end close], forbidden: [closing run]}}
""",
    "sources/crm.yaml": f"""\
name: crm
{GOVERNED}\
table: accounts
columns:
  account_id: Id
  industry: Industry
  employees: Employees
  segment: {{column: Segment, type: text, source: sales}}
ignore: [Fax]
""",
    "sources/enrichment.yaml": f"""\
name: enrichment
{GOVERNED}\
table: accounts
priority: 50
columns:
  account_id: Record
  employees: headcount
  technologies: tech
""",
}


def field_facts(type_: FieldType, values: dict[str, int] | None = None, known: int = 180):
    values = values or {}
    return FieldFacts(type_, 200, known, len(values) if values else None, values, 1, 5000)


def plausible() -> Facts:
    """What a clean import would measure."""
    accounts, t = TableName.ACCOUNTS, FieldType
    return Facts(
        fields={
            (accounts, "industry"): field_facts(t.TEXT, {"Fintech": 90, "Banking": 60, "Media": 9}),
            (accounts, "employees"): field_facts(t.COUNT),
            (accounts, "technologies"): field_facts(t.LIST, {"Salesforce": 99, "SAP": 20}),
            (accounts, "country"): field_facts(t.COUNTRY, {"DE": 120, "NO": 40}),
            (accounts, "is_hiring"): field_facts(t.FLAG),
            (TableName.CONTACTS, "title"): field_facts(t.TEXT, {"Head of Finance": 30, "CEO": 40}),
            (TableName.SIGNALS, "type"): field_facts(
                t.TEXT, {"funding_round": 20, "executive_hire": 10}
            ),
        },
        icps={
            "fintech": IcpFacts(
                200,
                12,
                Interval(0.03, 0.1),
                clauses={
                    "industry": ClauseFacts(150, 30, 20),
                    "mid-size": ClauseFacts(80, 100, 20),
                    "salesforce": ClauseFacts(99, 81, 20),
                    "growing": ClauseFacts(40, 90, 70),
                    "too-small": ClauseFacts(10, 170, 20),
                },
            )
        },
    )


@dataclass(frozen=True)
class Folder:
    """A workspace's folder under test."""

    path: Path

    def text(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        path = self.path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        assert old in self.text(file), f"{old!r} is not in {file}"
        self.write(file, self.text(file).replace(old, new, 1))

    def findings(self, facts: Facts | None = None, today: date = TODAY) -> tuple[Finding, ...]:
        return check(load(self.path), facts, today)


@pytest.fixture
def clean(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path)
    for file, text in FILES.items():
        folder.write(file, text)
    return folder


@pytest.fixture
def measured() -> Callable[[], Facts]:
    return plausible
