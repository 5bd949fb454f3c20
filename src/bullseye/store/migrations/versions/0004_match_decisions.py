"""Decisions of people on which account a reference means."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Build the table of decisions."""
    op.create_table(
        "match_decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("domain", sa.Text),
        sa.Column("name", sa.Text),
        sa.Column("country", sa.Text),
        sa.Column("account_id", sa.Text),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_match_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_match_decisions_reference", "match_decisions", ["reference"])
