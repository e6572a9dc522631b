"""The command line: what each command is called, takes and says about itself. The work is in its own file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli import check_commands, copy_commands, job_commands
from cli.account_commands import account
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
copy_commands.register(app)
check_commands.register(app)
job_commands.register(app)
app.add_typer(account, name="account")


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
