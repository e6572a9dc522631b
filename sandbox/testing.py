"""A whole sandbox inside a test's own process, with clients that need no login."""

from __future__ import annotations

import contextlib
from functools import cache
from typing import TYPE_CHECKING, Any

from telethon import TelegramClient
from telethon.sessions import StringSession

from sandbox.mtproto.handshake import ServerKey
from sandbox.mtproto.media import DC
from sandbox.mtproto.server import MTProtoServer
from sandbox.world import Channel, User, World

if TYPE_CHECKING:
    from sandbox.botapi.server import BotApiServer

API_ID, API_HASH = 1, "x" * 32  # the sandbox asks nobody's


@cache
def server_key() -> ServerKey:
    """This process's one RSA key, trusted by its Telethon."""
    key = ServerKey()
    key.trust()
    return key


class Rig:
    """World, MTProto and, with `bot_api`, Bot API on free ports of loopback; closes its clients too."""

    def __init__(self, *, world: World | None = None, bot_api: bool = False, **server: Any) -> None:
        self.world = world or World()
        self.mtproto = MTProtoServer(self.world, server_key(), **server)
        self.clients: list[TelegramClient] = []
        self._wants_bot_api = bot_api
        self._stack = contextlib.AsyncExitStack()
        self._bot_api: BotApiServer | None = None

    @property
    def bot_api(self) -> BotApiServer:
        if self._bot_api is None:
            raise RuntimeError("made without bot_api=True")
        return self._bot_api

    async def __aenter__(self) -> Rig:
        await self.mtproto.start()
        self._stack.push_async_callback(self.mtproto.stop)
        if self._wants_bot_api:
            from sandbox.botapi.server import BotApiServer  # late: it pulls in aiogram and aiohttp

            self._bot_api = await BotApiServer(self.world).start()
            self._stack.push_async_callback(self._bot_api.stop)
        return self

    async def __aexit__(self, *exc: object) -> None:
        for c in self.clients:
            await c.disconnect()
        await self._stack.aclose()

    async def client(self, user: User, **kw: Any) -> TelegramClient:
        """The user's Telethon, connected and logged in with a key of its own; `kw` as TelegramClient's."""
        return await self.connect(self.mtproto.session_for(user.id), **kw)

    async def connect(self, session: StringSession, **kw: Any) -> TelegramClient:
        c = TelegramClient(session, API_ID, API_HASH, **{"retry_delay": 0.05, **kw})
        self.clients.append(c)
        await c.connect()
        return c

    def stranger(self) -> StringSession:
        """A session that knows where the sandbox is and nothing else."""
        session = StringSession()
        session.set_dc(DC, self.mtproto.host, self.mtproto.port)
        return session

    def post(self, chat: Channel, author: User, count: int, **fields: Any) -> None:
        """Texts "post 0", "post 1", ... straight into the world."""
        specs = [{"text": f"post {i}", **fields} for i in range(count)]
        self.world.send(author.id, ("channel", chat.id), specs)
