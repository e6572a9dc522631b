"""One service per database, and none too few after a kill."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from domain.errors import AnotherService
from storage.location import database_file
from storage.lock import ServiceLock

HOLD = """
import sys
from storage.lock import ServiceLock
lock = ServiceLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


async def holder_process(url: str) -> Process:
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLD, url, cwd=root, stdin=PIPE, stdout=PIPE
    )
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 10) == b"held\n"
    return process


async def test_a_killed_holder_frees_it_at_once(url: str) -> None:
    process = await holder_process(url)
    lock = ServiceLock(url)
    with pytest.raises(AnotherService, match=rf"process {process.pid}\)"):
        lock.acquire()
    for _ in range(3):
        assert lock.holder() == process.pid, "looking must not disturb the holder"
    process.kill()
    await process.wait()
    assert lock.holder() is None
    lock.acquire()
    assert lock.holder() == os.getpid()
    lock.release()
    assert lock.holder() is None


async def test_a_holder_that_ends_frees_it(url: str) -> None:
    process = await holder_process(url)
    await process.communicate(b"")
    assert process.returncode == 0
    lock = ServiceLock(url)
    assert lock.holder() is None
    lock.acquire()
    lock.release()


def test_looking_makes_nothing(url: str) -> None:
    assert ServiceLock(url).holder() is None
    assert not database_file(url).parent.exists()


async def test_two_databases_do_not_mind_each_other(url: str) -> None:
    process = await holder_process(url)
    other = ServiceLock(url.replace("ferry.db", "other.db"))
    assert other.holder() is None
    other.acquire()
    other.release()
    process.kill()
    await process.wait()


async def test_somebody_who_looks_does_not_keep_a_service_from_starting(url: str) -> None:
    lock, looking = ServiceLock(url), True
    seen: set[int | None] = set()

    def look() -> None:
        watcher = ServiceLock(url)
        while looking:
            seen.add(watcher.holder())

    watching = asyncio.create_task(asyncio.to_thread(look))
    try:
        for _ in range(50):
            await asyncio.to_thread(lock.acquire)
            lock.release()
    finally:
        looking = False
        await watching
    assert seen <= {None, os.getpid()}
