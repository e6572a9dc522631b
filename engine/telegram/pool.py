"""One connected client per account, made when first used, made anew after the connection was lost."""

from __future__ import annotations

import asyncio
from collections import defaultdict

import structlog

from domain.account import AccountState
from domain.errors import AccountStopped, NoSuchAccount
from engine.limiter import Limiter
from engine.telegram.account import CALL_TIMEOUT, TelegramAccount
from engine.telegram.client import ClientFactory, disconnect
from engine.telegram.errors import meaning
from engine.vault import Vault
from storage.accounts import AccountStore

log = structlog.get_logger(__name__)


class AccountPool:
    """An account's session is never connected twice: Telegram would end it (AUTH_KEY_DUPLICATED)."""

    def __init__(
        self, *, accounts: AccountStore, vault: Vault, clients: ClientFactory, limiter: Limiter
    ) -> None:
        self._accounts, self._vault, self._clients, self._limiter = accounts, vault, clients, limiter
        self._connected: dict[int, TelegramAccount] = {}
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, account_id: int) -> TelegramAccount:
        """The connected account. Raises NoSuchAccount, AccountStopped, Unreachable, WrongSecretKey."""
        async with self._locks[account_id]:
            known = self._connected.get(account_id)
            if known is not None and known.is_connected:
                return known
            if known is not None:
                await disconnect(known.client)
            self._connected[account_id] = account = await self._connect(account_id)
            return account

    async def _connect(self, account_id: int) -> TelegramAccount:
        stored = await self._accounts.get(account_id)
        if stored is None:
            raise NoSuchAccount(account_id=account_id)
        if stored.state is AccountState.STOPPED:
            raise AccountStopped(account_id=account_id, reason="it was stopped before")
        client = self._clients.for_copying(self._vault.open(stored.sealed_session))
        try:
            async with asyncio.timeout(CALL_TIMEOUT):
                await client.connect()
                authorised = await client.is_user_authorized()
        except Exception as error:
            await disconnect(client)
            raise meaning(error, account_id=account_id, sending=False) from error
        if not authorised:
            await disconnect(client)
            raise AccountStopped(account_id=account_id, reason="logged out")
        log.info("account_connected", account_id=account_id)
        return TelegramAccount(account_id=account_id, client=client, limiter=self._limiter)

    async def drop(self, account_id: int) -> None:
        """Disconnects one account; its next use connects it again."""
        async with self._locks[account_id]:
            if (known := self._connected.pop(account_id, None)) is not None:
                await disconnect(known.client)

    async def close(self) -> None:
        for account_id in list(self._connected):
            await self.drop(account_id)
