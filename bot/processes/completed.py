"""The settings of one process: what was left empty filled in, what several machines must agree upon refused."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import SecretStr

from bot.errors import CannotRun
from bot.processes.checks import free_port
from bot.settings import Settings
from bot.storage.secrets import secret

Role = Literal["all", "web", "worker", "engine"]
_NEEDED: dict[Role, tuple[str, ...]] = {
    "web": ("database_url", "engine_url", "engine_token", "data_keys"),
    "worker": ("database_url", "engine_url", "engine_token", "data_keys"),
    "engine": ("actions_url", "engine_token"),
    "all": (),
}


def completed(settings: Settings, role: Role) -> Settings:
    """Settings with an address and a token of the engine. Raises CannotRun where an office's machines need the same."""
    missing = [f"PANDU_{name.upper()}" for name in _NEEDED[role] if not _given(getattr(settings, name))]
    if missing:
        raise CannotRun(f"--role {role} needs {', '.join(missing)}: the same for all machines of one office.")
    if settings.engine_url and not _given(settings.engine_token):
        raise CannotRun("PANDU_ENGINE_URL needs PANDU_ENGINE_TOKEN, the token that engine was started with.")
    found: dict[str, Any] = {}
    if not _given(settings.engine_token):
        found["engine_token"] = SecretStr(secret(settings.data_dir, "engine_token"))
    if not settings.engine_url:
        found["engine_url"] = f"http://127.0.0.1:{settings.port if role == 'engine' else free_port()}"
    if settings.database_url:
        from bot.storage.database import lively

        found["database_url"] = lively(settings.database_url)
    return settings.model_copy(update=found)


def _given(value: str | SecretStr) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)
