"""A copied forum with pins, topics and a profile, and hands that spoil one thing of it each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

from domain.finding import FindingKind
from domain.job import Job
from sandbox.world import Channel
from tests.engine.checking_stage import Checks, checks
from tests.engine.conftest import Stage
from tests.engine.structure_stage import forum, say
from tests.engine.workbench import compared

JPEG = b"\xff\xd8\xff"
ICON = 5_310_000_000_000_000_007


@dataclass
class Forum:
    """A forum with two topics, pins and a profile; `copies` are those of its messages."""

    stage: Stage
    topics: list[int]
    pinned: list[int]
    copies: dict[int, int]

    @property
    def world(self) -> Any:
        return self.stage.rig.world

    def change(self, topic: int, chat: Channel | None = None, **change: Any) -> None:
        target = self.stage.target if chat is None else chat
        self.world.edit_topic(self.stage.owner.id, ("channel", target.id), topic, **change)

    def unpin(self, number: int) -> None:
        target = ("channel", self.stage.target.id)
        self.world.pin(self.stage.owner.id, target, self.copies[number], pinned=False)

    def same(self) -> bool:
        return bool(compared(self.stage.rig, self.stage.source, self.stage.target, profile=True).same)


def furnish(stage: Stage) -> Forum:
    stage.source, stage.target = forum(stage, "Forum"), forum(stage, "Copy of it")
    world, owner, peer = stage.rig.world, stage.owner.id, ("channel", stage.source.id)
    made = [world.create_topic(owner, peer, title, random_id=n) for n, title in ((1, "One"), (2, "Two"))]
    topics = [sent.items[0][-1].id for sent in made]
    world.edit_topic(owner, peer, topics[1], closed=True)
    said = say(stage, stage.source, "in General", *({"text": f"in {n}", "topic": n} for n in topics), "end")
    pinned = said[:2]
    for number in pinned:
        world.pin(owner, peer, number)
    for topic in topics:
        world.pin_topic(owner, peer, topic, True)
    stage.source.about, stage.source.photo = "Talk", world.add_media("photo", JPEG + b"p" * 90)
    return Forum(stage, topics, pinned, {})


@asynccontextmanager
async def cloned(stage: Stage, **typed: Any) -> AsyncIterator[tuple[Checks, Job, Forum]]:
    made = furnish(stage)
    async with checks(stage) as bench:
        job = await bench.clone(**{"profile": True} | typed)
        made.copies = await bench.copies(job)
        yield bench, job, made


async def told(bench: Checks, job: Job) -> set[tuple[FindingKind, int, int, str]]:
    """What a new verify finds."""
    return {(f.kind, f.source_id, f.target_id, f.detail) for f in await bench.listed(await bench.verify(job))}


def unpin_one(made: Forum) -> tuple[int, str]:
    made.unpin(made.pinned[1])
    return made.pinned[1], "pin"


def rename(made: Forum) -> tuple[int, str]:
    made.change(made.copies[made.topics[0]], title="Another")
    return made.topics[0], "title"


def set_icon(made: Forum) -> tuple[int, str]:
    made.change(made.copies[made.topics[0]], icon=ICON)
    return made.topics[0], "icon"


def rename_and_close(made: Forum) -> tuple[int, str]:
    made.change(made.copies[made.topics[0]], title="Another")
    made.change(made.copies[made.topics[0]], closed=True)
    return made.topics[0], "title; opened"


def reopen(made: Forum) -> tuple[int, str]:
    made.change(made.copies[made.topics[1]], closed=False)
    return made.topics[1], "closed"


def hide_general(made: Forum) -> tuple[int, str]:
    made.change(1, hidden=True)
    return 1, "shown; opened"


def reorder(made: Forum) -> tuple[int, str]:
    made.stage.target.pinned_topics.reverse()
    return 0, "pinned topics"


def retitle(made: Forum) -> tuple[int, str]:
    made.world.set_title(made.stage.owner.id, ("channel", made.stage.target.id), "Somebody's joke")
    return 0, "title"


def tell_nothing(made: Forum) -> tuple[int, str]:
    made.world.set_about(made.stage.owner.id, ("channel", made.stage.target.id), "")
    return 0, "about"


def show(made: Forum) -> tuple[int, str]:
    other = made.world.add_media("photo", JPEG + b"q" * 80)
    made.world.set_photo(made.stage.owner.id, ("channel", made.stage.target.id), other)
    return 0, "photo"


Damage: TypeAlias = Callable[[Forum], tuple[int, str]]
#: Each tells about which message or topic (0: the chat) a verify has to find what.
DAMAGE: list[Damage] = [
    *(unpin_one, rename, set_icon, rename_and_close, reopen, hide_general),
    *(reorder, retitle, tell_nothing, show),
]
#: Each of another call.
EVERY = (unpin_one, rename, reorder, retitle, tell_nothing, show)
