"""`gongsi serve --demo`: the whole service against a loopback Telegram and Slack: nobody needs a token."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Sequence

from pydantic import SecretStr

from bots import texts
from bots.commands.demo import samples
from bots.commands.etl import import_paths
from bots.service import serve
from core.settings import Settings
from tests.doubles import slack as slack_double
from tests.doubles.telegram import TelegramDouble

_PERSON, _TEAM, _CHANNEL, _MEMBER = 42, "T1", "C1", "U1"
_SCRIPT = (
    "/start",
    "가온전자 2024년 영업이익이 얼마나 늘었어? 왜 그런 거야?",
    "더 쉽게",
    "그럼 매출액은?",
    "/watch 가온전자",
    "/level",
)
_MENTION = "누리바이오가 유상증자를 왜 해?"
_SETTLED = 0.6  # seconds without another edit: it is the final text
_SECONDS = 60.0


async def demonstrate(settings: Settings) -> None:
    """Plays a conversation, then lets whoever sits at the terminal go on. Ends on Ctrl-D or Ctrl-C."""
    import_paths([samples()], settings, quiet=True)
    async with TelegramDouble() as telegram, slack_double.serve() as slack:
        service = asyncio.create_task(serve(_pointed_at(settings, telegram, slack)))
        playing = asyncio.create_task(_play(telegram, slack))
        await asyncio.wait([service, playing], return_when=asyncio.FIRST_COMPLETED)
        if not service.done():
            os.kill(os.getpid(), signal.SIGTERM)  # as an operator ends it: what is in hand is finished
        playing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await playing
        await service


def _pointed_at(settings: Settings, telegram: TelegramDouble, slack: slack_double.Slack) -> Settings:
    """Every setting of its own but where the platforms are, and who may speak."""
    changes: dict[str, dict[str, object]] = {
        "telegram": {"token": SecretStr(telegram.token), "api_base_url": telegram.url, "mode": "polling"},
        "slack": {
            "bot_token": SecretStr(slack.api.teams[_TEAM].token),
            "app_token": SecretStr(slack_double.APP_TOKEN),
            "api_base_url": slack.base_url,
            "mode": "socket",
            "client_id": "",
        },
        "access": {"allow": []},
        "schedule": {"refresh": False},
        "health": {"port": 0},
    }
    sections = {name: getattr(settings, name).model_copy(update=update) for name, update in changes.items()}
    return settings.model_copy(update=sections)


async def _play(telegram: TelegramDouble, slack: slack_double.Slack) -> None:
    _say("예시 회사(가온전자, 누리바이오, 다솜건설)는 모두 지어낸 것입니다.")
    _say(f"흉내 내는 텔레그램 {telegram.url}, 슬랙 {slack.base_url}\n")
    for text in _SCRIPT:
        await _ask_telegram(telegram, text)
    slack.channel(_TEAM, _CHANNEL)
    _say(f"━━ 슬랙 #{_CHANNEL} · 나: @공시톡 {_MENTION}\n")
    thread = slack.people.mention(_TEAM, _CHANNEL, _MEMBER, _MENTION)
    said = await _settled(lambda: [one.text for one in slack.visible(_TEAM, _CHANNEL, thread)])
    _say("\n".join(said) + "\n")
    if sys.stdin.isatty():
        _say("이제 텔레그램에 직접 적어 보세요. 끝내려면 Ctrl-D")
        while line := await asyncio.to_thread(sys.stdin.readline):
            if line.strip():
                await _ask_telegram(telegram, line.strip())


async def _ask_telegram(telegram: TelegramDouble, text: str) -> None:
    known = len(telegram.texts(_PERSON))
    _say(f"━━ 텔레그램 · 나: {text}\n")
    telegram.user_says(_PERSON, text)
    said = await _settled(lambda: telegram.texts(_PERSON)[known:])
    _say("\n".join(said))
    buttons = [button["text"] for row in telegram.shown(_PERSON)[-1].buttons for button in row]
    _say(("".join(f"[{label}] " for label in buttons) if buttons else "") + "\n")


async def _settled(shown: Callable[[], Sequence[str]]) -> Sequence[str]:
    """What is shown once it stays as it is; raises TimeoutError."""
    before: Sequence[str] = ()
    still = 0.0
    async with asyncio.timeout(_SECONDS):
        while still < _SETTLED or not before or any(text in (texts.WRITING, "…") for text in before):
            await asyncio.sleep(0.1)
            now = list(shown())
            still = still + 0.1 if now == before else 0.0
            before = now
    return before


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
