"""HubSpot: the names of its properties, in exports, in its API, and in warehouse copies."""

from collections.abc import Mapping
from typing import Final

from bullseye.definitions.field import TableName

COLUMNS: Final[Mapping[TableName, Mapping[str, tuple[str, ...]]]] = {
    TableName.ACCOUNTS: {
        "account_id": ("Record ID", "hs_object_id", "Company ID", "companyId", "id"),
        "name": ("Company name", "name", "property_name"),
        "domain": (
            "Company Domain Name",
            "domain",
            "property_domain",
            "Website URL",
            "website",
            "hs_additional_domains",
        ),
        "parent_account_id": ("Parent Company", "hs_parent_company_id", "Parent company ID"),
        "industry": ("Industry", "industry", "property_industry"),
        "employees": ("Number of Employees", "numberofemployees", "property_numberofemployees"),
        "revenue": ("Annual Revenue", "annualrevenue", "property_annualrevenue"),
        "country": ("Country/Region", "country", "property_country", "hs_country_code"),
        "region": ("State/Region", "state", "property_state"),
        "city": ("City", "city", "property_city"),
        "founded_year": ("Year Founded", "founded_year", "property_founded_year"),
        "funding_total": ("Total Money Raised", "total_money_raised"),
        "technologies": ("Web Technologies", "web_technologies"),
        "status": ("Lifecycle Stage", "lifecyclestage", "property_lifecyclestage"),
        "description": ("Description", "description", "property_description", "About Us"),
        "owner": ("Company owner", "hubspot_owner_id", "property_hubspot_owner_id"),
        "created_on": ("Create Date", "createdate", "property_createdate", "hs_createdate"),
    },
    TableName.CONTACTS: {
        "contact_id": ("Record ID", "hs_object_id", "Contact ID", "vid", "id"),
        "account_id": (
            "Associated Company IDs",
            "associatedcompanyid",
            "property_associatedcompanyid",
            "Associated Company ID",
            "Primary Associated Company ID",
        ),
        "account_name": ("Company Name", "company", "property_company", "Associated Company"),
        "email": ("Email", "email", "property_email"),
        "first_name": ("First Name", "firstname", "property_firstname"),
        "last_name": ("Last Name", "lastname", "property_lastname"),
        "title": ("Job Title", "jobtitle", "property_jobtitle"),
        "department": ("Job function", "job_function", "property_job_function"),
        "seniority": ("Seniority", "seniority", "hs_seniority"),
        "country": ("Country/Region", "country", "property_country"),
        "phone": ("Phone Number", "phone", "property_phone", "mobilephone"),
        "linkedin_url": ("LinkedIn URL", "hs_linkedin_url", "LinkedIn Bio", "linkedinbio"),
        "do_not_contact": (
            "Unsubscribed from all email",
            "hs_email_optout",
            "property_hs_email_optout",
        ),
        "created_on": ("Create Date", "createdate", "property_createdate"),
    },
    TableName.OPPORTUNITIES: {
        "opportunity_id": ("Record ID", "hs_object_id", "Deal ID", "deal_id", "dealId", "id"),
        "account_id": (
            "Associated Company IDs",
            "hs_primary_associated_company",
            "associations.company",
            "Primary Associated Company ID",
            "Associated Company ID",
        ),
        "account_name": ("Associated Company", "Associated Company (Primary)"),
        "name": ("Deal Name", "dealname", "property_dealname"),
        "stage": ("Deal Stage", "dealstage", "property_dealstage", "deal_pipeline_stage_id"),
        "is_won": ("Is Closed Won", "hs_is_closed_won", "property_hs_is_closed_won"),
        "is_closed": ("Is Deal Closed?", "Is Closed", "hs_is_closed", "property_hs_is_closed"),
        "amount": ("Amount", "amount", "property_amount", "Amount in company currency"),
        "created_on": ("Create Date", "createdate", "property_createdate"),
        "closed_on": ("Close Date", "closedate", "property_closedate"),
        "owner": ("Deal owner", "hubspot_owner_id", "owner_id", "property_hubspot_owner_id"),
        "origin": (
            "Original Traffic Source",
            "Original Source Type",
            "hs_analytics_source",
            "property_hs_analytics_source",
        ),
        "loss_reason": ("Closed Lost Reason", "closed_lost_reason"),
    },
    TableName.OPPORTUNITY_CONTACTS: {
        "opportunity_id": ("deal_id", "Deal ID", "Associated Deal IDs", "associated_deal_id"),
        "contact_id": ("contact_id", "Contact ID", "Associated Contact IDs"),
        "role": (
            "hs_buying_role",
            "property_hs_buying_role",
            "Buying Role",
            "association_label",
            "Association Label",
        ),
    },
    TableName.TOUCHES: {
        "touch_id": ("engagement_id", "hs_object_id"),
        "occurred_on": ("Activity date", "hs_timestamp", "property_hs_timestamp"),
        "channel": ("Activity type", "hs_activity_type", "engagement_type"),
        "direction": ("hs_email_direction", "hs_call_direction"),
        "outcome": ("Call outcome", "hs_call_disposition", "Meeting outcome"),
        "subject": ("hs_email_subject", "Email subject"),
    },
}
"""Table and field: its column names, the usual one first."""

PREFIXES: Final = ("property_hs_", "property_", "properties.", "hs_")
"""What stands before a property's own name in API answers and warehouse copies."""

SUFFIXES: Final = ()
"""Nothing stands after it."""
