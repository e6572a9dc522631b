"""One service per database: a lock of the operating system beside the file, gone at once with its holder."""

from __future__ import annotations

import os

from filelock import FileLock, Timeout

from domain.errors import AnotherService
from storage.location import database_file

#: Seconds for which `acquire` outlasts somebody who only looks whether the lock is free.
_PATIENCE = 0.5


class ServiceLock:
    """The file `<database>.lock`; its holder's process id stands inside."""

    def __init__(self, database_url: str) -> None:
        file = database_file(database_url)
        self._file = file.with_name(file.name + ".lock")
        self._lock = FileLock(self._file, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Raises AnotherService while another process holds it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=_PATIENCE, poll_interval=0.02)
        except Timeout as timeout:
            raise AnotherService(pid=self._pid()) from timeout
        self._file.write_text(f"{os.getpid()}\n")

    def release(self) -> None:
        self._lock.release()

    def holder(self) -> int | None:
        """The process id of who holds it now, this process included; None when it is free."""
        if self._lock.is_locked:
            return os.getpid()
        if not self._file.exists():
            return None
        try:
            with FileLock(self._file, timeout=0, is_singleton=False):
                return None
        except Timeout:
            return self._pid()

    def _pid(self) -> int:
        return int(self._file.read_text())
