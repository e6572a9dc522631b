"""Which topic of the target stands for which topic of the source."""

from __future__ import annotations

from dataclasses import replace

from domain.job import Job, JobKind
from domain.step import Step, StepKind, random_id
from engine.telegram.account import TelegramAccount
from engine.telegram.chats import look_at
from engine.telegram.forum import GENERAL, ForumTopic, title_told, topic_of, topics_of
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Topics:
    """Of one run of a job. Where nothing is mapped, messages go wherever the order says."""

    def __init__(self, *, job: Job, pool: AccountPool, store: ProgressStore) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._known: dict[int, ForumTopic] = {}
        #: Whether each message goes to the copy of the topic that it stands in.
        self.is_mapped = False
        #: Source topic → target topic; grows with every topic that is made.
        self.targets: dict[int, int] = {}
        #: The same of those that stand in the map and were deleted from the target.
        self.gone: dict[int, int] = {}
        #: Custom emoji that this account may give to no topic.
        self.refused_icons: set[int] = set()

    async def load(self) -> None:
        """Looks at both chats and, where topics are mapped, at the source's topics and their copies.

        Raises SourceLost, MustWait, Unreachable, AccountStopped.
        """
        job = self._job
        if job.kind is JobKind.COMMENTS or job.target.topic_id is not None:
            return
        account = await self._account()
        if not (await look_at(account, job.source)).forum or not (await look_at(account, job.target)).forum:
            return
        self.is_mapped = True
        await self.refresh()
        wanted = [job.source.topic_id] if self.is_single else list(self._known)
        self.targets = await self._store.map.targets(job.map_of, [number for number in wanted if number])
        await self._leave_out_deleted()
        if not self.is_single or job.source.topic_id == GENERAL:
            self.targets[GENERAL] = GENERAL

    async def _leave_out_deleted(self) -> None:
        """They are made anew once something is to go there; so each that a list leaves out is asked for."""
        if not self.targets:
            return
        account, forum = await self._account(), self._job.target
        there = {topic.id for topic in await topics_of(account, forum)}
        for source, target in list(self.targets.items()):
            if target not in there and await topic_of(account, forum, target) is None:
                del self.targets[source]
                if source in self._known:
                    self.gone[source] = target

    def lacks(self, step: Step) -> bool:
        """Whether the topic that the step goes to was deleted from the target."""
        return step.source_topic in self.gone and step.source_topic not in self.targets

    @property
    def is_single(self) -> bool:
        """One topic is copied; a topic is made for it."""
        return self._job.source.topic_id is not None

    async def refresh(self) -> list[ForumTopic]:
        """The source's topics as they are now, the pinned ones first."""
        found = await topics_of(await self._account(), self._job.source)
        self._known = {topic.id: topic for topic in found}
        return found

    async def titled(self, step: Step) -> Step:
        """A step that makes a topic, with the title by which it is known again after a doubt.

        What Telegram remembers by the first one's random_id is deleted; another takes its place in the map.
        """
        if step.kind is not StepKind.TOPIC or step.detail:
            return step
        step = replace(step, detail=(await self.look(step.subject)).title)
        if (gone := self.gone.get(step.subject)) is None:
            return step
        job = self._job
        target, source = job.target.peer.marked_id, job.source.peer.marked_id
        name = random_id(key=job.key, target=target, source=source, message_id=step.subject, part=gone)
        return replace(step, items=(replace(step.items[0], random_id=name),), late=True)

    def made(self, topic_id: int, target_id: int) -> None:
        self.targets[topic_id] = target_id

    async def look(self, topic_id: int) -> ForumTopic:
        """A source topic as last seen; one that is gone as its first message says, or else by its number."""
        if topic_id in self._known:
            return self._known[topic_id]
        account = await self._account()
        if (found := await topic_of(account, self._job.source, topic_id)) is not None:
            self._known[topic_id] = found
            return found
        messages = await account.messages(self._job.source, [topic_id])
        told = title_told(messages.get(topic_id))
        return ForumTopic(topic_id, *told) if told else ForumTopic(topic_id, str(topic_id), 0)

    async def _account(self) -> TelegramAccount:
        return await self._pool.get(self._job.account_id)
