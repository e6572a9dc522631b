"""The loops that Ferry is compared with: plain Telethon, no database, nothing remembered.

Their client has the options of the engine's: it receives no updates, and it neither sleeps nor retries.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import StringSession
from telethon.tl import functions as fn
from telethon.tl import types as tl

from bench.meter import Meter
from bench.task import Task

#: Messages in one answer of getHistory, and in one forward: Telegram's limits for both.
PAGE = 100


async def bare(task: Task, meter: Meter) -> int:
    """getHistory 100 → forwardMessages 100, as raw requests: as fast as one can go. All channels at once."""
    async with _connected(task) as (client, peers):

        async def loop(source: int, target: int) -> int:
            copied = 0
            async for page in _pages(client, peers(source), task.most):
                ids = [message.id for message in page if isinstance(message, tl.Message)]
                if ids:
                    await _forward(client, peers(source), peers(target), ids)
                copied += len(ids)
            return copied

        meter.start()
        copied = sum(await asyncio.gather(*(loop(*copy) for copy in task.copies)))
        meter.stop()
    return copied


async def single(task: Task, meter: Meter) -> int:
    """Iterate and send each message by itself, as most tools do (without the pauses they make)."""
    copied = 0
    async with _connected(task) as (client, peers):
        meter.start()
        for source, target in task.copies:
            async for message in client.iter_messages(
                peers(source), limit=task.most or None, reverse=True, wait_time=0
            ):
                if message.action is None:
                    await _forward(client, peers(source), peers(target), [message.id])
                    copied += 1
        meter.stop()
    return copied


async def single_replies(task: Task, meter: Meter) -> int:
    """As `single`, but what answers a message is sent as an answer to that one's copy."""
    copied = 0
    async with _connected(task) as (client, peers):
        meter.start()
        for source, target in task.copies:
            copies: dict[int, int] = {}
            async for message in client.iter_messages(
                peers(source), limit=task.most or None, reverse=True, wait_time=0
            ):
                if message.action is None:
                    answered = copies.get(message.reply_to_msg_id)
                    copies[message.id] = await _sent(client, message, peers(target), answered)
            copied += len(copies)
        meter.stop()
    return copied


async def _sent(client: Any, message: Any, target: Any, answered: int | None) -> int:
    """The copy's id."""
    if answered is None:
        answer = await _forward(client, message.input_chat, target, [message.id])
        return int(next(u.id for u in answer.updates if isinstance(u, tl.UpdateMessageID)))
    return int((await client.send_message(target, message, reply_to=answered, silent=True)).id)


async def read(task: Task, meter: Meter) -> int:
    """Reads the sources once, so that no contender is the first for whom the sandbox packs the messages."""
    async with _connected(task) as (client, peers):
        meter.start()
        for source, _ in task.copies:
            async for _ in _pages(client, peers(source), task.most):
                pass
        meter.stop()
    return 0


async def _pages(client: Any, source: Any, most: int) -> AsyncIterator[list[Any]]:
    """Oldest first."""
    after, seen = 0, 0
    while not most or seen < most:
        answer = await client(
            fn.messages.GetHistoryRequest(
                peer=source,
                offset_id=after + 1,
                offset_date=None,
                add_offset=-PAGE,
                limit=PAGE,
                max_id=0,
                min_id=0,
                hash=0,
            )
        )
        page = [message for message in reversed(answer.messages) if message.id > after]
        if not page:
            return
        yield page
        after, seen = page[-1].id, seen + len(page)


async def _forward(client: Any, source: Any, target: Any, ids: list[int]) -> Any:
    return await client(
        fn.messages.ForwardMessagesRequest(from_peer=source, id=ids, to_peer=target, drop_author=True)
    )


@asynccontextmanager
async def _connected(task: Task) -> AsyncIterator[tuple[Any, Callable[[int], Any]]]:
    """A client that is logged in and knows its chats, and what finds a channel's address by its id."""
    told = task.settings
    rsa.add_key(Path(told["TELEGRAM_SERVER_KEY"]).read_text(), old=False)
    session = StringSession(task.session)
    host, port = told["TELEGRAM_SERVER"].split(":")
    session.set_dc(int(told["TELEGRAM_DC"]), host, int(port))
    client = TelegramClient(
        session,
        int(told["API_ID"]),
        told["API_HASH"],
        receive_updates=False,
        auto_reconnect=False,
        connection_retries=0,
        request_retries=0,
        flood_sleep_threshold=0,
    )
    await client.connect()
    try:
        addresses = {
            dialog.entity.id: dialog.input_entity
            for dialog in await client.get_dialogs()
            if isinstance(dialog.entity, tl.Channel)
        }
        yield client, addresses.__getitem__
    finally:
        await client.disconnect()
