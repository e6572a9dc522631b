"""Logins: kept once for each Telegram user, stopped and revived together with their jobs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.account import Account, AccountState
from domain.errors import AccountInUse, NoSuchAccount
from domain.job import Failure, JobStatus, PauseReason, WaitReason
from storage.accounts import AccountStore
from storage.jobs import JobStore
from tests.storage.orders import NOW, order, running

GONE = Failure("Telegram no longer accepts the login of account {account_id}.", {"account_id": "1"})


async def test_accounts_come_back(accounts: AccountStore) -> None:
    mine = await accounts.add(owner_id=7, user_id=2**40, name="Ada “A”", sealed_session=b"\x00\xff")
    shared = await accounts.add(owner_id=None, user_id=8, name="Ops", sealed_session=b"s")
    assert (mine.owner_id, mine.user_id, mine.name) == (7, 2**40, "Ada “A”")
    assert (mine.state, mine.sealed_session) == (AccountState.READY, b"\x00\xff")
    assert mine.added_at.tzinfo is UTC and mine.added_at <= datetime.now(UTC)
    assert await accounts.get(mine.id) == mine
    assert await accounts.get(99) is None
    assert await accounts.all() == [mine, shared]
    assert await accounts.for_owner(7) == [mine]
    assert await accounts.for_owner(None) == [shared]
    assert await accounts.for_owner(8) == []


async def test_a_new_login_of_the_same_user_replaces_the_session(
    accounts: AccountStore, jobs: JobStore, account: Account
) -> None:
    await jobs.stop_account(account.id, GONE)
    again = await accounts.add(owner_id=None, user_id=account.user_id, name="Ada L.", sealed_session=b"new")
    assert again == replace(account, name="Ada L.", sealed_session=b"new")
    given = await accounts.add(owner_id=9, user_id=account.user_id, name="Ada L.", sealed_session=b"new")
    assert given == replace(again, owner_id=9)
    assert await accounts.all() == [given]


async def test_a_stopped_account_stops_its_jobs_and_a_new_login_revives_those(
    accounts: AccountStore, jobs: JobStore, account: Account
) -> None:
    other = await accounts.add(owner_id=8, user_id=8, name="", sealed_session=b"")
    fresh = await jobs.add(order())
    at_work, waiting, by_owner = [await running(jobs) for _ in range(3)]
    await jobs.move(waiting.id, JobStatus.PENDING, resume_at=NOW, wait_reason=WaitReason.FLOOD)
    await jobs.move(by_owner.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER)
    elsewhere = await running(jobs, order(account=other.id))
    stopped = await jobs.stop_account(account.id, GONE)
    assert [job.id for job in stopped] == [fresh.id, at_work.id, waiting.id]
    assert {(job.status, job.pause_reason, job.resume_at) for job in stopped} == {
        (JobStatus.PAUSED, PauseReason.ACCOUNT, None)
    }
    assert [job.failure for job in stopped] == [GONE] * 3
    assert await jobs.get(elsewhere.id) == elsewhere
    assert await accounts.get(account.id) == replace(account, state=AccountState.STOPPED)

    revived = await jobs.revive_account(account.id)
    assert [job.id for job in revived] == [fresh.id, at_work.id, waiting.id]
    assert {(job.status, job.pause_reason, job.failure) for job in revived} == {
        (JobStatus.PENDING, None, None)
    }
    left = await jobs.get(by_owner.id)
    assert left is not None and left.pause_reason is PauseReason.OWNER
    assert await accounts.get(account.id) == account


async def test_an_account_that_is_not_there(accounts: AccountStore, jobs: JobStore) -> None:
    for asked in (jobs.stop_account(5, GONE), jobs.revive_account(5), accounts.remove(5)):
        with pytest.raises(NoSuchAccount, match="no account 5"):
            await asked


async def test_removing(accounts: AccountStore, jobs: JobStore, account: Account) -> None:
    done, paused = [await running(jobs) for _ in range(2)]
    done = await jobs.move(done.id, JobStatus.COMPLETED)
    await jobs.move(paused.id, JobStatus.PAUSED, pause_reason=PauseReason.OWNER)
    with pytest.raises(AccountInUse, match=f"Account {account.id} still has 1 unfinished"):
        await accounts.remove(account.id)
    assert await accounts.all() == [account]
    await jobs.move(paused.id, JobStatus.CANCELLED)
    await accounts.remove(account.id)
    assert await accounts.all() == []
    assert await jobs.get(done.id) == done, "history outlives the account"
    successor = await accounts.add(owner_id=7, user_id=7007, name="Ada", sealed_session=b"")
    assert successor.id != account.id, "or old jobs would seem to be the new account's"
