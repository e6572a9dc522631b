"""Each call on its way: the trouble that was ordered for it, the limits, the handler, the answer."""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sandbox.mtproto import rpc
from sandbox.mtproto.envelope import encode
from sandbox.mtproto.session import Session
from sandbox.world import Fault, Peer, RpcFailure

if TYPE_CHECKING:
    from sandbox.mtproto.connection import Connection
    from sandbox.mtproto.server import MTProtoServer

log = logging.getLogger("sandbox.mtproto")


class Calls:
    """`latency`: seconds that every answer takes, however many calls are on their way."""

    def __init__(self, server: MTProtoServer) -> None:
        self.latency = 0.0
        self._server = server
        self._world = server.world
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, conn: Connection, s: Session, mid: int, req: Any) -> None:
        req, updates = rpc.unwrap(s.auth, req)
        if s.auth.dead:
            return self._reply(s, mid, s.auth.dead)
        name = rpc.name_of(req)
        s.auth.calls[name] += 1
        if s.user_id and updates and name != "help.getConfig":
            s.wants_updates = True
        aimed = self._world.faults or self._world.limits
        target = rpc.target_of(s.user_id, req) if aimed else None
        fault = self._world.fault_for(name, s.user_id, target)
        if fault:
            self._meet(conn, s, mid, req, target, fault)
        else:
            self._finish(s, mid, self._result(s, req, target))

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()

    def _result(self, s: Session, req: Any, target: Peer | None) -> Any:
        """The handler's answer as bytes, a coroutine that will give one, or an RpcFailure."""
        name = rpc.name_of(req)
        try:
            if self._world.limits:
                self._world.charge(name, s.user_id, target, rpc.messages_of(req))
            result = rpc.dispatch(self._server, s, req)
            return result if inspect.iscoroutine(result) else encode(result)
        except RpcFailure as e:
            return e
        except Exception:
            log.exception("handler %s failed", name)
            return RpcFailure(400, "SANDBOX_BUG")  # not 500: Telethon retries those 5 times, 2 s apart

    def _finish(self, s: Session, mid: int, result: Any, left: Callable[[], None] | None = None) -> None:
        """`left` is called when the answer has left."""
        if inspect.iscoroutine(result):
            self._run(self._answer_later(s, mid, result, left))
        else:
            self._reply(s, mid, result, left)

    async def _answer_later(self, s: Session, mid: int, result: Any, left: Callable[[], None] | None) -> None:
        try:
            answer = await result
        except RpcFailure as e:
            answer = e
        self._reply(s, mid, answer, left)
        s.flush()

    def _reply(self, s: Session, mid: int, answer: Any, left: Callable[[], None] | None = None) -> None:
        """Queues the answer, which leaves with the next flush; with a latency it is sent that much later."""
        if self.latency:
            asyncio.get_running_loop().call_later(self.latency, self._send, s, mid, answer, left)
        elif left is not None:
            self._send(s, mid, answer, left)
        else:
            s.reply(mid, answer, self._server.gzip)

    def _send(self, s: Session, mid: int, answer: Any, left: Callable[[], None] | None) -> None:
        s.reply(mid, answer, self._server.gzip)
        s.flush()
        if left is not None:
            left()

    def _meet(
        self, conn: Connection, s: Session, mid: int, req: Any, target: Peer | None, fault: Fault
    ) -> None:
        if fault.action in ("delay", "hold_before", "hold_after"):
            return self._run(self._stall(conn, s, mid, req, target, fault))
        result = self._result(s, req, target) if fault.commits_first else None
        if fault.action == "after_answer":
            return self._finish(s, mid, result, fault.met)
        if inspect.iscoroutine(result):
            result.close()
        fault.met()
        seconds = int(fault.seconds)
        match fault.action:
            case "pass":
                self._pass(s, mid, req, target)
            case "flood":
                self._reply(s, mid, RpcFailure(420, f"FLOOD_WAIT_{seconds}"))
            case "slow_mode":
                self._reply(s, mid, RpcFailure(420, f"SLOWMODE_WAIT_{seconds}"))
            case "error" | "error_after":
                self._reply(s, mid, RpcFailure(fault.code, fault.message))
            case _:  # drop_before, drop_after
                conn.close(abort=True)

    def _pass(self, s: Session, mid: int, req: Any, target: Peer | None) -> None:
        """What happened meanwhile may have ended the login, too."""
        self._finish(s, mid, s.auth.dead or self._result(s, req, target))

    async def _stall(
        self, conn: Connection, s: Session, mid: int, req: Any, target: Peer | None, fault: Fault
    ) -> None:
        """A call that takes long; as long as it runs nobody else may use its random ids."""
        ids, account = rpc.random_ids_of(req), s.user_id or 0
        aim = target or ("user", account)
        try:
            self._world.random_ids.admit(account, aim, ids)
        except RpcFailure as e:
            self._reply(s, mid, e)
            return s.flush()
        result = self._result(s, req, target) if fault.commits_first else None
        with self._world.random_ids.running(account, aim, ids):
            fault.met()
            await _pause(conn, fault)
        if not fault.commits_first:
            if fault.discard and conn.gone.is_set():
                return
            result = self._result(s, req, target)
        self._finish(s, mid, result)
        s.flush()

    def _run(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _pause(conn: Connection, fault: Fault) -> None:
    """As the fault says; a call that only waits to answer also ends when nobody is there to hear it."""
    waits: list[asyncio.Future[Any]] = [asyncio.ensure_future(fault.pause())]
    if fault.commits_first:
        waits.append(asyncio.ensure_future(conn.gone.wait()))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
