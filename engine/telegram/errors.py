"""One table from what Telethon raises to what it means for a job."""

from __future__ import annotations

import asyncio

from telethon import errors as tl
from telethon.errors.common import AuthKeyNotFound, InvalidBufferError
from telethon.errors.rpcerrorlist import rpc_errors_dict

from domain.errors import (
    AccountStopped,
    ChosenTopicLost,
    FerryError,
    MessageRefused,
    MustWait,
    OneAtATime,
    OutcomeUnknown,
    TargetLost,
    TelegramError,
    TopicLost,
    Unreachable,
)
from domain.job import WaitReason
from domain.peer import Chat

#: The login itself is gone, or Telegram forbids this account to go on: a person must see to it. Of the codes
#: 406, all of which Telethon makes an AuthKeyError, most are about a message or a chat: a closed topic, paid
#: content (core.telegram.org/method/messages.forwardMessages).
_ACCOUNT = (
    tl.UnauthorizedError,
    tl.AuthKeyDuplicatedError,
    tl.UpdateAppToLoginError,
    tl.PeerFloodError,
    AuthKeyNotFound,
)
_FLOOD = (tl.FloodWaitError, tl.FloodPremiumWaitError, tl.FloodTestPhoneWaitError)
_LINK = (ConnectionError, OSError, asyncio.IncompleteReadError, asyncio.TimeoutError, InvalidBufferError)
#: About the chat or person that is written to, whatever is sent there.
_MAY_NOT_POST = frozenset(
    {
        "ALLOW_PAYMENT_REQUIRED",  # with the price behind it: see _PRICED
        "CHAT_ADMIN_REQUIRED",
        "CHAT_FORBIDDEN",
        "CHAT_GUEST_SEND_FORBIDDEN",
        "CHAT_RESTRICTED",
        "CHAT_WRITE_FORBIDDEN",
        "INPUT_USER_DEACTIVATED",
        "PRIVACY_PREMIUM_REQUIRED",
        "TOPIC_CLOSED",
        "TOPIC_DELETED",
        "USER_BANNED_IN_CHANNEL",
        "USER_IS_BLOCKED",
        "USER_IS_BOT",
        "YOU_BLOCKED_USER",
    }
)
_PRICED = "ALLOW_PAYMENT_REQUIRED_"
_CHAT_GONE = (
    tl.ChannelPrivateError,
    tl.ChannelInvalidError,
    tl.PeerIdInvalidError,
    tl.ChatIdInvalidError,
    tl.ChannelPublicGroupNaError,
)


_NAMES: dict[type, str] = {kind: name for name, kind in rpc_errors_dict.items()}


class MayNotPost(TelegramError):
    """Which chat it is about, the caller knows."""


class ChatGone(TelegramError):
    """About one of the two chats of a forward; which one, only a look can tell."""


def target_lost(target: Chat, refusal: TelegramError) -> TelegramError:
    """What MayNotPost or ChatGone means for a job that sends to `target`."""
    kind: type[TelegramError] = TargetLost
    reason = refusal.values["reason"]
    if reason == "TOPIC_DELETED":
        kind = TopicLost if target.topic_id is None else ChosenTopicLost
    return kind(title=target.title, reason=reason, job_id="")


def _is_trouble(error: BaseException) -> bool:
    """5xx, also the negative ones: Telegram may or may not have done what it was asked."""
    return isinstance(error, tl.RPCError) and abs(error.code or 0) >= 500


def reason_of(error: BaseException) -> str:
    """Telegram's own word for it ("MESSAGE_ID_INVALID"), or the kind of trouble on the way."""
    if (name := _NAMES.get(type(error))) is not None:
        return name  # Telethon's own classes do not carry it
    message = getattr(error, "message", None)
    if isinstance(message, str) and message:
        return message
    return type(error).__name__.removesuffix("Error")


def meaning(error: BaseException, *, account_id: int, sending: bool) -> FerryError:
    """What `error` means for the job whose call raised it.

    A call that sends and whose answer did not come has an unknown outcome; the same trouble while reading
    merely means to try again later.
    """
    reason = reason_of(error)
    match error:
        case FerryError():
            return error
        case tl.SlowModeWaitError():
            return MustWait(seconds=error.seconds, reason=WaitReason.SLOW_MODE)
        case _ if isinstance(error, _FLOOD):
            return MustWait(seconds=error.seconds)
        case _ if isinstance(error, _ACCOUNT) or reason.startswith("FROZEN_"):
            return AccountStopped(account_id=account_id, reason=reason)
        case _ if isinstance(error, (*_LINK, asyncio.CancelledError)) or _is_trouble(error):
            return OutcomeUnknown(reason=reason) if sending else Unreachable(reason=reason)
        case tl.SlowModeMultiMsgsDisabledError():
            return OneAtATime()
        case _ if reason in _MAY_NOT_POST or reason.startswith(_PRICED):
            return MayNotPost(reason=reason)
        case _ if isinstance(error, _CHAT_GONE):
            return ChatGone(reason=reason)
        case tl.RPCError():
            return MessageRefused(reason=reason)
        case _:
            return OutcomeUnknown(reason=reason) if sending else Unreachable(reason=reason)
