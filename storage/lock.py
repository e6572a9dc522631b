"""One service per database: a lock of the operating system beside the file, gone at once with its holder."""

from __future__ import annotations

import os
import time

import psutil
from filelock import FileLock, Timeout

from domain.errors import AnotherService
from storage.location import database_file

#: Seconds for which `acquire` outlasts somebody who only looks, and a look outlasts a holder still signing.
_PATIENCE = 0.5
_MOMENT = 0.01


class ServiceLock:
    """The file `<database>.lock`; its holder's process id stands inside. Held until this object is gone."""

    def __init__(self, database_url: str) -> None:
        file = database_file(database_url)
        self._file = file.with_name(file.name + ".lock")
        self._lock = FileLock(self._file, mode=0o600, thread_local=False)

    def acquire(self) -> None:
        """Raises AnotherService while another process holds it."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=_PATIENCE, poll_interval=_MOMENT)
        except Timeout as timeout:
            raise AnotherService(pid=self._signed() or "unknown") from timeout
        self._file.write_text(f"{os.getpid()}\n")

    def release(self) -> None:
        self._lock.release()

    def holder(self) -> int | None:
        """The process id of who holds it now, this process included; None when it is free.

        0 when it is held by a process that has no number here, such as another container's.
        """
        if self._lock.is_locked:
            return os.getpid()
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
