"""Messages that were not understood, for a person to label."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003u"
down_revision = "0003c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unknown_messages",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("understood", postgresql.JSONB(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("chosen_by", sa.Text(), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("labelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason in ('asked_back', 'out_of_scope', 'corrected')", name=op.f("ck_unknown_messages_reason")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["incoming_messages.id"],
            name=op.f("fk_unknown_messages_message_id_incoming_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unknown_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_unknown_messages_message_id")),
    )
    op.create_index("ix_unknown_messages_open", "unknown_messages", ["id"], postgresql_where=sa.text("label is null"))
    # The words of bot/understanding/collect.py: SIGNAL.
    op.execute(r"""
        create index ix_incoming_messages_not_understood on incoming_messages (received_at)
        where kind = 'text' and outcome = 'answered' and
            (understood->>'intent' in ('nlu_fallback', 'out_of_scope')
             or text ~* '^\s*(bukan|bkn|salah paham|maksud|dudu |sanes |indak itu|i mean|not that)')
    """)


def downgrade() -> None:
    op.execute("drop index ix_incoming_messages_not_understood")
    op.drop_table("unknown_messages")
