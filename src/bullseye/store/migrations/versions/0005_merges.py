"""Merges of accounts and contacts."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Build the tables."""
