"""A market: the accounts that could ever buy (TAM), those we can serve (SAM), and their worth."""

from pydantic import Field

from bullseye.definitions.base import Definition, FieldName
from bullseye.definitions.quantity import Amount
from bullseye.definitions.rule import WrittenRule


class Market(Definition):
    """Who counts as the market; money is the account's own value field, or `value`."""

    tam: WrittenRule | None = Field(
        default=None, description="Who could ever buy; every account where absent."
    )
    sam: WrittenRule | None = Field(
        default=None, description="Who of them we can serve; all of them where absent."
    )
    value_field: FieldName = Field(
        default="expected_acv", description="Yearly value of an account, where known."
    )
    value: Amount | None = Field(
        default=None, description="Yearly value of every account, instead of a field."
    )
