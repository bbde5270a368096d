"""Who wants no news; what a message quotes, edits or forwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_signals"
down_revision = "0017_mending"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("no_news", sa.Text(), server_default="", nullable=False))
    op.create_check_constraint(op.f("ck_conversations_no_news"), "conversations", "no_news in ('', 'asked', 'blocked')")
    op.add_column("incoming_messages", sa.Column("ref", sa.Text(), server_default="", nullable=False))
    op.add_column("incoming_messages", sa.Column("quotes", sa.BigInteger(), nullable=True))
    op.add_column("incoming_messages", sa.Column("quoted", sa.Text(), server_default="", nullable=False))
    op.add_column("incoming_messages", sa.Column("edits", sa.BigInteger(), nullable=True))
    op.add_column(
        "incoming_messages", sa.Column("forwarded", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    for column in ("forwarded", "edits", "quoted", "quotes", "ref"):
        op.drop_column("incoming_messages", column)
    op.drop_constraint(op.f("ck_conversations_no_news"), "conversations")
    op.drop_column("conversations", "no_news")
