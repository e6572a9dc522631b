"""What the limiter learned survives, place by place."""

from __future__ import annotations

from domain.account import Account
from storage.accounts import AccountStore
from storage.database import Database
from storage.paces import PaceStore


async def test_learned_paces_come_back_and_are_overwritten_one_by_one(database: Database) -> None:
    store = PaceStore(database)
    assert await store.load() == {}
    await store.save({})
    first = {
        (1, "send"): {"rate": 0.5, "kind": "窗"},
        (1, "to:-1001234567890123"): {},
        (2, "send"): {"rate": 3},
    }
    await store.save(first)
    assert await store.load() == first
    changed = {(1, "send"): {"rate": 1.25}, (2, "read"): {"since": None}}
    await store.save(changed)
    assert await store.load() == {**first, **changed}


async def test_they_go_with_their_account(database: Database, account: Account) -> None:
    store = PaceStore(database)
    others = {(account.id + 1, "send"): {"rate": 3}}
    await store.save({(account.id, "send"): {"rate": 1}} | others)
    await AccountStore(database).remove(account.id)
    assert await store.load() == others
