"""The officers' desk: handoffs with owner and lease, notes, drafts, canned replies, office hours, held answers; search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004_handoff"
down_revision = "0005_measurements"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _add_tables()
    _add_columns()


def _add_tables() -> None:
    op.create_table(
        "office_hours",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name=op.f("ck_office_hours_order")),
        sa.CheckConstraint("weekday between 0 and 6", name=op.f("ck_office_hours_weekday")),
        sa.PrimaryKeyConstraint("office", "weekday", "opens", name=op.f("pk_office_hours")),
    )
    op.create_table(
        "call_backs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("question", sa.Text(), server_default="", nullable=False),
        sa.Column("wanted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_call_backs_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["officers.id"], name=op.f("fk_call_backs_done_by_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_backs")),
    )
    op.create_index(
        "ix_call_backs_due", "call_backs", ["wanted_from"], unique=False, postgresql_where=sa.text("done_at is null")
    )
    op.create_index(
        "uq_call_backs_open",
        "call_backs",
        ["conversation_id"],
        unique=True,
        postgresql_where=sa.text("done_at is null"),
    )
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["officers.id"], name=op.f("fk_canned_replies_created_by_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("title", name=op.f("uq_canned_replies_title")),
    )
    op.create_table(
        "conversation_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="note", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('note', 'event')", name=op.f("ck_conversation_notes_kind")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_notes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_conversation_notes_officer_id_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation_notes")),
    )
    op.create_index("ix_conversation_notes_conversation", "conversation_notes", ["conversation_id", "id"], unique=False)
    op.create_table(
        "conversation_viewers",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("typing_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_viewers_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_conversation_viewers_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", "officer_id", name=op.f("pk_conversation_viewers")),
    )
    op.create_table(
        "handoff_rules",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("below", sa.Double(), nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("act in ('approve', 'hand_over')", name=op.f("ck_handoff_rules_act")),
        sa.CheckConstraint("topic <> '' or below is not null", name=op.f("ck_handoff_rules_says_something")),
        sa.CheckConstraint("below > 0 and below <= 1", name=op.f("ck_handoff_rules_below")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["officers.id"], name=op.f("fk_handoff_rules_created_by_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_rules")),
    )
    op.create_table(
        "reply_drafts",
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_reply_drafts_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_reply_drafts_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("officer_id", "conversation_id", name=op.f("pk_reply_drafts")),
    )
    op.create_index(op.f("ix_reply_drafts_conversation_id"), "reply_drafts", ["conversation_id"], unique=False)
    op.create_table(
        "held_answers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("incoming_id", sa.BigInteger(), nullable=False),
        sa.Column("rule_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "decision in ('approved', 'edited', 'rejected', 'expired')", name=op.f("ck_held_answers_decision")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_held_answers_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["incoming_id"],
            ["incoming_messages.id"],
            name=op.f("fk_held_answers_incoming_id_incoming_messages"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_held_answers_officer_id_officers"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["handoff_rules.id"], name=op.f("fk_held_answers_rule_id_handoff_rules"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_answers")),
        sa.UniqueConstraint("incoming_id", name=op.f("uq_held_answers_incoming_id")),
    )
    op.create_index("ix_held_answers_conversation", "held_answers", ["conversation_id"], unique=False)
    op.create_index(
        "ix_held_answers_waiting",
        "held_answers",
        ["expires_at"],
        unique=False,
        postgresql_where=sa.text("decision is null"),
    )
    op.create_table(
        "note_mentions",
        sa.Column("note_id", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["conversation_notes.id"],
            name=op.f("fk_note_mentions_note_id_conversation_notes"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_note_mentions_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("note_id", "officer_id", name=op.f("pk_note_mentions")),
    )
    op.create_index(
        "ix_note_mentions_unseen",
        "note_mentions",
        ["officer_id"],
        unique=False,
        postgresql_where=sa.text("seen_at is null"),
    )


def _add_columns() -> None:
    op.add_column("conversations", sa.Column("after_officer", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.execute("create index ix_conversations_name on conversations using gin (to_tsvector('simple', profile_name))")
    op.execute("create index ix_conversations_address_end on conversations (reverse(address) text_pattern_ops)")
    op.add_column("handoffs", sa.Column("kind", sa.Text(), server_default="requested", nullable=False))
    op.add_column("handoffs", sa.Column("office", sa.Text(), server_default="", nullable=False))
    op.add_column("handoffs", sa.Column("service", sa.Text(), server_default="", nullable=False))
    op.add_column("handoffs", sa.Column("team_id", sa.BigInteger(), nullable=True))
    op.add_column("handoffs", sa.Column("officer_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "handoffs", sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)
    )
    op.add_column("handoffs", sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("owned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("outcome", sa.Text(), nullable=True))
    op.add_column("handoffs", sa.Column("read_up_to", sa.BigInteger(), server_default="0", nullable=False))
    # Who was given back had no mark until now; of a conversation that still waits, the newest request is the open one.
    op.execute("""
        update handoffs h set closed_at = now(), outcome = 'given_back'
        from conversations c where c.id = h.conversation_id
            and (c.owner = 'bot' or h.id < (select max(o.id) from handoffs o where o.conversation_id = c.id))
    """)
    op.execute("update handoffs set queued_at = created_at")
    op.create_check_constraint(
        "kind",
        "handoffs",
        "kind in ('requested', 'failures', 'anger', 'emergency', 'topic', 'stepped_in', 'survey', 'complaint')",
    )
    op.create_check_constraint("outcome", "handoffs", "outcome in ('given_back', 'closed', 'back_to_bot')")
    op.create_check_constraint("closed_has_outcome", "handoffs", "(closed_at is null) = (outcome is null)")
    op.create_index(
        "ix_handoffs_claimed",
        "handoffs",
        ["claimed_at"],
        unique=False,
        postgresql_where=sa.text("claimed_at is not null"),
    )
    op.create_index(
        "ix_handoffs_closed", "handoffs", ["closed_at"], unique=False, postgresql_where=sa.text("closed_at is not null")
    )
    op.create_index(
        "ix_handoffs_lease", "handoffs", ["lease_until"], unique=False, postgresql_where=sa.text("closed_at is null")
    )
    op.create_index(
        "uq_handoffs_open", "handoffs", ["conversation_id"], unique=True, postgresql_where=sa.text("closed_at is null")
    )
    op.create_foreign_key(
        op.f("fk_handoffs_officer_id_officers"), "handoffs", "officers", ["officer_id"], ["id"], ondelete="SET NULL"
    )
    op.create_foreign_key(
        op.f("fk_handoffs_team_id_teams"), "handoffs", "teams", ["team_id"], ["id"], ondelete="SET NULL"
    )
    op.add_column(
        "incoming_messages",
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('indonesian', text)", persisted=True),
            nullable=False,
        ),
    )
    op.create_index("ix_incoming_messages_words", "incoming_messages", ["words"], unique=False, postgresql_using="gin")
    op.add_column("outgoing_messages", sa.Column("file", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("outgoing_messages", sa.Column("officer_id", sa.BigInteger(), nullable=True))
    op.add_column("outgoing_messages", sa.Column("reply_token", sa.Text(), server_default="", nullable=False))
    op.add_column("outgoing_messages", sa.Column("resend_of", sa.BigInteger(), nullable=True))
    op.drop_constraint(op.f("ck_outgoing_messages_status"), "outgoing_messages")
    op.create_check_constraint(
        "status",
        "outgoing_messages",
        "status in ('held', 'pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed')",
    )
    op.create_index(
        "ix_outgoing_messages_officers_words",
        "outgoing_messages",
        [sa.literal_column("to_tsvector('indonesian', text)")],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("author = 'officer'"),
    )
    op.create_index(
        "uq_outgoing_messages_reply_token",
        "outgoing_messages",
        ["reply_token"],
        unique=True,
        postgresql_where=sa.text("reply_token <> ''"),
    )
    op.create_index(
        "uq_outgoing_messages_resend_of",
        "outgoing_messages",
        ["resend_of"],
        unique=True,
        postgresql_where=sa.text("resend_of is not null"),
    )
    op.create_foreign_key(
        op.f("fk_outgoing_messages_officer_id_officers"),
        "outgoing_messages",
        "officers",
        ["officer_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    _drop_columns()
    _drop_tables()


def _drop_columns() -> None:
    op.execute("update outgoing_messages set status = 'suppressed' where status = 'held'")
    op.drop_constraint(op.f("ck_outgoing_messages_status"), "outgoing_messages")
    op.create_check_constraint(
        "status",
        "outgoing_messages",
        "status in ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'suppressed')",
    )
    op.drop_constraint(op.f("fk_outgoing_messages_officer_id_officers"), "outgoing_messages", type_="foreignkey")
    op.drop_index("uq_outgoing_messages_resend_of", table_name="outgoing_messages")
    op.drop_index("uq_outgoing_messages_reply_token", table_name="outgoing_messages")
    op.drop_index("ix_outgoing_messages_officers_words", table_name="outgoing_messages", postgresql_using="gin")
    op.drop_column("outgoing_messages", "resend_of")
    op.drop_column("outgoing_messages", "reply_token")
    op.drop_column("outgoing_messages", "officer_id")
    op.drop_column("outgoing_messages", "file")
    op.drop_index("ix_incoming_messages_words", table_name="incoming_messages", postgresql_using="gin")
    op.drop_column("incoming_messages", "words")
    op.drop_constraint(op.f("fk_handoffs_team_id_teams"), "handoffs", type_="foreignkey")
    op.drop_constraint(op.f("fk_handoffs_officer_id_officers"), "handoffs", type_="foreignkey")
    for name in ("kind", "outcome", "closed_has_outcome"):
        op.drop_constraint(op.f(f"ck_handoffs_{name}"), "handoffs")
    op.drop_index("uq_handoffs_open", table_name="handoffs")
    op.drop_index("ix_handoffs_lease", table_name="handoffs")
    op.drop_index("ix_handoffs_closed", table_name="handoffs")
    op.drop_index("ix_handoffs_claimed", table_name="handoffs")
    op.drop_column("handoffs", "read_up_to")
    op.drop_column("handoffs", "outcome")
    op.drop_column("handoffs", "closed_at")
    op.drop_column("handoffs", "first_reply_at")
    op.drop_column("handoffs", "warned_at")
    op.drop_column("handoffs", "lease_until")
    op.drop_column("handoffs", "owned_at")
    op.drop_column("handoffs", "claimed_at")
    op.drop_column("handoffs", "queued_at")
    op.drop_column("handoffs", "officer_id")
    op.drop_column("handoffs", "team_id")
    op.drop_column("handoffs", "service")
    op.drop_column("handoffs", "office")
    op.drop_column("handoffs", "kind")
    op.drop_index("ix_conversations_address_end", table_name="conversations")
    op.drop_index("ix_conversations_name", table_name="conversations")
    op.drop_column("conversations", "after_officer")


def _drop_tables() -> None:
    op.drop_index("ix_note_mentions_unseen", table_name="note_mentions")
    op.drop_table("note_mentions")
    op.drop_index("ix_held_answers_waiting", table_name="held_answers")
    op.drop_index("ix_held_answers_conversation", table_name="held_answers")
    op.drop_table("held_answers")
    op.drop_index(op.f("ix_reply_drafts_conversation_id"), table_name="reply_drafts")
    op.drop_table("reply_drafts")
    op.drop_table("handoff_rules")
    op.drop_table("conversation_viewers")
    op.drop_index("ix_conversation_notes_conversation", table_name="conversation_notes")
    op.drop_table("conversation_notes")
    op.drop_table("canned_replies")
    op.drop_index("uq_call_backs_open", table_name="call_backs")
    op.drop_index("ix_call_backs_due", table_name="call_backs")
    op.drop_table("call_backs")
    op.drop_table("office_hours")
