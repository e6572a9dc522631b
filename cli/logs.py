"""Where log lines go: readable on a terminal, JSON elsewhere, and never with a secret inside."""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

import structlog
from structlog.typing import Processor

#: Bot tokens (also inside a URL of the Bot API) and Telethon's session strings.
_SECRETS = re.compile(r"(?<![0-9])[0-9]{6,}:[A-Za-z0-9_-]{30,}|[A-Za-z0-9_-]{200,}=*")


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """The last gate before a line is written: a library's own words are searched for secrets too."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub("***", super().format(record))


class _ToStderr(logging.StreamHandler[TextIO]):
    """Writes to what is standard error at that moment: above a progress bar while there is one."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def set_up_logging(level: int = logging.INFO) -> None:
    """Our own lines from `level` on, those of libraries from WARNING on, all to standard error."""
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = _ToStderr()
    handler.setFormatter(_Formatter(foreign_pre_chain=first, processors=_rendering(sys.stderr.isatty())))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    # Telethon warns of every connection that fails; the engine says it in its own words.
    logging.getLogger("telethon").setLevel(logging.ERROR)
    for room in ("bot", "cli", "engine", "storage"):
        logging.getLogger(room).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *first,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _rendering(on_terminal: bool) -> list[Processor]:
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if on_terminal:
        plain = structlog.dev.plain_traceback  # the other kind prints local variables, secrets included
        return [clean, structlog.dev.ConsoleRenderer(exception_formatter=plain)]
    return [clean, structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
