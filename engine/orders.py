"""Orders of another process (the command line) lie in a table: only the service may use the accounts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

import structlog

from domain.asker import AT_THE_TERMINAL
from domain.errors import AlreadyOrdered, DatabaseBroken, FerryError
from domain.job import Job, JobStatus
from domain.order import Order, Refusal
from domain.typed import Typed
from engine.jobs import JobService
from engine.outage import Outage
from storage.orders import OrderStore

log = structlog.get_logger(__name__)

#: Seconds after which the table is looked at although nobody said that there is something in it.
SAFETY_NET = 30.0


async def order_at_the_terminal(jobs: JobService, typed: Typed) -> Job:
    """A new job, or the unfinished one that is like it, which goes on even if paused or failed.

    Raises what JobService.order raises, except AlreadyOrdered.
    """
    try:
        return await jobs.order(typed, asker=AT_THE_TERMINAL)
    except AlreadyOrdered as unfinished:
        job = await jobs.get(int(unfinished.values["job_id"]), asker=AT_THE_TERMINAL)
    if job.status in (JobStatus.PAUSED, JobStatus.FAILED):
        return await jobs.resume(job.id, asker=AT_THE_TERMINAL)
    return job


class OrderDesk:
    """Turns orders into jobs. `taken` is told the number of each such job."""

    def __init__(
        self,
        *,
        orders: OrderStore,
        jobs: JobService,
        outage: Outage,
        taken: Callable[[int], None] | None = None,
    ) -> None:
        self._orders, self._jobs, self._outage, self._taken = orders, jobs, outage, taken
        self._kicked = asyncio.Event()
        self._previewing: set[int] = set()

    def kick(self) -> None:
        """There may be new orders."""
        self._kicked.set()

    async def run(self) -> None:
        """Until it is cancelled. An order whose answer was never written is taken again: its job is found.

        Previews read for minutes, so nobody waits behind them.
        """
        async with asyncio.TaskGroup() as previews:
            while True:
                self._kicked.clear()
                await self._outage.outlast(partial(self._take_all, previews))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(SAFETY_NET):
                        await self._kicked.wait()

    async def _take_all(self, previews: asyncio.TaskGroup) -> None:
        for order in await self._orders.unanswered():
            if not order.is_preview:
                await self._take(order)
            elif order.id not in self._previewing:
                self._previewing.add(order.id)
                previews.create_task(self._preview(order))

    async def _preview(self, order: Order) -> None:
        try:
            await self._take(order)
        except DatabaseBroken:
            pass  # unanswered, it is made again
        finally:
            self._previewing.discard(order.id)

    async def _take(self, order: Order) -> None:
        try:
            if order.is_preview:
                await self._orders.show(
                    order.id, await self._jobs.preview(order.typed, asker=AT_THE_TERMINAL)
                )
                return
            job = await order_at_the_terminal(self._jobs, order.typed)
        except DatabaseBroken:
            raise  # no refusal: the order is taken once the database is back
        except FerryError as error:
            await self._orders.refuse(order.id, Refusal.of(error))
            return
        except Exception:
            log.exception("order_failed", order_id=order.id)
            await self._orders.refuse(order.id, Refusal.of(FerryError()))
            return
        await self._orders.accept(order.id, job.id)
        log.info("order_taken", order_id=order.id, job_id=job.id)
        if self._taken is not None:
            self._taken(job.id)
