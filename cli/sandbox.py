"""`sandbox`: a Telegram on this machine, and what to do with it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from cli.endings import DONE, FAILED, sentence, tell
from cli.wiring import open_accounts
from config import read_settings
from domain.errors import FerryError
from engine.background import Background
from sandbox.importing import ImportFailure
from sandbox.info import SETTINGS_FILE, SandboxInfo
from sandbox.process import SandboxError, Scenario
from sandbox.process import serve as serve_sandbox

#: In the sandbox's directory: runs Ferry with the sandbox's settings.
LAUNCHER = "ferry"
MAIN = Path(__file__).parents[1] / "main.py"


async def serve(directory: Path, export: Path | None, chats: Sequence[str]) -> int:
    background = Background()

    def ready(info: SandboxInfo) -> None:
        background.start(_prepare(info, directory), name="prepare the sandbox")

    tell("Setting the sandbox up …")
    try:
        await serve_sandbox(
            directory,
            scenario=None if export else Scenario(),
            import_file=export,
            chats=chats,
            ready=ready,
            talk=sys.stdin.isatty(),
        )
    except (SandboxError, ImportFailure) as error:
        tell(str(error))
        return FAILED
    finally:
        await background.close()
    return DONE


def write_launcher(directory: Path) -> Path:
    """A program in `directory` that is Ferry with the sandbox's settings."""
    launcher = directory / LAUNCHER
    launcher.write_text(
        "#!/bin/sh\n"
        "# Ferry with the settings of the sandbox beside this file.\n"
        f"set -a; . {shlex.quote(str(directory.absolute() / SETTINGS_FILE))}; set +a\n"
        f'exec {shlex.quote(sys.executable)} {shlex.quote(str(MAIN))} "$@"\n',
        encoding="utf-8",
    )
    launcher.chmod(0o755)
    return launcher


async def _prepare(info: SandboxInfo, directory: Path) -> None:
    try:
        await _log_in(info)
    except FerryError as error:
        tell(f"The account that copies could not be logged in. {sentence(error)}")
    _explain(info, write_launcher(directory))


async def _log_in(info: SandboxInfo) -> None:
    """The sandbox's person is the account that copies; nobody should have to type a code for that."""
    async with open_accounts(read_settings(given=info.settings())) as accounts:
        async with accounts.login(info.users[0].session) as login:
            logged_in = await login.finish()
        await accounts.keep(logged_in, owner_id=None)


def _explain(info: SandboxInfo, launcher: Path) -> None:
    console = Console(highlight=False, soft_wrap=True)
    here = f"./{launcher}" if not launcher.is_absolute() else str(launcher)
    pair = info.pairs[0]
    order = f"clone {pair.source_ref} {pair.target_ref}"
    console.print(
        "A Telegram runs on this machine, in memory only. An account is logged in and there is a bot."
    )
    console.print("\nStart the service in a second terminal:")
    console.print(f"    {here} run", markup=False)
    console.print(f"then tell the bot{' here' if sys.stdin.isatty() else ''} what to copy, for example:")
    console.print(f"    /{order}", markup=False)
    console.print("or copy without the bot:")
    console.print(f"    {here} {order}", markup=False)
    console.print("\nThese are the chats to copy:")
    messages = {chat.peer: chat.messages for chat in info.chats}
    for each in info.pairs:
        count = f"{messages.get(each.source, 0):,} messages"
        console.print(f"    {each.title} ({count}): {each.source_ref} to {each.target_ref}", markup=False)
    console.print("\nCtrl-C ends it.")
