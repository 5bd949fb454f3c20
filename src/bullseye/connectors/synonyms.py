"""What columns are called in the wild, for every standard field, best name first."""

from collections.abc import Mapping
from typing import Final

from bullseye.connectors import hubspot, salesforce, translations
from bullseye.definitions.field import IS_DELETED, KNOWN_ON, TableName

_T = TableName

_ACCOUNT_REFERENCE: Final = {
    "account_id": (
        "account id, account_id, company id, customer id, client id, organization id, "
        "organisation id, org id, associated company id, associated company ids, parent account "
        "id, crm account id, account number, tenant id, workspace id"
    ),
    "account_name": (
        "account name, company name, company, account, customer, customer name, client, "
        "client name, organization, organisation, organization name, employer, associated "
        "company, business name, firm, startup"
    ),
}

GENERAL: Final[Mapping[TableName, Mapping[str, str]]] = {
    _T.ACCOUNTS: {
        "account_id": (
            "account id, company id, customer id, client id, organization id, organisation id, "
            "record id, crm id, id, prospect id, uuid, guid, external id, account number, "
            "symbol, ticker"
        ),
        "name": (
            "account name, company name, name, company, account, organization name, "
            "organisation, organization, customer name, customer, client name, client, business "
            "name, legal name, firm, startup, brand, security, employer"
        ),
        "domain": (
            "company domain name, domain, website domain, web domain, website, website url, "
            "company website, web site, url, homepage, homepage url, web, company url, email "
            "domain"
        ),
        "former_names": "former names, previous names, old names, aliases, also known as, aka",
        "parent_account_id": (
            "parent account id, parent id, parent company id, parent account, parent company, "
            "subsidiary of, ultimate parent, ultimate parent id, parent, owned by"
        ),
        "industry": (
            "industry, sector, vertical, primary industry, main industry, gics sector, industry "
            "group, market, branche, business sector, market segment"
        ),
        "sub_industry": (
            "sub industry, subindustry, subsector, sub sector, sub vertical, industry detail, "
            "gics sub industry, secondary industry, niche, sic description, naics description"
        ),
        "employees": (
            "number of employees, employees, employee count, no of employees, num employees, "
            "headcount, head count, team size, company size, staff count, size, fte, ftes, "
            "total employees, employee range, employees range, workforce, staff, mitarbeiter, "
            "employee number, estimated num employees"
        ),
        "revenue": (
            "annual revenue, revenue, yearly revenue, annual turnover, turnover, sales, annual "
            "sales, total revenue, estimated revenue, revenue range, umsatz, arr of company"
        ),
        "country": (
            "country, hq country, headquarters country, country code, country region, "
            "billing country, company country, country iso, country name, location country, "
            "office location, land, pays, nation, hq location country"
        ),
        "region": (
            "region, state, state region, province, billing state, territory, sales region, "
            "county, hq state, hq region, state province, geo, geography, "
            "regional office"
        ),
        "city": "city, hq city, headquarters city, billing city, town, company city, ort, stadt",
        "founded_year": (
            "founded year, year founded, founded, year established, founding year, "
            "establishment year, incorporated, year of foundation, established, founded on, "
            "founding date, inception year"
        ),
        "funding_stage": (
            "funding stage, last funding type, last funding round, last funding stage, "
            "investment stage, funding round, funding status, round, company stage"
        ),
        "funding_total": (
            "total funding, funding total, total money raised, total funding amount, funding, "
            "amount raised, total raised, money raised, funds raised, funding raised, "
            "funds raised millions"
        ),
        "technologies": (
            "technologies, tech stack, technology, web technologies, techstack, tools, stack, "
            "tools used, technology stack, technographics, installed technologies, software used"
        ),
        "tags": "tags, labels, keywords, categories, tag",
        "is_hiring": "is hiring, hiring, currently hiring, has open positions, open roles",
        "is_customer": (
            "is customer, customer, existing customer, current customer, active customer, "
            "customer flag"
        ),
        "status": (
            "status, account status, company status, customer status, lifecycle stage, state of "
            "account, account state, lifecycle"
        ),
        "description": (
            "description, about, about us, company description, one liner, summary, overview, "
            "short description, tagline, long description"
        ),
        "owner": (
            "account owner, company owner, owner, sales rep, account executive, ae, owner name, "
            "account manager, sales owner, assigned to, owner id, rep, sales agent"
        ),
        "expected_acv": (
            "expected acv, expected contract value, potential acv, target acv, estimated acv, "
            "acv, potential value"
        ),
        "created_on": (
            "created on, created at, create date, created date, created, date created, date "
            "added, creation date, record created, signup date, sign up date, signed up at, "
            "registered at, registration date"
        ),
    },
    _T.CONTACTS: {
        "contact_id": (
            "contact id, person id, lead id, user id, record id, id, people id, member id, uuid, "
            "prospect id, crm contact id"
        ),
        **_ACCOUNT_REFERENCE,
        "email": (
            "email, e mail, email address, e mail address, work email, business email, primary "
            "email, mail, corporate email"
        ),
        "full_name": "full name, name, contact name, person name, display name, contact",
        "first_name": "first name, firstname, given name, forename, vorname, prenom, fname",
        "last_name": "last name, lastname, surname, family name, nachname, nom, lname",
        "title": (
            "job title, title, position, role, jobtitle, job position, designation, current "
            "title, function title, headline, job role"
        ),
        "department": "department, function, job function, team, division, area, dept",
        "seniority": "seniority, seniority level, level, management level, job level",
        "country": (
            "country, contact country, country region, mailing country, person country, country "
            "code, ip country, location country"
        ),
        "phone": (
            "phone, phone number, telephone, mobile, mobile phone, mobile phone number, work "
            "phone, tel, direct phone, cell"
        ),
        "linkedin_url": (
            "linkedin url, linkedin, linkedin profile, linkedin profile url, person linkedin url, "
            "linkedin bio, public profile"
        ),
        "do_not_contact": (
            "do not contact, do not email, unsubscribed, opted out, email opt out, opt out, has "
            "opted out of email, unsubscribed from all email, dnc, do not call, gdpr delete"
        ),
        "created_on": (
            "create date, created date, created at, created on, created, date created, "
            "date added, signup date, subscribed at"
        ),
    },
    _T.OPPORTUNITIES: {
        "opportunity_id": (
            "opportunity id, deal id, opp id, record id, id, oppid, deal number, opportunity "
            "number, quote id, crm opportunity id"
        ),
        **_ACCOUNT_REFERENCE,
        "name": "opportunity name, deal name, name, title, opportunity, deal, opp name, subject",
        "stage": (
            "stage, deal stage, sales stage, stage name, opportunity stage, pipeline stage, "
            "status, opportunity status, deal status, phase, current stage, deal stage label"
        ),
        "outcome": (
            "outcome, result, won lost, win loss, is won, won, deal outcome, final status, win, "
            "closed won, opportunity result, is closed won"
        ),
        "amount": (
            "amount, deal amount, close value, deal value, opportunity amount, value, contract "
            "value, total value, tcv, acv, price, opportunity value, deal size, amount usd, "
            "amount in company currency, total contract value, annual contract value, "
            "opportunity amount usd, forecast amount, revenue, bookings"
        ),
        "discount": (
            "discount, discount percent, discount rate, discount share, discount percentage, "
            "discount pct"
        ),
        "created_on": (
            "create date, created date, created at, created on, engage date, open date, opened "
            "on, opened at, created, start date, date created, creation date, opportunity "
            "created date, opened"
        ),
        "closed_on": (
            "close date, closed date, closed at, closed on, close, actual close date, date "
            "closed, won date, end date, expected close date, closing date, decision date"
        ),
        "product": (
            "product, product name, product line, product family, solution, sku, plan, supplies "
            "subgroup, item"
        ),
        "owner": (
            "opportunity owner, deal owner, owner, sales agent, sales rep, account executive, "
            "rep, salesperson, sales person, owner name, seller, ae, agent, owner id"
        ),
        "origin": (
            "lead source, origin, source, original source, lead origin, channel, referral "
            "source, opportunity source, deal source, original traffic source, route to market"
        ),
        "loss_reason": (
            "loss reason, lost reason, closed lost reason, reason lost, reason for loss, close "
            "reason, why lost"
        ),
        "competitor": (
            "competitor, competitors, competitor name, main competitor, main competitors, "
            "competitor type, lost to"
        ),
    },
    _T.SUBSCRIPTIONS: {
        "subscription_id": (
            "subscription id, contract id, sub id, subscription number, id, agreement id, "
            "license id, subscription"
        ),
        **_ACCOUNT_REFERENCE,
        "plan": (
            "plan, plan name, plan tier, tier, product, package, subscription plan, edition, "
            "product name, subscription type, contract type"
        ),
        "seats": (
            "seats, seat count, licenses, licences, quantity, number of seats, users, number of "
            "licenses, license count, seats bought"
        ),
        "mrr": "mrr, mrr amount, monthly recurring revenue, monthly revenue, monthly amount",
        "arr": (
            "arr, arr amount, annual recurring revenue, annual amount, yearly revenue, acv, "
            "annual contract value"
        ),
        "started_on": (
            "start date, started on, started at, start, subscription start, contract start "
            "date, begin date, created at, effective date, activated at, signup date, "
            "subscription start date, contract start, created date, created"
        ),
        "ended_on": (
            "end date, ended on, ended at, end, churn date, cancel date, canceled at, cancelled "
            "at, cancellation date, subscription end, contract end date, terminated at, expiry "
            "date, subscription end date, churned at, expires at, contract end"
        ),
        "churned": (
            "churned, churn, is churned, churn flag, has churned, canceled, cancelled, is canceled"
        ),
        "churn_reason": (
            "churn reason, cancellation reason, cancel reason, reason, reason code, "
            "termination reason"
        ),
        "support_cost": "support cost, cost of support, support costs, cost to serve",
    },
    _T.USAGE: {
        "usage_id": "usage id, event id, id, record id, row id",
        "account_id": _ACCOUNT_REFERENCE["account_id"],
        "subscription_id": "subscription id, contract id, sub id, license id, subscription",
        "account_name": _ACCOUNT_REFERENCE["account_name"],
        "used_on": (
            "usage date, used on, date, day, event date, activity date, timestamp, used at, "
            "event time, occurred at, created at, ts, time, month, week"
        ),
        "active_users": (
            "active users, users, dau, unique users, user count, active user count, daily "
            "active users, distinct users, monthly active users, mau, wau"
        ),
        "event_count": (
            "event count, usage count, events, count, number of events, actions, hits, sessions, "
            "total events, api calls, logins, login count"
        ),
        "feature": "feature, feature name, event name, event, module, event type, action",
    },
    _T.SIGNALS: {
        "signal_id": (
            "signal id, event id, churn event id, id, record id, ticket id, news id, alert id, "
            "round id"
        ),
        **_ACCOUNT_REFERENCE,
        "domain": "domain, company domain, website, company website, url of company, web",
        "type": (
            "type, signal type, event type, kind, signal, event, category, event name, trigger, "
            "trigger type, signal name, topic type, activity type"
        ),
        "subject": "subject, title, headline, topic, job title, position, reason code, reason",
        "occurred_on": (
            "occurred on, date, event date, signal date, occurred at, churn date, happened on, "
            "timestamp, posted at, posted on, published at, published, announced on, announced "
            "date, submitted at, created at, detected at, detected on, time, day, date added, "
            "created date"
        ),
        "detail": (
            "detail, details, description, note, notes, feedback text, message, text, body, "
            "summary, comment"
        ),
        "url": "url, link, source url, article url, source link, permalink",
        "value": (
            "value, amount, total laid off, score, magnitude, size, strength, signal value, "
            "refund amount usd, intensity, count"
        ),
    },
    _T.OPPORTUNITY_CONTACTS: {
        "opportunity_contact_id": (
            "opportunity contact id, contact role id, role id, association id, id, record id"
        ),
        "opportunity_id": "opportunity id, deal id, opportunity, deal, opp id, sale id",
        "contact_id": "contact id, person id, lead id, who id, associated contact id, contact",
        **_ACCOUNT_REFERENCE,
        "role": (
            "role, buying role, contact role, deal role, opportunity role, committee role, "
            "association label, stakeholder type, part"
        ),
        "is_primary": "is primary, primary, primary contact, main contact, is main",
        "added_on": (
            "added on, created date, created on, created at, date added, added at, since, date"
        ),
    },
    _T.TOUCHES: {
        "touch_id": "touch id, activity id, engagement id, task id, event id, id, record id",
        "account_id": _ACCOUNT_REFERENCE["account_id"],
        "contact_id": "contact id, person id, lead id, who id, recipient id, associated contact id",
        "account_name": _ACCOUNT_REFERENCE["account_name"],
        "occurred_on": (
            "occurred on, date, activity date, sent at, sent on, timestamp, touch date, created "
            "at, occurred at, due date, created date, sent date, event date, time, start date"
        ),
        "channel": "channel, type, activity type, medium, touch type, engagement type",
        "direction": "direction, inbound outbound, call direction, email direction, call type",
        "outcome": (
            "outcome, result, response, disposition, call disposition, status, replied, "
            "call outcome"
        ),
        "subject": "subject, email subject, title, topic, campaign, campaign name",
        "opportunity_id": (
            "opportunity id, deal id, related opportunity, associated deal id, associated deal ids"
        ),
        "message": "message name, message, asset, asset name, template, template name, content",
    },
}
"""Names in general use, by table and field, joined by commas."""

_KNOWN_ON: Final = (
    "known on, snapshot date, snapshot, as of, as of date, snapshot at, extract date, extracted "
    "at, export date, exported at, report date, data as of, recorded on"
)
_IS_DELETED: Final = "is deleted, deleted, record deleted, deleted flag"


def column_names(table: TableName) -> tuple[tuple[str, str, str], ...]:
    """Return what is known about column names of `table`: (field, column, origin), best first.

    `origin` says whose name it is: HubSpot, Salesforce, or "general use".

    >>> ("employees", "NumberOfEmployees", "Salesforce") in column_names(TableName.ACCOUNTS)
    True
    """
    vendors = (("HubSpot", hubspot.COLUMNS), ("Salesforce", salesforce.COLUMNS))
    named = [
        (field, name, origin)
        for origin, columns in vendors
        for field, names in columns.get(table, {}).items()
        for name in names
    ]
    general = {**GENERAL[table], KNOWN_ON.name: _KNOWN_ON, IS_DELETED.name: _IS_DELETED}
    for words in (general, translations.NAMES.get(table, {})):
        for field, names in words.items():
            named += [(field, name.strip(), "general use") for name in names.split(",")]
    return tuple(named)


PREFIXES: Final = (*hubspot.PREFIXES, *salesforce.PREFIXES)
"""What the vendors' tools write before a column's name."""

SUFFIXES: Final = (*hubspot.SUFFIXES, *salesforce.SUFFIXES)
"""What the vendors' tools write after a column's name."""
