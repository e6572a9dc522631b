"""What must travel together, and how a step that was refused as a whole is cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from domain.step import Step, StepItem, StepKind


def units_of(items: Iterable[StepItem]) -> list[tuple[StepItem, ...]]:
    """Items grouped into messages and albums."""
    units: list[list[StepItem]] = []
    for item in items:
        same = units and item.grouped_id is not None and units[-1][0].grouped_id == item.grouped_id
        if same:
            units[-1].append(item)
        else:
            units.append([item])
    return [tuple(unit) for unit in units]


def halve(step: Step) -> tuple[Step, Step] | None:
    """Two steps that together are `step`, or None when it is a single message or album."""
    units = units_of(step.items)
    if len(units) < 2:
        return None
    middle = len(units) // 2
    front, back = _parts(step, [units[:middle], units[middle:]])
    return front, back


def one_each(step: Step) -> list[Step]:
    """A step for each message or album of `step`."""
    return _parts(step, [[unit] for unit in units_of(step.items)])


def as_forward(step: Step, reason: str) -> Step:
    """The same messages as they stand in the source; `detail` says what is lost by that and why."""
    sources = [item.source for item in step.items if item.source is not None]
    lost = ["reply"] if any(item.reply_to is not None for item in step.items) else []
    lost += ["links"] if any(source.links for source in sources) else []
    items = [
        replace(item, reply_to=None, fingerprint=item.source.fingerprint)
        if item.source is not None
        else replace(item, reply_to=None)
        for item in step.items
    ]
    detail = "; ".join(f"{word}: {reason}" for word in lost)
    return replace(step, kind=StepKind.FORWARD, items=tuple(items), detail=detail)


def _parts(step: Step, groups: list[list[tuple[StepItem, ...]]]) -> list[Step]:
    """`step` cut between `groups`; each skip goes with the part whose cursor passes over it."""
    parts: list[Step] = []
    begin: int | None = None
    for number, group in enumerate(groups, 1):
        items = tuple(item for unit in group for item in unit)
        is_last = number == len(groups)
        through = step.through_id if is_last or step.late else items[-1].source_id
        skips = tuple(
            skip
            for skip in step.skips
            if (begin is None or begin < skip.source_id) and (is_last or skip.source_id <= through)
        )
        passed = step.passed if is_last else 0
        parts.append(replace(step, items=items, through_id=through, skips=skips, passed=passed))
        begin = through
    return parts
