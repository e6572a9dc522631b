"""Handshakes and every way to log in."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telethon import errors
from telethon.crypto import AuthKey
from telethon.network import ConnectionTcpAbridged, ConnectionTcpIntermediate
from telethon.sessions import StringSession

from sandbox.testing import Rig
from tests.sandbox.stage import Stage


@pytest.mark.parametrize("connection", [None, ConnectionTcpAbridged, ConnectionTcpIntermediate])
async def test_handshake_and_code(stage: Stage, connection: Any) -> None:
    kw = {"connection": connection} if connection else {}
    session = stage.stranger()
    c = await stage.connect(session, **kw)
    assert not await c.is_user_authorized()
    await c.send_code_request("+15550001")
    with pytest.raises(errors.PhoneCodeInvalidError):
        await c.sign_in("+15550001", "00000")
    me = await c.sign_in("+15550001", "12345")
    assert me.username == "alice"
    saved = StringSession.save(session)
    await c.disconnect()
    again = await stage.connect(StringSession(saved))  # the saved key works without a handshake
    assert (await again.get_me()).id == stage.alice.id


async def test_unknown_key(stage: Stage) -> None:
    session = stage.stranger()
    session.auth_key = AuthKey(b"\x01" * 256)
    with pytest.raises(errors.AuthKeyNotFound):
        await stage.connect(session, auto_reconnect=False)


async def test_two_factor(stage: Stage) -> None:
    stage.alice.password = "hunter2"
    c = await stage.connect(stage.stranger())
    await c.send_code_request("+15550001")
    with pytest.raises(errors.SessionPasswordNeededError):
        await c.sign_in("+15550001", "12345")
    with pytest.raises(errors.PasswordHashInvalidError):
        await c.sign_in(password="wrong")
    assert (await c.sign_in(password="hunter2")).id == stage.alice.id
    await c.log_out()


async def test_qr(stage: Stage) -> None:
    c = await stage.connect(stage.stranger())
    qr = await c.qr_login()
    waiting = asyncio.create_task(qr.wait(5))
    await asyncio.sleep(0)
    stage.world.scan_qr(qr.token, stage.bob.id)
    assert (await waiting).id == stage.bob.id


async def test_bot_token(stage: Stage) -> None:
    bot = stage.world.add_bot("copy_bot")
    c = await stage.connect(stage.stranger())
    me = await c.sign_in(bot_token=bot.token)
    assert me.bot and me.username == "copy_bot"
    stage.src.members[bot.id] = "admin"
    stage.post(stage.src, stage.alice, 2)
    assert [m.text for m in await c.get_messages("source", ids=[2, 3])] == ["post 0", "post 1"]
    assert (await c.send_message("source", "by a bot")).id == 4
    with pytest.raises(errors.BotMethodInvalidError):  # bots cannot enumerate
        await c.get_messages("source", limit=5)
    with pytest.raises(errors.AccessTokenInvalidError):
        await (await stage.connect(stage.stranger())).sign_in(bot_token="1:wrong")


async def test_short_key_is_refused() -> None:
    async with Rig(shortest_key=4096) as rig:  # every key is short
        with pytest.raises(ConnectionError):
            await rig.connect(rig.stranger(), connection_retries=1, retry_delay=0.01)
        rig.mtproto.shortest_key = 2040
        assert (await rig.connect(rig.stranger())).is_connected()
