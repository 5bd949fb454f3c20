"""The store's tables, and the column types that keep them the same on every engine."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC; SQLite has no time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC, refusing a moment whose zone nobody knows."""
        return None if value is None else in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that every engine takes; what it cannot take is written as an escape."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what PostgreSQL (NUL) or UTF-8 (lone surrogates) has no room for."""
        return None if value is None else clean(value)


def in_utc(moment: datetime) -> datetime:
    """Return the moment in UTC, refusing one whose time zone nobody knows."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be stored.")
    return moment.astimezone(UTC)


def clean(value: str) -> str:
    r"""Return `value` as it will be stored: NUL and lone surrogates become visible escapes.

    >>> clean("caf\udce9\x00")
    'caf\\udce9\\x00'
    """
    return value.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")


METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Every table below; the migrations must build exactly these."""

SHA256 = String(64)

BATCHES = Table(
    "batches",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("table", String(60), nullable=False),
    Column("source", CleanText, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("sha256", SHA256, nullable=False),
    Column("path", CleanText, nullable=False),
    Column("file_name", CleanText, nullable=False),
    Column("rows_read", BigInteger, nullable=False),
    Column("kept", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    Column("exact_duplicates", BigInteger, nullable=False),
    Column("quarantine_path", CleanText),
    Column("report", CleanText, nullable=False),
    Column("imported_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("undone_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one import of one file. Rows are added and marked undone, never removed."""

# Only standing batches are unique: a file whose import was undone may be imported again.
Index(
    "uq_batches_standing",
    BATCHES.c.table,
    BATCHES.c.source,
    BATCHES.c.as_of,
    BATCHES.c.sha256,
    unique=True,
    sqlite_where=text("undone_at IS NULL"),
    postgresql_where=text("undone_at IS NULL"),
)

VERSIONS = Table(
    "versions",
    METADATA,
    Column("hash", SHA256, primary_key=True),
    Column("content", CleanText, nullable=False),
    Column("first_seen_at", UtcTime, nullable=False),
    Column("last_seen_at", UtcTime, nullable=False),
)
"""Grain: one distinct content of all definitions of the workspace."""

PUBLICATIONS = Table(
    "publications",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("definitions_hash", SHA256, ForeignKey("versions.hash"), nullable=False),
    Column("published_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    sqlite_autoincrement=True,
)
"""Grain: one move of the pointer to the definitions in force."""

RUNS = Table(
    "runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("as_of", Date, nullable=False),
    Column("definitions_hash", SHA256, ForeignKey("versions.hash"), nullable=False),
    Column("batch_ids", JSON, nullable=False),
    Column("previous_run_id", String(40), ForeignKey("runs.id")),
    Column("engine", CleanText, nullable=False),
    Column("rows", BigInteger),
    Column("result_sha256", SHA256),
    Column("result_path", CleanText),
    Column("delta_path", CleanText),
    Column("status", String(20), nullable=False),
    Column("summary", CleanText),
    Column("actor", CleanText, nullable=False),
    sqlite_autoincrement=True,
)
"""Grain: one run. `number` orders runs by their start; `id` is what people read."""

OVERRIDES = Table(
    "overrides",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account_id", CleanText, nullable=False, index=True),
    Column("tier", String(40), nullable=False),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person about one account's tier."""

TITLE_OVERRIDES = Table(
    "title_overrides",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title_norm", CleanText, nullable=False, index=True),
    Column("level", String(40)),
    Column("function", String(40)),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person about what a job title means."""

MATCH_DECISIONS = Table(
    "match_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reference", String(20), nullable=False, index=True),
    Column("domain", CleanText),
    Column("name", CleanText),
    Column("country", CleanText),
    Column("account_id", CleanText),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person on which account a domain, name and country mean."""

PROOFS = Table(
    "proofs",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject", CleanText, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("definitions_hash", SHA256, ForeignKey("versions.hash"), nullable=False),
    Column("inputs", JSON, nullable=False),
    Column("document", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Index(None, "kind", "subject"),
    sqlite_autoincrement=True,
)
"""Grain: one result of a proof, as it was shown. Rows are added, never changed."""

RESEARCH_SOURCES = Table(
    "research_sources",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("occurred_on", Date),
    Column("account_id", CleanText, index=True),
    Column("account_by", String(20)),
    Column("opportunity_id", CleanText),
    Column("consent", String(20), nullable=False),
    Column("format", String(20), nullable=False),
    Column("file_name", CleanText, nullable=False),
    Column("turn_count", Integer, nullable=False),
    Column("sha256", SHA256, nullable=False),
    Column("signature", CleanText),
    Column("imported_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("undone_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one call, note, answer or chat that was imported; marked undone, never removed."""

# Only standing sources are unique: what was taken back may be imported again.
Index(
    "uq_research_sources_standing",
    RESEARCH_SOURCES.c.sha256,
    unique=True,
    sqlite_where=text("undone_at IS NULL"),
    postgresql_where=text("undone_at IS NULL"),
)

RESEARCH_TURNS = Table(
    "research_turns",
    METADATA,
    Column("source_id", Integer, ForeignKey("research_sources.id"), primary_key=True),
    Column("turn_index", Integer, primary_key=True, autoincrement=False),
    Column("speaker", CleanText),
    Column("side", String(20), nullable=False),
    Column("text", CleanText, nullable=False),
    Column("started_ms", BigInteger),
    Column("contact_id", CleanText, index=True),
    Column("email", CleanText, index=True),
    Column("resolved_by", String(20)),
)
"""Grain: what one speaker of one source said without being interrupted."""

EVIDENCE = Table(
    "evidence",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source_id", Integer, nullable=False),
    Column("turn_index", Integer, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("char_start", Integer, nullable=False),
    Column("char_end", Integer, nullable=False),
    Column("quote", CleanText, nullable=False),
    Column("method", CleanText, nullable=False),
    Column("score", Float),
    Column("status", String(20), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("reviewer", CleanText),
    Column("reviewed_at", UtcTime),
    Column("reason", CleanText),
    ForeignKeyConstraint(
        ["source_id", "turn_index"],
        ["research_turns.source_id", "research_turns.turn_index"],
    ),
    UniqueConstraint("source_id", "turn_index", "kind", "char_start", "char_end"),
    sqlite_autoincrement=True,
)
"""Grain: one quote of one turn as evidence of one kind, with what a person decided on it."""

MERGES = Table(
    "merges",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("table", String(20), nullable=False),
    Column("survivor_id", CleanText, nullable=False),
    Column("other_ids", JSON, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person that records are one and the same."""

DELETIONS = Table(
    "deletions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reason", CleanText, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("actor", CleanText, nullable=False),
    Column("counts", JSON),
    sqlite_autoincrement=True,
)
"""Grain: one removal of all that was known of a contact; it does not say of whom."""

SUPPRESSIONS = Table(
    "suppressions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", SHA256, nullable=False, index=True),
    Column("secret_id", String(16), nullable=False),
    Column("shown", CleanText),
    Column("reason", CleanText, nullable=False),
    Column("deletion_id", Integer, ForeignKey("deletions.id")),
    Column("created_at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one address, contact or domain that is left alone, as a keyed hash."""

REWRITES = Table(
    "rewrites",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("deletion_id", Integer, ForeignKey("deletions.id"), nullable=False, index=True),
    Column("path", CleanText, nullable=False),
    Column("batch_id", Integer, ForeignKey("batches.id")),
    Column("rows_removed", BigInteger, nullable=False),
    Column("rows_changed", BigInteger, nullable=False),
    Column("sha256_before", SHA256, nullable=False),
    Column("sha256_after", SHA256, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)
"""Grain: one file of the warehouse that a deletion wrote anew."""

ROLE_DECISIONS = Table(
    "role_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("contact_id", CleanText, nullable=False, index=True),
    Column("opportunity_id", CleanText),
    Column("about", String(20), nullable=False),
    Column("value", String(40), nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("withdrawn_at", UtcTime),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person on whether a contact has a buying role, or a stance."""

THEME_DECISIONS = Table(
    "theme_decisions",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("action", String(20), nullable=False),
    Column("theme", String(60), nullable=False, index=True),
    Column("into", String(60)),
    Column("evidence_ids", JSON, nullable=False),
    Column("author", CleanText, nullable=False),
    Column("reason", CleanText),
    Column("created_at", UtcTime, nullable=False),
    sqlite_autoincrement=True,
)
"""Grain: one decision of a person about a theme, and the evidence it put there."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("actor", CleanText, nullable=False),
    Column("action", String(60), nullable=False),
    Column("subject", CleanText, nullable=False, index=True),
    Column("before", CleanText),
    Column("after", CleanText),
    Column("prev_hash", SHA256, nullable=False, unique=True),
    Column("hash", SHA256, nullable=False),
)
"""Grain: one change. Each row's hash covers the row and the hash before it."""

AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_id", Integer, nullable=False),
    Column("hash", SHA256, nullable=False),
)
"""One row: where the chain ends. Writers lock it, so there is one writer at a time."""

LEASES = Table(
    "leases",
    METADATA,
    Column("name", String(100), primary_key=True),
    Column("holder", CleanText, nullable=False),
    Column("token", String(40), nullable=False),
    Column("host", CleanText, nullable=False),
    Column("pid_space", String(40), nullable=False),
    Column("pid", BigInteger, nullable=False),
    Column("process_started", String(40), nullable=False),
    Column("acquired_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
)
"""Grain: one lock that somebody holds, or held when they died."""
