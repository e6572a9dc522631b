"""Who asks for something to be done: what they may see and touch hangs on this."""

from __future__ import annotations

from dataclasses import dataclass

from domain.job import OPERATOR, Job


@dataclass(frozen=True, slots=True)
class Asker:
    user_id: int
    is_admin: bool = False

    def may_touch(self, job: Job) -> bool:
        return self.is_admin or job.owner_id == self.user_id


#: The person at the machine's own command line.
AT_THE_TERMINAL = Asker(OPERATOR, is_admin=True)
