"""All tables of Pandu, gathered for migrations."""

from bot import working_days
from bot.applications import models as applications
from bot.audit import models as audit
from bot.channels.whatsapp import stored as whatsapp
from bot.complaints import models as complaints
from bot.conversations import models as conversations
from bot.dialogue import models as dialogue
from bot.figures import models as figures
from bot.guides import models as guides
from bot.handoff import models as handoff
from bot.handoff.calling import models as calling
from bot.handoff.triage import models as triage
from bot.kbli import models as kbli
from bot.knowledge import answer_notes, publications
from bot.officers import models as officers
from bot.privacy import models as privacy
from bot.standards import tables as standards
from bot.storage import refusals, shared_keys
from bot.storage.base import Base
from bot.survey import models as survey
from bot.understanding import models as understanding

metadata = Base.metadata
__all__ = [
    "answer_notes",
    "applications",
    "audit",
    "calling",
    "complaints",
    "conversations",
    "dialogue",
    "figures",
    "guides",
    "handoff",
    "kbli",
    "metadata",
    "officers",
    "privacy",
    "publications",
    "refusals",
    "shared_keys",
    "standards",
    "survey",
    "triage",
    "understanding",
    "whatsapp",
    "working_days",
]
