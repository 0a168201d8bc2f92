"""The ledger's tables, the same on SQLite and PostgreSQL. Records are kept whole as JSON text beside
the columns that are searched; instants are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite stores no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        aware: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)


def key(name: str = "key", **options: Any) -> Column[str]:
    """A column that holds an identity key."""
    return Column(name, String(32), **options)


# Hearing

pages = Table(
    "pages",
    metadata,
    key(primary_key=True),
    Column("source", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("media_type", String(200), nullable=False, default=""),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("validators", Text, nullable=False, default="{}"),
    Column("state", String(16), nullable=False),
    Index(None, "source", "url"),
    Index(None, "state"),
)

raw_notices = Table(
    "raw_notices",
    metadata,
    key(primary_key=True),
    key("notice_key", nullable=False, index=True),
    Column("source", String(64), nullable=False),
    Column("identity", Text, nullable=False),
    Column("part", String(32), nullable=False),
    key("page_key", nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "source", "part"),
)

notices = Table(
    "notices",
    metadata,
    key(primary_key=True),
    Column("source", String(64), nullable=False),
    Column("native_id", Text, nullable=False),
    Column("published_on", Date),
    Column("version", Integer, nullable=False),
    key("content", nullable=False),
    Column("record", Text, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("why", Text, nullable=False, default=""),
    key("case_key", index=True),
    Index(None, "source", "state"),
)

notice_versions = Table(
    "notice_versions",
    metadata,
    key("notice_key", primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("record", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

tagged_notices = Table(
    "tagged_notices",
    metadata,
    key("notice_key", primary_key=True),
    key("content", nullable=False),
    Column("understood_by", String(64), nullable=False, index=True),
    Column("event", String(64), nullable=False),
    Column("ip_dispute", String(8), nullable=False),
    Column("record", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

tags = Table(
    "tags",
    metadata,
    key("notice_key", primary_key=True),
    Column("industry", String(64), primary_key=True),
    Column("score", Float, nullable=False),
    Column("band", String(16), nullable=False),
    Column("record", Text, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    key(primary_key=True),
    Column("source", String(64), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    key("page_key", nullable=False, default=""),
    Column("native_id", Text, nullable=False, default=""),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("times", Integer, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("cursor", Text, nullable=False, default=""),
    Column("last_attempt", Instant),
    Column("last_success", Instant),
    Column("last_item", Instant),
    Column("back_off_until", Instant),
    Column("back_off_reason", Text, nullable=False, default=""),
)

crawls = Table(
    "crawls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("finished_at", Instant),
    Column("pages", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("items", Integer, nullable=False, default=0),
    Column("notices", Integer, nullable=False, default=0),
    Column("problems", Integer, nullable=False, default=0),
    Column("outcome", Text, nullable=False, default=""),
)

# Understanding and matching

cases = Table(
    "cases",
    metadata,
    key(primary_key=True),
    Column("forum", String(64), nullable=False),
    Column("number", Text),
    Column("record", Text, nullable=False),
    key("content", nullable=False),
    Column("matched_content", String(128), nullable=False, default=""),
    key("merged_into", index=True),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

case_identifiers = Table(
    "case_identifiers",
    metadata,
    Column("kind", String(64), primary_key=True),
    Column("scope", String(64), primary_key=True),
    Column("value", String(255), primary_key=True),
    Column("case_key", String(32), ForeignKey("cases.key"), nullable=False, index=True),
)

enterprises = Table(
    "enterprises",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("cn_name", Text, nullable=False),
    Column("en_name", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("credit_code", String(32), nullable=False),
    key("content", nullable=False),
    Column("record", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

aliases = Table(
    "aliases",
    metadata,
    key(primary_key=True),
    Column("enterprise", String(64), ForeignKey("enterprises.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("kind", String(32), nullable=False),
    Column("origin", String(32), nullable=False),
)

matches = Table(
    "matches",
    metadata,
    key("case_key", primary_key=True),
    Column("enterprise", String(64), primary_key=True),
    Column("level", String(16), nullable=False),
    Column("band", String(16), nullable=False),
    Column("score", Float, nullable=False),
    Column("matcher", String(64), nullable=False),
    Column("record", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("first_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

judgements = Table(
    "judgements",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name_key", Text, nullable=False),
    Column("enterprise", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    Column("undone_by", Text, nullable=False, default=""),
    key("alert_key", nullable=False, default="", server_default=""),
    Index(None, "name_key", "enterprise"),
)

# Telling

centers = Table(
    "centers",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("record", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("enterprise", String(64), nullable=False, index=True),
    Column("record", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    key(primary_key=True),
    Column("enterprise", String(64), nullable=False, index=True),
    key("case_key", nullable=False, index=True),
    Column("event", String(128), nullable=False),
    key("notice_key", nullable=False),
    Column("level", String(16), nullable=False),
    Column("band", String(16), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("center", String(64), nullable=False, index=True),
    Column("reason", Text, nullable=False, default=""),
    Column("deadlines", Text, nullable=False, default="[]"),
    Column("created_at", Instant, nullable=False),
    Column("released_at", Instant),
    Column("released_by", Text, nullable=False, default=""),
    Column("escalated_at", Instant),
    Column("acknowledged_at", Instant),
    Column("acknowledged_by", Text, nullable=False, default="", server_default=""),
)

alert_notices = Table(
    "alert_notices",
    metadata,
    Column("alert_key", String(32), ForeignKey("alerts.key"), primary_key=True),
    key("notice_key", primary_key=True, index=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    key(primary_key=True),
    Column("alert_key", String(32), ForeignKey("alerts.key"), nullable=False, index=True),
    Column("channel", String(32), nullable=False),
    Column("address", Text, nullable=False),
    Column("audience", String(96), nullable=False),
    Column("contact", String(64), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("unsure", Integer, nullable=False, default=0),
    Column("holder", String(128), nullable=False, default=""),
    Column("lease_until", Instant),
    Column("message", Text, nullable=False),
    Column("receipt", Text, nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    UniqueConstraint("alert_key", "channel", "address", "audience"),
    Index(None, "state", "due_at"),
)

guidance = Table(
    "guidance",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("enterprise", String(64), nullable=False),
    key("case_key", nullable=False),
    Column("center", String(64), nullable=False),
    Column("form", String(64), nullable=False),
    Column("action", Text, nullable=False),
    Column("outcome", Text, nullable=False, default=""),
    Column("loss_recovered", Float),
    Column("currency", String(3), nullable=False, default=""),
    Column("counted", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
)

bulletins = Table(
    "bulletins",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(64), unique=True),
    Column("industry", String(64), nullable=False),
    Column("period", String(16), nullable=False),
    Column("audience", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("record", Text, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("composed_by", Text, nullable=False),
    Column("composed_at", Instant, nullable=False),
    Column("reviewed_by", Text, nullable=False, default=""),
    Column("review", Text, nullable=False, default=""),
    Column("reviewed_at", Instant),
    Index(None, "industry", "period"),
)

policy_hints = Table(
    "policy_hints",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("text_zh", Text, nullable=False),
    Column("condition", Text, nullable=False),
    Column("source_url", Text, nullable=False),
    Column("dated_on", Date, nullable=False),
    Column("expires_on", Date),
)

# The desk

users = Table(
    "users",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("center", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password", Text, nullable=False, default=""),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

passes = Table(
    "passes",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("user", String(64), nullable=False),
    Column("expires_at", Instant, nullable=False),
)

throttles = Table(
    "throttles",
    metadata,
    Column("id", String(160), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Instant, nullable=False),
)

# Keeping house

leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("until", Instant, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", String(64), nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False, default="{}"),
)

index_queue = Table(
    "index_queue",
    metadata,
    key("notice_key", primary_key=True),
    Column("queued_at", Instant, nullable=False),
)
