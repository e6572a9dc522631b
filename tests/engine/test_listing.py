"""What a job skipped and found, read page by page from a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.checkpoint import Checkpoint
from domain.finding import Finding, FindingKind, FindingState
from domain.job import Job
from domain.message import OLD_GROUP, Skip, SkipReason
from engine.listing import HEADER, PAGE, Listing, link, row
from storage.accounts import AccountStore
from storage.database import Database
from storage.findings import FindingStore
from storage.jobs import JobStore
from storage.progress import ProgressStore
from tests.storage.orders import channel, running

SKIPS = (
    *(Skip(OLD_GROUP + n, SkipReason.DELETED) for n in range(PAGE)),
    Skip(9, SkipReason.REFUSED, "MEDIA_INVALID"),
)
FINDINGS = (
    Finding(FindingKind.NOT_APPLIED, 0, 0, "pins: CHAT_ADMIN_REQUIRED"),
    Finding(FindingKind.DIFFERENT, 5, 105, "text", FindingState.FAILED),
    *(Finding(FindingKind.MISSING, n) for n in range(10, 10 + PAGE)),
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/ferry.db", server="telegram.org")
    await AccountStore(database).add(owner_id=7, user_id=7, name="Ada", sealed_session=b"sealed")
    yield database
    await database.close()


async def job_with(database: Database, *, skips: tuple[Skip, ...], findings: tuple[Finding, ...]) -> Job:
    job, store = await running(JobStore(database)), ProgressStore(database)
    await store.checkpoint(
        Checkpoint(
            job_id=job.id, generation=job.generation, progress=job.progress, skips=skips, findings=findings
        )
    )
    return job


async def test_everything_comes_once_and_in_order(database: Database) -> None:
    listing = Listing(store=ProgressStore(database), findings=FindingStore(database))
    nothing = await job_with(database, skips=(), findings=())
    assert [page async for page in listing.pages(nothing)] == []
    job = await job_with(database, skips=SKIPS, findings=FINDINGS)
    pages = [page async for page in listing.pages(job)]
    assert [len(page) for page in pages] == [PAGE, 1, PAGE, 2]
    assert [line for page in pages for line in page] == [*SKIPS, *FINDINGS]
    found = await listing.found(job)
    assert found[FindingKind.MISSING, FindingState.OPEN] == PAGE
    assert found[FindingKind.DIFFERENT, FindingState.FAILED] == 1


async def test_lines_of_a_table(database: Database) -> None:
    job = await job_with(database, skips=(), findings=())
    refused, different, unplaced = (row(job, line) for line in (SKIPS[-1], FINDINGS[1], FINDINGS[0]))
    assert refused == ("skipped", "refused: MEDIA_INVALID", "", "9", "", "https://t.me/c/1/9", "")
    both = ("https://t.me/c/1/5", "https://t.me/c/2/105")
    assert different == ("different", "text", "failed", "5", 105, *both)
    assert unplaced == ("not_applied", "pins: CHAT_ADMIN_REQUIRED", "open", "", "", "", "")
    old = row(job, Skip(OLD_GROUP + 7, SkipReason.PROTECTED))
    assert old == ("skipped", "protected", "", "7 of the old group", "", "", "")
    assert {len(refused), len(different), len(unplaced)} == {len(HEADER)}


def test_links_only_where_telegram_has_them() -> None:
    chat = channel(5, topic=3)
    assert link(chat, 9) == "https://t.me/c/5/3/9"
    assert link(replace(chat, username="news", topic_id=None), 9) == "https://t.me/news/9"
    assert link(chat, OLD_GROUP + 9) == "" and link(chat, 0) == ""
