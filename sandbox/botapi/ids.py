"""Chat ids: one signed number here, a kind and a number in the world."""

from __future__ import annotations

from sandbox.world import Peer

CHANNEL_BASE = -1_000_000_000_000


def chat_id(peer: Peer) -> int:
    """user 5 -> 5, chat 5 -> -5, channel 5 -> -1000000000005."""
    kind, number = peer
    if kind == "user":
        return number
    return -number if kind == "chat" else CHANNEL_BASE - number


def peer_of(number: int) -> Peer:
    if number > 0:
        return "user", number
    return ("channel", CHANNEL_BASE - number) if number < CHANNEL_BASE else ("chat", -number)
