"""Contacts that are left alone, and those whose data was removed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Build the tables."""
    _build_deletions()
    _build_suppressions()
    _build_rewrites()


def _build_deletions() -> None:
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("counts", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
        sqlite_autoincrement=True,
    )


def _build_suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("secret_id", sa.String(16), nullable=False),
        sa.Column("shown", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("deletion_id", sa.Integer),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_suppressions"),
        sa.ForeignKeyConstraint(
            ["deletion_id"], ["deletions.id"], name="fk_suppressions_deletion_id"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_suppressions_key", "suppressions", ["key"])


def _build_rewrites() -> None:
    op.create_table(
        "rewrites",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("deletion_id", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Integer),
        sa.Column("rows_removed", sa.BigInteger, nullable=False),
        sa.Column("rows_changed", sa.BigInteger, nullable=False),
        sa.Column("sha256_before", sa.String(64), nullable=False),
        sa.Column("sha256_after", sa.String(64), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rewrites"),
        sa.ForeignKeyConstraint(["deletion_id"], ["deletions.id"], name="fk_rewrites_deletion_id"),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name="fk_rewrites_batch_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rewrites_deletion_id", "rewrites", ["deletion_id"])
