"""Why an order is not taken: what it wants copied, where to, or the job that it is about."""

from __future__ import annotations

from domain.errors import FerryError

# ---- what is to be copied -----------------------------------------------------------------


class NotAMessage(FerryError):
    text = "“{typed}” names no message."
    hint = "Write its number, or copy its link in Telegram: https://t.me/news/123"


class LinkElsewhere(FerryError):
    text = "“{typed}” does not lead to a message of “{title}”."
    hint = "Copy the link of a message of that chat."


class NotAMoment(FerryError):
    text = "“{typed}” is no date."
    hint = "Write 2026-01-31, or 2026-01-31T18:30; UTC unless +08:00 or the like stands behind it."


class NotIds(FerryError):
    text = "“{typed}” is no list of message numbers."
    hint = "Write numbers and ranges with commas between them: 5,7-12,99"


class TooManyIds(FerryError):
    text = "That list names more than {most} messages."
    hint = "Name the first and the last message instead."


class NoSuchKind(FerryError):
    text = "“{typed}” is no kind of message."
    hint = "There are {kinds}."


class ChoicesClash(FerryError):
    text = "“{one}” and “{other}” can't be combined."
    hint = "Leave one of them out."


class UpsideDown(FerryError):
    text = "The range ends at {end}, before it begins at {start}."
    hint = "Exchange the two."


class NothingChosen(FerryError):
    text = "“{title}” holds no such message: {asked}."
    hint = "Look at the numbers or the dates again."


class NoneOfTheIds(FerryError):
    text = "“{title}” holds none of these messages: {ids}."
    hint = "Copy the link of a message in Telegram: the last number in it is the one to write."


class TopicElsewhere(FerryError):
    text = "“{typed}” is no topic of “{title}”."
    hint = "Open the topic in Telegram and copy its link."


class DirectMessages(FerryError):
    text = "“{title}” holds a channel's direct messages, which Ferry neither copies nor sends."
    hint = "Name the channel itself, or another chat."


class NoForum(FerryError):
    text = "“{title}” has no topics."
    hint = "Leave the topic out, or switch topics on in that chat's settings."


class TitleTooLong(FerryError):
    text = "That title has {count} characters; Telegram takes {most} at most."
    hint = "Shorten it."


# ---- where to -----------------------------------------------------------------------------


class MayNotMakeTopics(FerryError):
    text = "The account {account} may not make topics in “{title}”."
    hint = "Give it the right to manage topics there, then order again."


class TopicClosed(FerryError):
    text = "The topic “{topic}” of “{title}” is closed, and the account {account} may not manage topics."
    hint = "Open the topic, or give the account the right to manage topics; then order again."


class TopicHasNoProfile(FerryError):
    text = "A topic of “{title}” has no title, description and photo that could be copied to it."
    hint = "Leave “profile” out, or copy to a whole chat."


class CostsStars(FerryError):
    text = "A message to “{title}” costs the account {stars} stars, and Ferry never spends any."
    hint = "Make the account an admin there, or let its owner switch paid messages off."


class NoDeleteRight(FerryError):
    text = "The account {account} may not delete messages in “{title}”."
    hint = "Give it the right to delete messages there, then order again."


# ---- no reason to refuse it, but told beforehand --------------------------------------------


class MayNotPin(FerryError):
    text = "The account {account} may not pin messages in “{title}”, so nothing will be pinned there."
    hint = "Give it that right before the job ends."


class MayNotChangeProfile(FerryError):
    text = "The account {account} may not change title, description and photo of “{title}”."
    hint = "Give it that right before the job ends."


class KindsForbidden(FerryError):
    text = "“{title}” does not let the account {account} send everything: {count} messages stay behind."
    hint = "Make it an admin there, or let members send these kinds; then order again."


class NoPreviews(FerryError):
    text = "“{title}” does not let the account {account} embed links: copies have no link previews there."
    hint = "Make it an admin there, or let members embed links; then order again."


class SlowTarget(FerryError):
    text = "“{title}” is in slow mode: the account {account} may send one message there every {seconds} s."
    hint = "Admins there are not held back."


class EmojiBecomePlain(FerryError):
    text = "The account {account} has no Premium: in {count} messages custom emoji become plain ones."
    hint = "“keep author” keeps them; so does an account with Premium."


class TopicsMerge(FerryError):
    text = "“{title}” has no topics, so the messages of all topics will stand there one after the other."
    hint = "To keep them apart, switch topics on in its settings."


class CommentsStay(FerryError):
    text = "The comments below the posts of “{title}” stay behind: the target has no discussion group."
    hint = "Link one to the target channel before ordering."


class SomeIdsMissing(FerryError):
    text = "“{title}” does not hold these messages: {ids}."
    hint = "They will be listed as skipped."


class CopiedBefore(FerryError):
    text = "Job {job_id} has copied from “{source}” to “{title}” before."
    hint = "What both orders choose will stand there twice."


class HeaderForbidsChange(FerryError):
    text = "With their authors' header messages can't be changed: replies and links won't lead to the copies."
    hint = "Leave “keep author” out to have both."


# ---- the job that it is about -------------------------------------------------------------


class NothingToCheck(FerryError):
    text = "Job {job_id} has not copied anything that could be compared."
    hint = "/jobs lists yours."


class NoJobBetween(FerryError):
    text = "You have no job that copied “{source}” to “{target}”."
    hint = "/jobs lists yours."


class StillCopying(FerryError):
    text = "Job {job_id} is {status}; it can be checked once it has ended."
    hint = "/job {job_id} shows how it stands."


class NotVerifiedYet(FerryError):
    text = "Job {job_id} has not been verified yet, so nobody knows what there is to mend."
    hint = "Verify it first."


class NothingToMend(FerryError):
    text = "Job {verify_id} compared everything that job {job_id} copied, and there is nothing left to mend."
    hint = "Verify it again to see how it stands now."


class NothingSkipped(FerryError):
    text = "Job {job_id} skipped nothing that another try could copy."
    hint = "/job {job_id} shows what it left out and why."


class NothingToDelete(FerryError):
    text = "Job {job_id} has listed no doubles that still stand there."
    hint = "List them again first."
