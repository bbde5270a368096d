"""Browsers that officers are called on, calls that went out, and offices' groups for emergencies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0024_calls"
down_revision = "0025_office_clocks"
branch_labels = None
depends_on = None

STEPS = "'new', 'answered', 'called', 'repeated', 'supervisor', 'group'"


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def _created() -> sa.Column[Any]:
    return sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "shared_keys",
        _id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        _created(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_keys")),
        sa.UniqueConstraint("name", name=op.f("uq_shared_keys_name")),
    )
    op.create_table(
        "push_subscriptions",
        _id(),
        sa.Column("officer_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.Text(), nullable=True),
        sa.Column("p256dh", sa.Text(), nullable=False),
        sa.Column("auth", sa.Text(), nullable=False),
        sa.Column("kinds", ARRAY(sa.Text()), nullable=False),
        _created(),
        sa.ForeignKeyConstraint(
            ["officer_id"],
            ["officers.id"],
            name=op.f("fk_push_subscriptions_officer_id_officers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["officer_sessions.id"],
            name=op.f("fk_push_subscriptions_session_id_officer_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscriptions")),
        sa.UniqueConstraint("endpoint_hash", name=op.f("uq_push_subscriptions_endpoint_hash")),
    )
    op.create_index("ix_push_subscriptions_officer", "push_subscriptions", ["officer_id"])
    op.create_index("ix_push_subscriptions_session", "push_subscriptions", ["session_id"])
    op.create_table(
        "handoff_calls",
        sa.Column("handoff_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"step in ({STEPS})", name=op.f("ck_handoff_calls_step")),
        sa.ForeignKeyConstraint(
            ["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_calls_handoff_id_handoffs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("handoff_id", "step", name=op.f("pk_handoff_calls")),
    )
    op.create_table(
        "office_groups",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=True),
        sa.Column("code_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_office_groups")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_office_groups_code_hash")),
    )


def downgrade() -> None:
    for name in ("office_groups", "handoff_calls", "push_subscriptions", "shared_keys"):
        op.drop_table(name)
