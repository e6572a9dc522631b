"""What the command line orders from the service that runs on the same database, and the answers."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, insert, select, update

from domain.order import Order, Refusal
from domain.preview import Preview
from domain.typed import Typed
from storage.database import Database
from storage.previews import preview_value
from storage.rows import order_from
from storage.tables import orders
from storage.typed import typed_value


class OrderStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, typed: Typed, *, preview: bool = False) -> Order:
        adding = insert(orders).values(
            typed=typed_value(typed), preview=preview, created_at=datetime.now(UTC)
        )
        return await self._database.write(
            lambda connection: order_from(connection.execute(adding.returning(*orders.c)).one())
        )

    async def get(self, order_id: int) -> Order | None:
        wanted = select(orders).where(orders.c.id == order_id)
        row = await self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        return order_from(row) if row else None

    async def unanswered(self) -> list[Order]:
        """Oldest first."""
        wanted = select(orders).where(orders.c.answered_at.is_(None)).order_by(orders.c.id)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [order_from(row) for row in rows]

    async def accept(self, order_id: int, job_id: int) -> None:
        await self._answer(order_id, job_id=job_id)

    async def show(self, order_id: int, preview: Preview) -> None:
        await self._answer(order_id, previewed=preview_value(preview))

    async def refuse(self, order_id: int, refusal: Refusal) -> None:
        await self._answer(order_id, error=refusal.kind, error_values=refusal.values)

    async def withdraw(self, order_id: int) -> bool:
        """Takes an order back; False when it was answered meanwhile."""
        taking = delete(orders).where(orders.c.id == order_id, orders.c.answered_at.is_(None))
        return bool(await self._database.write(lambda connection: connection.execute(taking).rowcount))

    async def _answer(self, order_id: int, **answer: object) -> None:
        answering = (
            update(orders)
            .where(orders.c.id == order_id, orders.c.answered_at.is_(None))
            .values(answered_at=datetime.now(UTC), **answer)
        )
        await self._database.write(lambda connection: connection.execute(answering))
