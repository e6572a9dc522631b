"""`account add` as a person sees it: questions at a terminal, and a password that does not show."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import subprocess
import sys
import termios
import time

import pytest

from tests.system.stage import Stage
from tests.system.terminal import DEADLINE, MAIN, Terminal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

CODE = "12345"  # the sandbox sends everybody this one
PASSWORD = "correct horse"
HIDDEN = "Password of two-step verification:"


def at_a_terminal(terminal: Terminal, *arguments: str) -> tuple[subprocess.Popen[bytes], int]:
    """The process, and the end of the terminal at which its person sits."""
    person, process = os.openpty()
    started = subprocess.Popen(
        [sys.executable, str(MAIN), *arguments],
        stdin=process,
        stdout=process,
        stderr=process,
        cwd=terminal.folder,
        env=terminal.environment,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # where passwords are asked for
    )
    os.close(process)
    return started, person


def dialogue(person: int, answers: list[tuple[str, str]]) -> str:
    """Answers each question when it is asked; returns everything that was shown."""
    shown = ""
    with contextlib.suppress(OSError):  # Linux's way to say that the other end is closed
        while found := os.read(person, 4096):
            shown += found.decode()
            if answers and shown.rstrip().endswith(answers[0][0]):
                if answers[0][0] == HIDDEN:
                    until_it_is_dark(person)
                os.write(person, answers.pop(0)[1].encode() + b"\n")
    return shown


def until_it_is_dark(person: int) -> None:
    """What is typed before the terminal stops to echo is thrown away; people are slower than that."""
    deadline = time.monotonic() + DEADLINE
    while termios.tcgetattr(person)[3] & termios.ECHO:
        assert time.monotonic() < deadline, "the password would show"
        time.sleep(0.01)


async def log_in(terminal: Terminal, answers: list[tuple[str, str]]) -> tuple[int, str]:
    process, person = at_a_terminal(terminal, "account", "add", "--owner", "77")
    try:
        async with asyncio.timeout(DEADLINE):
            shown = await asyncio.to_thread(dialogue, person, answers)
            return await asyncio.to_thread(process.wait), shown
    finally:
        process.kill()
        process.wait()
        os.close(person)


async def test_phone_code_and_password(sandbox: Stage, terminal: Terminal) -> None:
    await sandbox.control.add_user("Lin", username="lin_at_sea", phone="99966110077", password=PASSWORD)
    code, shown = await log_in(
        terminal,
        [
            ("country code:", "+99966110077"),
            ("Code:", "99999"),
            ("Code:", CODE),
            (HIDDEN, "wrong"),
            (HIDDEN, PASSWORD),
        ],
    )
    assert code == 0, shown
    assert "the code is wrong" in shown
    assert "the password is wrong" in shown
    assert "@lin_at_sea" in shown
    assert PASSWORD not in shown
    assert "user 77" in (await terminal.run("account", "list")).out


async def test_a_number_that_nobody_has(sandbox: Stage, terminal: Terminal) -> None:
    code, shown = await log_in(terminal, [("country code:", "+1000"), ("Code:", CODE)])
    assert code == 1, shown
    assert "refused the login" in shown
    assert "user 77" not in (await terminal.run("account", "list")).out
