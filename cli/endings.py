"""How a command ends: with its exit code, and with a sentence instead of a traceback."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from typing import Any, NoReturn

import typer
from rich.console import Console

from domain import errors, refusals
from domain.errors import FerryError

DONE, FAILED, WRONG_USAGE = 0, 1, 2
LEFT_OUT = 3  #: finished, but some messages could not be copied
INTERRUPTED = 128 + signal.SIGINT

#: What is to be done about these is something else at the terminal than in the bot.
HINTS: dict[type[FerryError], str] = {
    errors.AlreadyCopied: "To copy everything a second time: --again",
    errors.NoAccount: "Add one with: python main.py account add",
    errors.NoSuchJob: "python main.py jobs lists all jobs.",
    errors.Unreachable: "Check the network, then run the same command again.",
    refusals.NothingToCheck: "python main.py jobs lists all jobs.",
    refusals.NoJobBetween: "python main.py jobs lists all jobs; verify N takes everybody's.",
    refusals.StillCopying: "python main.py job {job_id} shows how it stands.",
    refusals.NotVerifiedYet: "Run this first: python main.py verify {job_id}",
    refusals.NothingToMend: "To see how it stands now: python main.py verify {job_id}",
    refusals.NothingSkipped: "python main.py job {job_id} shows what it left out and why.",
    refusals.NothingToDelete: "List them again first: python main.py dedupe CHAT",
    errors.AccountInUse: "Cancel them in the bot first, then remove it.",
}


class WrongUsage(FerryError):
    """What is wrong with the command itself."""


class TitleOfWhat(WrongUsage):
    text = "--title names a new chat, but none is to be made."
    hint = "Add --new-target, or leave --title out; --profile gives a target the source's title."


_USAGE = (
    WrongUsage,
    refusals.NotAMessage,
    refusals.NotAMoment,
    refusals.NotIds,
    refusals.TooManyIds,
    refusals.NoSuchKind,
    refusals.ChoicesClash,
    refusals.UpsideDown,
    refusals.TitleTooLong,
    errors.BadReference,
    errors.SettingError,
    errors.MissingSetting,
    errors.HalfSandbox,
    errors.WrongServer,
    errors.WrongSecretKey,
)


def carry_out(command: Coroutine[Any, Any, int], *, failed: int = FAILED) -> NoReturn:
    """Runs `command`, which returns the exit code, and leaves. Ctrl-C and SIGTERM cancel it first.

    `failed` is the exit code for an error of ours that is no wrong usage.
    """
    try:
        code = asyncio.run(_until_told_to_stop(command))
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        known = list(_known(error))
        if not known:
            raise
        for one in known:
            tell(sentence(one))
        code = WRONG_USAGE if any(isinstance(one, _USAGE) for one in known) else failed
    raise typer.Exit(code)


def sentence(error: FerryError) -> str:
    """What is wrong and what to do about it at the terminal."""
    hint = HINTS.get(type(error), error.hint)
    return at_the_terminal(f"{error.text} {hint}".strip()).format(**error.values)


def at_the_terminal(pattern: str) -> str:
    """A sentence that was written for the bot's commands, for somebody who has none."""
    for verb in ("/resume", "/retry"):
        pattern = pattern.replace(f"then {verb} {{job_id}}", "then run the same command again")
        pattern = pattern.replace(f"{verb} {{job_id}}", "Running the same command again")
    return pattern


def tell(text: str) -> None:
    """A line for the person at the terminal, apart from what the command prints as its result."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False)


async def _until_told_to_stop(command: Coroutine[Any, Any, int]) -> int:
    """SIGTERM ends it in the same way as Ctrl-C does."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    terminated = False

    def terminate() -> None:
        nonlocal terminated
        terminated = True
        task.cancel()

    loop.add_signal_handler(signal.SIGTERM, terminate)
    try:
        return await command
    except asyncio.CancelledError:
        if not terminated:
            raise
        return 128 + signal.SIGTERM


def _known(error: BaseException) -> Iterator[FerryError]:
    """The errors with a sentence, out of their groups; none of them if there is any other."""
    if isinstance(error, FerryError):
        yield error
    elif isinstance(error, BaseExceptionGroup):
        found = [list(_known(one)) for one in error.exceptions]
        if all(found):
            yield from (one for ones in found for one in ones)
