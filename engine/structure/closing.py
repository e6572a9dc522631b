"""What is left to do once all messages are copied: links forward in time, pins, topics, the profile."""

from __future__ import annotations

from collections import deque

from domain.step import Step
from engine.structure.changes import Changes


class Closing:
    """Looks what still differs, one subject after the other: so a run that ended anywhere is gone on with."""

    def __init__(self, *, changes: Changes) -> None:
        self._changes = changes
        self._subjects = deque([changes.pinning.steps, changes.states.steps, changes.profiles.steps])
        self._queue: deque[Step] = deque()

    async def next(self) -> Step | None:
        """The next change that is still to be made, numbered 0, or None when nothing is left.

        Asked again after each step that is done. Raises SourceLost, MustWait, Unreachable, AccountStopped.
        """
        if (debt := await self._changes.mending.next()) is not None:
            return debt
        while self._queue or self._subjects:
            if not self._queue:
                self._queue += await self._subjects[0]()
                self._subjects.popleft()
            elif (step := self._queue.popleft()).kind not in self._changes.gave_up:
                return step
        return None
