"""The person at the sandbox's terminal: what is typed reaches the bot, what the bot says is printed."""

from __future__ import annotations

import io
import os
from collections.abc import AsyncIterator

import pytest
from rich.console import Console

from sandbox.chat import TerminalChat
from sandbox.world import Event, User, World
from tests.sandbox.waiting import until


class Terminal:
    """A keyboard (a pipe), a screen (a buffer) and a bot that the test plays itself."""

    def __init__(self) -> None:
        self.world = World()
        self.person: User = self.world.add_user("Wei")
        self.bot: User = self.world.add_bot("ferry_demo_bot")
        self._screen = io.StringIO()
        self.console = Console(file=self._screen, width=80, color_system=None)
        self.fd, self._keyboard = os.pipe()
        self.pressed: list[tuple[int, bytes]] = []
        self.world.listeners.append(self._on_event)

    def _on_event(self, event: Event) -> None:
        if event.kind == "callback":
            self.pressed.append((event.extra["id"], event.extra["data"]))

    def type(self, text: str | bytes) -> None:
        os.write(self._keyboard, text if isinstance(text, bytes) else text.encode())

    def hang_up(self) -> None:
        os.close(self._keyboard)

    @property
    def shown(self) -> str:
        return self._screen.getvalue()

    def heard(self) -> list[str]:
        box = self.world.boxes["user", self.bot.id]
        return [m.text for m in box.by_id.values() if not m.out]

    def answer(self, text: str, *buttons: str) -> int:
        """The bot's message; its id as the bot sees it."""
        markup = [[{"text": b, "callback_data": f"data {b}"} for b in buttons]] if buttons else None
        spec = {"text": text, "markup": markup}
        return self.world.send(self.bot.id, ("user", self.person.id), [spec])[0][1].id


@pytest.fixture
async def terminal() -> AsyncIterator[Terminal]:
    found = Terminal()
    chat = TerminalChat(
        world=found.world, user=found.person.id, bot=found.bot.id, console=found.console, fd=found.fd
    )
    with chat:
        yield found
    os.close(found.fd)


async def test_lines_go_to_the_bot(terminal: Terminal) -> None:
    terminal.type("/start\n\n  你好 🛶 \n".encode()[:-4])
    await until(lambda: terminal.heard() == ["/start"])
    terminal.type("你好 🛶 \n".encode()[-4:])
    await until(lambda: len(terminal.heard()) == 2)
    assert terminal.heard()[1].startswith("你好")


async def test_what_the_bot_says_is_shown(terminal: Terminal) -> None:
    terminal.type("/jobs\n")
    await until(lambda: terminal.heard() == ["/jobs"])
    number = terminal.answer("Job 1: [50%]", "Pause", "Cancel")
    assert "Job 1: [50%]" in terminal.shown
    assert "[1] Pause  [2] Cancel" in terminal.shown
    terminal.world.edit(terminal.bot.id, ("user", terminal.person.id), number, text="Job 1: done")
    assert "(edited)" in terminal.shown
    assert "Job 1: done" in terminal.shown
    assert "/jobs" not in terminal.shown  # one's own words are not repeated


async def test_buttons(terminal: Terminal) -> None:
    terminal.type("/start\n")
    await until(lambda: bool(terminal.heard()))
    terminal.type("!1\n")
    await until(lambda: "There is no button 1." in terminal.shown)
    terminal.answer("Sure?", "Yes", "No")
    terminal.answer("And by the way")
    terminal.type("!2\n")
    await until(lambda: bool(terminal.pressed))
    query, data = terminal.pressed[0]
    assert data == b"data No"
    terminal.world.answer_callback(query, text="As you like")
    await until(lambda: "As you like" in terminal.shown)


async def test_the_end_of_the_input_is_no_trouble(terminal: Terminal) -> None:
    terminal.hang_up()
    terminal.answer("still here")
    await until(lambda: "still here" in terminal.shown)
