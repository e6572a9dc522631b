"""What a copy has of its source beside messages: pins, topics and their states, title, about, photo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from domain.finding import Finding, FindingKind, FindingState
from domain.job import JobStatus
from domain.step import Step, StepKind
from engine.checking.bookkeeping import GONE
from engine.checking.errands import treated
from engine.checking.lookup import messages_of
from engine.checking.subject import Subject
from engine.structure.pinning import Pinning
from engine.structure.profiles import Profiles
from engine.structure.refusals import reasons, word_of, word_of_all
from engine.structure.topic_states import TopicStates
from engine.structure.topics import Topics
from engine.telegram.pool import AccountPool
from storage.findings import FindingStore
from storage.progress import ProgressStore

#: Places looked up at a time.
BATCH = 500
#: Of what nobody refused.
STILL = "changed once more since"


class ChatSettings:
    """Of the job that copied. Differs what its last steps would change if they were made again."""

    def __init__(
        self, *, subject: Subject, pool: AccountPool, store: ProgressStore, findings: FindingStore
    ) -> None:
        self._job, self._pool = subject.job, pool
        self._store, self._findings = store, findings

    async def wrong(self) -> list[Finding]:
        """One for each place, whose detail names all that differs there; and topics that are gone.

        What Telegram is known to have refused is left out. A job that was given up has not set anything yet.
        """
        topics = await self._topics()
        found = [Finding(FindingKind.MISSING, *pair) for pair in topics.gone.items()]
        if self._job.status is not JobStatus.COMPLETED:
            return found
        steps = await self._steps(topics)
        sources = sorted({step.subject for step in steps})
        for start in range(0, len(sources), BATCH):
            batch = set(sources[start : start + BATCH])
            found += await self._untold([step for step in steps if step.subject in batch], topics)
        return found

    async def settled(self, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """What became of each, now that all changes were made or refused."""
        topics = await self._topics()
        left: defaultdict[int, dict[str, Step]] = defaultdict(dict)
        for step in await self._steps(topics):
            left[step.subject][word_of(step)] = step
        told = await self._told({finding.source_id for finding in found})
        results = []
        for finding in found:
            number = finding.source_id
            refused = {
                word: told[number].get(word) or told[0].get(word_of_all(left[number][word]), STILL)
                for word in finding.detail.split("; ")
                if word in left[number]
            }
            if number in topics.gone:
                results.append(treated(finding, FindingState.FAILED, GONE))
            elif not refused:
                results.append(treated(finding, FindingState.MENDED))
            else:
                detail = "; ".join(f"{word}: {why}" for word, why in refused.items())
                results.append(treated(finding, FindingState.FAILED, detail))
        return tuple(results)

    async def _topics(self) -> Topics:
        topics = Topics(job=self._job, pool=self._pool, store=self._store)
        await topics.load()
        return topics

    async def _steps(self, topics: Topics) -> list[Step]:
        """All that differs, as the steps that would change it."""
        return [
            *await Pinning(job=self._job, pool=self._pool, store=self._store).steps(),
            *await TopicStates(job=self._job, pool=self._pool, topics=topics).steps(),
            *await Profiles(job=self._job, pool=self._pool).steps(),
        ]

    async def _untold(self, steps: Sequence[Step], topics: Topics) -> list[Finding]:
        """Of what is known to be refused, and of copies that are missing, nothing more is said."""
        sources = {step.subject for step in steps}
        told = await self._told(sources)
        rows = await self._store.map.targets(
            self._job.map_of, [s.subject for s in steps if s.kind is StepKind.PIN]
        )
        account = await self._pool.get(self._job.account_id)
        there = await messages_of(account, self._job.target, rows.values())
        places: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
        for step in steps:
            number, is_pin = step.subject, step.kind is StepKind.PIN
            place = rows.get(number, 0) if is_pin else topics.targets.get(number, 0)
            is_told = word_of(step) in told[number] or word_of_all(step) in told[0]
            if not is_told and (not is_pin or place in there):
                places[number, place].append(word_of(step))
        return [Finding(FindingKind.SETTING, *place, "; ".join(words)) for place, words in places.items()]

    async def _told(self, sources: set[int]) -> defaultdict[int, dict[str, str]]:
        """What of these, and of the chats as such (0), was refused, and why."""
        details = await self._findings.checks.not_applied(self._job.id, {0, *sources})
        return defaultdict(dict, {number: reasons(lines) for number, lines in details.items()})
