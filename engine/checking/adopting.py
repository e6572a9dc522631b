"""Source and target read for an adoption: a print of each message, kept until they are aligned.

The database tells the two chats and two sorts of prints apart by what is added to the ids.
"""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from domain.job import Job
from engine.checking.alignment import Side, align, believable
from engine.telegram.account import TelegramAccount
from engine.telegram.chats import ChatInfo
from engine.telegram.incoming import Incoming
from engine.telegram.likeness import (
    adoptable_content,
    entities_print,
    is_service,
    loose_content,
    print_of,
)
from storage.findings import FindingStore
from storage.prints import Print, PrintStore, Track

#: Ids lie within this of 0.
RANGE = 2**44
#: Added to the ids of the source, and to those of prints by which other tools' uploads are known.
SOURCE, LOOSE = 2**50, 2**47
#: Notes of messages that have no copy: not to be copied, and not ordered. Others' are not negative.
SKIPPED, PASSED = -1, -2
POSITIVE = 2**62 - 1


class Reading:
    def __init__(
        self,
        *,
        job: Job,
        account: TelegramAccount,
        findings: FindingStore,
        source: ChatInfo,
        target: ChatInfo,
        incoming: Incoming,
        stop: asyncio.Event,
    ) -> None:
        self._job, self._account, self._findings = job, account, findings
        self._source, self._target, self._incoming, self._stop = source, target, incoming, stop

    async def target(self) -> bool:
        """All that is nobody's copy yet. False when told to stop."""
        copies = await self._findings.checks.copies_in(self._job.target.peer.marked_id)
        after = await self._newest(0) or 0
        while not self._stop.is_set():
            messages, _ = await self._account.raw_after(self._job.target, after)
            if not messages:
                return True
            free = {m.id: m for m in messages if not is_service(m) and not _holds(copies, m.id)}
            await self._put(0, free)
            after = messages[-1].id
        return False

    async def source(self, start: int) -> bool:
        """All behind `start`. False when told to stop."""
        newest = await self._newest(SOURCE)
        after = start if newest is None else newest - SOURCE
        takes = self._job.wishes.selection.takes
        while not self._stop.is_set():
            page = await self._account.page_after(self._job.source, after, self._incoming)
            if page.is_end:
                return True
            chosen = [m for m in page.messages if takes(m)]
            content = {m.id: m.body for m in chosen if m.skip is None}
            noted = {m.id: PASSED for m in page.messages if m.id not in content}
            noted |= {m.id: SKIPPED for m in chosen if m.skip is not None}
            others = [Print(SOURCE + number, 0, note) for number, note in noted.items()]
            await self._put(SOURCE, content, others)
            after = page.last_id
        return False

    async def _put(self, shift: int, messages: Mapping[int, Any], others: Sequence[Print] = ()) -> None:
        found = list(others)
        for number, message in messages.items():
            content = adoptable_content(message, self._source.links, self._target.links)
            found.append(Print(shift + number, print_of(content), entities_print(message) & POSITIVE))
            if (loose := loose_content(message)) is not None:
                found.append(Print(shift + LOOSE + number, print_of(loose)))
        await self._findings.prints.put(self._job.id, found)

    async def _newest(self, shift: int) -> int | None:
        return await self._findings.prints.newest(self._job.id, above=shift - RANGE, below=shift + RANGE)


async def believed(
    job_id: int, prints: PrintStore, copies: array[int]
) -> tuple[Track, list[tuple[int, int]]]:
    """The source's messages, and (source id, target id) of those that have a copy, ascending.

    `copies` are messages of the target that are some job's by now.
    """
    here = await _track(job_id, prints, SOURCE)
    there = _free(await _track(job_id, prints, 0), copies)
    loose_here = _placed(await _track(job_id, prints, SOURCE + LOOSE), here)
    loose_there = _placed(_free(await _track(job_id, prints, LOOSE), copies), there)
    # What has no content must equal nothing, so each gets a print of its own.
    numbered = enumerate(zip(here.prints, here.notes, strict=True))
    exact = [content if note >= 0 else -(2**63) - 1 - place for place, (content, note) in numbered]
    source, target = Side(exact, here.notes, loose_here), Side(there.prints, there.notes, loose_there)
    pairs = await asyncio.to_thread(align, source, target)
    pairs = pairs[: believable(pairs, [note >= 0 for note in here.notes])]
    return here, [(here.ids[place], there.ids[other]) for place, other in pairs]


async def _track(job_id: int, prints: PrintStore, shift: int) -> Track:
    track = await prints.track(job_id, above=shift - RANGE, below=shift + RANGE)
    return Track(array("q", (number - shift for number in track.ids)), track.prints, track.notes)


def _free(track: Track, copies: array[int]) -> Track:
    free = [place for place, number in enumerate(track.ids) if not _holds(copies, number)]
    if len(free) == len(track.ids):
        return track
    columns = (track.ids, track.prints, track.notes)
    return Track(*(array("q", (column[place] for place in free)) for column in columns))


def _placed(loose: Track, exact: Track) -> dict[int, int]:
    """Place in the track → print."""
    return {bisect_left(exact.ids, n): p for n, p in zip(loose.ids, loose.prints, strict=True)}


def _holds(copies: array[int], number: int) -> bool:
    place = bisect_left(copies, number)
    return place < len(copies) and copies[place] == number
