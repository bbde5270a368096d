"""Answers for the person's own eyes only are withheld from the staff; copies that officers sent again lose their file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_own_copies"
down_revision = "0012_kbli"
branch_labels = None
depends_on = None

_HIDES = """(c.hides or exists (select from complaints r where r.conversation_id = c.id and r.hides))"""
_BEFORE = """m.author <> 'officer' and coalesce(
            (select i.withheld from staff_incoming i where i.id = m.in_reply_to), {hides}) as withheld offset 0"""
_NOW = """m.author <> 'officer' and (
            m.reply_token like 'copy:%'
            or exists (select from incoming_messages i where i.id = m.in_reply_to and i.answered_privately)
            or coalesce((select i.withheld from staff_incoming i where i.id = m.in_reply_to), {hides})
        ) as withheld offset 0"""
# As in 0011_private, but for what is withheld.
_VIEW = """
    create or replace view staff_outgoing as
    select m.id, m.conversation_id, m.in_reply_to, m.author, m.officer_id, m.status, m.error, m.template,
        m.created_at, m.resend_of, gate.withheld,
        case when gate.withheld then '' else m.text end as text,
        case when gate.withheld then '[]'::jsonb else m.buttons end as buttons,
        case when gate.withheld then '[]'::jsonb else m.sources end as sources,
        case when gate.withheld or m.reply_token like 'copy:%' then null else m.file end as file
    from outgoing_messages m join conversations c on c.id = m.conversation_id
    cross join lateral (select {gate}) gate
"""


def upgrade() -> None:
    op.add_column(
        "incoming_messages",
        sa.Column("answered_privately", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute(_VIEW.format(gate=_NOW.format(hides=_HIDES)))
    # The file itself goes with the next night's retention, as no row knows it any more.
    op.execute("""
        update outgoing_messages m set file = null, text = coalesce(nullif(m.text, ''), '(Salinan data, dihapus.)')
        from outgoing_messages copy
        where copy.reply_token like 'copy:%' and m.id <> copy.id and m.conversation_id = copy.conversation_id
            and (m.resend_of = copy.id or m.file->>'path' = copy.file->>'path')
    """)


def downgrade() -> None:
    op.execute(_VIEW.format(gate=_BEFORE.format(hides=_HIDES)))
    op.drop_column("incoming_messages", "answered_privately")
