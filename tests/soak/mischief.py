"""Random trouble with every method that the engine calls."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

from sandbox.control import ControlClient
from tests.system.kills import Mischief
from tests.system.matrix import FAULTS, Trouble

METHODS = (
    "messages.forwardMessages",
    "messages.send*",
    "messages.edit*",
    "messages.getHistory",
    "channels.getMessages",
    "help.getConfig",
    "users.getUsers",
    "updates.getState",
    "*",
)
AT_MOST = 3  # at once
LATEST = 6  # calls of the method before it comes


class RandomMischief(Mischief):
    """`met` counts the calls that met trouble, by its name."""

    def __init__(self, random: Random) -> None:
        self.met: Counter[Trouble] = Counter()
        self._random = random
        self._ordered: dict[int, Trouble] = {}

    async def begin(self, control: ControlClient) -> None:
        for _ in range(self._random.randint(0, AT_MOST)):
            await self._order(control)

    async def end(self, control: ControlClient) -> None:
        for number, trouble in self._ordered.items():
            self.met[trouble] += await control.fault_hits(number)
        self._ordered.clear()

    async def _order(self, control: ControlClient) -> None:
        trouble = self._random.choice(list(FAULTS))
        fields: dict[str, Any] = dict(FAULTS[trouble])
        method, skip = self._random.choice(METHODS), self._random.randint(0, LATEST)
        self._ordered[await control.set_fault(method, fields.pop("action"), skip=skip, **fields)] = trouble
