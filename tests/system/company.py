"""Other people in the chats: they post in between, and delete what was about to be copied."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sandbox.control import ControlClient
from tests.system.copies import Copy
from tests.system.kills import SENDING

OFTEN = 0.4  # how likely each of it is, in each life and chat
AHEAD = 60  # messages from the last copy to the farthest that is deleted
WHEN = ("pass", "after_answer")  # just before a batch arrives, just after its answer has left


class Company:
    """Does it anew for each life of the engine; the copies know what was done."""

    def __init__(self, copies: Sequence[Copy], random: Random) -> None:
        self._copies, self._random = copies, random
        self._posts: dict[int, Copy] = {}

    async def begin(self, control: ControlClient) -> None:
        """Nothing is on its way now: what is not in the target may be deleted."""
        for copy in self._copies:
            if self._random.random() < OFTEN:
                await self._delete(control, copy)
            if self._random.random() < OFTEN:
                await self._post(control, copy)

    async def end(self, control: ControlClient) -> None:
        for number, copy in self._posts.items():
            if await control.fault_hits(number):
                await control.wait_for_fault(number)  # an answer that is on its way leaves a little later
                copy.guests_posts += 1
        self._posts.clear()

    async def _delete(self, control: ControlClient, copy: Copy) -> None:
        copied = await copy.copied(control)
        next_ones = copy.ids[copied : copied + AHEAD]
        doomed = self._random.sample(next_ones, min(len(next_ones), self._random.randint(1, 4)))
        await control.delete_messages(copy.source, copy.guest, doomed)
        copy.ids = [i for i in copy.ids if i not in doomed]

    async def _post(self, control: ControlClient, copy: Copy) -> None:
        text = f"A guest wrote this, number {self._random.random()}"
        post = ["post", {"chat": copy.target, "author": copy.guest, "texts": [text]}]
        when, skip = self._random.choice(WHEN), self._random.randint(0, 1)
        fault = await control.set_fault(SENDING, when, target=copy.target, skip=skip, then=post)
        self._posts[fault] = copy
