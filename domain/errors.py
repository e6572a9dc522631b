"""Everything that can go wrong, each with the sentence a person reads and what they can do about it.

`text` and `hint` are patterns with named fields: a front end translates them before it fills the values in.
"""

from __future__ import annotations

from typing import ClassVar

from domain.job import Failure, WaitReason


class FerryError(Exception):
    """The root of all our errors."""

    text: ClassVar[str] = "Something went wrong."
    hint: ClassVar[str] = ""

    def __init__(self, **values: object) -> None:
        self.values = {name: str(value) for name, value in values.items()}
        super().__init__(str(self))

    @property
    def pattern(self) -> str:
        """The whole untranslated sentence: what is wrong, then what to do."""
        return f"{self.text} {self.hint}".strip()

    def __str__(self) -> str:
        return self.pattern.format(**self.values)

    def as_failure(self) -> Failure:
        return Failure(self.pattern, dict(self.values))


# ---- what people type ---------------------------------------------------------------------


class BadReference(FerryError):
    text = "“{reference}” is not a chat."
    hint = "Write @name, a t.me link or a numeric id such as -1001234567890."


class ChatNotFound(FerryError):
    text = "The account {account} finds no chat “{reference}”."
    hint = "Check the spelling, or let that account join the chat first."


class TopicNotFound(FerryError):
    text = "“{title}” has no topic {topic}."
    hint = "Open the topic in Telegram and copy its link again."


class SameChat(FerryError):
    text = "Source and target are the same chat, “{title}”."
    hint = "Name another target."


class NoReadRight(FerryError):
    text = "The account {account} may not read “{title}”."
    hint = "Let it join that chat, then order again."


class NoPostRight(FerryError):
    text = "The account {account} may not post in “{title}”."
    hint = "Make it an admin there who may post messages, then order again."


class ProtectedSource(FerryError):
    text = "“{title}” protects its content, so nothing is copied from it."
    hint = "Its owner can switch off “Restrict saving content” in the chat's settings."


class NoSuchJob(FerryError):
    """Also for somebody else's job: nobody learns that it exists."""

    text = "You have no job {job_id}."
    hint = "/jobs lists yours."


class IllegalMove(FerryError):
    text = "Job {job_id} is {status}, so it can't be changed to {wanted}."
    hint = "/job {job_id} shows how it stands."


class NotFailed(FerryError):
    text = "Job {job_id} is {status}; only a failed job can be tried again."
    hint = "/job {job_id} shows how it stands."


class PausedByAdmin(FerryError):
    text = "An admin has paused job {job_id}."
    hint = "Only an admin can let it go on; ask the one who runs this bot."


class AlreadyOrdered(FerryError):
    text = "Job {job_id} already copies “{source}” to “{target}” and is not finished."
    hint = "/job {job_id} shows how it stands."


class AlreadyCopied(FerryError):
    text = "Job {job_id} has copied “{source}” to “{target}” already."
    hint = "To copy everything a second time, order it with the word “again” at the end."


class NoSuchPriority(FerryError):
    text = "“{word}” is no priority."
    hint = "There are low, normal, high and urgent."


class UrgentIsForAdmins(FerryError):
    text = "Only an admin may make a job urgent."
    hint = "“high” is the most that you can give."


class NotWaiting(FerryError):
    """Priority and dependencies of a job that has ended can't be changed."""

    text = "Job {job_id} is {status}, so there is nothing left to change."
    hint = "/job {job_id} shows how it stands."


class AfterItself(FerryError):
    text = "Job {job_id} can't wait for itself."
    hint = "Name another job: /after {job_id} N"


class AfterCircle(FerryError):
    text = "Job {after_id} itself waits for job {job_id}, so neither would ever start."
    hint = "/job {after_id} shows what it waits for."


class NoAccount(FerryError):
    text = "There is no Telegram account that may copy for you yet."
    hint = "Ask the operator to add yours: python main.py account add --owner {user_id}"


class NoSuchAccount(FerryError):
    text = "There is no account {account_id}."
    hint = "python main.py account list shows them."


class AccountInUse(FerryError):
    text = "Account {account_id} still has {count} unfinished jobs."
    hint = "Cancel them first, then remove it."


# ---- what Telegram answers ----------------------------------------------------------------


class TelegramError(FerryError):
    """Something Telegram, or the way to it, made impossible."""

    text = "Telegram refused: {reason}."


class MustWait(TelegramError):
    """An order to wait: Telegram's to the account (flood), the target chat's (slow mode), or our own pace."""

    text = "The account has to wait {seconds} s."

    def __init__(self, *, seconds: float, reason: WaitReason = WaitReason.FLOOD) -> None:
        self.seconds, self.reason = seconds, reason
        super().__init__(seconds=round(seconds))


class OutcomeUnknown(TelegramError):
    """The call may or may not have been carried out: settle before sending anything else."""

    text = "Telegram did not say whether it carried the call out ({reason})."


class Unreachable(TelegramError):
    """Nothing was changed; trying later may help."""

    text = "Telegram can't be reached ({reason})."
    hint = "Ferry tries again by itself."


class MessageRefused(TelegramError):
    """The call was refused and nothing of it was done; one of its messages is to blame."""

    text = "Telegram refused to copy a message: {reason}."


class OneAtATime(TelegramError):
    """The target's slow mode takes only one message (or album) a call."""

    text = "The target's slow mode takes one message at a time."


class SourceLost(TelegramError):
    text = "“{title}” can't be read any more ({reason})."
    hint = "Give the account access again, then /resume {job_id}."


class TargetLost(TelegramError):
    text = "The account may not post in “{title}” any more ({reason})."
    hint = "Give it the right to post again, then /resume {job_id}."


class TopicLost(TelegramError):
    text = "A topic that this job has made in “{title}” was deleted ({reason})."
    hint = "/resume {job_id} makes it anew and goes on."


class ChosenTopicLost(TelegramError):
    text = "The topic in “{title}” that this job copies to was deleted ({reason})."
    hint = "Order a copy to another one."


class TopicRightLost(TelegramError):
    text = "The account may not make topics in “{title}” ({reason})."
    hint = "Give it the right to manage topics there, then /resume {job_id}."


class NotMade(TelegramError):
    text = "Telegram does not let the account make the chat “{title}” ({reason})."
    hint = "Make one by hand and order a copy to it."


class AccountStopped(TelegramError):
    """The login is gone (revoked, banned, used elsewhere at once): no call of it will succeed."""

    text = "Telegram no longer accepts the login of account {account_id} ({reason})."
    hint = "Log in again: python main.py account add"


class LoginRefused(TelegramError):
    text = "Telegram refused the login: {reason}."
    hint = "Start again with: python main.py account add"


class Unsettled(TelegramError):
    text = "Ferry can't tell whether {count} messages after message {offset_id} have arrived in “{title}”."
    hint = "Look at the end of the target, then /resume {job_id}."


# ---- how it is set up ---------------------------------------------------------------------


class SettingError(FerryError):
    text = "The setting {name} is wrong: {problem}."
    hint = "Put it right in the file .env or in the environment."


class MissingSetting(FerryError):
    text = "The setting {name} is missing: {meaning}."
    hint = "Write it to the file .env (.env.example explains each)."


class HalfSandbox(FerryError):
    text = "The settings point half at a sandbox, half at Telegram: beside {present} set {missing} too."
    hint = "A sandbox needs all of them, the real Telegram none."


class WrongServer(FerryError):
    text = "This database belongs to {belongs_to}, but the settings point at {points_at}."
    hint = "Use another DATABASE_URL for the other server."


class WrongSecretKey(FerryError):
    text = (
        "SECRET_KEY is not the one with which this database's sessions were encrypted; nothing was changed."
    )
    hint = "Put the old SECRET_KEY (or its key file) back."


class DatabaseTooNew(FerryError):
    text = "The database was written by a newer Ferry (revision {revision})."
    hint = "Install that version, or restore the backup from before the upgrade."


class DatabaseBroken(FerryError):
    text = "The database {url} can't be used: {reason}."
    hint = "Check DATABASE_URL, and that its file can be written or its server can be reached."


class AnotherService(FerryError):
    text = "Another Ferry (process {pid}) already serves this database."
    hint = "Stop it first, or use another DATABASE_URL."


class OurFault(FerryError):
    """A run of a job ended in an error that nobody foresaw."""

    text = "Something went wrong on our side with job {job_id}; the log has the details."
    hint = "/resume {job_id} tries again."


class Stalled(FerryError):
    """A job that made no progress for the hard limit (engine/retry.py)."""

    text = "Job {job_id} has got no further for {hours} hours ({reason})."
    hint = "Put right what that says, then /retry {job_id}."


class LostLease(FerryError):
    """A write with an old generation: somebody else has the job now."""

    text = "Job {job_id} was taken over; this process no longer writes to it."
