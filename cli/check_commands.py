"""The commands that look at what was copied and put it right: `verify`, `repair`, `dedupe`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options as take
from cli.endings import WRONG_USAGE, carry_out
from cli.loading import loading

JobOrSource = Annotated[
    str, typer.Argument(metavar="N | SOURCE", help="The number of the job that copied, or what it read.")
]
ItsTarget = Annotated[str, typer.Argument(metavar="TARGET", help="Where it copied to.", show_default=False)]


def register(app: typer.Typer) -> None:
    app.command(context_settings=take.IDS_ARE_NO_OPTIONS)(verify)
    app.command()(repair)
    app.command(context_settings=take.IDS_ARE_NO_OPTIONS)(dedupe)


def verify(what: JobOrSource, target: ItsTarget = "") -> None:
    """Compare a copy with its source, message by message, and list what differs.

    It lists what is missing, doubled, different or out of order, and what was edited or deleted at the source
    since. Nothing is changed; `repair` does that. `job N --csv FILE` writes the whole list, with links.

    - `python main.py verify 3`
    - `python main.py verify @news @news_backup`

    Exit codes, as `diff` has them:

    - `0` no difference
    - `1` differences
    - `2` it could not be compared
    """
    with loading():
        from cli.checks import verify as work

    carry_out(work(what, target), failed=WRONG_USAGE)


def repair(job: take.JobNumber, new_target: take.NewTarget = False, title: take.Title = "") -> None:
    """Mend what the last `verify` of a job has found, as far as Telegram lets one.

    What is missing is sent at the end of the target, what differs is edited, doubles are deleted. With
    --new-target the source is copied once more, into a new chat.

    - `python main.py repair 3`

    Exit codes:

    - `0` everything is mended
    - `1` it failed or was paused
    - `2` wrong usage or settings
    - `3` something could not be mended
    """
    with loading():
        from cli.checks import repair as work

    carry_out(work(job, new_target=new_target, title=title))


def dedupe(
    chat: Annotated[str, typer.Argument(metavar="CHAT", help="Where to look.", show_default=False)] = "",
    account: take.Account = None,
    delete: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Delete the doubles that job N, a listing, has found."),
    ] = None,
) -> None:
    """List messages that stand twice in a chat, and delete the later ones once you say so.

    Short texts never count. At a terminal it asks before it deletes; elsewhere it only lists.

    - `python main.py dedupe @news_backup`
    - `python main.py dedupe --delete 7`

    Exit codes:

    - `0` no doubles, or none left
    - `1` there are doubles
    - `2` it could not be done
    """
    with loading():
        from cli.checks import dedupe as work

    carry_out(work(chat, account_id=account, delete=delete), failed=WRONG_USAGE)
