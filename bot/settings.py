"""All settings of Pandu, from the environment or `.env`, prefix `PANDU_`."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class ConnectorSettings(BaseModel):
    """Where reports for one office are delivered (docs/complaints.md). `secret` signs them."""

    url: str = Field(pattern=r"^https://|^http://(127\.0\.0\.1|localhost)[:/]")
    secret: SecretStr = Field(min_length=16)


class Settings(BaseSettings):
    """One attribute a setting; its description is the documentation (docs/reference.md is checked against it)."""

    model_config = SettingsConfigDict(env_prefix="PANDU_", env_file=".env", extra="ignore")

    host: str = Field("127.0.0.1", description="Address the web process listens on.")
    port: int = Field(8000, ge=1, le=65535, description="Port the web process listens on.")
    data_dir: Path = Field(
        Path(".pandu"), description="Folder for everything Pandu writes: database, trained model, files, logs."
    )
    database_url: str = Field(
        "", description="PostgreSQL URL (postgresql://…). Empty: the embedded server in the data folder."
    )
    public_url: str = Field(
        "", description="Address under which the internet reaches Pandu, e.g. https://pandu.example.go.id."
    )
    telegram_token: SecretStr = Field(SecretStr(""), description="Bot token from @BotFather. Empty: Telegram is off.")
    telegram_api_url: str = Field("https://api.telegram.org", description="Base address of the Bot API.")
    telegram_secret: SecretStr = Field(
        SecretStr(""), description="Secret token of the Telegram webhook. Empty: derived from the bot token."
    )
    telegram_username: str = Field("", description="User name of the bot, without @: for links on receipts.")
    twilio_account_sid: str = Field("", description="Twilio account SID. Empty: WhatsApp is off.")
    twilio_auth_token: SecretStr = Field(
        SecretStr(""), description="Twilio auth token; also checks webhook signatures."
    )
    twilio_api_url: str = Field("", description="Base address of Twilio's REST API. Empty: Twilio's own hosts.")
    whatsapp_sender: str = Field("", description="WhatsApp sender, e.g. whatsapp:+14155238886.")
    whatsapp_rate: float = Field(
        10.0, gt=0, le=500, description="Messages a second that Twilio grants the sender, all workers together."
    )
    whatsapp_news_template: str = Field(
        "",
        description="Content SID (HX…) of the approved template for news after 24 hours: {{1}} number, {{2}} news.",
    )
    whatsapp_reply_template: str = Field(
        "",
        description="Content SID (HX…) of the approved template for an officer's reply after 24 hours: "
        "{{1}} officer, {{2}} text.",
    )
    office: str = Field(
        "", description="Default office (id in knowledge/offices), used when the applicant names no region."
    )
    timezone: str = Field("Asia/Jakarta", description="Time zone of offices that have set none (console, Jam kerja).")
    simulator: Literal["auto", "on", "off"] = Field(
        "auto", description="Simulator page and API: auto = on only while no real channel is configured."
    )
    engine_url: str = Field(
        "",
        description="Address of the dialogue engine, several with commas. Empty: one is started on a loopback port.",
    )
    engine_token: SecretStr = Field(
        SecretStr(""), description="Shared secret between web and engine. Empty: made once and kept in the data folder."
    )
    actions_url: str = Field("", description="Where the engine reaches POST /actions. Empty: this web process.")
    worker_concurrency: int = Field(
        16, ge=1, le=256, description="Conversations that one worker handles at the same time."
    )
    max_body_bytes: int = Field(1_000_000, ge=10_000, description="Largest request body accepted; above it 413.")
    max_attachment_bytes: int = Field(
        5_000_000, ge=10_000, le=100_000_000, description="Largest attachment kept, in bytes."
    )
    flood_limit: int = Field(
        20, ge=1, description="Unanswered messages of one person above which only the newest is answered."
    )
    handoff_lease_minutes: float = Field(
        15, gt=2, description="Minutes without an act of its officer after which a conversation returns to the queue."
    )
    handoff_after_failures: int = Field(
        2, ge=0, description="Misunderstandings in a row after which a person takes over; 0: is only offered."
    )
    recall_seconds: int = Field(
        10, ge=0, le=60, description="Seconds in which an officer can take back what an act tells people; 0: none."
    )
    approval_minutes: float = Field(
        10, gt=0, description="Minutes an answer waits for an officer's approval before a person takes over."
    )
    emergency_minutes: float = Field(
        3, gt=0, description="Minutes that an emergency waits before the next people are called (docs/console.md)."
    )
    push_services: str = Field(
        "fcm.googleapis.com,.push.services.mozilla.com,.notify.windows.com,.push.apple.com",
        description="Push services that may be called, with commas (.x.y: all below x.y). Empty: no notifications.",
    )
    refusal_alarm: int = Field(
        20, ge=1, description="Refusals of one kind within 10 minutes that raise an alarm (log, pandu doctor, metrics)."
    )
    complaint_officers: str = Field(
        "*", description="Offices whose staff send reports to LAPOR! for citizens: ids, * for all, empty for none."
    )
    complaint_connectors: dict[str, ConnectorSettings] = Field(
        {}, description='Connectors of offices with an agreement, as JSON: {"magetan": {"url": …, "secret": …}}.'
    )
    data_keys: SecretStr = Field(
        SecretStr(""),
        description="Keys of what is encrypted in the database, newest first, with commas. Empty: made once and kept.",
    )
    retention: dict[str, int] = Field(
        {}, description="Days that kinds of data are kept, as JSON, where the office's choice differs (0: for ever)."
    )
    survey_every_days: int = Field(
        30, ge=0, description="Days between two invitations of one person to the survey (SKM); 0: nobody is asked."
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="Port on which a worker without web serves its metrics; 0: none."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Least severe log line written."
    )

    @model_validator(mode="before")
    @classmethod
    def _trimmed(cls, values: Any) -> Any:
        """Blanks around a value, slashes after an address, brackets around a host and a folder without a name are never
        meant; "~" is one's home.
        """
        if not isinstance(values, dict):
            return values
        trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        for name in ("public_url", "telegram_api_url", "twilio_api_url", "actions_url"):
            if isinstance(trimmed.get(name), str):
                trimmed[name] = trimmed[name].rstrip("/")
        if isinstance(trimmed.get("host"), str):
            trimmed["host"] = trimmed["host"].removeprefix("[").removesuffix("]")
        if isinstance(trimmed.get("data_dir"), str) and trimmed["data_dir"].startswith("~"):
            trimmed["data_dir"] = os.path.expanduser(trimmed["data_dir"])  # noqa: PTH111  of a text
        if trimmed.get("data_dir") == "":
            del trimmed["data_dir"]  # else everything would be written where the command was given
        return trimmed

    @property
    def local_url(self) -> str:
        """Where this machine itself reaches the web process."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def engine_urls(self) -> list[str]:
        return [url.strip().rstrip("/") for url in self.engine_url.split(",") if url.strip()]

    @property
    def telegram_on(self) -> bool:
        return bool(self.telegram_token.get_secret_value())

    @property
    def whatsapp_on(self) -> bool:
        return bool(self.twilio_account_sid and self.whatsapp_sender)

    @property
    def connected(self) -> bool:
        """Whether people are reached over the internet."""
        return self.telegram_on or self.whatsapp_on

    @property
    def simulator_on(self) -> bool:
        return self.simulator == "on" or (self.simulator == "auto" and not self.connected)


@lru_cache
def get_settings() -> Settings:
    return Settings()
