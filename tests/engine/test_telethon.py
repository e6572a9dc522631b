"""What the engine relies on in Telethon: that it does what it is told, once. Fails when Telethon changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from telethon.sessions import StringSession

from domain.errors import MustWait, OutcomeUnknown, Unreachable
from domain.peer import Chat, Peer, PeerKind
from domain.step import StepItem
from engine.limiter import Limiter
from engine.telegram.account import TelegramAccount
from engine.telegram.client import ApiKeys, ClientFactory, TelegramServer, disconnect
from sandbox.testing import API_HASH, API_ID
from sandbox.world import Channel, Fault
from tests.engine.conftest import Stage

FORWARD = "messages.forwardMessages"


@asynccontextmanager
async def account(stage: Stage) -> AsyncIterator[TelegramAccount]:
    key = stage.folder / "key.pem"
    key.write_text(stage.rig.mtproto.key.public_pem)
    server = TelegramServer(stage.rig.mtproto.host, stage.rig.mtproto.port, 2, key)
    session = StringSession.save(stage.rig.mtproto.session_for(stage.owner.id))
    client = ClientFactory(keys=ApiKeys(API_ID, API_HASH), server=server).for_copying(session)
    await client.connect()
    try:
        yield TelegramAccount(account_id=1, client=client, limiter=Limiter(pace=0))
    finally:
        await disconnect(client)


def chat(stage: Stage, channel: Channel) -> Chat:
    access_hash = stage.rig.world.access_hash(stage.owner.id, "channel", channel.id)
    return Chat(Peer(PeerKind.CHANNEL, channel.id, access_hash), channel.title)


def sent(stage: Stage) -> int:
    return [call for call, _ in stage.rig.world.calls].count(FORWARD)


async def test_a_long_flood_wait_blocks_no_call_here(stage: Stage) -> None:
    """With updates on, Telethon would refuse every forward to every chat by itself until the wait is over."""
    stage.rig.post(stage.source, stage.owner, 3)
    stage.rig.world.faults.append(Fault(FORWARD, "flood", seconds=3000))
    other = stage.rig.world.add_channel("Other", stage.owner)
    source, first, second = chat(stage, stage.source), chat(stage, stage.target), chat(stage, other)
    async with account(stage) as me:
        with pytest.raises(MustWait) as order:
            await me.forward(source, first, [StepItem(2, 22, "")])
        assert order.value.seconds == 3000
        assert list(await me.forward(source, second, [StepItem(2, 22, "")])) == [2]
    assert sent(stage) == 2


@pytest.mark.parametrize("action", ["error_after", "drop_after"])
async def test_a_call_whose_answer_is_lost_is_made_once(stage: Stage, action: str) -> None:
    stage.rig.post(stage.source, stage.owner, 3)
    stage.rig.world.faults.append(Fault(FORWARD, action, code=500, message="INTERNAL"))
    source, target = chat(stage, stage.source), chat(stage, stage.target)
    async with account(stage) as me:
        with pytest.raises(OutcomeUnknown):
            await me.forward(source, target, [StepItem(2, 22, "")])
    assert sent(stage) == 1


async def test_a_call_in_the_queue_of_a_connection_that_breaks_ends_with_it(stage: Stage) -> None:
    """Telethon fails the calls that are on the wire and forgets those that are not there yet."""
    stage.rig.post(stage.source, stage.owner, 3)
    stage.rig.world.faults.append(Fault(FORWARD, "drop_before"))
    source, target = chat(stage, stage.source), chat(stage, stage.target)
    async with account(stage) as me:
        sending = asyncio.ensure_future(me.forward(source, target, [StepItem(2, 22, "")]))
        asking = []
        while not sending.done():  # one in each turn of the loop: some find the connection just broken
            asking.append(asyncio.ensure_future(me.newest_id(target)))
            await asyncio.sleep(0)
        with pytest.raises(OutcomeUnknown):
            await sending
        async with asyncio.timeout(10):
            ended = await asyncio.gather(*asking, return_exceptions=True)
        assert any(isinstance(error, Unreachable) for error in ended)
