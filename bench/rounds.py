"""Which contender is measured when, and on what: each round in a new sandbox, its order another each time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import processes
from bench.task import Outcome, Task
from sandbox.control import ControlClient
from sandbox.info import SandboxInfo

CHANNELS = 5
LABELS = {
    "read": "warming the sandbox up: reading everything once",
    "bare": "bare loop",
    "engine": "Ferry's engine",
    "single": "one send per message",
    "single_replies": "one send per message, answers as answers",
}

#: Share of texts and photos that are replies: of all messages it is one in ten.
REPLIES = 0.15
#: Seconds that a call of the replies' setting takes.
REPLIES_LATENCY = 0.03


@dataclass(frozen=True, slots=True)
class Setting:
    """How many channels are copied at once, and for how long every answer is on its way (seconds)."""

    name: str
    channels: int
    latency: float = 0.0


#: 30 ms is about what a call to Telegram takes; without any delay only our own cost is left.
SETTINGS = (
    Setting("one", 1),
    Setting("five", CHANNELS),
    Setting("one_30ms", 1, 0.03),
    Setting("five_30ms", CHANNELS, 0.03),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """`messages` in each of the five channels; the loop of single sends takes a tenth of one channel.

    The channel with replies has a twentieth: at 30 ms a call the loop takes half a minute for a thousand.
    """

    messages: int = 20_000
    rounds: int = 5

    @property
    def singles(self) -> int:
        return max(self.messages // 10, 1)

    @property
    def with_replies(self) -> int:
        return max(self.messages // 20, 10)

    @property
    def memory_marks(self) -> tuple[int, int]:
        """20,000 and 200,000 with channels of 20,000."""
        return self.messages, self.messages * 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One contender's run over `messages` source messages in `channels` channels."""

    contender: str
    channels: int
    messages: int
    outcome: Outcome

    @property
    def per_second(self) -> float:
        return self.messages / self.outcome.seconds

    @property
    def cpu_per_10k(self) -> float:
        return self.outcome.cpu_seconds / self.messages * 10_000


@dataclass(frozen=True, slots=True)
class Round:
    """The same messages, copied by each contender in each setting; `single` once, without delay.

    `replies` are the engine and the loop of single sends on a channel where one message in ten is a reply.
    """

    runs: dict[str, dict[str, Measured]]
    single: Measured
    replies: dict[str, Measured]


async def play(plan: Plan, number: int, say: Callable[[str], None]) -> Round:
    """Round `number` (from 0). Raises RuntimeError when the contenders did not copy the same."""
    with TemporaryDirectory(prefix="ferry-bench-") as folder:
        say(f"round {number + 1} of {plan.rounds}: a sandbox with {CHANNELS} × {plan.messages:,} messages …")
        async with (
            processes.sandbox(Path(folder), channels=CHANNELS, messages=plan.messages) as info,
            ControlClient.of(info) as control,
        ):
            stage = Stage(info=info, control=control, plan=plan, folder=Path(folder), say=say)
            await stage.run("read", channels=CHANNELS)
            runs = {setting.name: await stage.pair(setting, number) for setting in SETTINGS}
            return Round(runs, await stage.run("single"), await stage.replies(number))


async def memory(plan: Plan, say: Callable[[str], None]) -> Measured:
    """The engine alone on one long channel."""
    messages = plan.memory_marks[1]
    with TemporaryDirectory(prefix="ferry-bench-") as folder:
        say(f"memory: a sandbox with one channel of {messages:,} messages …")
        async with (
            processes.sandbox(Path(folder), channels=1, messages=messages) as info,
            ControlClient.of(info) as control,
        ):
            stage = Stage(info=info, control=control, plan=Plan(messages), folder=Path(folder), say=say)
            return await stage.run("engine", marks=plan.memory_marks)


class Stage:
    """One running sandbox on which contenders appear one after the other."""

    def __init__(
        self,
        *,
        info: SandboxInfo,
        control: ControlClient,
        plan: Plan,
        folder: Path,
        say: Callable[[str], None],
    ) -> None:
        self._info, self._control, self._plan, self._folder, self._say = info, control, plan, folder, say
        self._runs = 0

    async def pair(self, setting: Setting, number: int) -> dict[str, Measured]:
        """The bare loop and the engine, one right after the other; who begins changes with the round."""
        self._say(f" {setting.channels} at once, {setting.latency * 1000:.0f} ms a call")
        sources = [pair.source[1] for pair in self._info.pairs[: setting.channels]]
        return await self._against("bare", sources, self._plan.messages, setting.latency, number)

    async def replies(self, number: int) -> dict[str, Measured]:
        """Single sends and the engine on one more channel, in which one message in ten is a reply."""
        self._say(f" one message in ten a reply, {REPLIES_LATENCY * 1000:.0f} ms a call")
        messages = self._plan.with_replies
        (pair,) = await self._control.build(
            jobs=1, messages=messages, seed=number + 1, replies=REPLIES, links=0
        )
        return await self._against("single_replies", [pair.source[1]], messages, REPLIES_LATENCY, number)

    async def _against(
        self, other: str, sources: Sequence[int], messages: int, latency: float, number: int
    ) -> dict[str, Measured]:
        await self._control.set_latency(latency)
        names = [other, "engine"] if number % 2 == 0 else ["engine", other]
        pair = {name: await self._copied(name, sources, messages) for name in names}
        await self._control.set_latency(0)
        if pair[other].outcome.copied != pair["engine"].outcome.copied:
            raise RuntimeError("the contenders copied different numbers of messages: no comparison")
        return pair

    async def run(self, contender: str, *, channels: int = 1, marks: tuple[int, ...] = ()) -> Measured:
        """Lets one contender copy the first `channels` channels into new targets."""
        sources = [pair.source[1] for pair in self._info.pairs[:channels]]
        if contender == "single":
            return await self._copied(contender, sources, self._plan.singles, most=self._plan.singles)
        return await self._copied(contender, sources, self._plan.messages, marks=marks)

    async def _copied(
        self,
        contender: str,
        sources: Sequence[int],
        messages: int,
        *,
        most: int = 0,
        marks: tuple[int, ...] = (),
    ) -> Measured:
        """`messages` are read of each source: as many as it has, or `most`."""
        self._runs += 1
        person = self._info.users[0].id
        database = self._folder / f"run-{self._runs}.db"
        task = Task(
            contender=contender,
            settings={**self._info.settings(), "DATABASE_URL": f"sqlite+aiosqlite:///{database}"},
            session=await self._control.session(person),
            owner_id=person,
            copies=[(source, await self._target(person)) for source in sources],
            most=most,
            marks=marks,
        )
        measured = Measured(
            contender=contender,
            channels=len(sources),
            messages=messages * len(sources),
            outcome=await processes.done(task),
        )
        what = f"{len(sources)} × {messages:,}" if len(sources) > 1 else f"{messages:,}"
        self._say(f"  {LABELS[contender]}, {what}: {measured.per_second:,.0f} messages/s")
        return measured

    async def _target(self, person: int) -> int:
        return (await self._control.add_channel(f"Target of run {self._runs}", person))[1]
