"""The Telegram logins. Sessions come and go sealed; this room cannot open them."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select

from domain.account import Account, AccountState
from domain.errors import AccountInUse, NoSuchAccount
from domain.job import UNFINISHED
from storage.database import Database
from storage.rows import account_from
from storage.tables import accounts, jobs, paces
from storage.upsert import Upsert

_ADD = Upsert(
    accounts,
    key=accounts.c.user_id,
    change=lambda new: {
        "owner_id": func.coalesce(new.owner_id, accounts.c.owner_id),
        "name": new.name,
        "state": new.state,
        "sealed_session": new.sealed_session,
    },
)


class AccountStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, *, owner_id: int | None, user_id: int, name: str, sealed_session: bytes) -> Account:
        """A new login. For a Telegram user who is here already: a new session for the same account.

        It is then ready, and keeps its owner unless `owner_id` is given.
        """
        new = {
            "owner_id": owner_id,
            "user_id": user_id,
            "name": name,
            "state": AccountState.READY,
            "sealed_session": sealed_session,
            "added_at": datetime.now(UTC),
        }

        def work(connection: Connection) -> Account:
            adding = _ADD.on(connection).returning(*accounts.c)
            return account_from(connection.execute(adding, new).one())

        return await self._database.write(work)

    async def get(self, account_id: int) -> Account | None:
        wanted = select(accounts).where(accounts.c.id == account_id)
        row = await self._database.read(lambda connection: connection.execute(wanted).one_or_none())
        return account_from(row) if row else None

    async def all(self) -> list[Account]:
        """Oldest first."""
        rows = await self._database.read(
            lambda connection: connection.execute(select(accounts).order_by(accounts.c.id)).all()
        )
        return [account_from(row) for row in rows]

    async def for_owner(self, owner_id: int | None) -> list[Account]:
        """Those that this owner may copy with, oldest first; None asks for the operator's."""
        return [account for account in await self.all() if account.owner_id == owner_id]

    async def remove(self, account_id: int) -> None:
        """Forgets login and paces; finished jobs keep the number. Raises NoSuchAccount, AccountInUse."""
        unfinished = (
            select(func.count())
            .select_from(jobs)
            .where(jobs.c.account_id == account_id, jobs.c.status.in_(UNFINISHED))
        )

        def work(connection: Connection) -> None:
            if count := connection.execute(unfinished).scalar_one():
                raise AccountInUse(account_id=account_id, count=count)
            if not connection.execute(delete(accounts).where(accounts.c.id == account_id)).rowcount:
                raise NoSuchAccount(account_id=account_id)
            connection.execute(delete(paces).where(paces.c.account_id == account_id))

        await self._database.write(work)
