"""Every kind that an account can send again by reference, and how it shows; and what it cannot send."""

from __future__ import annotations

from typing import Any

import pytest
from telethon import errors, functions, types

from tests.sandbox.stage import Stage

m = functions.messages
POINT = types.InputGeoPoint(1.5, 2.5)


def text(x: str, entities: list[Any] | None = None) -> Any:
    return types.TextWithEntities(x, entities or [])


def poll(answers: str = "ab", **kw: Any) -> Any:
    return types.Poll(0, text("?"), [types.PollAnswer(text(x), x.encode()) for x in answers], 0, **kw)


async def send(client: Any, media: Any, caption: str = "", to: str = "source", **kw: Any) -> Any:
    await client(m.SendMediaRequest(await client.get_input_entity(to), media, caption, **kw))
    return (await client.get_messages(to, limit=1))[0]


async def placed(stage: Stage, client: Any, kind: str, **fields: Any) -> Any:
    """A message with such a medium, put into the source; as the client sees it."""
    medium = stage.world.add_media(kind, b"data", **fields)
    ((_, made),) = stage.world.send(stage.alice.id, ("channel", stage.src.id), [{"media": medium}])
    return await client.get_messages("source", ids=made.id)


def of(file: Any) -> Any:
    make = types.InputPhoto if isinstance(file, types.Photo) else types.InputDocument
    return make(file.id, file.access_hash, file.file_reference)


async def test_photos_and_files_with_their_looks(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    photo = (await placed(stage, a, "photo")).photo
    video = (await placed(stage, a, "video")).document
    again = await send(a, types.InputMediaPhoto(of(photo), spoiler=True), "above", invert_media=True)
    assert again.photo.id == photo.id and again.media.spoiler and again.invert_media
    media = types.InputMediaDocument(of(video), spoiler=True, video_cover=of(photo), video_timestamp=7)
    again = await send(a, media)
    assert again.document.id == video.id and again.media.spoiler
    assert (again.media.video_cover.id, again.media.video_timestamp) == (photo.id, 7)


async def test_an_old_reference_of_a_cover(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    photo = (await placed(stage, a, "photo")).photo
    video = (await placed(stage, a, "video")).document
    stage.world.files[photo.id].reference += 1
    with pytest.raises(errors.FileReferenceExpiredError):
        await send(a, types.InputMediaDocument(of(video), video_cover=of(photo)))


async def test_self_destructing_media_are_for_private_chats(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    photo = (await placed(stage, a, "photo")).photo
    with pytest.raises(errors.TtlMediaInvalidError):
        await send(a, types.InputMediaPhoto(of(photo), ttl_seconds=10))
    sent = await send(a, types.InputMediaPhoto(of(photo), ttl_seconds=10), to="bob")
    assert sent.media.ttl_seconds == 10


async def test_contacts_and_places(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    contact = await send(a, types.InputMediaContact("1", "Ann", "B", "BEGIN:VCARD"))
    assert (contact.contact.phone_number, contact.contact.vcard) == ("1", "BEGIN:VCARD")
    assert (await send(a, types.InputMediaGeoPoint(POINT))).geo.lat == 1.5
    venue = types.InputMediaVenue(POINT, "T", "A", "foursquare", "id", "type")
    assert (await send(a, venue)).venue.venue_id == "id"
    live = await send(a, types.InputMediaGeoLive(POINT, heading=90, period=60))
    assert isinstance(live.media, types.MessageMediaGeoLive) and live.media.heading == 90
    with pytest.raises(errors.MediaInvalidError):
        await send(a, types.InputMediaGeoLive(POINT))


async def test_dice_are_thrown_by_the_server(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    thrown = [(await send(a, types.InputMediaDice("🎲"))).dice.value for _ in range(12)]
    assert len(set(thrown)) > 1 and all(1 <= x <= 6 for x in thrown)
    for emoji, error in (("🙂", errors.EmoticonInvalidError), ("", errors.EmoticonEmptyError)):
        with pytest.raises(error):
            await send(a, types.InputMediaDice(emoji))


async def test_games_by_their_number(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    game = (await placed(stage, a, "game", payload={"short_name": "g", "title": "T", "description": ""})).game
    again = await send(a, types.InputMediaGame(types.InputGameID(game.id, game.access_hash)))
    assert again.game.id == game.id
    with pytest.raises(errors.MediaInvalidError):
        await send(a, types.InputMediaGame(types.InputGameID(5, 5)))


async def test_polls_and_quizzes(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    bold = [types.MessageEntityBold(0, 1)]
    answers = [types.PollAnswer(text("a", bold), b"0"), types.PollAnswer(text("b"), b"1")]
    asked = types.Poll(0, text("?", bold), answers, 0, multiple_choice=True, close_period=60)
    seen = (await send(a, types.InputMediaPoll(asked))).poll.poll
    assert seen.question.entities and seen.answers[0].text.entities and not seen.answers[1].text.entities
    assert seen.multiple_choice and not seen.quiz and seen.close_period == 60
    quiz = types.InputMediaPoll(poll(quiz=True), [1], solution="so", solution_entities=bold)
    sent = await send(a, quiz)
    await a(m.SendVoteRequest("source", sent.id, [sent.poll.poll.answers[0].option]))
    results = (await a.get_messages("source", ids=sent.id)).poll.results
    assert results.results[1].correct and results.solution == "so" and results.solution_entities == bold


@pytest.mark.parametrize(
    ("media", "error"),
    [
        (types.InputMediaPoll(poll(quiz=True)), "QUIZ_CORRECT_ANSWERS_EMPTY"),
        (types.InputMediaPoll(poll(quiz=True), [0, 1]), "QUIZ_CORRECT_ANSWERS_TOO_MUCH"),
        (types.InputMediaPoll(poll(quiz=True), [7]), "QUIZ_CORRECT_ANSWER_INVALID"),
        (types.InputMediaPoll(poll(quiz=True, multiple_choice=True), [0]), "QUIZ_MULTIPLE_INVALID"),
        (types.InputMediaPoll(poll("aa")), "POLL_OPTION_DUPLICATE"),
        (types.InputMediaPoll(poll("")), "POLL_ANSWERS_INVALID"),
        (types.InputMediaPoll(poll(public_voters=True)), "BROADCAST_PUBLIC_VOTERS_FORBIDDEN"),
    ],
)
async def test_polls_that_are_refused(stage: Stage, media: Any, error: str) -> None:
    a = await stage.client(stage.alice)
    with pytest.raises(errors.RPCError) as refused:
        await send(a, media)
    assert error in str(refused.value) or isinstance(refused.value, errors.rpc_errors_dict[error])
    assert stage.texts(stage.src) == []


async def test_to_do_lists_are_for_premium_accounts(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    items = [types.TodoItem(1, text("milk")), types.TodoItem(2, text("tea"))]
    media = types.InputMediaTodo(types.TodoList(text("Buy"), items, others_can_append=True))
    with pytest.raises(errors.PremiumAccountRequiredError):
        await send(a, media)
    stage.alice.premium = True
    seen = (await send(a, media)).media
    assert [x.title.text for x in seen.todo.list] == ["milk", "tea"]
    assert seen.todo.others_can_append and not seen.todo.others_can_complete


async def test_stories_by_reference(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    await placed(stage, a, "story", payload={"peer": ("user", stage.bob.id), "id": 3})
    bob = await a.get_input_entity("bob")
    seen = (await send(a, types.InputMediaStory(bob, 3))).media
    assert (seen.peer.user_id, seen.id) == (stage.bob.id, 3)
    with pytest.raises(errors.RPCError, match="STORY_ID_INVALID"):
        await send(a, types.InputMediaStory(bob, 4))


async def test_upload_media_by_reference(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    photo = (await placed(stage, a, "photo")).photo
    src = await a.get_input_entity("source")
    made = await a(m.UploadMediaRequest(src, types.InputMediaPhoto(of(photo), spoiler=True)))
    assert made.photo.id == photo.id and made.spoiler


async def test_effects_are_for_private_chats(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    sent = await a.send_message("bob", "hello", message_effect_id=7)
    assert (await a.get_messages("bob", ids=sent.id)).effect == 7
    with pytest.raises(errors.RPCError, match="EFFECT_ID_INVALID"):
        await a.send_message("source", "hello", message_effect_id=7)


async def test_giveaways_and_paid_media_cannot_be_made_of_others(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    photo = (await placed(stage, a, "photo")).photo
    for media in (types.InputMediaEmpty(), types.InputMediaPaidMedia(5, [types.InputMediaPhoto(of(photo))])):
        with pytest.raises(errors.MediaInvalidError):
            await send(a, media)


async def test_what_one_message_protects_is_not_sent_again(stage: Stage) -> None:
    a = await stage.client(stage.alice)
    seen = await placed(stage, a, "photo")
    stage.world.boxes["channel", stage.src.id].by_id[seen.id].noforwards = True
    with pytest.raises(errors.ChatForwardsRestrictedError):
        await send(a, types.InputMediaPhoto(of(seen.photo)))
