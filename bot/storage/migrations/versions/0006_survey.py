"""The survey: occasions, answers; whether answers of the bot helped. Messages by day, for figures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_survey"
down_revision = "0004_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answer_checks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_answer_checks_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_checks")),
    )
    op.create_index("ix_answer_checks_asked_at", "answer_checks", ["asked_at"], unique=False)
    op.create_index("ix_answer_checks_conversation", "answer_checks", ["conversation_id", "asked_at"], unique=False)
    op.create_table(
        "surveys",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("occasion_id", sa.BigInteger(), nullable=False),
        sa.Column("office", sa.Text(), server_default="", nullable=False),
        sa.Column("service", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("lapse", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("occasion in ('handoff', 'licence')", name=op.f("ck_surveys_occasion")),
        sa.CheckConstraint(
            "status in ('waiting', 'lapsed', 'invited', 'answering', 'stopped', 'done')", name=op.f("ck_surveys_status")
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_surveys_conversation_id_conversations"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.UniqueConstraint("occasion", "occasion_id", name=op.f("uq_surveys_occasion_occasion_id")),
    )
    op.create_index("ix_surveys_conversation", "surveys", ["conversation_id", "invited_at"], unique=False)
    op.create_index("ix_surveys_invited_at", "surveys", ["invited_at"], unique=False)
    op.create_index(
        "ix_surveys_waiting", "surveys", ["id"], unique=False, postgresql_where=sa.text("status = 'waiting'")
    )
    op.create_table(
        "survey_answers",
        sa.Column("survey_id", sa.BigInteger(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("score between 1 and 4", name=op.f("ck_survey_answers_score")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["surveys.id"], name=op.f("fk_survey_answers_survey_id_surveys"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", "element", name=op.f("pk_survey_answers")),
    )


def downgrade() -> None:
    op.drop_table("survey_answers")
    op.drop_index("ix_surveys_waiting", table_name="surveys", postgresql_where=sa.text("status = 'waiting'"))
    op.drop_index("ix_surveys_invited_at", table_name="surveys")
    op.drop_index("ix_surveys_conversation", table_name="surveys")
    op.drop_table("surveys")
    op.drop_index("ix_answer_checks_conversation", table_name="answer_checks")
    op.drop_index("ix_answer_checks_asked_at", table_name="answer_checks")
    op.drop_table("answer_checks")
