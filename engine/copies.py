"""Where the copies stand of what a job's messages refer to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from domain.job import Job, JobKind
from domain.message import BESIDE, is_beside
from storage.message_map import Mapped, MapStore


class Copies:
    """Ids moved by BESIDE are of the channel or the discussion group beside the source; copies, too."""

    def __init__(self, *, job: Job, map: MapStore) -> None:
        self._job, self._map = job, map

    async def of(self, ids: Collection[int]) -> dict[int, int]:
        """source id → target id of those that have a copy."""
        return {row.source_id: row.target_id for row in await self.rows(ids)}

    async def rows(self, ids: Collection[int]) -> list[Mapped]:
        beside = [number - BESIDE for number in ids if is_beside(number)]
        if not beside:
            return await self._map.of_sources(self._job.map_of, ids)
        if self._job.kind is JobKind.COMMENTS:
            found = await self._map.of_sources(self._job.of_job or 0, beside)
        else:
            found = await self._map.of_comments(self._job.map_of, beside)
        there = [
            replace(row, source_id=row.source_id + BESIDE, target_id=row.target_id + BESIDE) for row in found
        ]
        own = [number for number in ids if not is_beside(number)]
        return there + await self._map.of_sources(self._job.map_of, own)
