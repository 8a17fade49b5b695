"""settings.toml + environment → one frozen object, read once at the edge."""

import os
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PositiveFloat, PositiveInt, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from core.errors import InputError
from core.model import Level

_PREFIX = "GONGSI_"
_FILE = "settings.toml"


class Section(BaseModel):
    """One `[table]` of settings.toml: unknown keys are errors, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paths(Section):
    data: Path

    @property
    def docs(self) -> Path:
        return self.data / "docs"

    @property
    def parquet(self) -> Path:
        return self.data / "parquet"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def postgres(self) -> Path:
        return self.data / "postgres"


class Database(Section):
    url: str = Field(repr=False)  # may carry a password


class Embedding(Section):
    kind: Literal["kiwi-static", "sentence-transformers"]
    model: str
    revision: str
    query_prompt: str
    document_prompt: str
    batch_size: PositiveInt
    local_files_only: bool


class Llm(Section):
    backend: Literal["auto", "ollama", "extractive"]
    ollama_host: str
    model: str
    num_ctx: PositiveInt
    num_predict: PositiveInt
    temperature: float = Field(ge=0, le=2)
    connect_timeout: PositiveFloat
    read_timeout: PositiveFloat
    total_timeout: PositiveFloat


class ProfileSettings(Section):
    judge: bool
    judge_timeout: PositiveFloat


class Route(Section):
    """How one level is answered."""

    top_k: PositiveInt
    context_chars: PositiveInt
    prompt: str


class Retrieval(Section):
    dense_weight: float = Field(ge=0, le=1)
    k1: PositiveFloat
    b: float = Field(ge=0, le=1)
    candidates: PositiveInt
    beginner: Route
    intermediate: Route
    advanced: Route

    def route(self, level: Level) -> Route:
        routes = {
            Level.BEGINNER: self.beginner,
            Level.INTERMEDIATE: self.intermediate,
            Level.ADVANCED: self.advanced,
        }
        return routes[level]


class Dart(Section):
    """`daily_limit` leaves room below the 20,000 calls a day that OpenDART allows a key."""

    key: SecretStr
    api_base_url: str
    calls_per_second: PositiveFloat
    daily_limit: PositiveInt
    connect_timeout: PositiveFloat
    read_timeout: PositiveFloat


class Archive(Section):
    url: str = Field(repr=False)  # may carry a password


class Universe(Section):
    """`companies`: stock codes, corp_codes, names or `all`; `kinds`: pblntf_ty or pblntf_detail_ty.

    `statements`: whether fnlttSinglAcntAll is asked of periodic reports.
    """

    companies: list[str]
    file: str
    kinds: list[Annotated[str, Field(pattern=r"^[A-J](\d{3})?$")]]
    since: date | Literal[""]
    statements: bool


class Telegram(Section):
    """Empty `token`: no Telegram. `webhook_url` is the public https address in front of `port`."""

    token: SecretStr
    api_base_url: str
    mode: Literal["polling", "webhook"]
    webhook_url: str
    webhook_secret: SecretStr
    port: PositiveInt
    groups: Literal["mention", "off"]
    messages_per_second: PositiveFloat


class Slack(Section):
    """Empty `bot_token` and `client_id`: no Slack. `client_id` and `client_secret`: many workspaces."""

    bot_token: SecretStr
    app_token: SecretStr
    signing_secret: SecretStr
    api_base_url: str
    mode: Literal["socket", "http"]
    port: PositiveInt
    client_id: str
    client_secret: SecretStr
    redirect_url: str
    messages_per_second: PositiveFloat


class Access(Section):
    """`allow`, `admins`: `telegram:42`, `telegram:-100…` (a chat), `slack:T1` (workspace), `slack:T1/U2`."""

    allow: list[str]
    admins: list[str]
    daily_questions: PositiveInt
    chat_daily_questions: PositiveInt
    per_minute: PositiveInt
    question_chars: PositiveInt
    link_hosts: list[str]


class Digest(Section):
    """`time`: HH:MM in Seoul, for whoever did not choose. `items`: filings told at most."""

    time: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    items: PositiveInt
    per_second: PositiveFloat


class Serve(Section):
    """`concurrency`: replies made at once; `lease_seconds`: silent that long, a worker loses its work."""

    concurrency: PositiveInt
    lease_seconds: PositiveInt
    drain_seconds: PositiveInt
    attempts: PositiveInt


class Health(Section):
    host: str
    port: PositiveInt


class Schedule(Section):
    """`operator`: where alerts go (`telegram:42`, `slack:T1/C2`). Times are of Seoul."""

    refresh: bool
    refresh_minutes: PositiveInt
    nightly: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    keep_days: PositiveInt
    stale_hours: PositiveInt
    operator: str


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        env_file=".env",
        env_file_encoding="utf-8",
        extra="forbid",
        frozen=True,
    )

    paths: Paths
    database: Database
    embedding: Embedding
    llm: Llm
    profile: ProfileSettings
    retrieval: Retrieval
    dart: Dart
    archive: Archive
    universe: Universe
    telegram: Telegram
    slack: Slack
    access: Access
    digest: Digest
    serve: Serve
    health: Health
    schedule: Schedule

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """First wins: environment, .env, settings.toml."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=settings_file())
        return env_settings, dotenv_settings, toml


def settings_file() -> Path:
    """`GONGSI_SETTINGS`, else ./settings.toml, else the copy that came with the program.

    Raises InputError when there is none: pydantic-settings would silently read nothing.
    """
    named = os.environ.get(_PREFIX + "SETTINGS")
    if named:
        if Path(named).is_file():
            return Path(named)
        raise InputError(f"설정 파일이 없습니다: {named}")
    here = Path(__file__).parent
    for candidate in (Path(_FILE), here / _FILE, here.parent / _FILE):
        if candidate.is_file():
            return candidate
    raise InputError(f"설정 파일이 없습니다: {_FILE} (저장소의 {_FILE}을 이 폴더에 두세요)")


def unknown_variables() -> list[str]:
    """`GONGSI_…` variables of no known section; pydantic-settings ignores those without a word."""
    known = tuple(_PREFIX + name.upper() + "__" for name in Settings.model_fields)
    return sorted(
        name
        for name in os.environ
        if name.startswith(_PREFIX) and not name.startswith(known) and name != _PREFIX + "SETTINGS"
    )


def load_settings() -> Settings:
    """Raises InputError with one Korean sentence that names every wrong key."""
    try:
        return Settings()  # type: ignore[call-arg]  # the values come from the sources
    except ValidationError as error:
        faults = ", ".join(_explain(dict(fault)) for fault in error.errors())
        raise InputError(f"설정이 잘못되었습니다: {faults}") from None
    except ValueError as error:  # TOML syntax, or an environment value that is no JSON
        raise InputError(f"설정을 읽지 못했습니다({settings_file()}): {error}") from None


def _explain(fault: dict[str, object]) -> str:
    location = fault["loc"]
    key = ".".join(str(part) for part in location) if isinstance(location, tuple) else ""
    reasons = {"extra_forbidden": "모르는 키", "missing": "빠진 키"}
    return f"{key} ({reasons.get(str(fault['type']), '맞지 않는 값')})"
