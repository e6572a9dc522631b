"""What can be told of a request without answering it: where it aims, how many messages it sends."""

from __future__ import annotations

from typing import Any

from telethon.tl import functions as f
from telethon.tl import types as t

from sandbox.world import Peer

KINDS = (
    ("channel_id", "channel"),
    ("user_id", "user"),
    ("chat_id", "chat"),
)
#: Methods that send one thing under one random id.
ONE_AT_A_TIME = (
    f.messages.SendMessageRequest,
    f.messages.SendMediaRequest,
    f.messages.CreateForumTopicRequest,
)


def target_of(account: int | None, req: Any) -> Peer | None:
    """The chat that the call is about; where it sends to, if it has two."""
    p = getattr(req, "to_peer", None) or getattr(req, "peer", None) or getattr(req, "channel", None)
    if isinstance(p, (t.InputPeerSelf, t.InputUserSelf)):
        return "user", account or 0
    for name, kind in KINDS:
        if hasattr(p, name):
            return kind, getattr(p, name)
    number = getattr(req, "chat_id", None)  # the older methods of basic groups
    return ("chat", number) if isinstance(number, int) else None


def random_ids_of(req: Any) -> list[int]:
    if isinstance(req, f.messages.SendMultiMediaRequest):
        return [x.random_id for x in req.multi_media]
    if isinstance(req, f.messages.ForwardMessagesRequest):
        return list(req.random_id)
    return [req.random_id] if isinstance(req, ONE_AT_A_TIME) else []


def messages_of(req: Any) -> int:
    """How much a call counts against a flood limit: its messages, or one."""
    return max(1, len(random_ids_of(req)))
