"""People, chats, messages and the updates that wait for the bot."""

import asyncio
import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from tests.doubles.telegram.text import found

Kind = Literal["private", "group", "supergroup"]


@dataclass
class Shown:
    """A message as people see it now. `edits` counts how often the bot wrote it anew."""

    body: dict[str, Any]
    edits: int = 0
    deleted: bool = False
    document: bytes | None = None

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def by_bot(self) -> bool:
        return bool(self.body["from"]["is_bot"])

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        return list(self.body.get("reply_markup", {}).get("inline_keyboard", []))


@dataclass
class Chat:
    """`closed`: the person blocked the bot, the group put it out. `drafts`: texts by draft_id, as shown."""

    id: int
    kind: Kind
    closed: bool = False
    moved_to: int | None = None
    messages: dict[int, Shown] = field(default_factory=dict)
    drafts: dict[int, str] = field(default_factory=dict)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    def public(self) -> dict[str, Any]:
        name = {"first_name": f"사람 {self.id}"} if self.kind == "private" else {"title": f"모임 {self.id}"}
        return {"id": self.id, "type": self.kind, **name}


class World:
    """A chat is there once somebody has spoken in it. Ids as Telegram's: people above 0, groups below,
    supergroups below -10¹²."""

    def __init__(self, username: str) -> None:
        self.me = {"id": 7_000_000_001, "is_bot": True, "first_name": "공시톡", "username": username}
        self.chats: dict[int, Chat] = {}
        self.pending: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()
        self.presses: dict[str, str | None] = {}  # callback id → toast
        self._update_ids = count(500_000_000)
        self._press_ids = count(1)

    def chat(self, chat: int) -> Chat:
        if chat not in self.chats:
            kind: Kind = "private" if chat > 0 else "supergroup" if chat < -(10**12) else "group"
            self.chats[chat] = Chat(chat, kind)
        return self.chats[chat]

    def says(
        self,
        chat: int,
        text: str,
        user: int,
        *,
        reply_to: int | None,
        thread: int | None,
        entities: list[dict[str, Any]] | None,
        **fields: Any,
    ) -> int:
        """`fields` go into the message as they are: a photo, a forward, a change of the title."""
        room = self.chat(chat)
        body = self.body(room, _person(user), thread)
        if text:
            marks = found(text, []) if entities is None else entities
            body |= {"text": text} | ({"entities": marks} if marks else {})
        if reply_to is not None:
            body["reply_to_message"] = room.messages[reply_to].body
        body |= fields
        room.messages[body["message_id"]] = Shown(body)
        self.update("message", body)
        return int(body["message_id"])

    def edits(self, chat: int, message: int, text: str) -> None:
        shown = self.chats[chat].messages[message]
        marks = found(text, [])
        shown.body |= {"text": text, "entities": marks, "edit_date": int(time.time())}
        self.update("edited_message", shown.body)

    def press(self, chat: int, message: int, data: str, user: int) -> str:
        query = str(next(self._press_ids))
        self.presses[query] = None
        body = self.chats[chat].messages[message].body
        self.update(
            "callback_query",
            {"id": query, "from": _person(user), "message": body, "chat_instance": "1", "data": data},
        )
        return query

    def membership(self, chat: int, user: int, before: str, after: str) -> None:
        """The bot's own standing, told by my_chat_member."""
        room = self.chat(chat)
        room.closed = after in ("kicked", "left")
        me = {"until_date": 0, "user": self.me}
        change = {
            "chat": room.public(),
            "from": _person(user),
            "date": int(time.time()),
            "old_chat_member": {"status": before, **me},
            "new_chat_member": {"status": after, **me},
        }
        self.update("my_chat_member", change)

    def migrate(self, chat: int, new: int, user: int) -> None:
        """The group becomes a supergroup, which is told in both."""
        old, moved = self.chat(chat), self.chat(new)
        old.moved_to = new
        told = self.body(old, _person(user), None) | {"migrate_to_chat_id": new}
        self.update("message", told)
        told = self.body(moved, _person(user), None) | {"migrate_from_chat_id": chat}
        self.update("message", told)

    def update(self, kind: str, body: dict[str, Any]) -> None:
        self.pending.append({"update_id": next(self._update_ids), kind: dict(body)})
        self.arrived.set()

    def body(self, room: Chat, sender: dict[str, Any], thread: int | None) -> dict[str, Any]:
        topic = {"message_thread_id": thread, "is_topic_message": True} if thread else {}
        return {
            "message_id": next(room.ids),
            "date": int(time.time()),
            "chat": room.public(),
            "from": sender,
            **topic,
        }


def _person(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": f"사람 {user}", "language_code": "ko"}
