"""Copies that have to come through trouble: what is in the source, what must be in the target at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sandbox.compare import Comparison
from sandbox.control import ControlClient
from sandbox.world import Peer

REFUSED_EVERY = 400  # messages
TOO_LONG = 5000  # characters: Telegram forwards them to nobody


@dataclass(slots=True)
class Copy:
    """A source with its target, and what other people have done to both meanwhile."""

    title: str
    owner: int
    guest: int  # runs both chats too
    mode: str  # how Telegram remembers random ids in the target
    source: Peer
    target: Peer
    ids: list[int]  # to be copied, oldest first
    refused: list[int] = field(default_factory=list)  # by Telegram
    guests_posts: int = 0  # in the target

    async def copied(self, control: ControlClient) -> int:
        """Messages that stand in the target, guests' and the channel's own first one apart."""
        return await control.count(self.target) - self.guests_posts - 1

    async def compare(self, control: ControlClient) -> Comparison:
        return await control.compare(self.source, self.target, skipped=self.refused)

    def problem(self, found: Comparison, *, at_the_end: bool) -> str:
        """What is wrong with it; "" when nothing is. Before the end messages may be missing still."""
        wrong = found.doubled.count + found.out_of_order.count + found.different
        strange = found.foreign.count != self.guests_posts
        missing = at_the_end and found.missing.count
        if not (wrong or strange or missing):
            return ""
        return f"{self.title} ({self.mode}), {self.guests_posts} messages of guests: {found}"


async def prepare(
    control: ControlClient, *, owner: int, modes: Sequence[str], messages: int, seed: int
) -> list[Copy]:
    """One for each mode, of so many messages each, with some among them that Telegram refuses."""
    guest = (await control.add_user("Guest")).id
    return [await _prepare(control, owner, guest, mode, messages, seed + n) for n, mode in enumerate(modes)]


async def _prepare(
    control: ControlClient, owner: int, guest: int, mode: str, messages: int, seed: int
) -> Copy:
    title = f"{mode.capitalize()} {seed}"
    source = await control.add_channel(title, owner, members={guest: "admin"})
    target = await control.add_channel(f"Copy of {title}", owner, members={guest: "admin"})
    await control.set_random_id_mode(mode, target)
    copy = Copy(title, owner, guest, mode, source, target, [])
    for filled in range(REFUSED_EVERY // 2, messages, REFUSED_EVERY):
        await control.fill(source, messages=filled, seed=seed + filled)
        copy.refused += await control.post(source, guest, [f"{filled}".ljust(TOO_LONG, ".")])
    ids = await control.fill(source, messages=messages, seed=seed)
    copy.ids = [i for i in ids if i not in set(copy.refused)]
    return copy


def mark(chat: Peer) -> str:
    """What to order it by: the number that bots know."""
    kind, number = chat
    return str(-number if kind == "chat" else -(10**12) - number)
