"""`account add`, `account list`, `account remove`."""

from __future__ import annotations

import asyncio
import sys

from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table

from cli.endings import DONE, tell
from cli.service_signals import wake
from cli.settings import load_settings
from cli.wiring import open_accounts, open_database
from domain.account import AccountState
from domain.errors import LoginRefused
from engine.telegram.login import LoggedIn, Login
from storage.accounts import AccountStore
from storage.lock import service_lock

#: How often a mistyped code or password may be corrected.
TRIES = 3
STATES = {AccountState.READY: "ready", AccountState.STOPPED: "stopped: log in again with account add"}


async def add(owner_id: int | None) -> int:
    settings = load_settings()
    async with open_accounts(settings) as accounts:
        at_terminal = sys.stdin.isatty()
        session = "" if at_terminal else sys.stdin.read().strip()
        if not at_terminal and not session:
            raise LoginRefused(reason="standard input is no terminal and holds no session string")
        async with accounts.login(session) as login:
            if at_terminal:
                await _go_through(login)
            logged_in: LoggedIn = await login.finish()
        account = await accounts.keep(logged_in, owner_id=owner_id)
    wake(await service_lock(settings.database_url).holder())
    whose = "admins and this terminal" if account.owner_id is None else f"user {account.owner_id}"
    tell(f"Account {account.id} ({account.name}) is logged in. It copies for {whose}.")
    return DONE


async def show() -> int:
    async with open_database(load_settings()) as database:
        everyone = await AccountStore(database).all()
    if not everyone:
        tell("There is no account yet. Add one with: python main.py account add")
        return DONE
    table = Table("number", "name", "copies for", "state", box=None)
    for account in everyone:
        owner = "admins, terminal" if account.owner_id is None else f"user {account.owner_id}"
        table.add_row(str(account.id), account.name, owner, STATES[account.state])
    Console(highlight=False, markup=False).print(table)
    return DONE


async def remove(account_id: int) -> int:
    async with open_database(load_settings()) as database:
        await AccountStore(database).remove(account_id)
    tell(f"Account {account_id} is forgotten. To end its login too: Telegram, Settings, Devices.")
    return DONE


async def _go_through(login: Login) -> None:
    """Phone, code and password, asked for at the terminal."""
    await login.send_code(await _asked("Phone number, with + and country code"))
    tell("Telegram has sent a code to that account's other devices.")
    for left in reversed(range(TRIES)):
        try:
            if await login.enter_code(await _asked("Code")):
                return
            break
        except LoginRefused as error:
            if not left:
                raise
            tell(error.text.format(**error.values))
    for left in reversed(range(TRIES)):
        try:
            await login.enter_password(await _asked("Password of two-step verification", hidden=True))
            return
        except LoginRefused as error:
            if not left:
                raise
            tell(error.text.format(**error.values))


async def _asked(question: str, *, hidden: bool = False) -> str:
    """Beside the loop: the connection must stay alive while somebody types."""
    console = Console(stderr=True)
    return (await asyncio.to_thread(Prompt.ask, question, console=console, password=hidden)).strip()
