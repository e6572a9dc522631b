"""RPC handlers. One small function per method; a plain return value or a coroutine."""

from sandbox.mtproto.rpc import (
    auth,
    discussion,
    editing,
    files,
    full,
    making,
    marks,
    members,
    peers,
    profile,
    reading,
    topics,
    updates,
    writing,
)
from sandbox.mtproto.rpc.registry import dispatch, name_of, unwrap
from sandbox.mtproto.rpc.requests import messages_of, random_ids_of, target_of

__all__ = [
    "auth",
    "discussion",
    "dispatch",
    "editing",
    "files",
    "full",
    "making",
    "marks",
    "members",
    "messages_of",
    "name_of",
    "peers",
    "profile",
    "random_ids_of",
    "reading",
    "target_of",
    "topics",
    "unwrap",
    "updates",
    "writing",
]
