"""The register of applications: events, contacts, links, claim codes, looks, news, warnings; API keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003a"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_keys_hash")),
        sa.UniqueConstraint("name", name=op.f("uq_api_keys_name")),
    )
    op.create_table(
        "applications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("procedure", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("applicant", sa.Text(), server_default="", nullable=False),
        sa.Column("business", sa.Text(), server_default="", nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("turn in ('applicant', 'office', 'system', 'nobody')", name=op.f("ck_applications_turn")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("number", name=op.f("uq_applications_number")),
        sa.UniqueConstraint("office", "reference", name=op.f("uq_applications_office_reference")),
    )
    op.create_index(
        "ix_applications_applicants_turn",
        "applications",
        ["stage_since"],
        unique=False,
        postgresql_where=sa.text("turn = 'applicant'"),
    )
    op.create_index(
        "ix_applications_due", "applications", ["due_on"], unique=False, postgresql_where=sa.text("due_on is not null")
    )
    op.create_table(
        "office_closed_days",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("office", "day", name=op.f("pk_office_closed_days")),
    )
    op.create_table(
        "api_requests",
        sa.Column("key_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_api_requests_key_id_api_keys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", "idempotency_key", name=op.f("pk_api_requests")),
    )
    op.create_table(
        "application_contacts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("verified_by", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('phone', 'email')", name=op.f("ck_application_contacts_kind")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_contacts_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_contacts")),
        sa.UniqueConstraint(
            "application_id", "kind", "value", name=op.f("uq_application_contacts_application_id_kind_value")
        ),
    )
    op.create_index("ix_application_contacts_value", "application_contacts", ["value"], unique=False)
    op.create_table(
        "application_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind <> 'correction' or reason <> ''", name=op.f("ck_application_events_correction_has_reason")
        ),
        sa.CheckConstraint(
            "kind in ('received', 'stage', 'correction', 'import', 'note')", name=op.f("ck_application_events_kind")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_events_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_events")),
    )
    op.create_index("ix_application_events_application", "application_events", ["application_id", "id"], unique=False)
    op.create_table(
        "application_links",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_links_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_application_links_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_links")),
        sa.UniqueConstraint(
            "application_id", "conversation_id", name=op.f("uq_application_links_application_id_conversation_id")
        ),
    )
    op.create_index("ix_application_links_conversation", "application_links", ["conversation_id"], unique=False)
    op.create_table(
        "application_looks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_looks_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_application_looks_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_looks")),
    )
    op.create_index("ix_application_looks_application", "application_looks", ["application_id", "at"], unique=False)
    op.create_index("ix_application_looks_conversation", "application_looks", ["conversation_id", "at"], unique=False)
    op.create_table(
        "application_news_mutes",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_application_news_mutes_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_application_news_mutes")),
    )
    op.create_table(
        "application_warnings",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_warnings_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_warnings")),
        sa.UniqueConstraint(
            "application_id", "kind", "due_on", name=op.f("uq_application_warnings_application_id_kind_due_on")
        ),
    )
    op.create_table(
        "claim_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=True),
        sa.Column("from_conversation", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(application_id, from_conversation) = 1", name=op.f("ck_claim_codes_opens_one_thing")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_claim_codes_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["from_conversation"],
            ["conversations.id"],
            name=op.f("fk_claim_codes_from_conversation_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["used_by"], ["conversations.id"], name=op.f("fk_claim_codes_used_by_conversations"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_codes")),
        sa.UniqueConstraint("hash", name=op.f("uq_claim_codes_hash")),
    )
    op.create_table(
        "application_news",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outgoing_id", sa.BigInteger(), nullable=True),
        sa.Column("skipped", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind in ('stage', 'reminder-3', 'reminder-7')", name=op.f("ck_application_news_kind")),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_application_news_application_id_applications"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_application_news_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["application_events.id"],
            name=op.f("fk_application_news_event_id_application_events"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"],
            ["outgoing_messages.id"],
            name=op.f("fk_application_news_outgoing_id_outgoing_messages"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application_news")),
        sa.UniqueConstraint(
            "event_id", "conversation_id", "kind", name=op.f("uq_application_news_event_id_conversation_id_kind")
        ),
    )
    op.create_index("ix_application_news_application", "application_news", ["application_id"], unique=False)
    op.create_index(
        "ix_application_news_waiting",
        "application_news",
        ["id"],
        unique=False,
        postgresql_where=sa.text("posted_at is null"),
    )
    op.add_column("outgoing_messages", sa.Column("template", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    # Nothing is erased from a timeline, except when a person's data are erased on purpose.
    op.execute("""
        create function pandu_events_are_kept() returns trigger language plpgsql as $$
        begin
            if current_setting('pandu.erasing', true) = 'on' then
                return case when tg_op = 'DELETE' then old else new end;
            end if;
            raise exception 'events of applications are only ever added' using errcode = 'restrict_violation';
        end
        $$
    """)
    op.execute("""
        create trigger pandu_events_are_kept before update or delete on application_events
        for each row execute function pandu_events_are_kept()
    """)


def downgrade() -> None:
    op.execute("drop trigger pandu_events_are_kept on application_events")
    op.execute("drop function pandu_events_are_kept")
    op.drop_column("outgoing_messages", "template")
    op.drop_index(
        "ix_application_news_waiting", table_name="application_news", postgresql_where=sa.text("posted_at is null")
    )
    op.drop_index("ix_application_news_application", table_name="application_news")
    op.drop_table("application_news")
    op.drop_table("claim_codes")
    op.drop_table("application_warnings")
    op.drop_table("application_news_mutes")
    op.drop_index("ix_application_looks_conversation", table_name="application_looks")
    op.drop_index("ix_application_looks_application", table_name="application_looks")
    op.drop_table("application_looks")
    op.drop_index("ix_application_links_conversation", table_name="application_links")
    op.drop_table("application_links")
    op.drop_index("ix_application_events_application", table_name="application_events")
    op.drop_table("application_events")
    op.drop_index("ix_application_contacts_value", table_name="application_contacts")
    op.drop_table("application_contacts")
    op.drop_table("api_requests")
    op.drop_table("office_closed_days")
    op.drop_index("ix_applications_due", table_name="applications", postgresql_where=sa.text("due_on is not null"))
    op.drop_index(
        "ix_applications_applicants_turn", table_name="applications", postgresql_where=sa.text("turn = 'applicant'")
    )
    op.drop_table("applications")
    op.drop_table("api_keys")
