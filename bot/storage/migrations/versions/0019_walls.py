"""To which office a conversation belongs, and of which offices an officer is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0019_walls"
down_revision = "0018_signals"
branch_labels = None
depends_on = None

# What went before, from the surest sign to the weakest: a person was asked for, a report, the register, the memory.
KNOWN = (
    """select distinct on (conversation_id) conversation_id, office from handoffs
        where office <> '' order by conversation_id, id desc""",
    """select distinct on (conversation_id) conversation_id, office from complaints
        where office <> '' order by conversation_id, id desc""",
    """select distinct on (l.conversation_id) l.conversation_id, a.office
        from application_links l join applications a on a.id = l.application_id order by l.conversation_id, a.id desc""",
    """select distinct on (conversation_id) conversation_id, office from (
            select cast(t.sender_id as bigint) as conversation_id, e.event->>'value' as office, e.n
            from rasa_trackers t, jsonb_array_elements(t.state->'events') with ordinality e(event, n)
            where t.sender_id ~ '^[0-9]{1,18}$' and jsonb_typeof(t.state->'events') = 'array'
                and e.event->>'event' = 'slot' and e.event->>'name' = 'office') remembered
        where office is not null and office !~ '^region:' order by conversation_id, n desc""",
)


def upgrade() -> None:
    op.add_column("conversations", sa.Column("office", sa.Text(), server_default="", nullable=False))
    for known in KNOWN:
        op.execute(
            f"update conversations c set office = known.office from ({known}) known "  # noqa: S608 constants of ours
            "where c.id = known.conversation_id and c.office = ''"
        )
    op.add_column("officers", sa.Column("offices", ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.execute("update officers set offices = array[office] where office <> ''")
    op.drop_column("officers", "office")


def downgrade() -> None:
    op.add_column("officers", sa.Column("office", sa.Text(), server_default="", nullable=False))
    op.execute("update officers set office = coalesce(offices[1], '')")
    op.drop_column("officers", "offices")
    op.drop_column("conversations", "office")
