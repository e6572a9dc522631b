"""Lets whoever sits at the sandbox's terminal talk to the bot as the sandbox's person."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any, Self

from rich.console import Console
from rich.text import Text

from sandbox.world import Event, Message, Peer, RpcFailure, World

PRESS_TIMEOUT = 10  # seconds the bot has to answer a pressed button


class TerminalChat:
    """`with TerminalChat(...)`: typed lines go to the bot, its messages are printed; `!2` presses button 2.

    The buttons are those of the latest message that has any. Ends with the input.
    """

    def __init__(
        self, *, world: World, user: int, bot: int, console: Console | None = None, fd: int | None = None
    ) -> None:
        self._world = world
        self._user = user
        self._bot: Peer = ("user", bot)
        self._console = console or Console()
        self._fd = sys.stdin.fileno() if fd is None else fd
        self._unread = b""
        self._buttons: list[dict[str, Any]] = []
        self._buttons_of = 0  # the id of the message that carries them
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._world.listeners.append(self._on_event)
        asyncio.get_running_loop().add_reader(self._fd, self._readable)
        name = self._world.users[self._bot[1]].username
        self._say(f"Type to talk to @{name}, for example /start; !1 presses button 1. Ctrl-C ends.", "dim")
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.get_running_loop().remove_reader(self._fd)
        self._world.listeners.remove(self._on_event)
        for task in self._tasks:
            task.cancel()

    def _readable(self) -> None:
        found = os.read(self._fd, 65_536)
        if not found:
            asyncio.get_running_loop().remove_reader(self._fd)
            return
        *lines, self._unread = (self._unread + found).split(b"\n")
        for line in lines:
            if typed := line.decode(errors="replace").strip():
                self._typed(typed)

    def _typed(self, line: str) -> None:
        if line.startswith("!") and line[1:].strip().isdigit():
            self._press(int(line[1:]))
            return
        try:
            self._world.send(self._user, self._bot, [{"text": line}])
        except RpcFailure as e:
            self._say(f"not sent: {e.message}", "red")

    def _press(self, number: int) -> None:
        if not 1 <= number <= len(self._buttons):
            self._say(f"There is no button {number}.", "red")
            return
        button = self._buttons[number - 1]
        if "callback_data" not in button:
            self._say(f"This button opens {button.get('url', 'something')}.", "dim")
            return
        try:
            data = button["callback_data"].encode()
            _, answer = self._world.press(self._user, self._bot, self._buttons_of, data)
        except RpcFailure as e:
            self._say(f"not pressed: {e.message}", "red")
            return
        task = asyncio.create_task(self._show_answer(answer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _show_answer(self, answer: asyncio.Future[dict[str, Any]]) -> None:
        try:
            said = await asyncio.wait_for(answer, PRESS_TIMEOUT)
        except TimeoutError:
            self._say("The bot did not answer the button.", "red")
            return
        if said.get("text"):
            self._say(f"» {said['text']}", "yellow")

    def _on_event(self, event: Event) -> None:
        if event.kind not in ("new", "edit") or event.box is None or event.box.key != ("user", self._user):
            return
        for _, _, m in event.items:
            if isinstance(m, Message) and m.peer == self._bot and not m.out:
                self._show(m, edited=event.kind == "edit")

    def _show(self, m: Message, *, edited: bool) -> None:
        self._say(f"bot, message {m.id}{' (edited)' if edited else ''}", "bold cyan")
        self._say(m.text or f"[{m.media.kind if m.media else 'nothing'}]")
        if m.id < self._buttons_of:
            return
        buttons = [button for row in m.markup or [] for button in row]
        if buttons or m.id == self._buttons_of:
            self._buttons, self._buttons_of = buttons, m.id
        if buttons:
            named = (f"[{n}] {button['text']}" for n, button in enumerate(buttons, 1))
            self._say("  ".join(named), "green")

    def _say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style=style))
