"""Hands an order to the service that holds the lock: an account must never be connected twice."""

from __future__ import annotations

import asyncio
import time

from cli.service_signals import wake
from domain.errors import FerryError
from domain.order import Order
from domain.typed import Typed
from storage.lock import ServiceLock
from storage.orders import OrderStore

LOOK_EVERY = 0.2  # seconds
WAKE_EVERY = 5.0  # seconds: a service that is just starting does not hear us yet
#: Seconds that a service may take to come back before we stop following.
GRACE = 30.0


class ServiceGone(FerryError):
    text = "The Ferry that served this database has stopped."
    hint = "Start it again, or run the same command again: it goes on from where it stood."


class Service:
    """The process at the other end of the lock."""

    def __init__(self, lock: ServiceLock) -> None:
        self._lock = lock
        self._seen = time.monotonic()

    async def wake(self) -> None:
        wake(await self._lock.holder())

    async def check(self) -> None:
        """Raises ServiceGone when nobody has held the lock for a while."""
        if await self._lock.holder() is not None:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > GRACE:
            raise ServiceGone


async def hand_over(typed: Typed, *, orders: OrderStore, service: Service, preview: bool = False) -> Order:
    """The order as the service answered it. Raises what it refused the order with, and ServiceGone."""
    order = await orders.add(typed, preview=preview)
    woken = -WAKE_EVERY
    try:
        while True:
            if time.monotonic() - woken > WAKE_EVERY:
                woken = time.monotonic()
                await service.wake()
            answered = await orders.get(order.id)
            if answered is not None and answered.refusal is not None:
                raise answered.refusal.as_error()
            if answered is not None and (answered.job_id is not None or answered.preview is not None):
                return answered
            await service.check()
            await asyncio.sleep(LOOK_EVERY)
    finally:
        await orders.withdraw(order.id)  # does nothing once it is answered
