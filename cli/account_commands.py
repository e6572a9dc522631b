"""`account add`, `account list`, `account remove`: what each takes and says about itself."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.endings import carry_out
from cli.loading import loading

account = typer.Typer(
    no_args_is_help=True, help="The Telegram accounts that do the copying: add, list, remove."
)


@account.command("add")
def add_account(
    owner: Annotated[
        int | None,
        typer.Option(
            metavar="USER_ID", help="The bot user who may copy with it; without, admins and this terminal."
        ),
    ] = None,
) -> None:
    """Log a Telegram account in, and keep its session encrypted in the database.

    At a terminal it asks for the phone number, the code and, if there is one, the password. Otherwise it
    reads a session string (Telethon's StringSession) from standard input:

    - `python main.py account add --owner 12345 < session.txt`

    Logging in again with an account that is here already renews it; jobs that waited for that go on.
    """
    with loading():
        from cli.account import add

    carry_out(add(owner))


@account.command("list")
def list_accounts() -> None:
    """Show the accounts: number, name, who may copy with it, whether Telegram still accepts it."""
    with loading():
        from cli.account import show

    carry_out(show())


@account.command("remove")
def remove_account(
    number: Annotated[int, typer.Argument(metavar="N", help="As `account list` shows it.")],
) -> None:
    """Forget an account's session. Refused while it has unfinished jobs.

    The login itself ends only when it is closed in Telegram (Settings, Devices).
    """
    with loading():
        from cli.account import remove

    carry_out(remove(number))
