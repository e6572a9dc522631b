"""The engine on PostgreSQL: cut off, restarted, its COMMIT unanswered, its place taken. Nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from domain.errors import AnotherService
from domain.job import Job, JobStatus
from domain.typed import Typed
from engine.events import DatabaseBack, DatabaseLost, JobChanged
from engine.orders import OrderDesk
from sandbox.world import Fault
from storage.lock import service_lock
from storage.orders import OrderStore
from tests.engine.conftest import Stage
from tests.engine.workbench import Engine, compared
from tests.storage.conftest import server  # noqa: F401 - a fixture
from tests.storage.postgres_server import PostgresServer
from tests.storage.proxy import proxied

FORWARD = "messages.forwardMessages"


@pytest.fixture
def postgres_url(server: PostgresServer) -> Iterator[str]:  # noqa: F811
    with server.database(filled=False) as url:
        yield url


def held(stage: Stage, *, skip: int) -> Fault:
    fault = Fault(FORWARD, "hold_after", skip=skip)
    stage.rig.world.faults.append(fault)
    return fault


async def ordered(stage: Stage, engine: Engine) -> Job:
    await engine.log_in(stage.owner)
    engine.start()
    return await engine.order(stage.owner, stage.source, stage.target)


async def test_a_server_restarted_in_mid_job_costs_nothing(
    stage: Stage,
    server: PostgresServer,  # noqa: F811
    postgres_url: str,
) -> None:
    stage.rig.post(stage.source, stage.owner, 700)
    third = held(stage, skip=2)
    async with stage.engine(url=postgres_url) as engine:
        job = await ordered(stage, engine)
        await third.hit.wait()
        await asyncio.to_thread(server.stop)
        third.release()
        await engine.heard(DatabaseLost)
        await asyncio.to_thread(server.start)
        await engine.until(job, JobStatus.COMPLETED)
        await engine.heard(DatabaseBack)
    assert compared(stage.rig, stage.source, stage.target).same


@pytest.mark.parametrize("answer_alone", [True, False], ids=["its answer", "the COMMIT itself"])
@pytest.mark.parametrize("batches", [0, 2], ids=["of a claim", "of a checkpoint"])
async def test_a_lost_commit_is_written_again(
    stage: Stage,
    postgres_url: str,
    answer_alone: bool,
    batches: int,
) -> None:
    stage.rig.post(stage.source, stage.owner, 700)
    fault = held(stage, skip=batches)
    async with proxied(postgres_url) as (proxy, url), stage.engine(url=url) as engine:
        await engine.log_in(stage.owner)
        if batches:
            engine.start()
        job = await engine.order(stage.owner, stage.source, stage.target)
        if batches:
            await fault.hit.wait()
        proxy.loses_answer, proxy.loses_commit = answer_alone, not answer_alone
        fault.release()
        if not batches:
            engine.start()
        await engine.heard(JobChanged, id=job.id, status=JobStatus.COMPLETED)
        assert proxy.cut == 1
        assert (await engine.until(job, JobStatus.COMPLETED)).progress.copied == 700
    assert compared(stage.rig, stage.source, stage.target).same


async def test_killed_and_started_again_at_once(
    stage: Stage,
    postgres_url: str,
) -> None:
    stage.rig.post(stage.source, stage.owner, 500)
    second = held(stage, skip=1)
    async with stage.engine(url=postgres_url) as engine:
        job = await ordered(stage, engine)
        await second.hit.wait()
        await engine.die()
    async with stage.engine(url=postgres_url) as engine:
        await engine.dispatcher.recover()
        engine.start()
        await engine.until(job, JobStatus.COMPLETED)
    assert compared(stage.rig, stage.source, stage.target).same


async def test_orders_of_the_command_line_outlast_an_outage(
    stage: Stage,
    server: PostgresServer,  # noqa: F811
    postgres_url: str,
) -> None:
    stage.rig.post(stage.source, stage.owner, 20)
    async with stage.engine(url=postgres_url) as engine:
        await engine.log_in(stage.owner)
        orders = OrderStore(engine.database)
        desk = OrderDesk(orders=orders, jobs=engine.service, outage=engine.outage)
        serving = engine.background.start(desk.run(), name="orders")
        await asyncio.to_thread(server.stop)
        desk.kick()
        await engine.heard(DatabaseLost)
        await asyncio.to_thread(server.start)
        await engine.heard(DatabaseBack)
        await orders.add(Typed(source="@no_such_chat", target="@nor_this"))
        desk.kick()
        async with asyncio.timeout(10):
            while await orders.unanswered():  # noqa: ASYNC110 - a table sets no event
                await asyncio.sleep(0.01)
        assert not serving.done()


async def test_whose_place_is_taken_during_an_outage_sends_nothing_more(
    stage: Stage,
    server: PostgresServer,  # noqa: F811
    postgres_url: str,
) -> None:
    stage.rig.post(stage.source, stage.owner, 700)
    third = held(stage, skip=2)
    async with stage.engine(url=postgres_url) as engine:
        keeping = asyncio.ensure_future(engine.outage.keep_lock())
        await ordered(stage, engine)
        await third.hit.wait()
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        other = service_lock(postgres_url)
        await other.acquire()  # quicker than the one whose connection was just lost
        sent = [call for call, _ in stage.rig.world.calls].count(FORWARD)
        third.release()
        with pytest.raises(AnotherService):
            await keeping
        assert [call for call, _ in stage.rig.world.calls].count(FORWARD) == sent
        await engine.die()
        await other.release()
