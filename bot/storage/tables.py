"""All tables of Pandu, gathered for migrations."""

from bot.conversations import models as conversations
from bot.dialogue import models as dialogue
from bot.guides import models as guides
from bot.handoff import models as handoff
from bot.storage.base import Base
from bot.understanding import models as understanding

metadata = Base.metadata
__all__ = ["conversations", "dialogue", "guides", "handoff", "metadata", "understanding"]
