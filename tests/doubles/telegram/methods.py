"""The methods of the Bot API that change what people see."""

import time
from collections.abc import Callable
from typing import Any

from tests.doubles.telegram.flood import Limits
from tests.doubles.telegram.refusal import Refusal, bad_request
from tests.doubles.telegram.text import kept
from tests.doubles.telegram.world import Chat, Shown, World

Params = dict[str, Any]
_CALLBACK_BYTES = 64


class Methods:
    """`drafts`: whether the server knows sendMessageDraft; older ones answer 404."""

    def __init__(self, world: World, limits: Limits) -> None:
        self._world = world
        self._limits = limits
        self.drafts = True
        self.menus: dict[str, list[dict[str, str]]] = {}  # language_code → commands
        self._known: dict[str, Callable[[Params], Any]] = {
            "getme": lambda _: self._world.me | {"can_join_groups": True},
            "setmycommands": self._set_commands,
            "getmycommands": lambda params: self.menus.get(str(params.get("language_code") or ""), []),
            "sendmessage": self._send,
            "editmessagetext": self._edit,
            "editmessagereplymarkup": self._edit_keyboard,
            "deletemessage": self._delete,
            "sendmessagedraft": self._draft,
            "sendchataction": lambda params: bool(self._room(params)),
            "answercallbackquery": self._answer_press,
            "senddocument": self._send_document,
            "setmessagereaction": lambda params: bool(self._shown(params, "react to")),
        }

    def call(self, method: str, params: Params) -> Any:
        """The `result`. Raises Refusal; a refused call has changed nothing."""
        apply = self._known.get(method)
        if apply is None or (method == "sendmessagedraft" and not self.drafts):
            raise Refusal(404, "Not Found")
        return apply(params)

    def _room(self, params: Params) -> Chat:
        chat = self._world.chats.get(_number(params.get("chat_id")))
        if chat is None:
            raise bad_request("chat not found")
        if chat.moved_to:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to
            )
        if chat.closed:
            why = "blocked by the user" if chat.kind == "private" else f"kicked from the {chat.kind} chat"
            raise Refusal(403, f"Forbidden: bot was {why}")
        return chat

    def _shown(self, params: Params, verb: str) -> Shown:
        shown = self._room(params).messages.get(_number(params.get("message_id")))
        if shown is None or shown.deleted:
            raise bad_request(f"message to {verb} not found")
        return shown

    def _count(self, method: str, room: Chat) -> None:
        self._limits.count(method, room.id)

    def _send(self, params: Params) -> Params:
        room = self._room(params)
        text, entities = kept(params)
        body = self._body(room, params) | {"text": text}
        self._count("sendmessage", room)
        return self._show(room, body | ({"entities": entities} if entities else {}))

    def _send_document(self, params: Params) -> Params:
        room = self._room(params)
        name, content = params["document"]
        body = self._body(room, params) | {"document": {"file_name": name, **_file(content)}}
        self._count("senddocument", room)
        return self._show(room, body, content)

    def _body(self, room: Chat, params: Params) -> Params:
        """Checks all before a message id is taken."""
        thread = params.get("message_thread_id")
        keyboard = _keyboard(params)
        replied = params.get("reply_parameters") or {}
        original = room.messages.get(_number(replied.get("message_id")))
        if replied and (original is None or original.deleted):
            if not replied.get("allow_sending_without_reply"):
                raise bad_request("message to be replied not found")
            original = None
        return {
            "thread": int(thread) if thread else None,
            **({"reply_markup": keyboard} if keyboard else {}),
            **({"reply_to_message": original.body} if original else {}),
        }

    def _show(self, room: Chat, body: Params, document: bytes | None = None) -> Params:
        whole = self._world.body(room, self._world.me, body.pop("thread")) | body
        room.messages[whole["message_id"]] = Shown(whole, document=document)
        room.drafts.clear()
        return whole

    def _edit(self, params: Params) -> Params:
        shown = self._own(params)
        text, entities = kept(params)
        return self._rewrite(shown, params, {"text": text, "entities": entities}, "editmessagetext")

    def _edit_keyboard(self, params: Params) -> Params:
        return self._rewrite(self._own(params), params, {}, "editmessagereplymarkup")

    def _own(self, params: Params) -> Shown:
        shown = self._shown(params, "edit")
        if not shown.by_bot:
            raise bad_request("message can't be edited")
        return shown

    def _rewrite(self, shown: Shown, params: Params, change: Params, method: str) -> Params:
        new = {**shown.body, **change}
        new.pop("reply_markup", None)
        keyboard = _keyboard(params)
        if keyboard:
            new["reply_markup"] = keyboard
        self._count(method, self._room(params))
        same = ("text", "entities", "reply_markup")
        if all((new.get(key) or None) == (shown.body.get(key) or None) for key in same):
            raise bad_request(
                "message is not modified: specified new message content and reply markup are exactly the"
                " same as a current content and reply markup of the message"
            )
        shown.body = new | {"edit_date": int(time.time())}
        shown.edits += 1
        return shown.body

    def _delete(self, params: Params) -> bool:
        self._shown(params, "delete").deleted = True
        return True

    def _draft(self, params: Params) -> bool:
        room = self._room(params)
        if room.kind != "private":
            raise bad_request("TEXTDRAFT_PEER_INVALID")
        draft = _number(params.get("draft_id"))
        if not draft:
            raise bad_request("TEXTDRAFT_ID_INVALID")
        text, _ = kept(params, empty=True)
        self._count("sendmessagedraft", room)
        room.drafts[draft] = text
        return True

    def _answer_press(self, params: Params) -> bool:
        query = str(params.get("callback_query_id"))
        text = str(params.get("text") or "")
        if query not in self._world.presses:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        if len(text) > 200:
            raise bad_request("MESSAGE_TOO_LONG")
        self._world.presses[query] = text
        return True

    def _set_commands(self, params: Params) -> bool:
        commands = list(params.get("commands") or [])
        for one in commands:
            name, text = one["command"], one["description"]
            if not (1 <= len(name) <= 32 and name.isascii() and name.replace("_", "a").isalnum()):
                raise bad_request("BOT_COMMAND_INVALID")
            if name != name.lower() or not 1 <= len(text) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        self.menus[str(params.get("language_code") or "")] = commands
        return True


def _keyboard(params: Params) -> Params | None:
    markup = params.get("reply_markup")
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            data = button.get("callback_data")
            if not button.get("text") or (data is None and not button.get("url")):
                raise bad_request("inline keyboard button text or action is missing")
            if data is not None and not 1 <= len(data.encode()) <= _CALLBACK_BYTES:
                raise bad_request("BUTTON_DATA_INVALID")
    return markup if markup and markup.get("inline_keyboard") else None


def _file(content: bytes) -> Params:
    return {"file_id": f"file-{len(content)}", "file_unique_id": "file", "file_size": len(content)}


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0
