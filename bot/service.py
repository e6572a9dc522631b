"""The bot as a whole: built from its parts, polling until it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

import structlog
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.utils.token import TokenValidationError

from bot import handlers, menu
from bot.access import Introduction
from bot.board import Board
from bot.cards import Cards
from bot.courier import Courier
from bot.dispatcher import AttentiveDispatcher
from bot.faces import Faces
from bot.language import Languages
from bot.previews import Reading
from bot.sending import HiddenToken, PatientAnswers
from bot.traffic import Pace, Traffic
from domain.errors import FerryError, SettingError
from engine.background import Background
from engine.events import Events
from engine.jobs import JobService

log = structlog.get_logger(__name__)

GREETING = 15  # seconds that Telegram may take to say who we are
FINISH_HANDLERS = 5.0  # seconds
FINISH_CARDS = 1.5  # seconds
CONCURRENT_UPDATES = 200
TELEGRAMS_PACE = Pace()


class BotUnreachable(FerryError):
    text = "The Bot API at {server} can't be reached ({reason})."
    hint = "Check the network and the setting BOT_API_SERVER, then start again."


class BotService:
    """Listens to `events` from the moment it is made, so make it before jobs are recovered."""

    def __init__(
        self,
        *,
        token: str,
        api_server: str | None,
        admin_ids: Collection[int],
        user_ids: Collection[int],
        jobs: JobService,
        events: Events,
        pace: Pace = TELEGRAMS_PACE,
    ) -> None:
        """`api_server` is a base URL; None is Telegram's own. Raises SettingError for what is no token."""
        self._admin_ids = frozenset(admin_ids)
        allowed = self._admin_ids | frozenset(user_ids)
        api = TelegramAPIServer.from_base(api_server) if api_server else PRODUCTION
        traffic = Traffic(pace=pace)
        board = Board(edit_every=pace.edit_every, admin_ids=self._admin_ids)
        self._bot = _bot(token, api, traffic)
        self._server = api_server or "api.telegram.org"
        self._languages = Languages()
        faces = Faces(jobs=jobs, languages=self._languages)
        self._cards = Cards(board=board, faces=faces, jobs=jobs)
        self._courier = Courier(
            bot=self._bot, board=board, faces=faces, traffic=traffic, languages=self._languages, jobs=jobs
        )
        self._dispatcher = AttentiveDispatcher(
            jobs=jobs,
            cards=self._cards,
            faces=faces,
            reading=Reading(),
            languages=self._languages,
            disable_fsm=True,
        )
        introduction = Introduction(admin_ids=self._admin_ids, allowed=allowed, languages=self._languages)
        self._dispatcher.update.outer_middleware(introduction)
        handlers.include(self._dispatcher, allowed=allowed)
        self._background = Background()
        self._stop = asyncio.Event()
        self._ended = asyncio.Event()
        self._ended.set()
        events.subscribe(board.hear)

    async def run(self) -> None:
        """Polls until `close` or cancellation; an outage on the way is survived.

        Raises SettingError when Telegram does not know the token and BotUnreachable when nobody answers at
        the start.
        """
        if self._stop.is_set():
            return
        self._ended.clear()
        stop = self._background.start(self._stop.wait(), name="bot-stop")
        try:
            greeting = self._background.start(self._greet(), name="bot-greeting")
            await asyncio.wait({greeting, stop}, return_when=asyncio.FIRST_COMPLETED)
            if stop.done():
                return
            await greeting
            polling = self._background.start(self._poll(), name="bot-polling")
            courier = self._background.start(self._courier.run(), name="bot-cards")
            self._background.start(self._prepare(), name="bot-menu")
            try:
                done, _ = await asyncio.wait({polling, courier, stop}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._finish(polling)
            for task in done:
                task.result()
        finally:
            await self._background.close()
            self._ended.set()

    async def close(self) -> None:
        """Ends `run` if it runs; the bot can't be used afterwards."""
        self._stop.set()
        await self._ended.wait()
        await self._bot.session.close()

    async def _greet(self) -> None:
        """The first call tells a wrong setting from a later outage."""
        try:
            me = await asyncio.wait_for(self._bot.me(), GREETING)
        except (TelegramUnauthorizedError, TelegramNotFound) as refused:
            raise SettingError(name="BOT_TOKEN", problem="Telegram does not know this token") from refused
        except TimeoutError as late:
            raise BotUnreachable(server=self._server, reason="no answer") from late
        except AiogramError as failure:
            reason = (
                failure.message if isinstance(failure, TelegramAPIError) else "the answer is not Telegram's"
            )
            raise BotUnreachable(server=self._server, reason=reason) from failure
        log.info("bot_started", username=me.username)

    async def _poll(self) -> None:
        await self._dispatcher.start_polling(
            self._bot,
            handle_signals=False,
            close_bot_session=False,
            tasks_concurrency_limit=CONCURRENT_UPDATES,
        )

    async def _prepare(self) -> None:
        try:
            await self._cards.catch_up()
            await menu.publish(self._bot, self._languages.every, self._admin_ids)
        except Exception:
            log.exception("bot_not_prepared")

    async def _finish(self, polling: asyncio.Task[None]) -> None:
        """No new updates, then the handlers under way, then what cards still owe; all bounded in time."""
        await asyncio.sleep(0)  # polling may not even have begun
        if not polling.done():
            await self._dispatcher.stop_polling()
            await asyncio.wait({polling})
        try:
            await self._dispatcher.finish(self._bot, seconds=FINISH_HANDLERS)
        except AiogramError as outage:
            log.info("updates_not_confirmed", reason=str(outage))
        await self._courier.settle(FINISH_CARDS)


def _bot(token: str, api: TelegramAPIServer, traffic: Traffic) -> Bot:
    session = AiohttpSession(api=api)
    session.middleware(PatientAnswers(traffic))
    session.middleware(HiddenToken())
    default = DefaultBotProperties(parse_mode=ParseMode.HTML, link_preview_is_disabled=True)
    try:
        return Bot(token, session=session, default=default)
    except TokenValidationError as wrong:
        raise SettingError(name="BOT_TOKEN", problem="it is not a bot's token") from wrong
