"""The whole sandbox as one process: a world, both of Telegram's protocols in front of it, and the control."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock, Timeout

from sandbox import importing
from sandbox.botapi.server import BotApiServer
from sandbox.chat import TerminalChat
from sandbox.control.building import Building, describe_chats, describe_user
from sandbox.control.damage import Damage
from sandbox.control.gallery import Galleries
from sandbox.control.journal import CountedWorld
from sandbox.control.server import ControlServer, operations_of
from sandbox.control.structure import Structure
from sandbox.control.trouble import Trouble
from sandbox.control.watching import Watching
from sandbox.info import DATABASE_FILE, INFO_FILE, KEY_FILE, LOCK_FILE, SandboxInfo, write_secret
from sandbox.lifeline import closed, parent_gone
from sandbox.mtproto.handshake import ServerKey
from sandbox.mtproto.media import DC
from sandbox.mtproto.server import MTProtoServer
from sandbox.scenario import Demo, Pair, build
from sandbox.scenario.demo import LINKS, pair_for, people
from sandbox.scenario.history import REPLIES

API_ID = 10_001  # the sandbox takes any; settings want one


class SandboxError(Exception):
    """Why a sandbox cannot start, as one sentence for the terminal."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """The demo's channels, see sandbox.scenario.build."""

    jobs: int = 5
    messages: int = 20_000
    seed: int = 1
    replies: float = REPLIES
    links: float = LINKS
    pins: float = 0


@dataclass(frozen=True, slots=True)
class Ports:
    """0 is any free port."""

    telegram: int = 0
    bot_api: int = 0
    control: int = 0


async def serve(
    directory: Path,
    *,
    scenario: Scenario | None = None,
    import_file: Path | None = None,
    chats: Sequence[str] = (),
    ports: Ports | None = None,
    ready: Callable[[SandboxInfo], None] | None = None,
    parent_pid: int | None = None,
    lifeline: bool = False,
    talk: bool = False,
) -> None:
    """Runs a sandbox until SIGTERM, SIGINT, the end of `parent_pid`, or (with `lifeline`) of standard input.

    `directory` gets sandbox.json, sandbox.env and the public key; `ready` is called when all of it serves.
    Of `import_file`, a Telegram Desktop export, the chats named in `chats` are loaded, or all. `talk` lets
    the person at the terminal talk to the bot. A service's database that an earlier sandbox left in
    `directory` is removed: the Telegram it knew is gone. Raises SandboxError and importing.ImportFailure.
    """
    stop = asyncio.Event()
    with _claimed(directory), _signals(stop):
        async with AsyncExitStack() as stack:
            sandbox = await stack.enter_async_context(Sandbox(directory=directory, ports=ports or Ports()))
            info = sandbox.fill(scenario=scenario, import_file=import_file, chats=chats)
            info.write()
            if parent_pid is not None:
                stack.enter_context(_until(parent_gone(parent_pid), stop))
            if lifeline:
                stack.enter_context(_until(closed(sys.stdin), stop))
            if ready is not None:
                ready(info)
            if talk:
                chat = TerminalChat(world=sandbox.world, user=info.users[0].id, bot=info.bot_id)
                stack.enter_context(chat)
            await stop.wait()


class Sandbox:
    """The servers, started and stopped together; `fill` then gives them something to serve."""

    def __init__(self, *, directory: Path, ports: Ports) -> None:
        self._directory = directory
        self._ports = ports
        self.world = CountedWorld(secret=secrets.token_bytes(16))
        self._key = ServerKey()
        self._telegram = MTProtoServer(self.world, self._key)
        self._bot_api = BotApiServer(self.world)
        changes = (
            Building(world=self.world, telegram=self._telegram),
            Galleries(world=self.world),
            Structure(world=self.world),
            Damage(world=self.world),
        )
        parts = (
            *changes,
            Trouble(world=self.world, telegram=self._telegram, happenings=changes),
            Watching(world=self.world, telegram=self._telegram, refused=lambda: self._bot_api.refused),
        )
        self._control = ControlServer(operations=operations_of(*parts))
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        try:
            await self._telegram.start(self._ports.telegram)
            self._stack.push_async_callback(self._telegram.stop)
            await self._bot_api.start(self._ports.bot_api)
            self._stack.push_async_callback(self._bot_api.stop)
            await self._control.start(self._ports.control)
            self._stack.push_async_callback(self._control.stop)
        except OSError as e:
            await self._stack.aclose()
            raise SandboxError(f"The sandbox cannot listen: {e}. Choose another port, or none.") from e
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._stack.aclose()

    def fill(
        self, *, scenario: Scenario | None, import_file: Path | None, chats: Sequence[str]
    ) -> SandboxInfo:
        """Puts people and chats into the world; what there is to know about it all."""
        person, bot = people(self.world)
        pairs: list[Pair] = []
        if import_file is not None:
            found = importing.load(self.world, import_file, owner=person, names=chats)
            pairs += [pair_for(self.world, person, channel) for channel in found]
        if scenario is not None:
            demo = build(self.world, **asdict(scenario))
            pairs += demo.pairs
        gc.collect()
        gc.freeze()  # the history stays as it is: no need to walk a million objects again and again
        return self._describe(Demo(person, bot, pairs))

    def _describe(self, demo: Demo) -> SandboxInfo:
        key_path = self._directory / KEY_FILE
        write_secret(key_path, self._key.public_pem)
        return SandboxInfo(
            pid=os.getpid(),
            directory=str(self._directory.absolute()),
            telegram_server=f"{self._telegram.host}:{self._telegram.port}",
            telegram_dc=DC,
            server_key_path=str(key_path.absolute()),
            bot_api_server=self._bot_api.url,
            control_url=self._control.url,
            control_token=self._control.token,
            bot_token=demo.bot.token or "",
            bot_id=demo.bot.id,
            bot_username=demo.bot.username or "",
            api_id=API_ID,
            api_hash=secrets.token_hex(16),
            users=[describe_user(demo.person.id, self.world, self._telegram)],
            chats=describe_chats(self.world),
            pairs=demo.pairs,
        )


@contextmanager
def _claimed(directory: Path) -> Iterator[None]:
    """One sandbox per directory; what the last one left behind is cleared away."""
    directory.mkdir(parents=True, exist_ok=True)
    lock = FileLock(directory / LOCK_FILE)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise SandboxError(
            f"A sandbox already runs in {directory}. Stop that one, or name another directory."
        ) from None
    try:
        if (directory / INFO_FILE).exists():
            for suffix in ("", "-wal", "-shm"):
                (directory / f"{DATABASE_FILE}{suffix}").unlink(missing_ok=True)
        elif (directory / DATABASE_FILE).exists():
            raise SandboxError(
                f"{directory / DATABASE_FILE} is no sandbox's. Name another directory for the sandbox."
            )
        yield
    finally:
        lock.release()


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


@contextmanager
def _until(end: Coroutine[Any, Any, None], stop: asyncio.Event) -> Iterator[None]:
    """Sets `stop` when `end` is over."""

    async def watch() -> None:
        await end
        stop.set()

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
