"""One service per database: its lock is gone at once with its holder, however that ends."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Protocol

import psutil
from filelock import FileLock, Timeout

from domain.errors import AnotherService, DatabaseBroken
from storage.location import database_file, is_file, parse_url, shown

#: Seconds for which `acquire` outlasts somebody who only looks, and a look outlasts a holder still signing.
_PATIENCE = 0.5
_MOMENT = 0.01


class ServiceLock(Protocol):
    """Made by `service_lock`. All of it may raise DatabaseBroken."""

    @property
    def is_lost(self) -> bool:
        """True once it is known that somebody else may have it, until `confirm` has it again."""

    async def acquire(self) -> None:
        """Raises AnotherService while another process holds it."""

    async def confirm(self) -> None:
        """Proves that it is ours, or takes it again. Whoever can't confirm it must not send anything.

        To be called now and then (a server may drop us without a word), and after every trouble of the
        database before going on. Raises AnotherService when somebody else has it by now.
        """

    async def release(self) -> None: ...

    async def holder(self) -> int | None:
        """The process id of who holds it now, this process included; None when it is free.

        0 when it is held by a process that has no number here, such as another container's or machine's.
        """


def service_lock(database_url: str) -> ServiceLock:
    """Raises SettingError."""
    if is_file(database_url):
        return _FileLock(database_url)
    from storage.postgres_lock import PostgresLock  # late, as in storage/database.py

    return PostgresLock(parse_url(database_url))


class _FileLock:
    """The file `<database>.lock`; its holder's process id stands inside. Held until this object is gone."""

    is_lost = False  # the operating system takes it from nobody

    def __init__(self, database_url: str) -> None:
        file = database_file(database_url)
        self._shown_url = shown(parse_url(database_url))
        self._file = file.with_name(file.name + ".lock")
        self._lock = FileLock(self._file, mode=0o600, thread_local=False)

    async def acquire(self) -> None:
        try:
            await asyncio.to_thread(self._acquire)
        except OSError as error:
            raise DatabaseBroken(url=self._shown_url, reason=error.strerror or error) from error

    async def confirm(self) -> None: ...

    async def release(self) -> None:
        self._lock.release()

    async def holder(self) -> int | None:
        return os.getpid() if self._lock.is_locked else await asyncio.to_thread(self._find_holder)

    def _acquire(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=_PATIENCE, poll_interval=_MOMENT)
        except Timeout as timeout:
            raise AnotherService(pid=self._signed() or "unknown") from timeout
        self._file.write_text(f"{os.getpid()}\n")

    def _find_holder(self) -> int | None:
        deadline = time.monotonic() + _PATIENCE
        while self._file.exists() and not self._is_free():
            # An old number stands there until a new holder has signed, or while somebody else looks.
            if (pid := self._signed()) and psutil.pid_exists(pid):
                return pid
            if time.monotonic() > deadline:
                return 0
            time.sleep(_MOMENT)
        return None

    def _is_free(self) -> bool:
        try:
            with FileLock(self._file, timeout=0):
                return True
        except Timeout:
            return False

    def _signed(self) -> int:
        text = self._file.read_text().strip()
        return int(text) if text.isdigit() else 0
