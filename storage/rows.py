"""Rows to domain objects and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from domain.account import Account
from domain.job import Change, Failure, Job, Priority, Progress, ReportPlace
from domain.message import Skip, SkipReason
from domain.order import Order, Refusal
from domain.peer import Chat, Peer
from domain.step import Step, StepItem, StepKind
from storage.previews import preview_from
from storage.typed import typed_from
from storage.wishes import wishes_from


def job_from(row: Row[Any], after: tuple[int, ...] = ()) -> Job:
    return Job(
        id=row.id,
        owner_id=row.owner_id,
        account_id=row.account_id,
        key=row.key,
        source=_chat(row.source_id, row.source_hash, row.source_title, row.source_username, row.source_topic),
        target=_chat(row.target_id, row.target_hash, row.target_title, row.target_username, row.target_topic),
        status=row.status,
        created_at=row.created_at,
        priority=Priority(row.priority),
        progress=Progress(
            offset_id=row.offset_id,
            step_number=row.step_number,
            copied=row.copied,
            skipped=row.skipped,
            total=row.total,
            last_target_id=row.last_target_id,
            passed=row.passed,
        ),
        generation=row.generation,
        resume_at=row.resume_at,
        wait_reason=row.wait_reason,
        pause_reason=row.pause_reason,
        failure=failure_from(row.failure),
        resumed_from=row.resumed_from,
        started_at=row.started_at,
        finished_at=row.finished_at,
        report=None
        if row.report_message_id is None
        else ReportPlace(row.report_chat_id, row.report_message_id),
        after=after,
        kind=row.kind,
        wishes=wishes_from(row.wishes),
        of_job=row.of_job,
    )


def account_from(row: Row[Any]) -> Account:
    return Account(**row._mapping)


def change_from(row: Row[Any]) -> Change:
    return Change(at=row.at, was=row.was, became=row.became, who=row.who, reason=failure_from(row.reason))


def order_from(row: Row[Any]) -> Order:
    return Order(
        id=row.id,
        typed=typed_from(row.typed),
        is_preview=row.preview,
        job_id=row.job_id,
        preview=None if row.previewed is None else preview_from(row.previewed),
        refusal=None if row.error is None else Refusal(row.error, row.error_values),
    )


def chat_columns(prefix: str, chat: Chat) -> dict[str, object]:
    """The five columns of a source or a target."""
    return {
        f"{prefix}_id": chat.peer.marked_id,
        f"{prefix}_hash": chat.peer.access_hash,
        f"{prefix}_title": chat.title,
        f"{prefix}_username": chat.username,
        f"{prefix}_topic": chat.topic_id,
    }


def progress_columns(progress: Progress) -> dict[str, int]:
    return {
        "offset_id": progress.offset_id,
        "step_number": progress.step_number,
        "copied": progress.copied,
        "skipped": progress.skipped,
        "total": progress.total,
        "last_target_id": progress.last_target_id,
        "passed": progress.passed,
    }


def failure_value(failure: Failure | None) -> dict[str, object] | None:
    return None if failure is None else {"text": failure.text, "values": failure.values}


def failure_from(value: dict[str, Any] | None) -> Failure | None:
    return None if value is None else Failure(value["text"], value["values"])


def step_payload(step: Step) -> str:
    """Everything of a step but its number, as compact JSON. What says nothing is left out."""
    where = {
        "topic": step.topic,
        "from": step.source_topic,
        "subject": step.subject,
        "detail": step.detail,
        "passed": step.passed,
    }
    return json.dumps(
        {
            **{name: value for name, value in where.items() if value},
            "kind": step.kind,
            "through": step.through_id,
            "late": step.late,
            "items": _items(step.items),
            "later": _items(step.later),
            "skips": [[skip.source_id, skip.reason, skip.detail] for skip in step.skips],
        },
        separators=(",", ":"),
    )


def step_from(number: int, payload: str) -> Step:
    told = json.loads(payload)
    return Step(
        number=number,
        kind=StepKind(told["kind"]),
        items=tuple(StepItem(*item) for item in told["items"]),
        through_id=told["through"],
        skips=tuple(
            Skip(source_id, SkipReason(reason), detail) for source_id, reason, detail in told["skips"]
        ),
        late=told["late"],
        later=tuple(StepItem(*item) for item in told.get("later", ())),
        topic=told.get("topic"),
        source_topic=told.get("from"),
        subject=told.get("subject", 0),
        detail=told.get("detail", ""),
        passed=told.get("passed", 0),
    )


def _items(items: Iterable[StepItem]) -> list[list[object]]:
    return [
        [item.source_id, item.random_id, item.fingerprint, item.grouped_id]
        + (
            [item.reply_to, item.owes_links, item.owes_comments]
            if item.reply_to or item.owes_links or item.owes_comments
            else []
        )
        for item in items
    ]


def _chat(marked_id: int, access_hash: int, title: str, username: str | None, topic: int | None) -> Chat:
    return Chat(Peer.from_marked(marked_id, access_hash), title, username, topic)
