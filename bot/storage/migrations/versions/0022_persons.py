"""People who write in several conversations, and names that officers have mended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022_persons"
down_revision = "0021_letters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "persons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
    )
    op.add_column("conversations", sa.Column("channel_name", sa.Text(), nullable=True))
    op.add_column("conversations", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.add_column("conversations", sa.Column("proof", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_conversations_person_id_persons"),
        "conversations",
        "persons",
        ["person_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_conversations_person_id"), "conversations", ["person_id"])


def downgrade() -> None:
    for name in ("proof", "person_id", "channel_name"):
        op.drop_column("conversations", name)
    op.drop_table("persons")
