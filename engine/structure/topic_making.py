"""Makes a topic in the target for one of the source."""

from __future__ import annotations

from domain.errors import MessageRefused, OutcomeUnknown, TargetLost, TelegramError, TopicRightLost
from domain.finding import Finding
from domain.job import Job
from domain.step import Step, StepKind
from engine.done import Done
from engine.structure.refusals import Refusals
from engine.structure.topics import Topics
from engine.telegram.account import TelegramAccount
from engine.telegram.errors import ChatGone, MayNotPost
from engine.telegram.forum import ForumTopic, make_topic, topics_made
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore

#: What Telegram answers to a custom emoji that this account may not use (core.telegram.org/api/forum).
ICON_REFUSED = "DOCUMENT_INVALID"


class TopicMaking:
    def __init__(
        self, *, job: Job, pool: AccountPool, store: ProgressStore, topics: Topics, refusals: Refusals
    ) -> None:
        self._job, self._pool, self._store = job, pool, store
        self._topics, self._refusals = topics, refusals

    async def make(self, step: Step) -> Done:
        """With the title that was journalled: what changes meanwhile is among the changes at the end.

        Raises TopicRightLost, TargetLost.
        """
        topic = await self._topics.look(step.subject)
        account = await self._pool.get(self._job.account_id)
        findings: tuple[Finding, ...] = ()
        icon = topic.icon_emoji if topic.icon_emoji not in self._topics.refused_icons else 0
        try:
            made = await self._call(account, step, topic, icon)
        except MessageRefused as refusal:
            if refusal.values["reason"] != ICON_REFUSED or not icon:
                raise self._named(TopicRightLost, refusal) from refusal
            self._topics.refused_icons.add(icon)
            made = await self._call(account, step, topic, 0)
        if topic.icon_emoji in self._topics.refused_icons:
            told = self._refusals.add("icon", ICON_REFUSED, source_id=step.subject, target_id=made)
            findings = (told,)
        return self._done(step, made, findings)

    async def happened(self, step: Step, *, after: int) -> Done | None:
        """Looks for the topic itself: whatever Telegram remembers of random_ids, there must not be two."""
        account = await self._pool.get(self._job.account_id)
        title = self._title(step, await self._topics.look(step.subject))
        made = await topics_made(account, self._job.target, after=after, title=title)
        target = self._job.target.peer.marked_id
        taken = await self._store.taken_in_target(target, after=after) if made else set()
        free = [number for number in made if number not in taken]
        if not free:
            return None
        rivals = await self._store.other_steps(target, except_job=self._job.id)
        if any(rival.kind is StepKind.TOPIC and rival.detail == step.detail for rival in rivals):
            raise OutcomeUnknown(reason="another job's topic has the same title")
        return self._done(step, free[0])

    async def _call(self, account: TelegramAccount, step: Step, topic: ForumTopic, icon: int) -> int:
        try:
            return await make_topic(
                account,
                self._job.target,
                title=self._title(step, topic),
                icon_color=topic.icon_color or None,
                icon_emoji=icon,
                random_id=step.items[0].random_id,
            )
        except MayNotPost as error:
            raise self._named(TopicRightLost, error) from error
        except ChatGone as error:
            raise self._named(TargetLost, error) from error

    def _named(self, kind: type[TelegramError], refusal: TelegramError) -> TelegramError:
        return kind(title=self._job.target.title, reason=refusal.values["reason"], job_id="")

    def _done(self, step: Step, made: int, findings: tuple[Finding, ...] = ()) -> Done:
        self._topics.made(step.subject, made)
        return Done(mapped={step.subject: made}, findings=findings)

    @staticmethod
    def _title(step: Step, topic: ForumTopic) -> str:
        return step.detail or topic.title
