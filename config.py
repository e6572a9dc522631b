"""The settings, from the environment and the file .env. Only cli/ reads them.

Whatever is wrong is said in a sentence with the setting's name; what stands in a secret is never repeated.
"""

from __future__ import annotations

import difflib
import hashlib
import ipaddress
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import ByteSize, Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.errors import FerryError, HalfSandbox, MissingSetting, SettingError

ENV_FILE = Path(".env")
SQLITE, POSTGRES = "sqlite+aiosqlite:///", "postgresql+asyncpg://"

#: What each setting without a default is, for the sentence that says it is missing.
MEANINGS = {
    "api_id": "the number that my.telegram.org shows for your application",
    "api_hash": "the text beside API_ID at my.telegram.org",
    "bot_token": "the token that @BotFather gave your bot",
    "secret_key": "a long random text that encrypts the accounts' sessions in a PostgreSQL database",
}

#: Each begins above the one before it.
THRESHOLDS = [
    "memory_cleanup_threshold",
    "memory_warning_threshold",
    "memory_critical_threshold",
    "memory_emergency_threshold",
]
#: Bytes; less than Ferry needs to start is a number without its unit.
LEAST_MEMORY = 64 * 2**20

Ids = Annotated[frozenset[int], NoDecode]


class Settings(BaseSettings):
    """Every setting, checked. Made by `read_settings`; seconds, messages and bytes are the units."""

    model_config = SettingsConfigDict(
        env_file_encoding="utf-8-sig", env_ignore_empty=True, extra="ignore", frozen=True
    )

    bot_token: SecretStr | None = None
    api_id: int | None = Field(None, ge=1)
    api_hash: SecretStr | None = None
    admin_ids: Ids = frozenset()
    user_ids: Ids = frozenset()
    database_url: str = f"{SQLITE}data/ferry.db"
    secret_key: SecretStr | None = None
    account_pace: int = Field(1500, ge=0)
    task_save_interval: float = Field(10, ge=0.1, le=3600, allow_inf_nan=False)
    task_batch_save_size: int = Field(10, ge=1)
    max_concurrent_tasks: int = Field(10, ge=1)
    max_user_tasks: int = Field(5, ge=1)
    memory_cleanup_threshold: int = Field(60, ge=1, le=100)
    memory_warning_threshold: int = Field(70, ge=1, le=100, validate_default=True)
    memory_critical_threshold: int = Field(80, ge=1, le=100, validate_default=True)
    memory_emergency_threshold: int = Field(90, ge=1, le=100, validate_default=True)
    memory_limit: ByteSize | None = None
    bot_api_server: str | None = None
    telegram_server: str | None = None
    telegram_dc: int | None = Field(None, ge=1, le=9999)
    telegram_server_key: Path | None = None

    @field_validator("admin_ids", "user_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        words = value.replace(",", " ").split()
        if not all(re.fullmatch(r"[1-9][0-9]{0,18}", word) for word in words):
            raise ValueError("it must be Telegram user ids, separated by commas, such as 12345,67890")
        return frozenset(map(int, words))

    @field_validator("bot_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"[0-9]+:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("a bot token is a number, a colon and some letters, as @BotFather wrote it")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if not any(value.startswith(kind) and value != kind for kind in (SQLITE, POSTGRES)):
            raise ValueError(
                f"it must name a SQLite file, such as {SQLITE}data/ferry.db, "
                f"or a PostgreSQL database, such as {POSTGRES}ferry:password@localhost/ferry"
            )
        return value

    @field_validator(*THRESHOLDS[1:])
    @classmethod
    def _ascending(cls, value: int, info: ValidationInfo) -> int:
        before = THRESHOLDS[THRESHOLDS.index(info.field_name or "") - 1]
        least = info.data.get(before)  # absent when it is broken itself
        if least is not None and value <= least:
            raise ValueError(f"it must be above {before.upper()}, which is {least}")
        return value

    @field_validator("memory_limit")
    @classmethod
    def _enough(cls, value: ByteSize | None) -> ByteSize | None:
        if value is not None and value < LEAST_MEMORY:
            raise ValueError(f"it must be at least {LEAST_MEMORY >> 20}MiB; write the unit too, as in 512MiB")
        return value

    @field_validator("telegram_server")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None:
            host, _, port = value.rpartition(":")
            if not host or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
                raise ValueError("it must be host:port, such as 127.0.0.1:8443")
            _loopback(host.strip("[]"))
        return value

    @field_validator("bot_api_server")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                url = urlsplit(value)
                usable = url.scheme in ("http", "https") and url.hostname and (url.port or 0) >= 0
            except ValueError:
                usable = False
            if not usable:
                raise ValueError("it must be a URL, such as http://127.0.0.1:8081")
            _loopback(url.hostname or "")
        return value

    @field_validator("telegram_server_key")
    @classmethod
    def _public_key(cls, value: Path | None) -> Path | None:
        if value is not None:
            try:
                pem = value.read_bytes()
            except OSError as error:
                raise ValueError(f"the file {value} can't be read ({error.strerror})") from None
            if b"PUBLIC KEY-----" not in pem:
                raise ValueError(f"the file {value} is not a public key in PEM form")
        return value

    @property
    def is_sandbox(self) -> bool:
        return self.telegram_server is not None

    @property
    def telegram_address(self) -> tuple[str, int] | None:
        """Host and port of the sandbox; None for the real Telegram."""
        if self.telegram_server is None:
            return None
        host, _, port = self.telegram_server.rpartition(":")
        return host.strip("[]"), int(port)

    @cached_property
    def server_name(self) -> str:
        """Which Telegram a database belongs to: a sandbox is known by its key."""
        if self.telegram_server_key is None:
            return "telegram.org"
        return f"sandbox:{hashlib.sha256(self.telegram_server_key.read_bytes()).hexdigest()}"

    def api_keys(self) -> tuple[int, str]:
        """API_ID and API_HASH. Raises an ExceptionGroup of MissingSetting."""
        self.require("api_id", "api_hash")
        assert self.api_id is not None and self.api_hash is not None
        return self.api_id, self.api_hash.get_secret_value()

    def require(self, *names: str) -> None:
        """Raises an ExceptionGroup with one MissingSetting for each setting of `names` that is not set."""
        missing = [
            MissingSetting(name=name.upper(), meaning=MEANINGS[name])
            for name in names
            if getattr(self, name) is None
        ]
        if missing:
            raise ExceptionGroup("settings are missing", missing)


def read_settings(env_file: Path = ENV_FILE, *, given: Mapping[str, str] | None = None) -> Settings:
    """The settings that are `given`, those of the environment and those of `env_file`; the first win.

    `given` ones are named and written as in the environment. Raises an ExceptionGroup of
    SettingError and HalfSandbox that holds everything that is wrong.
    """
    values: dict[str, Any] = {name.lower(): value for name, value in (given or {}).items()}
    try:
        settings = Settings(_env_file=env_file, **values)
    except ValidationError as error:
        wrong: list[FerryError] = [
            SettingError(name=str(one["loc"][0]).upper(), problem=_problem(one["type"], one["msg"]))
            for one in error.errors(include_input=False, include_context=False, include_url=False)
        ]
        raise ExceptionGroup("settings are wrong", wrong) from None
    except UnicodeDecodeError:
        wrong = [SettingError(name=str(env_file), problem="the file is not UTF-8 text")]
        raise ExceptionGroup("settings are wrong", wrong) from None
    _check_sandbox(settings)
    return settings


def misspelt(env_file: Path = ENV_FILE) -> list[tuple[str, str]]:
    """Names in `env_file` that no setting has, each with the setting it resembles."""
    known = [name.upper() for name in Settings.model_fields]
    names = dotenv_values(env_file, encoding="utf-8-sig", interpolate=False)
    unknown = [name for name in names if name.upper() not in known]
    near = [(name, difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.75)) for name in unknown]
    return [(name, found[0]) for name, found in near if found]


def _check_sandbox(settings: Settings) -> None:
    """A sandbox is named by all four settings, the real Telegram by none: nothing in between may start."""
    names = ("bot_api_server", "telegram_server", "telegram_dc", "telegram_server_key")
    present = [name.upper() for name in names if getattr(settings, name) is not None]
    missing = [name.upper() for name in names if getattr(settings, name) is None]
    if present and missing:
        half = HalfSandbox(missing=", ".join(missing), present=", ".join(present))
        raise ExceptionGroup("settings are wrong", [half])


def _loopback(host: str) -> None:
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass
    raise ValueError("only a sandbox on this machine (127.0.0.1) is supported; leave it out for Telegram")


def _problem(kind: str, message: str) -> str:
    """Pydantic's complaint in our words, without what was typed."""
    match kind:
        case "value_error":
            return message.removeprefix("Value error, ")
        case "int_parsing" | "int_type" | "int_from_float":
            return "it must be a whole number"
        case "float_parsing" | "finite_number":
            return "it must be a number"
        case "greater_than_equal":
            return message.replace("Input should be greater than or equal to", "it must be at least")
        case "less_than_equal":
            return message.replace("Input should be less than or equal to", "it must be at most")
        case "byte_size" | "byte_size_unit":
            return "it must be a number with a unit, such as 512MiB or 2GiB"
        case _:
            return "it can't be read"
