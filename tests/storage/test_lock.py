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
from storage.lock import service_lock
from tests.storage.postgres_server import PostgresServer

HOLD = """
import asyncio, sys
from storage.lock import service_lock
async def main():
    lock = service_lock(sys.argv[1])
    await lock.acquire()
    print("held", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await lock.release()
asyncio.run(main())
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
    lock = service_lock(url)
    with pytest.raises(AnotherService, match=rf"process {process.pid}\b"):
        await lock.acquire()
    for _ in range(3):
        assert await lock.holder() == process.pid, "looking must not disturb the holder"
    process.kill()
    await process.wait()
    await lock.acquire()
    assert await lock.holder() == os.getpid()
    await lock.confirm()
    assert not lock.is_lost
    await lock.release()
    assert await lock.holder() is None


async def test_a_holder_that_ends_frees_it(url: str) -> None:
    process = await holder_process(url)
    await process.communicate(b"")
    assert process.returncode == 0
    lock = service_lock(url)
    assert await lock.holder() is None
    await lock.acquire()
    await lock.release()


async def test_looking_makes_nothing(sqlite_url: str) -> None:
    assert await service_lock(sqlite_url).holder() is None
    assert not database_file(sqlite_url).parent.exists()


async def test_two_databases_do_not_mind_each_other(url: str, empty_url: str) -> None:
    """Two files, two databases of one server, or one of each."""
    if empty_url == url:
        empty_url = url.replace("ferry.db", "other.db")
    process = await holder_process(url)
    other = service_lock(empty_url)
    assert await other.holder() is None
    await other.acquire()
    await other.release()
    process.kill()
    await process.wait()


async def test_somebody_who_looks_does_not_keep_a_service_from_starting(sqlite_url: str) -> None:
    lock, looking = service_lock(sqlite_url), True
    seen: set[int | None] = set()

    async def look() -> None:
        watcher = service_lock(sqlite_url)
        while looking:
            seen.add(await watcher.holder())

    watching = asyncio.create_task(look())
    try:
        for _ in range(50):
            await lock.acquire()
            await lock.release()
    finally:
        looking = False
        await watching
    assert seen <= {None, os.getpid()}


async def cut_all(server: PostgresServer) -> None:
    """Every connection but the one that says so."""
    await asyncio.to_thread(
        server.execute,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
    )


async def test_a_cut_connection_is_noticed_and_the_lock_taken_again(
    postgres_url: str, server: PostgresServer
) -> None:
    lock = service_lock(postgres_url)
    await lock.acquire()
    await cut_all(server)
    for _ in range(500):
        if not lock.is_lost:
            await asyncio.sleep(0.01)
    assert lock.is_lost
    await lock.confirm()
    assert not lock.is_lost
    with pytest.raises(AnotherService):
        await service_lock(postgres_url).acquire()
    await lock.release()


async def test_who_lost_it_to_another_does_not_get_it_back(postgres_url: str, server: PostgresServer) -> None:
    lock = service_lock(postgres_url)
    await lock.acquire()
    await cut_all(server)
    process = await holder_process(postgres_url)
    for _ in range(2):
        with pytest.raises(AnotherService, match=rf"process {process.pid} on "):
            await lock.confirm()
        assert lock.is_lost
    process.kill()
    await process.wait()
    await lock.confirm()
    assert not lock.is_lost
    await lock.release()
