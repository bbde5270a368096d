"""Tell the workers when a job's lock becomes free and another job waits for it.

Procrastinate notifies when a job is inserted. A message that arrives while its conversation's job is just ending is
inserted too early to be fetched; without this it would lie until the next poll.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("create index ix_pandu_jobs_waiting on procrastinate_jobs (lock) where status = 'todo'")
    op.execute("""
        create function pandu_lock_is_free() returns trigger language plpgsql as $$
        declare
            waiting bigint;
        begin
            select id into waiting from procrastinate_jobs where lock = old.lock and status = 'todo' limit 1;
            if found then
                perform pg_notify(
                    'procrastinate_any_queue_v1',
                    json_build_object('type', 'job_inserted', 'job_id', waiting)::text);
            end if;
            return null;
        end
        $$
    """)
    op.execute("""
        create trigger pandu_lock_is_free_after_update after update of status on procrastinate_jobs for each row
        when (old.lock is not null and old.status = 'doing' and new.status <> 'doing')
        execute function pandu_lock_is_free()
    """)
    op.execute("""
        create trigger pandu_lock_is_free_after_delete after delete on procrastinate_jobs for each row
        when (old.lock is not null and old.status = 'doing')
        execute function pandu_lock_is_free()
    """)


def downgrade() -> None:
    op.execute("drop trigger pandu_lock_is_free_after_delete on procrastinate_jobs")
    op.execute("drop trigger pandu_lock_is_free_after_update on procrastinate_jobs")
    op.execute("drop function pandu_lock_is_free")
    op.execute("drop index ix_pandu_jobs_waiting")
