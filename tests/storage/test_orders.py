"""Orders from the command line: written by one process, answered by another."""

from __future__ import annotations

from domain.errors import AlreadyCopied, FerryError
from domain.order import Order, Refusal
from storage.database import Database
from storage.orders import OrderStore


async def ordered(store: OrderStore, source: str = "@news") -> Order:
    return await store.add(source=source, target="@copy", account_id=None, again=True)


async def test_an_order_is_found_until_it_is_answered(database: Database) -> None:
    store = OrderStore(database)
    first, second = await ordered(store), await ordered(store, "-1001")
    assert await store.unanswered() == [first, second]
    await store.accept(first.id, 7)
    assert await store.unanswered() == [second]
    answered = await store.get(first.id)
    assert answered is not None
    assert (answered.job_id, answered.again, answered.source) == (7, True, "@news")


async def test_a_refusal_arrives_as_the_same_sentence(database: Database) -> None:
    store = OrderStore(database)
    order = await ordered(store)
    error = AlreadyCopied(job_id=3, source="News {x}", target="Copy")
    await store.refuse(order.id, Refusal.of(error))
    answered = await store.get(order.id)
    assert answered is not None
    assert answered.refusal is not None
    arrived = answered.refusal.as_error()
    assert isinstance(arrived, AlreadyCopied)
    assert str(arrived) == str(error)


async def test_only_the_first_answer_counts(database: Database) -> None:
    store = OrderStore(database)
    order = await ordered(store)
    await store.accept(order.id, 7)
    await store.refuse(order.id, Refusal("NoAccount", {}))
    assert await store.get(order.id) == Order(
        id=order.id, source="@news", target="@copy", account_id=None, again=True, job_id=7
    )


async def test_what_was_answered_cannot_be_withdrawn(database: Database) -> None:
    store = OrderStore(database)
    first, second = await ordered(store), await ordered(store)
    await store.accept(first.id, 7)
    assert not await store.withdraw(first.id)
    assert await store.withdraw(second.id)
    assert await store.get(second.id) is None


def test_an_error_of_a_newer_ferry_is_still_an_error() -> None:
    assert type(Refusal("NeverHeardOf", {"a": "b"}).as_error()) is FerryError
