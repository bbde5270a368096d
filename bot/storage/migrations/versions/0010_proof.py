"""Contacts are encrypted; deleting messages and conversations no longer reads all news and claim codes; refusals of all
processes are counted together.

While machines are updated one after the other, those of before do not recognise a WhatsApp number as a contact.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.encrypted import Place, encrypt_batch

revision = "0010_proof"
down_revision = "0010_desk3"
branch_labels = None
depends_on = None

ENCRYPTED = (Place("application_contacts", "value", index="value_hash"),)
# References that nothing led to: each deleted row was looked for in the whole table.
INDEXES = (
    ("ix_application_news_conversation", "application_news", "conversation_id"),
    ("ix_application_news_outgoing", "application_news", "outgoing_id"),
    ("ix_claim_codes_application", "claim_codes", "application_id"),
    ("ix_claim_codes_from_conversation", "claim_codes", "from_conversation"),
    ("ix_claim_codes_used_by", "claim_codes", "used_by"),
)
_HELD = """
    create or replace view held_conversations as
    with active as (select subject, subject_id from legal_holds where released_at is null)
    select subject_id as conversation_id from active where subject = 'conversation'
    union
    select c.conversation_id from complaints c join active a on a.subject = 'complaint' and a.subject_id = c.id
    union
    select l.conversation_id from application_links l
    join active a on a.subject = 'application' and a.subject_id = l.application_id
"""
UNIQUE = "uq_application_contacts_application_id_kind_value"


def upgrade() -> None:
    for name, table, column in INDEXES:
        op.create_index(name, table, [column])
    op.add_column("application_contacts", sa.Column("value_hash", sa.Text(), nullable=True))
    op.drop_index("ix_application_contacts_value", "application_contacts")
    op.drop_constraint(UNIQUE, "application_contacts")
    for place in ENCRYPTED:
        last, _ = encrypt_batch(op.get_bind(), place, 0)
        while last:
            last, _ = encrypt_batch(op.get_bind(), place, last)
    op.create_unique_constraint(f"{UNIQUE}_hash", "application_contacts", ["application_id", "kind", "value_hash"])
    op.create_index("ix_application_contacts_value_hash", "application_contacts", ["value_hash"])
    op.execute(_HELD)  # the numbers of applications are compared by the program now
    op.create_table(
        "refusal_counts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_counts")),
    )
    op.create_index("ix_refusal_counts_at", "refusal_counts", ["at"])


def downgrade() -> None:
    """What was encrypted stays so, and would be unreadable to older code: make a backup first."""
    op.drop_table("refusal_counts")
    op.drop_index("ix_application_contacts_value_hash", "application_contacts")
    op.drop_constraint(f"{UNIQUE}_hash", "application_contacts")
    op.drop_column("application_contacts", "value_hash")
    op.create_unique_constraint(UNIQUE, "application_contacts", ["application_id", "kind", "value"])
    op.create_index("ix_application_contacts_value", "application_contacts", ["value"])
    for name, table, _ in INDEXES:
        op.drop_index(name, table)
