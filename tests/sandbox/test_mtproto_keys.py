"""One key, one address: what becomes of a key that is used twice, or revoked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from telethon import errors
from telethon.sessions import StringSession

from tests.sandbox.stage import Stage


def key(stage: Stage) -> Callable[[], StringSession]:
    saved = StringSession.save(stage.mtproto.session_for(stage.alice.id))
    return lambda: StringSession(saved)


async def test_two_live_connections_end_the_key(stage: Stage) -> None:
    again = key(stage)
    first = await stage.connect(again())
    await first.get_me()
    with pytest.raises(errors.AuthKeyDuplicatedError):
        await (await stage.connect(again())).get_me()
    with pytest.raises(errors.AuthKeyDuplicatedError):  # and for the first as well
        await first.get_dialogs()
    await first.disconnect()
    with pytest.raises(errors.AuthKeyDuplicatedError):  # for good
        await (await stage.connect(again())).get_me()


async def test_one_after_the_other_is_fine(stage: Stage) -> None:
    again = key(stage)
    for _ in range(5):
        c = await stage.connect(again())
        assert (await c.get_me()).id == stage.alice.id
        await c.disconnect()


async def test_killed_process_does_not_count(stage: Stage) -> None:
    """A socket closed by the system, its end not read yet, is no second address."""
    again = key(stage)
    first = await stage.connect(again(), auto_reconnect=False)
    await first.get_me()
    first._sender._connection._writer.transport.abort()
    second = await stage.connect(again())
    assert (await second.get_me()).id == stage.alice.id


async def test_reconnects_of_one_client_are_fine(stage: Stage) -> None:
    c = await stage.client(stage.alice)
    for _ in range(3):
        for conn in list(stage.mtproto.connections):
            conn.close(abort=True)
        assert (await c.get_me()).id == stage.alice.id


async def test_same_account_with_two_keys(stage: Stage) -> None:
    a, b = await stage.client(stage.alice), await stage.client(stage.alice)
    assert [(await x.get_me()).id for x in (a, b)] == [stage.alice.id] * 2


async def test_lenient_world_lets_both_live(stage: Stage) -> None:
    stage.world.strict_keys = False
    again = key(stage)
    for c in [await stage.connect(again()), await stage.connect(again())]:
        assert (await c.get_me()).id == stage.alice.id


@pytest.mark.parametrize(
    ("reason", "error"),
    [
        ("SESSION_REVOKED", errors.SessionRevokedError),
        ("AUTH_KEY_UNREGISTERED", errors.AuthKeyUnregisteredError),
        ("USER_DEACTIVATED_BAN", errors.UserDeactivatedBanError),
    ],
)
async def test_revoked_account(stage: Stage, reason: str, error: type[Exception]) -> None:
    c, other = await stage.client(stage.alice), await stage.client(stage.bob)
    await c.get_dialogs()
    stage.world.revoke(stage.alice, reason)
    with pytest.raises(error):
        await c.get_dialogs()
    await other.get_dialogs()


async def test_new_login_after_a_revocation(stage: Stage) -> None:
    c = await stage.client(stage.alice)
    stage.world.revoke(stage.alice)
    await asyncio.gather(c.get_dialogs(), return_exceptions=True)
    fresh = await stage.connect(stage.stranger())
    await fresh.send_code_request("+15550001")
    assert (await fresh.sign_in("+15550001", "12345")).id == stage.alice.id


async def test_banned_account_cannot_log_in(stage: Stage) -> None:
    stage.world.revoke(stage.alice, "USER_DEACTIVATED_BAN")
    c = await stage.connect(stage.stranger())
    with pytest.raises(errors.PhoneNumberBannedError):
        await c.send_code_request("+15550001")
