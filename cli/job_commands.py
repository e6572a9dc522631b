"""The commands that show jobs: `jobs` and `job`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli import options as take
from cli.endings import carry_out
from cli.loading import loading


def register(app: typer.Typer) -> None:
    app.command()(jobs)
    app.command()(job)


def jobs() -> None:
    """List the jobs, the newest first.

    It only reads the database, so it works beside a running service and without Telegram.
    """
    with loading():
        from cli.jobs import show_all

    carry_out(show_all())


def job(
    number: take.JobNumber,
    csv: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help="Write everything that it skipped or found to this file, - for standard output.",
            show_default=False,
            callback=take.not_empty,
        ),
    ] = "",
    retry_skipped: Annotated[
        bool, typer.Option("--retry-skipped", help="Try once more to copy what it skipped.")
    ] = False,
) -> None:
    """Show one job: how it stands, what was asked for, its history, what it skipped and found.

    - `python main.py job 3`
    - `python main.py job 3 --csv skipped.csv`
    - `python main.py job 3 --retry-skipped` sends what Telegram refused then, at the end of the target
    """
    with loading():
        from cli.jobs import export, retry, show

    if retry_skipped:
        carry_out(retry(number, csv))
    carry_out(export(number, csv) if csv else show(number))
