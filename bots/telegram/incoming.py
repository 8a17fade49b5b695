"""Telegram's update → Incoming, or nothing where the bot has nothing to say."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, MessageEntity, Update, User
from telegram.constants import ChatMemberStatus, ChatType

from bots.message import Incoming, Place

_UNITS = "utf-16-le"  # entities count in its units of two bytes


@dataclass(frozen=True, slots=True)
class Reader:
    """`me` is the bot, `commands` those of its menu.

    In private chats everything is read. In groups, where `groups` is not off: commands that name the bot or
    are of its menu, mentions, replies to its messages; all else is others' talk. A forward is read, as
    `quoted`; a picture by its caption, and as an empty text without one, so that the bot can say that it
    reads text alone.
    """

    me: User
    commands: Collection[str]
    groups: Literal["mention", "off"]

    def read(self, update: Update) -> Incoming | None:
        if update.message:
            return self._message(update.message)
        if update.edited_message:
            return self._edited(update.edited_message)
        if update.callback_query:
            return self._button(update.callback_query)
        return _membership(update.my_chat_member) if update.my_chat_member else None

    def _message(self, message: Message) -> Incoming | None:
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            return _moved(message)
        person = _person(message)
        text = self._said(message)
        if person is None or text is None:
            return None
        return Incoming(
            key=_key(message),
            kind="message",
            place=_place(message),
            person=person,
            text=text,
            at=message.date,
            message=str(message.message_id),
            quoted=message.forward_origin is not None,
        )

    def _edited(self, message: Message) -> Incoming | None:
        """Edits without text are live locations, which come by the minute."""
        person = _person(message)
        text = self._said(message)
        if person is None or not text or not message.edit_date:
            return None
        return Incoming(
            key=f"telegram:edit:{message.chat.id}:{message.message_id}:{_seconds(message.edit_date)}",
            kind="message",
            place=_place(message),
            person=person,
            text=text,
            at=message.edit_date,
            message=str(message.message_id),
            replaces=_key(message),
        )

    def _button(self, query: CallbackQuery) -> Incoming | None:
        message = query.message
        if message is None or query.data is None:
            return None
        place = _place(message) if isinstance(message, Message) else _chat_place(message.chat)
        if not place.private and self.groups == "off":
            return None
        return Incoming(
            key=f"telegram:button:{query.id}",
            kind="button",
            place=place,
            person=f"telegram:{query.from_user.id}",
            text=_clean(query.data),
            at=datetime.now(UTC),  # Telegram does not say when
            message=str(message.message_id),
            handle=query.id,
        )

    def _said(self, message: Message) -> str | None:
        """What was said to the bot, without its name; None where it was not spoken to."""
        text = message.text or message.caption or ""
        if not text and not message.effective_attachment:
            return None  # a service message: somebody came, a title changed
        private = message.chat.type == ChatType.PRIVATE
        if not private and self.groups == "off":
            return None
        entities = message.entities or message.caption_entities
        command = next((e for e in entities if e.type == MessageEntity.BOT_COMMAND and e.offset == 0), None)
        if command:
            name, _, bot = _cut(text, command).partition("@")
            ours = bot.lower() == (self.me.username or "").lower() if bot else name[1:] in self.commands
            if not private and not ours:
                return None
            return _clean(name + _rest(text, command))
        mentions = [entity for entity in entities if self._names_me(text, entity)]
        if not private and not mentions and not self._answers_me(message):
            return None
        return _clean(_without(text, mentions) if mentions else text)

    def _names_me(self, text: str, entity: MessageEntity) -> bool:
        if entity.type == MessageEntity.TEXT_MENTION:
            return entity.user is not None and entity.user.id == self.me.id
        return (
            entity.type == MessageEntity.MENTION
            and _cut(text, entity).lower() == f"@{self.me.username or ''}".lower()
        )

    def _answers_me(self, message: Message) -> bool:
        """Every message of a topic "replies" to the one that opened the topic, which may be the bot's."""
        replied = message.reply_to_message
        return bool(
            replied
            and replied.from_user
            and replied.from_user.id == self.me.id
            and not replied.forum_topic_created
        )


def _person(message: Message) -> str | None:
    """Who wrote it; an anonymous administrator or a channel is its chat. None for other bots and for the
    posts of a channel that Telegram repeats in the channel's group."""
    if message.is_automatic_forward:
        return None
    if message.sender_chat:
        return f"telegram:{message.sender_chat.id}"
    if message.from_user is None or message.from_user.is_bot:
        return None
    return f"telegram:{message.from_user.id}"


def _key(message: Message) -> str:
    """The pictures of an album are one event."""
    one = f"album:{message.media_group_id}" if message.media_group_id else str(message.message_id)
    return f"telegram:{message.chat.id}:{one}"


def _place(message: Message) -> Place:
    """Replies in a group without topics have a thread id of their own, which is no place to write to."""
    thread = message.message_thread_id if message.is_topic_message else None
    return _chat_place(message.chat, str(thread) if thread else None)


def _chat_place(chat: Chat, thread: str | None = None) -> Place:
    return Place("telegram", str(chat.id), thread, private=chat.type == ChatType.PRIVATE)


def _moved(message: Message) -> Incoming:
    """Said twice: in the old chat (`migrate_to…`) and in the new one (`migrate_from…`)."""
    here = message.chat.id
    old, new = (
        (here, message.migrate_to_chat_id)
        if message.migrate_to_chat_id
        else (
            message.migrate_from_chat_id,
            here,
        )
    )
    return Incoming(
        key=f"telegram:moved:{old}:{new}",
        kind="moved",
        place=Place("telegram", str(old), private=False),
        person=_person(message) or f"telegram:{old}",
        text=str(new),
        at=message.date,
    )


def _membership(change: ChatMemberUpdated) -> Incoming | None:
    """Blocked or unblocked in a private chat, taken into a group or out of it; channels are not for bots."""
    if change.chat.type == ChatType.CHANNEL:
        return None
    before, after = _inside(change.old_chat_member.status), _inside(change.new_chat_member.status)
    if before == after:
        return None
    kind: Literal["joined", "left"] = "joined" if after else "left"
    return Incoming(
        key=f"telegram:{kind}:{change.chat.id}:{_seconds(change.date)}",
        kind=kind,
        place=_chat_place(change.chat),
        person=f"telegram:{change.from_user.id}",
        text="",
        at=change.date,
    )


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _inside(status: str) -> bool:
    return status not in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)


def _cut(text: str, entity: MessageEntity) -> str:
    units = text.encode(_UNITS, "surrogatepass")
    return units[entity.offset * 2 : (entity.offset + entity.length) * 2].decode(_UNITS, "replace")


def _rest(text: str, entity: MessageEntity) -> str:
    units = text.encode(_UNITS, "surrogatepass")
    return units[(entity.offset + entity.length) * 2 :].decode(_UNITS, "replace")


def _without(text: str, entities: list[MessageEntity]) -> str:
    units = text.encode(_UNITS, "surrogatepass")
    for entity in sorted(entities, key=lambda one: one.offset, reverse=True):
        units = units[: entity.offset * 2] + units[(entity.offset + entity.length) * 2 :]
    return re.sub(r" {2,}", " ", units.decode(_UNITS, "replace"))


def _clean(text: str) -> str:
    """What a database can keep: no NUL, no half of a surrogate pair."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "").strip()
