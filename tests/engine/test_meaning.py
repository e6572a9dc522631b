"""The table from Telethon's errors to what they mean for a job."""

from __future__ import annotations

import asyncio

import pytest
from telethon import errors as tl
from telethon.errors.common import AuthKeyNotFound
from telethon.errors.rpcerrorlist import rpc_errors_dict

from domain.errors import (
    AccountStopped,
    MessageRefused,
    MustWait,
    OneAtATime,
    OutcomeUnknown,
    Unreachable,
)
from domain.job import WaitReason
from engine.telegram.errors import ChatGone, MayNotPost, meaning, reason_of

IN_DOUBT = [
    ConnectionResetError("lost"),
    TimeoutError(),
    asyncio.IncompleteReadError(b"", 4),
    asyncio.CancelledError(),  # how Telethon ends calls when a connection closes without an error
    tl.RPCError(None, "BAD_GATEWAY", -502),
    tl.ServerError(None, "RPC_CALL_FAIL", 500),
    tl.TimedOutError(None, "Timeout", -503),
    tl.RandomIdDuplicateError(None),
]


@pytest.mark.parametrize("error", IN_DOUBT, ids=repr)
def test_a_send_without_a_clear_answer_is_in_doubt(error: BaseException) -> None:
    assert isinstance(meaning(error, account_id=1, sending=True), OutcomeUnknown)
    assert isinstance(meaning(error, account_id=1, sending=False), Unreachable)


def test_what_nobody_foresaw_is_in_doubt_too() -> None:
    assert isinstance(meaning(ZeroDivisionError(), account_id=1, sending=True), OutcomeUnknown)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (tl.FloodWaitError(None, 77), WaitReason.FLOOD),
        (tl.FloodPremiumWaitError(None, 77), WaitReason.FLOOD),
        (tl.SlowModeWaitError(None, 77), WaitReason.SLOW_MODE),
    ],
)
def test_orders_to_wait_keep_their_seconds(error: tl.RPCError, reason: WaitReason) -> None:
    order = meaning(error, account_id=1, sending=True)
    assert isinstance(order, MustWait)
    assert (order.seconds, order.reason) == (77, reason)


@pytest.mark.parametrize(
    "error",
    [
        tl.SessionRevokedError(None),
        tl.AuthKeyDuplicatedError(None),
        tl.UserDeactivatedBanError(None),
        tl.PeerFloodError(None),
        AuthKeyNotFound(),
        tl.BadRequestError(None, "FROZEN_METHOD_INVALID", 420),
    ],
    ids=repr,
)
def test_a_lost_login_stops_the_account(error: Exception) -> None:
    stopped = meaning(error, account_id=3, sending=True)
    assert isinstance(stopped, AccountStopped)
    assert stopped.values["account_id"] == "3"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (tl.SlowModeMultiMsgsDisabledError(None), OneAtATime),
        (tl.ChatWriteForbiddenError(None), MayNotPost),
        (tl.ChannelPrivateError(None), ChatGone),
        (tl.MessageIdInvalidError(None), MessageRefused),
        (tl.QuizAnswerMissingError(None), MessageRefused),
        (tl.BadRequestError(None, "NOBODY_KNOWS_THIS", 400), MessageRefused),
        (tl.AuthKeyError(None, "PAYMENT_UNSUPPORTED", 406), MessageRefused),
        (tl.FilerefUpgradeNeededError(None), MessageRefused),
        (tl.AuthKeyError(None, "TOPIC_CLOSED", 406), MayNotPost),
        (tl.AuthKeyError(None, "PRIVACY_PREMIUM_REQUIRED", 406), MayNotPost),
        (tl.AuthKeyError(None, "ALLOW_PAYMENT_REQUIRED", 406), MayNotPost),
        (tl.ForbiddenError(None, "ALLOW_PAYMENT_REQUIRED_25", 403), MayNotPost),
        (tl.UserIsBlockedError(None), MayNotPost),
        (tl.ForbiddenError(None, "CHAT_SEND_DOCS_FORBIDDEN", 403), MessageRefused),
    ],
    ids=repr,
)
def test_refusals_are_told_apart(error: Exception, kind: type) -> None:
    assert type(meaning(error, account_id=1, sending=True)) is kind


def test_every_named_error_of_telegram_keeps_its_name() -> None:
    for name, kind in rpc_errors_dict.items():
        assert rpc_errors_dict[reason_of(kind(None))] is kind, name
    assert reason_of(tl.BadRequestError(None, "NOBODY_KNOWS_THIS", 400)) == "NOBODY_KNOWS_THIS"
