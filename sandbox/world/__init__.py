"""The in-memory world both front ends share. Knows nothing about wire formats."""

from sandbox.world.box import Box
from sandbox.world.events import Event
from sandbox.world.faults import Fault
from sandbox.world.limits import FloodLimit
from sandbox.world.model import Channel, Group, Media, Message, Peer, RpcFailure, Topic, User
from sandbox.world.sending import Sent
from sandbox.world.world import World

__all__ = [
    "Box",
    "Channel",
    "Event",
    "Fault",
    "FloodLimit",
    "Group",
    "Media",
    "Message",
    "Peer",
    "RpcFailure",
    "Sent",
    "Topic",
    "User",
    "World",
]
