"""Which report a message was said to, and the messages as staff may read them; what was learned before is let go.

Of the messages learned so far nobody can say which were words of a report that is gone: all of them go, with their
labels, and learning begins again with what is said from now on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_private"
down_revision = "0010_proof"
branch_labels = None
depends_on = None

_HIDES = """(c.hides or exists (select from complaints r where r.conversation_id = c.id and r.hides))"""
# "offset 0": looked at once a row, whatever asks for it.
_INCOMING = f"""
    create view staff_incoming as
    select m.id, m.conversation_id, m.kind, m.menu, m.choice, m.received_at, m.handled_at, m.outcome, m.words,
        m.report_id, gate.withheld,
        case when gate.withheld then '' else m.text end as text,
        case when gate.withheld then '' else m.payload end as payload,
        case when gate.withheld then '[]'::jsonb else m.attachments end as attachments,
        case when gate.withheld then null else m.understood end as understood
    from incoming_messages m join conversations c on c.id = m.conversation_id
    cross join lateral (
        select case
            when m.report_id is not null then {_HIDES} or not exists (
                select from complaints r where r.id = m.report_id and r.confirmed_at is not null)
            when m.outcome = 'for_officer' then false
            when m.handled_at is null and c.owner <> 'bot' then false
            when {_HIDES} then not exists (select from held_answers h where h.incoming_id = m.id)
            when m.handled_at is null then exists (
                select from complaints r where r.conversation_id = c.id and r.status = 'drafting')
            else false
        end as withheld offset 0
    ) gate
"""  # noqa: S608 (no values)
_OUTGOING = f"""
    create view staff_outgoing as
    select m.id, m.conversation_id, m.in_reply_to, m.author, m.officer_id, m.status, m.error, m.template,
        m.created_at, m.resend_of, gate.withheld,
        case when gate.withheld then '' else m.text end as text,
        case when gate.withheld then '[]'::jsonb else m.buttons end as buttons,
        case when gate.withheld then '[]'::jsonb else m.sources end as sources,
        case when gate.withheld or m.reply_token like 'copy:%' then null else m.file end as file
    from outgoing_messages m join conversations c on c.id = m.conversation_id
    cross join lateral (
        select m.author <> 'officer' and coalesce(
            (select i.withheld from staff_incoming i where i.id = m.in_reply_to), {_HIDES}) as withheld offset 0
    ) gate
"""  # noqa: S608 (no values)
_KEEP_HIDING = """
    create function pandu_keep_hiding() returns trigger language plpgsql as $$
    begin
        update conversations set hides = true where id = old.conversation_id;
        return old;
    end $$
"""
# The report's words as far as they are known, and what was said while it was made.
_MARK = """
    update incoming_messages m set report_id = r.id from complaints r
    where m.conversation_id = r.conversation_id and m.outcome is distinct from 'for_officer' and (
        m.id in (select p.message_id from complaint_parts p where p.complaint_id = r.id)
        or m.received_at between r.created_at and
            case when r.confirmed_at is not null then r.confirmed_at when r.status = 'drafting' then now()
                else r.updated_at end)
"""


def upgrade() -> None:
    op.add_column("conversations", sa.Column("hides", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("incoming_messages", sa.Column("report_id", sa.BigInteger(), nullable=True))
    op.execute(_MARK)
    op.execute(_INCOMING)
    op.execute(_OUTGOING)
    op.execute(_KEEP_HIDING)
    op.execute("""
        create trigger pandu_keep_hiding before delete on complaints
        for each row when (old.hides) execute function pandu_keep_hiding()
    """)
    op.execute("delete from unknown_messages")
    op.execute("insert into lookbacks (channel, looked_until) values ('learning', now()) on conflict do nothing")


def downgrade() -> None:
    op.execute("delete from lookbacks where channel = 'learning'")
    op.execute("drop trigger pandu_keep_hiding on complaints")
    op.execute("drop function pandu_keep_hiding")
    op.execute("drop view staff_outgoing")
    op.execute("drop view staff_incoming")
    op.drop_column("incoming_messages", "report_id")
    op.drop_column("conversations", "hides")
