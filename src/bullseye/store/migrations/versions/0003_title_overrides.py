"""Overrides of titles: what a person says a job title means."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Build the table of overrides of titles."""
    op.create_table(
        "title_overrides",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title_norm", sa.Text, nullable=False),
        sa.Column("level", sa.String(40)),
        sa.Column("function", sa.String(40)),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_title_overrides"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_title_overrides_title_norm", "title_overrides", ["title_norm"])
