"""Notices, requests and holds; what reports say is encrypted; old messages are found by date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from bot.storage.encrypted import Place, encrypt_batch

revision = "0004_privacy"
down_revision = "0004_handoff"
branch_labels = None
depends_on = None

ENCRYPTED = (
    Place("complaints", "answers", as_json=True),
    Place("complaints", "title"),
    Place("complaints", "body"),
    Place("complaint_parts", "text"),
    Place("complaint_events", "text"),
)


def upgrade() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("released_by", sa.Text(), server_default="", nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_legal_holds_reason")),
        sa.CheckConstraint(
            "subject in ('conversation', 'application', 'complaint')", name=op.f("ck_legal_holds_subject")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_active",
        "legal_holds",
        ["subject", "subject_id"],
        unique=True,
        postgresql_where=sa.text("released_at is null"),
    )
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="asked", nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind in ('export', 'erase')", name=op.f("ck_privacy_requests_kind")),
        sa.CheckConstraint("status in ('asked', 'confirmed', 'done', 'held')", name=op.f("ck_privacy_requests_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_privacy_requests_token_hash")),
    )
    op.create_index("ix_privacy_requests_conversation", "privacy_requests", ["conversation_id", "id"], unique=False)
    op.create_table(
        "privacy_notices",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_privacy_notices_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_notices")),
        sa.UniqueConstraint("conversation_id", "version", name=op.f("uq_privacy_notices_conversation_id_version")),
    )
    # Whoever was introduced has read the sentence that is version 1 now.
    op.execute("""
        insert into privacy_notices (conversation_id, version, shown_at)
        select id, 1, introduced_at from conversations where introduced_at is not null
    """)
    op.create_index(
        "ix_incoming_messages_received_at",
        "incoming_messages",
        ["received_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.create_index(
        "ix_outgoing_messages_created_at",
        "outgoing_messages",
        ["created_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.execute("""
        create view held_conversations as
        with active as (select subject, subject_id from legal_holds where released_at is null)
        select subject_id as conversation_id from active where subject = 'conversation'
        union
        select c.conversation_id from complaints c join active a on a.subject = 'complaint' and a.subject_id = c.id
        union
        select l.conversation_id from application_links l
        join active a on a.subject = 'application' and a.subject_id = l.application_id
        union
        select c.id from conversations c
        join application_contacts k on c.channel = 'whatsapp' and c.address = 'whatsapp:' || k.value
        join active a on a.subject = 'application' and a.subject_id = k.application_id
    """)
    for place in ENCRYPTED:
        last, _ = encrypt_batch(op.get_bind(), place, 0)
        while last:
            last, _ = encrypt_batch(op.get_bind(), place, last)


def downgrade() -> None:
    """What was encrypted stays so, and would be unreadable to older code: make a backup first."""
    op.execute("drop view held_conversations")
    op.drop_index("ix_outgoing_messages_created_at", table_name="outgoing_messages")
    op.drop_index("ix_incoming_messages_received_at", table_name="incoming_messages")
    op.drop_table("privacy_notices")
    op.drop_table("privacy_requests")
    op.drop_table("legal_holds")
