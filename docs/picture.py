"""Makes docs/demo.svg, the README's picture, from a real run of the demo: `.venv/bin/python docs/picture.py`.

The demo runs in a pseudo-terminal; shown are its screen while the jobs go on after the kill, and its end.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
from collections.abc import Iterator
from html import escape
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

ROOT = Path(__file__).parents[1]
COLUMNS, ROWS = 118, 60
QUIET = 0.05  # seconds without output after which the screen is complete

CELL, LINE, FONT, WIDE_FONT = 9.6, 21, 16, 18  # pixels
MARGIN, TITLE_BAR = 24, 44
FONTS = (
    "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', monospace"
)
BACKGROUND, FOREGROUND = (13, 17, 23), (214, 221, 229)
ANSI = [
    *((72, 79, 88), (255, 123, 114), (63, 185, 80), (227, 179, 65)),
    *((121, 192, 255), (210, 168, 255), (86, 212, 221), (214, 221, 229)),
]
THEME = TerminalTheme(BACKGROUND, FOREGROUND, ANSI, ANSI)
#: How the characters that progress bars are made of fill their cell: from, to.
BARS = {"━": (0.0, 1.0), "╸": (0.0, 0.5), "╺": (0.5, 1.0)}

#: Stands between the two screens.
LATER = "\x1b[2m       ⋮\x1b[0m"

CONTROL = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|(\n)|(\r)")


class Screen:
    """As much of a terminal as rich asks for: lines, cursor up, erase a line."""

    def __init__(self) -> None:
        self.lines, self._row = [""], 0

    def feed(self, text: str) -> None:
        at = 0
        for control in CONTROL.finditer(text):
            self.lines[self._row] += text[at : control.start()]
            self._obey(control)
            at = control.end()
        self.lines[self._row] += text[at:]

    def _obey(self, control: re.Match[str]) -> None:
        number, what = control[1], control[2] or control[0]
        if what == "\n":
            self._row += 1
            if self._row == len(self.lines):
                self.lines.append("")
        elif what == "A":
            self._row -= int(number or 1)
        elif what == "K":
            self.lines[self._row] = ""
        elif what == "m":
            self.lines[self._row] += control[0]


def record(*arguments: str) -> list[list[str]]:
    """The screens that `python main.py demo ARGUMENTS` shows, lines with their colours."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(sys.executable, [sys.executable, str(ROOT / "main.py"), "demo", *arguments])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    screen, screens, unread = Screen(), [], b""
    while True:
        if not select.select([terminal], [], [], QUIET)[0]:
            screens.append(list(screen.lines))
            select.select([terminal], [], [])
        try:
            unread += os.read(terminal, 1 << 16)
        except OSError:  # the demo has ended
            break
        complete = unread[: unread.rfind(b"\n") + 1]
        screen.feed(complete.decode())
        unread = unread[len(complete) :]
    screens.append(list(screen.lines))
    if code := os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]):
        sys.exit(f"The demo ended with exit code {code}; no picture was made.")
    return screens


def composed(screens: list[list[str]]) -> list[str]:
    """The screen in the middle of the time after the kill, then what the last screen has more."""
    resumed = [lines for lines in screens if has(lines, "Ferry was restarted") and has(lines, "resumed from")]
    if not resumed:
        sys.exit("No screen shows resumed jobs; no picture was made.")
    middle = resumed[len(resumed) // 2]
    end = screens[-1]
    ended = next(n for n, line in enumerate(end) if "All jobs have ended" in line)
    return [
        "\x1b[32m$\x1b[0m \x1b[1mmake demo\x1b[0m",
        *trimmed(middle),
        "",
        LATER,
        "",
        *trimmed(end[ended:]),
    ]


def has(lines: list[str], words: str) -> bool:
    return any(words in line for line in lines)


def trimmed(lines: list[str]) -> list[str]:
    """Without empty lines at the end."""
    while lines and not Text.from_ansi(lines[-1]).plain.strip():
        lines = lines[:-1]
    return lines


def drawn(lines: list[str]) -> str:
    """The SVG. It names no font to be loaded: where pictures are shown, nothing else is fetched."""
    width = round(COLUMNS * CELL + 2 * MARGIN)
    height = len(lines) * LINE + TITLE_BAR + MARGIN
    console = Console(width=1000, color_system="truecolor", force_terminal=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="{FONT}">',
        "<title>make demo: five jobs are killed, resume by themselves, and nothing is lost</title>",
        f"<style>text{{font-family:{FONTS};white-space:pre}}</style>",
        f'<rect width="{width}" height="{height}" rx="10" fill="rgb{BACKGROUND}"/>',
    ]
    for n, colour in enumerate(("#ff5f57", "#febc2e", "#28c840")):
        parts.append(f'<circle cx="{MARGIN + 4 + n * 22}" cy="22" r="6.5" fill="{colour}"/>')
    for row, line in enumerate(lines):
        x = 0
        for segment in Text.from_ansi(line).render(console):
            for text, style in runs(segment):
                parts += shapes(text, style, x, row)
                x += cell_len(text)
    return "\n".join([*parts, "</svg>\n"])


def runs(segment: Segment) -> Iterator[tuple[str, Style]]:
    """Parts whose characters are equally wide: a font's Chinese is not always twice as wide as its Latin."""
    for run in re.finditer(r"[━╸╺]+| +|[^\x00-\u2e7f]+|[^ ━╸╺\u2e80-\U0010ffff]+", segment.text):
        yield run[0], segment.style or Style()


def shapes(text: str, style: Style, x: int, row: int) -> Iterator[str]:
    """What one run at the cell `x` of a row is drawn as."""
    left, top = MARGIN + x * CELL, TITLE_BAR + row * LINE
    colour = "rgb({},{},{})".format(*colour_of(style))
    if text[0] in BARS:
        for n, character in enumerate(text):
            begin, end = BARS[character]
            yield box(left + (n + begin) * CELL, top + 8, (end - begin) * CELL + 0.3, 5, colour)
    elif set(text) == {"─"}:
        yield box(left, top + 10, len(text) * CELL, 1, colour)
    elif cell_len(text) == 2 * len(text):  # each character on its own two cells
        for n, character in enumerate(text):
            yield written(
                character, left + 2 * n * CELL + 0.6, top, colour, style, f'font-size="{WIDE_FONT}"'
            )
    elif text.strip():
        length = f'textLength="{len(text) * CELL:.1f}" lengthAdjust="spacingAndGlyphs"'
        yield written(text, left, top, colour, style, length)


def written(text: str, x: float, top: float, colour: str, style: Style, more: str = "") -> str:
    weight = 'font-weight="bold"' if style.bold else ""
    slant = 'font-style="italic"' if style.italic else ""
    attributes = " ".join(filter(None, (f'x="{x:.1f}" y="{top + 15}" fill="{colour}"', weight, slant, more)))
    return f"<text {attributes}>{escape(text)}</text>"


def box(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{height}" fill="{colour}"/>'


def colour_of(style: Style) -> tuple[int, int, int]:
    red, green, blue = style.color.get_truecolor(THEME) if style.color else FOREGROUND
    if style.dim:
        pairs = zip((red, green, blue), BACKGROUND, strict=True)
        red, green, blue = (round(0.55 * ours + 0.45 * behind) for ours, behind in pairs)
    return red, green, blue


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # the demo's report is not part of the picture
        screens = record(*sys.argv[1:])
    (ROOT / "docs" / "demo.svg").write_text(drawn(composed(screens)), encoding="utf-8")
