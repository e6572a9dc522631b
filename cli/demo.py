"""`demo`: what is asked for at the command line. The work is in cli/demonstration/."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.endings import carry_out


def demo(
    jobs: Annotated[int, typer.Option(min=1, max=100, help="How many chats are copied at once.")] = 5,
    messages: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many messages each has.")] = 20_000,
    no_kill: Annotated[bool, typer.Option("--no-kill", help="Leave the kill in the middle out.")] = False,
    seed: Annotated[int, typer.Option(help="Another number, other messages.")] = 1,
    report: Annotated[
        Path, typer.Option(metavar="FILE", help="Where the result is written.", dir_okay=False)
    ] = Path("demo-report.json"),
) -> None:
    """See Ferry work, on this machine alone and without any Telegram account.

    Starts a Telegram of its own and the service, orders the copies in a chat with the bot, lets Telegram tell
    the account to wait, kills the service in the middle and starts it again. Then it compares source and
    target message by message, and writes down what it found.

    Exit code 0 means: every job complete, nothing missing, doubled, out of order or different, replies, links
    and pins where they belong, and at most 1.05 times the fewest calls to Telegram that copying takes.
    """
    from cli.demonstration.show import show
    from cli.demonstration.stage import Plan

    carry_out(show(Plan(jobs=jobs, messages=messages, kill=not no_kill, seed=seed, report=report)))
