"""A whole sandbox with its control, inside a test's own process."""

from __future__ import annotations

from dataclasses import dataclass

from telethon import TelegramClient
from telethon.sessions import StringSession

from sandbox.control import ControlClient
from sandbox.info import SandboxInfo
from sandbox.world import Peer


@dataclass
class Running:
    info: SandboxInfo
    control: ControlClient

    def client(self) -> TelegramClient:
        session = StringSession(self.info.users[0].session)
        return TelegramClient(
            session, self.info.api_id, self.info.api_hash, flood_sleep_threshold=0, retry_delay=0
        )

    @property
    def person(self) -> int:
        return self.info.users[0].id

    @property
    def bot_chat(self) -> Peer:
        return "user", self.info.bot_id
