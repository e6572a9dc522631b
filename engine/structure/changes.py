"""Carries out the steps that send no messages, and tells after a doubt whether one has happened."""

from __future__ import annotations

from domain.errors import MessageRefused
from domain.job import Job
from domain.message import is_beside
from domain.step import Step, StepKind
from engine.copies import Copies
from engine.done import Done
from engine.structure.mending import Mending
from engine.structure.pinning import Pinning
from engine.structure.profiles import Profiles
from engine.structure.refusals import Refusals, word_of, word_of_all
from engine.structure.topic_making import TopicMaking
from engine.structure.topic_states import TopicStates
from engine.structure.topics import Topics
from engine.telegram.chats import ChatInfo
from engine.telegram.errors import ChatGone, MayNotPost, target_lost
from engine.telegram.pool import AccountPool
from storage.progress import ProgressStore


class Changes:
    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        store: ProgressStore,
        topics: Topics,
        copies: Copies,
        source: ChatInfo,
        target: ChatInfo,
    ) -> None:
        self._job, self._refusals = job, Refusals()
        self._making = TopicMaking(job=job, pool=pool, store=store, topics=topics, refusals=self._refusals)
        self.mending = Mending(
            job=job,
            pool=pool,
            store=store,
            topics=topics,
            refusals=self._refusals,
            copies=copies,
            source=source,
            target=target,
        )
        self.pinning = Pinning(job=job, pool=pool, store=store)
        self.states = TopicStates(job=job, pool=pool, topics=topics)
        self.profiles = Profiles(job=job, pool=pool)
        self._topics = topics
        #: Kinds of steps for which the account lacks the right in the target, and Telegram's word for that.
        self.gave_up: dict[StepKind, str] = {}

    async def make(self, step: Step) -> Done:
        """Makes the step's call. What Telegram refuses is a finding; only without the right to make topics
        nothing goes on: TopicRightLost. Raises SourceLost, TargetLost, MustWait, OutcomeUnknown, Unreachable,
        AccountStopped too.
        """
        if step.kind is StepKind.TOPIC:
            return await self._making.make(step)
        if step.kind in self.gave_up:
            return self._refused(step, self.gave_up[step.kind])
        try:
            return await self._apply(step)
        except ChatGone as gone:
            raise target_lost(self._job.target, gone) from gone
        except (MessageRefused, MayNotPost) as refusal:
            reason = refusal.values["reason"]
            if reason.endswith("_NOT_MODIFIED"):
                return Done(paid=(step.subject,) if step.kind is StepKind.EDIT else ())
            if isinstance(refusal, MayNotPost) and not is_beside(step.subject):
                self.gave_up[step.kind] = reason
            return self._refused(step, reason)

    async def happened(self, step: Step, *, after: int) -> Done | None:
        """What came of a step in doubt; None when nothing did, or when to make it again changes nothing.

        `after` is the newest message of the target from before the step. Raises as make() does.
        """
        match step.kind:
            case StepKind.TOPIC:
                return await self._making.happened(step, after=after)
            case StepKind.PIN:
                return await self.pinning.happened(step)
            case StepKind.PHOTO:
                return await self.profiles.happened(step)
            case _:
                return None

    async def _apply(self, step: Step) -> Done:
        match step.kind:
            case StepKind.EDIT:
                return await self.mending.apply(step)
            case StepKind.PIN:
                return await self.pinning.apply(step)
            case StepKind.TOPIC_STATE | StepKind.TOPIC_ORDER:
                return await self.states.apply(step)
            case StepKind.TITLE | StepKind.ABOUT | StepKind.PHOTO:
                return await self.profiles.apply(step)
            case _:
                raise ValueError(f"no change of a chat's structure: {step.kind}")

    def _refused(self, step: Step, reason: str) -> Done:
        """Without the right to something all of it is one finding, except for links: each debt is paid."""
        if step.kind is StepKind.EDIT:
            return self.mending.not_mended(step, reason)
        if step.kind in self.gave_up:
            return Done(findings=(self._refusals.add(word_of_all(step), reason),))
        target_id = self._topics.targets.get(step.subject, 0) if step.kind is StepKind.TOPIC_STATE else 0
        told = self._refusals.add(word_of(step), reason, source_id=step.subject, target_id=target_id)
        return Done(findings=(told,))
