"""Conversations, messages, guides, handoffs, and the engine's memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "conversations",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("profile_name", sa.Text(), server_default="", nullable=False),
        sa.Column("owner", sa.Text(), server_default="bot", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_incoming_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("introduced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outage_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("menu", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("owner in ('bot', 'queue', 'officer')", name=op.f("ck_conversations_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("channel", "address", name=op.f("uq_conversations_channel_address")),
    )
    op.create_table(
        "rasa_trackers",
        sa.Column("sender_id", sa.Text(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("sender_id", name=op.f("pk_rasa_trackers")),
    )
    op.create_table(
        "whatsapp_contents",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_whatsapp_contents")),
    )
    op.create_table(
        "guide_progress",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.Text(), server_default="active", nullable=False),
        sa.Column("moved_by", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("status in ('active', 'paused', 'done', 'stopped')", name=op.f("ck_guide_progress_status")),
        sa.CheckConstraint("step >= 0", name=op.f("ck_guide_progress_step")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_guide_progress_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_progress")),
        sa.UniqueConstraint(
            "conversation_id", "service", "procedure", name=op.f("uq_guide_progress_conversation_id_service_procedure")
        ),
    )
    op.create_index(
        "uq_guide_progress_active",
        "guide_progress",
        ["conversation_id"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "handoffs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_handoffs_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoffs")),
    )
    op.create_index("ix_handoffs_conversation", "handoffs", ["conversation_id"], unique=False)
    op.create_table(
        "incoming_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("menu", sa.BigInteger(), nullable=True),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column(
            "attachments", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("understood", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_incoming_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_messages")),
        sa.UniqueConstraint("channel", "provider_id", name=op.f("uq_incoming_messages_channel_provider_id")),
    )
    op.create_index("ix_incoming_messages_conversation", "incoming_messages", ["conversation_id", "id"], unique=False)
    op.create_index(
        "ix_incoming_messages_unhandled",
        "incoming_messages",
        ["conversation_id", "id"],
        unique=False,
        postgresql_where=sa.text("handled_at is null"),
    )
    op.create_table(
        "outgoing_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("in_reply_to", sa.BigInteger(), nullable=True),
        sa.Column("author", sa.Text(), server_default="bot", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("buttons", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("sources", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.Text(), server_default="", nullable=False),
        sa.Column("error_code", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("author in ('bot', 'system', 'officer')", name=op.f("ck_outgoing_messages_author")),
        sa.CheckConstraint(
            "status in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed')",
            name=op.f("ck_outgoing_messages_status"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_outgoing_messages_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_messages")),
    )
    op.create_index("ix_outgoing_messages_conversation", "outgoing_messages", ["conversation_id", "id"], unique=False)
    op.create_index("ix_outgoing_messages_in_reply_to", "outgoing_messages", ["in_reply_to"], unique=False)
    op.create_index(
        "ix_outgoing_messages_open",
        "outgoing_messages",
        ["conversation_id", "id"],
        unique=False,
        postgresql_where=sa.text("status in ('pending', 'sending')"),
    )
    op.create_table(
        "stored_files",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("incoming_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), server_default="", nullable=False),
        sa.Column("media_type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["incoming_id"],
            ["incoming_messages.id"],
            name=op.f("fk_stored_files_incoming_id_incoming_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_files")),
    )
    op.create_index(op.f("ix_stored_files_incoming_id"), "stored_files", ["incoming_id"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_stored_files_incoming_id"), table_name="stored_files")
    op.drop_table("stored_files")
    op.drop_index(
        "ix_outgoing_messages_open",
        table_name="outgoing_messages",
        postgresql_where=sa.text("status in ('pending', 'sending')"),
    )
    op.drop_index("ix_outgoing_messages_in_reply_to", table_name="outgoing_messages")
    op.drop_index("ix_outgoing_messages_conversation", table_name="outgoing_messages")
    op.drop_table("outgoing_messages")
    op.drop_index(
        "ix_incoming_messages_unhandled", table_name="incoming_messages", postgresql_where=sa.text("handled_at is null")
    )
    op.drop_index("ix_incoming_messages_conversation", table_name="incoming_messages")
    op.drop_table("incoming_messages")
    op.drop_index("ix_handoffs_conversation", table_name="handoffs")
    op.drop_table("handoffs")
    op.drop_index(
        "uq_guide_progress_active", table_name="guide_progress", postgresql_where=sa.text("status = 'active'")
    )
    op.drop_table("guide_progress")
    op.drop_table("whatsapp_contents")
    op.drop_table("rasa_trackers")
    op.drop_table("conversations")
