"""The whole list of what a job left out or found, as a file: written to disk a page at a time."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.job import Job
from engine.jobs import JobService
from engine.listing import HEADER, row

#: Bytes. Telegram takes files of 50 MB from bots (core.telegram.org/bots/api#sending-files).
LARGEST = 49_000_000


@dataclass(frozen=True, slots=True)
class CsvFile:
    path: Path
    lines: int  #: below the header
    is_whole: bool  #: False: the rest would have been too large for Telegram


@asynccontextmanager
async def csv_of(job: Job, jobs: JobService, *, largest: int = LARGEST) -> AsyncIterator[CsvFile]:
    """The file is gone afterwards."""
    folder = await asyncio.to_thread(TemporaryDirectory, prefix="ferry-")
    try:
        yield await _write(Path(folder.name) / "list.csv", job, jobs, largest)
    finally:
        await asyncio.to_thread(folder.cleanup)


async def _write(path: Path, job: Job, jobs: JobService, largest: int) -> CsvFile:
    written = await asyncio.to_thread(_append, path, [HEADER])
    lines = 0
    async with aclosing(jobs.listing(job)) as pages:
        async for page in pages:
            if written >= largest:
                return CsvFile(path, lines, is_whole=False)
            written = await asyncio.to_thread(_append, path, [row(job, line) for line in page])
            lines += len(page)
    return CsvFile(path, lines, is_whole=True)


def _append(path: Path, rows: list[tuple[str | int, ...]]) -> int:
    """How large the file is now."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    with path.open("ab") as out:
        out.write(text.getvalue().encode())
        return out.tell()
