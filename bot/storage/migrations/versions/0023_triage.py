"""Waiting since it was asked, a reply target, snoozing; labels, saved views, and who knows which service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023_triage"
down_revision = "0022_persons"
branch_labels = None
depends_on = None

_NEW = ("asked_at", "due_at", "snoozed_until")


def upgrade() -> None:
    op.add_column(
        "handoffs", sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=True)
    )
    op.add_column("handoffs", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("handoffs", sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True))
    op.execute("update handoffs set asked_at = case when first_reply_at is null then created_at end")
    _desk_rules()
    _labels()
    _views()
    _skills()


def _desk_rules() -> None:
    op.create_table(
        "desk_rules",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("reply_minutes", sa.Integer(), nullable=True),
        sa.Column("assigns", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("reply_minutes between 1 and 10000", name=op.f("ck_desk_rules_minutes")),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_desk_rules")),
    )


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["officers.id"], name=op.f("fk_labels_created_by_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index("uq_labels_office_name", "labels", ["office", sa.text("lower(name)")], unique=True)
    op.create_table(
        "conversation_labels",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("label_id", sa.BigInteger(), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_labels_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["label_id"], ["labels.id"], name=op.f("fk_conversation_labels_label_id_labels"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by"], ["officers.id"], name=op.f("fk_conversation_labels_set_by_officers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("conversation_id", "label_id", name=op.f("pk_conversation_labels")),
    )
    op.create_index("ix_conversation_labels_label", "conversation_labels", ["label_id"])


def _views() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("officer_id", sa.BigInteger(), nullable=True),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("wanted", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_saved_views_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
    )
    op.create_index("ix_saved_views_officer", "saved_views", ["officer_id"])


def _skills() -> None:
    op.create_table(
        "officer_skills",
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["officers.id"], name=op.f("fk_officer_skills_officer_id_officers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("officer_id", "service", name=op.f("pk_officer_skills")),
    )


def downgrade() -> None:
    for table in ("officer_skills", "saved_views", "conversation_labels", "labels", "desk_rules"):
        op.drop_table(table)
    for column in _NEW:
        op.drop_column("handoffs", column)
