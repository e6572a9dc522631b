"""The world as one object, put together from its parts."""

from __future__ import annotations

from sandbox.world.callbacks import Waiting
from sandbox.world.forwarding import Forwarding
from sandbox.world.membership import Membership
from sandbox.world.profile import Profile
from sandbox.world.threads import Threads
from sandbox.world.topics import Topics


class World(Threads, Topics, Profile, Membership, Forwarding, Waiting):
    """Everything a sandbox knows. One thread, one event loop; every method acts at once."""
