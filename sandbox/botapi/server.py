"""The Bot API over HTTP on loopback: tokens, long polling, faults, limits and errors around the methods."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any, Self

from aiogram.methods import GetUpdates
from aiohttp import web

from sandbox.botapi import requests
from sandbox.botapi.call import Call
from sandbox.botapi.convert import Converter
from sandbox.botapi.errors import ApiError, api_error, flooded
from sandbox.botapi.faults import Dropped, through
from sandbox.botapi.files import Upload
from sandbox.botapi.inbox import Inbox
from sandbox.botapi.limits import Meter, cost
from sandbox.botapi.methods import HANDLERS
from sandbox.botapi.updates import deliver
from sandbox.world import Event, Peer, RpcFailure, World

log = logging.getLogger(__name__)

BODY_LIMIT = 51 << 20  # bytes: bots upload files of up to 50 MB


class BotApiServer:
    """Serves every bot of a world on 127.0.0.1.

    `limits` holds bots to Telegram's pace (limits.py) and may be switched while it runs; `clock` times it, in
    seconds. `refused` counts every 429 that was answered, by the limits or by a fault.
    """

    url: str

    def __init__(
        self, world: World, *, limits: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.world = world
        self.limits = limits
        self.refused = 0
        self._clock = clock
        self._convert = Converter(world)
        self._inboxes: dict[int, Inbox] = {}
        self._meters: dict[int, Meter] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        app = web.Application(client_max_size=BODY_LIMIT)
        app.router.add_route("*", "/bot{token}/{method}", self._respond)
        app.router.add_get("/file/bot{token}/{path:.+}", self._file)
        # handler_cancellation: a bot that was killed leaves no poll behind that its successor would meet
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)

    async def start(self, port: int = 0) -> Self:
        """Listens on that port of loopback, 0 for a free one; `url` says which."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.world.listeners.append(self._on_event)
        return self

    async def stop(self) -> None:
        self.world.listeners.remove(self._on_event)
        for inbox in self._inboxes.values():
            inbox.close()
        for task in self._tasks:
            task.cancel()
        await self._runner.cleanup()

    def inbox(self, user_id: int) -> Inbox:
        """A bot's queue of updates."""
        if user_id not in self._inboxes:
            self._inboxes[user_id] = Inbox(self.world.users[user_id])
        return self._inboxes[user_id]

    def _on_event(self, event: Event) -> None:
        deliver(event, self.world, self._convert, self.inbox)

    def _authorised(self, token: str) -> Inbox:
        number = token.partition(":")[0]  # a token begins with its bot's id
        user = self.world.users.get(int(number)) if number.isdecimal() else None
        if user is None or not user.bot or user.token != token:
            raise ApiError(401, "")
        return self.inbox(user.id)

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, "result": await self._answer(request)})
        except Dropped:
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError from None
        except RpcFailure as e:
            refusal = api_error(e)
        except ApiError as e:
            refusal = e
        except Exception as e:
            log.exception("bug in the sandbox: %s", request.match_info["method"])
            refusal = ApiError(500, f"Internal Server Error: sandbox: {type(e).__name__}: {e}")
        self.refused += refusal.code == 429
        return web.json_response(refusal.body(), status=refusal.code)

    async def _answer(self, request: web.Request) -> Any:
        inbox = self._authorised(request.match_info["token"])
        method = requests.METHODS.get(request.match_info["method"].lower())
        if method is None:
            raise ApiError(404, "method not found")
        params, uploads = await requests.read(request, method)
        gone = asyncio.Event()
        work = self._carry_out(inbox, method, params, uploads, gone)
        if method is GetUpdates:
            return await work  # ends with its connection
        task = asyncio.create_task(
            work
        )  # whatever else was asked for happens, whether the client waits or not
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            gone.set()
            raise

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen: a client that went away hears of it no more

    async def _carry_out(
        self,
        inbox: Inbox,
        method: requests.Method,
        params: dict[str, Any],
        uploads: dict[str, Upload],
        gone: asyncio.Event,
    ) -> Any:
        call = Call(self.world, inbox, self._convert, uploads)
        target = _target(call, params)
        fault = self.world.fault_for(f"bot.{method.__api_method__}", inbox.user.id, target)
        return await through(fault, lambda: self._run(call, method, params), gone)

    async def _run(self, call: Call, method: requests.Method, params: dict[str, Any]) -> Any:
        name = method.__api_method__
        handler = HANDLERS.get(name.lower())
        if handler is None and method is not GetUpdates:
            raise ApiError(501, f"sandbox: {name} is not implemented")
        asked = requests.parse(method, params)
        if handler is None:
            return await call.inbox.fetch(
                asked.offset, asked.limit or 100, asked.timeout or 0, asked.allowed_updates
            )
        messages = cost(name, asked)
        if self.limits and messages:
            meter = self._meters.setdefault(call.bot_id, Meter(self._clock))
            wait = meter.take(call.peer(asked.chat_id), messages)
            if wait > 0:
                raise flooded(wait)
        return handler(call, asked)

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._authorised(request.match_info["token"])
        except ApiError as e:
            return web.json_response(e.body(), status=e.code)
        number = request.match_info["path"].removeprefix("files/")
        media = self.world.files.get(int(number)) if number.isdigit() else None
        return web.Response(body=media.data) if media else web.Response(status=404)


def _target(call: Call, params: dict[str, Any]) -> Peer | None:
    """The chat a fault may be bound to; None when the request names none, or one out of reach."""
    try:
        return call.peer(params["chat_id"], posting=False) if "chat_id" in params else None
    except ApiError:
        return None
