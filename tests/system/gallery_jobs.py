"""Jobs that copy the gallery's exhibits, and what is wrong with what they have made."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.compare import Comparison
from sandbox.control import ControlClient
from sandbox.scenario.gallery import Exhibit, Gallery
from sandbox.world import Peer
from sandbox.world.random_ids import MODES
from tests.system.cells import NOTHING_LOST
from tests.system.copies import mark
from tests.system.gallery_cells import EVERYTHING, messages_wrong
from tests.system.lives import Life

LOST_REPLY = "not_applied: reply"  # the comparison knows of each, and of no other
ADOPTED = 60  # messages
MOVING = {"pending", "running"}


@dataclass(slots=True)
class Job:
    """`target` is None until it is made; `title` is then the one it gets."""

    number: int
    user: int
    mode: str
    exhibit: Exhibit
    target: Peer | None
    title: str
    options: Mapping[str, Any] = field(default_factory=dict)  # of the comparison

    def __str__(self) -> str:
        return f"{self.title} ({self.mode})"

    async def rests(self, life: Life) -> bool:
        jobs = [self.number, *await life.about(self.number)]
        return all([(await life.standing(job)).status not in MOVING for job in jobs])

    async def wrong_so_far(self, control: ControlClient) -> str:
        """What may never be, not even on the way; "" when all is well."""
        problems = (
            [] if self.target is None else messages_wrong(await self._compare(control), completed=False)
        )
        return self._told(problems + await self._doubles(control))

    async def wrong(self, control: ControlClient, life: Life, seconds: float) -> str:
        """What is wrong once the job and what belongs to it have ended, for which there are some seconds."""
        problems = []
        for job in (self.number, *await life.about(self.number)):
            standing = await life.until_it_rests(job, seconds)
            if standing.status != "completed":
                problems.append(f"job {job} {standing.status}: {standing.failure}")
            if findings := [f for f in await life.findings(job) if not f.startswith(LOST_REPLY)]:
                problems.append(f"findings {findings}")
        self.target = self.target or await life.target(self.number)
        if self.target is None:
            return self._told([*problems, "nothing was made"])
        found = await self._compare(control, strict=True)
        if not found.same:
            problems.append(str(found))
        skipped = {s for s, reason in await life.skips(self.number) if reason not in NOTHING_LOST}
        if skipped != set(self.exhibit.skipped):
            problems.append(f"skipped {skipped ^ set(self.exhibit.skipped)}")
        return self._told(problems + await self._doubles(control))

    async def _compare(self, control: ControlClient, **options: Any) -> Comparison:
        before = self.exhibit.before
        if before is not None:
            options |= {"before": before, "viewer": self.user}
        return await control.compare(
            self.exhibit.peer,
            self.target or self.exhibit.peer,
            skipped=self.exhibit.skipped,
            declared=self.exhibit.declared,
            **self.options,
            **options,
        )

    async def _doubles(self, control: ControlClient) -> list[str]:
        """Pins and chats that were made twice: no comparison of contents sees them."""
        titles = [chat.title for chat in await control.chats()]
        problems = [f"{titles.count(self.title)} chats"] if titles.count(self.title) > 1 else []
        if self.target is not None:
            shown = await control.messages(self.target, self.user, limit=EVERYTHING)
            pinned = [m.reply_to for m in shown if m.kind == "service" and m.reply_to]
            problems += ["pinned twice"] if len(set(pinned)) < len(pinned) else []
        return problems

    def _told(self, problems: Collection[str]) -> str:
        return f"{self}: {'; '.join(problems)}" if problems else ""


async def order_gallery(control: ControlClient, life: Life, gallery: Gallery, *, turn: int) -> list[Job]:
    """A job for each exhibit, and one more to a chat that is made for it; `turn` tells the rounds apart."""
    jobs = []
    for number, exhibit in enumerate(gallery.exhibits):
        mode = MODES[(number + turn) % len(MODES)]
        title = f"Copy {turn} of {exhibit.name}"
        target = await _empty(control, gallery.owner, exhibit, title, mode)
        job = await life.order(gallery.owner, mark(exhibit.peer), mark(target))
        options = {"comments": exhibit.comments is not None}
        jobs.append(Job(job, gallery.owner, mode, exhibit, target, title, options))
    title = f"New copy {turn}"
    wishes = {"new_target": True, "new_title": title, "profile": True}
    job = await life.order(gallery.owner, mark(gallery.forum.peer), "", **wishes)
    jobs.append(Job(job, gallery.owner, MODES[0], gallery.forum, None, title))
    return [*jobs, await _order_adoption(control, life, gallery.owner, turn)]


async def _order_adoption(control: ControlClient, life: Life, user: int, turn: int) -> Job:
    """Another tool has copied the first half."""
    texts = ["ok" if n % 5 in (2, 3) else f"text {n}" for n in range(ADOPTED)]
    title, mode = f"Adopted {turn}", MODES[turn % len(MODES)]
    source = await control.add_channel(f"Source {turn}", user)
    target = await control.add_channel(title, user)
    await control.set_random_id_mode(mode, target)
    ids = await control.post(source, user, texts)
    await control.post(target, user, texts[: ADOPTED // 2])
    await control.post(source, user, [{"text": f"answer {n}", "reply_to": n} for n in ids[::10]])
    job = await life.order(user, mark(source), mark(target), kind="adopt")
    return Job(job, user, mode, Exhibit("adopted", source, []), target, title)


async def _empty(control: ControlClient, owner: int, exhibit: Exhibit, title: str, mode: str) -> Peer:
    """A chat of the exhibit's sort, with a discussion group if that has one."""
    is_group = exhibit.name in ("forum", "migrated", "crowd")
    target = await control.add_channel(title, owner, megagroup=is_group, forum=exhibit.name == "forum")
    chats = [target]
    if exhibit.comments is not None:
        chats.append(await control.add_channel(f"{title}, talk", owner, megagroup=True))
        await control.link_discussion(*chats)
    for chat in chats:
        await control.set_random_id_mode(mode, chat)
    return target
