"""Operations that make things go wrong: faults, flood limits, harsher random ids, dead sessions."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sandbox.control.server import Refused, operations_of
from sandbox.control.views import peer_from
from sandbox.mtproto.server import MTProtoServer
from sandbox.world import Fault, World
from sandbox.world.limits import FloodLimit


class Trouble:
    """`happenings`: operations that may happen to the world when a call meets a fault, beside these."""

    def __init__(self, *, world: World, telegram: MTProtoServer, happenings: Sequence[object]) -> None:
        self._world = world
        self._telegram = telegram
        self._happenings = operations_of(*happenings, self)
        self._faults: dict[int, Fault] = {}
        self._numbers = itertools.count(1)

    def set_fault(self, **fields: Any) -> int:
        """A fault's fields as in sandbox.world.Fault; its number, to wait for it or to release it.

        `then` is the name of such an operation and its arguments.
        """
        if fields.get("target") is not None:
            fields["target"] = peer_from(fields["target"])
        if fields.get("then") is not None:
            fields["then"] = self._happening(*fields["then"])
        try:
            fault = Fault(**fields)
        except TypeError as e:
            raise Refused(f"This is no fault: {e}.") from e
        number = next(self._numbers)
        self._faults[number] = fault
        self._world.faults.append(fault)
        return number

    def clear_faults(self) -> None:
        """Forgets all faults; calls that are held go on."""
        for fault in self._faults.values():
            fault.release()
        self._faults.clear()
        self._world.faults.clear()

    async def wait_for_fault(self, number: int, seconds: float = 30) -> int:
        """Until a call has met the fault; how often that happened."""
        fault = self._fault(number)
        try:
            await asyncio.wait_for(fault.hit.wait(), seconds)
        except TimeoutError:
            raise Refused(f"No call of {fault.method} met fault {number} within {seconds:g} s.") from None
        return fault.hits

    def fault_hits(self, number: int) -> int:
        return self._fault(number).hits

    def release_fault(self, number: int) -> None:
        """Lets a held call go on."""
        self._fault(number).release()

    def _happening(self, name: str, arguments: dict[str, Any]) -> Callable[[], object]:
        if name not in self._happenings:
            raise Refused(f"Nothing called {name!r} can happen.")
        return partial(self._happenings[name], **arguments)

    def _fault(self, number: int) -> Fault:
        if number not in self._faults:
            raise Refused(f"There is no fault {number}; perhaps it was cleared.")
        return self._faults[number]

    def set_limits(self, limits: list[dict[str, Any]]) -> None:
        """Replaces all flood limits (fields as in FloodLimit); an empty list lifts them."""
        try:
            self._world.limits[:] = [FloodLimit(**fields) for fields in limits]
        except TypeError as e:
            raise Refused(f"This is no flood limit: {e}.") from e

    def set_latency(self, seconds: float) -> None:
        """How long each answer of MTProto takes, however many are on their way."""
        self._telegram.calls.latency = seconds

    def set_random_id_mode(self, mode: str, target: Any = None) -> None:
        """documented, duplicate, mapping_only or forgotten; everywhere, or for one target."""
        self._world.set_random_id_mode(mode, None if target is None else peer_from(target))

    def revoke(self, user: int) -> int:
        """Ends all sessions of the account, as its owner can in the app; how many keys died."""
        keys = [auth for auth in self._telegram.auth_keys.values() if auth.user_id == user]
        for auth in keys:
            self._telegram.bind(auth, None)
        return len(keys)
