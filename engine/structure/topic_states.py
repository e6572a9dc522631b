"""Topics' titles, icons, whether they are closed or hidden, and which are pinned: as in the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from domain.errors import MessageRefused
from domain.job import Job
from domain.step import Step, StepKind
from engine.done import Done
from engine.structure.topic_making import ICON_REFUSED
from engine.structure.topics import Topics
from engine.telegram.forum import GENERAL, ForumTopic, change_topic, pin_topics, topics_of
from engine.telegram.pool import AccountPool

#: What a step says → what it asks for, where that is not read from the source's topic.
STATES: dict[str, dict[str, bool]] = {
    "closed": {"closed": True},
    "opened": {"closed": False},
    "hidden": {"hidden": True},
    "shown": {"hidden": False},
}


class TopicStates:
    def __init__(self, *, job: Job, pool: AccountPool, topics: Topics) -> None:
        self._job, self._pool, self._topics = job, pool, topics

    async def steps(self) -> list[Step]:
        """What still differs."""
        if not self._topics.is_mapped:
            return []
        account = await self._pool.get(self._job.account_id)
        source = await self._topics.refresh()
        target = await topics_of(account, self._job.target)
        there = {topic.id: topic for topic in target}
        found = [
            Step(0, StepKind.TOPIC_STATE, (), 0, subject=topic.id, detail=what)
            for topic in source
            if (copy := there.get(self._topics.targets.get(topic.id, 0)))
            and not (self._topics.is_single and copy.id == GENERAL)
            for what in self._differences(topic, copy)
        ]
        return found if self._topics.is_single else found + self._order(source, target)

    def _differences(self, topic: ForumTopic, copy: ForumTopic) -> Iterator[str]:
        if topic.title != copy.title:
            yield "title"
        refused = topic.icon_emoji in self._topics.refused_icons
        if topic.icon_emoji != copy.icon_emoji and topic.id != GENERAL and not refused:
            yield "icon"
        if topic.hidden != copy.hidden:
            yield "hidden" if topic.hidden else "shown"
        if topic.closed != copy.closed:
            yield "closed" if topic.closed else "opened"

    def _order(self, source: Sequence[ForumTopic], target: Sequence[ForumTopic]) -> list[Step]:
        """The copies of pinned topics come first; what else is pinned in the target stays so behind them.

        Those that stand in their order are left there: what else is pinned may be another job's.
        """
        there = {topic.id for topic in target}
        targets = {s: t for s, t in self._topics.targets.items() if t in there}
        now = [topic.id for topic in target if topic.pinned]
        copies = set(self._topics.targets.values())
        wanted = [targets[topic.id] for topic in source if topic.pinned and topic.id in targets]
        if wanted == [number for number in now if number in copies]:
            return []
        wanted += [number for number in now if number not in copies]
        return [Step(0, StepKind.TOPIC_ORDER, (), 0, detail=",".join(map(str, wanted)))]

    async def apply(self, step: Step) -> Done:
        account = await self._pool.get(self._job.account_id)
        if step.kind is StepKind.TOPIC_ORDER:
            order = [int(number) for number in step.detail.split(",") if number]
            await pin_topics(account, self._job.target, order)
            return Done()
        topic = await self._topics.look(step.subject) if step.detail not in STATES else None
        change: dict[str, Any] = STATES.get(step.detail, {})
        if topic is not None:
            change = {"title": topic.title} if step.detail == "title" else {"icon_emoji_id": topic.icon_emoji}
        try:
            await change_topic(account, self._job.target, self._topics.targets[step.subject], **change)
        except MessageRefused as refusal:
            if topic is not None and refusal.values["reason"] == ICON_REFUSED:
                self._topics.refused_icons.add(topic.icon_emoji)
            raise
        return Done()
