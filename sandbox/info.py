"""What one needs to know to talk to a running sandbox, as files beside it: for programs and as settings."""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sandbox.scenario import Pair
from sandbox.world import Peer

INFO_FILE = "sandbox.json"
SETTINGS_FILE = "sandbox.env"
KEY_FILE = "sandbox-key.pem"
DATABASE_FILE = "ferry.db"
LOCK_FILE = "sandbox.lock"


@dataclass(frozen=True, slots=True)
class SandboxUser:
    """A person in the sandbox; `session` is a Telethon StringSession that is logged in."""

    id: int
    name: str
    username: str | None
    phone: str | None
    session: str


@dataclass(frozen=True, slots=True)
class SandboxChat:
    peer: Peer
    title: str
    reference: str  # what to type after /clone
    messages: int


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """Everything about one running sandbox. Addresses are host:port or URLs, always on 127.0.0.1."""

    pid: int
    directory: str
    telegram_server: str
    telegram_dc: int
    server_key_path: str
    bot_api_server: str
    control_url: str
    control_token: str
    bot_token: str
    bot_id: int
    bot_username: str
    api_id: int
    api_hash: str
    users: list[SandboxUser]
    chats: list[SandboxChat]
    pairs: list[Pair]

    def settings(self) -> dict[str, str]:
        """The service's settings here, with a database of its own that never meets the real Telegram."""
        ids = ",".join(str(u.id) for u in self.users)
        return {
            "BOT_TOKEN": self.bot_token,
            "API_ID": str(self.api_id),
            "API_HASH": self.api_hash,
            "ADMIN_IDS": str(self.users[0].id) if self.users else "",
            "USER_IDS": ids,
            "BOT_API_SERVER": self.bot_api_server,
            "TELEGRAM_SERVER": self.telegram_server,
            "TELEGRAM_DC": str(self.telegram_dc),
            "TELEGRAM_SERVER_KEY": self.server_key_path,
            "ACCOUNT_PACE": "0",
            "DATABASE_URL": f"sqlite+aiosqlite:///{Path(self.directory) / DATABASE_FILE}",
        }

    def write(self) -> None:
        """Both files, readable by their owner alone: they open accounts."""
        directory = Path(self.directory)
        write_secret(directory / INFO_FILE, json.dumps(asdict(self), ensure_ascii=False, indent=1))
        lines = [f"{name}={shlex.quote(value)}\n" for name, value in self.settings().items()]
        write_secret(directory / SETTINGS_FILE, "".join(lines))

    @classmethod
    def read(cls, directory: Path) -> SandboxInfo:
        """Raises FileNotFoundError when no sandbox ever ran in `directory`."""
        data: dict[str, Any] = json.loads((directory / INFO_FILE).read_text(encoding="utf-8"))
        data["users"] = [SandboxUser(**u) for u in data["users"]]
        data["chats"] = [SandboxChat(**c | {"peer": tuple(c["peer"])}) for c in data["chats"]]
        data["pairs"] = [pair_from(p) for p in data["pairs"]]
        return cls(**data)


def pair_from(data: dict[str, Any]) -> Pair:
    return Pair(**data | {"source": tuple(data["source"]), "target": tuple(data["target"])})


def write_secret(path: Path, text: str) -> None:
    """Replaces the file at once; never readable by others, not even for a moment."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
