"""The command line: what each command is called, takes and says about itself. The work is in its own file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.demo import demo
from cli.endings import carry_out
from cli.loading import loading

app = typer.Typer(
    name="python main.py",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""
    Ferry copies the history of one Telegram chat into another: nothing lost, nothing twice.

    **See it work first**, without any Telegram account: `python main.py demo`

    **Go live:** copy .env.example to .env and fill it in, add the account that does the copying with
    `account add`, then start the bot with `run`, or copy one chat without any bot with `clone`.
    """,
    epilog="Settings come from the environment and from the file .env; .env.example explains each.",
)
account = typer.Typer(
    no_args_is_help=True, help="The Telegram accounts that do the copying: add, list, remove."
)
app.add_typer(account, name="account")

Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="What to read: @name, a t.me link, or an id such as -1001234567890."
    ),
]
Target = Annotated[str, typer.Argument(metavar="TARGET", help="Where to copy it to; the same forms.")]


@app.command()
def run() -> None:
    """Start the service: the bot that takes orders and the engine that carries them out.

    Needs BOT_TOKEN, API_ID and API_HASH; ADMIN_IDS says who may do everything. Unfinished jobs go on by
    themselves. Ctrl-C or SIGTERM stops it within ten seconds; what was being sent is finished first, or
    settled at the next start.
    """
    with loading():
        from cli.run import run as work

    carry_out(work())


app.command()(demo)


@app.command(context_settings={"ignore_unknown_options": True})  # ids of chats begin with a minus
def clone(
    source: Source,
    target: Target,
    account: Annotated[
        int | None, typer.Option(help="The number of the account to copy with, as `account list` shows it.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Copy everything once more after it was copied.")
    ] = False,
) -> None:
    """Copy one chat into another and watch it, without any bot.

    Interrupted or killed, the same command goes on from where it stood. Beside a running service on the same
    database it hands the job to that service and follows it.

    Examples:

    - `python main.py clone @news @news_backup`
    - `python main.py clone https://t.me/c/1234567890 -1009876543210 --account 2`

    Exit codes:

    - `0` everything is copied, now or before
    - `1` it failed or was paused
    - `2` wrong usage or settings
    - `3` finished, but messages that Telegram lets nobody copy were left out
    - `130` stopped with Ctrl-C
    """
    with loading():
        from cli.clone import Wanted
        from cli.clone import clone as work

    carry_out(work(Wanted(source=source, target=target, account_id=account, again=again)))


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


@app.command()
def sandbox(
    export: Annotated[
        Path | None,
        typer.Option(
            "--import", metavar="FILE", help="Load a Telegram Desktop export (result.json) as a channel."
        ),
    ] = None,
    chat: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Of an export with several chats, load this one (may be repeated)."
        ),
    ] = None,
    directory: Annotated[
        Path, typer.Option(help="Where the sandbox writes its settings and its key.", file_okay=False)
    ] = Path("sandbox-data"),
) -> None:
    """Start a Telegram on this machine, to rehearse on: nothing leaves it, no account is needed.

    It lives in memory and is gone when it stops. It says how to start the service against it.

    - `python main.py sandbox --import ~/Downloads/ChatExport/result.json`
    """
    with loading():
        from cli.sandbox import serve

    carry_out(serve(directory, export, chat or []))
