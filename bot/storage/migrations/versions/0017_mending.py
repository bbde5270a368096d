"""Mending answers: proposals, notes before answers, rules of an office with an end, the office of an officer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017_mending"
down_revision = "0016_trials"
branch_labels = None
depends_on = None

_NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "knowledge_proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("office", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("publication_id", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge_proposals")),
        sa.CheckConstraint("kind in ('fact', 'question')", name=op.f("ck_knowledge_proposals_kind")),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_knowledge_proposals_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_knowledge_proposals_publication_id_publications")
        ),
    )
    op.create_index(op.f("ix_knowledge_proposals_conversation_id"), "knowledge_proposals", ["conversation_id"])
    op.create_table(
        "answer_notes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=_NOW, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_notes")),
    )
    op.create_index("ix_answer_notes_open", "answer_notes", ["ends_at"], postgresql_where=sa.text("ended_at is null"))
    op.add_column("handoff_rules", sa.Column("office", sa.Text(), server_default="", nullable=False))
    op.add_column("handoff_rules", sa.Column("service", sa.Text(), server_default="", nullable=False))
    op.add_column("handoff_rules", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f("ck_handoff_rules_says_something"), "handoff_rules")
    op.create_check_constraint(
        op.f("ck_handoff_rules_says_something"),
        "handoff_rules",
        "topic <> '' or below is not null or office <> '' or service <> ''",
    )
    op.add_column("officers", sa.Column("office", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("officers", "office")
    op.drop_constraint(op.f("ck_handoff_rules_says_something"), "handoff_rules")
    op.execute("delete from handoff_rules where topic = '' and below is null")
    op.create_check_constraint(
        op.f("ck_handoff_rules_says_something"), "handoff_rules", "topic <> '' or below is not null"
    )
    for name in ("ends_at", "service", "office"):
        op.drop_column("handoff_rules", name)
    op.drop_table("answer_notes")
    op.drop_table("knowledge_proposals")
