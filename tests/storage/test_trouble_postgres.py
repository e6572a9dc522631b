"""PostgreSQL cut off, restarted, silent, its answer lost: one error each time, and the next call goes on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, func, insert, make_url, select

from domain.account import Account
from domain.checkpoint import Checkpoint
from domain.errors import DatabaseBroken
from domain.job import Progress
from storage.accounts import AccountStore
from storage.database import Database
from storage.jobs import JobStore
from storage.meta import MetaStore
from storage.progress import ProgressStore
from storage.tables import meta
from tests.storage.orders import running, step
from tests.storage.postgres_server import PostgresServer
from tests.storage.proxy import proxied


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    database = await Database.open(postgres_url, server="telegram.org")
    yield database
    await database.close()


async def goes_on(database: Database) -> None:
    """At the first try, and with as many connections as it likes."""
    store = MetaStore(database)
    await store.set("proof", "1")
    assert await asyncio.gather(*(store.get("proof") for _ in range(6))) == ["1"] * 6


async def test_a_connection_that_is_cut_in_mid_transaction(database: Database) -> None:
    def work(connection: Connection) -> None:
        connection.execute(insert(meta).values(name="half", value="done"))
        connection.execute(select(func.pg_terminate_backend(func.pg_backend_pid())))
        connection.execute(insert(meta).values(name="rest", value="done"))

    with pytest.raises(DatabaseBroken):
        await database.write(work)
    with pytest.raises(DatabaseBroken):
        await database.read(lambda c: c.execute(select(func.pg_terminate_backend(func.pg_backend_pid()))))
    await goes_on(database)
    assert await MetaStore(database).get("half") is None


async def test_idle_connections_that_were_cut_cost_one_call(
    database: Database, server: PostgresServer
) -> None:
    await goes_on(database)
    await asyncio.to_thread(
        server.execute,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ferry'",
    )
    with pytest.raises(DatabaseBroken):
        await MetaStore(database).get("proof")
    await goes_on(database)


async def test_a_server_that_is_away_for_a_while(
    database: Database, postgres_url: str, server: PostgresServer
) -> None:
    await goes_on(database)
    await asyncio.to_thread(server.stop)
    try:
        for _ in range(2):
            with pytest.raises(DatabaseBroken):
                await MetaStore(database).set("proof", "2")
            with pytest.raises(DatabaseBroken):
                await MetaStore(database).get("proof")
        with pytest.raises(DatabaseBroken, match="postgresql"):
            await Database.open(postgres_url, server="telegram.org")
    finally:
        await asyncio.to_thread(server.start)
    assert await MetaStore(database).get("proof") == "1"
    await goes_on(database)


async def test_there_is_no_such_database(postgres_url: str) -> None:
    with pytest.raises(DatabaseBroken, match='database "elsewhere" does not exist'):
        await Database.open(
            make_url(postgres_url).set(database="elsewhere").render_as_string(), server="telegram.org"
        )


async def test_a_silent_server_is_not_waited_for_without_end(postgres_url: str) -> None:
    async with proxied(postgres_url) as (proxy, url):
        database = await Database.open(f"{url}?command_timeout=0.5", server="telegram.org")
        await goes_on(database)
        proxy.is_silent = True
        began = time.monotonic()
        with pytest.raises(DatabaseBroken):
            await MetaStore(database).set("proof", "2")
        assert time.monotonic() - began < 10
        proxy.is_silent = False
        await goes_on(database)
        await database.close()


def checkpoint_of(job_id: int, generation: int) -> Checkpoint:
    items = step(1).items
    return Checkpoint(
        job_id=job_id,
        generation=generation,
        progress=Progress(offset_id=items[-1].source_id, step_number=1, copied=3, total=9),
        copied=tuple((item.source_id, item.source_id + 5000) for item in items),
        step=step(2),
    )


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_commit_whose_answer_is_lost_may_be_written_again(postgres_url: str, arrives: bool) -> None:
    async with proxied(postgres_url) as (proxy, url):
        database = await Database.open(url, server="telegram.org")
        account: Account = await AccountStore(database).add(
            owner_id=7, user_id=7, name="", sealed_session=b""
        )
        assert account.id == 1
        jobs, progress = JobStore(database), ProgressStore(database)
        job = await running(jobs)
        written = checkpoint_of(job.id, job.generation)
        proxy.loses_answer, proxy.loses_commit = arrives, not arrives
        with pytest.raises(DatabaseBroken):
            await progress.checkpoint(written)
        assert proxy.cut == 1
        assert await progress.map.count(job.id) == (3 if arrives else 0)
        await progress.checkpoint(written)
        known = await jobs.get(job.id)
        assert known is not None and known.progress == written.progress
        assert await progress.map.count(job.id) == 3
        assert await progress.step_in_flight(job.id) == step(2)
        await database.close()


async def test_a_cancelled_writer_leaves_no_connection_behind(database: Database) -> None:
    """Slow transactions, so that each cancellation comes in the middle of one."""

    def work(connection: Connection, number: int) -> None:
        connection.execute(insert(meta).values(name=f"a{number}", value=""))
        connection.execute(select(func.pg_sleep(0.02)))
        connection.execute(insert(meta).values(name=f"b{number}", value=""))

    for number in range(10):
        task = asyncio.create_task(database.write(lambda c, number=number: work(c, number)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await goes_on(database)
    found = await database.read(lambda c: list(c.execute(select(meta.c.name)).scalars()))
    assert {name[1:] for name in found if name[0] == "a"} == {name[1:] for name in found if name[0] == "b"}
    assert len(found) > 10
