"""AccountService: adds, lists and removes the logins that jobs copy with."""

from __future__ import annotations

from domain.account import Account
from engine.events import Events, JobChanged
from engine.telegram.client import ClientFactory
from engine.telegram.login import LoggedIn, Login
from engine.vault import Vault
from storage.accounts import AccountStore
from storage.jobs import JobStore


class AccountService:
    def __init__(
        self, *, accounts: AccountStore, jobs: JobStore, vault: Vault, clients: ClientFactory, events: Events
    ) -> None:
        self._accounts, self._jobs, self._vault = accounts, jobs, vault
        self._clients, self._events = clients, events

    async def all(self) -> list[Account]:
        return await self._accounts.all()

    def login(self, session: str = "") -> Login:
        """A login to go through step by step, or one that a session string has gone through already.

        Used as `async with`; `keep` what its `finish` gives.
        """
        return Login(clients=self._clients, session=session)

    async def keep(self, login: LoggedIn, *, owner_id: int | None) -> Account:
        """Seals and stores a finished login. Jobs that waited for this account's login may go on."""
        account = await self._accounts.add(
            owner_id=owner_id,
            user_id=login.user_id,
            name=login.name,
            sealed_session=self._vault.seal(login.session),
        )
        for job in await self._jobs.revive_account(account.id):
            self._events.emit(JobChanged(job))
        return account

    async def remove(self, account_id: int) -> None:
        """Raises NoSuchAccount, AccountInUse."""
        await self._accounts.remove(account_id)
