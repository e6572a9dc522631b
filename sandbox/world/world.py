"""The world as one object, put together from its parts."""

from __future__ import annotations

from sandbox.world.callbacks import Waiting
from sandbox.world.making import Making


class World(Making, Waiting):
    """Everything a sandbox knows. One thread, one event loop; every method acts at once."""
