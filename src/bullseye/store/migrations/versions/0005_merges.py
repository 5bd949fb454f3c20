"""Merges of accounts and contacts."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Build the table of merges."""
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("table", sa.String(20), nullable=False),
        sa.Column("survivor_id", sa.Text, nullable=False),
        sa.Column("other_ids", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sqlite_autoincrement=True,
    )
