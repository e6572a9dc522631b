"""Orders from the command line: written by one process, answered by another."""

from __future__ import annotations

from domain.errors import AlreadyCopied, FerryError
from domain.job import Failure, JobKind, Priority
from domain.kind import Kind
from domain.message import SkipReason
from domain.order import Order, Refusal
from domain.preview import Preview, Skipped, Tally
from domain.refusals import NoSuchKind
from domain.typed import Typed
from domain.wishes import NewChatKind
from storage.database import Database
from storage.orders import OrderStore


async def ordered(store: OrderStore, source: str = "@news") -> Order:
    return await store.add(Typed(source=source, target="@copy", again=True))


async def test_an_order_is_found_until_it_is_answered(database: Database) -> None:
    store = OrderStore(database)
    first, second = await ordered(store), await ordered(store, "-1001")
    assert await store.unanswered() == [first, second]
    await store.accept(first.id, 7)
    assert await store.unanswered() == [second]
    answered = await store.get(first.id)
    assert answered is not None
    assert (answered.job_id, answered.typed) == (7, first.typed)


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
    assert await store.get(order.id) == Order(id=order.id, typed=order.typed, job_id=7)


async def test_what_was_answered_cannot_be_withdrawn(database: Database) -> None:
    store = OrderStore(database)
    first, second = await ordered(store), await ordered(store)
    await store.accept(first.id, 7)
    assert not await store.withdraw(first.id)
    assert await store.withdraw(second.id)
    assert await store.get(second.id) is None


def test_an_error_of_a_newer_ferry_is_still_an_error() -> None:
    assert type(Refusal("NeverHeardOf", {"a": "b"}).as_error()) is FerryError


async def test_all_that_can_be_typed_arrives(database: Database) -> None:
    store = OrderStore(database)
    typed = Typed(
        kind=JobKind.VERIFY,
        source="@news",
        account_id=3,
        again=True,
        priority=Priority.HIGH,
        after=(1, 2),
        start="https://t.me/news/5",
        until="2026-01-31",
        last=7,
        ids="5,7-12",
        kinds="photo, video",
        topic="4",
        replies=False,
        pins=False,
        new_target=True,
        new_kind=NewChatKind.FORUM,
        new_title="“新闻”",
        of_job=9,
        delete=True,
    )
    order = await store.add(typed)
    assert order == Order(id=order.id, typed=typed)
    assert await store.unanswered() == [order]


async def test_a_preview_arrives_whole(database: Database) -> None:
    store = OrderStore(database)
    order = await store.add(Typed(source="@news", target="@copy"), preview=True)
    assert order.is_preview
    preview = Preview(
        account="Wei",
        source="News",
        target="Copy",
        kinds={Kind.PHOTO: Tally(3, 2**40)},
        forwarded=3,
        skips=[Skipped(SkipReason.UNSUPPORTED, "paid", 1, [7])],
        seconds=1.5,
        warnings=[Failure("No right in “{title}”.", {"title": "Copy"})],
    )
    await store.show(order.id, preview)
    assert await store.get(order.id) == Order(
        id=order.id, typed=order.typed, is_preview=True, preview=preview
    )
    assert await store.unanswered() == []


async def test_refusals_of_orders_arrive_too(database: Database) -> None:
    error = NoSuchKind(typed="photos", kinds="photo, video")
    arrived = Refusal.of(error).as_error()
    assert (type(arrived), str(arrived)) == (NoSuchKind, str(error))
