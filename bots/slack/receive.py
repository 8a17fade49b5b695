"""What comes from Slack is stored, then acknowledged: Socket Mode and HTTP through one slack_bolt app.

bolt acknowledges events before their listener has run, unless `process_before_response` is set: then a
listener that raises is answered with 500, over HTTP, or not at all, over a socket, and Slack delivers again
(slack_bolt/listener/asyncio_runner.py; tests/integration/test_slack_receive.py).
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from bots.channel import Gone
from bots.message import Incoming
from bots.slack.errors import translated
from bots.slack.events import from_action, from_command, from_home, from_left, from_message, home_again
from bots.slack.logs import library_logger
from bots.slack.manifest import COMMANDS
from bots.slack.slash import SlashPlaces, im
from bots.slack.workspaces import Workspaces
from bots.texts.slack import NOT_INSTALLED
from core.errors import GongsiError

if TYPE_CHECKING:
    from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
    from slack_sdk.web.async_client import AsyncWebClient

logger = logging.getLogger(__name__)

QUEUE = "in"


class Store(Protocol):
    """What receiving needs of core.inbox.Inbox."""

    async def put(self, queue: str, key: str, lane: str, payload: Mapping[str, Any]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the assistant's pane offers when it is opened: at most four (title, message)."""

    title: str
    prompts: Sequence[tuple[str, str]]


class Receiver:
    """The bolt app and its listeners. It knows nothing of how events arrive."""

    def __init__(
        self,
        workspaces: Workspaces,
        inbox: Store,
        *,
        client: "AsyncWebClient",
        signing_secret: str,
        greeting: Greeting | None = None,
        oauth_flow: "AsyncOAuthFlow | None" = None,
    ) -> None:
        self._workspaces = workspaces
        self._inbox = inbox
        self._greeting = greeting
        self._slash = SlashPlaces()
        self._lanes: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._tasks: set[asyncio.Task[None]] = set()
        self.app = AsyncApp(
            name="gongsi.slack",
            client=client,
            logger=library_logger(),
            signing_secret=signing_secret,
            authorize=_Authorize(workspaces),  # type: ignore[arg-type]  # bolt takes its own class, too
            oauth_flow=oauth_flow,
            user_facing_authorize_error_message=NOT_INSTALLED,
            process_before_response=True,
            attaching_conversation_kwargs_enabled=False,
        )
        for event, listener in self._events().items():
            self.app.event(event)(listener)
        self.app.event(re.compile(".*"))(self._ignored)
        for command in COMMANDS:
            self.app.command(command)(self._command)
        self.app.action(re.compile(".*"))(self._action)

    def _events(self) -> dict[str, Callable[..., Awaitable[None]]]:
        return {
            "message": self._message,
            "app_mention": self._message,
            "app_home_opened": self._home,
            "assistant_thread_started": self._pane,
            "app_uninstalled": self._left,
            "tokens_revoked": self._left,
        }

    async def close(self) -> None:
        """End what runs beside the events."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- listeners; what they raise keeps the event unacknowledged ------------------------------------------

    async def _message(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        await self._put(from_message(str(context.team_id), str(context.bot_user_id), event))

    async def _home(self, event: dict[str, Any], context: AsyncBoltContext) -> None:
        incoming = from_home(str(context.team_id), event)
        if incoming is not None:  # drawn at once, whatever is being answered in the DM
            await self._put(incoming, lane=f"slack:home:{incoming.person}")

    async def _left(self, event: dict[str, Any], body: dict[str, Any], context: AsyncBoltContext) -> None:
        incoming = from_left(str(context.team_id), event, str(body.get("event_id")))
        if incoming is not None:
            await self._put(incoming)
            await self._workspaces.left(str(context.team_id))

    async def _ignored(self) -> None:
        """Whatever else the app was subscribed to: bolt would answer 404, and Slack try again."""

    async def _pane(self, event: dict[str, Any], client: "AsyncWebClient") -> None:
        if self._greeting is not None:
            thread = event["assistant_thread"]
            self._beside(self._greet(self._greeting, thread["channel_id"], thread["thread_ts"], client))

    async def _command(self, body: dict[str, Any], context: AsyncBoltContext, ack: Any, request: Any) -> None:
        workspace = await self._workspaces.of(str(context.team_id))
        again = "x-slack-retry-num" in request.headers
        place, said = await self._slash.place(workspace, body, again=again)
        await self._put(from_command(body, place))
        await ack(said)

    async def _action(self, body: dict[str, Any], context: AsyncBoltContext, ack: Any) -> None:
        incoming = from_action(body)
        if incoming is not None and incoming.message is None:  # pressed in App Home
            workspace = await self._workspaces.of(str(context.team_id))
            where = f"{workspace.team}/{await im(workspace, body['user']['id'])}"
            incoming = replace(incoming, place=replace(incoming.place, chat=where))
            await self._put(incoming)
            incoming = home_again(incoming)  # in the same lane: after what the command changes
        await self._put(incoming)
        await ack()

    async def _put(self, incoming: Incoming | None, *, lane: str | None = None) -> None:
        """Events of a conversation are stored in the order in which they came."""
        if incoming is None:
            return
        lane = lane or incoming.place.lane
        lock = self._lanes.setdefault(lane, asyncio.Lock())
        async with lock:
            await self._inbox.put(QUEUE, incoming.key, lane, incoming.to_json())

    async def _greet(self, greeting: Greeting, channel: str, thread: str, client: "AsyncWebClient") -> None:
        with suppress(GongsiError), translated():
            await client.assistant_threads_setSuggestedPrompts(
                channel_id=channel,
                thread_ts=thread,
                title=greeting.title,
                prompts=[{"title": title, "message": message} for title, message in greeting.prompts],
            )

    def _beside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Authorize(AsyncAuthorize):
    """bolt's own calls auth.test for the first events, all at once (notes/bots.md); we know who we are."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None, **_: Any
    ) -> AuthorizeResult | None:
        try:
            workspace = await self._workspaces.of(str(team_id))
        except Gone:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=workspace.bot_user,
            bot_id=workspace.bot_id,
            bot_token=workspace.client.token,
            user_id=user_id,
        )
