"""Salesforce: the API names and labels of its standard fields, and of warehouse copies."""

from collections.abc import Mapping
from typing import Final

from bullseye.definitions.field import TableName

COLUMNS: Final[Mapping[TableName, Mapping[str, tuple[str, ...]]]] = {
    TableName.ACCOUNTS: {
        "account_id": ("Id", "Account ID", "AccountId", "Account ID (18)", "account_id"),
        "name": ("Name", "Account Name"),
        "domain": ("Website",),
        "parent_account_id": ("ParentId", "Parent Account ID", "Parent Account"),
        "industry": ("Industry",),
        "sub_industry": ("SicDesc", "SIC Description", "NaicsDesc"),
        "employees": ("NumberOfEmployees", "Employees"),
        "revenue": ("AnnualRevenue", "Annual Revenue"),
        "country": (
            "BillingCountry",
            "Billing Country",
            "BillingCountryCode",
            "Billing Country (text only)",
            "ShippingCountry",
            "ShippingCountryCode",
        ),
        "region": (
            "BillingState",
            "Billing State/Province",
            "BillingStateCode",
            "ShippingState",
        ),
        "city": ("BillingCity", "Billing City", "ShippingCity"),
        "founded_year": ("YearStarted", "Year Started"),
        "status": ("Type", "Account Type", "Account Status"),
        "description": ("Description", "Account Description"),
        "owner": ("Owner.Name", "Account Owner", "OwnerId", "Owner"),
        "created_on": ("CreatedDate", "Created Date"),
    },
    TableName.CONTACTS: {
        "contact_id": ("Id", "Contact ID", "ContactId", "Lead ID", "LeadId"),
        "account_id": ("AccountId", "Account ID"),
        "account_name": ("Account.Name", "Account Name", "Company", "Company / Account"),
        "email": ("Email",),
        "full_name": ("Name", "Full Name"),
        "first_name": ("FirstName", "First Name"),
        "last_name": ("LastName", "Last Name"),
        "title": ("Title",),
        "department": ("Department",),
        "country": ("MailingCountry", "Mailing Country", "MailingCountryCode", "Country"),
        "phone": ("Phone", "MobilePhone", "Mobile"),
        "do_not_contact": ("HasOptedOutOfEmail", "Email Opt Out", "DoNotCall", "Do Not Call"),
        "created_on": ("CreatedDate", "Created Date"),
    },
    TableName.OPPORTUNITIES: {
        "opportunity_id": ("Id", "Opportunity ID", "OpportunityId"),
        "account_id": ("AccountId", "Account ID"),
        "account_name": ("Account.Name", "Account Name"),
        "name": ("Name", "Opportunity Name"),
        "stage": ("StageName", "Stage"),
        "is_won": ("IsWon", "Won"),
        "is_closed": ("IsClosed", "Closed"),
        "amount": ("Amount", "ExpectedRevenue"),
        "created_on": ("CreatedDate", "Created Date"),
        "closed_on": ("CloseDate", "Close Date"),
        "owner": ("Owner.Name", "Opportunity Owner", "OwnerId", "Owner"),
        "origin": ("LeadSource", "Lead Source"),
        "loss_reason": ("Loss_Reason__c", "LossReason__c", "Closed_Lost_Reason__c"),
        "competitor": ("MainCompetitors__c", "Main Competitor(s)", "Competitor__c"),
    },
    TableName.OPPORTUNITY_CONTACTS: {
        "opportunity_contact_id": ("Id", "Contact Role ID"),
        "opportunity_id": ("OpportunityId", "Opportunity ID"),
        "contact_id": ("ContactId", "Contact ID"),
        "account_id": ("Opportunity.AccountId", "AccountId", "Account ID"),
        "role": ("Role", "Contact Role"),
        "is_primary": ("IsPrimary", "Primary"),
        "added_on": ("CreatedDate", "Created Date"),
    },
    TableName.TOUCHES: {
        "touch_id": ("Id", "Activity ID", "TaskId"),
        "account_id": ("AccountId", "Account ID", "WhatId"),
        "contact_id": ("WhoId", "Contact ID", "Lead ID"),
        "occurred_on": ("ActivityDate", "Date", "CompletedDateTime", "CreatedDate"),
        "channel": ("TaskSubtype", "Type", "Task Subtype"),
        "direction": ("CallType", "Call Type"),
        "outcome": ("CallDisposition", "Call Result", "Status"),
        "subject": ("Subject",),
    },
}
"""Table and field: its column names, the usual one first."""

PREFIXES: Final = ()
"""Nothing stands before a field's own name."""

SUFFIXES: Final = ("__c", "__pc")
"""What stands after the name of a field a customer added."""
