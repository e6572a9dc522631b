"""What the bot says, in the reader's language. English stands in the code, other languages in locales/*.po.

Texts are HTML and values are escaped on their way in; `plain` is for where Telegram takes no HTML (alerts).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup

LOCALES = Path(__file__).parent / "locales"
SOURCE = "en"
LANGUAGES = (SOURCE, "zh")


def N_(pattern: str) -> str:
    """Marks a text for translation where it is written down, not said."""
    return pattern


class Say:
    """One language. Patterns have named fields: `say("Job {id} is paused.", id=3)`."""

    def __init__(self, language: str, catalogue: NullTranslations) -> None:
        self.language = language
        self._catalogue = catalogue

    def __call__(self, pattern: str, /, **values: object) -> Markup:
        return Markup(self._catalogue.gettext(pattern)).format(**values)

    def plural(self, one: str, many: str, n: int, /, **values: object) -> Markup:
        """`{n}` in the pattern is the number, with thousands separated."""
        return Markup(self._catalogue.ngettext(one, many, n)).format(n=f"{n:,}", **values)

    def plain(self, pattern: str, /, **values: object) -> str:
        return self._catalogue.gettext(pattern).format(**values)


class Languages:
    """All catalogues, and which one each person reads.

    A user's language comes with everything they send. It is kept in memory only: after a restart a card is
    English until its owner is heard of again.
    """

    def __init__(self) -> None:
        self._say = {language: Say(language, _catalogue(language)) for language in LANGUAGES}
        self._read_by: dict[int, str] = {}

    def say(self, code: str | None) -> Say:
        """`code` is Telegram's language_code, such as "zh-hans"; English for what we do not have."""
        language = (code or SOURCE).replace("_", "-").partition("-")[0].lower()
        return self._say.get(language, self._say[SOURCE])

    def learn(self, user_id: int, code: str | None) -> None:
        self._read_by[user_id] = self.say(code).language

    def say_to(self, user_id: int) -> Say:
        return self._say[self._read_by.get(user_id, SOURCE)]

    @property
    def every(self) -> Mapping[str, Say]:
        return self._say


def _catalogue(language: str) -> NullTranslations:
    """Compiled here and now, so that no .mo file can be older than its .po."""
    if language == SOURCE:
        return NullTranslations()
    compiled = io.BytesIO()
    with (LOCALES / language / "LC_MESSAGES" / "ferry.po").open("rb") as po:
        write_mo(compiled, read_po(po, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
