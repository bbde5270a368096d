"""From a message to what was heard in it: one value, made once, read by everybody."""

from bot.hearing.heard import Heard as Heard
from bot.hearing.listen import listen as listen
