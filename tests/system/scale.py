"""Chats of a real one's size with what is easily broken in them, copied by the whole engine in a process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bench import processes
from bench.task import Outcome, Task
from sandbox.compare import Comparison
from sandbox.control import ControlClient
from sandbox.control.views import TopicView
from sandbox.fewest_calls import FewestCalls
from sandbox.info import SandboxInfo, SandboxUser
from sandbox.world import Peer


@dataclass(frozen=True, slots=True)
class Size:
    """`messages` are those of the forum; of the albums each has two to ten."""

    albums: int
    topics: int
    messages: int


#: What the issue calls real-sized, and what fits among the other tests.
REAL = Size(albums=10_000, topics=200, messages=6_000)
SMALL = Size(albums=300, topics=40, messages=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """One such chat and what became of it. `fewest` says nothing of topics; `calls` are all of the account's.

    `topics` are the source's and the target's, as they are shown.
    """

    name: str
    outcome: Outcome
    found: Comparison
    calls: dict[str, int]
    fewest: FewestCalls
    topics: tuple[list[TopicView], list[TopicView]]

    @property
    def made(self) -> int:
        return sum(self.calls.values())

    @property
    def sends(self) -> int:
        return sum(count for name, count in self.calls.items() if name.startswith(SENDS))

    @property
    def is_same(self) -> bool:
        return self.found.same and self.found.copied == self.outcome.copied


SENDS = ("messages.forward", "messages.send")


async def large_chats(
    info: SandboxInfo, control: ControlClient, folder: Path, size: Size
) -> AsyncIterator[Large]:
    """The album channel, then the forum."""
    user = await control.add_user("Large", premium=True)
    albums = await control.build_albums(user.id, albums=size.albums, singles=0.2)
    yield await _copied(info, control, folder, user, albums, f"{size.albums:,} albums", forum=False)
    forum = await control.build_forum(user.id, topics=size.topics, messages=size.messages)
    name = f"{size.topics:,} topics, {size.messages:,} messages"
    yield await _copied(info, control, folder, user, forum, name, forum=True)


async def _copied(
    info: SandboxInfo,
    control: ControlClient,
    folder: Path,
    user: SandboxUser,
    source: Peer,
    name: str,
    *,
    forum: bool,
) -> Large:
    target = await control.add_channel(f"Copy: {name}", user.id, megagroup=forum, forum=forum)
    session = await control.session(user.id)
    task = Task(
        contender="engine",
        settings={**info.settings(), "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/large-{source[1]}.db"},
        session=session,
        owner_id=user.id,
        copies=[(source[1], target[1])],
    )
    outcome = await processes.done(task)
    return Large(
        name=name,
        outcome=outcome,
        found=await control.compare(source, target),
        calls=await control.calls(session),
        fewest=await control.fewest_calls(source),
        topics=(await control.topics(source), await control.topics(target)) if forum else ([], []),
    )
