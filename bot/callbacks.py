"""What stands in the buttons: Telegram gives it back when one is pressed (at most 64 bytes)."""

from __future__ import annotations

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class Verb(StrEnum):
    SHOW = "show"
    PAUSE = "pause"
    RESUME = "resume"
    RETRY = "retry"
    CANCEL = "cancel"  #: asks first
    REALLY = "really"  #: cancels
    KEEP = "keep"  #: does not cancel
    REFRESH = "refresh"
    VERIFY = "verify"
    REPAIR = "repair"
    SKIPPED = "skipped"  #: lists what the job left out or found
    CSV = "csv"  #: sends the same as a file
    AGAIN = "again"  #: tries again what the job skipped
    DELETE = "delete"  #: asks whether the doubles that it listed shall go
    WIPE = "wipe"  #: deletes them
    SPARE = "spare"  #: does not


class JobAction(CallbackData, prefix="job"):
    verb: Verb
    job_id: int


class MyJobs(CallbackData, prefix="jobs"):
    page: int


class Menu(StrEnum):
    HOME = "home"
    JOBS = "jobs"
    PAUSE_ALL = "pause"
    RESUME_ALL = "resume"


class AdminMenu(CallbackData, prefix="admin"):
    menu: Menu
    page: int = 0


class AdminJob(CallbackData, prefix="ajob"):
    """`page` is the page of the list to which one goes back."""

    verb: Verb
    job_id: int
    page: int
