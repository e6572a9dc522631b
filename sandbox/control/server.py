"""The sandbox's control endpoint: one POST per operation, on loopback, for those who hold its token alone."""

from __future__ import annotations

import hmac
import inspect
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from aiohttp import web

from sandbox.world import RpcFailure

Operation = Callable[..., Any]


class Refused(Exception):
    """An operation that cannot be done; the message is one sentence for whoever asked."""


class ControlServer:
    """Serves `operations`: name -> function of keyword arguments, plain or async.

    A request is POST /name with the arguments as a JSON object and the token as bearer; the answer is
    {"result": ...}, or {"error": sentence} with status 400.
    """

    def __init__(self, *, operations: Mapping[str, Operation], token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(24)
        self.url = ""
        self._operations = operations
        app = web.Application(client_max_size=256 << 20)
        app.router.add_post("/{operation}", self._call)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start(self, port: int = 0) -> ControlServer:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def stop(self) -> None:
        await self._runner.cleanup()

    async def _call(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.token}".encode()):
            return _refusal(401, "The control token is missing or wrong; it stands in sandbox.json.")
        operation = self._operations.get(request.match_info["operation"])
        if operation is None:
            return _refusal(404, f"There is no operation {request.match_info['operation']!r}.")
        try:
            arguments = json.loads(await request.read() or b"{}")
            inspect.signature(operation).bind(**arguments)
        except (ValueError, TypeError) as e:
            return _refusal(400, f"The arguments do not fit: {e}.")
        try:
            result = operation(**arguments)
            if inspect.isawaitable(result):
                result = await result
        except (Refused, RpcFailure, ValueError, LookupError) as e:
            return _refusal(400, f"{type(e).__name__}: {e}" if isinstance(e, LookupError) else str(e))
        return web.json_response({"result": result}, dumps=_dumps)


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


def _dumps(value: Any) -> str:
    return json.dumps(value, default=_plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if hasattr(value, "as_dict"):
        return value.as_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} is nothing to send")


def operations_of(*parts: object) -> dict[str, Operation]:
    """All public methods of the parts, by name."""
    return {
        name: getattr(part, name) for part in parts for name in vars(type(part)) if not name.startswith("_")
    }
