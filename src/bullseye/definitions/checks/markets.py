"""Rules about markets: the part served lies inside the whole, and its money can be counted."""

from collections.abc import Iterator

from bullseye.definitions.checks.coded import Hit, coded
from bullseye.definitions.checks.context import ACCOUNTS, Context
from bullseye.definitions.checks.finding import Severity
from bullseye.definitions.field import NUMERIC
from bullseye.definitions.known import field_named
from bullseye.errors import nearest_name


@coded(
    "MKT001",
    "sam-outside-tam",
    Severity.ERROR,
    wrong="""
tam: {country: [DE, AT, CH]}
sam: {country: [US]}
""",
    right="""
tam: {country: [DE, AT, CH]}
sam: {country: [DE]}
""",
    unless=("RUL001", "RUL002", "RUL003", "RUL007", "ICP001"),
)
def sam_outside_tam(context: Context) -> Iterator[Hit]:
    """The accounts you can serve are part of those that could ever buy.

    Here no account can be both, so the market you serve is empty.
    """
    logic = context.logic()
    for market in context.project.markets.values():
        rules = [rule for rule in (market.tam, market.sam) if rule is not None]
        if all(logic.can_hold(rule) for rule in rules) and not logic.can_hold(*rules):
            message = "no account of the TAM can be in the SAM"
            hint = "Let the SAM narrow the TAM down, not leave it."
            yield Hit("markets", market.name, ("sam",), message, hint)


@coded(
    "MKT002",
    "market-unused",
    Severity.WARNING,
    wrong="An ICP without market, and markets/dach.yaml exists.",
    right="market: dach   # in the ICP",
)
def market_unused(context: Context) -> Iterator[Hit]:
    """No ICP aims at the market, so its size is never set against anything that is targeted."""
    used = {icp.market for icp in context.project.icps.values()}
    for market in context.project.markets.values():
        if context.project.icps and market.name not in used:
            hint = "Name it as the market of an ICP, or delete the file."
            yield Hit("markets", market.name, ("name",), "no ICP aims at it", hint)


@coded(
    "MKT003",
    "value-field-unfit",
    Severity.ERROR,
    wrong="value_field: industry",
    right="value_field: expected_acv",
)
def value_field_unfit(context: Context) -> Iterator[Hit]:
    """The market's money is the sum of a number field of the account; text cannot be added up."""
    fields = context.fields(ACCOUNTS)
    for market in context.project.markets.values():
        if market.value is not None:
            continue
        name = market.value_field
        field = field_named(fields, name)
        if field is None:
            near = nearest_name(name, tuple(fields))
            hint = f"Did you mean {near!r}?" if near else "Declare it in a source."
            message = f"no field of accounts is named {name!r}"
            yield Hit("markets", market.name, ("value_field",), message, hint)
        elif field.type not in NUMERIC:
            message = f"{name} is a {field.type}, not an amount"
            hint = "Name a money field, or give every account one value."
            yield Hit("markets", market.name, ("value_field",), message, hint)


CHECKS = (sam_outside_tam, market_unused, value_field_unfit)
